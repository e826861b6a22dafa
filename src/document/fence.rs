//! A fenced code block and the places of its lines.

use std::ops::Range;

use super::tabs::Tab;

/// A fenced code block as its author meant it, in whatever container it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fence {
    /// The line of the opening fence, counted from 1.
    pub open: usize,
    /// The line of the closing fence; none where the fence is never closed.
    pub close: Option<usize>,
    /// What follows the opening fence on its line, trimmed.
    pub info: String,
    /// The language that the info string names, in lower case; empty without one.
    pub language: String,
    /// The lines between the two fences.
    pub lines: Vec<FenceLine>,
    /// The tab of the page that shows the fence: others of its group are
    /// alternatives to it.
    pub tab: Option<Tab>,
    /// Where what the author meant is not what Markdown makes of it.
    pub flaws: Vec<Flaw>,
    /// The character of the fence, a backtick or a tilde.
    pub(super) mark: u8,
    /// The bytes of the opening fence's run of marks.
    pub(super) open_marks: Range<usize>,
    /// The bytes of the closing fence's run of marks.
    pub(super) close_marks: Option<Range<usize>>,
}

/// A line inside a fence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FenceLine {
    /// The line's number on the page, counted from 1.
    pub number: usize,
    /// The bytes after the container's prefix, without the line end.
    pub content: Range<usize>,
    /// How many columns of a tab, of which the container took the others, belong
    /// to the content.
    pub padding: usize,
}

/// Why Markdown shows something else than the fence that the author meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// The opening fence is indented so far (a tab, four spaces) that it is text
    /// of a paragraph or of an indented block.
    Indented,
    /// It stands in HTML, with no blank line after the tag: it is raw HTML.
    InHtml,
    /// An invisible character stands before its marks: they are text.
    Invisible,
    /// The closing fence is none: it has fewer marks than the opening one, or
    /// text after them.
    Closer,
    /// Its lines leave the list or the quote that the opening fence stands in,
    /// which ends it there.
    Escapes,
    /// It is not closed where another one opens, so that one is swallowed.
    Misnested {
        /// The line that opens the other one.
        line: usize,
    },
}

impl Fence {
    /// The last line of the fence: its closing fence or, where it is never
    /// closed, its last line.
    pub fn last_line(&self) -> usize {
        let inside = self.lines.last().map_or(self.open, |line| line.number);
        self.close.unwrap_or(inside)
    }
}

/// The language that an info string names: its first word, or the first class of
/// `{ .bash .no-copy }`, without what tools append (`bash,ignore`,
/// `shell{{exec}}`, `bash=`). `{code-block} bash` is Sphinx's for `bash`, and `{bash}` R
/// Markdown's.
pub(super) fn language(info: &str) -> String {
    let info = info.trim_start();
    let word = match info.strip_prefix('{').filter(|braced| !braced.starts_with('{')) {
        Some(braced) => {
            let (attributes, after) = braced.split_once('}').unwrap_or((braced, ""));
            let mut attributes = attributes.split_whitespace();
            let class = attributes.clone().find_map(|attribute| attribute.strip_prefix('.'));
            let directive = attributes.next().filter(|word| !word.contains(['#', '=', ':']));
            let after = after.trim_start();
            class.or(Some(after).filter(|after| !after.is_empty())).or(directive).unwrap_or("")
        }
        None => info,
    };
    let end = word
        .find(|c: char| c.is_whitespace() || matches!(c, ',' | '{' | '[' | ':' | ';' | '?' | '='))
        .unwrap_or(word.len());
    let word = word[..end].to_lowercase();
    ["language-", "lang-"]
        .iter()
        .find_map(|before| word.strip_prefix(before))
        .unwrap_or(&word)
        .into()
}

#[cfg(test)]
mod tests {
    use super::language;

    #[test]
    fn the_language_is_the_first_word() {
        let infos = [
            ("Bash", "bash"),
            ("bash title=\"x\" timeout=240", "bash"),
            ("bash {linenos=true}", "bash"),
            ("bash{1,3}", "bash"),
            ("bash[a.sh]", "bash"),
            ("{ .console .no-copy }", "console"),
            ("{.sh}", "sh"),
            ("{#id .sh key=value}", "sh"),
            ("{code-block} console", "console"),
            ("{bash}", "bash"),
            ("{bash, eval=FALSE}", "bash"),
            ("{linenos=true}", ""),
            ("language-sh", "sh"),
            ("bash=1", "bash"),
            ("shell{{exec}}", "shell"),
            ("{{exec}}", ""),
            ("sh,ignore", "sh"),
            ("", ""),
        ];
        for (info, named) in infos {
            assert_eq!(language(info), named, "{info}");
        }
    }
}
