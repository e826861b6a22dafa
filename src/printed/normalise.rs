//! What a reader sees of an output: without the terminal's line ends, colours,
//! overwritten text and trailing blanks.

use crate::terminal_text;

/// A line of an output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// Counted from 1: of the page where it is recorded, of the output where it
    /// is new.
    pub(crate) number: usize,
    /// The text, with no trailing blanks.
    pub(crate) text: String,
}

impl Line {
    /// Whether nothing stands on it.
    pub(crate) fn is_blank(&self) -> bool {
        self.text.is_empty()
    }
}

/// The lines of an output, the first of which is numbered `first`.
pub(crate) fn lines(text: &str, first: usize) -> Vec<Line> {
    let screen = terminal_text::shown(text.as_bytes());
    let mut lines: Vec<Line> = String::from_utf8_lossy(&screen)
        .split('\n')
        .enumerate()
        .map(|(offset, line)| Line { number: first + offset, text: line.trim_end().to_owned() })
        .collect();
    while lines.last().is_some_and(Line::is_blank) {
        lines.pop();
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        lines(text, 1).into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn a_terminals_line_ends_and_trailing_blanks_are_nothing() {
        assert_eq!(texts("a  \r\nb\t\r\n\r\n"), ["a", "b"]);
    }

    #[test]
    fn colours_titles_and_charsets_are_nothing() {
        assert_eq!(texts("\u{1b}]0;title\u{7}\u{1b}[1;32mok\u{1b}[0m \u{1b}(Bx"), ["ok x"]);
        assert_eq!(texts("\u{1b}]0;title\u{1b}\\ok\u{1b}"), ["ok"]);
    }

    #[test]
    fn progress_shows_its_last_state() {
        assert_eq!(texts("10%\r50%\r100%\r\ndone"), ["100%", "done"]);
        assert_eq!(texts("ab\u{8}c"), ["ac"]);
    }

    #[test]
    fn lines_are_numbered_from_the_place_on_the_page() {
        let lines = lines("a\n\nb", 7);
        assert_eq!(lines.iter().map(|line| line.number).collect::<Vec<_>>(), [7, 8, 9]);
        assert!(lines[1].is_blank());
    }
}
