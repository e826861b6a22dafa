//! Namespaces of their own for programs that may do anything: the embedded
//! cluster, and the shell of a lab.
//!
//! A sandbox is a mount, PID, IPC, UTS and (unless it joins one) network
//! namespace over an overlay of the host's `/`. Its first process is labbook
//! itself, so one SIGKILL of that process ends everything inside, and mounts and
//! network go with it. Nothing that is written inside reaches the host, except
//! below the directories that are bound writable.
//!
//! ```text
//! labbook ──spawn──▶ boot (cgroup, unshare, mounts) ──▶ init (PID 1: pivot, confine) ──▶ payload
//! ```
//!
//! What this protects from, and what not, is told in the book ("The embedded
//! cluster"). This module knows neither clusters nor labs.

mod boot;
mod cgroup;
mod confine;
mod kind;
mod mountinfo;
mod root;
mod seccomp;
mod user;

use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};

use serde::{Deserialize, Serialize};

pub use boot::{boot, init};
pub use cgroup::{
    Hierarchy, remove as remove_cgroup, sweep as sweep_cgroups, unique_name as unique_cgroup,
};
pub use kind::{Kind, TRIAL};

/// What a sandbox is made of.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Spec {
    /// The host name inside.
    pub hostname: String,
    /// The network inside.
    pub network: Network,
    /// Where names are resolved inside; none for wherever the host does.
    pub name_server: Option<Ipv4Addr>,
    /// A directory on a disk of the host that takes what is written to the
    /// overlay of `/`; none keeps it in memory.
    pub scratch: Option<PathBuf>,
    /// Directories that are visible inside at a place of their own.
    pub binds: Vec<Bind>,
    /// The name of the sandbox's cgroups, below each hierarchy's root. Block
    /// devices are denied to it. None for a sandbox in a user namespace, which needs
    /// no rights: it has no cgroups.
    pub cgroup: Option<String>,
    /// How tightly it is held.
    pub confinement: Confinement,
    /// The program that attaches the filters of devices and settings, called
    /// as `PROGRAM device-filter DIRECTORY`.
    pub device_filter: Option<PathBuf>,
}

/// The network of a sandbox.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Network {
    /// A new one, with nothing in it but a loopback that is down.
    Own,
    /// That of another process, by its `/proc/PID/ns/net`.
    Join(PathBuf),
    /// The host's.
    Host,
}

/// A directory of the host that is visible inside.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Bind {
    /// The directory on the host.
    pub source: PathBuf,
    /// Where it is inside; made if it is not there.
    pub target: PathBuf,
    /// What becomes of writes.
    pub access: Access,
}

/// What becomes of writes to a bound directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// They reach the host.
    Write,
    /// They are refused, also to a process that may remount.
    Read,
    /// They seem to work, and are gone with the sandbox.
    Overlay,
}

/// How tightly a sandbox is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confinement {
    /// Whatever containers need stays; what reaches past namespaces goes.
    Cluster,
    /// A shell: it needs no mounts, devices or kernel settings either.
    Shell,
}

/// A sandbox could not be made. The message names the step.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The operating system refused a step.
    #[error("failed to {step}: {source}")]
    Step {
        /// What was tried.
        step: String,
        /// The system's answer.
        source: std::io::Error,
    },
    /// The specification could not be read.
    #[error("failed to read the sandbox's specification: {0}")]
    Spec(#[from] serde_json::Error),
}

impl SandboxError {
    fn step(step: impl Into<String>, source: impl Into<std::io::Error>) -> Self {
        Self::Step { step: step.into(), source: source.into() }
    }
}

/// Adds to a system call's error what was tried.
trait During<T> {
    fn during(self, step: impl FnOnce() -> String) -> Result<T, SandboxError>;
}

impl<T, E: Into<std::io::Error>> During<T> for Result<T, E> {
    fn during(self, step: impl FnOnce() -> String) -> Result<T, SandboxError> {
        self.map_err(|error| SandboxError::step(step(), error))
    }
}

/// Starts `payload`, one of labbook's hidden entries, in a new sandbox, with
/// its standard streams piped. The payload must end at the end of its input:
/// that is how a sandbox ends when its owner is killed.
///
/// `exe` is the labbook binary. The child is the sandbox's boot process: when
/// it is killed or ends, so does everything inside.
///
/// # Errors
/// The process could not be started. What fails later is told on the child's
/// standard error, with exit code 1.
pub fn spawn(exe: &Path, spec: &Spec, payload: &str) -> Result<Child, SandboxError> {
    use std::os::unix::process::CommandExt as _;
    let text = serde_json::to_string(spec)?;
    Command::new(exe)
        .args(["__sandbox", &text, payload])
        // What is inside can read the environment of its first process, so that
        // has nothing of the user's.
        .env_clear()
        .env("PATH", PATH)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        // A Ctrl-C on the terminal is for labbook, which then ends the sandbox.
        .process_group(0)
        .spawn()
        .during(|| format!("start {}", exe.display()))
}

/// Eight hexadecimal digits that no other sandbox of this host has.
pub fn unique_id() -> String {
    use std::hash::{BuildHasher as _, Hasher as _};
    // The standard library's only source of randomness; the process's number
    // keeps two that started with the same seed apart.
    let mut hasher = std::collections::hash_map::RandomState::new().build_hasher();
    hasher.write_u32(std::process::id());
    format!("{:08x}", hasher.finish() & 0xffff_ffff)
}

/// Where programs are looked for, inside a sandbox and for it.
pub const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// Whether this process may make sandboxes: it is root with the right to mount.
pub fn available() -> bool {
    nix::unistd::geteuid().is_root()
        && caps::has_cap(None, caps::CapSet::Effective, caps::Capability::CAP_SYS_ADMIN)
            .unwrap_or(false)
}

/// The entry of a hidden command: its own errors go to standard error.
fn report(result: Result<ExitCode, SandboxError>) -> ExitCode {
    use std::io::Write as _;
    match result {
        Ok(code) => code,
        Err(error) => {
            // Nothing is left to tell a failure to where standard error is gone.
            let _ = writeln!(std::io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}
