//! Which pages a path means.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use globset::{Glob, GlobBuilder};
use ignore::WalkBuilder;

use super::{Workbook, WorkbookError, absolute};

/// Where runs leave their reports, which are pages too and no labs.
const OUT: &str = "labbook-out";

pub(super) fn pages(workbook: &Workbook, paths: &[PathBuf]) -> Result<Vec<PathBuf>, WorkbookError> {
    let mut pages = BTreeSet::new();
    if paths.is_empty() {
        pages.extend(all_labs(workbook)?);
    }
    for path in paths {
        let path = absolute(path)?;
        if path.is_dir() {
            pages.extend(below(workbook, &path)?);
        } else {
            pages.insert(path);
        }
    }
    for page in &pages {
        workbook.name_of(page)?;
    }
    Ok(pages.into_iter().collect())
}

/// A pattern of `labs`, in which `*` does not go over `/`.
pub(super) fn glob(pattern: &str) -> Result<Glob, globset::Error> {
    GlobBuilder::new(pattern.trim_start_matches("./")).literal_separator(true).build()
}

/// The workbook's labs; an error where a pattern means no page, as that is a lab
/// that would be lost without a word.
fn all_labs(workbook: &Workbook) -> Result<Vec<PathBuf>, WorkbookError> {
    let nothing = |why: String| Err(WorkbookError::NoPages { path: workbook.root.clone(), why });
    if workbook.config.labs.is_empty() {
        return nothing(format!("name pages or directories, or set `labs` in {}", super::FILE));
    }
    let mut pages = Vec::new();
    for pattern in &workbook.config.labs {
        let found = matches(workbook, pattern)?;
        if found.is_empty() {
            return nothing(format!("nothing matches the pattern {pattern:?} of `labs`"));
        }
        pages.extend(found);
    }
    Ok(pages)
}

fn below(workbook: &Workbook, directory: &Path) -> Result<Vec<PathBuf>, WorkbookError> {
    let mut pages = Vec::new();
    for pattern in &workbook.config.labs {
        pages.extend(
            matches(workbook, pattern)?.into_iter().filter(|page| page.starts_with(directory)),
        );
    }
    if pages.is_empty() {
        pages = walk(directory, true)?;
        pages.retain(|page| {
            page.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("md"))
        });
    }
    if pages.is_empty() {
        return Err(WorkbookError::NoPages {
            path: directory.to_owned(),
            why: "it holds no *.md file".to_owned(),
        });
    }
    Ok(pages)
}

/// The files that a pattern means. What it names counts though an ignore file
/// leaves it out.
fn matches(workbook: &Workbook, pattern: &str) -> Result<Vec<PathBuf>, WorkbookError> {
    let Ok(glob) = glob(pattern) else {
        return Ok(Vec::new());
    };
    let fixed: PathBuf = Path::new(pattern)
        .components()
        .take_while(|part| !part.as_os_str().to_string_lossy().contains(['*', '?', '[', '{', '\\']))
        .collect();
    let start = workbook.root.join(fixed);
    if !start.exists() {
        return Ok(Vec::new());
    }
    let matcher = glob.compile_matcher();
    let mut files = walk(&start, false)?;
    files.retain(|file| {
        file.strip_prefix(&workbook.root).is_ok_and(|relative| matcher.is_match(relative))
    });
    Ok(files)
}

/// The files at or below a path, without hidden ones and those of runs.
fn walk(start: &Path, ignoring: bool) -> Result<Vec<PathBuf>, WorkbookError> {
    let walk = WalkBuilder::new(start)
        .standard_filters(ignoring)
        .hidden(true)
        .require_git(false)
        .filter_entry(|entry| entry.file_name() != OUT)
        .build();
    let mut files = Vec::new();
    for entry in walk {
        let entry = entry.map_err(|error| {
            let message = error.to_string();
            let source = error.into_io_error().unwrap_or_else(|| std::io::Error::other(message));
            WorkbookError::Unreadable { path: start.to_owned(), source }
        })?;
        if entry.path().is_file() {
            files.push(entry.into_path());
        }
    }
    Ok(files)
}
