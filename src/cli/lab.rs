//! One lab, from its start to what is written and said of it.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::args::Format;
use super::error::Error;
use super::exit::ExitCode;
use super::labs::LabPage;
use super::live::Live;
use super::place::{Carried, Place};
use super::settings::{ClusterChoice, RunSettings, Update};
use super::streams::Streams;
use super::turns::Turn;
use crate::record::{self, Verdict};
use crate::report::{
    PageError, Reserved, Templates, Terminal, Transcript, published_record, regenerate, summary_of,
    update, write_atomically,
};

/// A lab that was run to the end of its record.
pub(super) struct Done {
    pub(super) page: String,
    pub(super) transcript: Transcript,
    pub(super) report: PathBuf,
    pub(super) record: PathBuf,
    pub(super) code: ExitCode,
    /// What the lab needs was not there.
    pub(super) broken: bool,
}

/// Runs a lab in its place, writes its report, and in its turn says what came of it.
pub(super) fn run(
    page: &LabPage,
    reserved: &Reserved,
    place: &Place,
    settings: &RunSettings,
    turn: &mut Turn,
) -> Result<Done, Error> {
    let templates = Templates::load(&page.workbook.root).map_err(Error::document)?;
    let several = settings.jobs.get() > 1;
    let progress = turn.progress(several.then_some(page.name.as_str()));
    let streams = &mut turn.streams;
    let mut live = Live::new(page, settings.format, progress, streams);
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
            let again = format!("labbook run {}{}", page.name, settings.cluster.option());
            if settings.cluster == ClusterChoice::Fresh {
                let out = &mut streams.out;
                writeln!(out, "to look at what the lab leaves behind: {again} --keep=on-failure")?;
            }
            writeln!(streams.out, "to take the new results as right: {again} --update --accept")?;
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
