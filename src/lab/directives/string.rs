//! Places inside a TOML string: from what it means back to how it is written.

use std::ops::Range;

/// The place, in the string as it is `written` with its quotes, of a range of
/// what it means; none where the two do not go along letter by letter.
pub(super) fn place(written: &str, meant: &str, range: &Range<usize>) -> Option<Range<usize>> {
    let starts = starts(written, meant)?;
    let at = |offset: usize| {
        let index = meant.char_indices().position(|(at, _)| at == offset);
        index.or((offset == meant.len()).then_some(starts.len() - 1)).map(|index| starts[index])
    };
    Some(at(range.start)?..at(range.end)?)
}

/// Where each letter of `meant` begins in `written`, and where the last ends.
fn starts(written: &str, meant: &str) -> Option<Vec<usize>> {
    let quote = written.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let long = written.starts_with(&quote.to_string().repeat(3)) && written.len() >= 6;
    let marks = if long { 3 } else { 1 };
    let end = written.len().checked_sub(marks)?;
    let mut at = marks;
    if long && written[at..].starts_with('\n') {
        at += 1;
    }
    let mut starts = Vec::with_capacity(meant.len() + 1);
    for letter in meant.chars() {
        let rest = written.get(at..end)?;
        let length = match rest.strip_prefix('\\').filter(|_| quote == '"') {
            Some(escape) => escape_length(escape)?,
            None if rest.starts_with(letter) => letter.len_utf8(),
            None => return None,
        };
        starts.push(at);
        at += length;
    }
    starts.push(at);
    (at == end).then_some(starts)
}

/// The length of an escape, its backslash included.
fn escape_length(escape: &str) -> Option<usize> {
    match escape.chars().next()? {
        'x' => Some(4),
        'u' => Some(6),
        'U' => Some(10),
        'b' | 't' | 'n' | 'f' | 'r' | 'e' | '"' | '\\' => Some(2),
        // A line that is continued.
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn letters_are_found_where_they_are_written() {
        let found = |written: &'static str, meant: &str, letters: &str| {
            let at = meant.find(letters).expect("it is meant");
            place(written, meant, &(at..at + letters.len())).map(|range| &written[range])
        };
        assert_eq!(found(r"'a\d('", r"a\d(", "("), Some("("));
        assert_eq!(found(r#""a\\d(""#, r"a\d(", "d("), Some("d("));
        assert_eq!(found(r#""\u00e9\\(""#, "\u{e9}\\(", "\\("), Some(r"\\("));
        assert_eq!(found("'''\n\u{e9}('''", "\u{e9}(", "("), Some("("));
        assert_eq!(found("''", "", ""), Some(""));
        assert_eq!(found("\"\"\"a\\\n  (\"\"\"", "a(", "("), None);
    }
}
