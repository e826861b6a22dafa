//! Real Kubernetes on this host, in a sandbox of its own: no container engine,
//! no virtual machine, no registry.
//!
//! ```text
//! owner (labbook, or the keeper) ──lifeline──▶ first process ──▶ etcd, containerd, kube-apiserver, …
//! ```
//!
//! The owner claims a name and addresses, starts the sandbox and follows its
//! start; the first process inside starts and watches the components. When the
//! owner is gone, however that came about, so is the cluster.

mod certificates;
mod components;
mod dns;
mod egress;
mod keeper;
mod layout;
mod load;
mod network;
mod owner;
mod processes;
mod protocol;
mod readiness;
mod settings;
mod state;
mod streams;
mod supervisor;

use std::path::{Path, PathBuf};

pub use keeper::{Running, down, find, keep, list, logs, sweep, up};
pub use load::load;
pub use network::{Block, DEFAULT_BLOCK};
pub use owner::{Embedded, Request};
pub use protocol::Progress;
pub use state::directory;
pub use supervisor::supervise;

/// An embedded cluster could not be made, found or removed.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    /// The name cannot be a cluster's.
    #[error(
        "no cluster can be called {name:?}: a name is 1 to 40 lower-case letters, digits and `-`"
    )]
    Name {
        /// What was asked for.
        name: String,
    },
    /// A cluster of that name runs.
    #[error(
        "a cluster called {name:?} is there already: take another name, or end it with \
         `labbook cluster down {name}`"
    )]
    Taken {
        /// What was asked for.
        name: String,
    },
    /// No cluster of that name runs.
    #[error("no cluster is called {name:?}: `labbook cluster list` names those that are there")]
    Unknown {
        /// What was asked for.
        name: String,
    },
    /// The process that owns the cluster does not let it go.
    #[error(
        "the process that owns the cluster {name:?} does not end: end it by its number, which `state.json` in the cluster's directory names"
    )]
    Owned {
        /// The cluster.
        name: String,
    },
    /// The cluster's start takes too long.
    #[error(
        "the cluster was not ready within {seconds} s: the last that came about was {phase}; the end of the logs:\n{logs}"
    )]
    Slow {
        /// How long it was waited for.
        seconds: u64,
        /// The last phase that was over.
        phase: String,
        /// The last lines of each log.
        logs: String,
    },
    /// The text is no block of addresses.
    #[error(
        "{text:?} is no block of IPv4 addresses: expected one such as `10.213.0.0/16`, from /8 to /30"
    )]
    Block {
        /// What was given.
        text: String,
    },
    /// Every address of the block is in use.
    #[error(
        "every address of {block} is taken by a route of this host or by another cluster: \
         name a free block as `network` under `[cluster]` in labbook.toml"
    )]
    NoAddress {
        /// The block.
        block: Block,
    },
    /// The link to the host could not be made.
    #[error("failed to connect the cluster to this host: `{command}` said: {words}")]
    Link {
        /// The command.
        command: String,
        /// What it printed.
        words: String,
    },
    /// The cluster did not start.
    #[error("failed to start the cluster: {why}")]
    Start {
        /// Why.
        why: String,
    },
    /// A component ended by itself.
    #[error("{component} {how}; the end of its log:\n{log}")]
    Died {
        /// The component.
        component: String,
        /// A clause such as `exited with 1`.
        how: String,
        /// The last lines of its log.
        log: String,
    },
    /// A keeper's cluster did not start; the words are the keeper's.
    #[error("{why}")]
    Kept {
        /// Why.
        why: String,
    },
    /// The cluster has no such component.
    #[error("the cluster {name:?} has no log of {component:?}: there are {there}")]
    NoLog {
        /// The cluster.
        name: String,
        /// What was asked for.
        component: String,
        /// The logs that there are.
        there: String,
    },
    /// What a cluster is started from is not there.
    #[error(transparent)]
    Assets(#[from] crate::cluster::assets::AssetsError),
    /// The sandbox could not be made.
    #[error(transparent)]
    Sandbox(#[from] crate::sandbox::SandboxError),
    /// The user has no home directory.
    #[error(
        "failed to find the user's home directory: set LABBOOK_STATE to a directory for clusters"
    )]
    NoHome,
    /// A file or program could not be used.
    #[error("failed to {what} {}: {source}", path.display())]
    Io {
        /// What was tried.
        what: &'static str,
        /// The file or program.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
}

impl EmbeddedError {
    fn io(what: &'static str, path: &Path, source: std::io::Error) -> Self {
        Self::Io { what, path: path.to_owned(), source }
    }
}

/// The one child of the boot process `boot`: the first process inside.
fn find_init(boot: u32) -> Option<u32> {
    let processes = std::fs::read_dir("/proc").ok()?;
    processes.flatten().find_map(|entry| {
        let pid: u32 = entry.file_name().to_str()?.parse().ok()?;
        let stat = std::fs::read_to_string(entry.path().join("stat")).ok()?;
        // The name in parentheses may hold anything, also `)`.
        let parent = stat.rsplit_once(')')?.1.split_whitespace().nth(1)?;
        (parent.parse() == Ok(boot)).then_some(pid)
    })
}
