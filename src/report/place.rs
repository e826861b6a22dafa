//! Lines and columns of a page, as an editor counts them.

use std::collections::HashMap;

use crate::document::Document;

/// After how many bytes of a line its characters are counted anew: a page may
/// be one line of any length, with any number of places in it.
const STRIDE: usize = 4096;

/// Finds the line and the column of bytes of a page.
#[derive(Debug)]
pub(super) struct Places<'d> {
    document: &'d Document,
    /// For each long line that was asked for, the number of characters before
    /// each of its strides.
    counted: HashMap<usize, Vec<usize>>,
}

impl<'d> Places<'d> {
    pub(super) fn new(document: &'d Document) -> Self {
        Self { document, counted: HashMap::new() }
    }

    /// The line and the column in characters, both counted from 1, of the byte
    /// at `offset`. A byte order mark is no character of its line; neither is a
    /// line end.
    pub(super) fn of(&mut self, offset: usize) -> (usize, usize) {
        let text = self.document.text();
        let offset = floor(text, offset);
        let number = self.document.line_of(offset);
        let line = self.document.line(number);
        let offset = offset.min(line.end).max(line.start);
        let mark = usize::from(line.start == 0 && offset > 0 && text.starts_with('\u{feff}'));
        let strides = (offset - line.start) / STRIDE;
        let mut before = 0;
        let mut from = line.start;
        if strides > 0 {
            let bytes = &text.as_bytes()[line.clone()];
            let counted = self.counted.entry(number).or_insert_with(|| counted(bytes));
            before = counted[strides];
            from = line.start + strides * STRIDE;
        }
        let column = before + characters(&text.as_bytes()[from..offset]);
        (number, column + 1 - mark)
    }
}

/// The last beginning of a character at or before an offset, inside the text.
pub(super) fn floor(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

fn counted(line: &[u8]) -> Vec<usize> {
    let mut counted = vec![0];
    let mut before = 0;
    for stride in line.chunks(STRIDE) {
        before += characters(stride);
        counted.push(before);
    }
    counted
}

/// How many characters of UTF-8 begin in these bytes.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}

#[cfg(test)]
mod tests {
    use super::Places;
    use crate::document::Document;

    #[test]
    fn columns_are_characters_from_1() {
        let document = Document::new("\u{feff}äb\r\n漢字x\n".into());
        let mut places = Places::new(&document);
        let mut of = |text: &str| places.of(document.text().find(text).unwrap_or(99));
        assert_eq!([of("ä"), of("b"), of("\r"), of("\n")], [(1, 1), (1, 2), (1, 3), (1, 3)]);
        assert_eq!([of("漢"), of("字"), of("x"), of("none")], [(2, 1), (2, 2), (2, 3), (2, 4)]);
        assert_eq!(Places::new(&Document::new(Vec::new())).of(0), (1, 1));
    }

    #[test]
    fn a_long_line_is_counted_once() {
        let document = Document::new("漢b".repeat(200_000).into_bytes());
        let mut places = Places::new(&document);
        for pair in 0..200_000 {
            assert_eq!(places.of(pair * 4 + 3), (1, pair * 2 + 2));
        }
    }
}
