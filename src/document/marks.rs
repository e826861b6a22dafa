//! The lines that begin with a run of a fence's marks, in whatever container.

use std::ops::Range;

use super::lines::Lines;

/// The width of a tab, as Markdown counts columns.
pub(super) const TAB: usize = 4;

/// A line that may open or close a fence.
#[derive(Debug, Clone)]
pub(super) struct MarkLine {
    /// The line's number, counted from 1.
    pub(super) line: usize,
    /// The bytes of the run of marks.
    pub(super) marks: Range<usize>,
    /// A backtick or a tilde.
    pub(super) mark: u8,
    /// The column of the marks, counted from 0; tabs and all that stands before.
    pub(super) column: usize,
    /// How many quotes' marks stand before.
    pub(super) quotes: usize,
    /// The marker of a list stands before, so it closes nothing.
    pub(super) listed: bool,
    /// An invisible character stands before, which Markdown takes for text.
    pub(super) invisible: bool,
    /// What follows the marks.
    pub(super) rest: Rest,
}

/// What follows a run of marks on its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rest {
    /// Nothing: it closes a fence, or opens one without a language.
    Blank,
    /// What no info string begins with, such as Killercoda's `{{exec}}` or a tag:
    /// its author closes a fence.
    Tail,
    /// An info string: its author opens a fence.
    Info,
    /// Several words: an odd info string, or text after a closing fence.
    Words,
}

/// The fewest marks of an opening fence.
pub(super) const FEWEST: usize = 3;

/// Characters that take no place and that editors put into a page unseen.
pub(super) fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

impl MarkLine {
    /// Whether it may open a fence.
    pub(super) fn opens(&self) -> bool {
        self.marks.len() >= FEWEST && self.rest != Rest::Tail
    }

    /// Whether it would, had it enough marks, close a fence of `mark` at `column`
    /// inside `quotes` quotes, or open another one in it.
    pub(super) fn may_concern(&self, mark: u8, column: usize, quotes: usize) -> bool {
        self.mark == mark
            && self.column < column + TAB
            && self.quotes <= quotes
            && !(self.listed && self.rest == Rest::Blank)
    }

    /// Whether it closes a fence that `opener` opens, or opens another one inside.
    /// Four columns more than the opening fence's make it an ordinary line.
    pub(super) fn concerns(&self, opener: &Self) -> bool {
        self.marks.len() >= opener.marks.len()
            && self.may_concern(opener.mark, opener.column, opener.quotes)
    }
}

/// All such lines of a page. A run of two backticks is among them only where it
/// stands alone: it may be meant for a closing fence.
pub(super) fn mark_lines(text: &str, lines: &Lines) -> Vec<MarkLine> {
    let numbers = 1..=lines.count();
    numbers.filter_map(|number| mark_line(text, number, lines.content(number), 0)).collect()
}

/// The marks that a line begins with, whose bytes are `content` and whose first
/// column is `column`.
pub(super) fn mark_line(
    text: &str,
    line: usize,
    content: Range<usize>,
    mut column: usize,
) -> Option<MarkLine> {
    let bytes = text.as_bytes();
    // Most lines end here.
    let first = bytes[content.clone()].iter().find(|byte| !matches!(byte, b' ' | b'\t'))?;
    if first.is_ascii_alphabetic() {
        return None;
    }
    let mut at = content.start;
    let mut quotes = 0;
    let (mut listed, mut invisible) = (false, false);
    while at < content.end {
        match bytes[at] {
            b' ' => column += 1,
            b'\t' => column += TAB - column % TAB,
            b'>' => {
                quotes += 1;
                column += 1;
            }
            b'-' | b'+' | b'*' | b'0'..=b'9' => {
                let length = list_marker(&bytes[at..content.end])?;
                listed = true;
                column += length;
                at += length;
                continue;
            }
            b'`' | b'~' => break,
            _ => {
                let character = text[at..].chars().next()?;
                if !is_invisible(character) && character != '\u{a0}' {
                    return None;
                }
                // A byte order mark at the page's start is no part of the line.
                invisible |= at > 0 || character != '\u{feff}';
                column += usize::from(character == '\u{a0}');
                at += character.len_utf8();
                continue;
            }
        }
        at += 1;
    }
    let mark = *bytes[..content.end].get(at)?;
    let length = bytes[at..content.end].iter().take_while(|&&byte| byte == mark).count();
    let rest = rest(&text[at + length..content.end], mark)?;
    let is_typo = length + 1 == FEWEST && mark == b'`' && rest == Rest::Blank;
    (length >= FEWEST || is_typo).then(|| MarkLine {
        line,
        marks: at..at + length,
        mark,
        column,
        quotes,
        listed,
        invisible,
        rest,
    })
}

/// The length of the marker of a list at the start of `line`.
pub(super) fn list_marker(line: &[u8]) -> Option<usize> {
    let digits = line.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let marks: &[u8] = if digits == 0 { b"-+*" } else { b".)" };
    let blank = line.get(digits + 1).is_none_or(|byte| matches!(byte, b' ' | b'\t'));
    (digits < 10 && blank && marks.contains(line.get(digits)?)).then_some(digits + 1)
}

/// What follows the marks; none where that makes them a span of code.
fn rest(text: &str, mark: u8) -> Option<Rest> {
    if text.trim_ascii().is_empty() {
        return Some(Rest::Blank);
    }
    if mark == b'`' && text.contains('`') {
        return None;
    }
    let text = text.trim_matches(|c: char| c.is_whitespace() || is_invisible(c));
    if text.is_empty() || text.starts_with("{{") {
        return Some(Rest::Tail);
    }
    let begins_info = |c: char| c.is_alphanumeric() || matches!(c, '{' | '[');
    // `.bash`, `#!bash`
    let sign = text.strip_prefix(['.', '#', '!']).unwrap_or(text);
    if !sign.trim_start_matches('!').starts_with(begins_info) {
        return Some(Rest::Tail);
    }
    let mut words = text.split_whitespace();
    let first = words.next().unwrap_or_default();
    let plain = |word: &str| !word.contains(['=', '{', '}', '[', '"', '/', '#', ':']);
    let only_words = plain(first) && words.clone().next().is_some() && words.all(plain);
    Some(if only_words { Rest::Words } else { Rest::Info })
}

/// Where the content of a line of a fence begins.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Start {
    /// Its first byte.
    pub(super) at: usize,
    /// How many columns of a tab before it belong to it.
    pub(super) padding: usize,
    /// The line is not as far to the right as the opening fence.
    pub(super) short: bool,
}

/// Where the content of a line begins, of a fence whose opening fence stands at
/// `column` inside `quotes` quotes.
pub(super) fn content_start(
    text: &str,
    line: &Range<usize>,
    column: usize,
    quotes: usize,
) -> Start {
    let (mut seen, mut left) = (0, quotes);
    for (index, &byte) in text.as_bytes()[line.clone()].iter().enumerate() {
        let at = line.start + index;
        if seen >= column {
            return Start { at, padding: seen - column, short: false };
        }
        match byte {
            b' ' => seen += 1,
            b'\t' => seen += TAB - seen % TAB,
            b'>' if left > 0 => {
                left -= 1;
                seen += 1;
            }
            _ => return Start { at, padding: 0, short: true },
        }
    }
    Start { at: line.end, padding: seen.saturating_sub(column), short: false }
}

#[cfg(test)]
mod tests {
    use super::{Lines, Rest, content_start, mark_lines};

    /// Column, quotes, marks and rest of the one line of marks in `text`.
    fn seen(text: &str) -> Option<(usize, usize, usize, Rest)> {
        let found = mark_lines(text, &Lines::new(text.as_bytes()));
        found.first().map(|mark| (mark.column, mark.quotes, mark.marks.len(), mark.rest))
    }

    #[test]
    fn marks_are_found_behind_every_prefix() {
        assert_eq!(seen("```bash"), Some((0, 0, 3, Rest::Info)));
        assert_eq!(seen("\t~~~~"), Some((4, 0, 4, Rest::Blank)));
        assert_eq!(seen("> - 10) ``` sh"), Some((8, 1, 3, Rest::Info)));
        assert_eq!(seen("\u{200b}```"), Some((0, 0, 3, Rest::Blank)));
        assert_eq!(seen("``"), Some((0, 0, 2, Rest::Blank)));
        for none in ["a ```", "```a```", "``a", "-```", "~~", "*a*"] {
            assert_eq!(seen(none), None, "{none}");
        }
    }

    #[test]
    fn what_follows_the_marks_tells_opening_from_closing() {
        let rests = [
            ("```  \r", Rest::Blank),
            ("```{{exec}}", Rest::Tail),
            ("```</details>", Rest::Tail),
            ("```\u{a0}", Rest::Tail),
            ("```{.bash}", Rest::Info),
            ("```bash title=\"a b\"", Rest::Info),
            ("``` and then", Rest::Words),
        ];
        for (line, rest) in rests {
            assert_eq!(seen(line).map(|seen| seen.3), Some(rest), "{line}");
        }
    }

    #[test]
    fn a_prefix_is_taken_up_to_the_column_of_the_opening_fence() {
        let start = |text: &str, column, quotes| {
            let start = content_start(text, &(0..text.len()), column, quotes);
            (start.at, start.padding, start.short)
        };
        assert_eq!(start("      a", 4, 0), (4, 0, false));
        assert_eq!(start("\ta", 2, 0), (1, 2, false));
        assert_eq!(start(" a", 4, 0), (1, 0, true));
        assert_eq!(start("> > a", 2, 1), (2, 0, false));
        assert_eq!(start("\t", 2, 0), (1, 2, false));
        assert_eq!(start("", 2, 0), (0, 0, false));
    }
}
