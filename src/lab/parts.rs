//! Which lines of a fence show what a command printed: the parts of a session
//! that are neither typed nor an author's own words.

use super::captions::announces_output;
use super::recognisers::{OBJECT, recognise};

/// The comments after a command that show what it printed: `# pod/a created`.
/// The first of them must be known as what programs print.
pub(super) fn commented_output(
    texts: &[&str],
    start: usize,
    stop: usize,
) -> Option<(usize, usize)> {
    let mut at = (start..stop).find(|at| !texts[*at].trim().is_empty())?;
    let bare = |at: usize| texts.get(at).and_then(|line| uncommented(line));
    if announces_output(bare(at)?.trim()) {
        at = (at + 1..stop).find(|at| bare(*at).is_some_and(|line| !line.trim().is_empty()))?;
    }
    let shown = recognise(bare(at)?)?;
    if shown.is_common || at >= stop {
        return None;
    }
    let last = (at..stop).take_while(|at| bare(*at).is_some()).last()?;
    let last =
        (at..=last).rev().find(|at| bare(*at).is_some_and(|line| !line.trim().is_empty()))?;
    Some((at, last))
}

/// A comment's text, as an output has it.
pub(super) fn uncommented(line: &str) -> Option<&str> {
    let text = line.trim_start().strip_prefix('#')?;
    if text.starts_with('#') {
        return None;
    }
    Some(text.strip_prefix(' ').unwrap_or(text))
}

/// The parts of what commands printed one after the other, as first and
/// last lines: a line each that tells what became of an object or is a JSON object, or as many
/// parts that begin alike (`NAME …`), or a line each of commands that
/// are alike, or a paragraph each of more than two. None where the lines do not tell.
pub(super) fn share(
    texts: &[&str],
    (start, end): (usize, usize),
    commands: &[&str],
) -> Option<Vec<(usize, usize)>> {
    let count = commands.len();
    if count < 2 {
        return None;
    }
    let full: Vec<usize> = (start..=end).filter(|at| !texts[*at].trim().is_empty()).collect();
    let tells = |at: &usize| recognise(texts[*at]).is_some_and(|found| found.name == OBJECT);
    let is_object = |at: &usize| {
        let line = texts[*at].trim();
        line.starts_with('{') && line.ends_with('}') && line.len() > 2
    };
    // The same was asked of several objects.
    // A table's head and its only row are one output.
    let is_known = |at: &usize| recognise(texts[*at]).is_some_and(|found| !found.is_common);
    let alike =
        commands.windows(2).all(|two| are_alike(two[0], two[1])) && !full.iter().any(is_known);
    if full.len() == count && (alike || full.iter().all(tells) || full.iter().all(is_object)) {
        return Some(full.into_iter().map(|at| (at, at)).collect());
    }
    // A paragraph each; tables with their heads may be several of one command.
    let paragraphs = paragraphs(texts, start, end);
    if count > 2
        && paragraphs.len() == count
        && paragraphs.iter().any(|(at, _)| !texts[*at].starts_with("NAME"))
    {
        return Some(paragraphs);
    }
    let word = |at: usize| texts[at].split_whitespace().next();
    let first = word(start);
    let starts: Vec<usize> = full.iter().copied().filter(|at| word(*at) == first).collect();
    let alone = texts[start].split_whitespace().count() < 2;
    if alone || starts.len() != count {
        return None;
    }
    let stops = starts.iter().skip(1).copied().chain([end + 1]);
    starts.iter().zip(stops).map(|(start, stop)| trimmed(texts, *start, stop)).collect()
}

/// The runs of lines that are not blank, as first and last lines.
fn paragraphs(texts: &[&str], start: usize, end: usize) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    for at in (start..=end).filter(|at| !texts[*at].trim().is_empty()) {
        match found.last_mut() {
            Some((_, last)) if *last + 1 == at => *last = at,
            _ => found.push((at, at)),
        }
    }
    found
}

/// Whether two commands differ in no more than an object's name or two.
fn are_alike(one: &str, other: &str) -> bool {
    let words = |command: &str| command.split_whitespace().count();
    let differ = one.split_whitespace().zip(other.split_whitespace()).filter(|(a, b)| a != b);
    words(one) == words(other)
        && one.split_whitespace().next() == other.split_whitespace().next()
        && differ.count() <= 2
}

/// The first and the last line that is not blank.
pub(super) fn trimmed(texts: &[&str], first: usize, end: usize) -> Option<(usize, usize)> {
    let full = |index: &usize| !texts[*index].trim().is_empty();
    let start = (first..end).find(full)?;
    (start..end).rev().find(full).map(|last| (start, last))
}

/// A name that the author gives to the terminal of the next commands.
pub(super) fn is_terminals_name(line: &str) -> bool {
    let line = line.trim();
    line.ends_with(':') && line.split_whitespace().count() <= 3 && {
        let line = line.to_lowercase();
        ["terminal", "shell", "window", "tab", "console"].iter().any(|word| line.starts_with(word))
    }
}
