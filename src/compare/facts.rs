//! Holds what a step shows against what the cluster itself says of the object.

use super::comparison::Comparison;
use super::finding::{Finding, Place};
use super::table::{Row, Table};
use crate::record::{ClaimFact, Facts, PodFact, ServiceFact};

/// The pod of a name; none where it is unknown, or where two namespaces have one
/// and nothing tells which is meant.
pub(crate) fn pod<'f>(
    facts: &'f Facts,
    name: &str,
    namespace: Option<&str>,
) -> Option<&'f PodFact> {
    only(
        facts
            .pods
            .iter()
            .filter(|pod| pod.name == name && namespace.is_none_or(|space| space == pod.namespace)),
    )
}

fn claim<'f>(facts: &'f Facts, name: &str, namespace: Option<&str>) -> Option<&'f ClaimFact> {
    only(facts.claims.iter().filter(|claim| {
        claim.name == name && namespace.is_none_or(|space| space == claim.namespace)
    }))
}

fn service<'f>(facts: &'f Facts, name: &str, namespace: Option<&str>) -> Option<&'f ServiceFact> {
    only(facts.services.iter().filter(|service| {
        service.name == name && namespace.is_none_or(|space| space == service.namespace)
    }))
}

fn only<T>(mut found: impl Iterator<Item = T>) -> Option<T> {
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// Holds a new row against the cluster. Facts are taken right after the attempt,
/// so a value may lag behind them: another attempt can mend it.
pub(crate) fn check_row(
    comparison: &mut Comparison<'_>,
    table: &Table,
    row: &Row,
    place: &Place<'_>,
) {
    let Some(name) = table.name(row) else { return };
    let namespace = table.namespace(row);
    let facts = comparison.facts;
    let told = match table.kind() {
        Some("pod") => {
            let Some(pod) = pod(facts, name, namespace) else {
                return;
            };
            if table.cell(row, "STATUS") == Some("Running")
                && is_full(table.cell(row, "READY"))
                && !pod.ready
            {
                let text = format!(
                    "{} reads as ready, but right after it the cluster said that it is not",
                    place.subject
                );
                comparison.found(Finding::different("fact", text).at(&place.column("READY")));
            }
            ("IP", pod.ip.as_deref())
        }
        Some("service") => (
            "CLUSTER-IP",
            service(facts, name, namespace).and_then(|service| service.cluster_ip.as_deref()),
        ),
        Some("persistentvolumeclaim") => {
            ("VOLUME", claim(facts, name, namespace).and_then(|claim| claim.volume.as_deref()))
        }
        _ => return,
    };
    if let (column, Some(told)) = told
        && let Some(shown) = table.cell(row, column)
        && shown != told
    {
        let text = format!(
            "the run showed {shown} as the {column} of {}, but the cluster says {told}",
            place.subject
        );
        comparison
            .found(Finding::different("fact", text).at(&place.column(column)).new_value(shown));
    }
}

fn is_full(ready: Option<&str>) -> bool {
    ready.and_then(|cell| cell.split_once('/')).is_some_and(|(ready, wanted)| ready == wanted)
}

/// What DNS should say for a name of the cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Expected<'f> {
    /// Whose name it is, as a sentence calls it.
    pub(crate) owner: String,
    /// Its addresses.
    pub(crate) addresses: Vec<&'f str>,
}

/// What DNS should say for a name; none where the facts do not tell.
pub(crate) fn expected<'f>(facts: &'f Facts, name: &str) -> Option<Expected<'f>> {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let labels: Vec<&str> = name.split('.').collect();
    // `HOSTNAME.SUBDOMAIN.NAMESPACE.svc.…` is a pod, `SERVICE.NAMESPACE.svc.…` a service.
    match labels.as_slice() {
        [hostname, subdomain, namespace, "svc", ..] => {
            let pod = only(facts.pods.iter().filter(|pod| {
                pod.namespace == *namespace
                    && pod.hostname.as_deref() == Some(*hostname)
                    && pod.subdomain.as_deref() == Some(*subdomain)
            }))?;
            Some(Expected {
                owner: format!("pod {}", pod.name),
                addresses: vec![pod.ip.as_deref()?],
            })
        }
        [service, namespace, "svc", ..] => {
            let service = self::service(facts, service, Some(namespace))?;
            let addresses = match service.cluster_ip.as_deref() {
                Some(address) if address != "None" => vec![address],
                _ => service.endpoints.iter().map(String::as_str).collect(),
            };
            Some(Expected { owner: format!("service {}", service.name), addresses })
        }
        _ => None,
    }
}

/// Whose address it is, as a sentence calls it.
pub(crate) fn owner(facts: &Facts, address: &str) -> Option<String> {
    let pod = facts
        .pods
        .iter()
        .find(|pod| pod.ip.as_deref() == Some(address))
        .map(|pod| format!("pod {}", pod.name));
    pod.or_else(|| {
        let service =
            facts.services.iter().find(|service| service.cluster_ip.as_deref() == Some(address))?;
        Some(format!("service {}", service.name))
    })
}
