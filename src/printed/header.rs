//! A table's header, and the cells of a line under it.

/// The header of a table: each column's name and the character at which it starts.
pub(crate) struct Header {
    columns: Vec<(String, usize)>,
    /// Whether one blank parts its columns, as where a page lost the others.
    narrow: bool,
}

/// Column names of kubectl with a blank in them.
const TWO_WORDS: [&str; 10] = [
    "ACCESS MODES",
    "RECLAIM POLICY",
    "NOMINATED NODE",
    "READINESS GATES",
    "NODE SELECTOR",
    "LAST SEEN",
    "FIRST SEEN",
    "LAST SCHEDULE",
    "CREATED AT",
    "APP VERSION",
];

impl Header {
    /// Reads a line as a header: column names in capitals, two or more blanks or
    /// a tab apart. One name alone is a header only where it is `NAME`, and one
    /// blank parts columns only after a first column that kubectl begins with.
    pub(crate) fn read(line: &str) -> Option<Self> {
        let mut found = segments(line);
        let narrow =
            found.len() == 1 && (line.starts_with("NAME ") || line.starts_with("NAMESPACE "));
        if narrow {
            found = words(line, |before, word| {
                TWO_WORDS.contains(&format!("{before} {word}").as_str())
            });
        }
        let named = found.iter().all(|(name, _)| is_column_name(name));
        let enough = found.len() > 1 || found.first().is_some_and(|(name, _)| *name == "NAME");
        let columns = found.into_iter().map(|(name, start)| (name.to_owned(), start)).collect();
        (named && enough).then_some(Self { columns, narrow })
    }

    /// The columns' names, from left to right.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|(name, _)| name.as_str())
    }

    /// The cells of a row; none where the line is no row of this table. Where
    /// the row has as many cells as there are columns they follow in order;
    /// otherwise some are empty, and the places under the header decide.
    pub(crate) fn cells(&self, line: &str) -> Option<Vec<String>> {
        if line.starts_with("error:") || line.starts_with("Error ") {
            return None;
        }
        let found = segments(line);
        let in_order = |found: Vec<(&str, usize)>| {
            found.into_iter().map(|(cell, _)| cell.to_owned()).collect()
        };
        if found.len() == self.columns.len() {
            return Some(in_order(found));
        }
        if found.len() < 2 && !self.narrow {
            return None;
        }
        let at = |start: usize| self.columns.partition_point(|(_, at)| *at <= start).max(1) - 1;
        if !found.iter().all(|(_, start)| self.columns[at(*start)].1 == *start) || self.narrow {
            // Not laid out under the header: by words, `2 (3m ago)` being one.
            let words = words(line, |_, word| word.starts_with('(') || word.ends_with(')'));
            if words.len() == self.columns.len() {
                return Some(in_order(words));
            }
        }
        if found.len() < 2 {
            return None;
        }
        let mut cells = vec![String::new(); self.columns.len()];
        for (cell, start) in found {
            let place = &mut cells[at(start)];
            if !place.is_empty() {
                place.push_str("  ");
            }
            place.push_str(cell);
        }
        Some(cells)
    }
}

/// The words of a line, each with the character at which it starts; a word that
/// `joins` the part before it is one with it.
fn words(line: &str, joins: impl Fn(&str, &str) -> bool) -> Vec<(&str, usize)> {
    let mut found: Vec<(&str, usize)> = Vec::new();
    let mut part = 0..0;
    for word in line.split_whitespace() {
        let from = part.end + line[part.end..].find(word).unwrap_or(0);
        let end = from + word.len();
        match found.last_mut() {
            Some(last) if joins(last.0, word) => {
                part.end = end;
                last.0 = &line[part.clone()];
            }
            _ => {
                part = from..end;
                found.push((word, line[..from].chars().count()));
            }
        }
    }
    found
}

/// The parts of a line between tabs or runs of two and more blanks, each with
/// the character at which it starts.
pub(crate) fn segments(line: &str) -> Vec<(&str, usize)> {
    let mut found = Vec::new();
    let mut start: Option<(usize, usize)> = None;
    let mut blanks = 0_usize;
    let mut end = 0;
    for (index, (at, char)) in line.char_indices().enumerate() {
        if char == ' ' || char == '\t' {
            blanks += if char == '\t' { 2 } else { 1 };
            continue;
        }
        if blanks > 1
            && let Some((from, column)) = start.take()
        {
            found.push((&line[from..end], column));
        }
        start.get_or_insert((at, index));
        blanks = 0;
        end = at + char.len_utf8();
    }
    if let Some((from, column)) = start {
        found.push((&line[from..end], column));
    }
    found
}

/// A column's name: capitals, digits and a little punctuation, with a unit in
/// parentheses perhaps (`CPU(cores)`, `PORT(S)`).
fn is_column_name(name: &str) -> bool {
    let (word, unit) = name.split_once('(').map_or((name, None), |(word, unit)| (word, Some(unit)));
    word.starts_with(|char: char| char.is_ascii_uppercase())
        && word.len() > 1
        && word.bytes().all(|byte| {
            byte.is_ascii_uppercase() || byte.is_ascii_digit() || b" -_/%.".contains(&byte)
        })
        && unit.is_none_or(|unit| unit.ends_with(')'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_capitals_with_a_unit_perhaps() {
        for name in
            ["NAME", "PORT(S)", "CPU(cores)", "CPU(%)", "ACCESS MODES", "UP-TO-DATE", "MEMORY%"]
        {
            assert!(is_column_name(name), "{name}");
        }
        for name in ["", "A", "Name", "1ST", "HTTP/1.1 200 Ok", "PORT(S"] {
            assert!(!is_column_name(name), "{name}");
        }
    }

    #[test]
    fn segments_keep_their_places() {
        assert_eq!(segments("a b   c\td"), [("a b", 0), ("c", 6), ("d", 8)]);
        assert_eq!(segments("  é   c"), [("é", 2), ("c", 6)]);
        assert_eq!(segments(""), []);
    }

    #[test]
    fn an_overlong_row_keeps_every_word() {
        let header = Header::read("NAME   AGE").expect("a header");
        assert_eq!(header.cells("a      b   c"), Some(vec!["a".into(), "b  c".into()]));
        assert_eq!(header.cells("a word or two"), None);
    }
}
