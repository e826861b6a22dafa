//! The events of a record gathered by step: what every report renders.

use crate::lab::{Command, Step};
use crate::record::{
    AttemptEnded, Closing, Event, Explanation, Header, SKIPPED, Script, ScriptEnded, StandIn,
    Verdict,
};

/// What happened in a run, in the order of the page.
#[derive(Debug, Clone, PartialEq)]
pub struct Transcript {
    /// What was run, where and when.
    pub header: Header,
    /// Setup and cleanup, as far as they ran.
    pub scripts: Vec<ScriptEnded>,
    /// Every step of the page, those that were not reached included.
    pub steps: Vec<StepTranscript>,
    /// How the run ended; none where it was cut short.
    pub closing: Option<Closing>,
}

/// What happened in one step.
#[derive(Debug, Clone, PartialEq)]
pub struct StepTranscript {
    /// The command as the page had it.
    pub command: Command,
    /// The command as it was run, where that differs.
    pub executed: Option<String>,
    /// What was decided.
    pub verdict: Verdict,
    /// How many times it was run.
    pub attempts: u32,
    /// The time of all its attempts together, in milliseconds.
    pub duration_ms: u64,
    /// The attempt that counts; none where nothing ran.
    pub kept: Option<AttemptEnded>,
    /// Why, the first cause first.
    pub explanation: Vec<Explanation>,
    /// The attempts of a step that is not decided.
    made: Vec<AttemptEnded>,
}

impl StepTranscript {
    /// The exit code of the attempt that counts.
    pub fn exit_code(&self) -> Option<i32> {
        self.kept.as_ref().and_then(|attempt| attempt.ended.exit_code())
    }

    /// Whether the step holds its page back: anything but a result that is as
    /// it should be, and what the page has skipped.
    pub fn fails(&self) -> bool {
        matches!(self.verdict, Verdict::NotRun | Verdict::Different | Verdict::Error)
            && !self.is_skipped()
    }

    /// Whether it was not run because the page says so.
    pub fn is_skipped(&self) -> bool {
        self.verdict == Verdict::NotRun
            && self.explanation.iter().any(|reason| reason.kind == SKIPPED)
    }
}

/// Why events are no transcript of a page.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum TranscriptError {
    /// A step is named that the page does not have.
    #[error(
        "the record tells of step {step}, and the page has {steps}: it is a record of another page"
    )]
    NoSuchStep {
        /// The step, counted from 1.
        step: usize,
        /// How many steps the page has.
        steps: usize,
    },
}

impl Transcript {
    /// Gathers a record's events over the steps of its page.
    pub fn new<'a>(
        header: &Header,
        events: &[Event],
        steps: impl IntoIterator<Item = &'a Step>,
    ) -> Result<Self, TranscriptError> {
        let mut transcript = Self::begin(header, steps);
        for event in events {
            transcript.add(event)?;
        }
        transcript.explain_unreached();
        Ok(transcript)
    }

    /// The transcript of a run of which only the header is known; [`Self::add`]
    /// tells the rest as it happens.
    pub fn begin<'a>(header: &Header, steps: impl IntoIterator<Item = &'a Step>) -> Self {
        Self {
            header: header.clone(),
            scripts: Vec::new(),
            steps: steps.into_iter().map(unreached).collect(),
            closing: None,
        }
    }

    /// Adds what happened next.
    pub fn add(&mut self, event: &Event) -> Result<(), TranscriptError> {
        match event {
            Event::Header(header) => self.header = header.clone(),
            Event::ScriptEnded(script) => self.scripts.push(script.clone()),
            Event::StepStarted(started) => {
                let step = self.step_mut(started.step)?;
                step.command = Command {
                    first_line: started.first_line,
                    last_line: started.last_line,
                    text: started.text.clone(),
                };
                step.executed.clone_from(&started.executed);
                // Until its end is told, a step that began is one that was cut short.
                step.verdict = Verdict::Error;
                step.explanation = vec![cut_short()];
            }
            Event::AttemptEnded(attempt) => {
                let step = self.step_mut(attempt.step)?;
                step.attempts = step.attempts.max(attempt.attempt);
                step.duration_ms += attempt.duration_ms;
                step.made.push(attempt.clone());
            }
            Event::StepEnded(ended) => {
                let step = self.step_mut(ended.step)?;
                step.verdict = ended.verdict;
                step.attempts = ended.attempts;
                step.duration_ms = ended.took_ms;
                step.explanation.clone_from(&ended.explanation);
                step.kept = std::mem::take(&mut step.made)
                    .into_iter()
                    .find(|attempt| Some(attempt.attempt) == ended.kept);
            }
            // It is data in the record, and no result of the step; what an attempt printed
            // is with its end.
            Event::LateOutput(_) | Event::Output(_) => {}
            Event::Closing(closing) => self.closing = Some(closing.clone()),
        }
        Ok(())
    }

    /// The verdict of the page: the run's own; where it was cut short, an error.
    pub fn verdict(&self) -> Verdict {
        self.closing.as_ref().map_or(Verdict::Error, |closing| closing.verdict)
    }

    /// Whether any step was compared with something recorded.
    pub fn checked_anything(&self) -> bool {
        self.steps
            .iter()
            .any(|step| matches!(step.verdict, Verdict::Same | Verdict::Drift | Verdict::Different))
    }

    /// Whether the page has all of its steps skipped, so that there is nothing to
    /// check.
    pub fn is_skipped(&self) -> bool {
        !self.steps.is_empty() && self.steps.iter().all(StepTranscript::is_skipped)
    }

    /// The images that stood in for public ones; none are known where the run
    /// was cut short.
    pub fn stand_ins(&self) -> &[StandIn] {
        self.closing.as_ref().map_or(&[], |closing| &closing.stand_ins)
    }

    /// The setup or cleanup script that failed, if one did.
    pub fn failed_script(&self) -> Option<&ScriptEnded> {
        self.scripts.iter().find(|script| script.exit_code != Some(0))
    }

    /// Whether setup failed, so that no step was run.
    pub fn setup_failed(&self) -> bool {
        self.failed_script().is_some_and(|script| script.script == Script::Setup)
    }

    /// How many steps have this verdict; those that are skipped have none.
    pub fn count(&self, verdict: Verdict) -> usize {
        let counts = |step: &&StepTranscript| step.verdict == verdict && !step.is_skipped();
        self.steps.iter().filter(counts).count()
    }

    /// From the header to the closing; none where the run was cut short.
    pub fn took_ms(&self) -> Option<u64> {
        let closing = self.closing.as_ref()?;
        let took = closing.ended.as_millisecond() - self.header.started.as_millisecond();
        u64::try_from(took).ok()
    }

    fn step_mut(&mut self, step: usize) -> Result<&mut StepTranscript, TranscriptError> {
        let steps = self.steps.len();
        self.steps.get_mut(step).ok_or(TranscriptError::NoSuchStep { step: step + 1, steps })
    }

    fn explain_unreached(&mut self) {
        let reason = match &self.closing {
            Some(closing) => closing.reason.clone(),
            None => Some("the run was cut short".to_owned()),
        };
        let text = match reason {
            Some(reason) => format!("the run ended before this step: {}", first_line(&reason)),
            None => "the run ended before this step".to_owned(),
        };
        for step in &mut self.steps {
            if step.verdict == Verdict::NotRun && step.explanation.is_empty() {
                step.explanation.push(Explanation {
                    kind: "not-reached".to_owned(),
                    breaks: true,
                    text: text.clone(),
                    ..Explanation::default()
                });
            }
        }
    }
}

fn unreached(step: &Step) -> StepTranscript {
    StepTranscript {
        command: step.command.clone(),
        executed: None,
        verdict: Verdict::NotRun,
        attempts: 0,
        duration_ms: 0,
        kept: None,
        explanation: Vec::new(),
        made: Vec::new(),
    }
}

fn cut_short() -> Explanation {
    Explanation {
        kind: "cut-short".to_owned(),
        breaks: true,
        text: "the run ended while this step ran".to_owned(),
        ..Explanation::default()
    }
}

/// A reason may end with what a program printed: that is shown elsewhere.
pub(super) fn first_line(reason: &str) -> &str {
    reason.lines().next().unwrap_or_default()
}
