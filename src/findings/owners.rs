//! Which controllers a page shows: what its tables list, its outputs and commands
//! name, and its manifests declare.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::shown::Shown;
use crate::lab::Role;

/// The controllers of a page, by their names.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Owners {
    pub(super) deployments: BTreeSet<String>,
    /// `ReplicaSet`s, hashes included.
    pub(super) replica_sets: BTreeSet<String>,
    pub(super) stateful_sets: BTreeSet<String>,
    /// `DaemonSet`s and Jobs, whose pods are `NAME-SUFFIX`.
    pub(super) daemon_sets_and_jobs: BTreeSet<String>,
    pub(super) cron_jobs: BTreeSet<String>,
}

/// `deployment.apps/web`, `deployment "web" created`, `deployment web`.
static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r#"(?i)\b(deployments?|deploy|replicasets?|rs|statefulsets?|sts|daemonsets?|ds|jobs?|cronjobs?|cj)(?:\.[a-z0-9.]+)?(?:/| +"?)([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)"#;
    Regex::new(pattern).expect("the pattern is a constant")
});

impl Owners {
    pub(super) fn of(shown: &Shown<'_>) -> Self {
        let mut owners = Self::default();
        for shown in &shown.tables {
            let table = &shown.table;
            let kind = match table.kind() {
                // A DaemonSet has these columns too.
                Some("replicaset")
                    if table.columns.iter().any(|column| column.starts_with("NODE")) =>
                {
                    "daemonset"
                }
                Some(kind) => kind,
                None => continue,
            };
            for row in &table.rows {
                owners.add(kind, table.name(row).unwrap_or_default());
            }
        }
        for step in &shown.lab.steps {
            owners.named_in(&step.command.text);
            for output in &step.outputs {
                owners.named_in(&output.text);
            }
        }
        owners.declared_in(shown);
        owners
    }

    fn named_in(&mut self, text: &str) {
        for captures in NAMED.captures_iter(text) {
            self.add(&captures[1].to_lowercase(), &captures[2]);
        }
    }

    /// Takes the names of manifests that stand on the page.
    fn declared_in(&mut self, shown: &Shown<'_>) {
        let fences = shown.document.fences().iter().zip(&shown.lab.fences);
        for (fence, _) in fences.filter(|(_, reading)| reading.role == Role::File) {
            let mut kind = String::new();
            let mut in_metadata = false;
            for line in &fence.lines {
                let text = shown.document.fence_line_text(line);
                if let Some(value) = text.strip_prefix("kind:") {
                    kind = value.trim().to_lowercase();
                } else if let Some(name) =
                    text.trim_start().strip_prefix("name:").filter(|_| in_metadata)
                {
                    self.add(&kind, name.trim().trim_matches(['"', '\'']));
                    in_metadata = false;
                } else if !text.starts_with(' ') {
                    in_metadata = text.starts_with("metadata:");
                }
            }
        }
    }

    fn add(&mut self, kind: &str, name: &str) {
        let set = match kind {
            "deployment" | "deployments" | "deploy" => &mut self.deployments,
            "replicaset" | "replicasets" | "rs" => &mut self.replica_sets,
            "statefulset" | "statefulsets" | "sts" => &mut self.stateful_sets,
            "daemonset" | "daemonsets" | "ds" | "job" | "jobs" => &mut self.daemon_sets_and_jobs,
            "cronjob" | "cronjobs" | "cj" => &mut self.cron_jobs,
            _ => return,
        };
        if !name.is_empty() {
            set.insert(name.to_owned());
        }
    }
}
