//! What is wrong with pages, as annotations of a workflow on GitHub: workflow
//! commands, a line each.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::{CheckSummary, CheckedPage};
use crate::lab::Severity;
use crate::printed::secret::masked;
use crate::report::place::Places;
use crate::report::terminal::{short, visible};

/// How many annotations of one kind GitHub shows of a step; those after them are
/// in its log only.
const SHOWN: usize = 10;

/// What is said at a place of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotation {
    severity: Option<Severity>,
    properties: String,
    message: String,
}

/// What is said of a page. `file` is its path in the repository.
pub fn annotations(page: &CheckedPage<'_>, file: &str) -> Vec<Annotation> {
    let mut places = Places::new(page.document);
    let mut found: Vec<Annotation> = page
        .diagnostics
        .iter()
        .map(|diagnostic| {
            let (line, column) = places.of(diagnostic.span.start);
            let (end_line, end_column) = places.of(diagnostic.span.end.max(diagnostic.span.start));
            let mut properties = format!("file={},line={line}", property(file));
            // Writing to a string cannot fail.
            let _ = if end_line > line {
                // GitHub takes columns only where a place is of one line.
                write!(properties, ",endLine={end_line}")
            } else {
                let end_column = end_column.max(column + 1);
                write!(properties, ",endLine={line},col={column},endColumn={end_column}")
            };
            let _ = write!(properties, ",title=labbook {}", property(diagnostic.id));
            let mut message = format!(
                "{}:{line}:{column}: {}",
                visible(page.name),
                short(&masked(&diagnostic.message))
            );
            for (span, label) in &diagnostic.related {
                let _ = write!(
                    message,
                    "\nline {}: {}",
                    places.of(span.start).0,
                    short(&masked(label))
                );
            }
            if let Some(help) = &diagnostic.help {
                let _ = write!(message, "\nhelp: {}", visible(&masked(help)));
            }
            Annotation { severity: Some(diagnostic.severity), properties, message }
        })
        .collect();
    let summary = CheckSummary::new(page);
    let nothing = summary.compared == 0 && !summary.is_skipped();
    if nothing && summary.errors + summary.warnings == 0 {
        found.push(Annotation {
            severity: None,
            properties: format!("file={},title=labbook", property(file)),
            message: format!("{}: nothing of it would be compared", visible(page.name)),
        });
    }
    found
}

/// Writes annotations: the errors, the warnings, where there are more of them
/// than GitHub shows a notice that says so, and the notices.
pub fn write_annotations(out: &mut dyn Write, found: &[Annotation]) -> io::Result<()> {
    let mut hidden = Vec::new();
    for (severity, kind) in [(Severity::Error, "error"), (Severity::Warning, "warning")] {
        let count = write_all(out, found, Some(severity), kind)?;
        if let Some(more @ 1..) = count.checked_sub(SHOWN) {
            hidden.push(format!("{more} {kind}{}", if more == 1 { "" } else { "s" }));
        }
    }
    if !hidden.is_empty() {
        let more = hidden.join(" and ");
        writeln!(
            out,
            "::notice title=labbook::GitHub shows {SHOWN} annotations of a kind; {more} more are \
             in the log of this step only"
        )?;
    }
    write_all(out, found, None, "notice")?;
    Ok(())
}

/// Writes the annotations of one severity; how many there are.
fn write_all(
    out: &mut dyn Write,
    found: &[Annotation],
    severity: Option<Severity>,
    kind: &str,
) -> io::Result<usize> {
    let mut count = 0;
    for annotation in found.iter().filter(|annotation| annotation.severity == severity) {
        let message = escaped(&annotation.message);
        writeln!(out, "::{kind} {}::{message}", annotation.properties)?;
        count += 1;
    }
    Ok(count)
}

/// The text of a workflow command on its line.
fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of one of its properties.
fn property(text: &str) -> String {
    escaped(text).replace(':', "%3A").replace(',', "%2C")
}
