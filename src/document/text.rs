//! The page as text of the same length, for people and for the parser.

use std::borrow::Cow;
use std::ops::Range;

use super::lines::Lines;
use super::marks::{MarkLine, Rest, TAB, list_marker};

/// How far to the right lists and quotes are read. Each line is looked at once for
/// each container around it, so what is deeper would take quadratic time.
pub(super) const MOST_COLUMNS: usize = 200;

/// The bytes as text of the same length: what is no UTF-8 is `?`. A lone `\r`,
/// which Markdown takes for a line end and we do not, is a space. The bytes are given
/// back where the text has others.
pub(super) fn same_length_text(bytes: Vec<u8>) -> (String, Option<Vec<u8>>) {
    let bytes = match String::from_utf8(bytes) {
        Ok(text) if lone_ends(text.as_bytes()).next().is_none() => return (text, None),
        Ok(text) => text.into_bytes(),
        Err(error) => error.into_bytes(),
    };
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| '?'));
    }
    let mut plain = String::with_capacity(text.len());
    let mut after = 0;
    for at in lone_ends(text.as_bytes()) {
        plain.push_str(&text[after..at]);
        plain.push(' ');
        after = at + 1;
    }
    plain.push_str(&text[after..]);
    (plain, Some(bytes))
}

/// Where a `\r` stands that no `\n` follows.
fn lone_ends(bytes: &[u8]) -> impl Iterator<Item = usize> {
    memchr::memchr_iter(b'\r', bytes).filter(|&at| bytes.get(at + 1) != Some(&b'\n'))
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
    for mark in marks.iter().filter(|mark| matches!(mark.rest, Rest::Tail | Rest::Blank)) {
        let rest = mark.marks.end..lines.content(mark.line).end;
        // The parser knows no tab behind a closing fence, which Markdown allows; no author
        // sees what else is blank there.
        let tab = mark.rest == Rest::Blank && text[rest.clone()].contains(['\t', '\x0b', '\x0c']);
        if tab || text[rest.clone()].trim_start().starts_with("{{") {
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
        let text = |bytes: &[u8]| same_length_text(bytes.to_vec());
        let other = b"a\xff\xc3(\r\nb\rc\r";
        assert_eq!(text(other), ("a??(\r\nb c ".to_owned(), Some(other.to_vec())));
        let same = "\u{feff}é\r\n";
        assert_eq!(text(same.as_bytes()), (same.to_owned(), None));
    }

    #[test]
    fn what_follows_a_closing_fence_is_kept_from_the_parser() {
        assert_eq!(parsed("```\na\n```{{é}}\n"), ("```\na\n```      \n".to_owned(), None));
        assert_eq!(parsed("```sh\n"), ("```sh\n".to_owned(), None));
        assert_eq!(parsed("~~~\na\n~~~ \t\n"), ("~~~\na\n~~~  \n".to_owned(), None));
    }

    #[test]
    fn containers_far_to_the_right_are_blanks() {
        let deep = format!("a\n{}b\n", ">".repeat(MOST_COLUMNS + 2));
        assert_eq!(parsed(&deep), (format!("a\n{}  b\n", ">".repeat(MOST_COLUMNS)), Some(2)));
        let rule = format!("{}\n", "-".repeat(MOST_COLUMNS));
        assert_eq!(parsed(&rule), (rule.clone(), None));
    }
}
