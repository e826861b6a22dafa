//! The owner's side of a cluster: claims a name and addresses, starts the
//! sandbox, follows its start, and takes everything away at the end.

use std::fs;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::process::ChildStdin;
use tokio::sync::watch;

use super::egress::{self, Egress};
use super::layout::{self, Home};
use super::network::{self, Addresses, Block};
use super::processes;
use super::protocol::{Order, Progress, Start};
use super::state::{Claim, Machine, State, clean};
use super::streams::Streams;
use super::{EmbeddedError, find_init};
use crate::cluster::assets::{self, Assets, Hold};
use crate::sandbox::{self, Access, Bind, Confinement, Network, Spec};

/// What a cluster is made of.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Request {
    /// Its name: lower-case letters, digits and `-`.
    pub name: String,
    /// The labbook binary, which is also the cluster's first process.
    pub exe: PathBuf,
    /// The directory with the program `components`.
    pub programs: PathBuf,
    /// The prepared images.
    pub store: PathBuf,
    /// The block from which it takes its addresses.
    pub block: String,
    /// Whether a keeper owns it, and not the run of a lab.
    pub kept: bool,
}

impl Request {
    /// A cluster called `name` of these assets, with addresses from `block` or
    /// from the usual one.
    pub fn new(name: &str, exe: &Path, assets: &Assets, block: Option<&str>) -> Self {
        let components = &assets.programs.components;
        Self {
            name: name.to_owned(),
            exe: exe.to_owned(),
            programs: components.parent().unwrap_or(components).to_owned(),
            store: assets.store.path.clone(),
            block: block.unwrap_or(network::DEFAULT_BLOCK).to_owned(),
            kept: false,
        }
    }
}

/// A running cluster. Dropping it ends it and removes all of it.
#[derive(Debug)]
pub struct Embedded {
    claim: Option<Claim>,
    state: State,
    _addresses: Addresses,
    // What it runs from stays in the cache for as long.
    _holds: [Hold; 2],
    boot: Child,
    egress: Option<Egress>,
    // The end of the first process's input is the end of the cluster.
    lifeline: Option<ChildStdin>,
    trouble: watch::Receiver<Option<String>>,
}

impl Embedded {
    /// Starts a cluster and returns once it is ready. Cancelling the future
    /// removes what there is of it.
    ///
    /// # Errors
    /// Anything that keeps it from becoming ready; nothing is left of it then.
    pub async fn start(
        request: &Request,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<Self, EmbeddedError> {
        let holds = [assets::hold(&request.programs)?, assets::hold(&request.store)?];
        let machine = Machine::open()?;
        machine.sweep()?;
        sandbox::sweep_cgroups();
        let claim = machine.claim(&request.name)?;
        let block: Block = request.block.parse()?;
        let addresses = network::claim(block)?;
        let egress = egress::program();
        let state = State {
            cgroup: sandbox::unique_cgroup(),
            link: format!("lb{}", sandbox::unique_id()),
            owner: std::process::id(),
            first_process: None,
            address: addresses.node,
            // On the host's address nobody answers, and that is said at once.
            name_server: egress.as_ref().map_or(addresses.host, |_| egress::NAME_SERVER),
            started: jiff::Timestamp::now(),
            trouble: None,
            ready: false,
            kept: request.kept,
        };
        // From here on the guard removes what there is, whatever happens.
        let mut guard = Guard::new(claim, state);
        guard.state.write(&guard.home())?;
        prepare(&guard.home(), request)?;
        let spec = spec(request, &guard.home(), &guard.state);
        let mut boot = sandbox::spawn(&request.exe, &spec, "__cluster")?;
        let streams = Streams::take(&mut boot)?;
        guard.boot = Some(boot);
        let mut starting = Starting { guard, streams, addresses, holds, egress: None };
        starting.in_time(request, egress.as_deref(), progress).await?;
        starting.finish()
    }

    /// The administrator's kubeconfig on the host.
    pub fn kubeconfig(&self) -> PathBuf {
        self.home().kubeconfig()
    }

    /// The cluster's network namespace.
    pub fn network(&self) -> PathBuf {
        network_of(self.state.first_process.unwrap_or_default())
    }

    /// Where names are resolved in that network.
    pub fn name_server(&self) -> Ipv4Addr {
        self.state.name_server
    }

    /// The node's address on the host.
    pub fn address(&self) -> Ipv4Addr {
        self.state.address
    }

    /// What died since the start, if anything: a message with the end of its log.
    pub fn trouble(&self) -> Option<String> {
        self.trouble.borrow().clone()
    }

    /// Returns when a component has died, or the whole cluster.
    pub async fn died(&self) -> String {
        let mut trouble = self.trouble.clone();
        match trouble.wait_for(Option::is_some).await {
            Ok(words) => words.clone().unwrap_or_default(),
            Err(_) => "the cluster's first process ended".to_owned(),
        }
    }

    fn home(&self) -> Home {
        self.claim.as_ref().map_or_else(|| Home(PathBuf::new()), |claim| claim.home.clone())
    }

    /// Ends the cluster and removes all of it.
    ///
    /// # Errors
    /// Something could not be removed; the error names it.
    pub fn stop(mut self) -> Result<(), EmbeddedError> {
        self.end()
    }

    /// Keeps word of a death for whoever asks for the cluster.
    pub(super) fn tell(&self, trouble: &str) -> Result<(), EmbeddedError> {
        State { trouble: Some(trouble.to_owned()), ..self.state.clone() }.write(&self.home())
    }

    /// Returns when the first process has ended.
    pub(super) async fn ended(&self) {
        let mut trouble = self.trouble.clone();
        while trouble.changed().await.is_ok() {}
    }

    fn end(&mut self) -> Result<(), EmbeddedError> {
        let Some(claim) = self.claim.take() else { return Ok(()) };
        // Also ends a first process that boot could not take with it.
        self.lifeline = None;
        end_boot(&mut self.boot);
        self.egress = None;
        clean(&claim.home)
    }
}

impl Drop for Embedded {
    fn drop(&mut self) {
        // An error here has nobody to go to; the next start tries again.
        let _ = self.end();
    }
}

/// The network namespace of a process.
pub(super) fn network_of(pid: u32) -> PathBuf {
    Path::new("/proc").join(pid.to_string()).join("ns/net")
}

fn end_boot(boot: &mut Child) {
    // Fails only where it has ended already.
    let _ = boot.kill();
    let _ = boot.wait();
}

/// A cluster that may not live on: removes it when dropped.
struct Guard {
    claim: Option<Claim>,
    state: State,
    boot: Option<Child>,
}

impl Guard {
    fn new(claim: Claim, state: State) -> Self {
        Self { claim: Some(claim), state, boot: None }
    }

    fn home(&self) -> Home {
        self.claim.as_ref().map_or_else(|| Home(PathBuf::new()), |claim| claim.home.clone())
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        let Some(claim) = self.claim.take() else { return };
        if let Some(boot) = &mut self.boot {
            end_boot(boot);
        }
        // The error that brought us here is the one to tell.
        let _ = clean(&claim.home);
    }
}

struct Starting {
    // Dropped first: a first process that boot cannot take with it ends with
    // its input.
    streams: Streams,
    guard: Guard,
    addresses: Addresses,
    holds: [Hold; 2],
    egress: Option<Egress>,
}

/// How long a start may take; one that hangs is told with its logs.
const START: Duration = Duration::from_secs(180);

impl Starting {
    async fn in_time(
        &mut self,
        request: &Request,
        egress: Option<&Path>,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<(), EmbeddedError> {
        let mut last = "nothing yet".to_owned();
        let logs = self.guard.home().logs();
        let mut follow = |message: &Progress| {
            if let Progress::Phase { name, .. } = message {
                last.clone_from(name);
            }
            progress(message);
        };
        let started = self.follow(request, egress, &mut follow);
        match tokio::time::timeout(START, started).await {
            Ok(result) => result,
            Err(_) => Err(EmbeddedError::Slow {
                seconds: START.as_secs(),
                phase: last,
                logs: tails(&logs),
            }),
        }
    }

    async fn follow(
        &mut self,
        request: &Request,
        egress: Option<&Path>,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<(), EmbeddedError> {
        let start = Start {
            address: self.addresses.node,
            host_address: self.addresses.host,
            context: context(&request.name),
            name_server: self.guard.state.name_server,
            has_egress: egress.is_some(),
        };
        // A sandbox that could not be made says why on its standard error.
        let _ = self.streams.order(&Order::Start(start)).await;
        loop {
            let message = self.streams.next().await?;
            progress(&message);
            match message {
                Progress::Namespaces => self.link(egress).await?,
                Progress::Phase { .. } => {}
                Progress::Ready => return Ok(()),
                Progress::Died { component, how, log } => {
                    return Err(EmbeddedError::Died { component, how, log });
                }
                Progress::Failed { why } => return Err(EmbeddedError::Start { why }),
            }
        }
    }

    async fn link(&mut self, egress: Option<&Path>) -> Result<(), EmbeddedError> {
        let boot = self.guard.boot.as_ref().map_or(0, Child::id);
        let first = find_init(boot)
            .ok_or_else(|| EmbeddedError::Start { why: "its first process is gone".to_owned() })?;
        self.guard.state.first_process = Some(first);
        self.guard.state.write(&self.guard.home())?;
        network::make_link(&self.guard.state.link, first, &self.addresses)?;
        self.streams.order(&Order::LinkMade).await?;
        if let Some(program) = egress {
            self.egress = Some(Egress::start(program, first).await?);
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Embedded, EmbeddedError> {
        self.guard.state.ready = true;
        self.guard.state.write(&self.guard.home())?;
        let (tell, trouble) = watch::channel(None);
        let mut streams = self.streams;
        let (claim, boot) = (self.guard.claim.take(), self.guard.boot.take());
        let lifeline = streams.orders;
        tokio::spawn(async move {
            while let Ok(Some(line)) = streams.words.next_line().await {
                if let Ok(Progress::Died { component, how, log }) = serde_json::from_str(&line) {
                    let words = EmbeddedError::Died { component, how, log }.to_string();
                    tell.send_replace(Some(words));
                }
            }
        });
        let Some(boot) = boot else {
            return Err(EmbeddedError::Start { why: "it was ended".to_owned() });
        };
        Ok(Embedded {
            claim,
            state: self.guard.state.clone(),
            _addresses: self.addresses,
            _holds: self.holds,
            boot,
            egress: self.egress,
            lifeline: Some(lifeline),
            trouble,
        })
    }
}

/// The last lines of each log in `directory`.
fn tails(directory: &Path) -> String {
    let files = fs::read_dir(directory).into_iter().flatten().flatten();
    let tail = |file: fs::DirEntry| {
        let name = file.file_name().to_string_lossy().into_owned();
        format!("{name}:\n{}\n", processes::tail(&file.path(), 4))
    };
    files.map(tail).collect()
}

/// The context's name in the kubeconfig of cluster `name`.
pub(super) fn context(name: &str) -> String {
    format!("labbook-{name}")
}

/// Makes the directories of a new cluster, with the prepared images in place.
fn prepare(home: &Home, request: &Request) -> Result<(), EmbeddedError> {
    use std::os::unix::fs::PermissionsExt as _;
    for directory in [home.data(), home.scratch(), home.tmp(), home.logs()] {
        fs::create_dir_all(&directory)
            .map_err(|error| EmbeddedError::io("make", &directory, error))?;
    }
    let open = fs::Permissions::from_mode(0o1777);
    fs::set_permissions(home.tmp(), open)
        .map_err(|error| EmbeddedError::io("set the mode of", &home.tmp(), error))?;
    let containerd = home.data().join("containerd");
    assets::link_into(&request.store, Path::new(layout::STORE), &containerd)?;
    Ok(())
}

fn spec(request: &Request, home: &Home, state: &State) -> Spec {
    let bind = |source: &Path, target: &str, access| Bind {
        source: source.to_owned(),
        target: target.into(),
        access,
    };
    Spec {
        hostname: layout::NODE.to_owned(),
        network: Network::Own,
        name_server: Some(state.name_server),
        scratch: Some(home.scratch()),
        binds: vec![
            bind(&home.data(), layout::DATA, Access::Write),
            bind(&home.tmp(), "/tmp", Access::Write),
            bind(&request.programs, layout::PROGRAMS, Access::Read),
            bind(&request.store, layout::STORE, Access::Read),
        ],
        cgroup: Some(state.cgroup.clone()),
        confinement: Confinement::Cluster,
        device_filter: Some(request.programs.join("components")),
    }
}
