//! A workbook: the directory that holds labs, and its `labbook.toml`.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

/// A workbook and what its `labbook.toml` says.
#[derive(Debug, Clone)]
pub struct Workbook {
    /// The directory that holds `labbook.toml`; without one, the directory that
    /// holds the page.
    pub root: PathBuf,
    /// The settings, defaults filled in.
    pub config: Config,
}

/// The settings of a workbook.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// Glob patterns of pages, from the root: what a command without a PATH means.
    pub labs: Vec<String>,
    /// Settings of one page, by its path from the root.
    pub lab: BTreeMap<String, LabConfig>,
    /// URL prefix → directory from the root.
    pub mirrors: BTreeMap<String, PathBuf>,
    /// Image name → where it comes from.
    pub images: BTreeMap<String, ImageSource>,
    /// How long a step may run. Default 5 minutes.
    pub timeout: Duration,
    /// How long a result may take to come about. Default 60 seconds.
    pub wait: Duration,
}

/// Settings of one lab.
#[derive(Debug, Clone, Default)]
pub struct LabConfig {
    /// A script from the root that makes what the page takes for granted;
    /// sourced in the lab's shell before the first step.
    pub setup: Option<PathBuf>,
    /// A script from the root that runs at the end, always.
    pub cleanup: Option<PathBuf>,
}

/// Where an image of a workbook comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImageSource {
    /// A docker-archive or OCI archive, from the root.
    Archive(PathBuf),
    /// A directory with an `image.toml`, in the form of the catalogue's.
    Recipe(PathBuf),
}
