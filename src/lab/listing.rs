//! Fences without prompts that hold commands only.

use super::Command;
use super::blocks::assigned_name;
use super::continuations::{goes_on_with_flags, take_meant};
use super::parts::commented_output;
use super::powershell;
use super::printing::{Printing, printing};
use super::programs::{is_likely_a_command, is_surely_a_command};
use super::recognisers::recognise;
use super::session::{Line, Session, Typed, is_comment, is_path_alone, lists_files};
use super::variables::Variables;
use super::words::Script;

/// How far a fence is trusted to hold commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trust {
    /// Each line must surely be a command.
    Sure,
    /// A shell's fence: what may be a command of any program is one.
    Shell,
    /// A fence of PowerShell or cmd.exe.
    Windows,
}

/// Reads a fence without prompts, if each of its lines is part of a command.
/// Otherwise gives the number of the first line that is not, or nothing where the
/// fence is a script.
pub(super) fn read_listing(lines: &[Line], trust: Trust) -> Result<Session, Option<usize>> {
    let texts: Vec<&str> = lines.iter().map(|(_, text)| text.as_str()).collect();
    if texts.iter().find(|line| !line.trim().is_empty()).is_some_and(|line| is_scripts(line)) {
        return Err(None);
    }
    let has_functions = texts.iter().any(|line| line.contains("()"));
    let mut session = Session::default();
    let mut ends = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        if texts[at].trim().is_empty() || is_comment(texts[at]) {
            at += 1;
            continue;
        }
        let windows = trust == Trust::Windows;
        let (first, rest) = (texts[at].trim_start(), &texts[at + 1..]);
        let taken = if windows {
            powershell::take(first, rest, |_| false)
        } else {
            take_meant(first, rest, |line, _| Some(line))
        };
        let text = taken.text.trim_end();
        let before = session.typed.last();
        let listed = before.is_some_and(|typed| {
            is_path_alone(text) && lists_files(&typed.command.text)
                || prints_commands(&typed.command.text)
        });
        let cut = texts.get(at + taken.lines).is_some_and(|line| goes_on_with_flags(line));
        if listed || cut {
            return Err(Some(lines[at].0));
        }
        let elsewhere = windows.then(|| powershell::as_elsewhere(text));
        let shown = elsewhere.as_deref().unwrap_or(text);
        let is_command = is_surely_a_command(shown)
            || trust != Trust::Sure && is_likely_a_command(shown) && recognise(shown).is_none()
            || windows && powershell::is_powershell(text);
        if taken.broken.is_some() || !is_command {
            return Err(Some(lines[at].0));
        }
        if !has_functions && takes_parameters(text) {
            return Err(None);
        }
        let (first_line, last_line) = (lines[at].0, lines[at + taken.lines - 1].0);
        let command = Command { first_line, last_line, text: text.to_owned() };
        session.typed.push(Typed { command, output: None, nested: false, windows: false });
        ends.push((at, at + taken.lines));
        at += taken.lines;
    }
    for (index, typed) in session.typed.iter_mut().enumerate() {
        let stop = ends.get(index + 1).map_or(texts.len(), |(start, _)| *start);
        typed.output = commented_output(&texts, ends[index].1, stop);
    }
    Ok(session)
}

/// The line of the first `NAME=value` that nothing after it on the page uses: it
/// may be the content of a file, or the output of `env`. So may `export NAME=value`
/// be, where the command before it shows a text.
pub(super) fn unused_variable(typed: &[Typed], variables: &Variables<'_>) -> Option<usize> {
    let unused = |text: &str, line: usize| {
        let script = Script::new(text);
        script.commands().into_iter().filter(|simple| simple.words.is_empty()).any(|simple| {
            let literal =
                simple.assignments.into_iter().filter(|word| !word.expands && !word.substitutes);
            literal
                .filter_map(|word| assigned_name(&word.text))
                .any(|name| !variables.is_used_after(name, line - 1))
        })
    };
    let mut before: Option<&Typed> = None;
    for typed in typed {
        let Command { first_line, text, .. } = &typed.command;
        let shown = before.replace(typed).is_some_and(|before| {
            before.command.last_line + 1 == *first_line
                && printing(&before.command.text) == Printing::Text
        });
        let exported = text.strip_prefix("export ").filter(|_| shown);
        let assignment = exported.unwrap_or(text);
        if assigned_name(assignment).is_some() && unused(assignment, *first_line) {
            return Some(*first_line);
        }
    }
    None
}

/// Whether a fence's first line is that of a script's file.
fn is_scripts(line: &str) -> bool {
    line.starts_with("#!") || line.trim_start().starts_with("set -e")
}

/// Whether a command reads the parameters of the script that it stands in.
fn takes_parameters(text: &str) -> bool {
    const PARAMETERS: [&str; 6] = ["$1", "${1", "$@", "$#", "${@", "$*"];
    Script::new(text).words().any(|word| {
        word.expands && PARAMETERS.iter().any(|parameter| word.text.contains(parameter))
    })
}

/// Whether a command prints commands that are to be typed next.
pub(super) fn prints_commands(text: &str) -> bool {
    const SIGNS: [&str; 6] = [
        "docker-env",
        "podman-env",
        "print-join-command",
        "shellenv",
        "ssh-agent -s",
        "docker-machine env",
    ];
    let taken =
        ["$", "`", ">", "eval", "Invoke-Expression", "iex"].iter().any(|mark| text.contains(mark));
    !taken && SIGNS.iter().any(|sign| text.contains(sign))
}
