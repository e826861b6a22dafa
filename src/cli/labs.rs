//! The pages that a command is about, read and planned.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::error::Error;
use super::pages::{self, Pages, Reading, Source, exists};
use crate::document::Document;
use crate::lab::{Diagnostic, Lab, Severity};
use crate::plan::{NOT_CARRIED_OUT, Plan, Sources};
use crate::record::{self, Header, Record};
use crate::report::{self, Transcript};
use crate::workbook::Workbook;

pub(super) use super::pages::none;

/// A page and what is known of it before anything runs.
#[derive(Debug)]
pub(super) struct LabPage {
    pub(super) workbook: Arc<Workbook>,
    pub(super) document: Document,
    pub(super) lab: Lab,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) plan: Plan,
    /// How it is called in what is printed: its path from the current directory.
    pub(super) name: String,
}

/// Reads the pages under `paths`; the labs of the workbook that holds the
/// current directory where there are none. Each path belongs to the workbook
/// around it. An error where one of them cannot be read or planned.
pub(super) fn read(paths: &[PathBuf], online: bool) -> Result<Vec<LabPage>, Error> {
    if pages::reads_stdin(paths) {
        return Err(Error::Usage(
            "a page on standard input can only be checked: labbook check -".to_owned(),
        ));
    }
    let Pages { sources, faults, missing } = pages::find(paths)?;
    if let Some(missing) = missing {
        return Err(missing);
    }
    let readings = sources.iter().map(|source| source.read(how(online)));
    let mut pages = Vec::new();
    let mut lacking = Vec::new();
    for reading in faults.into_iter().chain(readings) {
        match page_of(reading) {
            Ok(page) => pages.push(page),
            Err(error) => lacking.push(error),
        }
    }
    if lacking.is_empty() { Ok(pages) } else { Err(Error::document(lacking.join("\n"))) }
}

fn how(online: bool) -> Sources {
    if online { Sources::Online } else { Sources::Mirrors }
}

/// A page that can be run, or a sentence of why it cannot.
fn page_of(reading: Reading) -> Result<LabPage, String> {
    let Reading { name, document, lab, diagnostics, plan, broken, .. } = reading;
    match (plan, broken) {
        (Some((workbook, plan)), None) => {
            Ok(LabPage { workbook, document, lab, diagnostics, plan, name })
        }
        (_, broken) => Err(broken.unwrap_or(name)),
    }
}

fn read_page(workbook: &Workbook, path: &Path, online: bool) -> Result<LabPage, Error> {
    page_of(Source::of(workbook, path).read(how(online))).map_err(Error::document)
}

/// A record, and the page that it is of, as that page is now: `page`, or the
/// header's path in the workbook around the current directory or around the
/// record. An error where the page has changed since.
pub(super) fn of_record(path: &Path, page: Option<&Path>) -> Result<(Record, LabPage), Error> {
    exists(path)?;
    let record = record::read(path).map_err(Error::document)?;
    let header = &record.header;
    let page = match page {
        Some(page) => named(page)?,
        None => find(path, header)?,
    };
    if page.plan.sha256 != header.sha256 && page.plan.inputs != header.inputs {
        return Err(Error::document(format!(
            "{} has changed since {} was written: run it again",
            page.plan.path.display(),
            path.display()
        )));
    }
    Ok((record, page))
}

/// The one page at a path.
fn named(path: &Path) -> Result<LabPage, Error> {
    let workbook = Workbook::find(path).map_err(Error::document)?;
    let paths = workbook.pages(&[path.to_path_buf()]).map_err(Error::document)?;
    match paths.as_slice() {
        [page] => read_page(&workbook, page, false),
        _ => Err(Error::Usage(format!("{} is not one page", path.display()))),
    }
}

fn find(record: &Path, header: &Header) -> Result<LabPage, Error> {
    let around = record.parent().filter(|parent| !parent.as_os_str().is_empty());
    for start in [Path::new("."), around.unwrap_or(Path::new("."))] {
        let workbook = Workbook::find(start).map_err(Error::document)?;
        let path = workbook.root.join(&header.page);
        if path.is_file() {
            return read_page(&workbook, &path, false);
        }
    }
    Err(Error::document(format!(
        "there is no {} in this workbook; name the page of {} with --page",
        header.page,
        record.display()
    )))
}

impl LabPage {
    /// What a record says of this page's steps.
    pub(super) fn transcript(&self, record: &Record) -> Result<Transcript, Error> {
        Transcript::new(&record.header, &record.events, &self.lab.steps).map_err(Error::document)
    }

    /// Draws what the author should know before the page is run; whether it can
    /// be run.
    pub(super) fn tell(&self, err: &mut dyn Write) -> std::io::Result<bool> {
        for diagnostic in &self.diagnostics {
            let mut diagnostic = diagnostic.clone();
            if stops(&diagnostic) {
                diagnostic.severity = Severity::Error;
            }
            let drawn = report::draw_diagnostic(&diagnostic, &self.name, &self.document, None);
            writeln!(err, "{drawn}")?;
        }
        Ok(self.is_sound())
    }

    /// Whether the page can be run.
    pub(super) fn is_sound(&self) -> bool {
        !self.diagnostics.iter().any(stops)
    }
}

/// Whether a page with this diagnostic is not run.
fn stops(diagnostic: &Diagnostic) -> bool {
    diagnostic.severity == Severity::Error || diagnostic.id == NOT_CARRIED_OUT
}
