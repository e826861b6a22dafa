//! labbook reads a lab, a Markdown page of prose, commands and what they
//! printed, as a program and as a test.
//!
//! The modules below are the stages of that, in the order in which a page goes
//! through them. Each stage is a plain value, and knows only the ones before it:
//!
//! ```text
//! bytes ─▶ Document ─▶ Lab (+ diagnostics) ─▶ Plan ─▶ events ─▶ Record ─▶ Verdicts ─▶ report · page · book
//! ```

#[cfg(not(target_os = "linux"))]
compile_error!(
    "labbook runs labs in Linux namespaces: build it on Linux, where it can also reach a cluster \
     elsewhere with `--context NAME`"
);

mod durations;
mod process;
pub mod document;
pub mod lab;
pub mod workbook;
mod digest;
pub mod plan;
pub mod findings;
mod terminal_text;
mod printed;
pub mod record;
pub mod compare;
pub mod sandbox;
pub mod cluster;
pub mod run;
pub mod report;
pub mod book;
pub mod cli;
