//! What is typed and what is printed in a fence: after prompts, or in a fence
//! that is all commands.

use super::Command;
use super::blocks::assigned_name;
use super::continuations::{Broken, take};
use super::programs::is_surely_a_command;
use super::prompts::{Kind, Prompt, announces_echo, prompt, second};
use super::words::{Open, Script};

/// A line of a fence: its number on the page and its text.
pub(super) type Line = (usize, String);

/// A command and the lines of the same fence that show what it printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Typed {
    pub(super) command: Command,
    /// The first and the last of them, as indices into the fence's lines.
    pub(super) output: Option<(usize, usize)>,
}

/// A fence read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Session {
    /// The commands in order.
    pub(super) typed: Vec<Typed>,
    /// Lines that look like commands and are not run, each with the reason.
    pub(super) doubts: Vec<(usize, Doubt)>,
}

/// Why a line after a prompt is not run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Doubt {
    /// It is no whole command.
    Broken(Broken),
    /// The prompt may be none, and the line begins with no known program.
    Unsure,
}

/// The prompt of the first line that is neither blank nor a comment.
pub(super) fn first_prompt(lines: &[Line]) -> Option<(Prompt, &str)> {
    let (_, line) = lines.iter().find(|(_, line)| !line.trim().is_empty() && !is_comment(line))?;
    prompt(line)
        .map(|prompt| (line[prompt.length..].trim_end(), prompt))
        .map(|(rest, prompt)| (prompt, rest))
}

/// Whether a line is a comment or, where root's prompt is in use, a command.
pub(super) fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with('#')
}

/// Reads a fence whose commands stand after a prompt like `first`.
pub(super) fn read_prompted(lines: &[Line], first: &Prompt) -> Session {
    let texts: Vec<&str> = lines.iter().map(|(_, text)| text.as_str()).collect();
    let mut session = Session::default();
    let mut at = 0;
    while at < lines.len() {
        let Some(rest) = typed(texts[at], first).filter(|_| !is_echo(&texts[..at])) else {
            at += 1;
            continue;
        };
        let number = lines[at].0;
        if rest.is_empty() || is_comment(rest) {
            at += 1;
            continue;
        }
        let taken = take(rest, &texts[at + 1..], |line, open| continued(line, open, first));
        let end = at + taken.lines;
        if let Some(broken) = taken.broken {
            // What it may have swallowed is no surer than it is.
            session.doubts.push((number, Doubt::Broken(broken)));
            at = end;
        } else if !first.kind.introduces(&taken.text) {
            session.doubts.push((number, Doubt::Unsure));
            at += 1;
        } else {
            let last_line = lines[end - 1].0;
            let command =
                Command { first_line: number, last_line, text: taken.text.trim_end().to_owned() };
            session.typed.push(Typed { command, output: output(&texts, end, first) });
            at = end;
        }
    }
    session
}

/// Reads a fence without prompts, if each of its lines is surely part of a
/// command. Otherwise gives the number of the first line that is not.
pub(super) fn read_listing(lines: &[Line]) -> Result<Session, Option<usize>> {
    let texts: Vec<&str> = lines.iter().map(|(_, text)| text.as_str()).collect();
    if texts.first().is_some_and(|line| line.starts_with("#!")) {
        return Err(None);
    }
    let mut session = Session::default();
    let mut at = 0;
    while at < lines.len() {
        if texts[at].trim().is_empty() || is_comment(texts[at]) {
            at += 1;
            continue;
        }
        let taken = take(texts[at].trim_start(), &texts[at + 1..], |line, _| Some(line));
        if taken.broken.is_some() || !is_surely_a_command(&taken.text) {
            return Err(Some(lines[at].0));
        }
        let (first_line, last_line) = (lines[at].0, lines[at + taken.lines - 1].0);
        let command = Command { first_line, last_line, text: taken.text.trim_end().to_owned() };
        session.typed.push(Typed { command, output: None });
        at += taken.lines;
    }
    if let Some(number) = unused_variable(&session.typed) {
        return Err(Some(number));
    }
    Ok(session)
}

/// The line of the first `NAME=value` that nothing after it in the fence uses:
/// it may be the content of a file, or the output of `env`.
fn unused_variable(typed: &[Typed]) -> Option<usize> {
    let unused = |index: usize| {
        let script = Script::new(&typed[index].command.text);
        let after = &typed[index + 1..];
        let literal =
            script.commands().into_iter().filter(|simple| simple.words.is_empty()).any(|simple| {
                let words = simple
                    .assignments
                    .into_iter()
                    .filter(|word| !word.expands && !word.substitutes);
                words
                    .into_iter()
                    .filter_map(|word| assigned_name(&word.text))
                    .any(|name| !is_used(name, after))
            });
        literal.then(|| typed[index].command.first_line)
    };
    (0..typed.len()).find_map(unused)
}

fn is_used(name: &str, commands: &[Typed]) -> bool {
    let used = [format!("${name}"), format!("${{{name}")];
    commands.iter().any(|typed| used.iter().any(|used| typed.command.text.contains(used)))
}

/// The first and the last line that is not blank.
pub(super) fn trimmed(texts: &[&str], first: usize, end: usize) -> Option<(usize, usize)> {
    let full = |index: &usize| !texts[*index].trim().is_empty();
    let start = (first..end).find(full)?;
    (start..end).rev().find(full).map(|last| (start, last))
}

/// What is typed on a line that begins with the fence's prompt.
fn typed<'a>(line: &'a str, first: &Prompt) -> Option<&'a str> {
    let prompt = prompt(line)?;
    (prompt.kind == first.kind && prompt.indent == first.indent).then(|| &line[prompt.length..])
}

/// Whether the lines before say that the next one is a program's echo.
fn is_echo(before: &[&str]) -> bool {
    before.last().is_some_and(|line| announces_echo(line))
}

/// The text of a line as the continuation of a command.
fn continued<'a>(line: &'a str, open: &Open, first: &Prompt) -> Option<&'a str> {
    let interrupts = if first.kind == Kind::Greater {
        // Where `> ` is both prompts, an open quote would take the next command.
        matches!(open, Open::Quote(_))
    } else {
        !matches!(open, Open::Heredoc(_))
    };
    if interrupts && typed(line, first).is_some() {
        return None;
    }
    let blanks = line.len() - line.trim_start_matches([' ', '\t']).len();
    Some(second(line, first.indent).unwrap_or(&line[blanks.min(first.indent)..]))
}

/// The output that begins at `start`, up to the next prompt. Comments that
/// introduce the next command are no part of it.
fn output(texts: &[&str], start: usize, first: &Prompt) -> Option<(usize, usize)> {
    let next = (start..texts.len()).find(|&at| is_prompt_line(texts, at, first));
    let (begin, mut last) = trimmed(texts, start, next.unwrap_or(texts.len()))?;
    if next.is_some() && first.kind != Kind::Hash {
        let comments = (begin..=last).rev().take_while(|&at| is_comment(texts[at])).count();
        let before = last + 1 - comments;
        if before == begin || texts[before - 1].trim().is_empty() {
            return trimmed(texts, start, before);
        }
        last = last.max(begin);
    }
    Some((begin, last))
}

fn is_prompt_line(texts: &[&str], at: usize, first: &Prompt) -> bool {
    let Some(rest) = typed(texts[at], first) else {
        return false;
    };
    // A comment that is typed ends the output too.
    !is_echo(&texts[..at])
        && (rest.is_empty() || !first.kind.is_common() || first.kind.begins(rest))
}
