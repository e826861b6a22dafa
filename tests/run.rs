//! Runs of whole plans in a plain shell: what is recorded, and what happens
//! where a run does not go as the page has it.

use std::cell::RefCell;
use std::path::Path;
use std::time::Duration;

use labbook::cluster::Observer;
use labbook::lab::{self, RecordedOutput, Step};
use labbook::plan::{Effect, HiddenCommand, Plan, PlannedStep};
use labbook::record::{ClusterFact, Ended, Event, Script, StandIn, Verdict};
use labbook::run::{Lab, Outcome, Place, RunError, Stop, run, stopper};

use crate::api::{self, Api, ready_pod};

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
            mirrored: Vec::new(),
            effect: Effect::Reads,
            terminal: false,
            skip: None,
            timeout: Duration::from_secs(60),
            wait: Duration::from_secs(60),
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
        let hidden = HiddenCommand { written, command: text.to_owned(), mirrored: Vec::new() };
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

/// The events, a word or two each.
fn story(events: &[Event]) -> Vec<String> {
    let each = |event: &Event| match event {
        Event::Header(header) => format!("header {}", header.page),
        Event::ScriptEnded(ended) => {
            format!("{} {:?} {:?}", ended.path, ended.exit_code, ended.output.text())
        }
        Event::StepStarted(started) => format!("step {}", started.text),
        Event::AttemptEnded(attempt) => {
            format!("attempt {:?} {:?}", attempt.ended, attempt.output.text())
        }
        Event::StepEnded(ended) => {
            let kinds = ended.explanation.iter().map(|each| each.kind.as_str());
            let kinds: Vec<_> = std::iter::once("").chain(kinds).collect();
            format!("ended {:?}{}", ended.verdict, kinds.join(" "))
        }
        Event::Closing(closing) => format!("closing {:?} {:?}", closing.verdict, closing.reason),
    };
    events.iter().map(each).collect()
}

#[tokio::test]
async fn a_run_is_told_in_order() {
    let bench = Bench::new()
        .script(Script::Setup, "set -e\nx=made\necho setting up\n")
        .script(Script::Cleanup, "echo \"$x\"\n")
        .step("echo $x", None)
        .step("cd /", None);
    let (result, events) = bench.run().await;
    let outcome = result.expect("it runs");
    assert_eq!(outcome.steps, [Verdict::Ran, Verdict::Ran]);
    assert_eq!((outcome.verdict, outcome.interrupted), (Verdict::Ran, false));
    assert_eq!(
        story(&events),
        [
            "header lab.md",
            "setup.sh Some(0) \"setting up\\n\"",
            "step echo $x",
            "attempt Exited(0) \"made\\n\"",
            "ended Ran",
            "step cd /",
            "attempt Exited(0) \"\"",
            "ended Ran",
            "cleanup.sh Some(0) \"made\\n\"",
            "closing Ran None",
        ]
    );
}

#[tokio::test]
async fn a_setup_that_fails_ends_the_run_after_cleanup() {
    let bench = Bench::new()
        .script(Script::Setup, "set -e\necho no such thing\nfalse\n")
        .script(Script::Cleanup, "false; echo cleaned; (exit 3)")
        .step("echo x", None);
    let (result, events) = bench.run().await;
    let error = result.expect_err("setup failed").to_string();
    assert_eq!(error, "set up the lab: setup.sh ended with exit code 1:\nno such thing");
    assert_eq!(
        story(&events),
        [
            "header lab.md",
            "setup.sh Some(1) \"no such thing\\n\"",
            "cleanup.sh Some(3) \"cleaned\\n\"",
            "closing Error Some(\"set up the lab: setup.sh ended with exit code 1:\\nno such thing\")",
        ]
    );
}

#[tokio::test]
async fn hidden_commands_run_between_the_scripts_and_the_steps() {
    let bench = Bench::new()
        .script(Script::Setup, "x=script\n")
        .script(Script::Cleanup, "echo last $x\n")
        .hidden(Script::Setup, 3, "echo $x; x=hidden")
        .hidden(Script::Cleanup, 7, "echo clean; false")
        .step("echo $x", None);
    let (result, events) = bench.run().await;
    assert_eq!(result.expect("it runs").steps, [Verdict::Ran]);
    let story = story(&events);
    assert_eq!(story[1..3], ["setup.sh Some(0) \"\"", "lab.md:3 Some(0) \"script\\n\""]);
    assert_eq!(story[4], "attempt Exited(0) \"hidden\\n\"");
    assert_eq!(
        story[6..8],
        ["lab.md:7 Some(1) \"clean\\n\"", "cleanup.sh Some(0) \"last hidden\\n\""]
    );
}

#[tokio::test]
async fn a_hidden_setup_that_fails_ends_the_run_after_cleanup() {
    let bench = Bench::new()
        .hidden(Script::Setup, 3, "echo made; false")
        .hidden(Script::Setup, 4, "echo never")
        .hidden(Script::Cleanup, 7, "echo cleaned")
        .step("echo x", None);
    let (result, events) = bench.run().await;
    let error = result.expect_err("setup failed").to_string();
    assert_eq!(error, "set up the lab: lab.md:3 ended with exit code 1:\nmade");
    let story = story(&events);
    assert_eq!(story[1..3], ["lab.md:3 Some(1) \"made\\n\"", "lab.md:7 Some(0) \"cleaned\\n\""]);
    assert_eq!(story.len(), 4, "{story:?}");
}

#[tokio::test]
async fn a_step_that_is_skipped_says_nothing_of_the_page() {
    let bench = Bench::new()
        .step("echo first", Some("another"))
        .but(|step| step.skip = Some("it is too dear".to_owned()))
        .step("echo second", Some("second"));
    let (result, events) = bench.run().await;
    let outcome = result.expect("it runs");
    assert_eq!((outcome.verdict, outcome.steps), (Verdict::Same, vec![Verdict::Same]));
    assert_eq!(
        story(&events)[1..4],
        ["step echo first", "ended NotRun skipped", "step echo second"]
    );
}

#[tokio::test]
async fn a_dead_shell_and_a_time_out_stay_with_their_steps() {
    let bench = Bench::new()
        .step("echo out; exit 3", None)
        .step("echo begun; cat /dev/zero >/dev/null", None)
        .but(|step| step.timeout = Duration::from_secs(1))
        .step("echo on", None);
    let (result, events) = bench.run().await;
    let outcome = result.expect("it runs");
    assert_eq!(outcome.steps[1..], [Verdict::Error, Verdict::Ran]);
    assert_eq!(outcome.verdict, Verdict::Error);
    let story = story(&events);
    assert_eq!(story[2], "attempt ShellDied(3) \"out\\n\"");
    assert!(story[3].ends_with("shell-ended"), "{story:?}");
    // Where SIGINT is enough bash ends the line, as after a person's Ctrl-C.
    assert!(story[5].starts_with("attempt TimedOut \"begun\\n"), "{story:?}");
    assert_eq!(story[6], "ended Error time-out");
    assert_eq!(story[8..10], ["attempt Exited(0) \"on\\n\"", "ended Ran"]);
}

#[tokio::test]
async fn a_change_to_a_generated_name_of_another_run_is_not_made() {
    let change = "touch made; : kubectl delete pod web-5b7575787d-8k97x";
    let bench =
        Bench::new().step(change, None).but(|step| step.effect = Effect::Changes).step("ls", None);
    let (result, events) = bench.run().await;
    assert_eq!(result.expect("it runs").steps, [Verdict::NotRun, Verdict::Ran]);
    assert_eq!(
        story(&events)[1..5],
        [
            &format!("step {change}"),
            "ended NotRun unbound-name",
            "step ls",
            "attempt Exited(0) \"\"",
        ]
    );
}

#[tokio::test]
async fn a_stop_ends_the_step_and_runs_cleanup() {
    let bench = Bench::new()
        .script(Script::Cleanup, "echo cleaned\n")
        .step("echo first", None)
        .step("echo second; cat /dev/zero >/dev/null", None)
        .step("echo third", None);
    let (stopper, stop) = stopper();
    let events = RefCell::new(Vec::new());
    let result = bench
        .run_with(None, stop, &mut |event| {
            events.borrow_mut().push(event.clone());
            if matches!(event, Event::StepStarted(started) if started.step == 1) {
                stopper.stop();
            }
        })
        .await;
    let outcome = result.expect("it runs");
    assert!(outcome.interrupted);
    assert_eq!(outcome.steps, [Verdict::Ran, Verdict::Error]);
    let story = story(&events.borrow());
    assert_eq!(
        story[story.len() - 3..],
        [
            "ended Error interrupted",
            "cleanup.sh Some(0) \"cleaned\\n\"",
            "closing Error Some(\"the run was interrupted\")",
        ]
    );
    assert!(!story.contains(&"step echo third".to_owned()));
}

#[tokio::test]
async fn a_stop_at_once_ends_cleanup_too() {
    let bench = Bench::new()
        .script(Script::Cleanup, "echo cleaning; while :; do sleep 1000; done\n")
        .step("echo first", None);
    let (stopper, stop) = stopper();
    let mut events = Vec::new();
    let result = bench
        .run_with(None, stop, &mut |event| {
            events.push(event.clone());
            if matches!(event, Event::StepEnded(_)) {
                stopper.stop_at_once();
            }
        })
        .await;
    assert_eq!(result.expect("it runs").steps, [Verdict::Ran]);
    let story = story(&events);
    let [.., cleanup, closing] = &story[..] else { panic!("{story:?}") };
    assert!(cleanup.starts_with("cleanup.sh None"), "{story:?}");
    assert!(closing.starts_with("closing"), "{story:?}");
}

#[tokio::test]
async fn a_stop_is_heard_while_the_cluster_does_not_answer() {
    let (client, _listener) = api::silent().await;
    let observer = Observer::new(client);
    let bench = Bench::new().script(Script::Setup, ":\n").step("echo first", None);
    let (stopper, stop) = stopper();
    let mut events = Vec::new();
    let result = bench
        .run_with(Some(&observer), stop, &mut |event| {
            events.push(event.clone());
            if matches!(event, Event::ScriptEnded(_)) {
                stopper.stop();
            }
        })
        .await;
    let outcome = result.expect("it is stopped");
    assert!(outcome.interrupted && outcome.steps.is_empty());
    assert_eq!(story(&events)[2..], ["closing NotRun Some(\"the run was interrupted\")"]);
}

#[tokio::test]
async fn an_output_that_is_not_kept_whole_is_never_the_same() {
    let much = "head -c 67200000 /dev/zero | tr '\\0' x";
    let bench = Bench::new().step(much, Some("x")).step(much, None);
    let mut outputs = Vec::new();
    let result = bench
        .run_with(None, Stop::never(), &mut |event| {
            if let Event::AttemptEnded(attempt) = event {
                outputs.push(attempt.output.clone());
            }
        })
        .await;
    assert_eq!(result.expect("it runs").steps, [Verdict::Different, Verdict::Ran]);
    assert_eq!(outputs.len(), 2, "it is not tried again");
    for output in outputs {
        assert!(output.0.ends_with(b"xx\n[labbook: 91136 more bytes were dropped]\n"));
    }
}

#[tokio::test]
async fn a_result_is_waited_for_and_a_change_is_made_once() {
    let counting = "echo x >>count; wc -l <count";
    let bench = Bench::new()
        .step(counting, Some("3"))
        .step("echo y >>other; wc -l <other", Some("9"))
        .but(|step| step.effect = Effect::Changes)
        .step("wc -l <count", Some("3"));
    let (result, events) = bench.run().await;
    assert_eq!(result.expect("it runs").steps, [Verdict::Same, Verdict::Different, Verdict::Same]);
    let attempts: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            Event::AttemptEnded(attempt) => Some((attempt.step, attempt.attempt)),
            _ => None,
        })
        .collect();
    assert_eq!(attempts, [(0, 1), (0, 2), (0, 3), (1, 1), (2, 1)]);
}

#[tokio::test]
async fn a_wait_ends_and_a_missing_program_is_no_difference() {
    let bench = Bench::new()
        .step("echo old", Some("new"))
        .but(|step| step.wait = Duration::from_millis(300))
        .step("no-such-program", Some("fine"));
    let (result, events) = bench.run().await;
    assert_eq!(result.expect("it runs").steps, [Verdict::Different, Verdict::Error]);
    let story = story(&events);
    assert!(story.iter().filter(|each| *each == "attempt Exited(0) \"old\\n\"").count() > 2);
    assert_eq!(story[story.len() - 2], "ended Error not-installed");
    let missing = |event: &&Event| matches!(event, Event::AttemptEnded(attempt) if attempt.ended == Ended::Exited(127));
    assert_eq!(events.iter().filter(missing).count(), 1);
}

const ROWS: &str =
    "NAME    READY   STATUS    RESTARTS   AGE\napp-0   1/1     Running   0          30s";

/// Runs a step that shows a ready pod, on a cluster whose pods are these.
async fn run_shown(
    pods: impl FnMut(usize) -> String + Send + 'static,
) -> (Vec<Verdict>, Vec<Event>) {
    let api = Api::start(pods).await;
    let observer = Observer::new(api.client.clone());
    let bench = Bench::new()
        .step(&format!(": kubectl get pods; echo '{ROWS}'"), Some(ROWS))
        .but(|step| step.wait = Duration::from_millis(500));
    let mut events = Vec::new();
    let outcome = bench
        .run_with(Some(&observer), Stop::never(), &mut |event| {
            events.push(event.clone());
        })
        .await
        .expect("it runs");
    (outcome.steps, events)
}

#[tokio::test]
async fn a_match_that_stays_is_the_same() {
    let (verdicts, events) = run_shown(|_| ready_pod("2026-01-01T00:00:00Z", 0)).await;
    assert_eq!(verdicts, [Verdict::Same]);
    assert_eq!(story(&events).iter().filter(|each| each.starts_with("attempt")).count(), 1);
}

#[tokio::test]
async fn the_stand_ins_that_pods_asked_for_are_named_at_the_end() {
    let (_, events) = run_shown(|_| ready_pod("2026-01-01T00:00:00Z", 0)).await;
    let Some(Event::Closing(closing)) = events.last() else { panic!("{:?}", story(&events)) };
    assert_eq!(closing.stand_ins, [stand_in("docker.io/library/app:1")]);
    let (_, events) = Bench::new().step("echo new", Some("new")).run().await;
    let Some(Event::Closing(closing)) = events.last() else { panic!("{:?}", story(&events)) };
    assert_eq!(closing.stand_ins, [], "no pod was seen");
}

#[tokio::test]
async fn a_pod_that_is_ready_for_a_moment_only_is_no_match() {
    let start = jiff::Timestamp::now();
    let since = move |nth: usize| start + Duration::from_secs(nth as u64);
    let (verdicts, events) = run_shown(move |nth| ready_pod(&since(nth).to_string(), 0)).await;
    assert_eq!(verdicts, [Verdict::Different]);
    let story = story(&events);
    assert!(story.iter().any(|each| each == "ended Different unsteady"), "{story:?}");
}

#[tokio::test]
async fn a_pod_that_changes_after_a_match_is_looked_at_again() {
    let now = jiff::Timestamp::now().to_string();
    let (verdicts, events) = run_shown(move |nth| ready_pod(&now, usize::from(nth > 2))).await;
    assert_eq!(verdicts.len(), 1);
    let attempts: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            Event::AttemptEnded(attempt) => Some(attempt.facts.pods[0].restarts),
            _ => None,
        })
        .collect();
    assert_eq!(attempts, [0, 1], "the first is not kept");
}
