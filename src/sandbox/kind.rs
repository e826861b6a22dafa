//! Which sandbox can be made here: what can be is found by making one.

use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Confinement, Network, SandboxError, Spec, available, cgroup, spawn};

/// The payload that ends at once.
pub const TRIAL: &str = "__trial";

/// How long the processes of a trial may take to be gone.
const PATIENCE: Duration = Duration::from_secs(10);

/// What holds the programs of a lab.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A sandbox that root makes.
    Namespaces,
    /// A sandbox that any user makes, in a user namespace.
    UserNamespaces,
    /// Nothing: they are plain processes.
    None,
}

impl Kind {
    /// The best that this process can make, and where that is nothing, why.
    ///
    /// `exe` is the labbook binary.
    pub fn here(exe: &Path) -> (Self, Option<String>) {
        if available() && trial(exe, Some(cgroup::unique_name())).is_ok() {
            return (Self::Namespaces, None);
        }
        match trial(exe, None) {
            Ok(()) => (Self::UserNamespaces, None),
            Err(why) => (Self::None, Some(why)),
        }
    }
}

/// Makes a sandbox in which nothing is run, and why it cannot be made.
fn trial(exe: &Path, cgroup: Option<String>) -> Result<(), String> {
    let spec = Spec {
        hostname: "lab".to_owned(),
        network: Network::Host,
        name_server: None,
        scratch: None,
        binds: Vec::new(),
        cgroup: cgroup.clone(),
        confinement: Confinement::Shell,
        device_filter: None,
    };
    let ended = spawn(exe, &spec, TRIAL).and_then(|child| {
        child.wait_with_output().map_err(|error| SandboxError::step("try", error))
    });
    if let Some(name) = cgroup {
        cgroup::remove(&name, PATIENCE);
    }
    match ended {
        Ok(ended) if ended.status.success() => Ok(()),
        Ok(ended) => Err(String::from_utf8_lossy(&ended.stderr).trim().to_owned()),
        Err(error) => Err(error.to_string()),
    }
}
