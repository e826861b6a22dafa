//! What the shell knows of the command before, for the next: its exit code, its last
//! argument, and what the parts of its pipeline ended with.
//!
//! Words of the agent run between two commands of a page, and would take their place.

use super::dialect::Dialect;
use crate::plan::Interpreter;

/// What a shell knows of its last command.
#[derive(Default)]
pub(super) struct Before {
    /// `$?`.
    pub(super) status: i32,
    /// The page asks for more than that.
    is_asked: bool,
    /// What the parts of its pipeline ended with, where they were more than one.
    parts: Vec<i32>,
}

impl Before {
    pub(super) fn new(is_asked: bool) -> Self {
        Self { is_asked, ..Self::default() }
    }

    /// Of a shell that has run nothing.
    pub(super) fn forget(&mut self) {
        *self = Self::new(self.is_asked);
    }

    /// Takes note of what a pipeline's parts ended with, as the shell tells it.
    pub(super) fn hear<'a>(&mut self, words: impl Iterator<Item = &'a str>) {
        self.parts = words.map_while(|word| word.parse().ok()).collect();
        if self.parts.len() < 2 {
            self.parts.clear();
        }
    }

    /// What a command ends with so that the shell keeps what it left. An escaped line end
    /// at its end is its own.
    pub(super) fn tail(&self, dialect: &Dialect) -> String {
        if self.is_asked { format!("\n\n{}", dialect.keep) } else { String::new() }
    }

    /// Has a command that ended by itself be told from one whose tail was not reached.
    pub(super) fn clear(&self) -> &'static str {
        if self.is_asked { "__labbook_status= __labbook_parts=\n" } else { "" }
    }

    /// The command's exit code when it has ended.
    pub(super) fn exit_code(&self) -> &'static str {
        if self.is_asked { "${__labbook_status:-$?}" } else { "$?" }
    }

    /// What follows the exit code, as a word: none, or what the parts ended with.
    pub(super) fn told_parts(&self) -> &'static str {
        if self.is_asked { " \"$__labbook_parts\"" } else { "" }
    }

    /// Gives the shell what it knew of the command before, and then this command, whose
    /// text it has: `eval` and its redirections.
    pub(super) fn restored(&self, dialect: &Dialect, eval: &str) -> String {
        // zsh takes the last argument from what it evaluates.
        let last = if self.is_asked && dialect.interpreter != Interpreter::Zsh {
            format!("{} : \"${{__labbook_last-}}\"\n", dialect.builtin)
        } else {
            String::new()
        };
        if self.parts.is_empty() {
            return format!("{last}{}{eval}", self.failed());
        }
        let parts: Vec<String> = self.parts.iter().map(|part| format!("(exit {part})")).collect();
        // Whether the pipeline failed is up to `pipefail`.
        format!("{last}if {}; then {eval}; else {eval}; fi", parts.join(" | "))
    }

    /// `$?` of the command before, for the one that follows; not subject to `set -e` on
    /// this side of the `||`.
    pub(super) fn failed(&self) -> String {
        match self.status {
            0 => String::new(),
            status => format!("(exit {status}) || "),
        }
    }

    /// The text that is evaluated.
    pub(super) fn text(&self, text: &str, dialect: &Dialect) -> String {
        // There, what tells of the last argument is a pipeline of its own.
        let asks_of_parts = !self.parts.is_empty() && text.contains("pipestatus");
        let takes = self.is_asked && dialect.interpreter == Interpreter::Zsh;
        let begin = if takes && !asks_of_parts {
            format!("() {{ return {} }} \"$__labbook_last\"; ", self.status)
        } else {
            String::new()
        };
        format!("{begin}{text}{}", self.tail(dialect))
    }
}
