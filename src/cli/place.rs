//! Where labs run: finds or makes the cluster, and puts the lab's shell beside
//! it. All that the command line asks of clusters and of the runner is here.

use std::cell::RefCell;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tokio::runtime::Runtime;

use super::args::Keep;
use super::cluster::fault;
use super::error::Error;
use super::labs::LabPage;
use super::live::Live;
use super::progress::Progress;
use super::settings::{ClusterChoice, RunSettings};
use crate::cluster::assets::{self, Assets, Cache};
use crate::cluster::embedded::{self, Embedded, Request};
use crate::cluster::{Access, Observer};
use crate::record::{ClusterFact, Journal, Verdict};
use crate::run::{self, Environment, Lab, RunError, Stop, Stopper};
use crate::sandbox::{self, Bind, Confinement, Network, Spec};
use crate::workbook::Workbook;

/// Where the labs of one command run.
pub(super) struct Place<'a> {
    settings: &'a RunSettings,
    runtime: Runtime,
    stop: Stop,
}

/// The cluster of one lab, for as long as this lives.
#[derive(Default)]
struct Reached {
    /// How to reach it; none without a cluster.
    access: Option<Access>,
    /// What an embedded one is made of.
    assets: Option<Assets>,
    /// It is fresh, and ends with this.
    owned: Option<Embedded>,
    /// It is fresh, and may be left up under this name.
    kept: Option<String>,
}

/// A runtime for what is done side by side.
pub(super) fn runtime() -> Result<Runtime, Error> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(Error::internal)
}

/// Makes what an embedded cluster is started from, where it is not there yet.
pub(super) fn prepare(
    start: &Path,
    install: bool,
    progress: &mut Progress<'_>,
) -> Result<Assets, Error> {
    let workbook = Workbook::find(start).map_err(Error::document)?;
    prepare_for(&workbook, install, &mut |message| progress.building(message))
}

fn prepare_for(
    workbook: &Workbook,
    install: bool,
    say: &mut dyn FnMut(assets::Progress<'_>),
) -> Result<Assets, Error> {
    let say = RefCell::new(say);
    let progress = |progress: assets::Progress<'_>| (say.borrow_mut())(progress);
    if install {
        crate::cluster::doctor::install(&progress).map_err(Error::setup)?;
    }
    let cache = Cache::default_root(std::env::var_os("LABBOOK_CACHE")).map_err(Error::setup)?;
    let cache = Cache::open(cache).map_err(Error::setup)?;
    let images: Vec<_> = workbook.config.images.clone().into_iter().collect();
    let request = assets::Request { images: &images, root: &workbook.root };
    assets::prepare(&cache, &request, &progress).map_err(Error::setup)
}

/// Where programs and images are cached, and where clusters are kept.
pub(super) fn directories() -> Result<(PathBuf, PathBuf), Error> {
    let cache = Cache::default_root(std::env::var_os("LABBOOK_CACHE")).map_err(Error::setup)?;
    let state = embedded::directory().map_err(fault)?;
    Ok((cache, state))
}

/// What a cluster called `name` is made of.
pub(super) fn request(name: &str, assets: &Assets) -> Result<Request, Error> {
    let components = &assets.programs.components;
    Ok(Request {
        name: name.to_owned(),
        exe: std::env::current_exe().map_err(Error::internal)?,
        programs: components.parent().unwrap_or(components).to_path_buf(),
        store: assets.store.path.clone(),
        block: embedded::DEFAULT_BLOCK.to_owned(),
    })
}

impl<'a> Place<'a> {
    pub(super) fn new(settings: &'a RunSettings) -> Result<Self, Error> {
        let runtime = runtime()?;
        let (stopper, stop) = run::stopper();
        runtime.spawn(stop_on_signal(stopper));
        Ok(Self { settings, runtime, stop })
    }

    /// Whether the user asked for an end.
    pub(super) fn interrupted(&self) -> bool {
        self.stop.is_wanted()
    }

    /// Runs a lab from the start of its cluster to its end, and writes its
    /// record. A lab that could not be run to its end has a record that says so.
    pub(super) fn carry_out(
        &self,
        page: &LabPage,
        record: &Path,
        live: &mut Live<'_>,
    ) -> Result<(), Error> {
        let assets = match self.settings.cluster {
            ClusterChoice::Fresh | ClusterChoice::Named(_) => {
                let say = &mut |message: assets::Progress<'_>| live.building(message);
                Some(prepare_for(&page.workbook, self.settings.install, say)?)
            }
            ClusterChoice::Context(_) | ClusterChoice::None => None,
        };
        let private =
            tempfile::Builder::new().prefix("labbook-lab-").tempdir().map_err(Error::internal)?;
        self.runtime.block_on(async {
            let mut reached = self.reach(assets, live).await?;
            let result = self.lab(page, &reached, private.path(), record, live).await;
            if let Some(owned) = reached.owned.take() {
                live.say("removing the cluster");
                owned.stop().map_err(fault)?;
            }
            let good = matches!(result, Ok(true));
            if let Some(name) = reached.kept.take() {
                if good && self.settings.keep == Some(Keep::OnFailure) {
                    embedded::down(&name).map_err(fault)?;
                } else {
                    let running = embedded::find(&name).map_err(fault)?;
                    live.leave(format!(
                        "the cluster {name} is left up\n  export KUBECONFIG={}\n  \
                         labbook cluster down {name}",
                        running.kubeconfig.display()
                    ));
                }
            }
            result.map(|_| ())
        })
    }

    async fn reach(&self, assets: Option<Assets>, live: &mut Live<'_>) -> Result<Reached, Error> {
        let mut reached = Reached { assets, ..Reached::default() };
        let mut stop = self.stop.clone();
        let interrupted = || Error::setup("interrupted while the cluster started");
        reached.access = match (&self.settings.cluster, &reached.assets) {
            (ClusterChoice::Context(name), _) => Some(Access::context(name).await),
            (ClusterChoice::Named(name), _) => {
                Some(Access::running(&embedded::find(name).map_err(fault)?).await)
            }
            (ClusterChoice::Fresh, Some(assets)) => {
                let name = format!("run-{}", sandbox::unique_id());
                let request = request(&name, assets)?;
                live.say("starting a fresh cluster");
                let mut progress = |message: &embedded::Progress| live.starting(message);
                if self.settings.keep.is_some() {
                    let running = tokio::select! {
                        running = embedded::up(&request, &mut progress) => running.map_err(fault)?,
                        () = stop.wanted() => return Err(interrupted()),
                    };
                    reached.kept = Some(name);
                    Some(Access::running(&running).await)
                } else {
                    let owned = tokio::select! {
                        owned = Embedded::start(&request, &mut progress) => owned.map_err(fault)?,
                        () = stop.wanted() => return Err(interrupted()),
                    };
                    let access = Access::embedded(&owned).await;
                    reached.owned = Some(owned);
                    Some(access)
                }
            }
            (ClusterChoice::Fresh | ClusterChoice::None, _) => None,
        }
        .transpose()
        .map_err(Error::setup)?;
        Ok(reached)
    }

    /// Runs the page; whether its result is the same.
    async fn lab(
        &self,
        page: &LabPage,
        reached: &Reached,
        private: &Path,
        record: &Path,
        live: &mut Live<'_>,
    ) -> Result<bool, Error> {
        let access = reached.access.as_ref();
        let observer = access.map(|access| Observer::new(access.client.clone()));
        let without = ClusterFact { provider: "none".to_owned(), version: None };
        let lab = Lab {
            agent: agent(page, reached, private)?,
            directory: page.plan.path.parent().unwrap_or(&page.plan.root).to_path_buf(),
            environment: environment(private, reached)?,
            observer: observer.as_ref(),
            cluster: access.map_or(without, |access| access.fact.clone()),
            stand_ins: reached.assets.as_ref().map_or_else(Vec::new, |it| it.stand_ins.clone()),
            stop: self.stop.clone(),
        };
        let mut journal = Journal::create(record).map_err(Error::internal)?;
        let mut unwritten = None;
        let outcome = run::run(&page.plan, lab, &mut |event| {
            if let Err(error) = journal.append(event) {
                unwritten.get_or_insert(error);
            }
            live.event(event);
        })
        .await;
        journal.close().map_err(Error::internal)?;
        if let Some(error) = unwritten {
            return Err(Error::internal(error));
        }
        match outcome {
            Ok(outcome) => Ok(outcome.verdict <= Verdict::Drift && !outcome.interrupted),
            // The record has it, with its output.
            Err(RunError::Setup(_)) => Ok(false),
            Err(error) => match reached.owned.as_ref().and_then(Embedded::trouble) {
                Some(trouble) => Err(Error::setup(trouble)),
                None => Err(Error::setup(error)),
            },
        }
    }
}

/// The directory of the lab's kubectl.
fn programs(reached: &Reached) -> Option<PathBuf> {
    let kubectl = &reached.assets.as_ref()?.programs.kubectl;
    kubectl.parent().map(Path::to_path_buf)
}

/// The lab's own home, directory for temporary files, and kubeconfig.
fn environment(private: &Path, reached: &Reached) -> Result<Environment, Error> {
    let environment = Environment {
        programs: programs(reached).into_iter().collect(),
        home: private.join("home"),
        temporary: private.join("tmp"),
        kubeconfig: reached.access.as_ref().map(|_| private.join("kubeconfig")),
    };
    for directory in [&environment.home, &environment.temporary] {
        fs::create_dir_all(directory).map_err(Error::internal)?;
    }
    if let (Some(access), Some(path)) = (&reached.access, &environment.kubeconfig) {
        write_private(path, access.kubeconfig.as_bytes()).map_err(Error::internal)?;
    }
    Ok(environment)
}

/// Writes a file that only its owner can read: it holds credentials.
fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)
}

/// The agent that holds the lab's shell: in a sandbox where one can be made, a
/// plain process where labbook is not root.
fn agent(page: &LabPage, reached: &Reached, private: &Path) -> Result<Child, Error> {
    let exe = std::env::current_exe().map_err(Error::internal)?;
    if !sandbox::available() {
        return Command::new(exe)
            .arg("__agent")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(Error::internal);
    }
    let network = reached.access.as_ref().and_then(|access| access.network.clone());
    let bind = |path: &Path, access| Bind {
        source: path.to_path_buf(),
        target: path.to_path_buf(),
        access,
    };
    let mut binds = vec![
        bind(private, sandbox::Access::Write),
        bind(&page.plan.root, sandbox::Access::Overlay),
    ];
    binds.extend(programs(reached).map(|programs| bind(&programs, sandbox::Access::Read)));
    let spec = Spec {
        hostname: "lab".to_owned(),
        name_server: network.as_ref().map(|network| network.name_server),
        network: network.map_or(Network::Host, |network| Network::Join(network.namespace)),
        scratch: None,
        binds,
        cgroup: sandbox::unique_cgroup(),
        confinement: Confinement::Shell,
        device_filter: reached.assets.as_ref().map(|assets| assets.programs.components.clone()),
    };
    sandbox::spawn(&exe, &spec, "__agent").map_err(Error::setup)
}

/// Asks the run to stop at the first signal that asks labbook to.
async fn stop_on_signal(stopper: Stopper) {
    use tokio::signal::unix::{SignalKind, signal};
    let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
    let [Ok(mut interrupt), Ok(mut terminate), Ok(mut hangup)] = kinds.map(signal) else {
        return;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
        _ = hangup.recv() => {}
    }
    stopper.stop();
}
