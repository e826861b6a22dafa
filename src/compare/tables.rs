//! Compares the tables of two outputs: by column name and by row.

use super::cell;
use super::command;
use super::comparison::Comparison;
use super::facts;
use super::finding::{Finding, Place};
use super::name;
use super::restarts;
use super::rows;
use super::table::{Row, Table};
use super::transient;
use super::value::Space;
use super::versions;

/// Compares two tables of the same objects.
pub(crate) fn compare(comparison: &mut Comparison<'_>, command: &str, old: &Table, new: &Table) {
    let columns = columns(comparison, old, new);
    let pairing = rows::pair(old, new, &comparison.bindings);
    if command::sorts(command) {
        check_order(comparison, old, new, &pairing.pairs);
    }
    for (old_row, new_row) in &pairing.pairs {
        compare_rows(comparison, (old, &old.rows[*old_row]), (new, &new.rows[*new_row]), &columns);
    }
    for row in pairing.missing {
        missing_row(comparison, old, &old.rows[row], new);
    }
    let extra = if old.elided { Vec::new() } else { pairing.extra };
    for row in extra {
        let row = &new.rows[row];
        let subject = new.subject(row);
        let text = format!("the page does not show {subject}, but this run does: {}", summary(row));
        comparison.found(
            Finding::different("extra-row", text).at(&Place::line(old.line)).new_value(subject),
        );
    }
}

/// Says that the new output lacks a table.
pub(crate) fn missing(comparison: &mut Comparison<'_>, old: &Table, printed: Option<&str>) {
    let what = match (old.kind(), old.rows.len()) {
        (Some(kind), 1) => format!("the {kind} {}", old.name(&old.rows[0]).unwrap_or_default()),
        (Some(kind), count) => format!("the {count} {kind}s"),
        (None, _) => format!("the table of line {}", old.line),
    };
    let text = match printed {
        Some(line) => {
            format!("{what} that the page shows did not come; the command printed `{line}`")
        }
        None => format!("{what} that the page shows did not come"),
    };
    let mut finding = Finding::different("missing-table", text).at(&Place::line(old.line));
    if let Some(line) = printed {
        finding = finding.new_value(line);
    }
    comparison.found(finding.old(old.columns.join("   ")));
}

/// Says that the new output has a table more; `line` is where the page's output
/// ends.
pub(crate) fn extra(comparison: &mut Comparison<'_>, new: &Table, line: usize) {
    let first = new.rows.first().map_or_else(|| new.columns.join("   "), summary);
    let text = format!("this run shows a table that the page does not, beginning with: {first}");
    comparison
        .found(Finding::different("extra-table", text).at(&Place::line(line)).new_value(first));
}

/// The columns that both have, as indices into each.
fn columns(comparison: &mut Comparison<'_>, old: &Table, new: &Table) -> Vec<(usize, usize)> {
    let find = |table: &Table, name: &str| {
        table.columns.iter().position(|column| versions::column(column) == versions::column(name))
    };
    let mut shared = Vec::new();
    for (index, column) in old.columns.iter().enumerate() {
        if let Some(at) = find(new, column) {
            shared.push((index, at));
            continue;
        }
        let place = Place::line(old.line).column(column);
        let value = old
            .rows
            .iter()
            .map(|row| row.cells[index].as_str())
            .find(|cell| !says_nothing(column, cell));
        comparison.found(
            match value {
                Some(value) => Finding::different(
                    "missing-column",
                    format!("the column {column} is missing; the page shows values such as `{value}` in it"),
                )
                .old(value),
                None => Finding::drift("missing-column", format!("the column {column}, which held nothing, is gone")),
            }
            .at(&place),
        );
    }
    for column in new.columns.iter().filter(|column| find(old, column).is_none()) {
        let why = versions::column_reason(column).map_or(String::new(), |why| format!(": {why}"));
        let text = format!("there is a new column {column}{why}");
        comparison
            .found(Finding::drift("new-column", text).at(&Place::line(old.line).column(column)));
    }
    shared
}

/// Whether losing a cell loses nothing that was compared.
fn says_nothing(column: &str, cell: &str) -> bool {
    matches!(cell, "" | "<none>" | "<unset>") || cell::is_age_column(column)
}

fn compare_rows(
    comparison: &mut Comparison<'_>,
    (old, old_row): (&Table, &Row),
    (new, new_row): (&Table, &Row),
    columns: &[(usize, usize)],
) {
    let subject = new.subject(new_row);
    let on_its_way =
        transient::is_transient(old, old_row).then(|| transient::Goal::of(new, new_row));
    let before = comparison.findings.len();
    for (old_at, new_at) in columns {
        let column = versions::column(&old.columns[*old_at]);
        let cells = (old_row.cells[*old_at].as_str(), new_row.cells[*new_at].as_str());
        let place = Place { line: old_row.line, column: Some(column), subject };
        if restarts::is_column(column) {
            restarts::compare(comparison, cells, (new, new_row), &place);
        } else if column == "NAME"
            && let Some((was, is)) = generated_names((old, old_row), (new, new_row))
        {
            comparison.identity(&Space::Pod, was, is, &place);
        } else if column == "NAME"
            && old.names_nodes(column)
            && let (Some(was), Some(is)) = (old.name(old_row), new.name(new_row))
        {
            comparison.identity(&Space::Node, was, is, &place);
        } else {
            cell::compare(comparison, column, cells, &place, on_its_way);
        }
    }
    facts::check_row(
        comparison,
        new,
        new_row,
        &Place { line: old_row.line, column: None, subject },
    );
    // A claim that is not bound is why its pods wait.
    if new.kind() == Some("persistentvolumeclaim") {
        for finding in &mut comparison.findings[before..] {
            finding.cause |= finding.explanation.column.as_deref() == Some("STATUS");
        }
    }
}

/// The names of two pods that differ, where no Deployment made both but an owner
/// generated them, or where the page's was typed and looks generated.
fn generated_names<'a>(
    (old, old_row): (&Table, &'a Row),
    (new, new_row): (&Table, &'a Row),
) -> Option<(&'a str, &'a str)> {
    if old.kind() != Some("pod") {
        return None;
    }
    let (was, is) = (old.name(old_row)?, new.name(new_row)?);
    let owner = |name| name::of_owner(name).map(|name| name.stable);
    let one_owner =
        name::of_deployment(was).is_none() && owner(was).is_some() && owner(was) == owner(is);
    let stable = name::of_deployment(is).map(|name| name.stable);
    let typed = name::typed(was).is_some() && name::typed(was) == stable;
    (was != is && (one_owner || typed)).then_some((was, is))
}

fn missing_row(comparison: &mut Comparison<'_>, old: &Table, row: &Row, new: &Table) {
    let subject = old.subject(row);
    let place = Place::line(row.line);
    if transient::is_leaving(old, row) {
        let text = format!("the page caught {subject} while it was terminated; here it is gone");
        comparison.found(Finding::drift("transient", text).at(&place).old(subject));
        return;
    }
    let bound = old.name(row).and_then(|name| comparison.bindings.new_of(&Space::Pod, name));
    let now = bound.map_or(String::new(), |bound| format!(" ({} in this run)", bound.value));
    let have = match new.rows.len() {
        0 => String::new(),
        1 => format!("; there is only {}", new.subject(&new.rows[0])),
        count => format!("; there are {count} rows, where the page has {}", old.rows.len()),
    };
    let text = format!("{subject}{now}, which the page shows, is missing{have}");
    comparison.found(Finding::different("missing-row", text).at(&place).old(subject));
}

/// A row in one line.
fn summary(row: &Row) -> String {
    row.cells
        .iter()
        .filter(|cell| !cell.is_empty())
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join("   ")
}

/// The command sorts: the rows must come in the page's order.
fn check_order(
    comparison: &mut Comparison<'_>,
    old: &Table,
    new: &Table,
    pairs: &[(usize, usize)],
) {
    for neighbours in pairs.windows(2) {
        let [(before, new_before), (after, new_after)] = neighbours else {
            continue;
        };
        if new_before > new_after {
            let (first, second) = (old.subject(&old.rows[*before]), old.subject(&old.rows[*after]));
            let text = format!(
                "the command sorts, and the page has {first} before {second}; this run has {} before {}",
                new.subject(&new.rows[*new_after]),
                new.subject(&new.rows[*new_before]),
            );
            let finding =
                Finding::different("row-order", text).at(&Place::line(old.rows[*after].line));
            comparison.found(finding.old(second).new_value(new.subject(&new.rows[*new_after])));
            return;
        }
    }
}
