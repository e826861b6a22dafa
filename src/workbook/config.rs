//! What a `labbook.toml` says, checked and with defaults.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

/// The settings of a workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// The variables of the user's environment that labs are given.
    pub pass: Vec<String>,
    /// What is said about clusters.
    pub cluster: ClusterConfig,
}

/// Settings of the clusters that labs run on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClusterConfig {
    /// The IPv4 block, such as `10.213.0.0/16`, from which each embedded cluster
    /// takes a /30; none where labbook chooses.
    pub network: Option<String>,
    /// Whether public images are pulled where labbook has stand-ins for them.
    pub pull: Pull,
}

/// Whether public images are pulled when images are prepared, where labbook has
/// stand-ins for them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pull {
    /// Those whose registry answers.
    #[default]
    Auto,
    /// None: all are stand-ins.
    Never,
    /// All: one that cannot be pulled is an error.
    Always,
}

/// Settings of one lab.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
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

impl Default for Config {
    fn default() -> Self {
        Self {
            labs: Vec::new(),
            lab: BTreeMap::new(),
            mirrors: BTreeMap::new(),
            images: BTreeMap::new(),
            timeout: Duration::from_secs(5 * 60),
            wait: Duration::from_secs(60),
            pass: Vec::new(),
            cluster: ClusterConfig::default(),
        }
    }
}
