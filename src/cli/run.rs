//! `labbook run` and `labbook verify`.

use std::io::Write as _;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use anstyle::{AnsiColor, Style};
use jiff::Timestamp;

use super::args::Format;
use super::error::Error;
use super::exit::ExitCode;
use super::lab::{self, Done};
use super::labs::{self, LabPage};
use super::parallel::at_once;
use super::place::Place;
use super::settings::RunSettings;
use super::streams::Streams;
use super::turns::Turns;
use crate::report::{Folder, LabResult, Reserved, run_json};

const YELLOW: Style = AnsiColor::Yellow.on_default().bold();

/// Runs labs, so many at once as was asked for, and writes what came of them.
pub(super) fn run(settings: &RunSettings, streams: &mut Streams) -> Result<ExitCode, Error> {
    let pages = labs::read(&settings.paths, settings.online)?;
    // A place that is not there is told alone, before what there is to say of
    // pages; but a page that cannot be run needs none.
    let runs =
        pages.iter().all(LabPage::is_sound) && pages.iter().any(|page| !page.lab.steps.is_empty());
    let place = runs.then(|| Place::new(settings)).transpose()?;
    let (pages, mut codes) = runnable(pages, &settings.paths, streams)?;
    if codes.contains(&ExitCode::Document) {
        return Ok(ExitCode::Document);
    }
    let mut done: Vec<Done> = Vec::new();
    if let Some(place) = place {
        if let Some(warning) = place.warning() {
            writeln!(streams.err, "{YELLOW}warning{YELLOW:#}: {warning}")?;
        }
        for result in carry_out(&pages, &place, settings, streams)? {
            match result {
                Ok(lab) => done.push(lab),
                Err(code) => codes.push(code),
            }
        }
        if place.interrupted() {
            codes.push(ExitCode::Interrupted);
        }
    }
    if settings.format == Format::Json {
        let labs: Vec<LabResult<'_>> = done
            .iter()
            .map(|lab| LabResult {
                page: &lab.page,
                transcript: &lab.transcript,
                report: &lab.report,
                record: &lab.record,
            })
            .collect();
        run_json(&mut streams.out, &labs)?;
    }
    codes.extend(done.iter().map(|lab| lab.code));
    Ok(ExitCode::first(codes))
}

/// The pages that have something to run, and the exit codes of the others. What
/// is wrong with a page is told before anything runs.
fn runnable(
    pages: Vec<LabPage>,
    paths: &[PathBuf],
    streams: &mut Streams,
) -> Result<(Vec<LabPage>, Vec<ExitCode>), Error> {
    let mut codes = Vec::new();
    if pages.is_empty() {
        writeln!(streams.err, "{}: nothing to run", labs::none(paths))?;
        codes.push(ExitCode::Unchecked);
    }
    let mut runnable = Vec::new();
    for page in pages {
        if !page.tell(&mut streams.err)? {
            codes.push(ExitCode::Document);
        } else if page.lab.steps.is_empty() {
            // The page's diagnostics have said so.
            codes.push(ExitCode::Unchecked);
        } else {
            runnable.push(page);
        }
    }
    Ok((runnable, codes))
}

/// Runs labs in the order of their pages. Those that were begun are waited for; no
/// further one is where the user asks for the end, and where what a lab needs is not
/// there: it would not be there for the next.
fn carry_out(
    pages: &[LabPage],
    place: &Place,
    settings: &RunSettings,
    streams: &Streams,
) -> Result<Vec<Result<Done, ExitCode>>, Error> {
    let mut folder = Folder::new(Path::new(""), Timestamp::now());
    let labs: Vec<_> =
        pages.iter().map(|page| (page, folder.reserve(&page.plan.page))).enumerate().collect();
    let turns = Turns::new(streams);
    let work = |(index, (page, reserved)): &(usize, (&LabPage, Reserved))| {
        if place.interrupted() {
            return ControlFlow::Break(None);
        }
        let mut turn = turns.of(*index);
        let result = lab::run(page, reserved, place, settings, &mut turn).map_err(|error| {
            super::tell(&error, &mut turn.streams);
            error.exit_code()
        });
        match &result {
            Ok(done) if !done.broken => ControlFlow::Continue(Some(result)),
            _ => ControlFlow::Break(Some(result)),
        }
    };
    let mut results = Vec::new();
    let take = |result: Option<Option<_>>| {
        results.extend(result.flatten());
        Ok(())
    };
    at_once(&labs, settings.jobs, work, take)?;
    turns.end()?;
    Ok(results)
}
