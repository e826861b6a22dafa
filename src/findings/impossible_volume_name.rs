//! Names of provisioned volumes that no provisioner makes.

use std::collections::BTreeSet;

use super::shown::Shown;
use super::{Finding, place};
use crate::lab::{Diagnostic, Role, Severity};
use crate::printed::name::is_uuid;

pub(super) static FINDING: Finding = Finding {
    id: "impossible-volume-name",
    severity: Severity::Warning,
    summary: "\
A claim is bound to a volume whose name begins with `pvc-` as that of a provisioned volume, but \
does not go on with the claim's UID (`pvc-1f0c5a1e-3c4b-4b0e-9d52-0a3a6bb2f1c7`, with some \
provisioners its hexadecimal digits alone); so the output was typed or changed by hand. Volumes \
that the page itself makes may have any name.",
    example: "\
```console
$ kubectl get pvc
NAME   STATUS   VOLUME        CAPACITY   ACCESS MODES   STORAGECLASS   AGE
data   Bound    pvc-1234-ab   1Gi        RWO            standard       30s
```
",
    instead: "\
```console
$ kubectl get pvc
NAME   STATUS   VOLUME                                     CAPACITY   ACCESS MODES   STORAGECLASS   AGE
data   Bound    pvc-1f0c5a1e-3c4b-4b0e-9d52-0a3a6bb2f1c7   1Gi        RWO            standard       30s
```
",
    find: Some(find),
};

fn find(shown: &Shown<'_>) -> Vec<Diagnostic> {
    let made = std::cell::LazyCell::new(|| made(shown));
    let mut found = Vec::new();
    for at in shown.tables.iter().filter(|at| at.table.kind() == Some("persistentvolumeclaim")) {
        let table = &at.table;
        let Some(column) = table.column("VOLUME") else {
            continue;
        };
        for row in &table.rows {
            let volume = row.cells[column].as_str();
            let class = table.cell(row, "STORAGECLASS").unwrap_or_default();
            // A class makes the name; without one an author did.
            if class.is_empty() || class == "manual" || !is_wrong(volume) || made.contains(volume) {
                continue;
            }
            found.push(
                FINDING
                    .at(
                        place::cell(shown.document, row, column),
                        format!(
                            "no provisioner made the volume `{volume}`: after `pvc-` stands a UID"
                        ),
                    )
                    .help("show what the command printed, as it printed it"),
            );
        }
    }
    found
}

/// Whether a name begins like that of a provisioned volume and does not go on as
/// one. What the author cut (`pvc-1f0c...`, `pvc-<uid>`) is no name.
fn is_wrong(volume: &str) -> bool {
    let Some(rest) = volume.strip_prefix("pvc-") else {
        return false;
    };
    let whole = rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let cut = rest.len() >= 8 && rest.bytes().all(|byte| byte.is_ascii_hexdigit());
    let digits = rest.contains(|char: char| char.is_ascii_digit());
    !rest.is_empty() && whole && digits && !is_uuid(rest) && !cut
}

/// The names beginning with `pvc-` in the manifests and commands of the page.
fn made(shown: &Shown<'_>) -> BTreeSet<String> {
    let fences = shown.document.fences().iter().zip(&shown.lab.fences);
    let files = fences.filter(|(_, reading)| reading.role == Role::File);
    let lines = files.flat_map(|(fence, _)| &fence.lines);
    let lines = lines.map(|line| shown.document.fence_line_text(line).into_owned());
    let commands = shown.lab.steps.iter().map(|step| step.command.text.clone());
    let mut names = BTreeSet::new();
    for text in lines.chain(commands) {
        let words = text.split(|char: char| !char.is_ascii_alphanumeric() && char != '-');
        names.extend(words.filter(|word| word.starts_with("pvc-")).map(str::to_owned));
    }
    names
}

#[cfg(test)]
mod tests {
    use super::FINDING;
    use crate::findings::tests::{drawn, ids_of};

    #[test]
    fn it_is_drawn() {
        insta::assert_snapshot!(drawn(FINDING.id, FINDING.example), @r"
        warning[impossible-volume-name]: no provisioner made the volume `pvc-1234-ab`: after `pvc-` stands a UID
         --> lab.md:4:17
          |
        4 | data   Bound    pvc-1234-ab   1Gi        RWO            standard       30s
          |                 ^^^^^^^^^^^
          |
          = help: show what the command printed, as it printed it
        ");
    }

    #[test]
    fn names_of_provisioners_and_authors_are_none() {
        for session in [
            "\
$ kubectl get pvc
NAME   STATUS    VOLUME                                     CAPACITY   ACCESS MODES   STORAGECLASS   AGE
a      Bound     pvc-1f0c5a1e-3c4b-4b0e-9d52-0a3a6bb2f1c7   1Gi        RWO            standard       3s
b      Bound     pvc-5a1c4cff15b14ce0                       1Gi        RWO            block          3s
c      Bound     data-volume-1                              1Gi        RWO            standard       3s
d      Pending                                                                        standard       3s
e      Bound     pvc-1f0c5a1e...                            1Gi        RWO            standard       3s
f      Bound     pvc-1                                      1Gi        RWO            manual         3s
",
            "\
$ kubectl get pv pvc-disk-1
NAME         CAPACITY   ACCESS MODES   RECLAIM POLICY   STATUS   CLAIM       STORAGECLASS   AGE
pvc-disk-1   1Gi        RWO            Retain           Bound    default/a   disks          3s
$ kubectl get pvc
NAME   STATUS   VOLUME       CAPACITY   ACCESS MODES   STORAGECLASS   AGE
a      Bound    pvc-disk-1   1Gi        RWO            disks          3s
",
        ] {
            assert!(!ids_of(session).contains(&FINDING.id), "{session}");
        }
    }
}
