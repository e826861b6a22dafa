//! What is typed and what is printed in a fence, line by line.
//!
//! A fence whose commands stand after prompts is read by its prompts; one without
//! any by what is surely a command. Both may open another program, whose own
//! prompts are then read as such.

mod ahead;

use std::cell::OnceCell;
use std::cmp::Ordering;

use super::Command;
use super::continuations::{Broken, Taken, goes_on_with_flags, take_meant};
use super::dialect::Dialect;
use super::inner::{ends_a_shell, is_of_the_outer_machine, opens_a_shell};
use super::known::is_listed;
use super::languages::Class;
use super::parts::{commented_output, is_terminals_name, share, trimmed};
use super::powershell;
use super::programs::{begins_surely, is_surely_a_command};
use super::prompts::{Kind, Prompt, is_above_prompt, prompt, second};
use super::prose::has_extension;
use super::recognisers::recognise;
use super::variables::Variables;
use super::words::{Open, Script};

pub(super) use ahead::{is_path_alone, lists_files};

/// A line of a fence: its number on the page and its text.
pub(super) type Line = (usize, String);

/// A command and the lines of the same fence that show what it printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Typed {
    pub(super) command: Command,
    /// The first and the last of them, as indices into the fence's lines.
    pub(super) output: Option<(usize, usize)>,
    /// It is typed inside another program.
    pub(super) nested: bool,
    /// It is typed at PowerShell's or cmd.exe's prompt.
    pub(super) windows: bool,
}

/// A fence read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
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
}

/// Whether a line is a comment or, where root's prompt is in use, a command.
pub(super) fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with('#')
}

/// The prompt of the first line that is neither blank nor a comment.
pub(super) fn first_prompt(lines: &[Line]) -> Option<(Prompt, &str)> {
    let (_, line) = lines.iter().find(|(_, line)| !line.trim().is_empty() && !is_comment(line))?;
    prompt(line)
        .map(|prompt| (line[prompt.length..].trim_end(), prompt))
        .map(|(rest, prompt)| (prompt, rest))
}

/// Reads a fence whose commands stand after a prompt like `first`.
pub(super) fn read_prompted(
    lines: &[Line],
    first: &Prompt,
    dialect: &mut Dialect,
    variables: &Variables<'_>,
) -> Session {
    Reading::new(lines, Some(first), dialect, variables).read()
}

/// Reads a fence without a prompt that begins with what is surely a command: the
/// lines that surely are commands, and between them what they printed.
pub(super) fn read_unprompted(
    lines: &[Line],
    class: Class,
    dialect: &mut Dialect,
    variables: &Variables<'_>,
) -> Session {
    let mut reading = Reading::new(lines, None, dialect, variables);
    reading.windows = class == Class::Windows;
    reading.read()
}

/// Whether a line of a fence is surely a command, or the first line of one.
pub(super) fn begins_a_command(line: &str, windows: bool) -> bool {
    if !windows {
        return begins_surely(line);
    }
    powershell::is_powershell(line) || begins_surely(&powershell::as_elsewhere(line))
}

/// Whether a command without a prompt is typed inside the program that is open.
/// What is only typed outside shows that it was left.
pub(super) fn stands_inside(text: &str, dialect: &mut Dialect) -> bool {
    if dialect.is_inside() && is_of_the_outer_machine(&Script::new(text)) {
        dialect.leave_all();
    }
    dialect.is_inside()
}

/// Whether a command prints nothing where all goes well.
fn is_silent(text: &str) -> bool {
    const SILENT: &str =
        "cd export mkdir touch cp mv rm rmdir ln chmod chown unset alias unalias source . set";
    let script = Script::new(text);
    let commands = script.commands();
    !commands.is_empty()
        && commands.iter().all(|simple| {
            simple.program().is_none_or(|name| is_listed(SILENT, name))
                && !(simple.words.len() == 1
                    && simple
                        .program()
                        .is_some_and(|name| matches!(name, "export" | "alias" | "set")))
        })
}

/// The columns of the longest lines, and how many there are.
fn widest(texts: &[&str]) -> (usize, usize) {
    texts.iter().fold((0, 0), |(longest, lines), text| {
        let width = text.chars().count();
        match width.cmp(&longest) {
            Ordering::Greater => (width, 1),
            Ordering::Equal => (longest, lines + 1),
            Ordering::Less => (longest, lines),
        }
    })
}

/// The narrowest terminal, in columns.
const NARROWEST: usize = 60;

/// The state of reading one fence.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact about the last command")]
struct Reading<'l, 'd> {
    lines: &'l [Line],
    variables: &'d Variables<'d>,
    texts: Vec<&'l str>,
    /// The prompt of the fence; none where it has none.
    first: Option<Prompt>,
    dialect: &'d mut Dialect,
    /// The columns of blanks before commands.
    indent: usize,
    /// What has no prompt is PowerShell's or cmd.exe's.
    windows: bool,
    session: Session,
    /// For each command the line after it, and the line that ends its output.
    ends: Vec<(usize, Option<usize>)>,
    /// The last command printed something already.
    printed: bool,
    /// The kind of prompt that the last command stands after.
    last: Option<Kind>,
    /// The last command opened a shell.
    opened: bool,
    /// What the last command printed holds notes on what to type next, or is a
    /// script.
    notes: bool,
    /// A program tells what it runs, each after `$ `, until it is done.
    echoing: bool,
    /// The columns of the longest lines, and how many there are.
    widest: OnceCell<(usize, usize)>,
}

impl<'l, 'd> Reading<'l, 'd> {
    fn new(
        lines: &'l [Line],
        first: Option<&Prompt>,
        dialect: &'d mut Dialect,
        variables: &'d Variables<'d>,
    ) -> Self {
        let texts: Vec<&str> = lines.iter().map(|(_, text)| text.as_str()).collect();
        let content = texts.iter().find(|line| !line.trim().is_empty() && !is_comment(line));
        let blanks = content.map_or(0, |line| line.len() - line.trim_start().len());
        Self {
            lines,
            variables,
            texts,
            indent: first.map_or(blanks, |first| first.indent),
            first: first.cloned(),
            windows: false,
            dialect,
            session: Session::default(),
            ends: Vec::new(),
            printed: false,
            last: None,
            opened: false,
            notes: false,
            echoing: false,
            widest: OnceCell::new(),
        }
    }

    fn read(mut self) -> Session {
        let mut at = 0;
        while at < self.lines.len() {
            at = self.line(at);
        }
        for index in 0..self.session.typed.len() {
            let (start, end) = self.ends[index];
            self.doubt_after_silence(start, end);
            self.session.typed[index].output = self.output(start, end);
        }
        self.share_outputs();
        self.session
    }

    /// Lines after a command that prints nothing are commands that no rule knows.
    fn doubt_after_silence(&mut self, start: usize, end: Option<usize>) {
        if self.first.is_some() || !self.is_silent(start) {
            return;
        }
        let stop = end.unwrap_or(self.texts.len());
        let unread = (start..stop)
            .find(|at| !self.texts[*at].trim().is_empty() && !is_comment(self.texts[*at]));
        if let Some(at) = unread {
            self.session.doubts.push((self.lines[at].0, Doubt::Unsure));
        }
    }

    /// Gives each of several commands that were typed at once what it printed.
    fn share_outputs(&mut self) {
        let mut group = 0;
        for last in 0..self.session.typed.len() {
            let Some((start, end)) = self.session.typed[last].output else {
                continue;
            };
            let commands = group..=last;
            group = last + 1;
            if let Some(parts) = share(&self.texts, (start, end), commands.clone().count()) {
                for (command, part) in commands.zip(parts) {
                    self.session.typed[command].output = Some(part);
                }
            }
        }
    }

    /// Reads what begins at a line; gives the line after it.
    fn line(&mut self, at: usize) -> usize {
        let text = self.texts[at];
        if text.trim().is_empty() {
            return at + 1;
        }
        if let Some(prompt) = self.accepted(at) {
            return self.prompted(at, &prompt);
        }
        if !is_comment(text) && self.is_typed_ahead(at) {
            return self.unprompted(at);
        }
        if text.trim_start().starts_with("NOTES:") || text.trim_start().starts_with("#!") {
            self.notes = true;
        }
        self.echoing = text.starts_with("yarn run v")
            || self.echoing && !text.starts_with("Done in") && !text.starts_with("error Command");
        if !is_comment(text) {
            self.printed = true;
            if self.session.typed.is_empty() {
                let (first, _) = self.session.leading.unwrap_or((at, at));
                self.session.leading = Some((first, at));
            }
        }
        at + 1
    }

    /// Reads a line after a prompt.
    fn prompted(&mut self, at: usize, prompt: &Prompt) -> usize {
        self.end_output(at);
        let rest = self.texts[at][prompt.length..].trim_end();
        let themed = matches!(prompt.kind, Kind::Theme(_) | Kind::Host(_) | Kind::Named(_));
        let rest = if themed { without_right_prompt(rest) } else { rest };
        // The key that interrupted the command stands at its end.
        let rest = rest.strip_suffix("^C").map_or(rest, str::trim_end);
        // A mark alone may be the inner shell's: what is typed after it tells.
        let outer = prompt.kind == Kind::Hash && is_of_the_outer_machine(&Script::new(rest));
        if self.dialect.returns(&prompt.kind) || outer {
            self.dialect.leave_all();
        }
        if rest.is_empty() || is_comment(rest) {
            return at + 1;
        }
        let nested = self.dialect.is_nested(&prompt.kind);
        if matches!(prompt.kind, Kind::Program(_)) {
            return self.statement(at, prompt, rest);
        }
        let windows = prompt.kind == Kind::Windows;
        let whole = self.unwrapped(at, rest);
        let taken = if let Some(text) = whole {
            Taken { text, lines: 2, broken: None }
        } else if windows {
            powershell::take(rest, &self.texts[at + 1..], |line| {
                super::prompts::prompt(line).is_some_and(|found| found.kind == Kind::Windows)
            })
        } else {
            // The lines of a here-document have the second prompt, or none has it.
            let marked = self.texts.get(at + 1).is_some_and(|line| {
                line.trim_start().starts_with('>') || line.contains("heredoc>")
            });
            take_meant(rest, &self.texts[at + 1..], |line, open| match open {
                Open::Heredoc(_) if !marked => Some(unindented(line, prompt.indent)),
                _ => continued(line, open, prompt),
            })
        };
        let end = at + taken.lines;
        let number = self.lines[at].0;
        // An open quote in a session is a typing error, and the line after it an
        // output; an open here-document swallows what follows.
        let cut = self.texts.get(end).is_some_and(|line| goes_on_with_flags(line));
        let broken = taken.broken.or_else(|| cut.then_some(Broken::Unjoined));
        if let Some(broken) = broken {
            self.session.doubts.push((number, Doubt::Broken(broken)));
            self.printed = false;
            return end;
        }
        if prompt.kind.is_common() && !nested && !is_surely_a_command(taken.text.trim_end()) {
            self.session.doubts.push((number, Doubt::Unsure));
            return end;
        }
        self.push(at, end, taken.text.trim_end(), nested, windows);
        self.last = Some(prompt.kind.clone());
        self.opened = opens_a_shell(&taken.text);
        if self.opened {
            self.dialect.enter(Some(prompt.kind.clone()));
        }
        end
    }

    /// Reads what is typed at a program's prompt: its own language, with its own
    /// second prompts.
    fn statement(&mut self, at: usize, prompt: &Prompt, rest: &str) -> usize {
        let mut end = at + 1;
        let mut text = rest.to_owned();
        while let Some(more) =
            self.texts.get(end).and_then(|line| statement_goes_on(line, prompt.indent))
        {
            text.push('\n');
            text.push_str(more);
            end += 1;
        }
        self.push(at, end, text.trim_end(), true, false);
        self.last = Some(prompt.kind.clone());
        end
    }

    /// Reads a command that has no prompt.
    fn unprompted(&mut self, at: usize) -> usize {
        let rest = self.texts[at].trim();
        let indent = self.indent;
        let taken = if self.windows {
            powershell::take(rest, &self.texts[at + 1..], |_| false)
        } else {
            take_meant(rest, &self.texts[at + 1..], |line, _| Some(unindented(line, indent)))
        };
        let end = at + taken.lines;
        if self.texts.get(end).is_some_and(|line| goes_on_with_flags(line)) {
            self.session.doubts.push((self.lines[at].0, Doubt::Broken(Broken::Unjoined)));
            self.printed = true;
            return end;
        }
        // What it may have swallowed is no surer than it is.
        if let Some(broken) = taken.broken {
            // An apostrophe alone takes no more than its line.
            let quote = matches!(broken, Broken::Unfinished(Open::Quote(_)));
            self.session.doubts.push((self.lines[at].0, Doubt::Broken(broken)));
            self.printed = true;
            return if quote { at + 1 } else { end };
        }
        if !self.windows && !is_surely_a_command(taken.text.trim_end()) {
            self.printed = true;
            return at + 1;
        }
        self.end_output(at);
        let nested = stands_inside(taken.text.trim_end(), self.dialect);
        self.push(at, end, taken.text.trim_end(), nested, false);
        if !self.windows && opens_a_shell(&taken.text) {
            self.dialect.enter(self.first.as_ref().map(|first| first.kind.clone()));
        }
        end
    }

    fn push(&mut self, at: usize, end: usize, text: &str, nested: bool, windows: bool) {
        let command = Command {
            first_line: self.lines[at].0,
            last_line: self.lines[end - 1].0,
            text: text.to_owned(),
        };
        if ends_a_shell(text) {
            self.dialect.leave();
        }
        self.session.typed.push(Typed { command, output: None, nested, windows });
        self.ends.push((end, None));
        self.printed = false;
        self.notes = false;
        self.echoing = false;
    }

    /// What is printed before this line is all that the last command printed.
    fn end_output(&mut self, at: usize) {
        if let Some((_, end)) = self.ends.last_mut() {
            end.get_or_insert(at);
        }
    }

    /// A command of two lines that the terminal broke in the middle of a file's
    /// name, where the first one was full.
    fn unwrapped(&self, at: usize, rest: &str) -> Option<String> {
        let fragment = self.texts.get(at + 1)?.trim_end();
        let cut = rest.rsplit(' ').next()?;
        let named = fragment
            .rsplit('.')
            .next()
            .is_some_and(|end| end.starts_with(|c: char| c.is_ascii_alphabetic()));
        if !named || has_extension(cut) || !has_extension(&format!("{cut}{fragment}")) {
            return None;
        }
        // Another line that is as long, and none that is longer, shows the width.
        let (width, lines) = *self.widest.get_or_init(|| widest(&self.texts));
        let full = width >= NARROWEST
            && lines > 1
            && self.texts[at].chars().count() == width
            && rest.len() > cut.len();
        let one_word = !fragment.is_empty() && !fragment.contains(char::is_whitespace);
        (full && one_word && recognise(fragment).is_none()).then(|| format!("{rest}{fragment}"))
    }

    /// The output between two lines: not the comments that introduce the next
    /// command, nor what a theme draws above its prompt.
    fn output(&self, start: usize, end: Option<usize>) -> Option<(usize, usize)> {
        let stop = end.unwrap_or(self.texts.len());
        if self.first.is_none() && self.is_silent(start) {
            return None;
        }
        if let Some(commented) = commented_output(&self.texts, start, stop) {
            return Some(commented);
        }
        let (begin, mut last) = trimmed(&self.texts, start, stop)?;
        let is_left = |line: &str| {
            end.is_some() && is_above_prompt(line)
                || line.starts_with("^C")
                || self.is_own_name(line)
        };
        while is_left(self.texts[last]) {
            (_, last) = trimmed(&self.texts, begin, last)?;
        }
        let root = self.first.as_ref().is_some_and(|first| first.kind == Kind::Hash);
        // `#1 [internal] …` is what a build prints.
        let numbered = |line: &str| {
            line.trim_start().trim_start_matches('#').starts_with(|c: char| c.is_ascii_digit())
        };
        let comment = |line: &str| !root && is_comment(line) && !numbered(line);
        let introduces = |line: &str| comment(line) || is_terminals_name(line);
        let comments = (begin..=last).rev().take_while(|&at| introduces(self.texts[at])).count();
        let before = last + 1 - comments;
        if comments > 0 && before > begin {
            return trimmed(&self.texts, start, before);
        }
        if comments > 0 {
            return None;
        }
        Some((begin, last))
    }

    /// Whether the command that ends before a line prints nothing: what follows it
    /// is no output of it.
    fn is_silent(&self, start: usize) -> bool {
        let at = self.ends.iter().position(|(end, _)| *end == start);
        at.and_then(|at| self.session.typed.get(at))
            .is_some_and(|typed| is_silent(&typed.command.text))
    }

    /// Whether a line is a prompt of the fence's own user and host that waits, or
    /// that the terminal broke.
    fn is_own_name(&self, line: &str) -> bool {
        let Some(Kind::Host(name)) = self.first.as_ref().map(|first| &first.kind) else {
            return false;
        };
        line.trim_start().strip_prefix(name.as_str()).is_some_and(|rest| rest.starts_with(':'))
    }
}

/// A command without what a theme shows at the right edge: a branch, the time.
fn without_right_prompt(rest: &str) -> &str {
    const GAP: &str = "                    ";
    rest.find(GAP).map_or(rest, |at| {
        let right = rest[at..].trim_start();
        let short = right.len() < 40 && !right.starts_with(['-', '|', '>', '\\', '#', '&']);
        let quoted = right.contains(['\'', '"', '`']) || Script::new(&rest[..at]).open.is_some();
        if short && !quoted { rest[..at].trim_end() } else { rest }
    })
}

/// What goes on with a statement of a program: after its second prompt.
fn statement_goes_on(line: &str, indent: usize) -> Option<&str> {
    let more = second(line, indent)?;
    // `>` alone is also what a program prints.
    (!line.trim_start().starts_with('>') || !more.is_empty()).then_some(more)
}

/// The text of a line as the continuation of a command.
pub(super) fn continued<'a>(line: &'a str, open: &Open, first: &Prompt) -> Option<&'a str> {
    let again = prompt(line).filter(|found| {
        found.kind == first.kind && found.indent == first.indent && found.length < line.len()
    });
    let interrupts = match open {
        // Where `> ` is both prompts, an open quote would take the next command.
        _ if first.kind == Kind::Greater => matches!(open, Open::Quote(_)),
        // `# ` begins a comment of the text.
        Open::Heredoc(_) => false,
        _ => true,
    };
    if interrupts && again.is_some() {
        return None;
    }
    Some(second(line, first.indent).unwrap_or(unindented(line, first.indent)))
}

/// A line without the blanks that stand before its prompt's column.
fn unindented(line: &str, indent: usize) -> &str {
    let blanks = line.len() - line.trim_start_matches([' ', '\t']).len();
    &line[blanks.min(indent)..]
}
