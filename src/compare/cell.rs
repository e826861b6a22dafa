//! Compares two cells of one column, by what the column holds.

use super::comparison::Comparison;
use super::duration;
use super::finding::{Finding, Place};
use super::table::Table;
use super::transient::{self, Goal};
use super::value::{Piece, Space, Type, pieces};
use crate::lab::is_cut;

/// Whether the column holds ages: any other age is as good.
pub(crate) fn is_age_column(column: &str) -> bool {
    matches!(column, "AGE" | "LAST SEEN" | "FIRST SEEN" | "DURATION" | "LAST SCHEDULE")
}

/// Whether the column holds what was used at that moment.
fn is_usage_column(column: &str) -> bool {
    matches!(column, "CPU(cores)" | "CPU%" | "MEMORY(bytes)" | "MEMORY%")
}

/// Whether the cell tells what the machines run, which is not the lab's.
fn is_machine(column: &str, cell: &str) -> bool {
    match column {
        "VERSION" => cell
            .strip_prefix('v')
            .is_some_and(|rest| rest.starts_with(|char: char| char.is_ascii_digit())),
        "OS-IMAGE" | "KERNEL-VERSION" | "CONTAINER-RUNTIME" => is_given(cell),
        _ => false,
    }
}

/// The pieces of a table's cell: its column may make the whole cell, or the name
/// in it, an identity.
pub(crate) fn pieces_of<'a>(table: &Table, at: usize, cell: &'a str) -> Vec<Piece<'a>> {
    let column = table.columns[at].as_str();
    if table.names_nodes(column) && is_given(cell) {
        let name = cell.rsplit('/').next().unwrap_or(cell);
        let prefix = &cell[..cell.len() - name.len()];
        return vec![Piece::Text(prefix), Piece::Value(Type::Identity(Space::Node), name)];
    }
    match whole_cell(column) {
        Some(space) if is_given(cell) => vec![Piece::Value(Type::Identity(space), cell)],
        _ => pieces(cell),
    }
}

/// Compares two cells; `on_its_way` says where to, where the recorded row is a
/// transient state.
pub(crate) fn compare(
    comparison: &mut Comparison<'_>,
    column: &str,
    (old, new): (&str, &str),
    place: &Place<'_>,
    on_its_way: Option<Goal>,
) {
    if is_age_column(column) && (duration::is_duration(old) || duration::is_duration(new)) {
        if duration::is_duration(new) && !duration::is_duration(old) {
            let text =
                format!("{} is {new}; the page shows none yet ({})", place.name(), quoted(old));
            comparison.found(Finding::drift("age", text).at(place).old(old).new_value(new));
            return;
        }
        return check_type(comparison, "an age", duration::is_duration(new), (old, new), place);
    }
    if is_usage_column(column) && is_quantity(old) {
        return check_type(comparison, "an amount", is_quantity(new), (old, new), place);
    }
    if let (Some(space), true) = (whole_cell(column), is_given(old) && is_given(new)) {
        return comparison.identity(&space, old, new, place);
    }
    if column == "PORT(S)" && ports(comparison, old, new, place) {
        return;
    }
    if comparison.same_shape(old, new, place) || is_cut_of(old, new) {
        return;
    }
    let subject = place.subject;
    let finding = if on_its_way.is_some_and(|goal| transient::has_arrived(column, old, new, goal)) {
        let text = format!(
            "the page caught {subject} on its way ({column} `{old}`); here it has arrived (`{new}`)"
        );
        Finding::drift("transient", text)
    } else if is_machine(column, old) && is_machine(column, new) {
        Finding::drift("version", format!("{} is {new}; the page shows {old}", place.name()))
    } else {
        Finding::different(
            "cell",
            format!("{} is {}; the page shows {}", place.name(), quoted(new), quoted(old)),
        )
    };
    comparison.found(finding.at(place).old(old).new_value(new));
}

/// Whether the page shows a cell cut, and no more of it than the beginning.
fn is_cut_of(old: &str, new: &str) -> bool {
    let begins = old.trim_end_matches(['.', '…', '[', ']', '<', '>', '"']);
    is_cut(old) && new.starts_with(begins)
}

fn check_type(
    comparison: &mut Comparison<'_>,
    wanted: &str,
    fits: bool,
    (old, new): (&str, &str),
    place: &Place<'_>,
) {
    if !fits {
        let text = format!(
            "{} should be {wanted}, and is {}; the page shows {}",
            place.name(),
            quoted(new),
            quoted(old)
        );
        comparison.found(Finding::different("type", text).at(place).old(old).new_value(new));
    }
}

fn quoted(cell: &str) -> String {
    if cell.is_empty() { "empty".to_owned() } else { format!("`{cell}`") }
}

/// The identity that a column's whole cell is.
fn whole_cell(column: &str) -> Option<Space> {
    match column {
        "NODE" => Some(Space::Node),
        "CONTAINER ID" => Some(Space::Container),
        _ => None,
    }
}

fn is_given(cell: &str) -> bool {
    !cell.is_empty() && !cell.starts_with('<')
}

fn is_quantity(cell: &str) -> bool {
    let digits = cell.bytes().take_while(u8::is_ascii_digit).count();
    digits > 0
        && matches!(
            &cell[digits..],
            "" | "m" | "n" | "u" | "%" | "Ki" | "Mi" | "Gi" | "Ti" | "k" | "M" | "G"
        )
}

/// Compares the ports of services: a service's own port and protocol are
/// literals, the node's port is chosen by the cluster.
fn ports(comparison: &mut Comparison<'_>, old: &str, new: &str, place: &Place<'_>) -> bool {
    let read = |cell: &'_ str| -> Option<Vec<(String, Option<String>)>> {
        cell.split(',').map(port).collect()
    };
    let (Some(old), Some(new)) = (read(old), read(new)) else {
        return false;
    };
    let alike = old.len() == new.len()
        && old
            .iter()
            .zip(&new)
            .all(|(old, new)| old.0 == new.0 && old.1.is_some() == new.1.is_some());
    if alike {
        for ((_, old), (_, new)) in old.iter().zip(&new) {
            if let (Some(old), Some(new)) = (old, new) {
                comparison.identity(&Space::NodePort, old, new, place);
            }
        }
    }
    alike
}

/// `PORT/PROTOCOL` and the node's port of `PORT[:NODEPORT]/PROTOCOL`.
fn port(text: &str) -> Option<(String, Option<String>)> {
    let (numbers, protocol) = text.split_once('/')?;
    let (own, node) =
        numbers.split_once(':').map_or((numbers, None), |(own, node)| (own, Some(node)));
    own.parse::<u16>().ok()?;
    if let Some(node) = node {
        node.parse::<u16>().ok()?;
    }
    Some((format!("{own}/{protocol}"), node.map(str::to_owned)))
}
