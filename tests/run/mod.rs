//! Runs of whole plans in a plain shell: what is recorded, and what happens
//! where a run does not go as the page has it.

mod conduct;
mod conversation;
mod directives;
mod order;
mod output;
mod shells;
mod stops;
mod waits;

use std::path::Path;
use std::time::Duration;

use labbook::cluster::Observer;
use labbook::lab::{self, RecordedOutput, Step};
use labbook::plan::{Conduct, Effect, HiddenCommand, Interpreter, Plan, PlannedStep};
use labbook::record::{ClusterFact, Event, Script, StandIn};
use labbook::run::{Lab, Outcome, Place, RunError, Stop, run};
use labbook::sandbox::Kind;

/// A plan and the directory that it is run in.
struct Bench {
    directory: tempfile::TempDir,
    plan: Plan,
}

impl Bench {
    fn new() -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let plan = Plan {
            page: "lab.md".to_owned(),
            path: directory.path().join("lab.md"),
            root: directory.path().to_owned(),
            steps: Vec::new(),
            files: Vec::new(),
            setup: None,
            cleanup: None,
            hidden_setup: Vec::new(),
            hidden_cleanup: Vec::new(),
            not_carried_out: Vec::new(),
            images: Vec::new(),
            sha256: "00".to_owned(),
            inputs: "11".to_owned(),
        };
        Self { directory, plan }
    }

    /// Adds a step that is read again until it prints `output`.
    #[must_use]
    fn step(mut self, text: &str, output: Option<&str>) -> Self {
        let line = 1 + 2 * self.plan.steps.len();
        let outputs = output.map(|text| RecordedOutput {
            first_line: line + 1,
            last_line: line + 1,
            text: text.to_owned(),
            ..RecordedOutput::default()
        });
        self.plan.steps.push(PlannedStep {
            step: Step {
                command: lab::Command { first_line: line, last_line: line, text: text.to_owned() },
                outputs: outputs.into_iter().collect(),
                ..Step::default()
            },
            command: text.to_owned(),
            portable: text.to_owned(),
            mirrored: Vec::new(),
            effect: Effect::Reads,
            conduct: Conduct::Whole,
            changes_host: None,
            interpreter: Interpreter::Bash,
            terminal: false,
            apart: false,
            stdin: None,
            exit: None,
            skip: None,
            timeout: Duration::from_secs(60),
            wait: Duration::from_secs(60),
            wait_is_given: true,
        });
        self
    }

    /// Changes the step that was added last.
    #[must_use]
    fn but(mut self, change: impl FnOnce(&mut PlannedStep)) -> Self {
        change(self.plan.steps.last_mut().expect("a step was added"));
        self
    }

    #[must_use]
    fn script(mut self, script: Script, content: &str) -> Self {
        let name = match script {
            Script::Setup => "setup.sh",
            Script::Cleanup => "cleanup.sh",
        };
        let path = self.directory.path().join(name);
        std::fs::write(&path, content).expect("the directory can be written");
        match script {
            Script::Setup => self.plan.setup = Some(path),
            Script::Cleanup => self.plan.cleanup = Some(path),
        }
        self
    }

    /// Adds a command that the page hides on this line.
    #[must_use]
    fn hidden(mut self, when: Script, line: usize, text: &str) -> Self {
        let written = lab::Command { first_line: line, last_line: line, text: text.to_owned() };
        let hidden = HiddenCommand {
            written,
            command: text.to_owned(),
            mirrored: Vec::new(),
            changes_host: None,
        };
        match when {
            Script::Setup => self.plan.hidden_setup.push(hidden),
            Script::Cleanup => self.plan.hidden_cleanup.push(hidden),
        }
        self
    }

    async fn run_with(
        &self,
        observer: Option<&Observer>,
        stop: Stop,
        sink: &mut dyn FnMut(&Event),
    ) -> Result<Outcome, RunError> {
        let place = Place {
            exe: Path::new(env!("CARGO_BIN_EXE_labbook")),
            workbook: self.directory.path(),
            in_place: None,
            sandbox: Kind::Namespaces,
            programs: None,
            device_filter: None,
            access: None,
        };
        let lab = Lab {
            agent: place.agent().expect("labbook starts"),
            directory: self.directory.path().to_owned(),
            environment: place.environment(),
            observer,
            cluster: ClusterFact { provider: "none".to_owned(), version: None },
            stand_ins: ["docker.io/library/app:1", "busybox:1"].map(stand_in).into(),
            stop,
        };
        run(&self.plan, lab, sink).await
    }

    async fn run(&self) -> (Result<Outcome, RunError>, Vec<Event>) {
        let mut events = Vec::new();
        let result =
            self.run_with(None, Stop::never(), &mut |event| events.push(event.clone())).await;
        (result, events)
    }
}

fn stand_in(image: &str) -> StandIn {
    StandIn { image: image.to_owned(), note: "a stand-in".to_owned() }
}

/// The events, a word or two each. What an attempt printed is told with its end.
fn story(events: &[Event]) -> Vec<String> {
    let each = |event: &Event| {
        Some(match event {
            Event::Header(header) => format!("header {}", header.page),
            Event::ScriptEnded(ended) => {
                format!("{} {:?} {:?}", ended.path, ended.exit_code, ended.output.text())
            }
            Event::StepStarted(started) => format!("step {}", started.text),
            Event::Output(_) => return None,
            Event::AttemptEnded(attempt) => {
                format!("attempt {:?} {:?}", attempt.ended, attempt.output.text())
            }
            Event::StepEnded(ended) => {
                let kinds = ended.explanation.iter().map(|each| each.kind.as_str());
                let kinds: Vec<_> = std::iter::once("").chain(kinds).collect();
                format!("ended {:?}{}", ended.verdict, kinds.join(" "))
            }
            Event::LateOutput(late) => format!("late {} {:?}", late.step, late.output.text()),
            Event::Closing(closing) => {
                format!("closing {:?} {:?}", closing.verdict, closing.reason)
            }
        })
    };
    events.iter().filter_map(each).collect()
}
