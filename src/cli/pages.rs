//! The pages that a command line means, and each of them read: as far as it
//! goes, and with what is in the way as a diagnostic of the page.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::error::{Error, without_numbers};
use super::surroundings;
use crate::document::Document;
use crate::lab::{self, Diagnostic, Lab};
use crate::plan::{self, Plan, PlanError};
use crate::workbook::{Found, FoundPage, Workbook, WorkbookError, read_page, read_page_from};

/// The PATH that means standard input, and how the page that comes from there
/// is called.
const STDIN: &str = "-";
const STDIN_NAME: &str = "<stdin>";

/// A page that was found, to be read.
#[derive(Debug)]
pub(super) struct Source {
    workbook: Arc<Workbook>,
    path: PathBuf,
    name: String,
    stdin: bool,
}

/// A page that was read.
#[derive(Debug)]
pub(super) struct Reading {
    /// How it is called: its path from the current directory.
    pub(super) name: String,
    /// The page on disk.
    pub(super) path: PathBuf,
    pub(super) document: Document,
    pub(super) lab: Lab,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// What would be run, in which workbook; none where that cannot be said.
    pub(super) plan: Option<(Arc<Workbook>, Plan)>,
    /// Why the page cannot be run though nothing may be wrong with its text, in
    /// a sentence. It is one of the diagnostics too.
    pub(super) broken: Option<String>,
}

/// What paths mean.
#[derive(Debug)]
pub(super) struct Pages {
    /// The pages, to be read.
    pub(super) sources: Vec<Source>,
    /// What could not be looked at, as readings with a diagnostic.
    pub(super) faults: Vec<Reading>,
    /// What was typed and is not there: a fault of the command line, which hides
    /// no other page.
    pub(super) missing: Option<Error>,
}

/// The pages under `paths`, or the labs of the workbook that holds the current
/// directory where there are none.
pub(super) fn find(paths: &[PathBuf]) -> Result<Pages, Error> {
    let (mut files, mut missing) = (Vec::new(), Vec::new());
    for path in paths.iter().filter(|path| path.as_os_str() != STDIN) {
        match exists(path) {
            Ok(()) => files.push(path.clone()),
            Err(error) => missing.push(error.to_string()),
        }
    }
    let missing = (!missing.is_empty()).then(|| Error::Usage(missing.join("\n")));
    let mut found =
        if files.is_empty() && !paths.is_empty() { Found::default() } else { Found::new(&files) };
    if paths.is_empty() {
        let here = Workbook::find(Path::new("."));
        if let Some(workbook) = here.ok().filter(|workbook| workbook.config.labs.is_empty()) {
            return Err(Error::Usage(format!(
                "no PATH was given, and no labbook.toml lists labs for {}; name a page or a \
                 directory",
                workbook.root.display()
            )));
        }
    }
    if found.pages.is_empty() {
        // Nothing to read is no fault of a document; the caller says so.
        found.faults.retain(|fault| !matches!(fault, WorkbookError::NoPages { .. }));
    }
    let mut sources: Vec<Source> = found.pages.into_iter().map(Source::file).collect();
    if reads_stdin(paths) {
        sources.insert(0, Source::stdin()?);
    }
    Ok(Pages { sources, faults: found.faults.iter().map(fault).collect(), missing })
}

/// Whether one of the paths means standard input.
pub(super) fn reads_stdin(paths: &[PathBuf]) -> bool {
    paths.iter().any(|path| path.as_os_str() == STDIN)
}

/// A path that was typed and is not there is a fault of the command line.
pub(super) fn exists(path: &Path) -> Result<(), Error> {
    match fs::metadata(path) {
        Ok(_) => Ok(()),
        Err(error) => Err(Error::Usage(format!("cannot read {}: {error}", path.display()))),
    }
}

/// Why [`find`] found no page, for a user who expected one.
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

impl Source {
    fn file(page: FoundPage) -> Self {
        Self { name: shown(&page.path), workbook: page.workbook, path: page.path, stdin: false }
    }

    /// A page on standard input stands in the current directory.
    fn stdin() -> Result<Self, Error> {
        let workbook = Workbook::find(Path::new(".")).map_err(Error::document)?;
        let here = fs::canonicalize(".").map_err(Error::internal)?;
        let path = here.join(STDIN_NAME);
        Ok(Self { workbook: Arc::new(workbook), path, name: STDIN_NAME.to_owned(), stdin: true })
    }

    /// A page of a workbook.
    pub(super) fn of(workbook: &Workbook, path: &Path) -> Self {
        let workbook = Arc::new(workbook.clone());
        Self::file(FoundPage { workbook, path: path.to_owned() })
    }

    /// Reads the page and plans it.
    pub(super) fn read(&self, sources: plan::Sources) -> Reading {
        let bytes =
            if self.stdin { read_page_from(io::stdin().lock()) } else { read_page(&self.path) };
        let bytes = match bytes {
            Ok(bytes) => bytes,
            Err(error) => return broken(&self.path, &error.to_string()),
        };
        let document = Document::new(bytes);
        let (lab, mut diagnostics) = lab::read(&document);
        let plan = |sources| Plan::new(&self.workbook, &self.path, &document, &lab, sources);
        let name = self.name.clone();
        let mut broken = None;
        let mut sources = sources;
        let planned = plan(sources).or_else(|error| {
            let found = of_plan(&error, &self.workbook.root, &document);
            broken = Some(sentence(&name, &document, &found));
            diagnostics.push(found);
            // All but the mirrors can still be shown, and nothing is said of them.
            sources = plan::Sources::Online;
            plan(sources)
        });
        let plan = planned.ok().map(|plan| (Arc::clone(&self.workbook), plan));
        if let Some((_, plan)) = &plan {
            diagnostics.extend(plan.not_carried_out.iter().cloned());
            diagnostics = surroundings::told(diagnostics, &document, &lab, plan, sources);
        }
        Reading { name, path: self.path.clone(), document, lab, diagnostics, plan, broken }
    }
}

/// What is wrong with a page as a whole, in a sentence.
fn sentence(name: &str, document: &Document, found: &Diagnostic) -> String {
    let place = match found.span.end {
        0 => String::new(),
        _ => format!(":{}", document.line_of(found.span.start)),
    };
    format!("{name}{place}: {}", found.message)
}

/// How a path is called: from the current directory where it is below it.
fn shown(path: &Path) -> String {
    // Without a current directory the whole path tells as much.
    let here = fs::canonicalize(".").unwrap_or_default();
    path.strip_prefix(&here).unwrap_or(path).display().to_string()
}

/// A page, or a directory of pages, that cannot be read.
fn broken(path: &Path, message: &str) -> Reading {
    let found = Diagnostic::error("unreadable", 0..0, without_numbers(message));
    reading(path, Document::new(Vec::new()), found)
}

fn reading(path: &Path, document: Document, found: Diagnostic) -> Reading {
    let (lab, _) = lab::read(&Document::new(Vec::new()));
    let (name, path) = (shown(path), path.to_owned());
    let broken = Some(sentence(&name, &document, &found));
    Reading { name, path, document, lab, diagnostics: vec![found], plan: None, broken }
}

/// What is wrong with a path or the settings around it.
fn fault(error: &WorkbookError) -> Reading {
    match error {
        WorkbookError::Settings { path, line: number, column, message } => {
            let document = Document::new(fs::read(path).unwrap_or_default());
            let line = document.line(*number);
            let before = document.text()[line.clone()].char_indices().nth(column - 1);
            let start = before.map_or(line.end, |(at, _)| line.start + at);
            let found = Diagnostic::error("settings", start..line.end, message.clone());
            let mut reading = reading(path, document, found);
            reading.broken = Some(format!("{}:{number}:{column}: {message}", reading.name));
            reading
        }
        WorkbookError::Unreadable { path, source } => {
            broken(path, &format!("cannot be read: {source}"))
        }
        WorkbookError::NotUtf8(path) => broken(path, "the path is not UTF-8: rename it"),
        WorkbookError::NoSuchFile(path) => {
            broken(path, "it is no file; what a program prints is read with `labbook check -`")
        }
        WorkbookError::Outside { page, .. } => broken(page, &error.to_string()),
        WorkbookError::NoPages { path, why } => broken(path, &format!("no pages found: {why}")),
    }
}

/// Why a page that was read cannot be planned.
fn of_plan(error: &PlanError, root: &Path, document: &Document) -> Diagnostic {
    let inside = |path: &Path| path.strip_prefix(root).unwrap_or(path).display().to_string();
    let (line, message, help) = match error {
        PlanError::MirrorMissing { line, url, file, .. } => (
            *line,
            format!("the mirror of {url} has no file {}", inside(file)),
            "add it, or read the URL itself with --online",
        ),
        PlanError::MirrorOutside { line, url, .. } => (
            *line,
            format!("{url} leads out of its mirror"),
            "write it without `..`, and the file without links",
        ),
        PlanError::Page(_) | PlanError::Unreadable { .. } => {
            return Diagnostic::error("unreadable", 0..0, without_numbers(&error.to_string()));
        }
    };
    Diagnostic::error("mirror-file", document.line(line), message).help(help)
}
