//! Whole pages: an honest run is the same, a broken one differs at its step.

mod faults;
mod honest;
mod laws;
mod lookups;
mod outputs;
mod tables;
mod world;

use super::{Judgement, Page};
use crate::lab::{Command, RecordedOutput, Step};
use crate::record::{AttemptEnded, Ended, Facts, Output};

/// A step whose command stands on `line` and whose output on the line after it.
pub(super) fn step(line: usize, command: &str, output: &str) -> Step {
    let outputs = match output {
        "" => Vec::new(),
        text => vec![RecordedOutput {
            first_line: line + 1,
            last_line: line + text.lines().count(),
            text: text.to_owned(),
            ..RecordedOutput::default()
        }],
    };
    Step {
        command: Command { first_line: line, last_line: line, text: command.to_owned() },
        outputs,
        ..Step::default()
    }
}

/// An attempt that printed this and ended so.
pub(super) fn attempt(output: &str, code: i32, facts: &Facts) -> AttemptEnded {
    AttemptEnded {
        step: 0,
        attempt: 1,
        ended: Ended::Exited(code),
        output: Output(output.as_bytes().to_vec()),
        stderr: Output::default(),
        left_out: 0,
        bytes: output.len() as u64,
        dropped: 0,
        terminal: false,
        duration_ms: 5,
        facts: facts.clone(),
    }
}

/// Judges one step of a page on which nothing else was run.
#[must_use]
pub(super) fn judge(command: &str, old: &str, new: &str) -> Judgement {
    let facts = Facts::default();
    Page::new(&facts).judge(&step(1, command, old), &attempt(new, 0, &facts))
}

/// The kinds of the explanation, in order.
pub(super) fn kinds(judgement: &Judgement) -> Vec<&str> {
    judgement.explanation.iter().map(|told| told.kind.as_str()).collect()
}
