//! The results of `run` and `verify` for programs: one JSON object.

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;

use super::transcript::{StepTranscript, Transcript};
use crate::record::{Explanation, FORMAT, StandIn, Verdict};

/// A lab that was run, and the files that tell of it.
#[derive(Debug, Clone, Copy)]
pub struct LabResult<'a> {
    /// What the page is called.
    pub page: &'a str,
    /// What happened.
    pub transcript: &'a Transcript,
    /// The page with its new outputs.
    pub report: &'a Path,
    /// The record.
    pub record: &'a Path,
}

#[derive(Serialize)]
struct Run<'a> {
    schema: u32,
    labs: Vec<LabForm<'a>>,
}

#[derive(Serialize)]
struct LabForm<'a> {
    page: &'a str,
    verdict: Verdict,
    cluster: ClusterForm<'a>,
    stand_ins: &'a [StandIn],
    steps: Vec<StepForm<'a>>,
    report: String,
    record: String,
}

#[derive(Serialize)]
struct ClusterForm<'a> {
    provider: &'a str,
    version: Option<&'a str>,
}

#[derive(Serialize)]
struct StepForm<'a> {
    command: CommandForm<'a>,
    verdict: Verdict,
    exit_code: Option<i32>,
    duration_ms: u64,
    attempts: u32,
    explanation: &'a [Explanation],
}

/// A command and its place on the page; `check` prints it in the same form.
#[derive(Serialize)]
pub(super) struct CommandForm<'a> {
    pub(super) first_line: usize,
    pub(super) last_line: usize,
    pub(super) text: Cow<'a, str>,
}

impl<'a> From<&'a crate::lab::Command> for CommandForm<'a> {
    fn from(command: &'a crate::lab::Command) -> Self {
        let text = Cow::Borrowed(command.text.as_str());
        Self { first_line: command.first_line, last_line: command.last_line, text }
    }
}

/// Writes the labs as one object on one line. Durations are milliseconds, with
/// all attempts of a step and the pauses between; a step that has no exit code
/// (it was not run, or timed out) has `null`.
pub fn run_json(out: &mut dyn Write, labs: &[LabResult<'_>]) -> io::Result<()> {
    let run = Run { schema: FORMAT, labs: labs.iter().map(lab_form).collect() };
    write_object(out, &run)
}

/// One JSON object and a line end.
pub(super) fn write_object(out: &mut dyn Write, object: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, object)?;
    out.write_all(b"\n")
}

fn lab_form<'a>(lab: &LabResult<'a>) -> LabForm<'a> {
    let header = &lab.transcript.header;
    LabForm {
        page: lab.page,
        verdict: lab.transcript.verdict(),
        cluster: ClusterForm {
            provider: &header.cluster.provider,
            version: header.cluster.version.as_deref(),
        },
        stand_ins: lab.transcript.stand_ins(),
        steps: lab.transcript.steps.iter().map(step_form).collect(),
        report: lab.report.display().to_string(),
        record: lab.record.display().to_string(),
    }
}

fn step_form(step: &StepTranscript) -> StepForm<'_> {
    StepForm {
        command: CommandForm::from(&step.command),
        verdict: step.verdict,
        exit_code: step.exit_code(),
        duration_ms: step.duration_ms,
        attempts: step.attempts,
        explanation: &step.explanation,
    }
}
