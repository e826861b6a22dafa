//! Ctrl-C and its like, once, twice and a third time.

use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::process::{Child, Stdio};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::support::{Test, read_record, wait_for_record};

const ENDLESS: &str = "```bash\n$ echo first\nfirst\n$ cat /dev/zero >/dev/null\n\
                       $ echo third\nthird\n```\n";

/// A run whose second step does not end, in that step.
fn in_the_second_step(test: &Test) -> Child {
    let mut command = test.command();
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
    wait_for_record(test.root(), r#""event":"step_started","step":1"#);
    child
}

fn signal(child: &Child, signal: Signal) {
    let pid = i32::try_from(child.id()).expect("process numbers are small");
    kill(Pid::from_raw(pid), signal).expect("it is a child that was not waited for");
}

/// The events of a record, each with what it says of an end.
fn events(root: &Path) -> Vec<String> {
    let record = read_record(root);
    let events = record.lines().map(|line| {
        let event: serde_json::Value = serde_json::from_str(line).expect("it is whole");
        let name = event["event"].as_str().expect("each has a name");
        let ended = [&event["ended"], &event["exit_code"]]
            .into_iter()
            .filter(|value| name != "closing" && !value.is_null())
            .map(|value| format!(" {value}"));
        name.to_owned() + &ended.collect::<String>()
    });
    events.collect()
}

#[test]
fn one_signal_ends_the_step_runs_cleanup_and_leaves_record_and_report() {
    for each in [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP] {
        let test = Test::new()
            .file("labbook.toml", "[lab.\"lab.md\"]\ncleanup = \"clean.sh\"\n")
            .file("clean.sh", "echo cleaned\n")
            .file("lab.md", ENDLESS)
            .args("run lab.md --cluster none");
        let mut child = in_the_second_step(&test);
        signal(&child, each);
        assert_eq!(child.wait().expect("it ends").code(), Some(130), "{each}");
        assert_eq!(
            events(test.root()),
            [
                "header",
                "step_started",
                "output",
                r#"attempt_ended {"exited":0}"#,
                "step_ended",
                "step_started",
                "output",
                r#"attempt_ended "stopped""#,
                "step_ended",
                "script_ended 0",
                "closing",
            ]
        );
        let report = fs::read_to_string(test.root().join("labbook-out/latest/lab.md"));
        assert_eq!(report.expect("there is a report"), ENDLESS, "nothing differed");
    }
}

#[test]
fn a_second_signal_ends_a_cleanup_that_does_not_heed_signals() {
    let test = Test::new()
        .file("labbook.toml", "[lab.\"lab.md\"]\ncleanup = \"clean.sh\"\n")
        .file("clean.sh", "trap '' INT TERM\necho cleaning >&2\nwhile :; do :; done\n")
        .file("lab.md", ENDLESS)
        .args("run lab.md --cluster none");
    let mut child = in_the_second_step(&test);
    signal(&child, Signal::SIGINT);
    wait_for_record(test.root(), r#""event":"step_ended","step":1"#);
    signal(&child, Signal::SIGINT);
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
    let events = events(test.root());
    assert_eq!(events[events.len() - 2..], ["script_ended", "closing"], "{events:?}");
    assert!(test.root().join("labbook-out/latest/lab.md").is_file());
}

#[test]
fn a_third_signal_ends_what_waits_for_others() {
    // Nobody reads what it prints, and that is more than a pipe holds.
    let test = Test::new()
        .file("lab.md", "```bash\n$ seq 100000\n1\n```\n")
        .args("run lab.md --cluster none --format json");
    let mut command = test.command();
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("labbook can be started");
    wait_for_record(test.root(), r#""event":"closing""#);
    for each in [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP] {
        signal(&child, each);
    }
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
    let mut printed = String::new();
    child.stdout.take().expect("it is piped").read_to_string(&mut printed).expect("text");
    let whole: Result<serde_json::Value, _> = serde_json::from_str(&printed);
    assert!(whole.is_err(), "it was at its end");
}
