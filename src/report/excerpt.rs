//! The lines of a page that are drawn, each cut to a length that can be read.

use std::fmt::Write as _;
use std::ops::Range;

use crate::document::Document;

/// How many characters of a line are drawn, and how many after the beginning of
/// a place further right.
const LONGEST: usize = 200;
/// Beyond this not even a place is followed.
pub(super) const FARTHEST: usize = 4000;
/// Lines of more bytes are not counted in characters: a page may have a place in
/// each thousand of them.
const COUNTED: usize = 100_000;

/// Some lines of a page. Places of the page become places of its text.
#[derive(Debug, Default)]
pub(super) struct Excerpt {
    text: String,
    lines: Vec<Line>,
}

#[derive(Debug)]
struct Line {
    /// Where it begins on the page, and in the excerpt.
    from: usize,
    to: usize,
    /// How many bytes of it are kept.
    kept: usize,
}

impl Excerpt {
    /// The lines in `range`, which begins and ends with a line of `source`.
    /// Long ones are cut, but not before the beginning of one of the places.
    pub(super) fn new(source: &str, range: Range<usize>, places: &[Range<usize>]) -> Self {
        let mut excerpt = Self::default();
        let mut from = range.start;
        for whole in source[range].split_inclusive('\n') {
            excerpt.push(from, whole, places);
            from += whole.len();
        }
        excerpt
    }

    /// The lines from the first to the last of the places, of which those that
    /// hold no place and stand next to none are empty: their text is folded away.
    pub(super) fn around(document: &Document, places: &[Range<usize>]) -> Self {
        let line = |place: &Range<usize>| {
            document.line_of(place.start)..=document.line_of(place.end.max(place.start))
        };
        let first = places.iter().map(|place| *line(place).start()).min().unwrap_or(1);
        let last = places.iter().map(|place| *line(place).end()).max().unwrap_or(1);
        let mut shown = vec![false; last + 1 - first];
        for place in places {
            let lines = line(place);
            let from = lines.start().saturating_sub(1).max(first);
            for number in from..=(lines.end() + 1).min(last) {
                shown[number - first] = true;
            }
        }
        let mut excerpt = Self::default();
        for number in first..=last {
            let mut start = document.line(number).start;
            if start == 0 && document.text().starts_with('\u{feff}') {
                // No editor counts it as a column.
                start = '\u{feff}'.len_utf8();
            }
            let end = document.line(number + 1).start;
            let whole = if shown[number - first] { &document.text()[start..end] } else { "\n" };
            excerpt.push(start, whole, places);
        }
        excerpt
    }

    /// Adds a line with its line end, which begins at `from` on the page.
    fn push(&mut self, from: usize, whole: &str, places: &[Range<usize>]) {
        let line = whole.trim_end_matches(['\n', '\r']);
        let begins = |place: &Range<usize>| place.start.checked_sub(from);
        let farthest =
            places.iter().filter_map(begins).filter(|at| *at < line.len()).max().unwrap_or(0);
        let before = line[..farthest].chars().take(FARTHEST).count();
        let keep = if before < LONGEST / 2 { LONGEST } else { before + LONGEST };
        let cut = line.char_indices().nth(keep).map(|(at, _)| at);
        let kept = cut.unwrap_or(line.len());
        self.lines.push(Line { from, to: self.text.len(), kept });
        self.text.extend(line[..kept].chars().map(printable));
        // Writing to a string cannot fail.
        let _ = match cut {
            Some(_) if line.len() > COUNTED => write!(self.text, "… ({} bytes)", line.len()),
            Some(_) => write!(self.text, "… ({} characters)", line.chars().count()),
            None => Ok(()),
        };
        self.text.push_str(&whole[line.len()..]);
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// A place of the page in the excerpt; what was cut away is at its line's cut.
    pub(super) fn span(&self, place: &Range<usize>) -> Range<usize> {
        let start = self.at(place.start);
        start..self.at(place.end).max(start)
    }

    fn at(&self, offset: usize) -> usize {
        let after = self.lines.partition_point(|line| line.from <= offset);
        let Some(line) = after.checked_sub(1).and_then(|index| self.lines.get(index)) else {
            return 0;
        };
        line.to + (offset - line.from).min(line.kept)
    }
}

/// A character of as many bytes that is seen, and that no terminal acts on. Those
/// of one byte are replaced by the renderer, which shows them.
fn printable(symbol: char) -> char {
    match symbol {
        '\u{80}'..='\u{9f}' | '\u{ad}' => '\u{b7}',
        '\u{200b}'
        | '\u{200c}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{2060}'..='\u{2064}'
        | '\u{feff}' => char::REPLACEMENT_CHARACTER,
        symbol => symbol,
    }
}

#[cfg(test)]
mod tests {
    use super::Excerpt;
    use crate::document::Document;

    #[test]
    fn places_are_found_again_in_cut_lines() {
        let source =
            format!("first\n{}\r\n{}needle{}\n", "x".repeat(500), "y".repeat(300), "z".repeat(900));
        let needle = source.find("needle").expect("it is there");
        let needle = needle..needle + 6;
        let excerpt = Excerpt::new(&source, 6..source.len(), std::slice::from_ref(&needle));
        assert_eq!(&excerpt.text()[excerpt.span(&needle)], "needle");
        assert!(excerpt.text().starts_with(&format!("{}… (500 characters)\r\ny", "x".repeat(200))));
        assert!(excerpt.text().ends_with("z… (1206 characters)\n"));
        assert_eq!(excerpt.span(&(6..506)), 0..200);
    }

    #[test]
    fn lines_between_places_are_there_without_their_text() {
        let document = Document::new("\u{feff}a\nb\nc\nd\r\nlast\u{9b}\ne\n".into());
        let at = |text: &str| {
            let start = document.text().find(text).expect("it is there");
            start..start + text.len()
        };
        let places = [at("last"), at("a")];
        let excerpt = Excerpt::around(&document, &places);
        assert_eq!(excerpt.text(), "a\nb\n\nd\r\nlast\u{b7}\n");
        let texts = places.map(|place| &excerpt.text()[excerpt.span(&place)]);
        assert_eq!(texts, ["last", "a"]);
    }
}
