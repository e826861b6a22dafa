//! What a terminal shows of what a program printed: one emulation for the
//! comparison of an output and for the page that is written of it, so that a
//! page that was judged the same stays the same.
//!
//! Each line is a row of cells. CR and backspace move to an earlier cell, and
//! what follows is written over it; `ESC [ K` erases. Sequences for colours,
//! titles and character sets leave nothing, nor do other control characters
//! except the tab. A sequence ends with its line at the latest: a title that is
//! never closed must not swallow the output behind it.

use std::borrow::Cow;
use std::iter::Peekable;
use std::ops::RangeInclusive;

/// How far a sequence can move to the right of what is written: a few bytes
/// must not become a line without end.
const FARTHEST: usize = 1024;

/// The lines as they stand on the screen in the end, joined by `\n`. Lines that
/// need no emulation keep their bytes, those that are no UTF-8 included.
pub(crate) fn shown(output: &[u8]) -> Vec<u8> {
    let mut screen = Vec::with_capacity(output.len());
    for (index, line) in output.split(|byte| *byte == b'\n').enumerate() {
        if index > 0 {
            screen.push(b'\n');
        }
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if is_plain(line) { screen.extend_from_slice(line) } else { screen.extend(settled(line)) }
    }
    screen
}

/// The text of an output for a page: as a terminal shows it, with no blank line
/// at either end. Bytes that are no UTF-8 stay as they are.
pub(crate) fn for_page(output: &[u8]) -> Vec<u8> {
    let screen = shown(output);
    let lines: Vec<&[u8]> = screen.split(|byte| *byte == b'\n').collect();
    let blank = |line: &&[u8]| line.iter().all(u8::is_ascii_whitespace);
    let Some(first) = lines.iter().position(|line| !blank(line)) else {
        return Vec::new();
    };
    let last = lines.iter().rposition(|line| !blank(line)).unwrap_or(first);
    lines[first..=last].join(&b"\n"[..])
}

/// Whether a terminal shows the line as it is. `0xC2` may begin one of the
/// control characters U+0080 to U+009F.
fn is_plain(line: &[u8]) -> bool {
    line.iter().all(|byte| (!byte.is_ascii_control() || *byte == b'\t') && *byte != 0xC2)
}

/// A row of cells and the place where the next one is written. A cell is a
/// character, or bytes that are none.
#[derive(Default)]
struct Row<'a> {
    cells: Vec<&'a [u8]>,
    at: usize,
}

impl<'a> Row<'a> {
    fn write(&mut self, cell: &'a [u8]) {
        if self.cells.len() <= self.at {
            self.cells.resize(self.at + 1, b" ");
        }
        self.cells[self.at] = cell;
        self.at += 1;
    }

    /// Acts on a control sequence, `ESC [ parameters final`.
    fn control(&mut self, parameters: &str, last: char) {
        let Ok(number) = (if parameters.is_empty() { Ok(0) } else { parameters.parse::<usize>() })
        else {
            return;
        };
        let farthest = self.cells.len().max(FARTHEST);
        let count = number.max(1);
        match (last, number) {
            ('K', 0) => self.cells.truncate(self.at),
            ('K', 1) => {
                let end = self.cells.len().min(self.at + 1);
                self.cells[..end].fill(b" ");
            }
            ('K', 2) => self.cells.clear(),
            ('C', _) => self.at = self.at.saturating_add(count).min(farthest.max(self.at)),
            ('D', _) => self.at = self.at.saturating_sub(count),
            ('G', _) => self.at = (count - 1).min(farthest),
            _ => {}
        }
    }
}

/// A line in the end, after all that was written over it.
fn settled(line: &[u8]) -> Vec<u8> {
    let mut row = Row::default();
    let mut symbols = symbols(line).peekable();
    while let Some((symbol, bytes)) = symbols.next() {
        match symbol {
            '\r' => row.at = 0,
            '\u{8}' => row.at = row.at.saturating_sub(1),
            '\u{1b}' => escape(&mut symbols, &mut row),
            '\t' => row.write(bytes),
            _ if symbol.is_control() => {}
            _ => row.write(bytes),
        }
    }
    let bytes = row.cells.concat();
    // Stray bytes that came together must not make a character that never was.
    let text: String = row.cells.iter().map(|cell| String::from_utf8_lossy(cell)).collect();
    match String::from_utf8_lossy(&bytes) {
        Cow::Owned(seen) if seen == text => bytes,
        Cow::Borrowed(seen) if seen == text => bytes,
        _ => text.into_bytes(),
    }
}

/// The characters of a line with their bytes; what is no UTF-8 is U+FFFD.
fn symbols(line: &[u8]) -> impl Iterator<Item = (char, &[u8])> {
    line.utf8_chunks().flat_map(|chunk| {
        let text = chunk.valid();
        let valid = text.char_indices().map(move |(start, symbol)| {
            (symbol, &text.as_bytes()[start..start + symbol.len_utf8()])
        });
        let invalid = Some(chunk.invalid()).filter(|bytes| !bytes.is_empty());
        valid.chain(invalid.map(|bytes| (char::REPLACEMENT_CHARACTER, bytes)))
    })
}

/// The next character, where it is one of these.
fn take<'a>(
    symbols: &mut Peekable<impl Iterator<Item = (char, &'a [u8])>>,
    range: RangeInclusive<char>,
) -> Option<char> {
    symbols.next_if(|(symbol, _)| range.contains(symbol)).map(|(symbol, _)| symbol)
}

/// Takes the rest of an escape sequence of ECMA-48. What is none of it stays.
fn escape<'a>(symbols: &mut Peekable<impl Iterator<Item = (char, &'a [u8])>>, row: &mut Row<'_>) {
    match take(symbols, ' '..='~') {
        Some('[') => {
            let parameters: String = std::iter::from_fn(|| take(symbols, ' '..='?')).collect();
            if let Some(last) = take(symbols, '@'..='~') {
                row.control(&parameters, last);
            }
        }
        Some(']' | 'P' | 'X' | '^' | '_') => {
            while let Some((symbol, _)) = symbols.next() {
                if symbol == '\u{7}' {
                    break;
                }
                if symbol == '\u{1b}' {
                    take(symbols, '\\'..='\\');
                    break;
                }
            }
        }
        Some(' '..='/') => {
            while take(symbols, ' '..='/').is_some() {}
            take(symbols, '0'..='~');
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{for_page, shown};
    use crate::printed::normalise;

    #[track_caller]
    fn shows(output: &[u8], screen: &[u8]) {
        assert_eq!(String::from_utf8_lossy(&shown(output)), String::from_utf8_lossy(screen));
    }

    #[test]
    fn what_follows_a_return_is_written_over_the_line() {
        shows(b"loading 50\rdone\n", b"doneing 50\n");
        shows(b"10%\r50%\r100%\r\ndone\r\n", b"100%\ndone\n");
        shows(b"a\r\r\n", b"a\n");
    }

    #[test]
    fn a_backspace_goes_back_and_erases_nothing() {
        shows(b"ab\x08c\n\x08x\nab\x08", b"ac\nx\nab");
    }

    #[test]
    fn sequences_erase_and_move_in_their_line() {
        shows(b"loading 50\r\x1b[Kdone", b"done");
        shows(b"loading\x1b[2Kup\nabc\x1b[1K\nabc\x1b[2D\x1b[1K.", b"       up\n   \n .c");
        shows(
            b"abc\x1b[1Gx\x1b[1Cy\n\x1b[999999999C.",
            &[b"xby\n".to_vec(), vec![b' '; 1024], b".".to_vec()].concat(),
        );
    }

    #[test]
    fn colours_titles_and_charsets_leave_the_text() {
        shows("\u{1b}]0;title\u{7}\u{1b}[1;32mok\u{1b}[0m \u{1b}(Bx\u{9b}".as_bytes(), b"ok x");
        shows(b"\x1b]0;title\x1b\\ok\x1b", b"ok");
        shows(b"\x1b]0;never closed\nok\n\x1b[1;\nok", b"\nok\n\nok");
    }

    #[test]
    fn stray_bytes_stay_and_make_no_character() {
        assert_eq!(shown(b"a\xff\n\x1b[1mb\xff\x1b[0m"), b"a\xff\nb\xff");
        shows(b"\xe2\x07\x82\xac", "\u{fffd}\u{fffd}\u{fffd}".as_bytes());
    }

    #[test]
    fn blank_lines_stay_inside_and_go_at_the_ends() {
        assert_eq!(for_page(b"\n\n  a\r\n\nb  \n\n"), b"  a\n\nb  ");
        assert_eq!(for_page(b" \n\n"), b"");
    }

    #[test]
    fn bytes_that_are_no_text_stay() {
        assert_eq!(for_page(b"a\xff\xfeb\n"), b"a\xff\xfeb");
    }

    /// What is compared of an output, less the blank lines that no page has.
    fn compared(output: &[u8]) -> Vec<String> {
        normalise::lines(&String::from_utf8_lossy(output), 1)
            .into_iter()
            .map(|line| line.text)
            .skip_while(String::is_empty)
            .collect()
    }

    #[test]
    fn what_is_written_is_what_was_compared() {
        for output in [&b"loading 50\rdone\n"[..], b"ab\x08c\n", b"100%\r    \r\nok\n"] {
            assert_eq!(compared(&for_page(output)), compared(output));
        }
    }

    proptest! {
        #[test]
        fn no_page_spoils_a_result(
            pieces in prop::collection::vec(
                prop::sample::select(vec![
                    &b"ab"[..], b"c ", b" ", "\u{e9}".as_bytes(), "\u{85}\u{a0}".as_bytes(), b"[",
                    b"K", b";1", b"\t", b"\r", b"\n", b"\r\n", b"\x08", b"\x07", b"\x0c", b"\x7f",
                    b"\x1b", b"\x1b[K", b"\x1b[1K", b"\x1b[2K", b"\x1b[0;1m", b"\x1b[3C",
                    b"\x1b[2D", b"\x1b[1G", b"\x1b]0;t", b"\x1b(B", b"\xff", b"\xe2", b"\x82\xac",
                ]),
                0..24,
            ),
        ) {
            let output = pieces.concat();
            prop_assert_eq!(compared(&for_page(&output)), compared(&output));
        }
    }
}
