//! Compares lines that have no structure of their own: those that belong
//! together are found, and in them all but typed values must be equal.

use std::ops::Range;

use super::action;
use super::command;
use super::common;
use super::comparison::Comparison;
use super::finding::{Finding, Place};
use super::normalise::Line;
use super::value::{Piece, Space, Type, pieces};
use crate::lab::is_elision;

/// Compares lines; blank lines are nothing. `end` is the page's line at which
/// the whole output ends.
pub(crate) fn compare(
    comparison: &mut Comparison<'_>,
    command: &str,
    (old, new): (&[Line], &[Line]),
    end: usize,
) {
    let old: Vec<&Line> = old.iter().filter(|line| !line.is_blank()).collect();
    let new: Vec<&Line> = new.iter().filter(|line| !line.is_blank()).collect();
    if let ([old], [new]) = (old.as_slice(), new.as_slice())
        && compare_numbers(comparison, command, old, new)
    {
        return;
    }
    let shapes =
        |lines: &[&Line]| -> Vec<String> { lines.iter().map(|line| shape(&line.text)).collect() };
    let (old_shapes, new_shapes) = (shapes(&old), shapes(&new));
    if old_shapes == new_shapes {
        for (old, new) in old.into_iter().zip(new) {
            compare_alike(comparison, old, new);
        }
        return;
    }
    // Where the page leaves lines out, before the line of this index.
    let mut elisions = Vec::new();
    let (mut shown, mut shown_shapes) = (Vec::new(), Vec::new());
    for (line, shape) in old.into_iter().zip(old_shapes) {
        if is_elision(&line.text) {
            elisions.push(shown.len());
        } else {
            shown.push(line);
            shown_shapes.push(shape);
        }
    }
    if let (Some(first), true) = (shown.first(), new.is_empty()) {
        let text = format!("the command printed nothing; the page shows `{}`", first.text);
        let finding = Finding::different("empty", text).at(&Place::line(first.number));
        comparison.found(finding.old(&first.text));
        return;
    }
    let tell_gap = |comparison: &mut Comparison<'_>, olds: Range<usize>, news: Range<usize>| {
        let elided = elisions.iter().any(|at| (olds.start..=olds.end).contains(at));
        let end = shown[..olds.end].last().map_or(end, |line| line.number);
        tell(comparison, &shown[olds], &new[news], elided, end);
    };
    let (mut old_from, mut new_from) = (0, 0);
    for (old_at, new_at) in common::pairs(&shown_shapes, &new_shapes) {
        tell_gap(comparison, old_from..old_at, new_from..new_at);
        compare_alike(comparison, shown[old_at], new[new_at]);
        (old_from, new_from) = (old_at + 1, new_at + 1);
    }
    tell_gap(comparison, old_from..shown.len(), new_from..new.len());
}

/// Tells lines that have no partner: pairs of them as changed, the rest as
/// missing or, unless the page leaves lines out here, as extra after line `end`.
fn tell(comparison: &mut Comparison<'_>, olds: &[&Line], news: &[&Line], elided: bool, end: usize) {
    for (old, new) in olds.iter().zip(news) {
        comparison.found(changed(old, new));
    }
    for old in olds.iter().skip(news.len()) {
        let text = format!("line {} of the page is missing: `{}`", old.number, old.text);
        let finding = Finding::different("missing-line", text).at(&Place::line(old.number));
        comparison.found(finding.old(&old.text));
    }
    for new in news.iter().skip(olds.len()).filter(|_| !elided) {
        let text = format!("the page does not show the line `{}`", new.text);
        let finding = Finding::different("extra-line", text).at(&Place::line(end));
        comparison.found(finding.new_value(&new.text));
    }
}

fn changed(old: &Line, new: &Line) -> Finding {
    let text = format!(
        "line {}: this run printed `{}`; the page shows `{}`",
        old.number, new.text, old.text
    );
    Finding::different("line", text)
        .at(&Place::line(old.number))
        .old(&old.text)
        .new_value(&new.text)
}

/// Compares two lines of one shape.
fn compare_alike(comparison: &mut Comparison<'_>, old: &Line, new: &Line) {
    let place = Place::line(old.number);
    if comparison.same_shape(&old.text, &new.text, &place) {
        return;
    }
    // One shape, but not one text: an object that the line names otherwise.
    if let (Some(was), Some(is)) = (action::read(&old.text), action::read(&new.text))
        && comparison.same_shape(was.name, is.name, &place)
        && let Some(reason) = action::wording(&was, &is)
    {
        let text = format!("`{}` reads `{}` here: {reason}", old.text, new.text);
        comparison
            .found(Finding::drift("wording", text).at(&place).old(&old.text).new_value(&new.text));
        return;
    }
    comparison.found(changed(old, new));
}

/// A line without its values and its widths: lines that belong together have
/// one shape. What was done to one object has one shape in each wording.
fn shape(line: &str) -> String {
    let (line, deed) = match action::read(line) {
        Some(action) => (action.name, Some((action.kind, action.done))),
        None => (line, None),
    };
    let mut shape = String::with_capacity(line.len());
    for piece in pieces(line) {
        match piece {
            Piece::Text(text) => {
                let mut blank = false;
                for char in text.chars() {
                    if char.is_whitespace() {
                        blank = true;
                        continue;
                    }
                    if std::mem::take(&mut blank) {
                        shape.push(' ');
                    }
                    shape.push(char);
                }
                if blank {
                    shape.push(' ');
                }
            }
            Piece::Value(type_, _) => shape.push_str(match type_ {
                Type::Duration => "\u{1}d",
                Type::Time => "\u{1}t",
                Type::Revision => "\u{1}r",
                Type::Identity(Space::Pod) => "\u{1}p",
                Type::Identity(Space::TemplateHash) => "\u{1}h",
                Type::Identity(Space::Uid) => "\u{1}u",
                Type::Identity(Space::Address) => "\u{1}a",
                Type::Identity(_) => "\u{1}i",
            }),
        }
    }
    if let Some((kind, done)) = deed {
        shape = format!("\u{2}{kind}\u{2}{shape}\u{2}{done}");
    }
    shape
}

/// Compares two readings of a number that an application keeps. False, with
/// nothing found, where the lines are none.
fn compare_numbers(comparison: &mut Comparison<'_>, command: &str, old: &Line, new: &Line) -> bool {
    let (Some(scope), Some(was), Some(is)) =
        (command::number_scope(command), reading(&old.text), reading(&new.text))
    else {
        return false;
    };
    if was.0 != is.0 {
        return false;
    }
    let scope = Space::Number(format!("{scope}\n{}", was.0));
    comparison.identity(&scope, was.1, is.1, &Place::line(old.number));
    true
}

/// The one number of a line and the line without it: `16`, `visits: 16`,
/// `{"visits":16}`. None where the line holds other digits.
fn reading(line: &str) -> Option<(String, &str)> {
    let line = line.trim();
    if line.starts_with("HTTP/") {
        return None;
    }
    let start = line.find(|char: char| char.is_ascii_digit())?;
    let end = line[start..]
        .find(|char: char| !char.is_ascii_digit())
        .map_or(line.len(), |length| start + length);
    let (before, after) = (&line[..start], &line[end..]);
    let inside = |char: char| char.is_alphanumeric() || matches!(char, '_' | '-' | '/' | '%');
    let alone = !before.ends_with(inside) && !before.ends_with('.') && !after.starts_with(inside);
    let only = !after.contains(|char: char| char.is_ascii_digit());
    (alone && only).then(|| (format!("{before}\u{1}{after}"), &line[start..end]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reading_is_the_one_number_of_a_line() {
        assert_eq!(reading("16"), Some(("\u{1}".into(), "16")));
        assert_eq!(reading("visits: 16").map(|(_, number)| number), Some("16"));
        assert_eq!(reading("{\"visits\":16}").map(|(_, number)| number), Some("16"));
        for line in ["", "ok", "1.5", "v2", "HTTP/1.1 200 OK", "3 of 4", "50%", "-3"] {
            assert_eq!(reading(line), None, "{line}");
        }
    }

    #[test]
    fn shapes_leave_values_and_widths_out() {
        assert_eq!(shape("a   10.0.0.1 b"), shape("a 10.9.9.9  b"));
        assert_ne!(shape("a 10.0.0.1"), shape("a <none>"));
        assert_eq!(shape("pod \"a\" deleted"), shape("pod \"a\" deleted from default namespace"));
        assert_ne!(shape("pod/a created"), shape("pod/a unchanged"));
        assert_ne!(shape("pod/a created"), shape("pod/b created"));
    }
}
