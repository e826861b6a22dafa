//! What a program printed, as a page shows it.

use crate::terminal_text;

/// The text of an output for a page: as a terminal shows it, with no blank line
/// at either end. Bytes that are no UTF-8 stay as they are.
pub(crate) fn for_page(output: &[u8]) -> Vec<u8> {
    let screen = terminal_text::shown(output);
    let lines: Vec<&[u8]> = screen.split(|byte| *byte == b'\n').collect();
    let blank = |line: &&[u8]| line.iter().all(u8::is_ascii_whitespace);
    let Some(first) = lines.iter().position(|line| !blank(line)) else {
        return Vec::new();
    };
    let last = lines.iter().rposition(|line| !blank(line)).unwrap_or(first);
    lines[first..=last].join(&b"\n"[..])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::for_page;
    use crate::printed::normalise;

    #[track_caller]
    fn shows(output: &[u8], page: &[u8]) {
        assert_eq!(String::from_utf8_lossy(&for_page(output)), String::from_utf8_lossy(page));
    }

    #[test]
    fn a_terminal_line_end_is_a_line_end() {
        shows(b"Server:\t10.96.0.10\r\nAddress:\t1\r\n\r\n", b"Server:\t10.96.0.10\nAddress:\t1");
    }

    #[test]
    fn colours_and_cursor_moves_leave_the_text() {
        shows(b"\x1b[1;32mok\x1b[0m done\x1b[K\r\n", b"ok done");
        shows(b"\x1b]0;title\x07shown\n", b"shown");
    }

    #[test]
    fn a_progress_line_shows_its_last_state() {
        shows(b"10%\r50%\r100%\ndone\n", b"100%\ndone");
        shows(b"longer\rab\n", b"abnger");
    }

    #[test]
    fn blank_lines_stay_inside_and_go_at_the_ends() {
        shows(b"\n\n  a\n\nb  \n\n", b"  a\n\nb  ");
        shows(b" \n\n", b"");
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
