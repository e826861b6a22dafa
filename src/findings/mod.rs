//! What `labbook check` tells an author about his page, beyond how it was read:
//! outputs that no program printed, contradictions, commands that cannot be run.
//!
//! Each finding is one file: a function of a page and what is around it, an
//! example that has it, and the example put right. Nothing here does IO, and
//! nothing here runs: what is around a page comes in as [`Surroundings`]. The
//! book's page of findings is rendered from [`FINDINGS`].

#[cfg(test)]
mod book;
mod commands;
mod directives;
mod files;
mod opened;
mod opens_a_browser;
mod owners;
mod place;
mod reading;
mod shown;
mod surroundings;
#[cfg(test)]
mod tests;
mod unread;

mod alternatives;
mod changing_volume;
mod foreign_service_address;
mod impossible_age;
mod impossible_name;
mod impossible_ready;
mod impossible_volume_name;
mod misaligned_table;
mod misread_fence;
mod missing_file;
mod missing_output;
mod missing_program;
mod missing_shell;
mod needs_a_person;
mod never_ends;
mod no_mirror;
mod powershell;
mod secret;
mod streams_of_a_terminal;
mod two_addresses;
mod typographic_character;
mod unknown_pod;

use std::ops::Range;

use crate::document::Document;
use crate::lab::{Diagnostic, Lab, Severity};
use crate::plan::Plan;

use shown::Shown;
pub use surroundings::{Questions, Surroundings};

/// A page and what is known of it before anything runs.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// Its bytes and lines.
    pub document: &'a Document,
    /// How it was read.
    pub lab: &'a Lab,
    /// What would be run.
    pub plan: &'a Plan,
    /// What is around it.
    pub surroundings: &'a Surroundings,
}

/// Something that labbook may say of a page.
#[derive(Debug)]
pub struct Finding {
    /// The id of its diagnostics.
    pub id: &'static str,
    /// How grave they are, at most.
    pub severity: Severity,
    /// What it says and why, in full sentences, as Markdown.
    pub summary: &'static str,
    /// A page that has it; empty where it is not a matter of the page's text.
    pub example: &'static str,
    /// The page put right; empty where there is no example.
    pub instead: &'static str,
    /// How it is found; none where it is said elsewhere.
    find: Option<fn(&Shown<'_>) -> Vec<Diagnostic>>,
}

impl Finding {
    fn at(&self, span: Range<usize>, message: impl Into<String>) -> Diagnostic {
        match self.severity {
            Severity::Error => Diagnostic::error(self.id, span, message),
            Severity::Warning => Diagnostic::warning(self.id, span, message),
        }
    }
}

/// All that labbook may say of a page: first what no program printed, then what
/// contradicts itself, then what cannot be run, then how the page and its directives
/// were read.
pub static FINDINGS: &[&Finding] = &[
    &impossible_name::FINDING,
    &impossible_age::FINDING,
    &impossible_ready::FINDING,
    &impossible_volume_name::FINDING,
    &misaligned_table::FINDING,
    &foreign_service_address::FINDING,
    &two_addresses::FINDING,
    &changing_volume::FINDING,
    &unknown_pod::FINDING,
    &missing_output::FINDING,
    &needs_a_person::FINDING,
    &opens_a_browser::FINDING,
    &never_ends::FINDING,
    &powershell::FINDING,
    &alternatives::FINDING,
    &missing_program::FINDING,
    &missing_shell::FINDING,
    &missing_file::FINDING,
    &no_mirror::FINDING,
    &typographic_character::FINDING,
    &secret::FINDING,
    &streams_of_a_terminal::FINDING,
    &reading::PLACEHOLDER,
    &reading::OPENS_A_SHELL,
    &reading::NESTED_COMMAND,
    &reading::UNFINISHED_COMMAND,
    &reading::UNREADABLE_COMMAND,
    &reading::UNSURE_COMMAND,
    &reading::UNSURE_FENCE,
    &reading::UNREAD_FENCE,
    &reading::UNFENCED_COMMAND,
    &reading::MIXED_PROMPTS,
    &misread_fence::FINDING,
    &reading::UNTERMINATED_FENCE,
    &reading::NO_STEPS,
    &directives::MISSPELT_DIRECTIVE,
    &directives::LOST_DIRECTIVE,
    &directives::DIRECTIVE_IN_FENCE,
    &directives::DIRECTIVE_SYNTAX,
    &directives::UNKNOWN_DIRECTIVE_KEY,
    &directives::BAD_DIRECTIVE_VALUE,
    &directives::DUPLICATE_DIRECTIVE_KEY,
    &directives::MISPLACED_DIRECTIVE_KEY,
    &directives::NO_SUCH_STEP,
    &directives::EMPTY_DIRECTIVE,
    &directives::HIDDEN_PROMPT,
    &directives::UNCLOSED_DIRECTIVE,
    &directives::UNREADABLE_DIRECTIVE,
    &directives::NOT_CARRIED_OUT,
    &unread::UNREADABLE,
    &unread::SETTINGS,
    &unread::MIRROR_FILE,
];

/// All that there is to tell the author of a page, in the order of the page: what
/// its reader said (`read`), and what is found besides.
pub fn all(read: Vec<Diagnostic>, page: &Page<'_>) -> Vec<Diagnostic> {
    let mut all = read;
    let (setup, after) = shown::hidden(page.lab);
    for steps in [&page.lab.steps, &setup, &after] {
        opened::help(&mut all, page.document, steps);
    }
    all.extend(find(page));
    if all.iter().any(explains_no_steps) {
        all.retain(|found| found.id != reading::NO_STEPS.id);
    }
    all.sort_by_key(|diagnostic| diagnostic.span.start);
    all
}

/// Whether a diagnostic says why a page has no steps: a second one would only
/// repeat it.
fn explains_no_steps(found: &Diagnostic) -> bool {
    let ids = [
        misread_fence::FINDING.id,
        reading::UNREAD_FENCE.id,
        reading::UNFENCED_COMMAND.id,
        reading::UNSURE_FENCE.id,
        reading::UNSURE_COMMAND.id,
        reading::UNTERMINATED_FENCE.id,
    ];
    found.severity == Severity::Error || ids.contains(&found.id)
}

fn find(page: &Page<'_>) -> Vec<Diagnostic> {
    let shown = Shown::new(page);
    let mut found: Vec<Diagnostic> =
        FINDINGS.iter().filter_map(|finding| finding.find).flat_map(|find| find(&shown)).collect();
    // What is not run needs nothing.
    let directives = &page.lab.directives;
    found.retain(|found| !directives.skips(page.document, &page.lab.steps, found));
    found
}
