//! What `check` shows: how each page is read, and what would be run.

mod github;
mod human;
mod json;
mod summary;
#[cfg(test)]
mod tests;

pub use github::{Annotation, annotations, write_annotations};
pub use human::{Detail, check_human};
pub use json::{check_json, check_json_begin, check_json_end};
pub use summary::{CheckSummary, write_summaries};

use crate::document::Document;
use crate::lab::directives::Settings;
use crate::lab::{Command, Diagnostic, Lab, RecordedOutput, Step};
use crate::plan::{Mirrored, Plan, Refusal};

/// A page as `check` looks at it.
#[derive(Debug)]
pub struct CheckedPage<'a> {
    /// How the page is called.
    pub name: &'a str,
    /// The page's bytes and lines.
    pub document: &'a Document,
    /// How it was read.
    pub lab: &'a Lab,
    /// What its author should know.
    pub diagnostics: &'a [Diagnostic],
    /// What would be run; none where it cannot be said, for a reason that is
    /// one of the diagnostics.
    pub plan: Option<&'a Plan>,
    /// Commands of the page that no reader of it sees.
    pub hidden: &'a [HiddenCommand<'a>],
}

/// A command that stands in a comment of the page.
#[derive(Debug, Clone, Copy)]
pub struct HiddenCommand<'a> {
    /// Which of the page's blocks it belongs to: `setup`, `cleanup`, `verify`.
    pub block: &'a str,
    /// The command and its lines.
    pub command: &'a Command,
    /// Which mirror stands for which URL in it.
    pub mirrored: &'a [Mirrored],
}

impl CheckedPage<'_> {
    /// Whether anything was read of it.
    fn is_read(&self) -> bool {
        self.plan.is_some() || !self.lab.fences.is_empty()
    }

    /// Why the page has the step of this index skipped, where it has.
    fn skip(&self, index: usize) -> Option<&str> {
        self.lab.directives.of_step(index).and_then(Settings::skip)
    }

    /// Why the step of this index is not run, though the page does not skip it.
    fn refusal(&self, index: usize) -> Option<Refusal> {
        let step = self.lab.steps.get(index).filter(|_| self.skip(index).is_none())?;
        let given =
            self.lab.directives.of_step(index).is_some_and(|set| set.text("stdin").is_some());
        Refusal::of(step, given)
    }

    /// Whether the step of this index is run and its output judged.
    fn is_compared(&self, index: usize) -> bool {
        let is_run = self.skip(index).is_none() && self.refusal(index).is_none();
        is_run && self.lab.steps[index].outputs.iter().any(has_text)
    }
}

/// Whether an output holds a line that stands for itself.
fn has_text(output: &RecordedOutput) -> bool {
    output.elisions.len() <= output.last_line - output.first_line
}

/// The names of the flags that hold.
fn flags(step: &Step) -> Vec<&'static str> {
    let flags = step.flags;
    let all = [
        ("nested", flags.nested),
        ("blocking", flags.blocking),
        ("interactive", flags.interactive),
        ("placeholder", flags.placeholder),
        ("powershell", flags.powershell),
    ];
    all.into_iter().filter_map(|(name, holds)| holds.then_some(name)).collect()
}
