//! What the owner of a cluster and the cluster's first process say to each
//! other: JSON, one message a line, over the first process's standard input and
//! output. The end of its input ends the cluster.

use std::net::Ipv4Addr;

use serde::{Deserialize, Serialize};

/// The owner's words.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Order {
    /// The first message: what to start.
    Start(Start),
    /// The link to the host is there, under the name `eth0`.
    LinkMade,
}

/// What a cluster is to be.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Start {
    /// The node's address.
    pub(super) address: Ipv4Addr,
    /// The host's address on the same link.
    pub(super) host_address: Ipv4Addr,
    /// The context's name in the kubeconfigs.
    pub(super) context: String,
    /// Where names outside the cluster are resolved.
    pub(super) name_server: Ipv4Addr,
    /// Whether something else than the host's link leads outside.
    pub(super) has_egress: bool,
}

/// The first process's words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    /// The namespaces are there: the owner may make the link.
    Namespaces,
    /// A phase is over, so many milliseconds after the first process began.
    Phase {
        /// What is there now.
        name: String,
        /// Milliseconds since the first process began.
        ms: u64,
    },
    /// Everything that `up` promises is true.
    Ready,
    /// A component ended by itself.
    Died {
        /// Its name.
        component: String,
        /// A clause such as `exited with 1`.
        how: String,
        /// The end of its log.
        log: String,
    },
    /// The cluster cannot start.
    Failed {
        /// Why.
        why: String,
    },
}
