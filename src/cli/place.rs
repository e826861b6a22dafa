//! Where labs run: finds or makes the cluster, and puts the lab's shell beside
//! it. All that the command line asks of clusters and of the runner is here.

use std::path::{Path, PathBuf};
use std::pin::Pin;

use super::args::Keep;
use super::cluster::fault;
use super::error::{Error, without_numbers};
use super::labs::LabPage;
use super::live::Live;
use super::progress::Progress;
use super::settings::{self, ClusterChoice, RunSettings};
use super::signals::Signals;
use crate::cluster::assets::{self, Assets, Cache, KnownImage, Renew};
use crate::cluster::embedded;
use crate::cluster::{Access, Cluster, Observer, ProviderError, Source};
use crate::record::{ClusterFact, Event, Journal, Verdict};
use crate::report::{Reserved, published_record};
use crate::run::{self, Environment, Lab, Outcome, RunError, Stop, Stopper};
use crate::sandbox::{self, Kind};
use crate::workbook::{Pull, Workbook};

/// Where the labs of one command run.
pub(super) struct Place<'a> {
    settings: &'a RunSettings,
    signals: Signals,
    sandbox: Kind,
    /// Why there is no sandbox.
    lacking: Option<String>,
}

/// How assets are made for clusters.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Preparation {
    /// Install the packages that are missing.
    pub(super) install: bool,
    /// Whether images are pulled; what the workbook says where none is given.
    pub(super) pull: Option<Pull>,
    pub(super) renew: Renew,
}

/// Makes what an embedded cluster is started from, where it is not there yet.
pub(super) fn prepare(
    start: &Path,
    preparation: Preparation,
    signals: &Signals,
    progress: &mut Progress,
) -> Result<Assets, Error> {
    let workbook = Workbook::find(start).map_err(Error::document)?;
    prepare_for(&workbook, preparation, signals, &mut |message| progress.building(message))
}

/// The images that clusters start with, and whether they are prepared.
pub(super) fn images(start: &Path) -> Result<(Vec<KnownImage>, bool), Error> {
    let workbook = Workbook::find(start).map_err(Error::document)?;
    let cache = Cache::default_root(std::env::var_os("LABBOOK_CACHE")).map_err(Error::setup)?;
    let images: Vec<_> = workbook.config.images.clone().into_iter().collect();
    let pull = workbook.config.cluster.pull;
    let request =
        assets::Request { images: &images, root: &workbook.root, pull, renew: Renew::Nothing };
    assets::images(&cache, &request).map_err(Error::setup)
}

fn prepare_for(
    workbook: &Workbook,
    preparation: Preparation,
    signals: &Signals,
    say: &mut dyn FnMut(assets::Progress<'_>),
) -> Result<Assets, Error> {
    may_sandbox()?;
    let images: Vec<_> = workbook.config.images.clone().into_iter().collect();
    let root = workbook.root.clone();
    let pull = preparation.pull.unwrap_or(workbook.config.cluster.pull);
    let make = move |progress: &dyn Fn(assets::Progress<'_>)| {
        if preparation.install {
            crate::cluster::doctor::install(progress).map_err(Error::setup)?;
        }
        let cache = Cache::default_root(std::env::var_os("LABBOOK_CACHE")).map_err(Error::setup)?;
        let cache = Cache::open(cache).map_err(Error::setup)?;
        let renew = preparation.renew;
        let request = assets::Request { images: &images, root: &root, pull, renew };
        assets::prepare(&cache, &request, progress).map_err(Error::setup)
    };
    signals.aside(make, say)
}

/// Whether this process may make what an embedded cluster lives in.
fn may_sandbox() -> Result<(), Error> {
    if sandbox::available() {
        return Ok(());
    }
    Err(Error::setup(
        "an embedded cluster needs root and the right to mount: run labbook as root, name a \
         cluster of yours with --context NAME, or run without one with --cluster none",
    ))
}

/// Where programs and images are cached, and where clusters are kept.
pub(super) fn directories() -> Result<(PathBuf, PathBuf), Error> {
    let cache = Cache::default_root(std::env::var_os("LABBOOK_CACHE")).map_err(Error::setup)?;
    let state = embedded::directory().map_err(fault)?;
    Ok((cache, state))
}

/// A lab that was begun, and has a record.
pub(super) struct Carried {
    /// Where its report belongs; the record is beside it.
    pub(super) report: PathBuf,
    /// Why it was not run to its end.
    pub(super) trouble: Option<Error>,
}

impl<'a> Place<'a> {
    /// The place that was chosen. What can be seen to be missing without a start
    /// or a connection is an error here, before anything else is told.
    pub(super) fn new(settings: &'a RunSettings) -> Result<Self, Error> {
        match &settings.cluster {
            ClusterChoice::Context(name) => Access::has_context(name).map_err(Error::setup)?,
            ClusterChoice::Named(name) => {
                may_sandbox()?;
                embedded::find(name).map_err(fault)?;
            }
            ClusterChoice::Fresh => may_sandbox()?,
            ClusterChoice::None => {}
        }
        let exe = std::env::current_exe().map_err(Error::internal)?;
        let (sandbox, lacking) = Kind::here(&exe);
        Ok(Self { settings, signals: Signals::heed()?, sandbox, lacking })
    }

    /// What the user should know of the place before a lab runs there.
    pub(super) fn warning(&self) -> Option<String> {
        let why = without_numbers(self.lacking.as_ref()?);
        let copies = if self.settings.in_place {
            ""
        } else {
            "labs work on copies of their workbooks, and "
        };
        Some(format!(
            "no sandbox can be made here ({why}): {copies}commands that are \
             known to change this machine are not run"
        ))
    }

    /// Whether the user asked for an end.
    pub(super) fn interrupted(&self) -> bool {
        self.signals.stop().is_wanted()
    }

    /// Runs a lab from the start of its cluster to its end, and writes its
    /// record into its place. An error is that of a lab which could not be begun:
    /// it has no record.
    pub(super) fn carry_out(
        &self,
        page: &LabPage,
        reserved: &Reserved,
        live: &mut Live<'_>,
    ) -> Result<Carried, Error> {
        // What is wrong with them is told before a cluster is started.
        let mut variables = settings::passed(&page.workbook)?;
        variables.extend(self.settings.variables.iter().cloned());
        let assets = match self.settings.cluster {
            ClusterChoice::Fresh | ClusterChoice::Named(_) => {
                let say = &mut |message: assets::Progress<'_>| live.building(message);
                let preparation =
                    Preparation { install: self.settings.install, ..Preparation::default() };
                Some(prepare_for(&page.workbook, preparation, &self.signals, say)?)
            }
            ClusterChoice::Context(_) | ClusterChoice::None => None,
        };
        Signals::block_on(async {
            let cluster = self.cluster(page, assets.as_ref(), live).await?;
            let given = (assets.as_ref(), cluster.as_ref(), variables);
            let begun = self.lab(page, given, reserved, live).await;
            let stay = match self.settings.keep {
                None => false,
                Some(Keep::Always) => true,
                Some(Keep::OnFailure) => !matches!(begun, Ok((_, Ok(true)))),
            };
            let released = cluster.map_or(Ok(()), |cluster| self.release(cluster, stay, live));
            let (report, ran) = begun?;
            Ok(Carried { report, trouble: ran.and(released).err() })
        })
    }

    /// Removes the cluster, or says how to reach the one that stays.
    fn release(&self, cluster: Cluster, stay: bool, live: &mut Live<'_>) -> Result<(), Error> {
        if !stay && matches!(self.settings.cluster, ClusterChoice::Fresh) {
            live.say("removing the cluster");
        }
        if let Some(running) = cluster.release(stay).map_err(fault)? {
            live.leave(format!(
                "the cluster {name} is left up\n  export KUBECONFIG={}\n  \
                 labbook cluster down {name}",
                running.kubeconfig.display(),
                name = running.name,
            ));
        }
        Ok(())
    }

    /// The lab's cluster; none where it runs without one.
    async fn cluster(
        &self,
        page: &LabPage,
        assets: Option<&Assets>,
        live: &mut Live<'_>,
    ) -> Result<Option<Cluster>, Error> {
        let source = match (&self.settings.cluster, assets) {
            (ClusterChoice::Context(name), _) => Source::Context(name),
            (ClusterChoice::Named(name), _) => Source::Named(name),
            (ClusterChoice::Fresh, Some(assets)) => Source::Fresh {
                assets,
                block: page.workbook.config.cluster.network.as_deref(),
                may_stay: self.settings.keep.is_some(),
            },
            (ClusterChoice::Fresh | ClusterChoice::None, _) => return Ok(None),
        };
        if matches!(source, Source::Fresh { .. }) {
            live.say("starting a fresh cluster");
        }
        let exe = std::env::current_exe().map_err(Error::internal)?;
        let mut progress = |message: &embedded::Progress| live.starting(message);
        let mut stop = self.signals.stop();
        tokio::select! {
            cluster = Cluster::get(source, &exe, &mut progress) => match cluster {
                Ok(cluster) => Ok(Some(cluster)),
                Err(ProviderError::Embedded(error)) => Err(fault(error)),
                Err(ProviderError::Access(error)) => Err(Error::setup(error)),
            },
            () = stop.wanted() => Err(Error::Interrupted),
        }
    }

    /// Runs the page: where its report belongs, and whether its result is the
    /// same. The outer error is that of a lab that was not begun.
    async fn lab(
        &self,
        page: &LabPage,
        (assets, cluster, variables): (Option<&Assets>, Option<&Cluster>, Vec<(String, String)>),
        reserved: &Reserved,
        live: &mut Live<'_>,
    ) -> Result<(PathBuf, Result<bool, Error>), Error> {
        let access = cluster.map(Cluster::access);
        let observer = access.map(|access| Observer::new(access.client.clone()));
        let without = ClusterFact { provider: "none".to_owned(), version: None };
        let exe = std::env::current_exe().map_err(Error::internal)?;
        let programs = assets.map(|assets| &assets.programs);
        let place = run::Place {
            exe: &exe,
            workbook: &page.plan.root,
            in_place: page.plan.path.parent().filter(|_| self.settings.in_place),
            sandbox: self.sandbox,
            programs: programs.and_then(|programs| programs.kubectl.parent()),
            device_filter: programs.map(|programs| programs.components.as_path()),
            access,
        };
        let (stopper, stop) = run::stopper();
        let lab = Lab {
            agent: place.agent().map_err(Error::setup)?,
            directory: page.plan.path.parent().unwrap_or(&page.plan.root).to_path_buf(),
            environment: Environment { passed: variables, ..place.environment() },
            observer: observer.as_ref(),
            cluster: access.map_or(without, |access| access.fact.clone()),
            stand_ins: assets.map_or_else(Vec::new, |assets| assets.stand_ins.clone()),
            stop,
        };
        let report = reserved.report().map_err(Error::internal)?;
        let mut journal = Journal::create(&published_record(&report)).map_err(Error::internal)?;
        let mut unwritten = None;
        let mut sink = |event: &Event| {
            // What is not recorded has not happened, and nothing follows a torn line.
            if unwritten.is_none()
                && let Err(error) = journal.append(event)
            {
                unwritten = Some(error);
                stopper.stop();
            }
            live.event(event);
        };
        let died = async {
            match cluster {
                Some(cluster) => cluster.died().await,
                None => std::future::pending().await,
            }
        };
        let run = Box::pin(run::run(&page.plan, lab, &mut sink));
        let (outcome, trouble) = attend(run, died, self.signals.stop(), &stopper).await;
        unwritten.map_or_else(|| journal.close(), Err).map_err(Error::internal)?;
        Ok((report, judged(outcome, trouble)))
    }
}

/// Whether a run that has ended gave the same result; an error where it did not
/// come to its end.
fn judged(outcome: Result<Outcome, RunError>, trouble: Option<String>) -> Result<bool, Error> {
    if let Some(trouble) = trouble {
        return Err(Error::setup(trouble));
    }
    match outcome {
        Ok(outcome) => Ok(outcome.verdict <= Verdict::Drift && !outcome.interrupted),
        // The record has it, with its output.
        Err(RunError::Setup(_)) => Ok(false),
        Err(error) => Err(Error::setup(error)),
    }
}

/// Follows a run to its end. Where the user or the death of its cluster ends it
/// early, it is asked to stop and waited for: it still runs its cleanup and
/// closes its record. A second signal ends the cleanup too, and the first one
/// does where the cluster is dead: there is nothing to clean up in it. Returns
/// what the cluster died of, too.
async fn attend<T>(
    mut run: Pin<Box<impl Future<Output = T>>>,
    died: impl Future<Output = String>,
    mut wanted: Stop,
    stopper: &Stopper,
) -> (T, Option<String>) {
    let trouble = tokio::select! {
        outcome = &mut run => return (outcome, None),
        trouble = died => Some(trouble),
        () = wanted.wanted() => None,
    };
    stopper.stop();
    let mut last = if trouble.is_some() { wanted } else { wanted.at_once() };
    tokio::select! {
        outcome = &mut run => return (outcome, trouble),
        () = last.wanted() => stopper.stop_at_once(),
    }
    (run.await, trouble)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A run that says which wishes it has heard of.
    async fn heard(mut stop: Stop) -> &'static str {
        let mut at_once = stop.at_once();
        stop.wanted().await;
        at_once.wanted().await;
        "at once"
    }

    #[tokio::test]
    async fn the_second_signal_ends_a_cleanup() {
        let (signals, wanted) = run::stopper();
        let (stopper, stop) = run::stopper();
        let follow = attend(Box::pin(heard(stop)), std::future::pending(), wanted, &stopper);
        let signal = async {
            signals.stop();
            tokio::task::yield_now().await;
            signals.stop_at_once();
        };
        let (followed, ()) = tokio::join!(follow, signal);
        assert_eq!(followed, ("at once", None));
    }

    #[tokio::test]
    async fn the_first_signal_ends_the_cleanup_of_a_dead_cluster() {
        let (signals, wanted) = run::stopper();
        let (stopper, stop) = run::stopper();
        let died = std::future::ready("etcd exited".to_owned());
        let follow = attend(Box::pin(heard(stop)), died, wanted, &stopper);
        let signal = async {
            tokio::task::yield_now().await;
            signals.stop();
        };
        let (followed, ()) = tokio::join!(follow, signal);
        assert_eq!(followed, ("at once", Some("etcd exited".to_owned())));
    }
}
