//! What is recorded of a run, and in which order.

use std::time::Duration;

use labbook::plan::{Effect, Mirrored};
use labbook::record::{Event, Script, Verdict};

use super::{Bench, story};

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
async fn a_command_that_check_calls_not_run_is_not_run() {
    let bench = Bench::new()
        .step("touch made", None)
        .but(|planned| planned.step.flags.placeholder = true)
        .step("ls", None);
    let (result, events) = bench.run().await;
    assert_eq!(result.expect("it runs").steps, [Verdict::NotRun, Verdict::Ran]);
    assert_eq!(
        story(&events)[1..5],
        ["step touch made", "ended NotRun placeholder", "step ls", "attempt Exited(0) \"\""]
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
async fn a_record_names_no_path_of_this_machine() {
    let mut bench = Bench::new()
        .script(Script::Setup, "echo made $PWD/data\n")
        .script(Script::Cleanup, ". ./none.sh; (exit 3)\n")
        .step("cat https://example.com/a.txt none", Some("none"))
        .but(|step| step.effect = Effect::Changes);
    let root = bench.plan.root.display().to_string();
    let file = bench.plan.root.join("a.txt");
    let step = &mut bench.plan.steps[0];
    step.command = format!("cat {} none", file.display());
    step.portable = "cat a.txt none".to_owned();
    step.mirrored = vec![Mirrored { url: "https://example.com/a.txt".to_owned(), file }];
    let (_, events) = bench.run().await;
    let story = story(&events);
    assert_eq!(story[1], "setup.sh Some(0) \"made data\\n\"");
    let missing = "cat: https://example.com/a.txt: No such file or directory";
    assert!(story[3].contains(missing), "{story:?}");
    let Event::StepStarted(started) = &events[2] else { panic!("{story:?}") };
    assert_eq!(started.executed.as_deref(), Some("cat a.txt none"));
    let record = events.iter().map(|event| serde_json::to_string(event).expect("JSON"));
    let record: String = record.collect();
    assert!(!record.contains(&root), "{record}");
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
