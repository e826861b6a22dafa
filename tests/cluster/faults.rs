//! The first lab with one fault at a time: each is found, in the step that
//! shows it, and told by its cause.

use labbook::record::Explanation;

use super::outcome::Lab;
use super::turns;
use super::workbook::{SEED, Workbook};

/// Verifies the lab with the setup of `tests/faults/FAULT`, which shows first
/// in `step`, counted from 0.
#[track_caller]
fn verify(fault: &str, step: usize) -> Lab {
    let _turn = turns::one();
    let workbook = Workbook::with_fault(fault);
    workbook.run(&["verify", SEED, "--format", "json"]).differs_first_in(step)
}

fn at(line: usize) -> impl Fn(&Explanation) -> bool {
    move |cause| cause.line == Some(line)
}

fn cell(line: usize, column: &str, old: &str, new: &str) -> impl Fn(&Explanation) -> bool {
    move |cause| {
        cause.line == Some(line)
            && cause.column.as_deref() == Some(column)
            && cause.old.as_deref() == Some(old)
            && cause.new.as_deref() == Some(new)
    }
}

#[test]
fn claims_without_a_storage_class_stay_pending() {
    let lab = verify("1-no-storage-class", 0);
    for line in [24, 25] {
        lab.steps[0]
            .differs_by("a claim that is pending", cell(line, "STATUS", "Bound", "Pending"));
    }
    lab.steps[0].differs_by("a pod that is pending", cell(8, "STATUS", "Running", "Pending"));
}

#[test]
fn an_application_that_crashes_is_found_between_two_crashes_too() {
    let lab = verify("2-crashing-application", 0);
    lab.steps[0]
        .differs_by("a pod that does not stay ready", |cause| matches!(cause.line, Some(8 | 9)));
}

#[test]
fn a_replica_that_is_missing_is_named() {
    let lab = verify("3-one-replica", 0);
    lab.steps[0].differs_by("the missing pod", |cause| {
        cause.kind == "missing-row" && at(9)(cause) && cause.text.contains("app-python-1")
    });
    lab.steps[0].differs_by("the StatefulSet", cell(15, "READY", "2/2", "1/1"));
}

#[test]
fn a_pod_that_another_service_governs_has_no_name() {
    let lab = verify("4-another-service-name", 8);
    assert_eq!(lab.steps[8].exit_code, Some(1), "{:#?}", lab.steps[8]);
    lab.steps[8].differs_by("the answer", |cause| {
        cause.kind == "dns" && at(88)(cause) && cause.new.as_deref() == Some("NXDOMAIN")
    });
}

#[test]
fn a_counter_that_does_not_outlive_its_pod_is_another() {
    let lab = verify("5-counter-off-the-claim", 5);
    lab.steps[5].differs_by("the counter", |cause| {
        at(65)(cause) && cause.old.as_deref() == Some("16") && cause.new.as_deref() == Some("0")
    });
    assert!(lab.steps[4].passed(), "the claims are the same: {:#?}", lab.steps[4]);
}

#[test]
fn addresses_that_are_swapped_are_found_though_the_page_shows_neither() {
    let lab = verify("7-swapped-addresses", 8);
    let swapped = |line| {
        move |cause: &Explanation| {
            let names = ["app-python-0", "app-python-1"];
            cause.kind == "fact"
                && at(line)(cause)
                && names.iter().all(|name| cause.text.contains(&format!("pod {name}")))
        }
    };
    lab.steps[8].differs_by("the address of app-python-0", swapped(88));
    assert_eq!(lab.steps[9].verdict, labbook::record::Verdict::Different, "{:#?}", lab.steps[9]);
    lab.steps[9].differs_by("the address of app-python-1", swapped(98));
}

#[test]
fn a_setup_that_fails_is_no_result_and_shows_what_it_printed() {
    let _turn = turns::one();
    let workbook = Workbook::with_fault("failing-setup");
    let outcome = workbook.run(&["verify", SEED]).ends_with(5);
    let printed = format!("{}{}", outcome.stdout, outcome.stderr);
    for line in [
        "the applications are on their way",
        r#"Error from server (NotFound): deployments.apps "of-another-lab" not found"#,
        "tests/faults/failing-setup/setup.sh",
    ] {
        assert!(printed.contains(line), "{line:?} is not told\n{outcome}");
    }
}
