//! The text of a command from its lines.

use std::cmp::Ordering;
use std::sync::LazyLock;

use regex::Regex;

use super::Reading;
use crate::lab::continuations::{Taken, take_meant};
use crate::lab::patterns::pattern;
use crate::lab::powershell;
use crate::lab::prompts::{self, Kind, Prompt, second};
use crate::lab::prose::has_extension;
use crate::lab::recognisers::recognise;
use crate::lab::words::{Open, Script};

impl Reading<'_, '_> {
    /// The command that begins after a shell's prompt.
    pub(super) fn taken(&self, at: usize, rest: &str, prompt: &Prompt) -> Taken {
        let after = &self.texts[at + 1..];
        if let Some(text) = self.unwrapped(at, rest) {
            return Taken { script: Script::new(&text), text, lines: 2, broken: None };
        }
        if prompt.kind == Kind::Windows {
            return powershell::take(rest, after, |line| {
                prompts::prompt(line).is_some_and(|found| found.kind == Kind::Windows)
            });
        }
        // The lines of a here-document have the second prompt, or none has it.
        let marked = after
            .first()
            .is_some_and(|line| line.trim_start().starts_with('>') || line.contains("heredoc>"));
        take_meant(rest, after, |line, open| match open {
            Open::Heredoc(_) if !marked => Some(unindented(line, prompt.indent)),
            _ => continued(line, open, prompt),
        })
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

/// A command without what a theme shows at the right edge: a branch, the time.
pub(super) fn without_right_prompt(rest: &str) -> &str {
    const GAP: &str = "                    ";
    // The time alone may stand nearer.
    static TIME: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"\s{4,}(?:\[\d\d:\d\d:\d\d\]|\d\d:\d\d:\d\d)$"));
    static SHOWN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"^(?:.*\b\d\d:\d\d(?::\d\d)?\b.*|[\[(<].*[\])>]|.*[^\x00-\x7f].*|(?:git|took|at|in|on|via) .*|\d+ ?m?s)$",
        )
    });
    if let Some(time) = TIME.find(rest) {
        return rest[..time.start()].trim_end();
    }
    rest.find(GAP).map_or(rest, |at| {
        let right = rest[at..].trim_start();
        let short = right.len() < 60 && SHOWN.is_match(right);
        let quoted = right.contains(['\'', '"', '`']) || Script::new(&rest[..at]).open.is_some();
        if short && !quoted { rest[..at].trim_end() } else { rest }
    })
}

/// What goes on with a statement of a program: after its second prompt.
pub(super) fn statement_goes_on(line: &str, indent: usize) -> Option<&str> {
    let more = second(line, indent)?;
    // `>` alone is also what a program prints.
    (!line.trim_start().starts_with('>') || !more.is_empty()).then_some(more)
}

/// The text of a line as the continuation of a command.
pub(in crate::lab) fn continued<'a>(line: &'a str, open: &Open, first: &Prompt) -> Option<&'a str> {
    let again = prompts::prompt(line).filter(|found| {
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
pub(super) fn unindented(line: &str, indent: usize) -> &str {
    let blanks = line.len() - line.trim_start_matches([' ', '\t']).len();
    &line[blanks.min(indent)..]
}
