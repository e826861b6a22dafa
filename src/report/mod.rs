//! Renders what a run did: on the terminal, as JSON, as Markdown, and as the
//! page itself with its new outputs.
//!
//! Everything here is a function of a record (as a [`Transcript`]) and the page,
//! and writes to a writer that it was handed. Nothing here runs or judges
//! anything, and nothing needs a cluster.

mod check;
mod diagnostic;
mod drawn;
mod excerpt;
mod folder;
mod json;
mod markdown;
mod page;
mod place;
mod terminal;
mod transcript;

pub use check::{
    Annotation, CheckSummary, CheckedPage, Detail, HiddenCommand, annotations, check_human,
    check_json, check_json_begin, check_json_end, write_annotations, write_summaries,
};
pub use diagnostic::draw_diagnostic;
pub use folder::{Folder, FolderError, Reserved, published_record, summary_of, write_atomically};
pub use json::{LabResult, run_json};
pub use markdown::{TemplateError, Templates};
pub use page::{PageError, regenerate, update};
pub use terminal::Terminal;
pub use transcript::{StepTranscript, Transcript, TranscriptError};

#[cfg(test)]
mod tests;
