//! The page as text of the same length, for people and for the parser.

use std::borrow::Cow;
use std::ops::Range;

use super::lines::Lines;
use super::marks::{MarkLine, Rest, TAB, list_marker};

/// How far to the right lists and quotes are read. Each line is looked at once for
/// each container around it, so what is deeper would take quadratic time.
pub(super) const MOST_COLUMNS: usize = 200;

/// The bytes as text of the same length: what is no UTF-8 is `?`. A lone `\r`,
/// which Markdown takes for a line end and we do not, is a space.
pub(super) fn same_length_text(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| '?'));
    }
    if memchr::memchr(b'\r', bytes).is_none() {
        return text;
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = memchr::memchr(b'\r', rest.as_bytes()) {
        let (before, from) = rest.split_at(at);
        plain.push_str(before);
        plain.push(if from.starts_with("\r\n") { '\r' } else { ' ' });
        rest = &from[1..];
    }
    plain.push_str(rest);
    plain
}

/// The text that the parser reads, of the same length again. A closing fence with
/// `{{exec}}` behind it is one without: what follows would be taken for code.
/// Markers of lists and quotes beyond [`MOST_COLUMNS`] are blanks; the first line
/// with one of them is given too.
pub(super) fn for_the_parser<'t>(
    text: &'t str,
    lines: &Lines,
    marks: &[MarkLine],
) -> (Cow<'t, str>, Option<usize>) {
    let mut blanks: Vec<Range<usize>> = Vec::new();
    for mark in marks.iter().filter(|mark| mark.rest == Rest::Tail) {
        let rest = mark.marks.end..lines.content(mark.line).end;
        if text[rest.clone()].trim_start().starts_with("{{") {
            blanks.push(rest);
        }
    }
    let mut deep = None;
    for line in 1..=lines.count() {
        let content = lines.content(line);
        if content.len() <= MOST_COLUMNS / TAB {
            continue;
        }
        if let Some(markers) = deep_markers(text, content) {
            deep = deep.or(Some(line));
            blanks.push(markers);
        }
    }
    if blanks.is_empty() {
        return (Cow::Borrowed(text), None);
    }
    let mut bytes = text.as_bytes().to_vec();
    for blank in blanks {
        bytes[blank].fill(b' ');
    }
    // A blank is put in place of whole characters only.
    (Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()), deep)
}

/// The part of a line's leading blanks and markers that is too far to the right, if
/// a marker is in it.
fn deep_markers(text: &str, line: Range<usize>) -> Option<Range<usize>> {
    let bytes = &text.as_bytes()[line.clone()];
    let (mut at, mut column) = (0, 0);
    let mut deep: Option<Range<usize>> = None;
    while let Some(byte) = bytes.get(at) {
        let (length, columns) = match byte {
            b'\t' => (1, TAB - column % TAB),
            b' ' | b'>' => (1, 1),
            _ => match list_marker(&bytes[at..]) {
                Some(length) => (length, length),
                None => break,
            },
        };
        at += length;
        column += columns;
        if column > MOST_COLUMNS && !byte.is_ascii_whitespace() {
            let at = line.start + at;
            deep.get_or_insert(at - length..at).end = at;
        }
    }
    deep
}

#[cfg(test)]
mod tests {
    use super::super::marks::mark_lines;
    use super::{Lines, MOST_COLUMNS, for_the_parser, same_length_text};

    fn parsed(text: &str) -> (String, Option<usize>) {
        let lines = Lines::new(text.as_bytes());
        let (text, deep) = for_the_parser(text, &lines, &mark_lines(text, &lines));
        (text.into_owned(), deep)
    }

    #[test]
    fn a_byte_stays_at_its_place() {
        assert_eq!(same_length_text(b"a\xff\xc3(\r\nb\rc\r"), "a??(\r\nb c ");
        assert_eq!(same_length_text("\u{feff}é\r".as_bytes()), "\u{feff}é ");
    }

    #[test]
    fn what_follows_a_closing_fence_is_kept_from_the_parser() {
        assert_eq!(parsed("```\na\n```{{é}}\n"), ("```\na\n```      \n".to_owned(), None));
        assert_eq!(parsed("```sh\n"), ("```sh\n".to_owned(), None));
    }

    #[test]
    fn containers_far_to_the_right_are_blanks() {
        let deep = format!("a\n{}b\n", ">".repeat(MOST_COLUMNS + 2));
        assert_eq!(parsed(&deep), (format!("a\n{}  b\n", ">".repeat(MOST_COLUMNS)), Some(2)));
        let rule = format!("{}\n", "-".repeat(MOST_COLUMNS));
        assert_eq!(parsed(&rule), (rule.clone(), None));
    }
}
