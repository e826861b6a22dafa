//! Programs that read what is typed, and what is typed in them.

use std::time::Duration;

use labbook::lab::Opened;
use labbook::plan::{Conduct, Effect, PlannedStep};
use labbook::record::Verdict;

use super::{Bench, story};

/// A shell with a prompt of its own.
const SHELL: &str = "env PS1='/ # ' PS2='> ' sh -i";

fn opens(step: &mut PlannedStep) {
    step.conduct = Conduct::Opens;
    step.effect = Effect::Changes;
    step.timeout = Duration::from_secs(20);
}

fn typed(step: &mut PlannedStep) {
    typed_in(0, step);
}

/// Has a step typed in the program that this one opened.
fn typed_in(opened: usize, step: &mut PlannedStep) {
    step.conduct = Conduct::Typed { line: 1 };
    step.step.inside = Some(Opened { step: opened, line: 1 });
    step.effect = Effect::Changes;
    step.timeout = Duration::from_secs(20);
}

#[tokio::test]
async fn lines_are_typed_at_the_prompt_and_each_has_its_own_output() {
    let bench = Bench::new()
        .step(SHELL, None)
        .but(opens)
        .step("x=3", None)
        .but(typed)
        .step("echo $((x + 1)); echo done", Some("4\ndone"))
        .but(typed)
        .step("printf 'no end'", Some("no end"))
        .but(typed)
        .step("cat <<E\na  b\nE", Some("a  b"))
        .but(typed)
        .step("echo 111111111122222222223333333333444444444455555555556666666666777777777788888888889999999999", None)
        .but(typed)
        .step("PS1='other$ '", None)
        .but(typed)
        .step("echo on", Some("on"))
        .but(typed)
        .step("echo ${x-outside}", Some("outside"));
    let (result, events) = bench.run().await;
    let story = story(&events);
    let verdicts = result.expect("it runs").steps;
    assert!(verdicts.iter().all(|one| matches!(one, Verdict::Same | Verdict::Ran)), "{story:?}");
    assert_eq!(story[5], "attempt Answered \"\"", "{story:?}");
    assert_eq!(story[8], "attempt Answered \"4\\r\\ndone\\r\\n\"", "{story:?}");
    assert!(story[17].starts_with("attempt Answered \"11111111112"), "{story:?}");
    assert!(story.iter().any(|told| told == "attempt Exited(0) \"outside\\n\""), "{story:?}");
}

#[tokio::test]
async fn what_is_typed_where_nothing_is_open_is_not_run() {
    let bench = Bench::new()
        .step(SHELL, None)
        .but(opens)
        .step("exit 3", None)
        .but(typed)
        .step("echo lost", Some("lost"))
        .but(typed)
        .step("echo $?", Some("3"));
    let (result, events) = bench.run().await;
    let story = story(&events);
    assert_eq!(
        result.expect("it runs").steps,
        [Verdict::Ran, Verdict::Ran, Verdict::NotRun, Verdict::Same],
        "{story:?}"
    );
    assert!(story.contains(&"ended NotRun nested".to_owned()), "{story:?}");
}

#[tokio::test]
async fn a_prompt_that_never_comes_back_is_said() {
    let short = |step: &mut PlannedStep| step.timeout = Duration::from_millis(300);
    let bench = Bench::new()
        .step("sh -c 'echo hello; exec sleep 1000'", Some("hello"))
        .but(opens)
        .but(short)
        .step(SHELL, None)
        .but(opens)
        .step("sleep 1000", None)
        .but(|step| typed_in(1, step))
        .but(short)
        .step("echo $x", None)
        .but(|step| typed_in(1, step))
        .step("echo on", Some("on"));
    let (result, events) = bench.run().await;
    let story = story(&events);
    assert_eq!(
        result.expect("it runs").steps,
        [Verdict::Error, Verdict::Ran, Verdict::Error, Verdict::NotRun, Verdict::Same],
        "{story:?}"
    );
    assert_eq!(story[2..4], ["attempt Interrupted \"hello\\r\\n\"", "ended Error no-prompt"]);
}

#[tokio::test]
async fn a_block_that_an_empty_line_ends_is_ended() {
    let repl = "sh -c 'printf \">>> \"; while IFS= read -r line; do case \"$block$line\" in for*) block=+; \
                printf \"... \";; +) block=; echo done; printf \">>> \";; +*) printf \"... \";; \
                *) echo \"got $line\"; printf \">>> \";; esac; done'";
    let bench = Bench::new()
        .step(repl, None)
        .but(opens)
        .step("for i in range(2):\n    print(i)", Some("done"))
        .but(typed)
        .step("x", Some("got x"))
        .but(typed);
    let (result, events) = bench.run().await;
    let story = story(&events);
    assert_eq!(
        result.expect("it runs").steps,
        [Verdict::Ran, Verdict::Same, Verdict::Same],
        "{story:?}"
    );
}

#[tokio::test]
async fn nothing_is_typed_in_a_program_that_it_is_not_meant_for() {
    let bench = Bench::new()
        .step(SHELL, None)
        .but(opens)
        .step("x=secret", None)
        .but(typed)
        .step(SHELL, None)
        .but(opens)
        .but(|step| step.skip = Some("it is not there".to_owned()))
        .step("echo ${x-other}", Some("other"))
        .but(|step| typed_in(2, step));
    let (result, events) = bench.run().await;
    let story = story(&events);
    assert_eq!(
        result.expect("it runs").steps,
        [Verdict::Ran, Verdict::Ran, Verdict::NotRun],
        "{story:?}"
    );
    assert!(!story.iter().any(|told| told.contains("secret\\")), "{story:?}");
}
