//! A fenced code block and the places of its lines.

use std::ops::Range;

/// A fenced code block, in whatever container it stands.
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
/// `shell{{exec}}`).
pub(super) fn language(info: &str) -> String {
    let info = info.trim_start();
    let word = match info.strip_prefix('{') {
        Some(attributes) => attributes
            .split(|c: char| c.is_whitespace() || c == '}')
            .find_map(|attribute| attribute.strip_prefix('.'))
            .unwrap_or_default(),
        None => info,
    };
    let end = word
        .find(|c: char| c.is_whitespace() || matches!(c, ',' | '{' | ':' | ';'))
        .unwrap_or(word.len());
    word[..end].to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::language;

    #[test]
    fn the_language_is_the_first_word() {
        let infos = [
            "Bash",
            "bash title=\"x\" timeout=240",
            "{ .console .no-copy }",
            "shell{{exec}}",
            "sh,ignore",
            "",
        ];
        assert_eq!(infos.map(language), ["bash", "bash", "console", "shell", "sh", ""]);
    }
}
