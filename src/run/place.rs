//! Where a lab's shell stands: in a sandbox and in the cluster's network where
//! labbook may make one, as a plain process otherwise.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::Environment;
use crate::cluster::Access;
use crate::sandbox::{
    self, Access as Writes, Bind, Confinement, Kind, Network, SandboxError, Spec,
};

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
    /// A directory of the workbook in which what the lab writes stays.
    pub in_place: Option<&'a Path>,
    /// What holds the lab: one that can be made here.
    pub sandbox: Kind,
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
    kind: Kind,
    cgroup: Option<String>,
}

impl Place<'_> {
    /// Starts the agent.
    ///
    /// # Errors
    /// It could not be started. What fails in the sandbox is told by the
    /// session's start.
    pub fn agent(&self) -> Result<Agent, SandboxError> {
        let kind = self.sandbox;
        let cgroup = (kind == Kind::Namespaces).then(|| {
            sandbox::sweep_cgroups();
            sandbox::unique_cgroup()
        });
        let child = match kind {
            Kind::None => plain(self.exe)?,
            Kind::Namespaces | Kind::UserNamespaces => {
                sandbox::spawn(self.exe, &self.spec(cgroup.clone()), "__agent")?
            }
        };
        Ok(Agent { child, kind, cgroup })
    }

    /// What the shell's variables are made from there.
    pub fn environment(&self) -> Environment {
        let (private, copied) = match self.sandbox {
            Kind::Namespaces | Kind::UserNamespaces => (PathBuf::from(PRIVATE), None),
            Kind::None => (
                std::env::temp_dir().join(format!("labbook-lab-{}", sandbox::unique_id())),
                self.in_place.is_none().then(|| self.workbook.to_owned()),
            ),
        };
        Environment {
            programs: self.programs.map(Path::to_owned).into_iter().collect(),
            private,
            copied,
            passed: Vec::new(),
            kubeconfig: self.access.map(|access| access.kubeconfig.clone()),
        }
    }

    fn spec(&self, cgroup: Option<String>) -> Spec {
        let network = self.access.and_then(|access| access.network.as_ref());
        let bind =
            |path: &Path, access| Bind { source: path.to_owned(), target: path.to_owned(), access };
        let mut binds = vec![bind(self.workbook, Writes::Overlay)];
        binds.extend(self.in_place.map(|path| bind(path, Writes::Write)));
        binds.extend(self.programs.map(|path| bind(path, Writes::Read)));
        Spec {
            hostname: "lab".to_owned(),
            name_server: network.map(|network| network.name_server),
            network: network
                .map_or(Network::Host, |network| Network::Join(network.namespace.clone())),
            scratch: None,
            binds,
            cgroup,
            confinement: Confinement::Shell,
            device_filter: self.device_filter.map(Path::to_owned),
        }
    }
}

/// An agent that shares everything with labbook but its session and its
/// environment.
fn plain(exe: &Path) -> Result<Child, SandboxError> {
    Command::new(exe)
        .arg("__agent")
        .env_clear()
        .env("PATH", sandbox::PATH)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|source| SandboxError::Step { step: format!("start {}", exe.display()), source })
}

impl Agent {
    /// What holds the lab.
    pub(super) fn kind(&self) -> Kind {
        self.kind
    }

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
        if self.kind != Kind::None {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
        if let Some(cgroup) = &self.cgroup {
            sandbox::remove_cgroup(cgroup, PATIENCE);
        }
    }
}
