//! Which lines of a fence show what a command printed: the parts of a session
//! that are neither typed nor an author's own words.

use super::captions::announces_output;
use super::recognisers::{VALUE, recognise};
use super::shares::is_surely_printed;
use super::typed::Typed;

/// The comments after a command that show what it printed: `# pod/a created`.
/// The first of them must be known as what programs print, or this one, or be a
/// value alone.
pub(super) fn commented_output(
    texts: &[&str],
    (start, stop): (usize, usize),
    typed: &Typed,
) -> Option<(usize, usize)> {
    let mut at = (start..stop).find(|at| !texts[*at].trim().is_empty())?;
    let bare = |at: usize| texts.get(at).and_then(|line| uncommented(line));
    let announced = announces_output(bare(at)?.trim());
    if announced {
        at = (at + 1..stop).find(|at| bare(*at).is_some_and(|line| !line.trim().is_empty()))?;
    }
    // A value alone, right after the command: `# 3`.
    let ends = at + 1 >= stop || texts[at + 1].trim().is_empty();
    let is_output = recognise(bare(at)?)
        .is_some_and(|shown| !shown.is_common || shown.name == VALUE && at == start && ends);
    let is_output = is_output || announced || at == start && is_surely_printed(typed, bare(at)?);
    if !is_output || at >= stop {
        return None;
    }
    let is_shown = |at: &usize| bare(*at).is_some_and(|line| !announces_output(line.trim()));
    let last = (at..stop).take_while(is_shown).last()?;
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
