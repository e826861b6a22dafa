//! What the cluster itself says of the objects that a step shows.
//!
//! Facts are taken right after an attempt and kept in the record, so that a
//! judgement can be made again later without the cluster.

use serde::{Deserialize, Serialize};

/// What the cluster said at one moment of the lab's namespaces: all but the
/// cluster's own (`kube-system` and its like), or only the context's where the
/// cluster lets the user see no others.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Pods.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pods: Vec<PodFact>,
    /// Persistent volume claims.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<ClaimFact>,
    /// Services.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<ServiceFact>,
}

/// A pod as the API server describes it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PodFact {
    /// The pod's namespace.
    pub namespace: String,
    /// The pod's name.
    pub name: String,
    /// The UID, which tells a pod from its replacement of the same name.
    pub uid: String,
    /// The pod's address; none before it has one.
    pub ip: Option<String>,
    /// `spec.hostname`, the first label of the pod's own name in DNS.
    pub hostname: Option<String>,
    /// `spec.subdomain`, the service under which DNS knows the hostname.
    pub subdomain: Option<String>,
    /// Whether the condition `Ready` is `True`.
    pub ready: bool,
    /// When the condition `Ready` last changed (RFC 3339).
    pub ready_since: Option<String>,
    /// How often its containers were restarted, in all.
    pub restarts: u32,
    /// `metadata.deletionTimestamp` is set.
    pub terminating: bool,
    /// The images that its containers ask for, as the pod writes them; those of
    /// init and ephemeral containers too. Sorted, each once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<String>,
}

/// A claim as the API server describes it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimFact {
    /// The claim's namespace.
    pub namespace: String,
    /// The claim's name.
    pub name: String,
    /// The claim's UID.
    pub uid: String,
    /// `status.phase`: `Pending`, `Bound` or `Lost`.
    pub phase: String,
    /// `spec.volumeName`, once it is bound.
    pub volume: Option<String>,
}

/// A service and the addresses behind it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceFact {
    /// The service's namespace.
    pub namespace: String,
    /// The service's name.
    pub name: String,
    /// `spec.clusterIP`; none for a headless service.
    pub cluster_ip: Option<String>,
    /// The addresses of its ready endpoints, sorted.
    pub endpoints: Vec<String>,
}
