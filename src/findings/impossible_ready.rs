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
/// not run: one that waits or has ended with that reason is not counted as ready.
/// `Terminating` and `Unknown` are shown of any pod, and `Evicted` is the pod's own
/// reason.
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
            | "ContainerCannotRun"
            | "StartError"
            | "Error"
            | "OOMKilled"
            | "Completed"
    ) || ["Init:", "ExitCode:", "Signal:"].iter().any(|start| status.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::FINDING;
    use crate::findings::tests::{drawn, ids_of};

    #[test]
    fn it_is_drawn() {
        insta::assert_snapshot!(drawn(FINDING.id, FINDING.example), @r"
        warning[impossible-ready]: 2 containers are ready, and there are 1
         --> lab.md:4:8
          |
        4 | web    2/1     Running             0          30s
          |        ^^^
          |
          = help: show what the command printed, as it printed it

        warning[impossible-ready]: all containers are ready, and STATUS is `ContainerCreating`
         --> lab.md:5:8
          |
        5 | db     1/1     ContainerCreating   0          2s
          |        ^^^
          |
          = help: show what the command printed, as it printed it
        ");
    }

    #[test]
    fn containers_that_ended_are_not_ready() {
        for status in ["Error", "OOMKilled", "ExitCode:3", "Init:Error"] {
            let session = format!(
                "$ kubectl get pods\nNAME   READY   STATUS       RESTARTS   AGE\n\
                 a      1/1     {status:<12} 0          3m\n"
            );
            assert!(ids_of(&session).contains(&FINDING.id), "{status}");
        }
    }

    #[test]
    fn what_a_pod_may_show_is_none() {
        for session in [
            "\
$ kubectl get pods
NAME   READY   STATUS              RESTARTS   AGE
a      0/1     Running             0          3s
b      1/2     CrashLoopBackOff    4          3m
c      1/2     ContainerCreating   0          3s
d      0/1     Completed           0          3m
e      1/1     Terminating         0          3m
h      1/1     Unknown             0          3m
f      2/3     Error               0          3m
g      0/1     Init:0/1            0          3s
",
            "\
$ kubectl get deployments
NAME   READY   UP-TO-DATE   AVAILABLE   AGE
web    3/2     2            3           3m
",
        ] {
            assert!(!ids_of(session).contains(&FINDING.id), "{session}");
        }
    }
}
