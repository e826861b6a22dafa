//! Which prompts are a page's own: decided for the page and the fence, not for
//! the line.

use super::fences::Class;
use super::programs::{is_shaped_like_a_command, is_surely_a_command};
use super::prompts::{Kind, Prompt, prompt};
use super::session::{Line, first_prompt, is_comment};
use super::words::Script;

impl Kind {
    /// Whether the prompt's mark is also common in outputs and prose (`> quoted`,
    /// `# comment`, `% Total`), so that it counts only before what is surely a
    /// command.
    pub(super) fn is_common(&self) -> bool {
        matches!(self, Self::Greater | Self::Hash | Self::Percent)
    }

    /// Whether what follows this prompt is a command.
    pub(super) fn introduces(&self, text: &str) -> bool {
        if self.is_common() { is_surely_a_command(text) } else { is_shaped_like_a_command(text) }
    }
    /// Whether what follows this prompt is the first line of a command.
    pub(super) fn begins(&self, line: &str) -> bool {
        if self.is_common() { begins_surely(line) } else { is_shaped_like_a_command(line) }
    }
}

/// The prompts of a page.
#[derive(Debug, Default)]
pub(super) struct Dialect {
    /// Whether the page shows prompts other than root's.
    pub(super) prompts: bool,
    /// The page's own prompt: the first one. Another kind may be a program's, or
    /// stand in a text that was printed.
    own: Option<Kind>,
    /// The user and host of the page's own prompt.
    host: Option<String>,
    /// A step opened a shell: a new user and host may be the inner one's.
    pub(super) inside: bool,
}

impl Dialect {
    /// Looks at all fences of a page.
    pub(super) fn new(fences: &[(Class, Vec<Line>)]) -> Self {
        let shown = |lines: &[Line]| {
            let (prompt, rest) = first_prompt(lines)?;
            let kind = prompt.kind;
            let shows = kind != Kind::Hash && (!kind.is_common() || kind.begins(rest));
            shows.then_some(kind)
        };
        let mut kinds = fences
            .iter()
            .filter(|(class, _)| class.may_prompt())
            .filter_map(|(_, lines)| shown(lines))
            .peekable();
        let prompts = kinds.peek().is_some();
        Self { prompts, own: kinds.find(|kind| *kind != Kind::Foreign), ..Self::default() }
    }

    /// The prompt at a fence's beginning, if it is one.
    pub(super) fn prompt_of(&self, class: Class, lines: &[Line]) -> Option<Prompt> {
        if !class.may_prompt() {
            return None;
        }
        if let Some((prompt, rest)) = first_prompt(lines)
            && (!prompt.kind.is_common() || prompt.kind.begins(rest))
        {
            // `$ 5.00` in a plain fence is money.
            let plain = class == Class::Plain && matches!(prompt.kind, Kind::Dollar);
            let begins = rest.starts_with(|c: char| c.is_ascii_lowercase() || "./~".contains(c));
            return (!plain || begins).then_some(prompt);
        }
        if self.prompts || class == Class::Shell { None } else { root_prompt(lines) }
    }

    /// Whether a prompt is that of the page's own shell.
    pub(super) fn owns(&mut self, kind: &Kind) -> bool {
        let Kind::Host(host) = kind else {
            // `$ ` is never anything else than a prompt; `> ` and `% ` are.
            let own = self.own.as_ref().is_none_or(|own| own == kind);
            return *kind != Kind::Foreign && (own || !kind.is_common());
        };
        if self.host.is_none() && !self.inside {
            self.host = Some(host.clone());
        }
        self.host.as_ref() == Some(host)
    }
}

/// Root's prompt, where each such line of the fence is a command, and no other
/// line is: otherwise the marks are those of comments.
fn root_prompt(lines: &[Line]) -> Option<Prompt> {
    let mut root = None;
    for (_, line) in lines.iter().filter(|(_, line)| !line.trim().is_empty()) {
        if is_comment(line) {
            let prompt = prompt(line)?;
            if !is_surely_a_command(line[prompt.length..].trim_end()) {
                return None;
            }
            root = root.or(Some(prompt));
        } else if root.is_none() || is_surely_a_command(line.trim()) {
            return None;
        }
    }
    root
}

/// Whether a line is surely a command, or the first line of one.
fn begins_surely(text: &str) -> bool {
    if is_surely_a_command(text) {
        return true;
    }
    let script = Script::new(text);
    let commands = script.commands();
    let end = commands.first().and_then(|first| first.words.last()).map_or(0, |word| word.span.end);
    // Without the word that is open at the line's end.
    let begun = text.get(..end).unwrap_or_default().trim_end_matches(['\\', '\'', '"']);
    script.open.is_some() && is_surely_a_command(begun)
}
