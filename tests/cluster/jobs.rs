//! Labs that run at once, each on a cluster of its own.

use std::fs;

use jiff::Timestamp;
use labbook::record;

use super::turns;
use super::workbook::Workbook;

/// A page that makes an object, and shows when its cluster's first namespace was made.
fn page(own: &str) -> String {
    format!(
        "```console\n$ kubectl create configmap lab --from-literal=of={own}\n\
         configmap/lab created\n$ kubectl get configmap lab -o 'jsonpath={{.data.of}}'\n{own}\n\
         $ kubectl get configmaps -o name\nconfigmap/kube-root-ca.crt\nconfigmap/lab\n\
         $ kubectl get ns default -o 'jsonpath={{.metadata.creationTimestamp}}'\n\
         2026-01-01T00:00:00Z\n```\n"
    )
}

#[test]
fn labs_that_run_at_once_have_each_a_fresh_cluster() {
    let _turn = turns::all();
    let workbook = Workbook::of_page(&page("one"), "true\n");
    workbook.write("other.md", &page("other"));
    let arguments = ["verify", "lab.md", "other.md", "--jobs", "2", "--format", "json"];
    let end = workbook.run(&arguments).ends_with(0);
    let [one, other] = end.labs().map(|lab| {
        lab.passes();
        let report = fs::read_to_string(workbook.path("").join(&lab.report)).expect("a report");
        let made = report.lines().rev().nth(1).and_then(|line| line.parse::<Timestamp>().ok());
        let record = record::read(&workbook.path("").join(&lab.record)).expect("it can be read");
        let ended = record.closing().expect("it was closed").ended;
        (made.unwrap_or_else(|| panic!("{report}")), ended)
    });
    // Each cluster was there before the other's lab had ended.
    assert!(one.0 < other.1 && other.0 < one.1, "{one:?} {other:?}");
}
