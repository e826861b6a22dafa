//! Runs of the `StatefulSet` page with one fault each.

use super::world::World;

#[test]
fn claims_without_a_storage_class_differ_at_the_first_step() {
    let mut world = World::healthy();
    for claim in &mut world.claims {
        (claim.1, claim.2) = ("Pending", "");
    }
    world.pods[0].ready = "0/1";
    world.pods[0].status = "Pending";
    world.pods.remove(1);
    world.ready = "0/2";
    assert_eq!(world.different()[0], 1);
    assert_eq!(
        world.cause(1),
        "cell: the STATUS of persistentvolumeclaim/app-python-data-app-python-0 is `Pending`; the page shows `Bound`"
    );
}

#[test]
fn an_application_that_crashes_differs_at_the_first_step() {
    let mut world = World::healthy();
    world.first().restarts = "1 (2s ago)";
    assert_eq!(world.different(), [1]);
    assert_eq!(
        world.cause(1),
        "restarts: pod/app-python-0 was restarted once while the page ran: its container crashes"
    );

    let mut world = World::healthy();
    world.first().status = "CrashLoopBackOff";
    world.first().ready = "0/1";
    assert_eq!(world.different(), [1]);
}

#[test]
fn restarts_during_the_run_differ_though_the_page_shows_more() {
    let mut world = World::healthy();
    world.pods[3].restarts = "1 (2s ago)";
    assert_eq!(world.different(), [1]);
}

#[test]
fn one_replica_only_differs_at_the_first_step() {
    let mut world = World::healthy();
    world.pods.remove(1);
    world.claims.remove(1);
    world.ready = "1/1";
    assert_eq!(world.different()[0], 1);
    let texts: Vec<String> =
        world.run()[0].explanation.iter().map(|told| told.text.clone()).collect();
    assert!(
        texts
            .iter()
            .any(|text| text.contains("pod/app-python-1, which the page shows, is missing")),
        "{texts:#?}"
    );
    assert!(texts.iter().any(|text| text.contains("is `1/1`; the page shows `2/2`")), "{texts:#?}");
}

#[test]
fn a_name_that_does_not_exist_differs_where_it_is_asked() {
    let mut world = World::healthy();
    world.answers = [None, None];
    assert_eq!(world.different(), [9, 10]);
    assert_eq!(
        world.cause(9),
        "dns: the name app-python-0.app-python.default.svc.cluster.local does not exist here (NXDOMAIN); \
         the page shows 10.244.0.220 for it"
    );
}

#[test]
fn a_counter_that_was_not_kept_differs_where_it_is_read_again() {
    let mut world = World::healthy();
    world.visits = ["3", "5", "0"];
    assert_eq!(world.different(), [6]);
    assert_eq!(
        world.cause(6),
        "identity: the page shows 16 on line 29 and again on line 62; this run printed 3 there and 0 here: \
         the value was not kept"
    );
    assert!(world.run()[5].hopeless);
}

#[test]
fn two_counters_that_differ_must_differ() {
    let mut world = World::healthy();
    world.visits = ["3", "3", "3"];
    assert_eq!(world.different(), [3]);
}

#[test]
fn a_claim_that_was_replaced_differs_where_it_is_shown_again() {
    let mut world = World::healthy();
    world.later_claims[0].2 = "pvc-99999999-7d61-4b5e-8f35-5c8a2f6f0d01";
    assert_eq!(world.different(), [5]);
    assert_eq!(
        world.cause(5),
        "identity: the VOLUME of app-python-data-app-python-0 should be the same volume as on line 22: the page shows \
         pvc-ef4064c4-3d80-4a72-9f5c-28e597a8ffa1 on both, but this run showed \
         pvc-0b9a11f2-7d61-4b5e-8f35-5c8a2f6f0d01 there and pvc-99999999-7d61-4b5e-8f35-5c8a2f6f0d01 here"
    );
    assert!(world.run()[4].hopeless);
}

#[test]
fn exchanged_claims_differ() {
    let mut world = World::healthy();
    let (first, second) = (world.later_claims[0].2, world.later_claims[1].2);
    (world.later_claims[0].2, world.later_claims[1].2) = (second, first);
    assert_eq!(world.different(), [5]);
}

#[test]
fn exchanged_addresses_differ_through_the_facts() {
    let mut world = World::healthy();
    world.answers.swap(0, 1);
    assert_eq!(world.different(), [9, 10]);
    assert_eq!(
        world.cause(9),
        "fact: app-python-0.app-python.default.svc.cluster.local resolves to 10.244.0.11, which is the address of pod \
         app-python-1; pod app-python-0 has 10.244.0.9"
    );
    assert!(!world.run()[8].hopeless, "an answer may be late");
}

#[test]
fn one_address_for_both_differs() {
    let mut world = World::healthy();
    world.answers = [Some("10.244.0.9"), Some("10.244.0.9")];
    assert_eq!(world.different(), [10]);
}
