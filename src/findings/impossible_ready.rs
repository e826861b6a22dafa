//! Pods whose READY and STATUS cannot be true together.

use super::shown::Shown;
use super::{Finding, place};
use crate::lab::{Diagnostic, Severity};

pub(super) static FINDING: Finding = Finding {
    id: "impossible-ready",
    severity: Severity::Warning,
    summary: "\
A pod's READY contradicts itself or its STATUS: more containers are ready than there are, or all \
are while the pod waits, crashes or has ended. kubectl counts the containers that run and are \
ready, and takes STATUS from one that does not run; so the output was typed or changed by hand. A \
pod that runs and is not ready (`0/1 Running`) is not meant.",
    example: "\
```console
$ kubectl get pods
NAME   READY   STATUS              RESTARTS   AGE
web    2/1     Running             0          30s
db     1/1     ContainerCreating   0          2s
```
",
    instead: "\
```console
$ kubectl get pods
NAME   READY   STATUS              RESTARTS   AGE
web    1/1     Running             0          30s
db     0/1     ContainerCreating   0          2s
```
",
    find: Some(find),
};

fn find(shown: &Shown<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (at, row) in shown.pods() {
        let table = &at.table;
        let (Some(column), Some(cell), Some(status)) =
            (table.column("READY"), table.cell(row, "READY"), table.cell(row, "STATUS"))
        else {
            continue;
        };
        let Some((ready, all)) = cell
            .split_once('/')
            .and_then(|(ready, all)| Some((ready.parse::<u32>().ok()?, all.parse::<u32>().ok()?)))
        else {
            continue;
        };
        let message = if ready > all {
            format!("{ready} containers are ready, and there are {all}")
        } else if ready == all && ready > 0 && needs_one_that_is_not_ready(status) {
            format!("all containers are ready, and STATUS is `{status}`")
        } else {
            continue;
        };
        found.push(
            FINDING
                .at(place::cell(shown.document, row, column), message)
                .help("show what the command printed, as it printed it"),
        );
    }
    found
}

/// Whether kubectl shows this status only of a pod of which some container does
/// not run. `Terminating` is shown of any pod, `Error` of a pod of a lost node.
fn needs_one_that_is_not_ready(status: &str) -> bool {
    matches!(
        status,
        "Pending"
            | "ContainerCreating"
            | "PodInitializing"
            | "CrashLoopBackOff"
            | "ImagePullBackOff"
            | "ErrImagePull"
            | "ErrImageNeverPull"
            | "InvalidImageName"
            | "CreateContainerConfigError"
            | "CreateContainerError"
            | "RunContainerError"
            | "Completed"
    ) || status.starts_with("Init:")
}
