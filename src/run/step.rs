//! One step: its attempts until the result has come about, and the verdict.

use std::time::{Duration, Instant};

use super::end::{End, too_much};
use super::enough::{Sought, beginning, in_vain, judge};
use super::runner::{Ended as RunEnded, Runner, milliseconds};
use super::telling::{tell, tidied};
use super::{Call, Finished, RunError, SessionError, Then, Watch, generated, steady};
use crate::compare::{Expectation, Judgement};
use crate::plan::{Conduct, Effect, PlannedStep, Refusal};
use crate::record::{
    AttemptEnded, Ended, Event, Explanation, Output, OutputChunk, SKIPPED, StepEnded, StepStarted,
    Verdict,
};

/// The pauses between attempts grow from the first to the last. A watch event
/// ends a pause early, but never before the first is over.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LAST_PAUSE: Duration = Duration::from_secs(1);

/// How long a step may wait once another step of the page waited in vain: what
/// is wrong then is rarely a matter of time.
const LATER_WAIT: Duration = Duration::from_secs(5);

/// The kind of the explanation of a command that is run in a sandbox only.
const CHANGES_HOST: &str = "changes-host";

/// What came of waiting.
enum Waited {
    /// The result stays as it is.
    Steady,
    /// This pod did not.
    Unsteady(String),
    /// The run is to stop.
    Stopped,
}

impl Runner<'_> {
    /// Runs a step to its verdict.
    pub(super) async fn step(
        &mut self,
        index: usize,
        planned: &PlannedStep,
    ) -> Result<RunEnded, RunError> {
        self.began = Instant::now();
        // Whatever comes of this step, nothing is typed in a program that it is not meant for.
        let inside = planned.step.inside.map(|opened| opened.step);
        if self.session.is_open() && inside != self.opened {
            self.session.leave(&mut self.stop).await?;
        }
        if let Some(reason) = &planned.skip {
            self.tell_started(index, planned, None);
            self.skip(index, reason);
            return Ok(RunEnded::Whole);
        }
        let follow =
            |command: &String| self.page.follow(command).unwrap_or_else(|| command.clone());
        let (command, portable) = (follow(&planned.command), follow(&planned.portable));
        let executed = (portable != planned.step.command.text).then_some(portable);
        self.tell_started(index, planned, executed);
        if let Some(refusal) = Refusal::of(&planned.step, planned.stdin.is_some()) {
            let why = vec![explanation(refusal.id(), refusal.why().to_owned())];
            self.decide(index, Verdict::NotRun, None, 0, why);
            return Ok(RunEnded::Whole);
        }
        if let Some(why) = self.refused(planned.changes_host.as_deref()) {
            let why = vec![explanation(CHANGES_HOST, why)];
            self.decide(index, Verdict::NotRun, None, 0, why);
            return Ok(RunEnded::Whole);
        }
        if self.observer.is_none()
            && let Some(client) = planned.step.needs.iter().find(|name| is_a_client(name))
        {
            let text = format!(
                "`{client}` asks a cluster, and the lab runs without one: leave out --cluster none \
                 for a fresh one, or name one of yours with --context"
            );
            self.decide(index, Verdict::NotRun, None, 0, vec![explanation("no-cluster", text)]);
            return Ok(RunEnded::Whole);
        }
        if planned.effect == Effect::Changes
            && let Some(name) = generated::unknown(&command, &self.facts, &self.printed)
        {
            let text = format!(
                "`{name}` was generated in another run, and nothing that this run printed \
                 stands for it: the command would change nothing, or the wrong object"
            );
            self.decide(index, Verdict::NotRun, None, 0, vec![explanation("unbound-name", text)]);
            return Ok(RunEnded::Whole);
        }
        if let Conduct::Typed { line } = planned.conduct
            && !self.session.is_open()
        {
            let text =
                format!("it is typed in the program that line {line} opens, and that is not open");
            self.decide(index, Verdict::NotRun, None, 0, vec![explanation("nested", text)]);
            return Ok(RunEnded::Whole);
        }
        if !matches!(planned.conduct, Conduct::Typed { .. })
            && !self.session.turn_to(planned.interpreter, &mut self.stop).await?
        {
            let text = format!(
                "the fence is written for `{0}`, and that is not installed where the lab runs: \
                 install it, or have bash run the page by `<!-- labbook:page shell = \"bash\" -->`",
                planned.interpreter
            );
            self.decide(index, Verdict::NotRun, None, 0, vec![explanation("no-shell", text)]);
            return Ok(RunEnded::Whole);
        }
        self.attempts(index, planned, &command).await
    }

    fn tell_started(&mut self, index: usize, planned: &PlannedStep, executed: Option<String>) {
        let written = &planned.step.command;
        self.emit(&Event::StepStarted(StepStarted {
            step: index,
            first_line: written.first_line,
            last_line: written.last_line,
            text: written.text.clone(),
            executed,
        }));
    }

    /// Tells that a step is not run because the page says so, which says nothing
    /// about the page's verdict.
    fn skip(&mut self, index: usize, reason: &str) {
        let why =
            Explanation { breaks: false, ..explanation(SKIPPED, format!("skipped: {reason}")) };
        self.emit(&Event::StepEnded(StepEnded {
            step: index,
            verdict: Verdict::NotRun,
            kept: None,
            attempts: 0,
            took_ms: 0,
            explanation: vec![why],
        }));
    }

    async fn attempts(
        &mut self,
        index: usize,
        planned: &PlannedStep,
        command: &str,
    ) -> Result<RunEnded, RunError> {
        let wait = if self.exhausted { planned.wait.min(LATER_WAIT) } else { planned.wait };
        let since = Instant::now();
        let mut pause = FIRST_PAUSE;
        let mut number = 0;
        let mut background = false;
        loop {
            number += 1;
            let attempted = self.attempt(index, (number, wait), planned, command).await?;
            let Some((attempt, finished)) = attempted else {
                self.interrupted(index, Some(number), number);
                return Ok(RunEnded::Interrupted);
            };
            let whole = finished.output.left_out() == 0;
            let mut judgement = if whole {
                judge(&self.page, planned.expectation(), &attempt)
            } else {
                too_much(&self.page, planned.expectation(), &attempt, &finished.output)
            };
            let said = match (whole, planned.apart) {
                (true, false) => attempt.output.text(),
                (true, true) => attempt.stderr.text(),
                (false, _) => String::from_utf8_lossy(finished.output.ending()),
            };
            let end = End {
                ended: &attempt.ended,
                output: &said,
                command,
                timeout: planned.timeout,
                in_vain: in_vain(planned, wait).filter(|_| finished.in_vain),
                replaced: finished.replaced,
                on_cluster: self.observer.is_some(),
            };
            let last = end.overrule(&mut judgement)
                || judgement.hopeless
                || judgement.verdict == Verdict::Ran
                || matches!(planned.conduct, Conduct::Typed { .. }) && !self.session.is_open()
                || planned.effect == Effect::Changes;
            let good = matches!(judgement.verdict, Verdict::Same | Verdict::Drift);
            if good && planned.effect == Effect::Reads {
                match self.confirm(&attempt).await? {
                    Waited::Steady => {}
                    Waited::Stopped => {
                        self.interrupted(index, Some(number), number);
                        return Ok(RunEnded::Interrupted);
                    }
                    Waited::Unsteady(pod) => {
                        judgement.verdict = Verdict::Different;
                        judgement.explanation.insert(0, unsteady(&pod));
                    }
                }
            }
            let good = good && judgement.verdict != Verdict::Different;
            if !good && !last {
                let wait = self.worth_waiting(planned, wait, &mut background).await?;
                let deadline = since + wait;
                if Instant::now() < deadline {
                    if !self.pause(pause, deadline).await {
                        self.interrupted(index, Some(number), number);
                        return Ok(RunEnded::Interrupted);
                    }
                    pause = (pause * 2).min(LAST_PAUSE);
                    continue;
                }
                self.exhausted |= !wait.is_zero();
            }
            if judgement.verdict != Verdict::Error && whole {
                let begun = beginning(&planned.step, &attempt.output)
                    .filter(|_| attempt.ended == Ended::Running);
                let step = begun.as_ref().map_or(&planned.step, |(step, _)| step);
                self.page.keep(Expectation { step, ..planned.expectation() }, &attempt);
                self.printed.add(&attempt.output.text());
            }
            let Judgement { verdict, explanation, .. } = judgement;
            self.decide(index, verdict, Some(number), number, explanation);
            return Ok(RunEnded::Whole);
        }
    }

    /// How long a result may take that has not come about; `background` is whether
    /// something ran in the background when this was asked last.
    async fn worth_waiting(
        &mut self,
        planned: &PlannedStep,
        wait: Duration,
        background: &mut bool,
    ) -> Result<Duration, RunError> {
        if self.observer.is_some() || planned.wait_is_given {
            return Ok(wait);
        }
        // Without a cluster only what the lab itself started changes anything.
        // What has ended since the last attempt may have changed it after that.
        let runs = self.session.has_background().await?;
        let changes = std::mem::replace(background, runs) || runs;
        Ok(if changes { wait.min(LATER_WAIT) } else { Duration::ZERO })
    }

    /// Runs the command once; none where the run is to stop.
    async fn attempt(
        &mut self,
        index: usize,
        (number, wait): (u32, Duration),
        planned: &PlannedStep,
        command: &str,
    ) -> Result<Option<(AttemptEnded, Finished)>, RunError> {
        let mut finished = match planned.conduct {
            Conduct::Opens => {
                self.opened = Some(index);
                self.open(planned, command).await?
            }
            Conduct::Typed { .. } => self.converse(planned, command).await?,
            _ => self.call(planned, command, wait).await?,
        };
        self.calls.insert(self.session.last(), index);
        let facts = self.take_facts().await;
        let mut bytes = 0;
        let sink = &mut self.sink;
        tell(&mut finished.output, &planned.mirrored, &mut |stream, at_ms, output| {
            bytes += output.0.len() as u64;
            let chunk = OutputChunk { step: index, attempt: number, stream, at_ms, output };
            sink(&Event::Output(chunk));
        })
        .map_err(SessionError::Output)?;
        let attempt = AttemptEnded {
            step: index,
            attempt: number,
            ended: finished.ended.clone(),
            output: tidied(finished.output.bytes().to_vec(), &planned.mirrored),
            stderr: tidied(finished.output.errors().to_vec(), &planned.mirrored),
            left_out: finished.output.left_out().saturating_sub(finished.output.dropped()),
            bytes,
            dropped: finished.output.dropped(),
            terminal: planned.terminal,
            duration_ms: milliseconds(finished.duration),
            facts: facts.as_ref().ok().cloned().flatten().unwrap_or_default(),
        };
        self.emit(&Event::AttemptEnded(attempt.clone()));
        match facts {
            Ok(Some(_)) if !finished.interrupted => Ok(Some((attempt, finished))),
            // What the cluster did not say any more cannot be judged.
            Ok(_) => Ok(None),
            Err(error) => {
                let why = vec![explanation("cluster", format!("labbook failed to {error}"))];
                self.decide(index, Verdict::Error, Some(number), number, why);
                Err(error.into())
            }
        }
    }

    /// Runs a command in the lab's shell.
    async fn call(
        &mut self,
        planned: &PlannedStep,
        command: &str,
        wait: Duration,
    ) -> Result<Finished, RunError> {
        let sought = Sought { page: &self.page, planned, facts: &self.facts };
        let mut enough = |output: &Output, listens: bool| sought.in_output(output, listens);
        let then = match planned.conduct {
            Conduct::Background { .. } => Then::GoOn,
            _ => Then::Interrupt,
        };
        let patience = Sought::patience(planned, wait);
        let watch = Watch { then, patience, enough: &mut enough };
        let watch = (planned.conduct != Conduct::Whole).then_some(watch);
        let PlannedStep { terminal, apart, timeout, .. } = *planned;
        // One that is watched ends when its watch does.
        let timeout = if watch.is_some() { Duration::MAX } else { timeout };
        let stdin = planned.stdin.as_deref();
        let call = Call { text: command, terminal, apart, stdin, timeout, watch };
        Ok(self.session.run(call, &mut self.stop).await?)
    }

    /// Watches the ready pods that a match shows until they were unchanged for
    /// long enough, or one changes.
    async fn confirm(&mut self, attempt: &AttemptEnded) -> Result<Waited, RunError> {
        let Some(observer) = self.observer else {
            return Ok(Waited::Steady);
        };
        let pods = steady::shown(&attempt.output.text(), &attempt.facts);
        let matched = Instant::now();
        let until = self.sightings.steady_at(&pods, matched);
        let mut facts = attempt.facts.clone();
        loop {
            if let Some(pod) = steady::changed(&pods, &facts) {
                return Ok(Waited::Unsteady(pod.name.clone()));
            }
            if Instant::now() >= until {
                return Ok(Waited::Steady);
            }
            tokio::select! {
                () = self.stop.wanted() => return Ok(Waited::Stopped),
                () = tokio::time::sleep_until(until.into()) => {}
                () = observer.changed() => {}
            }
            match self.take_facts().await? {
                Some(now) => facts = now,
                None => return Ok(Waited::Stopped),
            }
        }
    }

    /// Waits before the next attempt: until the pause or the step's time is
    /// over, or the cluster has changed. False if the run is to stop.
    async fn pause(&mut self, pause: Duration, deadline: Instant) -> bool {
        let now = Instant::now();
        let observer = self.observer;
        let changed = async {
            tokio::time::sleep_until((now + FIRST_PAUSE).into()).await;
            match observer {
                Some(observer) => observer.changed().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = self.stop.wanted() => false,
            () = tokio::time::sleep_until((now + pause).min(deadline).into()) => true,
            () = changed => true,
        }
    }

    fn interrupted(&mut self, index: usize, kept: Option<u32>, attempts: u32) {
        let why = explanation("interrupted", "the run was interrupted in this step".to_owned());
        self.decide(index, Verdict::Error, kept, attempts, vec![why]);
    }

    fn decide(
        &mut self,
        step: usize,
        verdict: Verdict,
        kept: Option<u32>,
        attempts: u32,
        explanation: Vec<Explanation>,
    ) {
        self.verdicts.push(verdict);
        let took_ms = milliseconds(self.began.elapsed());
        let ended = StepEnded { step, verdict, kept, attempts, took_ms, explanation };
        self.emit(&Event::StepEnded(ended));
    }
}

/// Whether a program is a client of Kubernetes, which finds nothing to ask without a cluster.
fn is_a_client(program: &str) -> bool {
    matches!(program, "kubectl" | "k" | "oc" | "helm" | "kubecolor")
}

fn unsteady(pod: &str) -> Explanation {
    explanation(
        "unsteady",
        format!("pod `{pod}` was ready when the command ran, and no longer the same right after"),
    )
}

pub(super) fn explanation(kind: &str, text: String) -> Explanation {
    Explanation { kind: kind.to_owned(), breaks: true, text, ..Explanation::default() }
}
