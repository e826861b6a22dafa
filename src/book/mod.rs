//! The workbook's book: the manual in `book/`, and a chapter for each lab with
//! the outputs of its published record.
//!
//! Nothing here runs a lab: where a record is missing, or older than its page,
//! there is an error that says what to run. The workbook's own files are never
//! changed; mdBook works on a copy.

mod chapter;
mod links;
mod manual;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use mdbook_driver::MDBook;

pub use chapter::{Chapter, ChapterError};

/// Marks a directory that holds a built book, and nothing else.
const MARKER: &str = ".labbook-book";

/// Why there is no book.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    /// A file could not be read or written.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The directory to build into holds something else.
    #[error(
        "{} is not empty and holds no book of labbook, so nothing is built into it; \
         name another directory with --dest, or remove it", path.display()
    )]
    Occupied {
        /// The directory.
        path: PathBuf,
    },
    /// mdBook cannot build it.
    #[error("mdBook cannot build the book: {message}")]
    Mdbook {
        /// What mdBook says, its causes joined.
        message: String,
    },
}

impl BookError {
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Io { action, path, source }
    }
}

/// Builds the book of the workbook at `root` into `dest`. An older book there is
/// replaced as a whole, and only when the new one is complete.
pub fn build(root: &Path, chapters: &[Chapter], dest: &Path) -> Result<(), BookError> {
    let occupied = fs::read_dir(dest).is_ok_and(|mut entries| entries.next().is_some());
    if occupied && !dest.join(MARKER).exists() {
        return Err(BookError::Occupied { path: dest.to_path_buf() });
    }
    let sources = tempfile::Builder::new()
        .prefix("labbook-book-")
        .tempdir()
        .map_err(BookError::io("make a directory in", &std::env::temp_dir()))?;
    manual::prepare(root, chapters, sources.path())?;

    let parent = dest.parent().filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(BookError::io("make", parent))?;
    // Beside the destination, so that the rename stays on one file system.
    let built = tempfile::Builder::new()
        .prefix(".labbook-book-")
        .tempdir_in(parent)
        .map_err(BookError::io("make a directory in", parent))?;
    let output = built.path().join("html");
    render(sources.path(), chapters, &output)?;
    fs::write(output.join(MARKER), "").map_err(BookError::io("write", &output))?;
    if dest.exists() {
        fs::rename(dest, built.path().join("old")).map_err(BookError::io("replace", dest))?;
    }
    fs::rename(&output, dest).map_err(BookError::io("write", dest))
}

fn render(sources: &Path, chapters: &[Chapter], output: &Path) -> Result<(), BookError> {
    let failed = |error: mdbook_driver::errors::Error| BookError::Mdbook {
        message: error.chain().map(ToString::to_string).collect::<Vec<_>>().join(": "),
    };
    let mut book = MDBook::load(sources).map_err(failed)?;
    book.config.build.build_dir =
        std::path::absolute(output).map_err(BookError::io("find", output))?;
    book.with_preprocessor(chapter::Labs::new(chapters));
    book.build().map_err(failed)
}

#[cfg(test)]
mod tests;
