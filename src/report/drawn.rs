//! A failing step, drawn over the lines of the page that it is about.

use std::fmt::Write as _;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use super::excerpt::Excerpt;
use super::terminal::{one_line, short, visible, word};
use super::transcript::StepTranscript;
use crate::record::Explanation;
use crate::terminal_text::for_page;

/// How many places of a step are drawn; the rest is counted.
const PLACES: usize = 8;
/// How many lines of the new output are shown: these first ones, and its last
/// ones, which say why a program failed.
const PRINTED: usize = 24;
const PRINTED_LAST: usize = 8;
/// Where no terminal says how wide it is.
const WIDTH: usize = 140;

/// The drawing of step `number`, counted from 1, with a final line end.
pub(super) fn step(
    number: usize,
    step: &StepTranscript,
    page: &str,
    source: &str,
    width: Option<usize>,
) -> String {
    let title =
        format!("step {number} is {}: {}", word_in_title(step), one_line(&step.command.text));
    let breaking: Vec<&Explanation> =
        step.explanation.iter().filter(|reason| reason.breaks).collect();
    let reasons = if breaking.is_empty() { step.explanation.iter().collect() } else { breaking };
    let places: Vec<_> = reasons
        .iter()
        .take(PLACES)
        .map(|reason| reason.line.and_then(|line| place(source, line, reason, step)))
        .collect();
    let mut spans: Vec<Range<usize>> = places.iter().flatten().cloned().collect();
    let command = line_range(source, step.command.first_line).filter(|_| spans.is_empty());
    let command = command.map(|line| trimmed(source, line));
    spans.extend(command.clone());
    // Only the lines from the first place to the last one: the renderer looks
    // at all that it is given.
    let range = whole_lines(source, &spans);
    let excerpt = Excerpt::new(source, range.clone(), &spans);
    let first_line = source[..range.start].matches('\n').count() + 1;
    let mut snippet = Snippet::source(excerpt.text()).line_start(first_line).path(page);
    let mut notes = Vec::new();
    let mut drawn = 0;
    for (reason, place) in reasons.iter().zip(places) {
        match place.map(|place| excerpt.span(&place)) {
            Some(span) => {
                let kind =
                    if drawn == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
                let mut annotation = kind.span(span.clone());
                let label = label(reason);
                if fits(excerpt.text(), first_line, &span, &label, width) {
                    annotation = annotation.label(label);
                } else {
                    // Beside its place it would break in the middle of a word.
                    annotation = annotation.label(brief(reason));
                    notes.push(label);
                }
                snippet = snippet.annotation(annotation);
                drawn += 1;
            }
            None => notes.push(short(&reason.text).into_owned()),
        }
    }
    if let Some(command) = command {
        snippet = snippet.annotation(AnnotationKind::Primary.span(excerpt.span(&command)));
    }
    if reasons.len() > PLACES {
        notes.push(format!("and {} more places, in the record", reasons.len() - PLACES));
    }
    if step.attempts > 1 {
        notes.push(format!("it was tried {} times before it was given up", step.attempts));
    }
    if let Some(executed) = &step.executed {
        notes.push(format!("it was run as: {}", one_line(executed)));
    }
    let mut group = Level::ERROR.primary_title(title).element(snippet);
    group = group.elements(notes.iter().map(|note| Level::NOTE.message(note.as_str())));
    let renderer = Renderer::styled().term_width(width.unwrap_or(WIDTH));
    let mut text = renderer.render(&[group]);
    text.push('\n');
    printed(&mut text, step);
    text
}

fn word_in_title(step: &StepTranscript) -> &'static str {
    match step.verdict {
        crate::record::Verdict::Error => "an error",
        verdict => word(verdict),
    }
}

/// What stands beside a place: the reason, with the new value where its text
/// does not have it; the line itself shows the old one.
fn label(reason: &Explanation) -> String {
    let text = short(&reason.text);
    match &reason.new {
        Some(new) if !new.is_empty() && !reason.text.contains(new.as_str()) => {
            format!("{text}: now `{}`", short(new))
        }
        _ => text.into_owned(),
    }
}

/// Whether a label has room beside its place. Without a terminal nothing is
/// too long.
fn fits(
    source: &str,
    first_line: usize,
    span: &Range<usize>,
    label: &str,
    width: Option<usize>,
) -> bool {
    let Some(width) = width else { return true };
    let line = source[..span.start].rfind('\n').map_or(0, |at| at + 1);
    // Before it: the number of the line, a bar and their blanks.
    let number = source[..line].matches('\n').count() + first_line;
    let margin = number.to_string().len() + 3;
    margin + source[line..span.end].chars().count() + 1 + label.chars().count() <= width
}

/// A label of a few words, whose sentence stands below the drawing.
fn brief(reason: &Explanation) -> String {
    match reason.new.as_deref() {
        Some(new) if !new.is_empty() && new.chars().count() <= 20 => {
            format!("now `{}`", visible(new))
        }
        _ => String::new(),
    }
}

/// What the step printed, if it printed anything; of much, the two ends.
fn printed(text: &mut String, step: &StepTranscript) {
    let Some(kept) = &step.kept else { return };
    lines(text, "it printed", &kept.output.0, kept.left_out);
    lines(text, "on standard error", &kept.stderr.0, 0);
}

/// The two ends of an output; of one that is not whole, its beginning.
fn lines(text: &mut String, what: &str, output: &[u8], left_out: u64) {
    let output = for_page(output);
    let output = String::from_utf8_lossy(&output);
    if output.is_empty() {
        return;
    }
    let lines: Vec<&str> = output.lines().collect();
    // Writing to a string cannot fail.
    let _ = writeln!(text, "  {what}:");
    let last = if left_out > 0 { 0 } else { PRINTED_LAST };
    let hidden = lines.len().saturating_sub(PRINTED + last);
    for (index, line) in lines.iter().enumerate() {
        if hidden > 0 && index == PRINTED && left_out == 0 {
            let _ = writeln!(text, "    … {hidden} lines that are in the record");
        }
        if hidden == 0 || index < PRINTED || index >= PRINTED + hidden {
            let _ = writeln!(text, "{}", format!("    {}", short(line)).trim_end());
        }
    }
    if left_out > 0 {
        text.push_str("    … the rest is in the record\n");
    }
}

/// The bytes of the page that a reason is about: its old value where that can
/// be found on its line, the line otherwise. What is said of a command, such as
/// its exit code, is about all of it.
fn place(
    source: &str,
    line: usize,
    reason: &Explanation,
    step: &StepTranscript,
) -> Option<Range<usize>> {
    let range = line_range(source, line)?;
    let text = &source[range.clone()];
    let whole = || trimmed(source, range.clone());
    if (step.command.first_line..=step.command.last_line).contains(&line) {
        return Some(whole());
    }
    let Some(old) = reason.old.as_deref().filter(|old| !old.is_empty()) else {
        return Some(whole());
    };
    if let Some(column) = &reason.column
        && let Some(offset) = column_offset(source, line, column)
        && text.get(offset..).is_some_and(|cell| cell.starts_with(old))
    {
        return Some(range.start + offset..range.start + offset + old.len());
    }
    let token = text.match_indices(old).map(|(at, _)| at).find(|at| {
        let edge = |symbol: Option<char>| symbol.is_none_or(|c| !c.is_alphanumeric());
        edge(text[..*at].chars().next_back()) && edge(text[at + old.len()..].chars().next())
    });
    Some(token.map_or_else(whole, |at| range.start + at..range.start + at + old.len()))
}

/// Where a column of the table that holds `line` begins: the offset of its name
/// in the nearest line above that has it.
fn column_offset(source: &str, line: usize, column: &str) -> Option<usize> {
    (1..line)
        .rev()
        .map_while(|above| line_range(source, above).map(|range| &source[range]))
        .take_while(|text| !text.trim_start().starts_with("```"))
        .find_map(|text| {
            text.match_indices(column).map(|(at, _)| at).find(|at| {
                let blank = |symbol: Option<char>| symbol.is_none_or(char::is_whitespace);
                blank(text[..*at].chars().next_back())
                    && blank(text[at + column.len()..].chars().next())
            })
        })
}

/// The bytes of a line, counted from 1, without its line end.
fn line_range(source: &str, line: usize) -> Option<Range<usize>> {
    let mut start = 0;
    for (index, text) in source.split('\n').enumerate() {
        if index + 1 == line {
            return Some(start..start + text.trim_end_matches('\r').len());
        }
        start += text.len() + 1;
    }
    None
}

/// The lines that hold all of the places, with their line ends.
fn whole_lines(source: &str, places: &[Range<usize>]) -> Range<usize> {
    let first = places.iter().map(|place| place.start).min().unwrap_or(0);
    let last = places.iter().map(|place| place.end).max().unwrap_or(0);
    let start = source[..first].rfind('\n').map_or(0, |at| at + 1);
    start..source[last..].find('\n').map_or(source.len(), |at| last + at + 1)
}

fn trimmed(source: &str, range: Range<usize>) -> Range<usize> {
    let text = &source[range.clone()];
    let start = range.start + (text.len() - text.trim_start().len());
    start..(range.start + text.trim_end().len()).max(start)
}
