//! The record of a run: JSON Lines, one event a line, written as it happens.
//!
//! Everything that labbook shows of a run (terminal, report, page, book) is a
//! rendering of these events. A record is read on other machines, too: it names
//! files from the workbook's root, and no path of the machine that wrote it, but
//! where a command of the page printed one. This module never renders.

mod facts;
mod journal;
mod lines;
mod output;
mod reading;

pub use facts::{ClaimFact, Facts, PodFact, ServiceFact};
pub use journal::{Journal, RecordError};
pub(crate) use output::whole_characters;
pub use output::{Output, OutputChunk, Stream};
pub use reading::{Record, RecordedStep, read};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The version of the record's format that this labbook writes.
pub const FORMAT: u32 = 1;

/// How many bytes of an output are in memory: these are compared and shown. More than
/// that no page shows of a command, and what is compared is many times as large in
/// memory.
pub const KEPT: usize = 1024 * 1024;

/// One line of a record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The first line.
    Header(Header),
    /// Setup or cleanup ended. Setup comes before the first step.
    ScriptEnded(ScriptEnded),
    /// A step is about to run.
    StepStarted(StepStarted),
    /// A piece of what a command printed. Told once it has ended, right before that.
    Output(OutputChunk),
    /// A command ended; a step that is retried has several.
    AttemptEnded(AttemptEnded),
    /// A step is decided.
    StepEnded(StepEnded),
    /// What a step left running printed after the step's end.
    LateOutput(LateOutput),
    /// The last line: without it the run was cut short.
    Closing(Closing),
}

/// What was run, where and when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// [`FORMAT`].
    pub schema: u32,
    /// The version of labbook that wrote it.
    pub labbook: String,
    /// The page's path from the workbook's root, with `/`.
    pub page: String,
    /// SHA-256 of the page's bytes, in hex.
    pub sha256: String,
    /// SHA-256 of all that decides what a run does: the page less its outputs,
    /// setup, cleanup, `labbook.toml`, mirrored files. A record is stale when
    /// this changed.
    pub inputs: String,
    /// The cluster that the lab ran on.
    pub cluster: ClusterFact,
    /// What held the lab's programs; none in records of versions that did not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sandbox: Option<Sandbox>,
    /// When the run began.
    pub started: Timestamp,
}

pub use crate::sandbox::Kind as Sandbox;

/// The cluster of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClusterFact {
    /// `embedded`, `context` or `none`.
    pub provider: String,
    /// The API server's version, such as `v1.36.3`; none without a cluster.
    pub version: Option<String>,
}

/// An image that was built here under a public name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandIn {
    /// The name that manifests use.
    pub image: String,
    /// What it holds instead of the public image.
    pub note: String,
}

/// The end of a script that is not on the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScriptEnded {
    /// Which script.
    pub script: Script,
    /// The script's path from the workbook's root; for a hidden command of the
    /// page the page's, with `:` and the command's line.
    pub path: String,
    /// Its exit code; none where a signal or a time-out ended it.
    pub exit_code: Option<i32>,
    /// What it printed, as the terminal would show it.
    pub output: Output,
    /// How long it took.
    pub duration_ms: u64,
}

/// A script that belongs to a lab and is not on its page, or a hidden command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Script {
    /// Makes what the page takes for granted.
    Setup,
    /// Runs at the end, always.
    Cleanup,
}

/// A step is about to run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StepStarted {
    /// The step's index, counted from 0.
    pub step: usize,
    /// The command's first line on the page, counted from 1.
    pub first_line: usize,
    /// The command's last line on the page.
    pub last_line: usize,
    /// The command as the page gives it, without its prompt.
    pub text: String,
    /// The command as it is run, where that differs: names that follow the
    /// page's identities, and for URLs that are mirrored the files, named from
    /// the workbook's root.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub executed: Option<String>,
}

/// One run of a step's command.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AttemptEnded {
    /// The step's index, counted from 0.
    pub step: usize,
    /// Counted from 1.
    pub attempt: u32,
    /// How it ended.
    pub ended: Ended,
    /// What it printed, standard output and error in the order in which they were
    /// written, or standard output alone where they are kept apart: [`KEPT`] bytes of it
    /// at most. A record has it in [`Event::Output`].
    #[serde(default, skip_serializing)]
    pub output: Output,
    /// The same of standard error, where that is kept apart.
    #[serde(skip)]
    pub stderr: Output,
    /// How many bytes more there are of `output`, in the record alone.
    #[serde(skip)]
    pub left_out: u64,
    /// How many bytes it printed, on both streams, as far as they are in the record.
    #[serde(default)]
    pub bytes: u64,
    /// How many bytes more it printed: only what prints on and on has any.
    #[serde(default, skip_serializing_if = "is_default")]
    pub dropped: u64,
    /// Whether the command had a terminal.
    pub terminal: bool,
    /// From the moment the shell was given the command to its end.
    pub duration_ms: u64,
    /// What the cluster said right after it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub facts: Facts,
}

impl AttemptEnded {
    /// The same without what it printed.
    #[must_use]
    pub fn without_output(&self) -> Self {
        Self {
            step: self.step,
            attempt: self.attempt,
            ended: self.ended.clone(),
            output: Output::default(),
            stderr: Output::default(),
            left_out: self.left_out,
            bytes: self.bytes,
            dropped: self.dropped,
            terminal: self.terminal,
            duration_ms: self.duration_ms,
            facts: self.facts.clone(),
        }
    }
}

/// How a command ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// By itself, with this exit code (128 + N where signal N killed it).
    Exited(i32),
    /// It was stopped when its time was over.
    TimedOut,
    /// It was stopped with the run, before its end.
    Stopped,
    /// The shell itself ended with it, with this exit code.
    ShellDied(i32),
    /// It does not end by itself, and was interrupted as with Ctrl-C.
    Interrupted,
    /// It does not end by itself, and goes on in the background.
    Running,
    /// It was typed at a program's prompt, or opened the program, and the prompt came back.
    Answered,
}

impl Ended {
    /// The exit code as a shell would give it; none where it was stopped, or goes on.
    pub fn exit_code(&self) -> Option<i32> {
        match self {
            Self::Exited(code) | Self::ShellDied(code) => Some(*code),
            Self::TimedOut | Self::Stopped | Self::Interrupted | Self::Running | Self::Answered => {
                None
            }
        }
    }
}

/// A step is decided.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StepEnded {
    /// The step's index, counted from 0.
    pub step: usize,
    /// What was decided.
    pub verdict: Verdict,
    /// The attempt that was kept, counted from 1; none where nothing ran.
    pub kept: Option<u32>,
    /// How many attempts there were.
    pub attempts: u32,
    /// From the step's start to its verdict, with all attempts, the pauses
    /// between them and the confirmation of the last.
    pub took_ms: u64,
    /// Why, the first cause first.
    pub explanation: Vec<Explanation>,
}

/// A piece of what something that a step left running printed after the step's end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LateOutput {
    /// The step's index, counted from 0.
    pub step: usize,
    /// Where it was printed.
    #[serde(default)]
    pub stream: Stream,
    /// When it was printed, since the step's command was started.
    #[serde(default)]
    pub at_ms: u64,
    /// What was printed.
    pub output: Output,
}

/// The last line of a record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Closing {
    /// The page's verdict: the worst of its steps'.
    pub verdict: Verdict,
    /// When the run ended.
    pub ended: Timestamp,
    /// Why the run ended before the page did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Images that the lab's pods asked for and that stood in for public ones.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stand_ins: Vec<StandIn>,
}

/// What was decided of a step, from best to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It ran and ended as expected; nothing was recorded to compare.
    Ran,
    /// The same result.
    Same,
    /// The same result, with tolerated changes, each listed.
    Drift,
    /// It was not run, and the explanation says why.
    NotRun,
    /// Another result.
    Different,
    /// It could not be run to an end.
    Error,
}

/// The kind of an explanation that says why the page has a step skipped: it was
/// not run, and that is no fault.
pub const SKIPPED: &str = "skipped";

/// One reason for a verdict, with the place that it is about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// A stable name in kebab case, such as `cell`, `missing-row`, `identity`.
    pub kind: String,
    /// Whether this alone makes the step different (otherwise it is drift).
    pub breaks: bool,
    /// The line of the page that it is about, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The column of a table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// The value on the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<String>,
    /// The value of the run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<String>,
    /// A sentence that a student understands.
    pub text: String,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
