//! Nothing is left of a cluster: after a run, after `down`, after Ctrl-C, and
//! after the start that follows a SIGKILL.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::hash::{BuildHasher as _, Hasher as _};
use std::time::Duration;

use labbook::record::Verdict;
use nix::sys::signal::Signal;
use tempfile::TempDir;

use super::outcome::Outcome;
use super::running::Running;
use super::traces::Traces;
use super::turns;
use super::workbook::{SEED, Workbook};
use crate::support::wait_for_record;

/// A run of the first lab takes about as long, on a machine of two processors.
const RUN: Duration = Duration::from_secs(20);
/// How many runs are ended before their time.
const ENDS: u32 = 5;

/// labbook with directories for its state and for temporary files that only
/// this test uses, so that each file in them is told.
struct Machine {
    workbook: Workbook,
    state: TempDir,
    temporary: TempDir,
    /// The processes of all that were started.
    started: RefCell<BTreeSet<u32>>,
}

impl Machine {
    fn new() -> Self {
        Self::of(Workbook::of_labs())
    }

    fn of(workbook: Workbook) -> Self {
        let machine = Self {
            workbook,
            state: directory(),
            temporary: directory(),
            started: RefCell::default(),
        };
        // What is built once and kept for all clusters is no trace of one.
        machine.run(&["cluster", "build"]).ends_with(0);
        machine
    }

    fn start(&self, arguments: &[&str]) -> Running {
        let mut command = self.workbook.labbook(arguments);
        command.env("LABBOOK_STATE", self.state.path()).env("TMPDIR", self.temporary.path());
        let running = Running::start(&mut command);
        self.started.borrow_mut().insert(running.id());
        running
    }

    fn run(&self, arguments: &[&str]) -> Outcome {
        self.start(arguments).end()
    }

    fn traces(&self) -> Traces {
        let (state, temporary) = (self.state.path(), self.temporary.path());
        Traces::take(state, temporary, &mut self.started.borrow_mut())
    }

    /// Starts a verification, and does `end` to it at that moment unless it has
    /// ended before.
    fn verify_until(&self, moment: Duration, end: impl FnOnce(&Running)) -> Outcome {
        let mut running = self.start(&["verify", SEED, "--format", "json"]);
        if !running.ends_within(moment) {
            end(&running);
        }
        running.end()
    }
}

fn directory() -> TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))
        .expect("the build's directory for tests is there")
}

/// Moments of a run, spread over it, each at random within its share.
fn moments() -> Vec<Duration> {
    let share = RUN / ENDS;
    let random = || std::hash::RandomState::new().build_hasher().finish();
    let within = |index| share * index + share * u32::try_from(random() % 1000).unwrap_or(0) / 1000;
    (0..ENDS).map(within).collect()
}

#[test]
fn the_start_after_a_sigkill_leaves_nothing_of_what_was_killed() {
    let _turn = turns::all();
    let machine = Machine::new();
    let before = machine.traces();
    let moments = moments();
    let kill = |running: &Running| running.signal(Signal::SIGKILL);
    let mut left = false;
    for &moment in &moments {
        let killed = machine.verify_until(moment, kill).code.is_none();
        left |= killed && machine.traces() != before;
    }
    // Else there was nothing to take away.
    assert!(left, "nothing was left by what was killed at {moments:?}");
    machine.run(&["verify", SEED]).ends_with(0);
    machine.traces().are_as(&before, &format!("after SIGKILL at {moments:?}"));
}

#[test]
fn an_interrupted_run_leaves_nothing() {
    let _turn = turns::one();
    let machine = Machine::new();
    let before = machine.traces();
    for moment in moments() {
        let interrupt = |running: &Running| running.signal_group(Signal::SIGINT);
        let end = machine.verify_until(moment, interrupt);
        assert!(matches!(end.code, Some(0 | 130)), "SIGINT at {moment:?}: {end}");
        machine.traces().are_as(&before, &format!("after SIGINT at {moment:?}"));
    }
}

#[test]
fn an_interrupted_step_ends_the_run_and_leaves_a_record_that_can_be_read() {
    let _turn = turns::one();
    let page = "# A page\n\n```console\n$ kubectl get ns default -o name\nnamespace/default\n\
                $ sleep 1000\n```\n";
    let machine = Machine::of(Workbook::of_page(page, "true\n"));
    let before = machine.traces();
    let run = machine.start(&["run", "lab.md", "--format", "json"]);
    wait_for_record(&machine.workbook.path(""), r#""event":"step_started","step":1"#);
    run.signal_group(Signal::SIGINT);
    let end = run.end().ends_with(130);
    machine.traces().are_as(&before, "after SIGINT");
    let lab = end.lab();
    assert_eq!(lab.steps[0].verdict, Verdict::Same, "{end}");
    assert_eq!(lab.steps[1].verdict, Verdict::Error, "{end}");
    lab.steps[1].differs_by("the interruption", |cause| cause.kind == "interrupted");
    machine.run(&["render", &lab.record.to_string_lossy()]).ends_with(0);
}

#[test]
fn a_cluster_that_was_kept_leaves_nothing_when_it_is_down() {
    let _turn = turns::one();
    let machine = Machine::new();
    let before = machine.traces();
    machine.run(&["cluster", "up", "kept"]).ends_with(0);
    let up = Kept(&machine);
    let listed = machine.run(&["cluster", "list"]).ends_with(0);
    assert!(listed.stdout.contains("kept"), "{listed}");
    let run = machine.run(&["run", SEED, "--cluster", "embedded:kept", "--format", "json"]);
    run.ends_with(0).lab().passes();
    assert_ne!(machine.traces(), before, "a cluster that is up is not seen");
    drop(up);
    machine.traces().are_as(&before, "after down");
}

/// The cluster `kept`, down at the end of its test also where that fails.
struct Kept<'a>(&'a Machine);

impl Drop for Kept<'_> {
    fn drop(&mut self) {
        let down = self.0.run(&["cluster", "down", "kept"]);
        if !std::thread::panicking() {
            down.ends_with(0);
        }
    }
}
