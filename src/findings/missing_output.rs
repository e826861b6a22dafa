//! Commands whose neighbours have a recorded output, and which have none.

use super::shown::Shown;
use super::{Finding, place};
use crate::lab::{Diagnostic, Severity, Step};
use crate::plan::Effect;

pub(super) static FINDING: Finding = Finding {
    id: "missing-output",
    severity: Severity::Warning,
    summary: "\
A command that prints what the cluster holds has no recorded output, while the commands before and \
after it in the same fence have one. It is run, and only its exit code is looked at: nothing holds \
that its result is the page's.",
    example: "\
```console
$ kubectl create namespace shop
namespace/shop created
$ kubectl get namespace shop
$ kubectl delete namespace shop
namespace \"shop\" deleted
```
",
    instead: "\
```console
$ kubectl create namespace shop
namespace/shop created
$ kubectl get namespace shop
NAME   STATUS   AGE
shop   Active   1s
$ kubectl delete namespace shop
namespace \"shop\" deleted
```
",
    find: Some(find),
};

fn find(shown: &Shown<'_>) -> Vec<Diagnostic> {
    let steps = &shown.lab.steps;
    let mut found = Vec::new();
    for (index, window) in steps.windows(3).enumerate() {
        let [before, step, after] = window else {
            continue;
        };
        let one_fence = before.fence == step.fence && step.fence == after.fence;
        let reads = shown.plan.steps[index + 1].effect == Effect::Reads;
        let prints = shown.calls[index + 1].iter().any(|call| {
            matches!(call.verb.as_str(), "get" | "describe" | "top" | "version" | "explain")
        });
        let alone = step.outputs.is_empty() && has_output(before) && has_output(after);
        if one_fence && alone && reads && prints && !step.command.text.contains('>') {
            let message = "the command has no recorded output, and its neighbours have";
            found.push(
                FINDING
                    .at(place::command(shown.document, &step.command), message)
                    .help("show what it printed, so that its result is compared"),
            );
        }
    }
    found
}

fn has_output(step: &Step) -> bool {
    !step.outputs.is_empty()
}

#[cfg(test)]
mod tests {
    use super::FINDING;
    use crate::findings::tests::{drawn, ids_of};

    #[test]
    fn it_is_drawn() {
        insta::assert_snapshot!(drawn(FINDING.id, FINDING.example), @r"
        warning[missing-output]: the command has no recorded output, and its neighbours have
         --> lab.md:4:1
          |
        4 | $ kubectl get namespace shop
          | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          |
          = help: show what it printed, so that its result is compared
        ");
    }

    #[test]
    fn what_prints_nothing_to_compare_is_none() {
        for session in [
            "\
$ kubectl create namespace shop
namespace/shop created
$ kubectl config set-context --current --namespace shop
$ kubectl delete namespace shop
namespace \"shop\" deleted
",
            "\
$ kubectl create namespace shop
namespace/shop created
$ kubectl get namespace shop -o yaml > shop.yaml
$ kubectl delete namespace shop
namespace \"shop\" deleted
",
            "\
$ kubectl get namespace shop
$ kubectl get pods
No resources found in default namespace.
",
        ] {
            assert!(!ids_of(session).contains(&FINDING.id), "{session}");
        }
    }
}
