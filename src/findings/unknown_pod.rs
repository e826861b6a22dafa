//! Pods that a command names and nothing before showed or made.

use super::commands::{Kept, is_pod, leaves};
use super::shown::{Shown, ShownTable};
use super::{Finding, place};
use crate::lab::{Diagnostic, Severity};
use crate::printed::name;

pub(super) static FINDING: Finding = Finding {
    id: "unknown-pod",
    severity: Severity::Warning,
    summary: "\
A command names a pod that the page does not have: one with a generated name that no output or \
command before shows, so that a run cannot tell which of its own pods is meant; or any that a list \
of all pods just before does not hold. Either the output and the command are of two runs, or the \
list is missing.",
    example: "\
```console
$ kubectl get pods
NAME                  READY   STATUS    RESTARTS   AGE
web-7d4b8c9f5-x2x7n   1/1     Running   0          30s
$ kubectl logs web-7d4b8c9f5-q8mzt
ready
```
",
    instead: "\
```console
$ kubectl get pods
NAME                  READY   STATUS    RESTARTS   AGE
web-7d4b8c9f5-x2x7n   1/1     Running   0          30s
$ kubectl logs web-7d4b8c9f5-x2x7n
ready
```
",
    find: Some(find),
};

fn find(shown: &Shown<'_>) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = Vec::new();
    let mut told: Vec<&str> = Vec::new();
    for (index, step) in shown.lab.steps.iter().enumerate() {
        let errs = step
            .outputs
            .iter()
            .any(|output| output.text.contains("not found") || output.text.contains("NotFound"));
        if errs || step.flags.placeholder {
            continue;
        }
        for call in &shown.calls[index] {
            for (kind, pod) in call.named() {
                let known = told.contains(&pod) || pod.contains(['$', '`', '<', '*']);
                if known || !kind.is_none_or(is_pod) {
                    continue;
                }
                let generated = name::of_deployment(pod).is_some() || name::typed(pod).is_some();
                let list = listed_before(shown, index, call.namespace());
                let line = list.map(|at| at.table.line);
                let message = if generated && !is_shown_before(shown, index, pod) {
                    format!("the command names the pod `{pod}`, which nothing before shows")
                } else if let Some(line) = line.filter(|_| list.is_some_and(|at| !lists(at, pod))) {
                    format!(
                        "the command names the pod `{pod}`, which the list of line {line} lacks"
                    )
                } else {
                    continue;
                };
                told.push(pod);
                let mut diagnostic = FINDING
                    .at(place::word(shown.document, &step.command, pod), message)
                    .help(instead(&call.verb));
                if let Some(line) = line {
                    let place = place::trimmed(shown.document, line);
                    diagnostic = diagnostic.related(place, "the pods before");
                }
                found.push(diagnostic);
            }
        }
    }
    found
}

fn instead(verb: &str) -> String {
    let object = match verb {
        "exec" | "logs" | "attach" | "port-forward" => "deploy/NAME",
        _ => "pods -l app=NAME",
    };
    format!(
        "name a pod that the page shows, or none by its generated name: `kubectl {verb} {object}`"
    )
}

/// Whether the page has the name above a step, wherever.
fn is_shown_before(shown: &Shown<'_>, step: usize, pod: &str) -> bool {
    let start = shown.document.line(shown.lab.steps[step].command.first_line).start;
    shown.document.text()[..start].contains(pod)
}

/// The list of all pods of a namespace that still holds when a step begins.
fn listed_before<'s>(
    shown: &'s Shown<'_>,
    step: usize,
    namespace: Option<&str>,
) -> Option<&'s ShownTable> {
    let at = shown.tables.iter().rev().find(|at| {
        at.step < step && at.table.kind() == Some("pod") && !at.watched && !at.table.elided
    })?;
    let [call] = shown.calls[at.step].as_slice() else {
        return None;
    };
    let all = call.verb == "get"
        && call.operands.len() == 1
        && call.operands[0].split(',').any(|kind| is_pod(kind) || kind == "all")
        && !call.has(&["l", "selector", "field-selector", "f", "filename", "A", "all-namespaces"])
        && call.namespace() == namespace
        // Nothing that filters.
        && !shown.lab.steps[at.step].command.text.contains(['|', ';', '&']);
    let holds = shown.plan.steps[at.step..step]
        .iter()
        .skip(1)
        .all(|step| leaves(step, Kept::Pods) && !makes_pods(&step.step.command.text));
    let prose = shown.prose_between(at.step, step);
    let told = ["kubectl", "helm", "appl", "creat", "deploy", "install", "start", "run"];
    let silent = !told.iter().any(|word| prose.contains(word));
    (all && holds && silent && shown.is_read_between(at.step, step)).then_some(at)
}

fn makes_pods(command: &str) -> bool {
    super::commands::kubectl(command).iter().any(|call| call.verb == "create")
}

fn lists(at: &ShownTable, pod: &str) -> bool {
    at.table.rows.iter().any(|row| at.table.name(row) == Some(pod))
}

#[cfg(test)]
mod tests {
    use super::FINDING;
    use crate::findings::tests::{drawn, ids_of};

    #[test]
    fn it_is_drawn() {
        insta::assert_snapshot!(drawn(FINDING.id, FINDING.example), @r"
        warning[unknown-pod]: the command names the pod `web-7d4b8c9f5-q8mzt`, which nothing before shows
         --> lab.md:5:16
          |
        3 | NAME                  READY   STATUS    RESTARTS   AGE
          | ------------------------------------------------------ the pods before
        4 | web-7d4b8c9f5-x2x7n   1/1     Running   0          30s
        5 | $ kubectl logs web-7d4b8c9f5-q8mzt
          |                ^^^^^^^^^^^^^^^^^^^
          |
          = help: name a pod that the page shows, or none by its generated name: `kubectl logs deploy/NAME`
        ");
    }

    #[test]
    fn pods_that_may_be_there_are_none() {
        for session in [
            "\
$ kubectl get pods
NAME    READY   STATUS    RESTARTS   AGE
web-0   1/1     Running   0          3s
$ kubectl apply -f db.yaml
pod/db created
$ kubectl logs db
ready
",
            "\
$ kubectl get pods
NAME    READY   STATUS    RESTARTS   AGE
web-0   1/1     Running   0          3s
$ kubectl logs coredns -n kube-system
ready
",
            "\
$ kubectl get pods -l app=web
NAME    READY   STATUS    RESTARTS   AGE
web-0   1/1     Running   0          3s
$ kubectl logs db
ready
",
            "\
$ kubectl get pods
NAME    READY   STATUS    RESTARTS   AGE
web-0   1/1     Running   0          3s
$ kubectl get pod db
Error from server (NotFound): pods \"db\" not found
",
            "\
$ kubectl get pods
NAME    READY   STATUS    RESTARTS   AGE
web-0   1/1     Running   0          3s
```

Now start the database.

```console
$ kubectl logs db
ready
",
            "\
$ kubectl logs deploy/web
ready
",
        ] {
            assert!(!ids_of(session).contains(&FINDING.id), "{session}");
        }
    }
}
