//! A workbook: the directory that holds labs, and its `labbook.toml`.
//!
//! This module finds workbooks and pages, says what is wrong with their settings,
//! and hands over the bytes of a page. It reads no lab in them.

mod config;
mod page_file;
mod pages;
mod settings;
#[cfg(test)]
mod tests;
pub mod variables;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

pub use config::{Config, ImageSource, LabConfig, Pull};
pub use page_file::{PageFileError, read_page, read_page_from};
pub use pages::{Found, FoundPage};

/// The name of a workbook's settings.
pub const FILE: &str = "labbook.toml";

/// A workbook and what its `labbook.toml` says.
#[derive(Debug, Clone)]
pub struct Workbook {
    /// The directory that holds `labbook.toml`; without one, the directory that
    /// holds the page. Absolute.
    pub root: PathBuf,
    /// The settings, defaults filled in.
    pub config: Config,
}

/// Why a workbook or its pages cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum WorkbookError {
    /// A path that was given does not exist.
    #[error("no such file or directory: {0}")]
    NoSuchFile(PathBuf),
    /// A file or directory cannot be read.
    #[error("cannot read {path}: {source}")]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A path is no UTF-8, so that neither a record nor a report could name it.
    #[error("the path {0} is not UTF-8: rename it")]
    NotUtf8(PathBuf),
    /// A page stands outside the workbook that it is to be run with.
    #[error("{page} is outside the workbook {root}")]
    Outside {
        /// The page.
        page: PathBuf,
        /// The workbook's root.
        root: PathBuf,
    },
    /// No page was found.
    #[error("no pages found in {path}: {why}")]
    NoPages {
        /// Where they were looked for.
        path: PathBuf,
        /// Why there are none, and what to do.
        why: String,
    },
    /// The settings are wrong.
    #[error("{path}:{line}:{column}: {message}")]
    Settings {
        /// The `labbook.toml`.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// The column in characters, counted from 1.
        column: usize,
        /// What was expected and what was seen.
        message: String,
    },
}

impl Workbook {
    /// The workbook of a page or directory: the nearest directory at or above it
    /// that holds a `labbook.toml`, or else the page's own directory with the
    /// default settings.
    pub fn find(start: &Path) -> Result<Self, WorkbookError> {
        let start = absolute(start)?;
        let directory =
            if start.is_dir() { start.as_path() } else { start.parent().unwrap_or(&start) };
        let Some(root) = directory.ancestors().find(|directory| directory.join(FILE).is_file())
        else {
            return Ok(Self { root: directory.to_owned(), config: Config::default() });
        };
        let path = root.join(FILE);
        let bytes = fs::read(&path)
            .map_err(|source| WorkbookError::Unreadable { path: path.clone(), source })?;
        let config = settings::read(root, &path, bytes)?;
        Ok(Self { root: root.to_owned(), config })
    }

    /// The pages that a list of paths means, absolute, sorted and each once. A
    /// path is a page or a directory; none means the workbook's labs.
    ///
    /// In a directory the pages are those of the workbook's `labs` that stand in
    /// it or, where none does, all its `*.md` that no ignore file leaves out.
    pub fn pages(&self, paths: &[PathBuf]) -> Result<Vec<PathBuf>, WorkbookError> {
        pages::pages(self, paths)
    }

    /// A path below the root, as text with `/`: how records name pages.
    pub fn name_of(&self, path: &Path) -> Result<String, WorkbookError> {
        let outside = || WorkbookError::Outside { page: path.to_owned(), root: self.root.clone() };
        let relative = path.strip_prefix(&self.root).map_err(|_| outside())?;
        let parts = relative
            .iter()
            .map(|part| part.to_str().ok_or_else(|| WorkbookError::NotUtf8(path.to_owned())));
        Ok(parts.collect::<Result<Vec<_>, _>>()?.join("/"))
    }

    /// The settings of a page, by its name from the root.
    pub fn lab(&self, name: &str) -> LabConfig {
        self.config.lab.get(name).cloned().unwrap_or_default()
    }
}

/// A path that was given, made absolute, links followed.
fn absolute(path: &Path) -> Result<PathBuf, WorkbookError> {
    fs::canonicalize(path).map_err(|source| match source.kind() {
        io::ErrorKind::NotFound => WorkbookError::NoSuchFile(path.to_owned()),
        _ => WorkbookError::Unreadable { path: path.to_owned(), source },
    })
}
