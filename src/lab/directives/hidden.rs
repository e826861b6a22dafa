//! Commands that stand in a comment: they are run, and the page does not show
//! them.

use super::comment::Source;
use crate::document::Document;
use crate::lab::continuations::take;
use crate::lab::flags::{Particulars, particulars};
use crate::lab::words::Script;
use crate::lab::{Command, Diagnostic, Step, opens_a_shell, remarks};

/// Commands of a page that its readers do not see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hidden {
    /// When they are run.
    pub purpose: Purpose,
    /// The first line of the comment, counted from 1.
    pub first_line: usize,
    /// The last line of the comment.
    pub last_line: usize,
    /// The commands, in order. There is at least one.
    pub commands: Vec<Command>,
}

impl Hidden {
    /// The commands as steps that show no output and stand in no fence.
    pub(crate) fn steps(&self) -> Vec<Step> {
        let step = |command: &Command| {
            let script = Script::new(&command.text);
            let Particulars { flags, needs, .. } =
                particulars(&script, &command.text, false, false);
            Step { command: command.clone(), flags, needs, ..Step::default() }
        };
        self.commands.iter().map(step).collect()
    }

    /// What is certain about the commands from their text alone.
    pub(super) fn remarks(&self, document: &Document) -> Vec<Diagnostic> {
        let of = |command: &Command| {
            let found = particulars(&Script::new(&command.text), &command.text, false, false);
            let lines =
                document.line(command.first_line).start..document.line(command.last_line).end;
            let opens = opens_a_shell(&command.text).then(|| remarks::opens_a_shell(lines.clone()));
            let mut said = remarks::command(&lines, &found);
            said.extend(opens);
            said
        };
        self.commands.iter().flat_map(of).collect()
    }
}

/// What hidden commands are for, which decides when they are run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// They make what the page takes for granted: before its first step.
    Setup,
    /// They take away what the page leaves: at the end, always.
    Cleanup,
    /// They say whether the lab has reached its aim: after its last step.
    Verify,
}

impl Purpose {
    /// Each of them.
    pub(super) const ALL: [Self; 3] = [Self::Setup, Self::Cleanup, Self::Verify];

    /// The word after `labbook:`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Setup => "setup",
            Self::Cleanup => "cleanup",
            Self::Verify => "verify",
        }
    }

    /// The purpose of that name.
    pub(super) fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.name() == word)
    }
}

/// Reads the commands of a comment from byte `at` of its text.
pub(super) fn hidden(
    source: &Source<'_>,
    purpose: Purpose,
    at: usize,
) -> Result<Hidden, Vec<Diagnostic>> {
    let text = &source.text[at..];
    let lines: Vec<&str> = text.split('\n').collect();
    let begins: Vec<usize> = lines
        .iter()
        .scan(at, |next, line| {
            let begin = *next;
            *next += line.len() + 1;
            Some(begin)
        })
        .collect();
    let mut commands = Vec::new();
    let mut faults = Vec::new();
    let mut index = 0;
    while index < lines.len() {
        let first = lines[index].trim_start();
        let begin = begins[index] + lines[index].len() - first.len();
        if first.is_empty() || first.starts_with('#') {
            index += 1;
            continue;
        }
        let taken = take(first, &lines[index + 1..], |line, _| Some(line));
        let last = index + taken.lines - 1;
        let written = &source.text[begin..begins[last] + lines[last].len()];
        let place = || source.place(&(begin..begin + written.trim_end().len()));
        if let Some(broken) = &taken.broken {
            faults.push(
                Diagnostic::error("unfinished-command", place(), broken.message())
                    .help("write the whole command before the comment's `-->`"),
            );
        } else if first.starts_with("$ ") {
            faults.push(
                Diagnostic::error("hidden-prompt", place(), "a hidden command has no prompt")
                    .help("write the command alone"),
            );
        } else {
            commands.push(Command {
                first_line: source.line_of(begin),
                last_line: source.line_of(begins[last]),
                text: taken.text.trim_end().to_owned(),
            });
        }
        index = last + 1;
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    if commands.is_empty() {
        return Err(vec![super::empty(source, "no command")]);
    }
    let (first_line, last_line) = source.lines();
    Ok(Hidden { purpose, first_line, last_line, commands })
}
