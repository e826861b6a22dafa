//! The book's page of findings, rendered from the registry.

use std::fmt::Write as _;
use std::path::Path;

use super::tests::drawn;
use super::{FINDINGS, Finding};
use crate::lab::Severity;

const HEAD: &str = "\
# Findings

What `labbook check` says of a page, by the name that stands in brackets. An *error* is
what a page cannot be run with: `run` and `verify` refuse it. A *warning* tells of
something to look at. What labbook cannot know it does not say, and a page without
findings need not be right.
";

fn page() -> String {
    let mut page = HEAD.to_owned();
    for finding in FINDINGS {
        // Writing to a string cannot fail.
        let _ = write!(page, "\n{}", section(finding));
    }
    page
}

fn section(finding: &Finding) -> String {
    let severity = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let Finding { id, summary, example, instead, .. } = finding;
    let about = wrapped(&format!("*{severity}* · {summary}"));
    if example.is_empty() {
        return format!("## {id}\n\n{about}\n");
    }
    // mdBook takes no NUL.
    let example = &example.replace('\0', "\u{fffd}");
    let drawn = drawn(id, finding.example).replace('\0', "\u{fffd}");
    let marks = if example.contains("````") { "`````" } else { "````" };
    format!(
        "## {id}\n\n{about}\n\n\
         {marks}markdown\n{example}{marks}\n\n```text\n{drawn}\n```\n\n\
         Instead:\n\n````markdown\n{instead}````\n"
    )
}

/// A paragraph in lines as long as the book's others.
fn wrapped(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < 84 => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.join("\n")
}

/// With `LABBOOK_WRITE_MANUAL` set, the page is written.
#[test]
fn the_book_says_what_the_registry_does() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("book/src/findings.md");
    let page = page();
    if std::env::var_os("LABBOOK_WRITE_MANUAL").is_some() {
        std::fs::write(&path, &page).expect("the book's page");
    }
    let book = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        book == page,
        "book/src/findings.md is not what the findings say: run \
         `LABBOOK_WRITE_MANUAL=1 cargo test --lib the_book_says` and look at what changed"
    );
}
