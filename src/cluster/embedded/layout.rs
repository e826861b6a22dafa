//! Where everything of a cluster is, inside it and on the host, and the
//! addresses and names that every embedded cluster has.

use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};

/// The node's name.
pub(super) const NODE: &str = "labbook";
/// The API server's port on the node's address.
pub(super) const API_PORT: u16 = 6443;
/// Services get their addresses from here, as in a cluster made by kubeadm.
pub(super) const SERVICES: &str = "10.96.0.0/16";
/// The address of the service `kubernetes`: the first of [`SERVICES`].
pub(super) const SERVICE_API: Ipv4Addr = Ipv4Addr::new(10, 96, 0, 1);
/// The address of the cluster's DNS.
pub(super) const SERVICE_DNS: Ipv4Addr = Ipv4Addr::new(10, 96, 0, 10);
/// Pods get their addresses from here.
pub(super) const PODS: &str = "10.244.0.0/16";
/// The part of [`PODS`] that is the one node's.
pub(super) const NODE_PODS: &str = "10.244.0.0/24";
/// The name of every image that pods' sandboxes are made of.
pub(super) const PAUSE: &str = "labbook.dev/pause:1";

/// The cluster's directory inside it: on a disk of the host, writable.
pub(super) const DATA: &str = "/var/lib/labbook/data";
/// The programs inside, read-only.
pub(super) const PROGRAMS: &str = "/var/lib/labbook/programs";
/// The prepared images inside, read-only.
pub(super) const STORE: &str = "/var/lib/labbook/store";

/// A path inside the cluster below [`DATA`].
pub(super) fn data(path: &str) -> PathBuf {
    Path::new(DATA).join(path)
}

/// The directory of one cluster on the host.
#[derive(Debug, Clone)]
pub(super) struct Home(pub(super) PathBuf);

impl Home {
    /// Held locked by the owner for as long as the cluster lives.
    pub(super) fn lock(&self) -> PathBuf {
        self.0.join("lock")
    }

    /// What the owner says of the cluster, see [`super::state::State`].
    pub(super) fn state(&self) -> PathBuf {
        self.0.join("state.json")
    }

    /// [`DATA`] as the host sees it.
    pub(super) fn data(&self) -> PathBuf {
        self.0.join("data")
    }

    /// What the cluster writes to its overlay of `/`.
    pub(super) fn scratch(&self) -> PathBuf {
        self.0.join("scratch")
    }

    /// The cluster's `/tmp`, where its volumes are.
    pub(super) fn tmp(&self) -> PathBuf {
        self.0.join("tmp")
    }

    /// One file a component, named `COMPONENT.log`.
    pub(super) fn logs(&self) -> PathBuf {
        self.data().join("logs")
    }

    /// The administrator's kubeconfig.
    pub(super) fn kubeconfig(&self) -> PathBuf {
        self.data().join("pki/admin.conf")
    }
}
