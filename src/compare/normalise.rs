//! What a reader sees of an output: without the terminal's line ends, colours,
//! overwritten text and trailing blanks.

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
    let plain = without_escapes(text);
    let mut lines: Vec<Line> = plain
        .split('\n')
        .enumerate()
        .map(|(offset, line)| Line { number: first + offset, text: shown(line) })
        .collect();
    while lines.last().is_some_and(Line::is_blank) {
        lines.pop();
    }
    lines
}

/// What stays on the screen of a line that returns to its start: progress is
/// shown that way, each state over the one before.
fn shown(line: &str) -> String {
    let last = line.rsplit('\r').find(|part| !part.trim().is_empty()).unwrap_or("");
    let mut text = String::with_capacity(last.len());
    for char in last.chars() {
        match char {
            '\u{8}' => {
                text.pop();
            }
            '\t' => text.push(char),
            _ if char.is_control() => {}
            _ => text.push(char),
        }
    }
    text.truncate(text.trim_end().len());
    text
}

/// Leaves out the escape sequences of ECMA-48: control sequences (`ESC [`),
/// strings such as a window's title (`ESC ]`), and the short ones.
fn without_escapes(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        if char != '\u{1b}' {
            plain.push(char);
            continue;
        }
        match chars.next() {
            Some('[') => {
                for part in chars.by_ref() {
                    if ('\u{40}'..='\u{7e}').contains(&part) {
                        break;
                    }
                }
            }
            Some(']' | 'P' | 'X' | '^' | '_') => {
                while let Some(part) = chars.next() {
                    if part == '\u{7}' {
                        break;
                    }
                    if part == '\u{1b}' {
                        chars.next_if_eq(&'\\');
                        break;
                    }
                }
            }
            Some(' '..='/') => {
                while chars.next_if(|part| (' '..='/').contains(part)).is_some() {}
                chars.next();
            }
            _ => {}
        }
    }
    plain
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
