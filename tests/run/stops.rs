//! Runs that are stopped before their end.

use std::cell::RefCell;

use labbook::cluster::Observer;
use labbook::record::{Event, Script, Verdict};
use labbook::run::stopper;

use super::{Bench, story};
use crate::api;

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
