//! Pods that a command names and nothing before showed or made.

use std::cell::LazyCell;
use std::collections::{HashMap, HashSet};

use super::commands::{Kept, is_pod};
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
    let names = LazyCell::new(|| Names::of(shown));
    let mut lists = shown
        .tables
        .iter()
        .filter(|at| at.table.kind() == Some("pod") && !at.watched && !at.table.elided)
        .peekable();
    let mut list: Option<List<'_>> = None;
    let mut found: Vec<Diagnostic> = Vec::new();
    let mut told: HashSet<&str> = HashSet::new();
    for (index, step) in shown.lab.steps.iter().enumerate() {
        while let Some(at) = lists.next_if(|at| at.step < index) {
            list = List::of_all(shown, at);
        }
        let errs = step
            .outputs
            .iter()
            .any(|output| output.text.contains("not found") || output.text.contains("NotFound"));
        if errs || step.flags.placeholder {
            continue;
        }
        for call in &shown.calls[index] {
            for (kind, pod) in call.named() {
                let known = told.contains(pod) || pod.contains(['$', '`', '<', '*']);
                if known || !kind.is_none_or(is_pod) {
                    continue;
                }
                let generated = name::of_deployment(pod).is_some() || name::typed(pod).is_some();
                let list = list.as_ref().filter(|list| list.holds(shown, index, call.namespace()));
                let lacking = list.filter(|list| !list.pods.contains(pod));
                if (!generated && lacking.is_none()) || names.has_before(shown, index, pod) {
                    continue;
                }
                told.insert(pod);
                let message = match lacking {
                    Some(list) if !generated => format!(
                        "the command names the pod `{pod}`, which the list of line {} lacks",
                        list.at.table.line
                    ),
                    _ => format!("the command names the pod `{pod}`, which nothing before shows"),
                };
                let mut diagnostic = FINDING
                    .at(place::word(shown.document, &step.command, pod), message)
                    .help(instead(&call.verb));
                if let Some(list) = list {
                    let place = place::trimmed(shown.document, list.at.table.line);
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

/// Where each name of the page first stands.
struct Names<'a>(HashMap<&'a str, usize>);

impl<'a> Names<'a> {
    fn of(shown: &Shown<'a>) -> Self {
        let mut names = HashMap::new();
        let mut at = 0;
        for word in shown.document.text().split_inclusive(|char: char| !is_of_name(char)) {
            names.entry(word.trim_end_matches(|char| !is_of_name(char))).or_insert(at);
            at += word.len();
        }
        Self(names)
    }

    /// Whether a name stands above a step, wherever.
    fn has_before(&self, shown: &Shown<'_>, step: usize, name: &str) -> bool {
        let start = shown.document.line(shown.lab.steps[step].command.first_line).start;
        self.0.get(name).is_some_and(|first| *first < start)
    }
}

fn is_of_name(char: char) -> bool {
    char.is_ascii_alphanumeric() || char == '-'
}

/// A list of all pods of a namespace.
struct List<'s> {
    at: &'s ShownTable,
    namespace: Option<&'s str>,
    pods: HashSet<&'s str>,
}

impl<'s> List<'s> {
    /// The table as such a list; none where it may leave pods out.
    fn of_all(shown: &'s Shown<'_>, at: &'s ShownTable) -> Option<Self> {
        let [call] = shown.calls[at.step].as_slice() else {
            return None;
        };
        let selects = ["l", "selector", "field-selector", "f", "filename", "A", "all-namespaces"];
        let all = call.verb == "get"
            && call.operands.len() == 1
            && call.operands[0].split(',').any(|kind| is_pod(kind) || kind == "all")
            && !call.has(&selects)
            // Nothing that filters.
            && !shown.lab.steps[at.step].command.text.contains(['|', ';', '&']);
        let pods = at.table.rows.iter().filter_map(|row| at.table.name(row));
        all.then(|| Self { at, namespace: call.namespace(), pods: pods.collect() })
    }

    /// Whether it is still so when a step begins that asks for a namespace.
    fn holds(&self, shown: &Shown<'_>, step: usize, namespace: Option<&str>) -> bool {
        self.namespace == namespace
            && shown.untouched(self.at.step, step, Kept::ListOfPods)
            && !shown.tells_of_more(self.at.step, step)
    }
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
