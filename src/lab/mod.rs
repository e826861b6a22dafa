//! The lab on a page: its steps, each a command and what it printed.
//!
//! [`read`] turns a [`Document`](crate::document::Document) into a [`Lab`] and a list of
//! diagnostics, and never fails. This module never reads the network, the clock or a file.
//!
//! Its parts, in the order in which a page goes through them:
//!
//! - `directives`: what comments of the page say. They are read first, as they overrule
//!   how a fence is read (`reader/directed`), and settled on the steps at the end.
//! - `languages`: what a fence may be by its language.
//! - `prompts`: the shapes of prompts; `dialect`: which of them are the page's own, and
//!   which program is open; `inner`: which command opens one.
//! - `reader`: what each fence is, and why.
//! - `session`: what is typed and what is printed in a fence; `listing`: a fence of commands
//!   alone; with `continuations` and `powershell` for commands of several lines,
//!   `programs`, `known`, `prose` and `notes` for what is surely a command, and `variables` for
//!   whether a value is used. `line` and `typed` are what they read and give.
//! - `words`, `lexer` and `blocks`: enough of the shell's grammar for all of these;
//!   `wrappers`: programs that run another.
//! - `pairing` and `captions`: what stands between a command and its output, or before a
//!   file; `recognisers`: what programs are known to print; `printing`: which commands may
//!   print what looks like commands, `commented` the same of those in comments, `edited`
//!   what is written in an editor; `parts` and `shares`: which lines of an output are
//!   whose; `elisions`: what an author left out of them.
//! - `flags`: what is particular about a command, and which programs it needs;
//!   `placeholders`: what in it is to be filled in.
//! - `patterns`: how regular expressions are made here.
//! - `remarks`: the words of the reader's `diagnostics`.

mod blocks;
mod captions;
mod commented;
mod continuations;
mod diagnostics;
mod dialect;
pub mod directives;
mod edited;
mod elisions;
mod flags;
mod inner;
mod known;
mod languages;
mod lexer;
mod line;
mod listing;
mod notes;
mod pairing;
mod parts;
mod patterns;
mod placeholders;
mod powershell;
mod printing;
mod programs;
mod prompts;
mod prose;
mod reader;
mod recognisers;
mod remarks;
mod session;
mod shares;
#[cfg(test)]
mod tests;
mod typed;
mod variables;
pub(crate) mod words;
mod wrappers;

pub(crate) use blocks::Simple;
pub use diagnostics::{Diagnostic, Severity};
pub(crate) use elisions::{is_cut, is_elision};
pub(crate) use inner::{DOCKER, DOCKER_LONG, ends_a_shell, opens_a_shell};
pub(crate) use known::is_listed;
pub use reader::read;
pub(crate) use wrappers::{ends_valued, without_wrappers};

/// A page read as a lab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lab {
    /// The steps, in the order of the page.
    pub steps: Vec<Step>,
    /// What each fence of the page was taken for, in the order of the page.
    pub fences: Vec<FenceReading>,
    /// What comments of the page tell labbook.
    pub directives: directives::Directives,
}

/// One command and what the page says it printed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Step {
    /// The command as the page gives it.
    pub command: Command,
    /// What the page shows that the command printed, in the order of the page.
    /// Empty where the page shows nothing.
    pub outputs: Vec<RecordedOutput>,
    /// The index into [`Lab::fences`] of the fence that holds the command.
    pub fence: usize,
    /// What is particular about the command.
    pub flags: Flags,
    /// The program in which it is typed, where a command of the page opened one and the
    /// steps since were typed in it.
    pub inside: Option<Opened>,
    /// Whether the step after it is typed in the program that it opens.
    pub opens: bool,
    /// The programs that the command calls, each once, in the order of the
    /// command; those of its here-documents and scripts are not looked for.
    pub needs: Vec<String>,
}

/// A program that reads what is typed next, by the command that opened it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opened {
    /// The index into [`Lab::steps`] of the command.
    pub step: usize,
    /// The command's line on the page, counted from 1.
    pub line: usize,
}

/// What is particular about a command, so that it cannot be run like others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "any of them may hold together")]
pub struct Flags {
    /// It is typed inside another program: a pod's shell, a database's prompt.
    pub nested: bool,
    /// It does not return by itself: a watch, a port forward, a followed log.
    pub blocking: bool,
    /// It needs a person: an editor, a shell without a command, a login.
    pub interactive: bool,
    /// It holds something to be replaced first, such as `<name>`.
    pub placeholder: bool,
    /// It is a command of PowerShell or cmd.exe.
    pub powershell: bool,
}

/// The lines of a command, and the text that a shell is given for them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Command {
    /// The first physical line, counted from 1.
    pub first_line: usize,
    /// The last physical line, counted from 1; continuation lines included.
    pub last_line: usize,
    /// The text for the shell: without prompts, lines joined by `\n`.
    pub text: String,
}

/// A run of lines of the page that a command printed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecordedOutput {
    /// The first physical line, counted from 1. Blank lines at either end of
    /// the fence are left out.
    pub first_line: usize,
    /// The last physical line, counted from 1.
    pub last_line: usize,
    /// The lines' text without the prefix of their container (list, quote),
    /// joined by `\n`, with no final line end; bytes that are no UTF-8 are
    /// replaced by U+FFFD.
    pub text: String,
    /// What stands before each line where the output is written as comments:
    /// `# `; empty elsewhere. `text` is without it.
    pub prefix: String,
    /// The lines of `text` that stand for others that the author left out
    /// (`...`, `<output omitted>`), counted from 1 on the page.
    pub elisions: Vec<usize>,
    /// The lines of `text` of which the author, or the program, cut a part off
    /// (`MESS...` in a table, `[...]`), counted from 1 on the page.
    pub cut: Vec<usize>,
}

/// What a fence was taken for, and why: `labbook check --explain` shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FenceReading {
    /// The line of the opening fence, counted from 1.
    pub open: usize,
    /// The line of the closing fence, or of the fence's last line where it is
    /// never closed.
    pub close: usize,
    /// What the fence holds.
    pub role: Role,
    /// The rule that decided it, as a clause a reader understands.
    pub why: String,
}

/// What a fence holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Only commands.
    Command,
    /// Commands and what they printed.
    Session,
    /// Only what a command printed.
    Output,
    /// The content of a file.
    File,
    /// Nothing that labbook runs or compares.
    Other,
}
