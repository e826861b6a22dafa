//! Pods that have two addresses though nothing replaced them between.

use std::collections::HashMap;

use super::commands::Kept;
use super::shown::{Shown, lines};
use super::{Finding, place};
use crate::lab::{Diagnostic, Severity};
use crate::printed::{dns, duration};

pub(super) static FINDING: Finding = Finding {
    id: "two-addresses",
    severity: Severity::Warning,
    summary: "\
The page shows one pod with two addresses, and no command between that could have replaced it. A \
pod keeps its address until it ends; so the outputs are of two clusters or two runs, or one was \
typed. Names that a name server resolved (`web-0.nginx…`) are addresses of pods too.",
    example: "\
```console
$ kubectl get pods -o wide
NAME    READY   STATUS    RESTARTS   AGE   IP           NODE
web-0   1/1     Running   0          30s   10.244.0.5   node
$ kubectl exec web-0 -- nslookup web-0.nginx.default.svc.cluster.local
Server:    10.96.0.10
Address:   10.96.0.10:53

Name:      web-0.nginx.default.svc.cluster.local
Address:   10.244.0.9
```
",
    instead: "\
```console
$ kubectl get pods -o wide
NAME    READY   STATUS    RESTARTS   AGE   IP           NODE
web-0   1/1     Running   0          30s   10.244.0.5   node
$ kubectl exec web-0 -- nslookup web-0.nginx.default.svc.cluster.local
Server:    10.96.0.10
Address:   10.96.0.10:53

Name:      web-0.nginx.default.svc.cluster.local
Address:   10.244.0.5
```
",
    find: Some(find),
};

/// A pod's address at one place of the page.
#[derive(Debug)]
struct Seen {
    step: usize,
    output: usize,
    pod: String,
    namespace: Option<String>,
    address: String,
    line: usize,
    /// In seconds, where the place tells it.
    age: Option<u64>,
    restarts: Option<String>,
}

fn find(shown: &Shown<'_>) -> Vec<Diagnostic> {
    let mut seen = in_tables(shown);
    seen.extend(resolved(shown));
    seen.sort_by_key(|seen| seen.line);
    let mut found = Vec::new();
    let mut places: HashMap<&str, Vec<&Seen>> = HashMap::new();
    for last in &seen {
        let before = places.entry(&last.pod).or_default();
        let first = before.iter().rev().find(|first| is_one_pod(first, last)).copied();
        before.push(last);
        let Some(first) = first.filter(|first| first.address != last.address) else {
            continue;
        };
        if was_replaced(shown, first, last) {
            continue;
        }
        let Some(span) = place::in_line(shown.document, last.line, &last.address) else {
            continue;
        };
        let mut diagnostic = FINDING
            .at(
                span,
                format!(
                    "the pod `{}` has the address {}, and had {} on line {}",
                    last.pod, last.address, first.address, first.line
                ),
            )
            .help("show both outputs of one run, and each command that replaces the pod");
        if let Some(span) = place::in_line(shown.document, first.line, &first.address) {
            diagnostic = diagnostic.related(span, "its address before");
        }
        found.push(diagnostic);
    }
    found
}

fn in_tables(shown: &Shown<'_>) -> Vec<Seen> {
    let rows = shown.pods().filter(|(at, _)| !at.watched);
    rows.filter_map(|(at, row)| {
        let table = &at.table;
        let address = table.cell(row, "IP")?;
        address.parse::<std::net::IpAddr>().ok()?;
        let namespace = table.namespace(row).or_else(|| shown.namespace(at.step));
        Some(Seen {
            step: at.step,
            output: at.output,
            pod: table.name(row)?.to_owned(),
            namespace: namespace.map(str::to_owned),
            address: address.to_owned(),
            line: row.line,
            age: table.cell(row, "AGE").and_then(duration::seconds),
            restarts: table.cell(row, "RESTARTS").map(str::to_owned),
        })
    })
    .collect()
}

/// Pods by their names in a headless service: `POD.SERVICE…`, where the pod's
/// name ends with its ordinal.
fn resolved(shown: &Shown<'_>) -> Vec<Seen> {
    let mut found = Vec::new();
    for (step, at) in shown.lab.steps.iter().enumerate() {
        for (output, recorded) in at.outputs.iter().enumerate() {
            let Some(lookup) = dns::read(&lines(recorded)) else {
                continue;
            };
            for answer in lookup.answers {
                let Some((pod, rest)) = answer.name.split_once('.') else {
                    continue;
                };
                let ordinal = pod.rsplit_once('-').map_or("", |(_, ordinal)| ordinal);
                let is_pod = !ordinal.is_empty() && ordinal.bytes().all(|b| b.is_ascii_digit());
                if !is_pod || answer.value.parse::<std::net::IpAddr>().is_err() {
                    continue;
                }
                let namespace = rest.split('.').nth(1).filter(|name| *name != "svc");
                found.push(Seen {
                    step,
                    output,
                    pod: pod.to_owned(),
                    namespace: namespace.filter(|name| *name != "default").map(str::to_owned),
                    address: answer.value,
                    line: answer.line,
                    age: None,
                    restarts: None,
                });
            }
        }
    }
    found
}

/// Whether two places show one pod: by name, and by namespace where both tell it.
fn is_one_pod(first: &Seen, last: &Seen) -> bool {
    let namespaces = (first.namespace.as_deref(), last.namespace.as_deref());
    first.pod == last.pod
        && (first.step, first.output) != (last.step, last.output)
        && matches!(namespaces, (a, b) if a == b || a.is_none() || b.is_none())
}

fn was_replaced(shown: &Shown<'_>, first: &Seen, last: &Seen) -> bool {
    let younger = matches!((first.age, last.age), (Some(first), Some(last)) if last < first);
    let restarted = matches!((&first.restarts, &last.restarts), (Some(a), Some(b)) if a != b);
    younger
        || restarted
        || !shown.untouched(first.step, last.step, Kept::Pods)
        || shown.tells_of_more(first.step, last.step)
}

#[cfg(test)]
mod tests {
    use super::FINDING;
    use crate::findings::tests::{drawn, ids_of};

    #[test]
    fn it_is_drawn() {
        insta::assert_snapshot!(drawn(FINDING.id, FINDING.example), @r"
        warning[two-addresses]: the pod `web-0` has the address 10.244.0.9, and had 10.244.0.5 on line 4
          --> lab.md:10:12
           |
         4 | web-0   1/1     Running   0          30s   10.244.0.5   node
           |                                            ---------- its address before
        ...
        10 | Address:   10.244.0.9
           |            ^^^^^^^^^^
           |
           = help: show both outputs of one run, and each command that replaces the pod
        ");
    }

    #[test]
    fn pods_that_may_be_other_pods_are_none() {
        for session in [
            "\
$ kubectl get pods -o wide
NAME    READY   STATUS    RESTARTS   AGE   IP           NODE
web-0   1/1     Running   0          30s   10.244.0.5   node
$ kubectl delete pod web-0
pod \"web-0\" deleted
$ kubectl get pods -o wide
NAME    READY   STATUS    RESTARTS   AGE   IP           NODE
web-0   1/1     Running   0          40s   10.244.0.9   node
",
            "\
$ kubectl get pods -o wide
NAME    READY   STATUS    RESTARTS   AGE   IP           NODE
web-0   1/1     Running   0          30s   10.244.0.5   node
$ kubectl get pods -o wide
NAME    READY   STATUS    RESTARTS   AGE   IP           NODE
web-0   1/1     Running   0          3s    10.244.0.9   node
$ kubectl get pods -o wide
NAME    READY   STATUS    RESTARTS     AGE   IP            NODE
web-0   1/1     Running   1 (2s ago)   3m    10.244.0.12   node
",
            "\
$ kubectl get pods -o wide -n a
NAME    READY   STATUS    RESTARTS   AGE   IP           NODE
web-0   1/1     Running   0          30s   10.244.0.5   node
$ kubectl get pods -o wide -n b
NAME    READY   STATUS    RESTARTS   AGE   IP           NODE
web-0   1/1     Running   0          40s   10.244.0.9   node
",
            "\
$ kubectl get pods -o wide -w
NAME    READY   STATUS    RESTARTS   AGE   IP           NODE
web-0   1/1     Running   0          30s   10.244.0.5   node
web-0   1/1     Running   0          40s   10.244.0.9   node
",
            "\
$ kubectl get pods -o wide
NAME    READY   STATUS    RESTARTS   AGE   IP           NODE
web-0   1/1     Running   0          30s   10.244.0.5   node
```

Now the pod was deleted in another terminal.

```console
$ kubectl get pods -o wide
NAME    READY   STATUS    RESTARTS   AGE   IP           NODE
web-0   1/1     Running   0          40s   10.244.0.9   node
",
        ] {
            assert!(!ids_of(session).contains(&FINDING.id), "{session}");
        }
    }
}
