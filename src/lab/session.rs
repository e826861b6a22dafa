//! What is typed and what is printed in a fence, line by line.
//!
//! A fence whose commands stand after prompts is read by its prompts; one without
//! any by what is surely a command. Both may open another program, whose own
//! prompts are then read as such.

use super::Command;
use super::blocks::assigned_name;
use super::captions::announces_output;
use super::continuations::{Broken, goes_on_with_flags, take_meant};
use super::dialect::Dialect;
use super::inner::{ends_a_shell, is_of_the_outer_machine, opens_a_shell};
use super::known::stands_alone;
use super::printing::{Printing, printing};
use super::programs::{begins_surely, is_likely_a_command, is_surely_a_command};
use super::prompts::{Kind, Prompt, announces_echo, is_above_prompt, prompt, second};
use super::recognisers::recognise;
use super::variables::Variables;
use super::words::{Open, Script};

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
    dialect: &mut Dialect,
    variables: &Variables<'_>,
) -> Session {
    Reading::new(lines, None, dialect, variables).read()
}

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

/// Whether a command without a prompt is typed inside the program that is open.
/// What is only typed outside shows that it was left.
pub(super) fn stands_inside(text: &str, dialect: &mut Dialect) -> bool {
    if dialect.is_inside_unprompted() && is_of_the_outer_machine(&Script::new(text)) {
        dialect.leave_all();
    }
    dialect.is_inside()
}

/// Reads a fence without prompts, if each of its lines is part of a command.
/// Otherwise gives the number of the first line that is not, or nothing where the
/// fence is a script.
pub(super) fn read_listing(lines: &[Line], trust: Trust) -> Result<Session, Option<usize>> {
    let texts: Vec<&str> = lines.iter().map(|(_, text)| text.as_str()).collect();
    if texts.iter().find(|line| !line.trim().is_empty()).is_some_and(|line| is_scripts(line)) {
        return Err(None);
    }
    let mut session = Session::default();
    let mut ends = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        if texts[at].trim().is_empty() || is_comment(texts[at]) {
            at += 1;
            continue;
        }
        let taken = take_meant(texts[at].trim_start(), &texts[at + 1..], |line, _| Some(line));
        let text = taken.text.trim_end();
        let before = session.typed.last();
        let listed =
            is_path_alone(text) && before.is_some_and(|typed| lists_files(&typed.command.text));
        let cut = texts.get(at + taken.lines).is_some_and(|line| goes_on_with_flags(line));
        if listed || cut {
            return Err(Some(lines[at].0));
        }
        let is_command = is_surely_a_command(text)
            || trust != Trust::Sure && is_likely_a_command(text) && recognise(text).is_none()
            || trust == Trust::Windows && is_powershell(text);
        if taken.broken.is_some() || !is_command {
            return Err(Some(lines[at].0));
        }
        if takes_parameters(text) && !texts.iter().any(|line| line.contains("()")) {
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
/// may be the content of a file, or the output of `env`.
pub(super) fn unused_variable(typed: &[Typed], variables: &Variables<'_>) -> Option<usize> {
    let unused = |typed: &&Typed| {
        let line = typed.command.first_line;
        let script = Script::new(&typed.command.text);
        script.commands().into_iter().filter(|simple| simple.words.is_empty()).any(|simple| {
            let literal =
                simple.assignments.into_iter().filter(|word| !word.expands && !word.substitutes);
            literal
                .filter_map(|word| assigned_name(&word.text))
                .any(|name| !variables.is_used_after(name, line - 1))
        })
    };
    let assigns = |typed: &&Typed| assigned_name(&typed.command.text).is_some();
    let found = typed.iter().filter(assigns).find(unused);
    found.map(|typed| typed.command.first_line)
}

/// The parts of what `count` commands printed one after the other, as first and
/// last lines: a line each that tells what became of an object, or as many parts
/// that begin alike (`NAME …`). None where the lines do not tell.
pub(super) fn share(
    texts: &[&str],
    (start, end): (usize, usize),
    count: usize,
) -> Option<Vec<(usize, usize)>> {
    if count < 2 {
        return None;
    }
    let full: Vec<usize> = (start..=end).filter(|at| !texts[*at].trim().is_empty()).collect();
    let tells = |at: &usize| {
        recognise(texts[*at]).is_some_and(|found| found.name == "what became of an object")
    };
    if full.len() == count && full.iter().all(tells) {
        return Some(full.into_iter().map(|at| (at, at)).collect());
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

/// The first and the last line that is not blank.
pub(super) fn trimmed(texts: &[&str], first: usize, end: usize) -> Option<(usize, usize)> {
    let full = |index: &usize| !texts[*index].trim().is_empty();
    let start = (first..end).find(full)?;
    (start..end).rev().find(full).map(|last| (start, last))
}

fn is_path_alone(text: &str) -> bool {
    let text = text.trim();
    text.starts_with(['.', '/', '~']) && !text.contains(char::is_whitespace)
}

/// Whether a command prints the names of files.
fn lists_files(text: &str) -> bool {
    const LISTERS: [&str; 12] =
        ["find", "ls", "du", "tar", "unzip", "tree", "git", "rg", "grep", "fd", "locate", "which"];
    let script = Script::new(text);
    script
        .commands()
        .iter()
        .any(|simple| simple.program().is_some_and(|name| LISTERS.contains(&name)))
}

/// Whether a line only gives a variable a value that is written there.
fn is_literal_assignment(text: &str) -> bool {
    assigned_name(text.trim()).is_some() && !text.contains(['$', '`'])
}

/// Whether a line is PowerShell's: a variable, a call of a type's method.
fn is_powershell(text: &str) -> bool {
    let variable = text.strip_prefix('$').is_some_and(|rest| {
        rest.split_once('=').is_some_and(|(name, _)| {
            name.trim().bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_:.[]".contains(&byte))
        })
    });
    variable || text.starts_with("[System.") || text.starts_with("& ")
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

/// The state of reading one fence.
struct Reading<'l, 'd> {
    lines: &'l [Line],
    variables: &'d Variables<'d>,
    texts: Vec<&'l str>,
    /// The prompt of the fence; none where it has none.
    first: Option<Prompt>,
    dialect: &'d mut Dialect,
    /// The columns of blanks before commands.
    indent: usize,
    session: Session,
    /// For each command the line after it, and the line that ends its output.
    ends: Vec<(usize, Option<usize>)>,
    /// The last command printed something already.
    printed: bool,
    /// The kind of prompt that the last command stands after.
    last: Option<Kind>,
    /// The last command opened a shell.
    opened: bool,
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
            dialect,
            session: Session::default(),
            ends: Vec::new(),
            printed: false,
            last: None,
            opened: false,
        }
    }

    fn read(mut self) -> Session {
        let mut at = 0;
        while at < self.lines.len() {
            at = self.line(at);
        }
        for index in 0..self.session.typed.len() {
            let (start, end) = self.ends[index];
            self.session.typed[index].output = self.output(start, end);
        }
        self.share_outputs();
        self.session
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
        let rest = without_right_prompt(self.texts[at][prompt.length..].trim_end());
        if self.dialect.returns(&prompt.kind) {
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
        let taken = if windows {
            self.take_powershell(at, rest)
        } else {
            take_meant(rest, &self.texts[at + 1..], |line, open| continued(line, open, prompt))
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
            return at + 1;
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
        let taken = take_meant(rest, &self.texts[at + 1..], |line, _| {
            let blanks = line.len() - line.trim_start_matches([' ', '\t']).len();
            Some(&line[blanks.min(indent)..])
        });
        let end = at + taken.lines;
        if self.texts.get(end).is_some_and(|line| goes_on_with_flags(line)) {
            self.session.doubts.push((self.lines[at].0, Doubt::Broken(Broken::Unjoined)));
            self.printed = true;
            return end;
        }
        if taken.broken.is_some() || !is_surely_a_command(taken.text.trim_end()) {
            self.printed = true;
            return at + 1;
        }
        self.end_output(at);
        let nested = stands_inside(taken.text.trim_end(), self.dialect);
        self.push(at, end, taken.text.trim_end(), nested, false);
        if opens_a_shell(&taken.text) {
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
    }

    /// What is printed before this line is all that the last command printed.
    fn end_output(&mut self, at: usize) {
        if let Some((_, end)) = self.ends.last_mut() {
            end.get_or_insert(at);
        }
    }

    /// The prompt at a line, if it is one here.
    fn accepted(&self, at: usize) -> Option<Prompt> {
        let text = self.texts[at];
        let found = self.dialect.prompt(text).or_else(|| self.place(text))?;
        if at.checked_sub(1).is_some_and(|before| announces_echo(self.texts[before])) {
            return None;
        }
        let rest = text[found.length..].trim_end();
        let inside = self.dialect.is_inside();
        let is_first = self.first.as_ref().is_some_and(|first| first.kind == found.kind);
        let same_place =
            self.first.as_ref().map_or(self.indent, |first| first.indent) == found.indent;
        // The blanks before a nested prompt are those of the one before it.
        if !same_place && !matches!(found.kind, Kind::Host(_) | Kind::Windows) {
            return None;
        }
        let is_command = rest.is_empty()
            || is_comment(rest) && !found.kind.is_common()
            || self.dialect.introduces(&found.kind, rest);
        let accepted = if is_first || self.last.as_ref() == Some(&found.kind) {
            is_command
        } else if inside {
            // Beside a fuller prompt of the same shell, `# ` begins a comment.
            let comment = found.kind == Kind::Hash
                && !self.opened
                && matches!(self.last, Some(Kind::Host(_) | Kind::Named(_) | Kind::Program(_)));
            !comment && self.dialect.may_be_inner(&found.kind, rest)
        } else {
            match (&found.kind, self.first.as_ref().map(|first| &first.kind)) {
                (Kind::Program(name), _) => {
                    !rest.is_empty() && self.dialect.is_surely_a_program(name)
                }
                // A paste of another terminal; what a program prints has no such
                // prompt before a command.
                (Kind::Host(_) | Kind::Windows, Some(Kind::Host(_))) => {
                    begins_surely(rest) || self.dialect.has_shown(&found.kind) && is_command
                }
                (Kind::Host(_) | Kind::Windows | Kind::Theme(_), _) => begins_surely(rest),
                // A container's shell, opened by what no rule knows.
                (Kind::Named(name), None) if name.starts_with('/') => begins_surely(rest),
                (kind, None) => {
                    self.dialect.has_shown(kind) && begins_surely(rest) && !self.has_notes(at)
                }
                _ => false,
            }
        };
        accepted.then_some(found)
    }

    /// A directory that stands as a prompt, without any mark: inside a program, and
    /// before what is surely a command.
    fn place(&self, text: &str) -> Option<Prompt> {
        let (place, rest) = text.trim_start().split_once(' ')?;
        let indent = text.len() - text.trim_start().len();
        (self.dialect.is_inside()
            && place.starts_with('/')
            && place[1..]
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"/_-".contains(&byte))
            && is_surely_a_command(rest.trim()))
        .then(|| Prompt {
            kind: Kind::Named("/".to_owned()),
            indent,
            length: indent + place.len() + 1,
        })
    }

    /// Whether a line without a prompt is a command. In a fence with prompts, it
    /// follows a command at once, as pasted lines do.
    fn is_typed_ahead(&self, at: usize) -> bool {
        let text = self.texts[at];
        let blanks = text.len() - text.trim_start().len();
        let Some(last) = self.session.typed.last() else {
            return self.first.is_none() && begins_surely(text.trim());
        };
        if last.windows || blanks != self.indent && (self.printed || self.first.is_some()) {
            return false;
        }
        if self.is_listed_path(text) {
            return false;
        }
        // What follows the end of a shell is what that prints: `exit`, `logout`.
        if stands_alone(text.trim()) && (self.first.is_some() || ends_a_shell(&last.command.text)) {
            return false;
        }
        if self.first.is_some() {
            let commented = at > 0 && is_comment(self.texts[at - 1]);
            return (!self.printed || commented)
                && !self.has_notes(at)
                && printing(&last.command.text) <= Printing::Notes
                && begins_surely(text.trim())
                && recognise(text).is_none();
        }
        // `NAME=value` that nothing uses is what `env` prints.
        let printed = self.printed && recognise(text).is_some()
            || is_literal_assignment(text) && !self.is_used_later(at);
        if !begins_surely(text.trim()) || printed {
            return false;
        }
        let prints = printing(&last.command.text);
        match prints {
            // What it prints may well be commands.
            Printing::Text => false,
            _ if !self.printed => prints != Printing::Notes || self.is_at_once(at),
            _ => !self.has_notes(at) && !self.is_announced(at),
        }
    }

    /// Whether a variable that a line sets is used after it.
    fn is_used_later(&self, at: usize) -> bool {
        let name = assigned_name(self.texts[at].trim()).unwrap_or_default();
        self.variables.is_used_after(name, self.lines[at].0)
    }

    /// Whether a line is a path alone, as programs that list files print.
    fn is_listed_path(&self, text: &str) -> bool {
        let last = self.session.typed.last().map_or("", |typed| typed.command.text.as_str());
        is_path_alone(text) && (self.first.is_some() || lists_files(last))
    }

    /// Whether the line follows the last command with nothing between.
    fn is_at_once(&self, at: usize) -> bool {
        self.ends.last().is_some_and(|(end, _)| {
            self.texts[*end..at].iter().all(|line| line.trim().is_empty() || is_comment(line))
        })
    }

    /// Whether what the last command printed holds notes on what to type next, or
    /// is a script.
    fn has_notes(&self, at: usize) -> bool {
        let start = self.ends.last().map_or(0, |(end, _)| *end);
        self.texts[start..at].iter().any(|line| {
            let line = line.trim_start();
            line.starts_with("NOTES:") || line.starts_with("#!")
        })
    }

    /// Whether the lines before announce what comes as something to be typed:
    /// "You can now use your cluster with:".
    fn is_announced(&self, at: usize) -> bool {
        let before = self.texts[..at].iter().rev().find(|line| !line.trim().is_empty());
        before.is_some_and(|line| line.trim_end().ends_with(':') && line.trim().contains(' '))
    }

    /// PowerShell goes on after a backtick, a pipe, and at `>>`.
    fn take_powershell(&self, at: usize, rest: &str) -> super::continuations::Taken {
        let mut text = rest.to_owned();
        let mut lines = 1;
        while let Some(line) = self.texts.get(at + lines) {
            let goes_on = text.trim_end().ends_with(['`', '|', '{', '^', '(', ',']);
            let marked = line.trim_start().strip_prefix(">>");
            if !goes_on && marked.is_none() || prompt(line).is_some_and(|p| p.kind == Kind::Windows)
            {
                break;
            }
            text.push('\n');
            text.push_str(marked.map_or(*line, |line| line.strip_prefix(' ').unwrap_or(line)));
            lines += 1;
        }
        super::continuations::Taken { text, lines, broken: None }
    }

    /// The output between two lines: not the comments that introduce the next
    /// command, nor what a theme draws above its prompt.
    fn output(&self, start: usize, end: Option<usize>) -> Option<(usize, usize)> {
        let stop = end.unwrap_or(self.texts.len());
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

    /// Whether a line is a prompt of the fence's own user and host that waits, or
    /// that the terminal broke.
    fn is_own_name(&self, line: &str) -> bool {
        let Some(Kind::Host(name)) = self.first.as_ref().map(|first| &first.kind) else {
            return false;
        };
        line.trim_start().strip_prefix(name.as_str()).is_some_and(|rest| rest.starts_with(':'))
    }
}

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

/// A command without what a theme shows at the right edge: a branch, the time.
fn without_right_prompt(rest: &str) -> &str {
    const GAP: &str = "                    ";
    rest.find(GAP).map_or(rest, |at| {
        let right = rest[at..].trim_start();
        let short = right.len() < 40 && !right.starts_with(['-', '|', '>', '\\', '#', '&']);
        if short { rest[..at].trim_end() } else { rest }
    })
}

/// A name that the author gives to the terminal of the next commands.
fn is_terminals_name(line: &str) -> bool {
    let line = line.trim();
    line.ends_with(':') && line.split_whitespace().count() <= 3 && {
        let line = line.to_lowercase();
        ["terminal", "shell", "window", "tab", "console"].iter().any(|word| line.starts_with(word))
    }
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
        _ => first.kind != Kind::Hash || !matches!(open, Open::Quote(_)),
    };
    if interrupts && again.is_some() {
        return None;
    }
    let blanks = line.len() - line.trim_start_matches([' ', '\t']).len();
    Some(second(line, first.indent).unwrap_or(&line[blanks.min(first.indent)..]))
}
