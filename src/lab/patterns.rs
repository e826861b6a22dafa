//! The patterns of the reader: regular expressions whose `\w`, `\d` and `\b` are
//! ASCII's, and whose `\s` is that and the no-break space.
//!
//! Unicode's classes have tens of thousands of characters: patterns with them take
//! a hundred times as long to be made ready, and much longer to match. A pattern
//! that means letters of other alphabets says so with [`LETTERS`].

use regex::{Regex, RegexSet};

/// Letters of the alphabets in which people name their directories, for a class of
/// characters; without those that serve as prompts' marks (`λ`).
pub(super) const LETTERS: &str =
    r"\u{c0}-\u{24f}\u{370}-\u{3ba}\u{3bc}-\u{52f}\u{3040}-\u{9fff}\u{ac00}-\u{d7af}";

/// A pattern that is a constant.
pub(super) fn pattern(text: &str) -> Regex {
    Regex::new(&ascii(text)).expect("the pattern is a constant")
}

/// Several of them, matched in one go.
pub(super) fn patterns<'p>(texts: impl Iterator<Item = &'p str>) -> RegexSet {
    RegexSet::new(texts.map(ascii)).expect("the patterns are constants")
}

/// A pattern with its classes written out.
fn ascii(text: &str) -> String {
    let mut written = String::with_capacity(2 * text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            written.push(character);
            continue;
        }
        match characters.next() {
            Some('w') => written.push_str("[0-9A-Za-z_]"),
            Some('d') => written.push_str("[0-9]"),
            Some('s') => written.push_str(r"[\t-\r \u{a0}]"),
            Some('S') => written.push_str(r"[^\t-\r \u{a0}]"),
            Some('b') => written.push_str(r"(?-u:\b)"),
            other => {
                written.push('\\');
                written.extend(other);
            }
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::pattern;

    #[test]
    fn classes_are_asciis() {
        assert!(pattern(r"^[\w.]+\s\d\b$").is_match("a_.\u{a0}1"));
        assert!(!pattern(r"\w").is_match("é") && !pattern(r"\d").is_match("٣"));
        assert!(pattern(r"^\\w\S$").is_match("\\wé"));
    }
}
