//! Where each physical line begins and ends.

use std::ops::Range;

/// The places of a page's lines, split on `\n`; the `\r` of a CRLF belongs to
/// the line end.
#[derive(Debug, Clone)]
pub(super) struct Lines {
    /// For each line its first byte, and its end without the line end.
    content: Vec<Range<usize>>,
    /// The length of the page.
    end: usize,
}

impl Lines {
    pub(super) fn new(bytes: &[u8]) -> Self {
        let mut content = Vec::new();
        let mut start = 0;
        for at in memchr::memchr_iter(b'\n', bytes) {
            let end = if at > start && bytes[at - 1] == b'\r' { at - 1 } else { at };
            content.push(start..end);
            start = at + 1;
        }
        if start < bytes.len() {
            content.push(start..bytes.len());
        }
        Self { content, end: bytes.len() }
    }

    pub(super) fn count(&self) -> usize {
        self.content.len()
    }

    /// The bytes of a line without its line end.
    pub(super) fn content(&self, number: usize) -> Range<usize> {
        let line = number.checked_sub(1).and_then(|index| self.content.get(index));
        line.cloned().unwrap_or(self.end..self.end)
    }

    /// The bytes of a line's end: `\n`, `\r\n`, or nothing at the page's end.
    pub(super) fn end(&self, number: usize) -> Range<usize> {
        let start = self.content(number).end;
        start..self.content.get(number).map_or(self.end, |next| next.start)
    }

    /// The number of the line that holds a byte.
    pub(super) fn number(&self, offset: usize) -> usize {
        self.content.partition_point(|line| line.start <= offset).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;

    #[test]
    fn a_line_end_is_no_part_of_a_line() {
        let lines = Lines::new(b"a\r\n\nb\rc\nd");
        let all: Vec<_> = (1..=lines.count()).map(|n| (lines.content(n), lines.end(n))).collect();
        assert_eq!(all, [(0..1, 1..3), (3..3, 3..4), (4..7, 7..8), (8..9, 9..9)]);
    }

    #[test]
    fn an_offset_is_in_the_line_that_holds_it_or_its_end() {
        let lines = Lines::new(b"a\r\nb\n");
        assert_eq!([0, 1, 2, 3, 4, 5].map(|at| lines.number(at)), [1, 1, 1, 2, 2, 2]);
    }

    #[test]
    fn an_empty_page_has_no_line() {
        let lines = Lines::new(b"");
        assert_eq!((lines.count(), lines.content(1), lines.number(0)), (0, 0..0, 1));
    }
}
