//! Results that are waited for, and those that are not.

use std::time::Duration;

use labbook::cluster::Observer;
use labbook::plan::Effect;
use labbook::record::{Ended, Event, Verdict};
use labbook::run::Stop;

use super::{Bench, stand_in, story};
use crate::api::{Api, ready_pod};

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
    let took = events.iter().find_map(|event| match event {
        Event::StepEnded(ended) => Some(ended.took_ms),
        _ => None,
    });
    assert!(took.is_some_and(|took| took >= 300), "{took:?}: the pauses belong to the step");
}

#[tokio::test]
async fn a_wait_ends_and_a_missing_program_is_no_difference() {
    let bench = Bench::new()
        .step("echo old", Some("new"))
        .but(|step| step.wait = Duration::from_millis(300))
        .step("no-such-program", Some("fine"))
        .step("no-such-program | grep fine", Some("fine"));
    let (result, events) = bench.run().await;
    let steps = result.expect("it runs").steps;
    assert_eq!(steps, [Verdict::Different, Verdict::Error, Verdict::Error]);
    let story = story(&events);
    assert!(story.iter().filter(|each| *each == "attempt Exited(0) \"old\\n\"").count() > 2);
    assert_eq!(story[story.len() - 2], "ended Error not-installed");
    let missing = |event: &&Event| matches!(event, Event::AttemptEnded(attempt) if attempt.ended == Ended::Exited(127));
    assert_eq!(events.iter().filter(missing).count(), 1);
    let last = events
        .iter()
        .filter(|event| matches!(event, Event::AttemptEnded(attempt) if attempt.step == 2));
    assert_eq!(last.count(), 1);
}

/// How often each step was tried.
fn attempts(events: &[Event]) -> Vec<u32> {
    let ended = events.iter().filter_map(|event| match event {
        Event::StepEnded(ended) => Some(ended.attempts),
        _ => None,
    });
    ended.collect()
}

#[tokio::test]
async fn without_a_cluster_nothing_changes_by_itself() {
    let counting = "echo x >>count; wc -l <count";
    let bench = Bench::new()
        .step(counting, Some("2"))
        .but(|step| step.wait_is_given = false)
        .step(counting, Some("4"));
    let (result, events) = bench.run().await;
    assert_eq!(result.expect("it runs").steps, [Verdict::Different, Verdict::Same]);
    // The first was not waited for, so the wait of the second is whole.
    assert_eq!(attempts(&events), [1, 3]);
}

#[tokio::test]
async fn what_runs_in_the_background_may_change_a_result() {
    let bench = Bench::new()
        .step("sleep 1000 >/dev/null &", None)
        .but(|step| step.effect = Effect::Changes)
        .step("echo x >>count; wc -l <count", Some("3"))
        .but(|step| step.wait_is_given = false);
    let (result, events) = bench.run().await;
    assert_eq!(result.expect("it runs").steps, [Verdict::Ran, Verdict::Same]);
    assert_eq!(attempts(&events), [1, 3], "{:?}", story(&events));
}

#[tokio::test]
async fn without_a_cluster_its_clients_are_not_run() {
    let bench = Bench::new()
        .step("touch made", None)
        .but(|step| step.step.needs = vec!["kubectl".to_owned()])
        .step("ls", Some("lab"));
    let bench = bench.but(|step| step.wait = Duration::from_millis(200));
    let (result, events) = bench.run().await;
    assert_eq!(result.expect("it runs").steps[0], Verdict::NotRun);
    assert_eq!(story(&events)[2], "ended NotRun no-cluster");
    assert!(!bench.directory.path().join("made").exists());
}

#[tokio::test]
async fn without_a_cluster_a_command_that_asks_one_is_not_tried_again() {
    let refused = "The connection to the server localhost:8080 was refused - did you specify the \
                   right host or port?";
    let bench = Bench::new().step(&format!("echo {refused:?} >&2; (exit 1)"), Some("NAME   AGE"));
    let (result, events) = bench.run().await;
    assert_eq!(result.expect("it runs").steps, [Verdict::Error]);
    let story = story(&events);
    assert_eq!(story[3], "ended Error no-cluster");
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
    let mut sink = |event: &Event| events.push(event.clone());
    let run = Box::pin(bench.run_with(Some(&observer), Stop::never(), &mut sink));
    let outcome = run.await.expect("it runs");
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
