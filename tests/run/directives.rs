//! Hidden commands of a page, and steps that it has skipped.

use labbook::plan::{Effect, Mirrored, PlannedFile};
use labbook::record::{Script, Verdict};

use super::{Bench, story};

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
async fn what_a_command_reads_is_given() {
    let bench = Bench::new()
        .step("read x; cat; echo \"<$x>\"", Some("two\n<one>"))
        .but(|step| {
            step.stdin = Some("one\ntwo\n".to_owned());
            step.step.flags.interactive = true;
        })
        .step("cat", None)
        .step("test -t 1 && cat", Some("tty"))
        .but(|step| (step.stdin, step.terminal) = (Some("tty\n".to_owned()), true));
    let (result, events) = bench.run().await;
    let verdicts = result.expect("it runs").steps;
    assert_eq!(verdicts, [Verdict::Same, Verdict::Ran, Verdict::Same], "{:?}", story(&events));
}

#[tokio::test]
async fn files_of_the_page_are_written_before_their_step() {
    let file = |before: usize, path: &str, content: &str| PlannedFile {
        before,
        path: path.to_owned(),
        content: content.to_owned(),
    };
    let mut bench = Bench::new()
        .step("ls a 2>&1 | wc -l; cd /", Some("1"))
        .but(|step| step.effect = Effect::Changes)
        .step("cat \"$OLDPWD/a/b.txt\"", Some("it's $x"));
    bench.plan.files = vec![file(1, "a/b.txt", "it's $x\n")];
    let (result, events) = bench.run().await;
    assert_eq!(result.expect("it runs").verdict, Verdict::Same, "{:?}", story(&events));
    bench.plan.files.push(file(2, "a", "no file\n"));
    let (result, _) = bench.run().await;
    let error = result.expect_err("a directory is there").to_string();
    assert!(error.starts_with("write the page's file a: Is a directory"), "{error}");
}

#[tokio::test]
async fn a_step_that_is_skipped_says_nothing_of_the_page() {
    let bench = Bench::new()
        .step("echo first", Some("another"))
        .but(|step| {
            step.skip = Some("it is too dear".to_owned());
            // What would be refused is skipped all the same.
            step.step.flags.placeholder = true;
        })
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
async fn a_hidden_command_names_no_path_of_this_machine() {
    let mut bench = Bench::new().hidden(Script::Setup, 3, "").step("true", None);
    let file = bench.directory.path().join("mirror/a.yaml");
    let url = "https://example.com/a.yaml".to_owned();
    let hidden = &mut bench.plan.hidden_setup[0];
    hidden.command = format!("echo {0}; echo {0}.old", file.display());
    hidden.mirrored = vec![Mirrored { url, file }];
    let (_, events) = bench.run().await;
    assert_eq!(
        story(&events)[1],
        "lab.md:3 Some(0) \"https://example.com/a.yaml\\nmirror/a.yaml.old\\n\""
    );
}
