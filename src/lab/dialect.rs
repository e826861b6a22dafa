//! Which prompts are a page's own: decided for the page and the fence, not for
//! the line.

mod root;

use std::collections::{HashMap, HashSet};

use super::known::{is_known, stands_alone, subcommands};
use super::languages::Class;
use super::line::{Line, is_comment};
use super::parts::is_terminals_name;
use super::powershell::is_powershell;
use super::programs::{begins_surely, is_likely_a_command, is_surely_a_command, may_be_typed};
use super::prompts::{Kind, Prompt, is_a_containers};
use super::recognisers::recognise;
use root::root_prompt;

/// The prompts of a page, and which program the reader is in.
#[derive(Debug, Default)]
pub(super) struct Dialect {
    /// The page's own prompt: the first one that is no comment's mark.
    own: Option<Kind>,
    /// The prompts at the beginnings of fences.
    shown: HashSet<Kind>,
    /// Prompts of the page's own, as they are written: known because somewhere
    /// what is surely a command stands after them.
    learned: Vec<(String, Kind)>,
    /// How often names stand before a blank and a mark that begins notes, too, and
    /// whether an output follows one of them.
    notes: HashMap<Kind, (usize, bool)>,
    /// A fence of the page shows what a command after root's prompt printed.
    root: bool,
    /// A shell's fence of the page begins with a command that has no prompt.
    bare: bool,
    /// For each program that was opened and not left, the prompt that it was
    /// opened at.
    levels: Vec<Option<Kind>>,
}

/// Marks that begin notes, too, after a blank.
const NOTES: [&str; 2] = [" #", " >"];

/// How many bespoke prompts of a page are kept.
const MOST_LEARNED: usize = 16;

/// How many lines may stand before the first prompt of a fence.
const MOST_BEFORE: usize = 8;

impl Dialect {
    /// Looks at all fences of a page.
    pub(super) fn new<'l>(fences: impl Iterator<Item = (Class, &'l [Line<'l>])> + Clone) -> Self {
        let mut dialect = Self::default();
        let fences = fences.filter(|(class, _)| class.may_prompt());
        fences.clone().for_each(|(_, lines)| dialect.count(lines));
        for (class, lines) in fences {
            dialect.learn(lines);
            dialect.root |= root_prompt(Class::Shell, lines).is_some();
            dialect.bare |= class != Class::Plain && begins_bare(lines);
            let Some((prompt, rest)) =
                first_prompt(lines).filter(|(prompt, _)| !dialect.is_noted(&prompt.kind))
            else {
                continue;
            };
            let kind = &prompt.kind;
            if *kind == Kind::Hash
                || !dialect.introduces_in(class, kind, rest)
                || is_money(kind, class, rest)
            {
                continue;
            }
            if dialect.own.is_none() && kind.is_a_shells() {
                dialect.own = Some(kind.clone());
            }
            if !dialect.shown.contains(kind) {
                dialect.shown.insert(kind.clone());
            }
        }
        dialect
    }

    /// Whether the page's commands are root's: beside commands without prompts, `# ` as
    /// likely begins comments.
    fn is_roots(&self) -> bool {
        self.root && !self.bare
    }

    /// Looks for names before marks of notes, and whether an output follows one.
    fn count(&mut self, lines: &[Line<'_>]) {
        for (at, line) in lines.iter().enumerate() {
            if let Some(found) = line.prompt()
                && let Kind::Named(name) = &found.kind
                && name.ends_with(['#', '>'])
                && !name.starts_with('/')
                && !line.text.trim_start().starts_with('[')
                && NOTES.iter().any(|mark| line.text[..found.length].trim_end().ends_with(mark))
            {
                let next = lines.get(at + 1).and_then(|next| recognise(&next.text));
                let (count, shown) = self.notes.entry(found.kind.clone()).or_default();
                *count += 1;
                *shown |= next.is_some_and(|found| !found.is_common);
            }
        }
    }

    /// Whether a prompt is as likely the text before a note: `make # kubectl apply`, or
    /// one that stands once on the page, before no output.
    fn is_noted(&self, kind: &Kind) -> bool {
        let Kind::Named(name) = kind else {
            return false;
        };
        let is_program = is_known(name.trim_end_matches(['#', '>']));
        self.notes.get(kind).is_some_and(|(count, shown)| {
            is_program || *count == 1 && !shown && !is_a_containers(kind)
        })
    }

    /// Keeps the bespoke prompts of a fence.
    fn learn(&mut self, lines: &[Line<'_>]) {
        for line in lines {
            if let Some(found) = line.prompt()
                && let Kind::Named(name) = &found.kind
                && !name.starts_with('/')
                && !self.is_noted(&found.kind)
                && begins_surely(line.text[found.length..].trim_end())
            {
                let written = line.text[found.indent..found.length].trim_end().to_owned();
                if self.learned.len() < MOST_LEARNED
                    && !self.learned.iter().any(|(known, _)| *known == written)
                {
                    self.learned.push((written, found.kind.clone()));
                }
            }
        }
    }

    /// The prompt that begins a line: one that is known by its shape, or that the
    /// page has elsewhere.
    pub(super) fn prompt(&self, line: &Line<'_>) -> Option<Prompt> {
        if line.prompt().is_some_and(|found| self.is_noted(&found.kind)) {
            return None;
        }
        line.prompt().cloned().or_else(|| {
            let line = line.text.as_ref();
            let rest = line.trim_start();
            let (written, kind) =
                self.learned.iter().find(|(written, _)| rest.starts_with(written.as_str()))?;
            let after = &rest[written.len()..];
            let blanks = after.len() - after.trim_start().len();
            let indent = line.len() - rest.len();
            (blanks > 0 || after.is_empty()).then(|| Prompt {
                kind: kind.clone(),
                indent,
                length: indent + written.len() + blanks,
            })
        })
    }

    /// Whether the page has prompts.
    pub(super) fn has_prompts(&self) -> bool {
        self.own.is_some()
    }

    /// Whether a fence of the page begins with this prompt.
    pub(super) fn has_shown(&self, kind: &Kind) -> bool {
        self.shown.contains(kind)
    }

    /// Whether this prompt is another one than that of the page's first commands.
    pub(super) fn is_other(&self, kind: &Kind) -> bool {
        self.own.as_ref().is_some_and(|own| own != kind)
    }

    /// Whether a prompt is that of another machine than the page's own.
    pub(super) fn is_elsewhere(&self, kind: &Kind) -> bool {
        let host = |kind: &Kind| match kind {
            Kind::Host(name) => name.rsplit(['@', '㉿']).next().map(str::to_owned),
            _ => None,
        };
        let own = self.own.as_ref().and_then(host);
        !self.is_inside() && own.is_some() && host(kind).is_some_and(|other| own != Some(other))
    }

    /// The prompt of a fence, if it has one: at its beginning, or after lines that
    /// are no commands (what was printed before, a name for the terminal).
    pub(super) fn prompt_of(&self, class: Class, lines: &[Line<'_>]) -> Option<Prompt> {
        if !class.may_prompt() && class != Class::Data {
            return None;
        }
        let data = class == Class::Data;
        let begins = lines.iter().find(|line| !line.is_blank());
        if self.is_roots()
            && !data
            && begins.is_some_and(|line| is_comment(&line.text))
            && let Some(prompt) = root_prompt(Class::Console, lines)
        {
            return Some(prompt);
        }
        let content = lines.iter().filter(|line| line.is_content());
        let mut before = "";
        let indent = begins.map_or(0, |line| line.text.len() - line.text.trim_start().len());
        for (place, line) in content.enumerate() {
            let found = self.prompt(line);
            let line = line.text.as_ref();
            // "To get started, run:" is said by what was printed.
            let before = std::mem::replace(&mut before, line).trim_end();
            let told = [":", ", run", ", use"].iter().any(|end| before.ends_with(end));
            let marked = found.as_ref().is_some_and(|found| {
                matches!(found.kind, Kind::Dollar | Kind::Greater | Kind::Percent)
            });
            if told && marked && before.trim().contains(' ') && !is_terminals_name(before) {
                break;
            }
            // A hint is indented below the text that leads on to it.
            let found = found.filter(|found| {
                place == 0 || !matches!(found.kind, Kind::Theme(_)) || found.indent <= indent
            });
            let Some(found) = found else {
                // A fence that begins with a command has no prompt; nor has one of
                // data, and what stands deep in a text is no prompt.
                let ends = data || place > MOST_BEFORE || is_surely_a_command(line.trim());
                if ends && !stands_alone(line.trim()) {
                    break;
                }
                continue;
            };
            let rest = line[found.length..].trim_end();
            let first = place == 0;
            let is_one = if first && !data {
                self.introduces_in(class, &found.kind, rest)
                    || self.is_inside() && may_be_inner(&found.kind, rest)
            } else {
                let tools =
                    || rest.split(' ').next().is_some_and(|name| subcommands(name).is_some());
                (!found.kind.is_common() || data && tools())
                    && begins_surely(rest)
                    && (self.has_shown(&found.kind)
                        // A path before a note is a program: `~/run # start it`.
                        || !data && line.trim_start().starts_with("/ # ")
                        || !matches!(found.kind, Kind::Named(_) | Kind::Own(_)))
                    || self.is_inside() && matches!(found.kind, Kind::Program(_) | Kind::Named(_))
            };
            if is_one && !is_money(&found.kind, class, rest) {
                return Some(found);
            }
            // An empty prompt waits; the next one tells.
            if !rest.is_empty() && is_surely_a_command(line.trim()) {
                break;
            }
        }
        if data {
            return None;
        }
        if let Some(prompt) = self.inner_root(lines) {
            return Some(prompt);
        }
        // On a page with other prompts, what root's commands print must be known, there
        // or in another fence.
        let class = match class {
            _ if self.is_roots() => Class::Console,
            _ if self.has_prompts() => Class::Shell,
            class => class,
        };
        root_prompt(class, lines)
    }

    /// Root's prompt inside a program that was opened before.
    fn inner_root(&self, lines: &[Line<'_>]) -> Option<Prompt> {
        root_prompt(Class::Plain, lines).filter(|_| self.is_inside())
    }

    /// As [`Dialect::introduces`], for the first prompt of a fence: in plain text the
    /// marks of prompts are also those of prose and of drawings.
    fn introduces_in(&self, class: Class, kind: &Kind, rest: &str) -> bool {
        let marks = matches!(
            kind,
            Kind::Dollar | Kind::Theme(_) | Kind::Named(_) | Kind::Own(_) | Kind::Marks(_)
        );
        let sure = || rest.is_empty() || begins_surely(rest) || is_likely_a_command(rest);
        self.introduces(kind, rest)
            && (class != Class::Plain || !marks || self.has_shown(kind) || sure())
    }

    /// Whether what follows this prompt is a command, or the first line of one.
    pub(super) fn introduces(&self, kind: &Kind, rest: &str) -> bool {
        match kind {
            _ if kind.is_common() => begins_surely(rest),
            Kind::Named(_) => may_be_typed(rest) && !rest.ends_with(':'),
            Kind::Program(name) => self.is_inside() || is_surely_a_program(name),
            Kind::Windows => may_be_typed(rest) || is_powershell(rest),
            // What a theme shows above its prompt begins with its mark, too.
            Kind::Theme('→' | '⇒' | '›' | '»' | '▶' | '⟩') => begins_surely(rest),
            Kind::Theme(_) => {
                let begins = rest
                    .starts_with(|c: char| c.is_ascii_lowercase() || "./~$({'\"\\[".contains(c));
                begins && may_be_typed(rest) || begins_surely(rest)
            }
            _ => may_be_typed(rest),
        }
    }

    /// Whether a program that reads what is typed next was opened and not left.
    pub(super) fn is_inside(&self) -> bool {
        !self.levels.is_empty()
    }

    /// The programs that are open, to go back to.
    pub(super) fn levels(&self) -> Vec<Option<Kind>> {
        self.levels.clone()
    }

    /// Forgets what was opened and left since [`Dialect::levels`].
    pub(super) fn go_back_to(&mut self, levels: Vec<Option<Kind>>) {
        self.levels = levels;
    }

    /// A program was opened at this prompt.
    pub(super) fn enter(&mut self, at: Option<Kind>) {
        self.levels.push(at);
    }

    /// The program that was opened last was left.
    pub(super) fn leave(&mut self) {
        self.levels.pop();
    }

    /// All programs were left.
    pub(super) fn leave_all(&mut self) {
        self.levels.clear();
    }

    /// Whether a prompt is the one at which the first of the programs was opened.
    /// A mark alone may as well be the inner shell's.
    pub(super) fn returns(&self, kind: &Kind) -> bool {
        self.levels.first().is_some_and(|at| at.as_ref() == Some(kind))
            && !matches!(kind, Kind::Hash)
    }

    /// Whether what stands after a prompt is typed inside another program.
    pub(super) fn is_nested(&self, kind: &Kind) -> bool {
        if matches!(kind, Kind::Program(_)) || self.is_inside() || is_a_containers(kind) {
            return true;
        }
        // `/ $ ` is what a container's shell shows, where the page's own is another.
        matches!(kind, Kind::Named(name) if name.starts_with('/')) && self.is_other(kind)
    }
}

/// Whether a fence begins with a command that has no prompt.
fn begins_bare(lines: &[Line<'_>]) -> bool {
    lines.iter().find(|line| !line.is_blank()).is_some_and(|line| {
        line.prompt().is_none() && !is_comment(&line.text) && begins_surely(line.text.trim())
    })
}

/// The prompt of the first line that says something, and what stands after it.
fn first_prompt<'l>(lines: &'l [Line<'_>]) -> Option<(&'l Prompt, &'l str)> {
    let line = lines.iter().find(|line| line.is_content())?;
    line.prompt().map(|prompt| (prompt, line.text[prompt.length..].trim_end()))
}

/// Whether a prompt may be that of a program that was opened.
pub(super) fn may_be_inner(kind: &Kind, rest: &str) -> bool {
    match kind {
        Kind::Greater | Kind::Percent => false,
        Kind::Hash => rest.is_empty() || begins_surely(rest),
        Kind::Program(_) => true,
        _ => rest.is_empty() || may_be_typed(rest),
    }
}

/// Whether only a program prints this as its prompt: `test>` and `node>` may
/// as well stand in a text.
pub(super) fn is_surely_a_program(name: &str) -> bool {
    // `name=> value` is what programs print, too.
    !matches!(
        name,
        "test"
            | "admin"
            | "local"
            | "node"
            | "influx"
            | "SQL"
            | "etcd"
            | "telnet"
            | ""
            | "=>"
            | "->"
    )
}

/// `$ 5.00` in a plain fence is money.
fn is_money(kind: &Kind, class: Class, rest: &str) -> bool {
    let begins =
        rest.starts_with(|c: char| c.is_ascii_alphabetic() || "./~([{'\"!_\\$".contains(c));
    class == Class::Plain && *kind == Kind::Dollar && !begins
}
