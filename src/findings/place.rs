//! Where on a page a word or a cell stands.

use std::ops::Range;

use crate::document::Document;
use crate::lab::Command;
use crate::printed::table::Row;

/// The bytes of a cell of a table's row; its line where it is not found there as
/// it was read.
pub(super) fn cell(document: &Document, row: &Row, column: usize) -> Range<usize> {
    let line = document.line(row.line);
    let text = &document.text()[line.clone()];
    let mut at = 0;
    for (index, cell) in row.cells.iter().enumerate().take(column + 1) {
        let Some(found) = text[at..].find(cell.as_str()) else {
            break;
        };
        if index == column {
            return line.start + at + found..line.start + at + found + cell.len();
        }
        at += found + cell.len();
    }
    trimmed(document, row.line)
}

/// The bytes of the first place of a command where a text stands as a word of its
/// own; the command's first line where there is none.
pub(super) fn word(document: &Document, command: &Command, word: &str) -> Range<usize> {
    let lines = command.first_line..=command.last_line;
    let mut found = lines.filter_map(|number| in_line(document, number, word));
    found.next().unwrap_or_else(|| trimmed(document, command.first_line))
}

/// The bytes of a line where a text stands as a word of its own.
pub(super) fn in_line(document: &Document, number: usize, word: &str) -> Option<Range<usize>> {
    let line = document.line(number);
    let text = &document.text()[line.clone()];
    let inside = |char: Option<char>| char.is_some_and(|c| c.is_alphanumeric() || c == '-');
    let mut places = text.match_indices(word).map(|(at, _)| at..at + word.len());
    let place = places.find(|place| {
        !inside(text[..place.start].chars().next_back())
            && !inside(text[place.end..].chars().next())
    })?;
    Some(line.start + place.start..line.start + place.end)
}

/// The bytes of a whole command, its prompt and continuation lines included.
pub(super) fn command(document: &Document, command: &Command) -> Range<usize> {
    trimmed(document, command.first_line).start..document.line(command.last_line).end
}

/// The bytes of a line without the blanks around it.
pub(super) fn trimmed(document: &Document, number: usize) -> Range<usize> {
    let line = document.line(number);
    let text = &document.text()[line.clone()];
    let start = line.start + (text.len() - text.trim_start().len());
    start..(line.start + text.trim_end().len()).max(start)
}
