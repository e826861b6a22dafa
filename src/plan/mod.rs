//! What will be run: the steps of a lab with all that a workbook decides about
//! them. `labbook check` prints a plan; the runner carries it out.

use std::path::PathBuf;
use std::time::Duration;

use crate::lab::Step;

/// A lab, ready to be run.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The page's path from the workbook's root, with `/`.
    pub page: String,
    /// The page on disk.
    pub path: PathBuf,
    /// The workbook's root.
    pub root: PathBuf,
    /// The steps in order.
    pub steps: Vec<PlannedStep>,
    /// The setup script, if the workbook names one.
    pub setup: Option<PathBuf>,
    /// The cleanup script, if the workbook names one.
    pub cleanup: Option<PathBuf>,
    /// Images that the workbook adds.
    pub images: Vec<(String, crate::workbook::ImageSource)>,
    /// SHA-256 of the page's bytes, in hex.
    pub sha256: String,
    /// SHA-256 of all that decides what the run does, in hex.
    pub inputs: String,
}

/// A step and how it will be run.
#[derive(Debug, Clone)]
pub struct PlannedStep {
    /// The step as the page has it.
    pub step: Step,
    /// The command with mirrored URLs replaced by files; the same as the
    /// page's where there are none.
    pub command: String,
    /// Which mirror stands for which URL in it.
    pub mirrored: Vec<Mirrored>,
    /// Whether it is run again until it gives the recorded result.
    pub effect: Effect,
    /// Whether it gets a terminal.
    pub terminal: bool,
    /// How long one attempt may run.
    pub timeout: Duration,
    /// How long the result may take to come about.
    pub wait: Duration,
}

/// A URL that is read from a file of the workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mirrored {
    /// The URL on the page.
    pub url: String,
    /// The file that is read instead.
    pub file: PathBuf,
}

/// Whether a command may be run again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It only reads: it may be run again until its result has come about.
    Reads,
    /// It may change something: it runs exactly once.
    Changes,
}
