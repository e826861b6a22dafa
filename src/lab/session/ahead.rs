//! Whether a line of a session is typed: after a prompt, or as the next line of
//! what was pasted.

use super::{Reading, begins_a_command};
use crate::lab::blocks::assigned_name;
use crate::lab::dialect::{is_surely_a_program, may_be_inner};
use crate::lab::flags::{edits, needs};
use crate::lab::inner::ends_a_shell;
use crate::lab::known::{is_listed, stands_alone, subcommands};
use crate::lab::line::is_comment;
use crate::lab::listing::prints_commands;
use crate::lab::printing::{Printing, is_listed_by, is_path_alone, is_silent, lists_files};
use crate::lab::programs::{begins_surely, is_likely_a_command, is_surely_a_command};
use crate::lab::prompts::{Kind, Prompt, announces_echo, is_a_containers};
use crate::lab::recognisers::{OBJECT, printed_by, recognise};
use crate::lab::shares::{
    Expected, are_alike, begins_as, echoes_line, names_objects, prints_nothing,
};
use crate::lab::typed::{Doubt, Typed};
use crate::lab::words::Script;

/// The longest command that later lines are held against, in bytes.
const LONGEST: usize = 1_000;

impl Reading<'_, '_> {
    /// The prompt at a line, if it is one here.
    pub(super) fn accepted(&self, at: usize) -> Option<Prompt> {
        let text = self.texts[at];
        let found = self.dialect.prompt(&self.lines[at]).or_else(|| self.place(text))?;
        if at.checked_sub(1).is_some_and(|before| announces_echo(self.texts[before])) {
            return None;
        }
        let marks = matches!(found.kind, Kind::Dollar | Kind::Greater | Kind::Percent);
        if marks && (self.echoing || self.is_told(at, &found)) {
            return None;
        }
        let rest = text[found.length..].trim_end();
        let rest = rest.strip_suffix("^C").map_or(rest, str::trim_end);
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
            !comment && may_be_inner(&found.kind, rest)
        } else {
            match (&found.kind, self.first.as_ref().map(|first| &first.kind)) {
                // Scripts print such marks, too.
                (Kind::Program(name), _) => {
                    !rest.is_empty()
                        && is_surely_a_program(name)
                        && (name != ">>>" || is_python(rest))
                }
                // A paste of another terminal; what a program prints has no such
                // prompt before a command.
                (Kind::Host(_) | Kind::Windows, Some(Kind::Host(_))) => {
                    begins_surely(rest) || self.dialect.has_shown(&found.kind) && is_command
                }
                (Kind::Host(_) | Kind::Windows | Kind::Theme(_), _) => begins_surely(rest),
                // A container's shell, opened by what no rule knows.
                (Kind::Named(name), None)
                    if name.starts_with('/') || is_a_containers(&found.kind) =>
                {
                    begins_surely(rest)
                }
                // A directory before the fence's own mark.
                (Kind::Named(_), Some(Kind::Dollar)) => {
                    let shown = text[found.indent..found.length].trim_end();
                    let place = shown.trim_end_matches('$').trim_end();
                    shown.ends_with('$')
                        && !place.ends_with('/')
                        && begins_surely(rest)
                        && !self.notes
                        && !self.tells()
                }
                (Kind::Hash, Some(Kind::Dollar)) => self.is_roots(at, rest),
                // What is known of its output is no prompt.
                (Kind::Dollar, None) if self.is_known() => begins_surely(rest) && !self.notes,
                (kind, None) => self.dialect.has_shown(kind) && begins_surely(rest) && !self.notes,
                _ => false,
            }
        };
        accepted.then_some(found)
    }

    /// Whether root's mark stands before a command though the fence has another
    /// prompt: what the command surely prints follows at once.
    fn is_roots(&self, at: usize, rest: &str) -> bool {
        const DATA: [&str; 4] = ["-o yaml", "-oyaml", "-o json", "-ojson"];
        let parted = at.checked_sub(1).is_some_and(|before| self.texts[before].trim().is_empty());
        let last = self.session.typed.last();
        let reports = last.is_some_and(|last| {
            let shows_data = DATA.iter().any(|flag| last.command.text.contains(flag));
            last.prints() == Printing::Report && !shows_data
        });
        if !parted || !reports || self.notes || !begins_surely(rest) {
            return false;
        }
        self.shows_its_own(at, rest)
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
    pub(super) fn is_typed_ahead(&self, at: usize) -> bool {
        let text = self.texts[at];
        let blanks = text.len() - text.trim_start().len();
        let Some(last) = self.session.typed.last() else {
            return self.first.is_none() && begins_a_command(text.trim(), self.windows);
        };
        // A blank alone before the first one slipped in.
        let indented = blanks != self.indent && blanks + 1 != self.indent;
        if last.windows || indented && (self.printed || self.first.is_some()) {
            return false;
        }
        let edited = self.first.is_some() && !self.parted && edits(&last.script);
        if edited || echoes_line(last, text) || self.is_a_name_listed(at, last) {
            return false;
        }
        if self.is_listed(text) || self.is_a_row(text) || prints_commands(&last.command.text) {
            return false;
        }
        // What follows the end of a shell is what that prints: `exit`, `logout`.
        if stands_alone(text.trim()) && (self.first.is_some() || ends_a_shell(&last.command.text)) {
            return false;
        }
        if self.first.is_some() {
            // "# To get the service:" is said by what was printed.
            let commented = at > 0
                && is_comment(self.texts[at - 1])
                && !self.texts[at - 1].trim_end().ends_with(':')
                && last.prints() < Printing::Notes;
            // What follows `export` and its like at once was pasted with it.
            let pasted = !self.printed && is_silent(&last.script) && self.is_at_once(at);
            let echoed = text.trim() == last.command.text;
            return !self.notes
                && !echoed
                && last.prints() <= Printing::Notes
                && begins_surely(text.trim())
                && (pasted || recognise(text).is_none() || takes_an_answer(text))
                && (!self.printed
                    || commented
                    || self.tells_of_objects(last, at)
                    || begins_as(last, text) == Some(false) && takes_an_answer(text));
        }
        // `NAME=value` that nothing uses is what `env` prints.
        let printed = self.printed && recognise(text).is_some()
            || is_literal_assignment(text) && !self.is_used_later(at);
        // Only a command comes after one that prints nothing.
        let follows = self.follows_silence() && is_likely_a_command(text.trim());
        if !begins_a_command(text.trim(), self.windows) && !follows || printed {
            return false;
        }
        let prints = last.prints();
        match prints {
            // What it prints may well be commands.
            Printing::Text => false,
            // make tells each command that it runs.
            Printing::Unknown if !self.printed && last.needs("make") => {
                text.trim_start().starts_with("make ")
            }
            _ if !self.printed => prints != Printing::Notes || self.is_at_once(at),
            // What may print anything may print this, but hardly its like.
            _ if self.is_again(at) => true,
            _ => {
                let harmless = prints <= Printing::Notes || last.opens_a_shell();
                harmless && !self.notes && !self.are_announced(at)
            }
        }
    }

    /// Whether the last command told what became of objects, and nothing else, and what
    /// the command at a line surely prints stands below it.
    fn tells_of_objects(&self, last: &Typed, at: usize) -> bool {
        let above = at.checked_sub(1).and_then(|above| recognise(self.texts[above]));
        names_objects(last)
            && above.is_some_and(|found| found.name == OBJECT)
            && self.shows_its_own(at, self.texts[at].trim())
    }

    /// Whether below a line stands what the command on it surely prints.
    fn shows_its_own(&self, at: usize, command: &str) -> bool {
        let programs = needs(&Script::new(command).commands(), command);
        let programs: Vec<&str> = programs.iter().map(String::as_str).collect();
        self.texts.get(at + 1).is_some_and(|next| {
            recognise(next).is_some_and(|found| !found.is_common)
                && printed_by(&programs, std::iter::once(*next)).is_some()
        })
    }

    /// Whether the last command prints nothing, and nothing stands after it.
    pub(super) fn follows_silence(&self) -> bool {
        !self.printed && self.session.typed.last().is_some_and(prints_nothing)
    }

    /// Whether a line after a blank one differs from the last command in no more than a
    /// word or two.
    fn is_again(&self, at: usize) -> bool {
        let parted = at.checked_sub(1).is_some_and(|before| self.texts[before].trim().is_empty());
        let last = self.session.typed.last();
        let text = self.texts[at].trim();
        let is_like =
            |last: &Typed| last.command.text.len() < LONGEST && are_alike(&last.command.text, text);
        parted && !self.notes && last.is_some_and(is_like)
    }

    /// Whether a variable that a line sets is used after it.
    fn is_used_later(&self, at: usize) -> bool {
        let name = assigned_name(self.texts[at].trim()).unwrap_or_default();
        self.variables.is_used_after(name, self.lines[at].number)
    }

    /// Whether something is known of what the last command prints.
    fn is_known(&self) -> bool {
        let last = self.session.typed.last();
        last.is_some_and(|last| last.expected() != Expected::Anything)
    }

    /// Whether the last command, or one that was not read, may print what is to be typed
    /// next.
    fn tells(&self) -> bool {
        let last = self.session.typed.last();
        last.is_some_and(|typed| typed.prints() > Printing::Report) || self.follows_doubt()
    }

    /// Whether a line that is no whole command stands after the last command.
    fn follows_doubt(&self) -> bool {
        let end = self.session.typed.last().map_or(0, |typed| typed.command.last_line);
        let last = self.session.doubts.last();
        last.is_some_and(|(line, doubt)| *line > end && matches!(doubt, Doubt::Broken(_)))
    }

    /// Whether what was printed announces a line after a prompt as something to be typed,
    /// or the line above it after such a prompt, and no output of its own follows it.
    pub(super) fn is_told(&self, at: usize, prompt: &Prompt) -> bool {
        let above = at.checked_sub(1).filter(|above| self.told == Some(*above));
        let again = above.is_some_and(|above| {
            let is_like = |found: &Prompt| found.kind == prompt.kind;
            self.lines[above].prompt().is_some_and(is_like)
                && !self.shows_its_own(at, self.texts[at][prompt.length..].trim())
        });
        self.printed && self.tells() && (self.is_announced(at) || again)
    }

    /// Whether a line is a path alone, or several names, as programs that list files
    /// print them.
    fn is_listed(&self, text: &str) -> bool {
        let last = self.session.typed.last();
        is_path_alone(text) && self.first.is_some()
            || last.is_some_and(|typed| is_listed_by(&typed.script, text))
    }

    /// Whether a word is one of the names that the last command lists, one a line.
    fn is_a_name_listed(&self, at: usize, last: &Typed) -> bool {
        let is_name =
            |line: &str| !line.trim().is_empty() && !line.trim().contains(char::is_whitespace);
        self.printed
            && is_name(self.texts[at])
            && at.checked_sub(1).is_some_and(|above| is_name(self.texts[above]))
            && lists_files(&last.script)
    }

    /// Whether the line follows the last command with nothing between.
    fn is_at_once(&self, at: usize) -> bool {
        self.ends.last().is_some_and(|(end, _)| {
            self.texts[*end..at].iter().all(|line| line.trim().is_empty() || is_comment(line))
        })
    }

    /// Whether the line before announces what comes as something to be typed: "You can
    /// now use your cluster with:".
    fn is_announced(&self, at: usize) -> bool {
        let before = self.texts[..at].iter().rev().find(|line| !line.trim().is_empty());
        before.is_some_and(|line| self.announces(line))
    }

    /// Whether the line before, or one above it with none blank between, announces
    /// several to be typed.
    fn are_announced(&self, at: usize) -> bool {
        self.announced || self.is_announced(at)
    }

    /// Whether a line may be a row of the table that is shown: it has as many words as
    /// the head, or nearly, and is no command of a tool.
    fn is_a_row(&self, text: &str) -> bool {
        // `<none>` stands in rows.
        const SIGNS: [&str; 7] = ["<<", " >", " |", "&&", "$", " -", "\""];
        let Some(columns) = self.table else {
            return false;
        };
        let words: Vec<&str> = text.split_whitespace().take(columns + 1).collect();
        let of_a_tool = || {
            let [program, command, ..] = words[..] else {
                return false;
            };
            subcommands(program).is_some_and(|known| is_listed(known, command))
        };
        let flagged = SIGNS.iter().any(|sign| text.contains(sign));
        words.len() + 1 >= columns && !flagged && !of_a_tool()
    }

    pub(super) fn announces(&self, line: &str) -> bool {
        // No report holds a comment: that one is the author's.
        let last = self.session.typed.last();
        let reports = last.is_some_and(|last| last.prints() == Printing::Report);
        line.trim_end().ends_with(':')
            && line.trim().contains(' ')
            && !(reports && is_comment(line))
    }
}

/// Whether a line is a statement of Python's, as people type them.
fn is_python(text: &str) -> bool {
    const WORDS: [&str; 7] = ["import ", "from ", "for ", "with ", "def ", "print ", "if "];
    text.contains(['(', '=']) || WORDS.iter().any(|word| text.starts_with(word))
}

/// Whether a line gives a variable what another command prints.
pub(in crate::lab) fn takes_an_answer(text: &str) -> bool {
    let text = text.trim();
    let assigned = text.strip_prefix("export ").unwrap_or(text);
    assigned_name(assigned)
        .is_some_and(|name| assigned[name.len()..].trim_start_matches(['=', '"']).starts_with("$("))
}

/// Whether a line only gives a variable a value that is written there.
fn is_literal_assignment(text: &str) -> bool {
    assigned_name(text.trim()).is_some() && !text.contains(['$', '`'])
}
