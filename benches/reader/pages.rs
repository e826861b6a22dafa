//! The pages that the reader is measured on.

use std::fs;
use std::path::{Path, PathBuf};

/// What is measured where no folder is named.
const FOLDERS: [&str; 2] = ["labs", "book"];

/// The bytes of every page under the folders that the command line names, each with
/// its path, in a fixed order.
pub(crate) fn pages() -> Vec<(PathBuf, Vec<u8>)> {
    // Cargo itself adds `--bench`.
    let named = std::env::args().skip(1).filter(|argument| !argument.starts_with("--"));
    let mut folders: Vec<PathBuf> = named.map(PathBuf::from).collect();
    if folders.is_empty() {
        folders.extend(FOLDERS.map(PathBuf::from));
    }
    let mut paths = Vec::new();
    for folder in &folders {
        find(folder, &mut paths);
    }
    paths.sort();
    let read = |path: PathBuf| {
        let bytes = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        (path, bytes)
    };
    let pages: Vec<_> = paths.into_iter().map(read).collect();
    assert!(!pages.is_empty(), "there is no page under {folders:?}");
    pages
}

fn find(path: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(path) else {
        found.push(path.to_path_buf());
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            find(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
}
