//! What is typed and what is printed in a fence, line by line.
//!
//! A fence whose commands stand after prompts is read by its prompts; one without
//! any by what is surely a command. Both may open another program, whose own
//! prompts are then read as such.

mod ahead;
mod printed;
mod taking;

use std::cell::OnceCell;

use super::Command;
use super::commented::{may_be_shown_below, may_be_shown_by};
use super::continuations::{Broken, Taken, goes_on_with_flags, take_meant};
use super::dialect::Dialect;
use super::edited::{is_written_into, opens_a_shells_file};
use super::inner::{ends_a_shell, is_of_the_outer_machine};
use super::languages::Class;
use super::line::{Line, is_comment};
use super::notes::is_alternative;
use super::powershell;
use super::programs::{begins_surely, is_likely, is_sure_of};
use super::prompts::{Kind, Prompt};
use super::typed::{Doubt, Session, Typed};
use super::variables::Variables;
use super::words::{Open, Script};
use taking::{statement_goes_on, unindented, without_right_prompt};

pub(super) use ahead::takes_an_answer;
pub(super) use taking::continued;

/// Reads a fence whose commands stand after a prompt like `first`.
pub(super) fn read_prompted(
    lines: &[Line<'_>],
    first: &Prompt,
    dialect: &mut Dialect,
    variables: &Variables<'_>,
) -> Session {
    Reading::new(lines, Some(first), dialect, variables).read()
}

/// Reads a fence without a prompt that begins with what is surely a command: the
/// lines that surely are commands, and between them what they printed.
pub(super) fn read_unprompted(
    lines: &[Line<'_>],
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
pub(super) fn stands_inside(script: &Script, dialect: &mut Dialect) -> bool {
    if dialect.is_inside() && is_of_the_outer_machine(script) {
        dialect.leave_all();
    }
    dialect.is_inside()
}

/// Whether a prompt is root's, and another one than `# `.
fn is_roots(first: &Prompt, lines: &[Line<'_>]) -> bool {
    let mut shown = lines.iter().filter(|line| line.prompt() == Some(first));
    !matches!(first.kind, Kind::Hash)
        && shown.next().is_some_and(|line| line.text[..first.length].trim_end().ends_with('#'))
}

/// Whether a line is the head of a table: names of columns in capitals alone.
fn is_head(line: &str) -> bool {
    const FEWEST: usize = 3;
    let is_name = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_uppercase())
            && word.bytes().all(|byte| !byte.is_ascii_lowercase())
    };
    !line.bytes().any(|byte| byte.is_ascii_lowercase())
        && line.split_whitespace().count() >= FEWEST
        && line.split_whitespace().all(is_name)
}

/// How many bytes of a fence are taken apart in vain before the rest is left alone.
const MOST_WORK: usize = 1 << 20;

/// The state of reading one fence.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact about the last command")]
struct Reading<'l, 'd> {
    lines: &'l [Line<'l>],
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
    /// For each command whether it stands after a prompt.
    prompted: Vec<bool>,
    /// The last command printed something already.
    printed: bool,
    /// The kind of prompt that the last command stands after.
    last: Option<Kind>,
    /// The last command opened a shell.
    opened: bool,
    /// What the last command printed holds notes on what to type next, or is a
    /// script.
    notes: bool,
    /// How many words the head of the table has that is shown, to the next blank line.
    table: Option<usize>,
    /// What was printed announces what comes next as something to be typed.
    announced: bool,
    /// What comes next is written in the editor that the last command opened.
    writing: bool,
    /// A blank line stands below the last command.
    parted: bool,
    /// A comment says that what comes next was printed.
    called_output: bool,
    /// The fence's prompt is one of root's that says more than `# `.
    is_roots: bool,
    /// A script is shown, to the end of the fence.
    script: bool,
    /// A program tells what it runs, each after `$ `, until it is done.
    echoing: bool,
    /// The last line that what was printed told to type.
    told: Option<usize>,
    /// How many bytes were taken apart in vain: for quotes that are never closed.
    work: usize,
    /// The columns of the longest lines, and how many there are.
    widest: OnceCell<(usize, usize)>,
}

impl<'l, 'd> Reading<'l, 'd> {
    fn new(
        lines: &'l [Line<'l>],
        first: Option<&Prompt>,
        dialect: &'d mut Dialect,
        variables: &'d Variables<'d>,
    ) -> Self {
        let texts: Vec<&str> = lines.iter().map(|line| line.text.as_ref()).collect();
        let content = lines.iter().find(|line| line.is_content());
        let blanks = content.map_or(0, |line| line.text.len() - line.text.trim_start().len());
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
            prompted: Vec::new(),
            printed: false,
            last: None,
            opened: false,
            notes: false,
            table: None,
            announced: false,
            writing: false,
            called_output: false,
            parted: false,
            is_roots: first.is_some_and(|first| is_roots(first, lines)),
            script: false,
            echoing: false,
            told: None,
            work: 0,
            widest: OnceCell::new(),
        }
    }

    fn read(mut self) -> Session {
        let mut at = 0;
        while at < self.lines.len() {
            at = self.line(at);
        }
        for index in 0..self.session.typed.len() {
            self.session.typed[index].output = self.output(index);
        }
        self.share_outputs();
        self.session
    }

    /// Reads what begins at a line; gives the line after it.
    fn line(&mut self, at: usize) -> usize {
        let text = self.texts[at];
        if text.trim().is_empty() || self.work > MOST_WORK {
            self.table = None;
            self.announced = false;
            self.writing = false;
            self.parted = true;
            self.called_output &= !self.printed;
            return at + 1;
        }
        if let Some(prompt) = self.accepted(at) {
            return self.prompted(at, &prompt);
        }
        if self.lines[at].prompt().is_some_and(|prompt| self.is_told(at, prompt)) {
            self.told = Some(at);
        }
        if self.is_an_alternative(at) {
            self.end_output(at);
            return at + 1;
        }
        let last = self.session.typed.last();
        if last.is_some_and(|last| self.writing && is_written_into(&last.script, text)) {
            return at + 1;
        }
        self.writing &= is_comment(text);
        // What is printed stands in comments, too.
        self.called_output &= !is_comment(text);
        self.called_output |=
            is_comment(text) && last.is_some_and(|last| may_be_shown_below(last, text));
        // Nothing of what a commented command shows is typed.
        let above = at.checked_sub(1).map_or("", |above| self.texts[above]);
        self.script |= self.first.is_none() && may_be_shown_by(above, text);
        if !is_comment(text) && !self.script && !self.called_output && self.is_typed_ahead(at) {
            return self.unprompted(at);
        }
        self.doubt_roots_mark(at);
        self.table = if is_head(text) { Some(text.split_whitespace().count()) } else { self.table };
        self.announced |= self.announces(text);
        if text.trim_start().starts_with("NOTES:") || text.trim_start().starts_with("#!") {
            self.notes = true;
        }
        self.script |= self.first.is_none() && text.starts_with("#!");
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

    /// Whether a line only says that the command on the next one does as well.
    fn is_an_alternative(&self, at: usize) -> bool {
        if !is_alternative(self.texts[at]) || self.first.is_some() {
            return false;
        }
        let below = (at + 1..self.texts.len()).find(|below| !self.texts[*below].trim().is_empty());
        below.is_some_and(|below| self.is_typed_ahead(below))
    }

    /// Reads a line after a prompt.
    fn prompted(&mut self, at: usize, prompt: &Prompt) -> usize {
        self.end_output(at);
        let rest = self.texts[at][prompt.length..].trim_end();
        let themed =
            matches!(prompt.kind, Kind::Theme(_) | Kind::Host(_) | Kind::Named(_) | Kind::Own(_));
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
        let taken = self.taken(at, rest, prompt);
        let end = at + taken.lines;
        let number = self.lines[at].number;
        let cut = self.texts.get(end).is_some_and(|line| goes_on_with_flags(line));
        let broken = taken.broken.clone().or_else(|| cut.then_some(Broken::Unjoined));
        if let Some(broken) = broken {
            self.session.doubts.push((number, Doubt::Broken(broken)));
            self.printed = false;
            return end;
        }
        if prompt.kind.is_common() && !nested && !is_sure_of(&taken.script, &taken.text) {
            self.session.doubts.push((number, Doubt::Unsure));
            return end;
        }
        self.opened = self.push(at, taken, nested, windows);
        self.after_prompt(&prompt.kind);
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
        // No shell reads it: nothing in it is taken apart.
        let text = text.trim_end().to_owned();
        let taken = Taken { text, script: Script::default(), lines: end - at, broken: None };
        self.push(at, taken, true, false);
        self.after_prompt(&prompt.kind);
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
            self.session.doubts.push((self.lines[at].number, Doubt::Broken(Broken::Unjoined)));
            self.printed = true;
            return end;
        }
        // What it may have swallowed is no surer than it is.
        if let Some(broken) = taken.broken {
            // An apostrophe alone takes no more than its line.
            let quote = matches!(broken, Broken::Unfinished(Open::Quote(_)));
            self.work += taken.text.len();
            self.session.doubts.push((self.lines[at].number, Doubt::Broken(broken)));
            self.end_output(at);
            self.printed = true;
            return if quote { at + 1 } else { end };
        }
        let is_command = self.windows
            || is_sure_of(&taken.script, &taken.text)
            || self.follows_silence() && is_likely(&taken.script, &taken.text);
        if !is_command {
            self.printed = true;
            return at + 1;
        }
        self.end_output(at);
        let nested = stands_inside(&taken.script, self.dialect);
        if self.push(at, taken, nested, false) && !self.windows {
            self.dialect.enter(self.first.as_ref().map(|first| first.kind.clone()));
        }
        end
    }

    /// Adds a command; tells whether it opens a shell.
    fn push(&mut self, at: usize, taken: Taken, nested: bool, windows: bool) -> bool {
        let end = at + taken.lines;
        let (first_line, last_line) = (self.lines[at].number, self.lines[end - 1].number);
        if ends_a_shell(&taken.text) {
            self.dialect.leave();
        }
        self.writing = opens_a_shells_file(&taken.script);
        self.called_output = false;
        self.parted = false;
        let command = Command { first_line, last_line, text: taken.text };
        let typed = Typed::new(command, taken.script).at(nested, windows);
        let opens = typed.opens_a_shell();
        self.session.typed.push(typed);
        self.ends.push((end, None));
        self.prompted.push(false);
        self.printed = false;
        self.notes = false;
        self.table = None;
        self.announced = false;
        self.echoing = false;
        opens
    }

    /// The last command stands after this prompt.
    fn after_prompt(&mut self, kind: &Kind) {
        self.last = Some(kind.clone());
        if let Some(prompted) = self.prompted.last_mut() {
            *prompted = true;
        }
    }

    /// What is printed before this line is all that the last command printed.
    fn end_output(&mut self, at: usize) {
        if let Some((_, end)) = self.ends.last_mut() {
            end.get_or_insert(at);
        }
    }
}
