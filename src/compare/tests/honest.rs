//! Honest runs of the `StatefulSet` page.

use super::world::World;
use crate::record::Verdict::{self, Drift, Same};

#[test]
fn an_honest_run_is_the_same_result() {
    let judgements = World::healthy().run();
    let verdicts: Vec<Verdict> = judgements.iter().map(|judgement| judgement.verdict).collect();
    let texts: Vec<_> = judgements.iter().flat_map(|judgement| &judgement.explanation).collect();
    assert_eq!(
        verdicts,
        [Drift, Same, Same, Drift, Same, Same, Same, Same, Drift, Drift],
        "{texts:#?}"
    );
    let drifts: Vec<(&str, usize, &str)> = texts
        .iter()
        .map(|told| (told.kind.as_str(), told.line.unwrap_or(0), told.text.as_str()))
        .collect();
    assert_eq!(
        drifts,
        [
            (
                "restarts",
                8,
                "pod/helm-hooks-app-python-6d8bb4c7f9-2w4lt was restarted less often (0) than the page shows (4)"
            ),
            (
                "restarts",
                9,
                "pod/python-app-app-python-7c9d64c5f4-qz8vj was restarted less often (0) than the page shows (2)"
            ),
            (
                "restarts",
                10,
                "pod/python-app-app-python-7c9d64c5f4-7bnxk was restarted less often (0) than the page shows (2)"
            ),
            (
                "wording",
                46,
                "`pod \"app-python-0\" deleted` reads `pod \"app-python-0\" deleted from default namespace` here: since 1.34 kubectl names the namespace"
            ),
            ("remark", 85, "there is a remark: `;; Got recursion not available from 10.96.0.10`"),
            ("remark", 96, "there is a remark: `;; Got recursion not available from 10.96.0.10`"),
        ]
    );
}

#[test]
fn ages_widths_orders_and_counters_are_free() {
    for age in ["0s", "119s", "9m59s", "179m", "7h59m", "47h", "7d23h", "729d", "2y11d", "9y"] {
        let mut world = World::healthy();
        world.first().age = age;
        world.wider = 9;
        world.pods.swap(3, 4);
        world.visits = ["1", "0", "1"];
        assert_eq!(world.different(), [0_usize; 0], "{age}");
    }
}

#[test]
fn restarts_up_to_the_recorded_ones_are_free() {
    let mut world = World::healthy();
    world.pods[2].restarts = "4 (80s ago)";
    world.pods[2].before = 4;
    world.pods[4].restarts = "1 (80s ago)";
    world.pods[4].before = 1;
    assert_eq!(world.different(), [0_usize; 0]);
}

#[test]
fn the_new_addresses_may_be_the_recorded_ones_exchanged() {
    let mut world = World::healthy();
    world.pods[0].ip = "10.244.0.218";
    world.pods[1].ip = "10.244.0.220";
    world.answers = [Some("10.244.0.218"), Some("10.244.0.220")];
    assert_eq!(world.different(), [0_usize; 0]);
}
