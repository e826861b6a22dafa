//! What a comment says, with the place on the page of each of its bytes.

use std::ops::Range;

use crate::document::{Comment, Document};

/// The longest prefix of a container (list, quote) that is looked at.
const LONGEST_PREFIX: usize = 4096;

/// The inside of a comment, without the prefixes of its container (list, quote)
/// and with `\n` for line ends.
#[derive(Debug)]
pub(super) struct Source<'d> {
    document: &'d Document,
    /// The bytes of the whole comment.
    pub(super) span: Range<usize>,
    /// What stands between `<!--` and `-->`.
    pub(super) text: String,
    /// Whether the comment has a `-->`.
    pub(super) closed: bool,
    /// Where each line begins, in `text` and on the page.
    lines: Vec<(usize, usize)>,
}

impl<'d> Source<'d> {
    pub(super) fn new(document: &'d Document, comment: &Comment) -> Self {
        let page = document.text();
        let span = comment.span.clone();
        let inside = span.start + "<!--".len();
        let closed = page[inside..span.end].ends_with("-->");
        let end = if closed { span.end - "-->".len() } else { span.end };
        let first = document.line_of(span.start);
        let before = &page[document.line(first).start..span.start];
        let mut source = Self { document, span, text: String::new(), closed, lines: Vec::new() };
        for number in first..=document.line_of(end) {
            let line = document.line(number);
            let start = if number == first {
                inside
            } else {
                source.text.push('\n');
                line.start + prefix(before, &page[line.clone()])
            };
            let start = start.min(end);
            source.lines.push((source.text.len(), start));
            source.text.push_str(&page[start..line.end.clamp(start, end)]);
        }
        source
    }

    /// A place in `text` as a place on the page.
    pub(super) fn place(&self, range: &Range<usize>) -> Range<usize> {
        let start = self.at(range.start);
        // By its last byte, so that it does not run into the next line's prefix.
        let end = if range.is_empty() { start } else { self.at(range.end - 1) + 1 };
        self.on_characters(start..end.max(start))
    }

    /// The line of the page, counted from 1, for a place in `text`.
    pub(super) fn line_of(&self, at: usize) -> usize {
        self.document.line_of(self.at(at))
    }

    /// The first and the last line of the comment on the page, counted from 1.
    pub(super) fn lines(&self) -> (usize, usize) {
        (self.document.line_of(self.span.start), self.document.line_of(self.span.end - 1))
    }

    /// Whether the comment's bytes are text that can be acted on: those that are
    /// no UTF-8 are not what `text` says.
    pub(super) fn is_text(&self) -> bool {
        let bytes = &self.document.bytes()[self.span.clone()];
        std::str::from_utf8(bytes).is_ok() && !bytes.contains(&0)
    }

    fn at(&self, at: usize) -> usize {
        let after = self.lines.partition_point(|(text, _)| *text <= at);
        let (text, page) = self.lines[after.saturating_sub(1)];
        (page + at.saturating_sub(text)).min(self.span.end)
    }

    fn on_characters(&self, mut range: Range<usize>) -> Range<usize> {
        let page = self.document.text();
        while !page.is_char_boundary(range.start) {
            range.start -= 1;
        }
        while !page.is_char_boundary(range.end) {
            range.end += 1;
        }
        range
    }
}

/// The length of the container's prefix on a later line of a comment before
/// whose first line `before` stands: its quotes' marks, and at most as many
/// blanks as the rest is long.
fn prefix(before: &str, line: &str) -> usize {
    let bytes = line.as_bytes();
    let mut at = 0;
    for mark in before.bytes().take(LONGEST_PREFIX) {
        let is_quote = mark == b'>';
        match bytes.get(at) {
            Some(b' ' | b'\t') if !is_quote => at += 1,
            Some(b' ' | b'\t') => {
                let blanks = bytes[at..].iter().take_while(|byte| matches!(byte, b' ' | b'\t'));
                let next = at + blanks.count();
                if bytes.get(next) != Some(&b'>') {
                    break;
                }
                at = next + 1;
            }
            Some(b'>') if is_quote => at += 1,
            // Here the quote's mark has fewer blanks before it.
            Some(b'>') if matches!(mark, b' ' | b'\t') => {}
            _ => break,
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::Source;
    use crate::document::Document;

    fn texts(page: &str) -> Vec<String> {
        let document = Document::new(page.as_bytes().to_vec());
        let sources = document.comments().iter().map(|comment| Source::new(&document, comment));
        sources.map(|source| source.text).collect()
    }

    #[test]
    fn the_containers_prefixes_are_no_part_of_a_comment() {
        assert_eq!(texts("<!-- a\r\n  b\r\n-->\r\n"), [" a\n  b\n"]);
        assert_eq!(texts("> <!-- a\n> b\n>   c -->\n"), [" a\nb\n  c "]);
        assert_eq!(texts("- x\n\n  <!-- a\n  b\n    c -->\n"), [" a\nb\n  c "]);
        assert_eq!(texts("1. > <!-- a\n   > b\n   >c -->\n"), [" a\nb\nc "]);
        assert_eq!(texts("text <!-- a\nb --> text\n"), [" a\nb "]);
    }

    #[test]
    fn a_place_in_the_text_is_a_place_on_the_page() {
        let page = "> <!-- \u{e9}a\r\n> \u{e9}b -->\r\n";
        let document = Document::new(page.as_bytes().to_vec());
        let source = Source::new(&document, &document.comments()[0]);
        for word in ["\u{e9}a", "\u{e9}b", "b"] {
            let at = source.text.find(word).expect("it is there");
            assert_eq!(&page[source.place(&(at..at + word.len()))], word);
        }
        let all = source.place(&(0..source.text.len()));
        assert_eq!(&page[all], " \u{e9}a\r\n> \u{e9}b ");
        assert_eq!(source.line_of(source.text.len()), 2);
    }

    #[test]
    fn a_comment_may_have_no_end() {
        let document = Document::new(b"<!-- a\nb".to_vec());
        let source = Source::new(&document, &document.comments()[0]);
        assert_eq!((source.text.as_str(), source.closed), (" a\nb", false));
    }
}
