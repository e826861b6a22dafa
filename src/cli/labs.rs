//! The pages that a command is about, read and planned.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::error::Error;
use super::page_file;
use crate::document::Document;
use crate::lab::{self, Diagnostic, Lab, Severity};
use crate::plan::{Plan, Sources};
use crate::record::{self, Header, Record};
use crate::report::{self, Transcript};
use crate::workbook::{Workbook, WorkbookError};

/// A page and what is known of it before anything runs.
#[derive(Debug)]
pub(super) struct LabPage {
    pub(super) workbook: Workbook,
    pub(super) document: Document,
    pub(super) lab: Lab,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) plan: Plan,
    /// How it is called in what is printed: its path in its workbook; among
    /// pages of several workbooks, its path from the current directory.
    pub(super) name: String,
}

/// Reads the pages under `paths`; the labs of the workbook that holds the
/// current directory where there are none. Each path belongs to the workbook
/// around it.
pub(super) fn read(paths: &[PathBuf], online: bool) -> Result<Vec<LabPage>, Error> {
    let mut pages: Vec<LabPage> = Vec::new();
    if paths.is_empty() {
        let workbook = Workbook::find(Path::new(".")).map_err(Error::document)?;
        if workbook.config.labs.is_empty() {
            return Err(Error::Usage(format!(
                "no PATH was given, and no labbook.toml lists labs for {}; name a page or a \
                 directory",
                workbook.root.display()
            )));
        }
        add(&mut pages, &workbook, &[], online)?;
    }
    for path in paths {
        exists(path)?;
        let workbook = Workbook::find(path).map_err(Error::document)?;
        add(&mut pages, &workbook, std::slice::from_ref(path), online)?;
    }
    tell_apart(&mut pages);
    Ok(pages)
}

/// Pages of several workbooks may have one path in theirs.
fn tell_apart(pages: &mut [LabPage]) {
    if pages.windows(2).all(|pair| pair[0].plan.root == pair[1].plan.root) {
        return;
    }
    // Without a current directory the whole path tells as much.
    let here = fs::canonicalize(".").unwrap_or_default();
    for page in pages {
        let path = page.plan.path.strip_prefix(&here).unwrap_or(&page.plan.path);
        page.name = path.display().to_string();
    }
}

/// A path that was typed and is not there is a fault of the command line.
fn exists(path: &Path) -> Result<(), Error> {
    match fs::metadata(path) {
        Ok(_) => Ok(()),
        Err(error) => Err(Error::Usage(format!("cannot read {}: {error}", path.display()))),
    }
}

/// Why [`read`] found no page, for a user who expected one.
pub(super) fn none(paths: &[PathBuf]) -> String {
    let list = |names: Vec<String>| names.join(", ");
    if paths.is_empty() {
        let config = Workbook::find(Path::new(".")).map(|workbook| workbook.config.labs);
        let patterns = list(config.unwrap_or_default());
        return format!("no file matches the labs of labbook.toml ({patterns})");
    }
    let names = list(paths.iter().map(|path| path.display().to_string()).collect());
    format!("there is no page (a file whose name ends with .md) in {names}")
}

fn add(
    pages: &mut Vec<LabPage>,
    workbook: &Workbook,
    paths: &[PathBuf],
    online: bool,
) -> Result<(), Error> {
    let paths = match workbook.pages(paths) {
        // Nothing to run is no fault of a document; the caller says so.
        Err(WorkbookError::NoPages { .. }) => Vec::new(),
        paths => paths.map_err(Error::document)?,
    };
    for path in paths {
        let page = read_page(workbook, &path, online)?;
        let known = |other: &LabPage| other.plan.path == page.plan.path;
        if !pages.iter().any(known) {
            pages.push(page);
        }
    }
    Ok(())
}

fn read_page(workbook: &Workbook, path: &Path, online: bool) -> Result<LabPage, Error> {
    let bytes = page_file::read(path).map_err(|error| {
        let name = path.strip_prefix(&workbook.root).unwrap_or(path).display();
        Error::document(format!("{name} {error}"))
    })?;
    let document = Document::new(bytes);
    let (lab, diagnostics) = lab::read(&document);
    let sources = if online { Sources::Online } else { Sources::Mirrors };
    let plan = Plan::new(workbook, path, &document, &lab, sources).map_err(Error::document)?;
    let name = plan.page.clone();
    Ok(LabPage { workbook: workbook.clone(), document, lab, diagnostics, plan, name })
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

    /// Draws what the author should know; whether the page can be run.
    pub(super) fn tell(&self, err: &mut dyn Write) -> std::io::Result<bool> {
        for diagnostic in &self.diagnostics {
            let drawn = report::draw_diagnostic(diagnostic, &self.name, &self.document);
            writeln!(err, "{drawn}")?;
        }
        Ok(self.diagnostics.iter().all(|diagnostic| diagnostic.severity < Severity::Error))
    }
}
