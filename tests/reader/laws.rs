//! What holds of the reader for any bytes. The property tests and the fuzz target
//! both call [`hold`].

use std::ops::Range;

use labbook::document::{Document, Replacement};
use labbook::lab::{self, Diagnostic, Lab, RecordedOutput};
use labbook::report;

/// Reads `bytes` as a page, and panics where the reader breaks a law.
pub(crate) fn hold(bytes: &[u8]) {
    let document = Document::new(bytes.to_vec());
    assert_eq!(document.splice(&[]), bytes, "splicing nothing changes nothing");
    structure(&document);
    let (lab, diagnostics) = lab::read(&document);
    steps(&document, &lab);
    said(&document, &diagnostics);
    for output in lab.steps.iter().flat_map(|step| &step.outputs) {
        itself(&document, output);
    }
}

/// Places of lines, fences and comments are ordered, inside the page and on the
/// boundaries of characters.
fn structure(document: &Document) {
    let text = document.text();
    assert_eq!(text.len(), document.bytes().len());
    let mut after = 0;
    for fence in document.fences() {
        assert!(fence.open > after, "fences are ordered");
        let inside = fence.lines.iter().map(|line| line.number);
        assert!(inside.eq(fence.open + 1..=fence.open + fence.lines.len()));
        assert!(fence.close.is_none_or(|close| close == fence.open + fence.lines.len() + 1));
        for line in &fence.lines {
            let whole = document.line(line.number);
            assert!(whole.start <= line.content.start && line.content.end == whole.end);
            on_boundaries(text, &line.content);
        }
        after = fence.last_line();
    }
    assert!(after <= document.line_count());
    let mut end = 0;
    for comment in document.comments() {
        assert!(end <= comment.span.start, "comments are ordered");
        on_boundaries(text, &comment.span);
        end = comment.span.end;
    }
}

/// Steps are in the page's order, each in its fence, outputs after their commands.
fn steps(document: &Document, lab: &Lab) {
    let fences = document.fences();
    let read = lab.fences.iter().map(|reading| (reading.open, reading.close));
    assert!(read.eq(fences.iter().map(|fence| (fence.open, fence.last_line()))));
    let mut after = 0;
    for step in &lab.steps {
        let command = &step.command;
        assert!(after < command.first_line, "commands are ordered");
        assert!(command.first_line <= command.last_line);
        let fence = &fences[step.fence];
        assert!(fence.open < command.first_line && command.last_line <= fence.last_line());
        after = command.last_line;
        let mut printed = command.last_line;
        for output in &step.outputs {
            assert!(printed < output.first_line, "an output comes after its command");
            assert!(output.first_line <= output.last_line);
            assert!(output.last_line <= document.line_count());
            let lines = output.first_line..=output.last_line;
            assert!(output.elisions.iter().chain(&output.cut).all(|line| lines.contains(line)));
            assert!(output.cut.iter().all(|line| !output.elisions.contains(line)));
            printed = output.last_line;
        }
    }
}

/// What is said has a place on the page, in order, and can be drawn.
fn said(document: &Document, diagnostics: &[Diagnostic]) {
    assert!(diagnostics.is_sorted_by_key(|diagnostic| diagnostic.span.start));
    for diagnostic in diagnostics {
        on_boundaries(document.text(), &diagnostic.span);
        for (span, _) in &diagnostic.related {
            on_boundaries(document.text(), span);
        }
    }
    if let Some(first) = diagnostics.first() {
        assert!(!report::draw_diagnostic(first, "lab.md", document, None).is_empty());
    }
}

/// Splicing an output by itself changes nothing.
fn itself(document: &Document, output: &RecordedOutput) {
    let fence = document.fences().iter().rev().find(|fence| fence.open < output.first_line);
    let lines = fence.map(|fence| {
        let (first, last) = (output.first_line - fence.open, output.last_line - fence.open);
        &fence.lines[first - 1..last]
    });
    let lines = lines.unwrap_or_default();
    // The rest of a tab that a list took in part is spaces in a new line.
    if lines.is_empty() || lines.iter().any(|line| line.padding > 0) {
        return;
    }
    let texts = lines.iter().map(|line| &document.bytes()[line.content.clone()]);
    let same = Replacement {
        first_line: output.first_line,
        last_line: output.last_line,
        text: texts.collect::<Vec<_>>().join(&b'\n'),
    };
    // An empty text would take the lines away.
    if !same.text.is_empty() {
        assert_eq!(document.splice(&[same]), document.bytes(), "an output is spliced by itself");
    }
}

fn on_boundaries(text: &str, span: &Range<usize>) {
    assert!(text.get(span.clone()).is_some(), "{span:?} is no place in {} bytes", text.len());
}
