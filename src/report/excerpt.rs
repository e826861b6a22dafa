//! The lines of a page that are drawn, each cut to a length that can be read.

use std::fmt::Write as _;
use std::ops::Range;

/// How many characters of a line are drawn, and how many after the beginning of
/// a place further right.
const LONGEST: usize = 200;
/// Beyond this not even a place is followed.
const FARTHEST: usize = 4000;

/// Some lines of a page. Places of the page become places of its text.
#[derive(Debug)]
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
        let mut excerpt = Self { text: String::new(), lines: Vec::new() };
        let mut from = range.start;
        for whole in source[range].split_inclusive('\n') {
            let line = whole.trim_end_matches(['\n', '\r']);
            let begins = |place: &Range<usize>| place.start.checked_sub(from);
            let farthest =
                places.iter().filter_map(begins).filter(|at| *at < line.len()).max().unwrap_or(0);
            let before = line[..farthest].chars().take(FARTHEST).count();
            let keep = if before < LONGEST / 2 { LONGEST } else { before + LONGEST };
            let cut = line.char_indices().nth(keep).map(|(at, _)| at);
            let kept = cut.unwrap_or(line.len());
            excerpt.lines.push(Line { from, to: excerpt.text.len(), kept });
            excerpt.text.push_str(&line[..kept]);
            if cut.is_some() {
                // Writing to a string cannot fail.
                let _ = write!(excerpt.text, "… ({} characters)", line.chars().count());
            }
            excerpt.text.push_str(&whole[line.len()..]);
            from += whole.len();
        }
        excerpt
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

#[cfg(test)]
mod tests {
    use super::Excerpt;

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
}
