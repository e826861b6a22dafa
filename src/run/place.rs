//! Where a lab's shell stands: in a sandbox and in the cluster's network where
//! labbook may make one, as a plain process otherwise.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::Environment;
use crate::cluster::Access;
use crate::sandbox::{self, Access as Writes, Bind, Confinement, Network, SandboxError, Spec};

/// Where the lab's own directory is in a sandbox, which has a `/run` of its own.
const PRIVATE: &str = "/run/labbook";

/// How long the processes of a lab that was ended may take to be gone.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a lab's shell is given.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    /// The labbook binary, which is also the agent.
    pub exe: &'a Path,
    /// The workbook: its files are seen, and writes to them are gone at the end.
    pub workbook: &'a Path,
    /// The directory with kubectl; none for the system's.
    pub programs: Option<&'a Path>,
    /// The program that attaches the filters of devices and settings.
    pub device_filter: Option<&'a Path>,
    /// The cluster; none where the lab runs without one.
    pub access: Option<&'a Access>,
}

/// The process that holds a lab's shell, with its standard streams piped.
/// Dropping it ends it and all that the lab started.
#[derive(Debug)]
pub struct Agent {
    pub(super) child: Child,
    cgroup: Option<String>,
}

impl Place<'_> {
    /// Starts the agent.
    ///
    /// # Errors
    /// It could not be started. What fails in the sandbox is told by the
    /// session's start.
    pub fn agent(&self) -> Result<Agent, SandboxError> {
        if !sandbox::available() {
            return plain(self.exe);
        }
        sandbox::sweep_cgroups();
        let cgroup = sandbox::unique_cgroup();
        let child = sandbox::spawn(self.exe, &self.spec(&cgroup), "__agent")?;
        Ok(Agent { child, cgroup: Some(cgroup) })
    }

    /// What the shell's variables are made from there.
    pub fn environment(&self) -> Environment {
        let private = if sandbox::available() {
            PathBuf::from(PRIVATE)
        } else {
            std::env::temp_dir().join(format!("labbook-lab-{}", sandbox::unique_id()))
        };
        Environment {
            programs: self.programs.map(Path::to_owned).into_iter().collect(),
            private,
            kubeconfig: self.access.map(|access| access.kubeconfig.clone()),
        }
    }

    fn spec(&self, cgroup: &str) -> Spec {
        let network = self.access.and_then(|access| access.network.as_ref());
        let bind =
            |path: &Path, access| Bind { source: path.to_owned(), target: path.to_owned(), access };
        let mut binds = vec![bind(self.workbook, Writes::Overlay)];
        binds.extend(self.programs.map(|path| bind(path, Writes::Read)));
        Spec {
            hostname: "lab".to_owned(),
            name_server: network.map(|network| network.name_server),
            network: network
                .map_or(Network::Host, |network| Network::Join(network.namespace.clone())),
            scratch: None,
            binds,
            cgroup: cgroup.to_owned(),
            confinement: Confinement::Shell,
            device_filter: self.device_filter.map(Path::to_owned),
        }
    }
}

/// An agent that shares everything with labbook but its session and its
/// environment.
fn plain(exe: &Path) -> Result<Agent, SandboxError> {
    let child = Command::new(exe)
        .arg("__agent")
        .env_clear()
        .env("PATH", sandbox::PATH)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|source| SandboxError::Step {
            step: format!("start {}", exe.display()),
            source,
        })?;
    Ok(Agent { child, cgroup: None })
}

impl Agent {
    /// Waits until it has ended by itself.
    pub(super) fn wait(&mut self) -> io::Result<()> {
        self.child.wait().map(drop)
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        // A plain agent ends what it started when its input ends, and then
        // itself; a sandbox ends as a whole with its first process.
        drop(self.child.stdin.take());
        if let Some(cgroup) = &self.cgroup {
            let _ = self.child.kill();
            let _ = self.child.wait();
            sandbox::remove_cgroup(cgroup, PATIENCE);
        } else {
            let _ = self.child.wait();
        }
    }
}
