//! `labbook cluster`.

use std::cell::RefCell;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use anstyle::AnsiColor;

use super::args::{self, ClusterCommand};
use super::error::Error;
use super::exit::ExitCode;
use super::place::{self, Preparation};
use super::progress::Progress;
use super::signals::Signals;
use super::streams::Streams;
use crate::cluster::assets::{Renew, Source, Why};
use crate::cluster::doctor::{self, Status};
use crate::cluster::embedded::{self, EmbeddedError};
use crate::workbook::{Pull, Workbook};

/// Carries out one of the cluster commands.
pub(super) fn carry_out(command: ClusterCommand, streams: &mut Streams) -> Result<ExitCode, Error> {
    match command {
        ClusterCommand::Up { name, timings, install } => up(&name, timings, install, streams),
        ClusterCommand::Down { name, all } => down(&name, all, streams),
        ClusterCommand::List => list(streams),
        ClusterCommand::Kubeconfig { name } => {
            let running = embedded::find(&name).map_err(fault)?;
            let text = fs::read(&running.kubeconfig).map_err(Error::internal)?;
            streams.out.write_all(&text)?;
            Ok(ExitCode::Success)
        }
        ClusterCommand::Load { name, archive } => load(&name, &archive, streams),
        ClusterCommand::Logs { name, component } => {
            embedded::logs(&name, component.as_deref(), &mut streams.out).map_err(fault)?;
            Ok(ExitCode::Success)
        }
        ClusterCommand::Build { install, pull, refresh } => {
            let renew = if refresh { Renew::Everything } else { Renew::StandIns };
            build(Preparation { install, pull: pull.map(meant), renew }, streams)
        }
        ClusterCommand::Images => images(streams),
        ClusterCommand::Doctor { install } => doctor(install, streams),
    }
}

/// A name that is not there, or is taken, is a fault of the command line; all
/// else is one of the cluster.
pub(super) fn fault(error: EmbeddedError) -> Error {
    match error {
        EmbeddedError::Name { .. } | EmbeddedError::Taken { .. } | EmbeddedError::NoLog { .. } => {
            Error::Usage(error.to_string())
        }
        error => Error::setup(error),
    }
}

fn up(name: &str, timings: bool, install: bool, streams: &mut Streams) -> Result<ExitCode, Error> {
    let mut phases = Vec::new();
    let signals = Signals::heed()?;
    let running = {
        let mut progress = Progress::new(streams.live);
        let preparation = Preparation { install, ..Preparation::default() };
        let assets = place::prepare(Path::new("."), preparation, &signals, &mut progress)?;
        progress.say(&format!("starting the cluster {name}"));
        let exe = std::env::current_exe().map_err(Error::internal)?;
        let workbook = Workbook::find(Path::new(".")).map_err(Error::document)?;
        let block = workbook.config.cluster.network.as_deref();
        let request = embedded::Request::new(name, &exe, &assets, block);
        let mut follow = |message: &embedded::Progress| {
            progress.starting(message);
            if let embedded::Progress::Phase { name, ms } = message {
                phases.push((name.clone(), *ms));
            }
        };
        let up = embedded::up(&request, &mut follow);
        signals.unless_stopped(async { up.await.map_err(fault) })?
    };
    if timings {
        for (phase, ms) in &phases {
            writeln!(streams.out, "{:>7}.{:03} s  {phase}", ms / 1000, ms % 1000)?;
        }
    }
    let kubeconfig = running.kubeconfig.display();
    writeln!(streams.out, "{name} is ready; its kubeconfig is {kubeconfig}")?;
    writeln!(streams.out, "  labbook run --cluster embedded:{name} PATH")?;
    writeln!(streams.out, "  labbook cluster down {name}")?;
    Ok(ExitCode::Success)
}

fn down(name: &str, all: bool, streams: &mut Streams) -> Result<ExitCode, Error> {
    let names = if all {
        // A cluster that a lab runs on right now ends with its run.
        let all = embedded::list().map_err(fault)?.into_iter();
        all.filter(|running| running.kept).map(|running| running.name).collect()
    } else {
        vec![name.to_owned()]
    };
    for name in &names {
        embedded::down(name).map_err(fault)?;
        writeln!(streams.out, "{name} is gone")?;
    }
    if all {
        // What a killed labbook left has no name to ask for.
        for name in embedded::sweep().map_err(fault)? {
            writeln!(streams.out, "{name} was left behind, and is gone")?;
        }
        if names.is_empty() {
            writeln!(streams.err, "no cluster is up")?;
        }
    }
    Ok(ExitCode::Success)
}

fn list(streams: &mut Streams) -> Result<ExitCode, Error> {
    let running = embedded::list().map_err(fault)?;
    if running.is_empty() {
        writeln!(streams.err, "no cluster is up; labbook cluster up starts one")?;
        return Ok(ExitCode::Success);
    }
    let width = running.iter().map(|cluster| cluster.name.len()).max().unwrap_or(0).max(4);
    writeln!(streams.out, "{:width$}  {:8}  {:15}  STARTED", "NAME", "STATUS", "ADDRESS")?;
    for cluster in running {
        writeln!(
            streams.out,
            "{:width$}  {:8}  {:15}  {}",
            cluster.name,
            match (cluster.ready, cluster.kept) {
                (false, _) => "starting",
                (true, true) => "ready",
                (true, false) => "in a run",
            },
            cluster.address.to_string(),
            cluster.started.strftime("%Y-%m-%d %H:%M:%SZ")
        )?;
    }
    Ok(ExitCode::Success)
}

fn meant(pull: args::Pull) -> Pull {
    match pull {
        args::Pull::Auto => Pull::Auto,
        args::Pull::Never => Pull::Never,
        args::Pull::Always => Pull::Always,
    }
}

fn build(preparation: Preparation, streams: &mut Streams) -> Result<ExitCode, Error> {
    let signals = Signals::heed()?;
    let images = {
        let mut progress = Progress::new(streams.live);
        place::prepare(Path::new("."), preparation, &signals, &mut progress)?.store.images
    };
    writeln!(streams.out, "the cluster's programs and {} images are there", images.len())?;
    let count = |which: fn(&Source) -> bool| images.iter().filter(|it| which(&it.source)).count();
    let pulled = count(|source| matches!(source, Source::Pulled));
    let stand_ins = count(|source| matches!(source, Source::StandIn { .. }));
    let silent = count(|source| matches!(source, Source::StandIn { why: Why::NoAnswer, .. }));
    write!(streams.out, "  {pulled} pulled, {stand_ins} stand-ins for public images")?;
    match silent {
        0 => writeln!(streams.out)?,
        _ => writeln!(streams.out, " ({silent} of them: no registry was asked, or none answered)")?,
    }
    Ok(ExitCode::Success)
}

/// The images that a cluster starts with, in aligned columns.
fn images(streams: &mut Streams) -> Result<ExitCode, Error> {
    let (images, prepared) = place::images(Path::new("."))?;
    if !prepared {
        let hint = "no images are prepared yet; labbook cluster build prepares these";
        writeln!(streams.err, "{hint}")?;
    }
    let width = images.iter().map(|image| image.name.len()).max().unwrap_or(0).max(4);
    writeln!(streams.out, "{:width$}  SOURCE", "NAME")?;
    let mut notes = Vec::new();
    for image in &images {
        let source = match &image.source {
            Source::Built => "built here",
            Source::Pulled => "pulled",
            Source::Archive => "archive",
            Source::StandIn { note, .. } => {
                if !notes.contains(&note) {
                    notes.push(note);
                }
                "stand-in"
            }
        };
        writeln!(streams.out, "{:width$}  {source}", image.name)?;
    }
    if !notes.is_empty() {
        writeln!(streams.out, "\nStand-ins are not the public images:")?;
    }
    for note in notes {
        writeln!(streams.out, "  for {note}")?;
    }
    Ok(ExitCode::Success)
}

fn load(name: &str, archive: &Path, streams: &mut Streams) -> Result<ExitCode, Error> {
    if !archive.is_file() {
        return Err(Error::Usage(format!("there is no archive {}", archive.display())));
    }
    let running = embedded::find(name).map_err(fault)?;
    for image in embedded::load(&running, archive).map_err(fault)? {
        writeln!(streams.out, "{image}")?;
    }
    Ok(ExitCode::Success)
}

/// What this machine lacks, a line each. Exit code 5 where something is missing.
fn doctor(install: bool, streams: &mut Streams) -> Result<ExitCode, Error> {
    if install {
        let progress = RefCell::new(Progress::new(streams.live));
        doctor::install(&|message| progress.borrow_mut().building(message))
            .map_err(Error::setup)?;
    }
    let (cache, state) = place::directories()?;
    let findings = doctor::examine(&cache, &state);
    for finding in &findings {
        let (style, word) = match finding.status {
            Status::Ok => (AnsiColor::Green.on_default(), "ok"),
            Status::Warning => (AnsiColor::Yellow.on_default(), "warning"),
            Status::Missing => (AnsiColor::Red.on_default(), "missing"),
        };
        writeln!(streams.out, "{style}{word:<8}{style:#} {}: {}", finding.what, finding.detail)?;
        if let Some(mend) = &finding.mend {
            writeln!(streams.out, "         {mend}")?;
        }
    }
    let lacking = findings.iter().any(|finding| finding.status == Status::Missing);
    Ok(if lacking { ExitCode::Setup } else { ExitCode::Success })
}
