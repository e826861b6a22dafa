//! Commands that do not end by themselves.

use std::time::Duration;

use labbook::document::Document;
use labbook::lab::directives::Settings;
use labbook::lab::read;
use labbook::plan::{Conduct, PlannedStep};
use labbook::record::Verdict;

use super::{Bench, story};

const WATCHED: Conduct = Conduct::Watched { until: None };
const BACKGROUND: Conduct = Conduct::Background { until: None };

/// Has the step end, or go on, as such a command does, but for a page's `until`.
fn as_told(conduct: Conduct) -> impl FnOnce(&mut PlannedStep) {
    move |step| step.conduct = conduct
}

/// A pattern as a page gives it.
fn until(pattern: &str) -> Option<labbook::lab::directives::Pattern> {
    let page = format!("<!-- labbook: until = '{pattern}' -->\n```console\n$ tail -f a\n```\n");
    let (lab, _) = read(&Document::new(page.into_bytes()));
    lab.directives.of_step(0).and_then(|set: &Settings| set.pattern("until")).cloned()
}

#[tokio::test]
async fn a_command_is_interrupted_once_it_has_shown_what_the_page_shows() {
    let bench = Bench::new()
        .step("sh -c 'echo one; sleep 0.2; echo two; exec sleep 1000'", Some("one\ntwo"))
        .but(as_told(WATCHED))
        .step("sh -c 'echo shown; exec sleep 1000'", None)
        .but(as_told(WATCHED))
        .step("for i in $(seq 100); do echo $i; sleep 0.1; done", None)
        .but(as_told(Conduct::Watched { until: until("^3$") }))
        .step("echo ${x-alive}", Some("alive"));
    let (result, events) = bench.run().await;
    let story = story(&events);
    assert_eq!(
        result.expect("it runs").steps,
        [Verdict::Same, Verdict::Ran, Verdict::Ran, Verdict::Same],
        "{story:?}"
    );
    assert_eq!(story[2], "attempt Interrupted \"one\\ntwo\\n\"", "{story:?}");
    assert_eq!(story[5], "attempt Interrupted \"shown\\n\"", "{story:?}");
    assert!(story[8].starts_with("attempt Interrupted \"1\\n2\\n3\\n"), "{story:?}");
    assert!(!story[8].contains("100"), "{story:?}");
}

#[tokio::test]
async fn what_is_not_shown_in_its_time_is_said() {
    let short = |step: &mut PlannedStep| step.wait = Duration::from_millis(200);
    let bench = Bench::new()
        .step("sh -c 'echo one; exec sleep 1000'", Some("two"))
        .but(as_told(WATCHED))
        .but(short)
        .step("sh -c 'echo one; exec sleep 1000'", Some("one"))
        .but(as_told(Conduct::Watched { until: until("never") }))
        .but(short)
        .step("sh -c 'echo one; exec sleep 1000'", Some("one"))
        .but(as_told(Conduct::Background { until: until("never") }))
        .but(short);
    let (result, events) = bench.run().await;
    let verdicts = result.expect("it runs").steps;
    let story = story(&events);
    assert_eq!(verdicts, [Verdict::Different, Verdict::Error, Verdict::Error], "{story:?}");
    assert_eq!(story[6], "ended Error until");
}

#[tokio::test]
async fn what_serves_goes_on_and_what_it_prints_later_is_told() {
    let serve = "sh -c 'mkfifo in ack; exec 3<>in; echo serving; while read line <&3; do \
                 echo got $line; echo heard >ack; done'";
    let bench = Bench::new()
        .step(serve, Some("serving\ngot a"))
        .but(as_told(Conduct::Background { until: until("serving") }))
        .step("echo a >in; cat ack", Some("heard"))
        .step("echo b >in; cat ack", None);
    let (result, events) = bench.run().await;
    let story = story(&events);
    assert_eq!(
        result.expect("it runs").steps,
        [Verdict::Drift, Verdict::Same, Verdict::Ran],
        "{story:?}"
    );
    assert_eq!(story[2..4], ["attempt Running \"serving\\n\"", "ended Drift later-output"]);
    let late: String =
        story.iter().filter_map(|told| told.strip_prefix("late 0 \"")?.strip_suffix('"')).collect();
    assert_eq!(late, "got a\\ngot b\\n", "{story:?}");
    assert!(story.last().is_some_and(|last| last.starts_with("closing ")), "{story:?}");
}

#[tokio::test]
async fn what_listens_is_ready() {
    let serve = "perl -MIO::Socket::INET -e 'IO::Socket::INET->new(Listen => 1, LocalAddr => \"127.0.0.1:0\") or die; \
                 sleep 1000'";
    let bench = Bench::new().step(serve, None).but(as_told(BACKGROUND)).step("echo on", Some("on"));
    let (result, events) = bench.run().await;
    let story = story(&events);
    assert_eq!(result.expect("it runs").steps, [Verdict::Ran, Verdict::Same], "{story:?}");
    assert_eq!(story[2], "attempt Running \"\"", "{story:?}");
}

#[tokio::test]
async fn what_ends_before_it_is_ready_failed() {
    let bench = Bench::new()
        .step("sh -c 'echo no; exit 3'", Some("serving"))
        .but(as_told(BACKGROUND))
        .but(|step| step.wait = Duration::from_millis(300));
    let (result, events) = bench.run().await;
    let story = story(&events);
    assert_eq!(result.expect("it runs").steps, [Verdict::Different]);
    assert!(
        story.iter().filter(|told| *told == "attempt Exited(3) \"no\\n\"").count() > 1,
        "{story:?}"
    );
    assert!(story.iter().any(|told| told == "ended Different exit-code"), "{story:?}");
}
