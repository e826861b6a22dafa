//! A run from its header to its closing line.

use std::collections::HashMap;
use std::path::Path;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::generated::Names;
use super::steady::Sightings;
use super::telling::{tell, tidied};
use super::{Call, Finished, Lab, Late, Outcome, RunError, Session, SessionError, Stop, paths};
use crate::cluster::assets::used;
use crate::cluster::{Observer, ObserverError};
use crate::compare::Page;
use crate::plan::{HiddenCommand, Interpreter, Mirrored, Plan, PlannedFile};
use crate::record::{
    Closing, ClusterFact, Ended as AttemptEnd, Event, FORMAT, Facts, Header, LateOutput, Output,
    Sandbox, Script, ScriptEnded, StandIn, Verdict,
};

/// How long a setup or cleanup script, or a hidden command, may take.
const SCRIPT_TIMEOUT: Duration = Duration::from_secs(600);
/// How often the cluster is asked for facts before it is given up, and the
/// pause between.
const FACT_ATTEMPTS: u32 = 4;
const FACT_PAUSE: Duration = Duration::from_millis(500);

/// Runs a plan: its setup, its steps and, whatever happened, its cleanup. Each
/// event is handed to `sink` as it happens; the run goes on when `sink` returns.
pub async fn run(
    plan: &Plan,
    lab: Lab<'_>,
    sink: &mut dyn FnMut(&Event),
) -> Result<Outcome, RunError> {
    sink(&Event::Header(header(plan, lab.cluster, lab.agent.kind())));
    let asks = plan.asks_of_the_command_before();
    let session = match Session::start(lab.agent, lab.directory, &lab.environment, asks).await {
        Ok(session) => session,
        Err(error) => {
            let error = RunError::from(error);
            sink(&closing(Verdict::Error, Some(reason(&error, plan)), Vec::new()));
            return Err(error);
        }
    };
    let mut runner = Runner {
        plan,
        session,
        observer: lab.observer,
        stop: lab.stop,
        sink,
        page: Page::new(&Facts::default()),
        facts: Facts::default(),
        sightings: Sightings::default(),
        printed: Names::default(),
        exhausted: false,
        began: Instant::now(),
        calls: HashMap::new(),
        opened: None,
        prompt: None,
        verdicts: Vec::new(),
    };
    let result = runner.lab().await;
    let cleaned = runner.cleanup().await;
    let interrupted = matches!(result, Ok(Ended::Interrupted));
    let mut verdict = runner.verdicts.iter().copied().max().unwrap_or(Verdict::Ran);
    let result = result.and(cleaned);
    let left = runner.leave().await;
    let verdicts = std::mem::take(&mut runner.verdicts);
    let Runner { session, sink, calls, .. } = runner;
    // What still runs ends now, and what it printed belongs before the last line.
    let ended = session.end().await.and_then(|late| tell_late(late, &calls, plan, sink));
    let reason = match &result {
        Err(error) => {
            verdict = Verdict::Error;
            Some(reason(error, plan))
        }
        Ok(()) if interrupted => {
            verdict = verdict.max(Verdict::NotRun);
            Some("the run was interrupted".to_owned())
        }
        Ok(()) => None,
    };
    let asked_for = lab.observer.map(Observer::images).unwrap_or_default();
    let stand_ins = used(lab.stand_ins, &asked_for);
    sink(&closing(verdict, reason, stand_ins));
    result?;
    left?;
    ended?;
    Ok(Outcome { verdict, steps: verdicts, interrupted })
}

/// Tells what was printed by what steps left running.
fn tell_late(
    late: Vec<Late>,
    calls: &HashMap<u64, usize>,
    plan: &Plan,
    sink: &mut dyn FnMut(&Event),
) -> Result<(), SessionError> {
    for Late { call, mut output } in late {
        // What a script or a hidden command left running is no step's.
        let Some((step, planned)) =
            calls.get(&call).and_then(|step| Some((*step, plan.steps.get(*step)?)))
        else {
            continue;
        };
        // The shell answers Ctrl-C with a line end.
        if output.length() == output.bytes().len() as u64 && output.bytes().trim_ascii().is_empty()
        {
            continue;
        }
        tell(&mut output, &planned.mirrored, &mut |stream, at_ms, output| {
            sink(&Event::LateOutput(LateOutput { step, stream, at_ms, output }));
        })
        .map_err(SessionError::Output)?;
    }
    Ok(())
}

/// Whether the page was run to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// It was.
    Whole,
    /// It was stopped.
    Interrupted,
}

/// A run that is under way.
pub(super) struct Runner<'a> {
    pub(super) plan: &'a Plan,
    pub(super) session: Session,
    pub(super) observer: Option<&'a Observer>,
    pub(super) stop: Stop,
    pub(super) sink: &'a mut dyn FnMut(&Event),
    pub(super) page: Page,
    /// What the cluster said last.
    pub(super) facts: Facts,
    pub(super) sightings: Sightings,
    /// What kept attempts printed: the names that this run has shown.
    pub(super) printed: Names,
    /// A step of this page waited in vain for its result.
    pub(super) exhausted: bool,
    /// When the step that runs began.
    pub(super) began: Instant,
    /// Which step each call of the session's was for.
    pub(super) calls: HashMap<u64, usize>,
    /// The step that opened the program which is open, or was last.
    pub(super) opened: Option<usize>,
    /// The prompt at which the program waits that is open.
    pub(super) prompt: Option<String>,
    pub(super) verdicts: Vec<Verdict>,
}

impl Runner<'_> {
    async fn lab(&mut self) -> Result<Ended, RunError> {
        if let Some(setup) = &self.plan.setup {
            let mut stop = self.stop.clone();
            let (ended, interrupted) = self.script(Script::Setup, setup, &mut stop).await?;
            if interrupted {
                return Ok(Ended::Interrupted);
            }
            if ended.exit_code != Some(0) {
                return Err(RunError::Setup(ended));
            }
        }
        for hidden in &self.plan.hidden_setup {
            let mut stop = self.stop.clone();
            let (ended, interrupted) = self.hidden(Script::Setup, hidden, &mut stop).await?;
            if interrupted {
                return Ok(Ended::Interrupted);
            }
            if ended.exit_code != Some(0) {
                return Err(RunError::Setup(ended));
            }
        }
        let Some(baseline) = self.take_facts().await? else {
            return Ok(Ended::Interrupted);
        };
        self.page = Page::new(&baseline);
        for (index, planned) in self.plan.steps.iter().enumerate() {
            self.write_files(index).await?;
            if self.stop.is_wanted() || self.step(index, planned).await? == Ended::Interrupted {
                return Ok(Ended::Interrupted);
            }
            tell_late(self.session.take_late(), &self.calls, self.plan, self.sink)?;
        }
        self.write_files(self.plan.steps.len()).await?;
        Ok(Ended::Whole)
    }

    /// Leaves the program that is open at the page's end.
    async fn leave(&mut self) -> Result<(), SessionError> {
        if self.session.is_open() {
            self.session.leave(&mut self.stop.at_once()).await?;
        }
        Ok(())
    }

    /// Writes the page's files that stand before a step.
    async fn write_files(&mut self, step: usize) -> Result<(), RunError> {
        for file in self.plan.files.iter().filter(|file| file.before == step) {
            let PlannedFile { path, content, .. } = file;
            let written = self.session.write(Path::new(path), content, &mut self.stop).await?;
            if written.ended != AttemptEnd::Exited(0) {
                let reason = written.output.text().into_owned();
                return Err(RunError::File { path: path.clone(), reason });
            }
        }
        Ok(())
    }

    /// Runs the page's hidden cleanup and then the cleanup script, also where the
    /// run is to stop; not to their end where that is to be at once.
    async fn cleanup(&mut self) -> Result<(), RunError> {
        for hidden in &self.plan.hidden_cleanup {
            self.hidden(Script::Cleanup, hidden, &mut self.stop.at_once()).await?;
        }
        if let Some(cleanup) = &self.plan.cleanup {
            self.script(Script::Cleanup, cleanup, &mut self.stop.at_once()).await?;
        }
        Ok(())
    }

    async fn script(
        &mut self,
        script: Script,
        path: &Path,
        stop: &mut Stop,
    ) -> Result<(ScriptEnded, bool), RunError> {
        self.session.turn_to(Interpreter::Bash, stop).await?;
        let finished = self.session.source(path, SCRIPT_TIMEOUT, stop).await?;
        let shown = path.strip_prefix(&self.plan.root).unwrap_or(path);
        Ok(self.script_ended(script, shown.to_string_lossy().into_owned(), &finished, &[]))
    }

    /// Runs a hidden command of the page in the shell, as a step is run.
    async fn hidden(
        &mut self,
        script: Script,
        hidden: &HiddenCommand,
        stop: &mut Stop,
    ) -> Result<(ScriptEnded, bool), RunError> {
        let place = format!("{}:{}", self.plan.page, hidden.written.first_line);
        let (text, terminal, apart) = (&hidden.command, false, false);
        let call =
            Call { text, terminal, apart, stdin: None, timeout: SCRIPT_TIMEOUT, watch: None };
        self.session.turn_to(Interpreter::Bash, stop).await?;
        let finished = match self.refused(hidden.changes_host.as_deref()) {
            Some(why) => Finished::refused(&format!("labbook: not run: {why}\n"))?,
            None => self.session.run(call, stop).await?,
        };
        Ok(self.script_ended(script, place, &finished, &hidden.mirrored))
    }

    /// Why a command that changes this of the machine is not run; none where it is.
    pub(super) fn refused(&self, changed: Option<&str>) -> Option<String> {
        let changed = changed.filter(|_| self.session.sandbox() == Sandbox::None)?;
        Some(format!(
            "it changes this machine (`{changed}`), and the lab runs without a sandbox: to let \
             it, write `host = true` in a directive"
        ))
    }

    /// Tells how a script ended, and whether it was interrupted.
    fn script_ended(
        &mut self,
        script: Script,
        path: String,
        finished: &Finished,
        mirrored: &[Mirrored],
    ) -> (ScriptEnded, bool) {
        let output = tidied(finished.output.abridged().0, mirrored);
        let output = paths::from_root(output.0, &self.session.seen(&self.plan.root));
        let ended = ScriptEnded {
            script,
            path,
            exit_code: finished.ended.exit_code(),
            output: Output(paths::from_root(output, &self.plan.root)),
            duration_ms: milliseconds(finished.duration),
        };
        self.emit(&Event::ScriptEnded(ended.clone()));
        (ended, finished.interrupted)
    }

    /// What the cluster says now, which is nothing without a cluster; none
    /// where the run is to stop before it answers.
    pub(super) async fn take_facts(&mut self) -> Result<Option<Facts>, ObserverError> {
        let Some(observer) = self.observer else {
            return Ok(Some(Facts::default()));
        };
        let facts = tokio::select! {
            facts = ask(observer) => facts?,
            () = self.stop.wanted() => return Ok(None),
        };
        self.sightings.note(&facts, Instant::now());
        self.facts.clone_from(&facts);
        Ok(Some(facts))
    }

    pub(super) fn emit(&mut self, event: &Event) {
        (self.sink)(event);
    }
}

/// Asks the cluster for facts, more than once: a page may restart what answers.
async fn ask(observer: &Observer) -> Result<Facts, ObserverError> {
    for _ in 1..FACT_ATTEMPTS {
        if let Ok(facts) = observer.facts().await {
            return Ok(facts);
        }
        tokio::time::sleep(FACT_PAUSE).await;
    }
    observer.facts().await
}

fn header(plan: &Plan, cluster: ClusterFact, sandbox: Sandbox) -> Header {
    Header {
        schema: FORMAT,
        labbook: env!("CARGO_PKG_VERSION").to_owned(),
        page: plan.page.clone(),
        sha256: plan.sha256.clone(),
        inputs: plan.inputs.clone(),
        cluster,
        sandbox: Some(sandbox),
        started: Timestamp::now(),
    }
}

/// Why a run ended early, for its record.
fn reason(error: &RunError, plan: &Plan) -> String {
    let text = paths::from_root(error.to_string().into_bytes(), &plan.root);
    String::from_utf8_lossy(&text).into_owned()
}

fn closing(verdict: Verdict, reason: Option<String>, stand_ins: Vec<StandIn>) -> Event {
    Event::Closing(Closing { verdict, ended: Timestamp::now(), reason, stand_ins })
}

/// A duration as records give it.
pub(super) fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
