//! Claims that are bound to another volume though nothing replaced them.

use std::collections::HashMap;

use super::commands::Kept;
use super::shown::Shown;
use super::{Finding, place};
use crate::lab::{Diagnostic, Severity};
use crate::printed::table::Row;

pub(super) static FINDING: Finding = Finding {
    id: "changing-volume",
    severity: Severity::Warning,
    summary: "\
The page shows one claim bound to two volumes, one after the other, and no command between that \
could have replaced the claim. A claim stays bound to its volume; that it does is often what the \
lab is to show. So the outputs are of two runs, or one was typed.",
    example: "\
```console
$ kubectl get pvc
NAME         STATUS   VOLUME                                     CAPACITY   ACCESS MODES   STORAGECLASS   AGE
data-web-0   Bound    pvc-1f0c5a1e-3c4b-4b0e-9d52-0a3a6bb2f1c7   1Gi        RWO            standard       30s
$ kubectl delete pod web-0
pod \"web-0\" deleted
$ kubectl get pvc
NAME         STATUS   VOLUME                                     CAPACITY   ACCESS MODES   STORAGECLASS   AGE
data-web-0   Bound    pvc-7a2f9be4-55d1-4f3c-8f6b-62c1d90e4b11   1Gi        RWO            standard       50s
```
",
    instead: "\
```console
$ kubectl get pvc
NAME         STATUS   VOLUME                                     CAPACITY   ACCESS MODES   STORAGECLASS   AGE
data-web-0   Bound    pvc-1f0c5a1e-3c4b-4b0e-9d52-0a3a6bb2f1c7   1Gi        RWO            standard       30s
$ kubectl delete pod web-0
pod \"web-0\" deleted
$ kubectl get pvc
NAME         STATUS   VOLUME                                     CAPACITY   ACCESS MODES   STORAGECLASS   AGE
data-web-0   Bound    pvc-1f0c5a1e-3c4b-4b0e-9d52-0a3a6bb2f1c7   1Gi        RWO            standard       50s
```
",
    find: Some(find),
};

/// A bound claim at one place of the page.
struct Seen<'a> {
    step: usize,
    row: &'a Row,
    column: usize,
    claim: &'a str,
    namespace: Option<&'a str>,
    volume: &'a str,
}

fn find(shown: &Shown<'_>) -> Vec<Diagnostic> {
    let seen = claims(shown);
    let mut found = Vec::new();
    let mut places: HashMap<(&str, Option<&str>), &Seen<'_>> = HashMap::new();
    for last in &seen {
        let Some(first) = places.insert((last.claim, last.namespace), last) else {
            continue;
        };
        if first.volume == last.volume
            || first.step == last.step
            || !shown.untouched(first.step, last.step, Kept::Claims)
        {
            continue;
        }
        found.push(
            FINDING
                .at(
                    place::cell(shown.document, last.row, last.column),
                    format!(
                        "the claim `{}` is bound to another volume than on line {}, and nothing \
                         between replaced it",
                        last.claim, first.row.line
                    ),
                )
                .related(place::cell(shown.document, first.row, first.column), "its volume before")
                .help("show both outputs of one run, and each command that replaces the claim"),
        );
    }
    found
}

fn claims<'s>(shown: &'s Shown<'_>) -> Vec<Seen<'s>> {
    let tables = shown.tables.iter().filter(|at| at.table.kind() == Some("persistentvolumeclaim"));
    tables
        .filter_map(|at| Some((at, at.table.column("VOLUME")?)))
        .flat_map(|(at, column)| {
            at.table.rows.iter().filter_map(move |row| {
                let volume = row.cells[column].as_str();
                let whole = !volume.is_empty() && !volume.contains(['.', '…', '<']);
                whole.then_some(Seen {
                    step: at.step,
                    row,
                    column,
                    claim: at.table.name(row)?,
                    namespace: at.table.namespace(row).or_else(|| shown.namespace(at.step)),
                    volume,
                })
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::FINDING;
    use crate::findings::tests::{drawn, ids_of};

    #[test]
    fn it_is_drawn() {
        insta::assert_snapshot!(drawn(FINDING.id, FINDING.example), @r"
        warning[changing-volume]: the claim `data-web-0` is bound to another volume than on line 4, and nothing between replaced it
         --> lab.md:9:23
          |
        4 | data-web-0   Bound    pvc-1f0c5a1e-3c4b-4b0e-9d52-0a3a6bb2f1c7   1Gi        RWO            standard       30s
          |                       ---------------------------------------- its volume before
        ...
        9 | data-web-0   Bound    pvc-7a2f9be4-55d1-4f3c-8f6b-62c1d90e4b11   1Gi        RWO            standard       50s
          |                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          |
          = help: show both outputs of one run, and each command that replaces the claim
        ");
    }

    #[test]
    fn claims_that_may_be_others_are_none() {
        for session in [
            "\
$ kubectl get pvc
NAME   STATUS   VOLUME                                     CAPACITY   ACCESS MODES   STORAGECLASS   AGE
data   Bound    pvc-1f0c5a1e-3c4b-4b0e-9d52-0a3a6bb2f1c7   1Gi        RWO            standard       3s
$ kubectl delete pvc data
persistentvolumeclaim \"data\" deleted
$ kubectl get pvc
NAME   STATUS   VOLUME                                     CAPACITY   ACCESS MODES   STORAGECLASS   AGE
data   Bound    pvc-7a2f9be4-55d1-4f3c-8f6b-62c1d90e4b11   1Gi        RWO            standard       3s
",
            "\
$ kubectl get pvc -n a
NAME   STATUS   VOLUME                                     CAPACITY   ACCESS MODES   STORAGECLASS   AGE
data   Bound    pvc-1f0c5a1e-3c4b-4b0e-9d52-0a3a6bb2f1c7   1Gi        RWO            standard       3s
$ kubectl get pvc -n b
NAME   STATUS   VOLUME                                     CAPACITY   ACCESS MODES   STORAGECLASS   AGE
data   Bound    pvc-7a2f9be4-55d1-4f3c-8f6b-62c1d90e4b11   1Gi        RWO            standard       3s
$ ./reset.sh
$ kubectl get pvc -n a
NAME   STATUS   VOLUME                                     CAPACITY   ACCESS MODES   STORAGECLASS   AGE
data   Bound    pvc-0e6d2d0c-0f2c-4d0a-9d6e-4b7b4c1c7d22   1Gi        RWO            standard       3s
",
        ] {
            assert!(!ids_of(session).contains(&FINDING.id), "{session}");
        }
    }
}
