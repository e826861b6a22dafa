//! `labbook book`.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::error::Error;
use super::exit::ExitCode;
use super::labs::{self, LabPage};
use super::streams::Streams;
use crate::book::{self, BookError, Chapter, ChapterError};
use crate::record;
use crate::report::{Templates, published_record};
use crate::workbook::{FILE, Workbook};

/// Builds the book of the workbook around the current directory.
pub(super) fn build(dest: Option<PathBuf>, streams: &mut Streams) -> Result<ExitCode, Error> {
    let workbook = Workbook::find(Path::new(".")).map_err(Error::document)?;
    // Any project may have a directory `book`; only a workbook's is a manual.
    if !workbook.root.join(FILE).is_file() {
        return Err(Error::Usage(format!(
            "there is no workbook here: neither {} nor a directory above it has a {FILE}; go into \
             the workbook, or write its {FILE}",
            workbook.root.display()
        )));
    }
    let templates = Templates::load(&workbook.root).map_err(Error::document)?;
    let pages = if workbook.config.labs.is_empty() { Vec::new() } else { labs::read(&[], false)? };
    if pages.is_empty() && !workbook.root.join("book").is_dir() {
        return Err(Error::Usage(format!(
            "there is nothing to build a book from in {}: no manual in book/, and no labbook.toml \
             that lists labs",
            workbook.root.display()
        )));
    }
    let mut chapters = Vec::new();
    let mut lacking = Vec::new();
    for page in &pages {
        match chapter(page, &templates) {
            Ok(chapter) => chapters.push(chapter),
            Err(error) => lacking.push(error.sentence()),
        }
    }
    if !lacking.is_empty() {
        return Err(Error::document(lacking.join("\n")));
    }
    let dest = dest.unwrap_or_else(|| workbook.root.join("book").join("book"));
    book::build(&workbook.root, &chapters, &dest).map_err(|error| match error {
        BookError::Io { .. } => Error::internal(error),
        BookError::Occupied { .. } => Error::Usage(error.to_string()),
        BookError::Mdbook { .. } => Error::document(error),
    })?;
    writeln!(streams.out, "built {}", dest.join("index.html").display())?;
    Ok(ExitCode::Success)
}

fn chapter(page: &LabPage, templates: &Templates) -> Result<Chapter, Error> {
    let record = published_record(&page.plan.path);
    let record =
        if record.exists() { Some(record::read(&record).map_err(Error::document)?) } else { None };
    let chapter = Chapter::new(&page.document, &page.lab, &page.plan, record.as_ref(), templates);
    chapter.map_err(|error: ChapterError| Error::document(error))
}
