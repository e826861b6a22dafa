//! Names of pods and `ReplicaSet`s that no controller can make.

use super::owners::Owners;
use super::shown::{Shown, ShownTable};
use super::{Finding, place};
use crate::lab::{Diagnostic, Severity};
use crate::printed::name::{is_of_hash_letters, is_suffix};

pub(super) static FINDING: Finding = Finding {
    id: "impossible-name",
    severity: Severity::Warning,
    summary: "\
A pod's name ends with what its controller cannot have made, so that the output was typed or \
changed by hand. A Deployment calls its ReplicaSet `NAME-HASH`, where the hash has up to ten of \
the letters `456789bcdf`; a ReplicaSet, DaemonSet or Job calls a pod `NAME-SUFFIX`, where the \
suffix has five of `bcdfghjklmnpqrstvwxz2456789`; a StatefulSet counts from 0. It is said only of \
names whose controller the page shows: a pod of its own may have any name. Names as clusters made \
them before Kubernetes 1.9 (a hash of digits alone, suffixes of all letters) are not meant.",
    example: "\
```console
$ kubectl create deployment web --image=nginx
deployment.apps/web created
$ kubectl get pods
NAME                  READY   STATUS    RESTARTS   AGE
web-7d4b8c9f5-abc12   1/1     Running   0          30s
```
",
    instead: "\
```console
$ kubectl create deployment web --image=nginx
deployment.apps/web created
$ kubectl get pods
NAME                  READY   STATUS    RESTARTS   AGE
web-7d4b8c9f5-x2x7n   1/1     Running   0          30s
```
",
    find: Some(find),
};

fn find(shown: &Shown<'_>) -> Vec<Diagnostic> {
    let owners = Owners::of(shown);
    let mut found = Vec::new();
    for at in &shown.tables {
        let table = &at.table;
        let Some(column) = table.column("NAME") else {
            continue;
        };
        let judge = match table.kind() {
            Some("pod") => pod,
            Some("replicaset") => replica_set,
            _ => continue,
        };
        let recent = table.kind() == Some("pod") && is_recent(shown, at);
        for row in &table.rows {
            let name = table.name(row).unwrap_or_default();
            if let Some(fault) = judge(name, &owners, recent) {
                let place = place::cell(shown.document, row, column);
                found.push(
                    FINDING
                        .at(
                            place,
                            format!("no controller made the name `{name}`: {}", fault.text()),
                        )
                        .help("show what the command printed, as it printed it"),
                );
            }
        }
    }
    found
}

/// What is wrong with a name.
enum Fault<'a> {
    Hash(&'a str),
    Suffix(&'a str),
    Ordinal(&'a str),
}

impl Fault<'_> {
    fn text(&self) -> String {
        match self {
            Self::Hash(hash) => {
                format!("a template's hash is of `456789bcdf`, and `{hash}` is not")
            }
            Self::Suffix(suffix) => format!(
                "a pod's suffix is five of `bcdfghjklmnpqrstvwxz2456789`, and `{suffix}` is not"
            ),
            Self::Ordinal(set) => {
                format!("the StatefulSet `{set}` counts its pods without leading zeros")
            }
        }
    }
}

fn pod<'a>(name: &'a str, owners: &Owners, recent: bool) -> Option<Fault<'a>> {
    let (owner, last) = name.rsplit_once('-')?;
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if owners.stateful_sets.contains(owner) && is_number(last) {
        return (last.len() > 1 && last.starts_with('0')).then_some(Fault::Ordinal(owner));
    }
    if owners.daemon_sets_and_jobs.contains(owner) {
        return (recent && is_plain(last, 5..=5) && !is_suffix(last))
            .then_some(Fault::Suffix(last));
    }
    let (base, hash) = owner.rsplit_once('-')?;
    if is_number(hash) {
        // A clock in minutes is a CronJob's since 1.21; other numbers are hashes
        // and clocks of long ago.
        let minutes = hash.len() == 8 && matches!(&hash[..1], "2" | "3");
        return (minutes
            && owners.cron_jobs.contains(base)
            && !is_suffix(last)
            && is_plain(last, 5..=5))
        .then_some(Fault::Suffix(last));
    }
    let of_deployment = owners.deployments.contains(base);
    if is_of_hash_letters(hash) && hash.len() <= 10 {
        let shown = owners.replica_sets.contains(owner) && hash.len() >= 6;
        let known = shown || (of_deployment && hash.len() >= 8);
        return (known && is_plain(last, 4..=6) && !is_suffix(last)).then_some(Fault::Suffix(last));
    }
    (of_deployment && is_plain(last, 5..=5) && is_like_a_hash(hash)).then_some(Fault::Hash(hash))
}

fn replica_set<'a>(name: &'a str, owners: &Owners, _: bool) -> Option<Fault<'a>> {
    let (base, hash) = name.rsplit_once('-')?;
    let numbered = hash.bytes().all(|byte| byte.is_ascii_digit());
    (owners.deployments.contains(base)
        && is_like_a_hash(hash)
        && !numbered
        && !is_of_hash_letters(hash)
        // `web` and `web-v2beta123` may both be Deployments.
        && !owners.deployments.contains(name))
    .then_some(Fault::Hash(hash))
}

/// Whether a table is of a Kubernetes whose suffixes have no vowels: it shows
/// what older ones did not print.
fn is_recent(shown: &Shown<'_>, at: &ShownTable) -> bool {
    let output = &shown.lab.steps[at.step].outputs[at.output].text;
    output.contains(".apps/") || output.contains(" ago)")
}

/// Small letters and digits alone, as many.
fn is_plain(text: &str, length: std::ops::RangeInclusive<usize>) -> bool {
    length.contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

/// Whether it stands for a hash, though no letter of it need fit: as long as most
/// hashes, with letters and digits.
fn is_like_a_hash(text: &str) -> bool {
    is_plain(text, 8..=10)
        && text.contains(|char: char| char.is_ascii_digit())
        && text.contains(|char: char| char.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::FINDING;
    use crate::findings::tests::{drawn, ids_of};

    #[test]
    fn it_is_drawn() {
        insta::assert_snapshot!(drawn(FINDING.id, FINDING.example), @r"
        warning[impossible-name]: no controller made the name `web-7d4b8c9f5-abc12`: a pod's suffix is five of `bcdfghjklmnpqrstvwxz2456789`, and `abc12` is not
         --> lab.md:6:1
          |
        6 | web-7d4b8c9f5-abc12   1/1     Running   0          30s
          | ^^^^^^^^^^^^^^^^^^^
          |
          = help: show what the command printed, as it printed it
        ");
    }

    #[test]
    fn what_a_controller_may_have_made_is_none() {
        for session in [
            "\
$ kubectl create deployment web --image=nginx
deployment.apps/web created
$ kubectl get pods
NAME                   READY   STATUS    RESTARTS   AGE
web-2035384211-7ci7o   1/1     Running   0          18s
web-7d4b8c9f5-x2x7n    1/1     Running   0          18s
web-backend-proxy      1/1     Running   0          18s
web-canary1-green      1/1     Running   0          18s
",
            "\
$ kubectl get pods
NAME                  READY   STATUS    RESTARTS   AGE
web-7d4b8c9f5-abc12   1/1     Running   0          18s
",
            "\
$ kubectl get daemonset agent
NAME    DESIRED   CURRENT   READY   UP-TO-DATE   AVAILABLE   NODE SELECTOR   AGE
agent   1         1         1       1            1           <none>          1m
$ kubectl get pods
NAME          READY   STATUS    RESTARTS   AGE
agent-a0e1u   1/1     Running   0          1m
",
            "\
$ kubectl get cronjob,job,pod
NAME                  SCHEDULE      TIMEZONE   SUSPEND   ACTIVE   LAST SCHEDULE   AGE
cronjob.batch/hello   */1 * * * *   <none>     False     0        10s             75s

NAME                       STATUS     COMPLETIONS   DURATION   AGE
job.batch/hello-28409251   Complete   1/1           3s         10s

NAME                       READY   STATUS      RESTARTS   AGE
pod/hello-28409251-x8k2d   0/1     Completed   0          10s
pod/hello-4111706356-o9qcm 0/1     Completed   0          10s
",
        ] {
            assert!(!ids_of(session).contains(&FINDING.id), "{session}");
        }
    }

    #[test]
    fn each_controller_has_its_own_names() {
        let told = |owner: &str, pod: &str| {
            let table = format!(
                "{owner}\n$ kubectl get pods\nNAME                       READY   STATUS    RESTARTS      AGE\n\
                 {pod:<26} 1/1     Running   1 (5s ago)   18s"
            );
            ids_of(&table).contains(&FINDING.id)
        };
        let deployment = "$ kubectl create deployment web --image=nginx";
        assert!(told(deployment, "web-67f77f58a8-hj279"));
        assert!(told(deployment, "web-xxxxxxxx12-hj279"));
        assert!(told("$ kubectl get sts/web", "web-00") && !told("$ kubectl get sts/web", "web-0"));
        let agents = "$ kubectl rollout restart daemonset agent";
        assert!(told(agents, "agent-abc12") && !told(agents, "agent-x8k2d"));
        let hello = "$ kubectl create job --from=cronjob/hello hello-now";
        assert!(told(hello, "hello-28409251-abc12") && !told(hello, "hello-28409251-x8k2d"));
        let set = "$ kubectl get rs\nNAME            DESIRED   CURRENT   READY   AGE\n\
                   web-7d4b8c9f5   1         1         1       9s";
        assert!(told(set, "web-7d4b8c9f5-abcde") && !told(set, "web-7d4b8c9f5-x2x7n"));
    }
}
