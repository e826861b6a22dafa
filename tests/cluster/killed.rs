//! Nothing is left of a cluster: after a run, after `down`, after Ctrl-C, and
//! after the start that follows a SIGKILL.

use std::hash::{BuildHasher as _, Hasher as _};
use std::io::Read as _;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tempfile::TempDir;

use super::outcome::Outcome;
use super::traces::Traces;
use super::turns;
use super::workbook::{SEED, Workbook};

/// A run of the first lab takes about as long, on a machine of two processors.
const RUN: Duration = Duration::from_secs(20);
/// How many runs are ended before their time.
const ENDS: u32 = 6;

/// labbook with a directory for its state that only this test uses, so that
/// each file in it is told.
struct Machine {
    workbook: Workbook,
    state: TempDir,
}

impl Machine {
    fn new() -> Self {
        let machine = Self {
            workbook: Workbook::of_labs(),
            state: tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))
                .expect("the build's directory for tests is there"),
        };
        // What is built once and kept for all clusters is no trace of one.
        machine.run(&["cluster", "build"]).ends_with(0);
        machine
    }

    fn labbook(&self, arguments: &[&str]) -> Command {
        let mut command = self.workbook.labbook(arguments);
        command.env("LABBOOK_STATE", self.state.path());
        command
    }

    fn run(&self, arguments: &[&str]) -> Outcome {
        Outcome::of(&mut self.labbook(arguments))
    }

    fn traces(&self) -> Traces {
        Traces::take(self.state.path())
    }

    /// Starts a verification and sends it `signal` at that moment, unless it
    /// has ended before.
    fn verify_until(&self, moment: Duration, signal: Signal) -> ExitStatus {
        let mut command = self.labbook(&["verify", SEED, "--format", "json"]);
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("labbook can be started");
        if !ends_before(&mut child, moment) {
            // It was not waited for, so no other process has its number.
            let pid = i32::try_from(child.id()).expect("process numbers are small");
            kill(Pid::from_raw(pid), signal).expect("a child may be signalled");
        }
        child.wait().expect("it is a child of this process")
    }
}

/// Whether the child closes its standard output before that moment.
fn ends_before(child: &mut Child, moment: Duration) -> bool {
    let mut output = child.stdout.take().expect("it is piped");
    let (ended, end) = mpsc::channel();
    std::thread::spawn(move || {
        let _ = output.read_to_end(&mut Vec::new());
        // Nobody listens any more where the moment came first.
        let _ = ended.send(());
    });
    end.recv_timeout(moment).is_ok()
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
    let ends: Vec<_> =
        moments.iter().map(|&moment| machine.verify_until(moment, Signal::SIGKILL)).collect();
    assert!(ends.iter().any(|end| end.signal() == Some(9)), "none was killed: {ends:?}");
    machine.run(&["verify", SEED]).ends_with(0);
    machine.traces().are_as(&before, &format!("after SIGKILL at {moments:?}"));
}

#[test]
fn an_interrupted_run_leaves_nothing() {
    let _turn = turns::all();
    let machine = Machine::new();
    let before = machine.traces();
    for moment in moments() {
        let end = machine.verify_until(moment, Signal::SIGINT);
        assert!(matches!(end.code(), Some(0 | 130)), "SIGINT at {moment:?}: {end:?}");
        machine.traces().are_as(&before, &format!("after SIGINT at {moment:?}"));
    }
}

#[test]
fn a_cluster_that_was_kept_leaves_nothing_when_it_is_down() {
    let _turn = turns::all();
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
