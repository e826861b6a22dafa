//! `labbook run` and `labbook verify`.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anstyle::{AnsiColor, Style};
use jiff::Timestamp;

use super::args::Format;
use super::error::Error;
use super::exit::ExitCode;
use super::labs::{self, LabPage};
use super::live::Live;
use super::place::{Carried, Place};
use super::settings::{RunSettings, Update};
use super::streams::Streams;
use crate::record::{self, Verdict};
use crate::report::{
    Folder, LabResult, PageError, Reserved, Templates, Terminal, Transcript, published_record,
    regenerate, run_json, summary_of, update, write_atomically,
};

const YELLOW: Style = AnsiColor::Yellow.on_default().bold();

/// A lab that was run to the end of its record.
struct Done {
    page: String,
    transcript: Transcript,
    report: PathBuf,
    record: PathBuf,
    code: ExitCode,
    /// What the lab needs was not there.
    broken: bool,
}

/// Runs labs one after the other, and writes what came of them.
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
        let mut folder = Folder::new(Path::new(""), Timestamp::now());
        let reserved: Vec<_> = pages.iter().map(|page| folder.reserve(&page.plan.page)).collect();
        for (page, reserved) in pages.iter().zip(&reserved) {
            match one(page, reserved, &place, settings, streams) {
                Ok(lab) => done.push(lab),
                Err(error) => {
                    super::tell(&error, streams);
                    codes.push(error.exit_code());
                    break;
                }
            }
            // What is not there for one lab is not there for the next.
            if place.interrupted() || done.last().is_some_and(|lab| lab.broken) {
                break;
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

fn one(
    page: &LabPage,
    reserved: &Reserved,
    place: &Place,
    settings: &RunSettings,
    streams: &mut Streams,
) -> Result<Done, Error> {
    let templates = Templates::load(&page.workbook.root).map_err(Error::document)?;
    let mut live = Live::new(page, settings.format, streams);
    let carried = place.carry_out(page, reserved, &mut live);
    for message in live.end()? {
        writeln!(streams.err, "{message}")?;
    }
    let Carried { report, trouble } = carried?;
    // What happened before it is in the record, and is told too.
    let error = trouble.map(|trouble| {
        super::tell(&trouble, streams);
        trouble.exit_code()
    });

    let record = published_record(&report);
    // What is shown is what the record says, and nothing else.
    let told = record::read(&record).map_err(Error::internal)?;
    let transcript = page.transcript(&told)?;
    let bytes = regenerate(&page.document, &page.lab, &transcript);
    write_atomically(&report, &bytes).map_err(Error::internal)?;
    let summary = templates.summary(&transcript).map_err(Error::document)?;
    write_atomically(&summary_of(&report), summary.as_bytes()).map_err(Error::internal)?;
    if settings.format == Format::Human {
        let terminal = Terminal::new(streams.width);
        terminal.differences(&mut streams.out, &page.name, &transcript, page.document.text())?;
        terminal.summary(&mut streams.out, &transcript)?;
        writeln!(streams.out, "report: {}", report.display())?;
        if transcript.verdict() == Verdict::Different && settings.update == Update::No {
            let page = &page.name;
            writeln!(
                streams.out,
                "to look at what the lab leaves behind: labbook run {page} --keep=on-failure\n\
                 to take the new results as right:      labbook run {page} --update --accept"
            )?;
        }
        writeln!(streams.out)?;
    }
    let mut code = ExitCode::first(error.into_iter().chain([outcome(&transcript)]));
    if settings.update != Update::No {
        code = write_page(page, &transcript, &record, settings.update, code, streams)?;
    }
    let page = page.name.clone();
    Ok(Done { page, transcript, report, record, code, broken: error.is_some() })
}

/// The exit code of one lab.
fn outcome(transcript: &Transcript) -> ExitCode {
    match transcript.verdict() {
        _ if transcript.failed_script().is_some() => ExitCode::Setup,
        Verdict::Error => ExitCode::Setup,
        Verdict::Different | Verdict::NotRun => ExitCode::Differs,
        _ if !transcript.checked_anything() && !transcript.is_skipped() => ExitCode::Unchecked,
        Verdict::Ran | Verdict::Same | Verdict::Drift => ExitCode::Success,
    }
}

/// `--update`: the page with its new outputs, and its record beside it.
fn write_page(
    page: &LabPage,
    transcript: &Transcript,
    record: &Path,
    how: Update,
    code: ExitCode,
    streams: &mut Streams,
) -> Result<ExitCode, Error> {
    let accept = how == Update::Accept;
    let bytes = match update(&page.document, &page.lab, transcript, accept) {
        Ok(bytes) => bytes,
        Err(error @ (PageError::OtherLab { .. } | PageError::Renamed { .. })) => {
            return Err(Error::document(error));
        }
        Err(error) => {
            super::tell(&Error::document(error), streams);
            return Ok(code);
        }
    };
    let record = std::fs::read(record).map_err(Error::internal)?;
    write_atomically(&page.plan.path, &bytes).map_err(Error::internal)?;
    let published = published_record(&page.plan.path);
    write_atomically(&published, &record).map_err(Error::internal)?;
    writeln!(streams.err, "wrote {} and {}", page.plan.path.display(), published.display())?;
    if transcript.verdict() == Verdict::Different {
        return Ok(ExitCode::Success);
    }
    Ok(code)
}
