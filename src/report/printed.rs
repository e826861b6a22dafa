//! What a program printed, as a page shows it.

use std::borrow::Cow;

/// The text of an output for a page: escape sequences removed, CR LF turned
/// into LF, a lone CR acted on as a terminal does, and no blank line at either
/// end. Bytes that are no UTF-8 stay as they are.
pub(crate) fn for_page(output: &[u8]) -> Vec<u8> {
    // Escapes come between a CR and its LF too, so they go first.
    let plain = strip_escapes(output);
    let lines: Vec<Cow<'_, [u8]>> = plain.split(|byte| *byte == b'\n').map(settle).collect();
    let blank = |line: &Cow<'_, [u8]>| line.iter().all(u8::is_ascii_whitespace);
    let Some(first) = lines.iter().position(|line| !blank(line)) else {
        return Vec::new();
    };
    let last = lines.iter().rposition(|line| !blank(line)).unwrap_or(first);
    lines[first..=last].join(&b"\n"[..])
}

/// Removes what a terminal would act on and not show. `anstream`'s stripper
/// also drops bytes that are no UTF-8, which a page must keep: those runs pass
/// it by.
fn strip_escapes(output: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(output.len());
    for chunk in output.utf8_chunks() {
        let text = anstream::adapter::strip_str(chunk.valid()).to_string();
        plain.extend(text.bytes());
        plain.extend_from_slice(chunk.invalid());
    }
    plain
}

/// A line as it stands on a screen in the end: what follows a lone CR is
/// written over what came before it.
fn settle(line: &[u8]) -> Cow<'_, [u8]> {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    if !line.contains(&b'\r') {
        return Cow::Borrowed(line);
    }
    let text = String::from_utf8_lossy(line);
    let mut screen: Vec<char> = Vec::new();
    for written in text.split('\r') {
        for (column, symbol) in written.chars().enumerate() {
            match screen.get_mut(column) {
                Some(cell) => *cell = symbol,
                None => screen.push(symbol),
            }
        }
    }
    Cow::Owned(screen.into_iter().collect::<String>().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::for_page;

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
}
