//! Hashes: of the page, and of all that decides what a run does.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::{HiddenCommand, PlanError, PlannedStep};
use crate::digest::{absorb, hex};
use crate::document::Document;
use crate::lab::Lab;

/// The files that decide what a run does, besides the page.
pub(super) struct Files<'a> {
    pub(super) root: &'a Path,
    pub(super) setup: Option<&'a Path>,
    pub(super) cleanup: Option<&'a Path>,
    pub(super) steps: &'a [PlannedStep],
    pub(super) hidden: [&'a [HiddenCommand]; 2],
}

/// The SHA-256 of bytes, in hex.
pub(super) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// The SHA-256 of the page less its outputs and of each file, in hex. Each part
/// is preceded by its name and length, so that no two inputs give one text.
pub(super) fn inputs(
    document: &Document,
    lab: &Lab,
    files: &Files<'_>,
) -> Result<String, PlanError> {
    let mut hash = Sha256::new();
    let mut add = |name: &str, bytes: &[u8]| {
        absorb(&mut hash, name.as_bytes());
        absorb(&mut hash, bytes);
    };
    add("page", &without_outputs(document, lab));
    let settings = files.root.join(crate::workbook::FILE);
    let mut parts: Vec<(String, &Path)> = Vec::new();
    if settings.is_file() {
        parts.push(("settings".to_owned(), &settings));
    }
    parts.extend(files.setup.map(|path| ("setup".to_owned(), path)));
    parts.extend(files.cleanup.map(|path| ("cleanup".to_owned(), path)));
    let mirrored: BTreeSet<(&str, &PathBuf)> = files
        .steps
        .iter()
        .flat_map(|step| &step.mirrored)
        .chain(files.hidden.into_iter().flatten().flat_map(|hidden| &hidden.mirrored))
        .map(|found| (found.url.as_str(), &found.file))
        .collect();
    parts.extend(mirrored.into_iter().map(|(url, file)| (format!("mirror {url}"), file.as_path())));
    for (name, path) in parts {
        let bytes = std::fs::read(path)
            .map_err(|source| PlanError::Unreadable { path: path.to_owned(), source })?;
        add(&name, &bytes);
    }
    Ok(hex(&hash.finalize()))
}

/// The page without the lines of its outputs.
fn without_outputs(document: &Document, lab: &Lab) -> Vec<u8> {
    let outputs: Vec<_> = lab
        .steps
        .iter()
        .flat_map(|step| &step.outputs)
        .map(|output| crate::document::Replacement {
            first_line: output.first_line,
            last_line: output.last_line,
            text: Vec::new(),
        })
        .collect();
    document.splice(&outputs)
}
