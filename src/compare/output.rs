//! Compares two whole outputs, each part by its own rules.

use super::answers;
use super::comparison::Comparison;
use super::dns;
use super::normalise::Line;
use super::table::{Block, Table, blocks};
use super::{tables, text};

/// Compares what the page shows with what a run printed.
pub(crate) fn compare(comparison: &mut Comparison<'_>, command: &str, old: &[Line], new: &[Line]) {
    if compare_lookups(comparison, old, new) {
        return;
    }
    let (old_tables, old_text) = parts(old);
    let (new_tables, new_text) = parts(new);
    let mut free: Vec<&Table> = new_tables.iter().collect();
    let alone = old_tables.len() == 1 && new_tables.len() == 1;
    let mut missing = false;
    for table in &old_tables {
        let partner = free.iter().position(|other| {
            belong_together(table, other) || (alone && table.columns[0] == other.columns[0])
        });
        if let Some(at) = partner {
            tables::compare(comparison, command, table, free.remove(at));
        } else {
            let printed = new_text.first().map(|line| line.text.as_str());
            tables::missing(comparison, table, printed);
            missing = true;
        }
    }
    let end = old.last().map_or(0, |line| line.number);
    for table in free {
        tables::extra(comparison, table, end);
    }
    // What was printed in the place of a table is told with the table.
    if !(missing && old_text.is_empty()) {
        text::compare(comparison, command, (&old_text, &new_text), end);
    }
}

/// Compares two answers of a name server; false where they are none.
pub(crate) fn compare_lookups(comparison: &mut Comparison<'_>, old: &[Line], new: &[Line]) -> bool {
    let (Some(old), Some(new)) = (dns::read(old), dns::read(new)) else {
        return false;
    };
    answers::compare(comparison, &old, &new);
    true
}

fn parts(lines: &[Line]) -> (Vec<Table>, Vec<Line>) {
    let (mut tables, mut text) = (Vec::new(), Vec::new());
    for block in blocks(lines) {
        match block {
            Block::Table(table) => tables.push(table),
            Block::Text(mut lines) => text.append(&mut lines),
        }
    }
    (tables, text)
}

/// Whether two tables show the same kind of objects.
fn belong_together(old: &Table, new: &Table) -> bool {
    old.kind() == new.kind() && old.columns.first() == new.columns.first()
}
