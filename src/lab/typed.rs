//! What reading a fence gives: the commands that are typed in it, and where it
//! shows what they printed.

use std::cell::OnceCell;

use super::Command;
use super::continuations::Broken;
use super::inner::opens;
use super::printing::{Printing, printing};
use super::shares::{Expected, expected};
use super::words::Script;

/// A command and the lines of the same fence that show what it printed.
#[derive(Debug, Clone)]
pub(super) struct Typed {
    pub(super) command: Command,
    /// The command, taken apart.
    pub(super) script: Script,
    /// The first and the last line of its output, as indices into the fence's
    /// lines.
    pub(super) output: Option<(usize, usize)>,
    /// It is typed inside another program.
    pub(super) nested: bool,
    /// It is typed at PowerShell's or cmd.exe's prompt.
    pub(super) windows: bool,
    prints: OnceCell<Printing>,
    expected: OnceCell<Expected>,
}

impl Typed {
    pub(super) fn new(command: Command, script: Script) -> Self {
        Self {
            command,
            script,
            output: None,
            nested: false,
            windows: false,
            prints: OnceCell::new(),
            expected: OnceCell::new(),
        }
    }

    /// The same, typed in such a place.
    pub(super) fn at(self, nested: bool, windows: bool) -> Self {
        Self { nested, windows, ..self }
    }

    /// What it may print.
    pub(super) fn prints(&self) -> Printing {
        *self.prints.get_or_init(|| printing(&self.script, &self.command.text))
    }

    /// What is known of its output.
    pub(super) fn expected(&self) -> Expected {
        *self.expected.get_or_init(|| expected(&self.script, &self.command.text))
    }

    /// Whether it calls a program.
    pub(super) fn needs(&self, program: &str) -> bool {
        self.script.commands().iter().any(|simple| simple.program() == Some(program))
    }

    /// Whether it opens a program that reads what is typed next.
    pub(super) fn opens_a_shell(&self) -> bool {
        opens(&self.script.commands())
    }
}

/// A fence read.
#[derive(Debug, Clone, Default)]
pub(super) struct Session {
    /// The commands in order.
    pub(super) typed: Vec<Typed>,
    /// Lines that look like commands and are not run, each with the reason.
    pub(super) doubts: Vec<(usize, Doubt)>,
    /// The lines before the first command, as indices: the first and the last
    /// that are no blanks or comments.
    pub(super) leading: Option<(usize, usize)>,
}

/// Why a line is not run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Doubt {
    /// It is no whole command.
    Broken(Broken),
    /// The prompt may be none, and the line begins with no known program.
    Unsure,
    /// It is a comment that would be a command if root's prompt stood there, as in
    /// the other lines of the fence.
    RootsMark,
}
