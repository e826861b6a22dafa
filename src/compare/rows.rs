//! Which row of a new table stands for which recorded one.

use std::collections::HashMap;

use super::bindings::Bindings;
use super::cell;
use super::name;
use super::restarts;
use super::table::{Row, Table};
use super::value::{Piece, Space, Type, pieces};
use super::versions;

/// How the rows of two tables belong together, by their indices.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Pairing {
    /// Recorded and new row, in the recorded order.
    pub(crate) pairs: Vec<(usize, usize)>,
    /// Recorded rows that the new table lacks.
    pub(crate) missing: Vec<usize>,
    /// New rows that the page does not show.
    pub(crate) extra: Vec<usize>,
}

/// Pairs rows by name; names with generated parts by their stable part, and
/// among those of one such part the rows that agree with each other and with
/// the bindings.
pub(crate) fn pair(old: &Table, new: &Table, bindings: &Bindings) -> Pairing {
    let sides = [Side::new(old, new), Side::new(new, old)];
    let mut matching = Matching::new(old.rows.len(), new.rows.len());
    matching.by(
        |row| Some(old_key(old, row, bindings, &sides[0])),
        |row| Some(new_key(new, row, bindings, &sides[1])),
        [old, new],
    );
    // What is left differs in what must agree: it is paired for its explanation.
    let old_known =
        |space: &Space, value: &str| bindings.new_of(space, value).map(|bound| bound.value.clone());
    let new_known =
        |space: &Space, value: &str| bindings.old_of(space, value).map(|_| value.to_owned());
    matching.by(
        |row| Some(masked(old, row, old_known)),
        |row| Some(masked(new, row, new_known)),
        [old, new],
    );
    let owner = |name: &'_ str| name::of_owner(name).map(|name| name.stable.len());
    matching.by(
        |row| pod_key(old, row, old_known, owner),
        |row| pod_key(new, row, new_known, owner),
        [old, new],
    );
    matching.by(
        |row| pod_key(old, row, old_known, |name| name::typed(name).map(str::len)),
        |row| {
            pod_key(new, row, new_known, |name| {
                name::of_deployment(name).map(|name| name.stable.len())
            })
        },
        [old, new],
    );
    matching.pairing()
}

/// One table, seen by what it has in common with the other.
struct Side {
    /// The columns that both have, by the name under which they are compared.
    shared: Vec<usize>,
    /// How often each identity stands in the table.
    counts: HashMap<(Space, String), usize>,
}

impl Side {
    fn new(table: &Table, other: &Table) -> Self {
        let names: Vec<&str> =
            other.columns.iter().map(|column| versions::column(column)).collect();
        let shared: Vec<usize> = (0..table.columns.len())
            .filter(|at| names.contains(&versions::column(&table.columns[*at])))
            .collect();
        let mut counts = HashMap::new();
        for row in &table.rows {
            for piece in shared.iter().flat_map(|at| cell::pieces_of(table, *at, &row.cells[*at])) {
                if let Piece::Value(Type::Identity(space), value) = piece {
                    if let Some(hash) = hash(&space, value) {
                        *counts.entry((Space::TemplateHash, hash.to_owned())).or_default() += 1;
                    }
                    *counts.entry((space, value.to_owned())).or_default() += 1;
                }
            }
        }
        Self { shared, counts }
    }

    /// What must be equal in two rows that stand for each other; `known` gives
    /// the new value of an identity that is bound.
    fn key<'a>(
        &self,
        table: &Table,
        row: &'a Row,
        known: impl Fn(&Space, &'a str) -> Option<String>,
    ) -> String {
        let mut columns: Vec<usize> = self.shared.clone();
        columns.sort_by_key(|at| versions::column(&table.columns[*at]));
        let mut key = String::new();
        for at in columns {
            let column = versions::column(&table.columns[at]);
            key.push('\u{1f}');
            if restarts::is_column(column) || cell::is_age_column(column) {
                continue;
            }
            for piece in cell::pieces_of(table, at, &row.cells[at]) {
                match piece {
                    Piece::Text(text) => key.push_str(text),
                    Piece::Value(Type::Identity(space), value) => {
                        key.push('\u{1e}');
                        key.push_str(stable_part(&space, value));
                        key.push_str(&self.token(&space, value, &known));
                        if let Some(hash) = hash(&space, value) {
                            key.push_str(&self.token(&Space::TemplateHash, hash, &known));
                        }
                    }
                    Piece::Value(..) => key.push('\u{1e}'),
                }
            }
        }
        key
    }

    /// What an identity is in a key: its new value where it is bound, otherwise
    /// how often it stands in the table.
    fn token<'a>(
        &self,
        space: &Space,
        value: &'a str,
        known: impl Fn(&Space, &'a str) -> Option<String>,
    ) -> String {
        known(space, value).map_or_else(
            || {
                format!(
                    "*{}",
                    self.counts.get(&(space.clone(), value.to_owned())).copied().unwrap_or(0)
                )
            },
            |value| format!("={value}"),
        )
    }
}

fn hash<'a>(space: &Space, value: &'a str) -> Option<&'a str> {
    name::of_deployment(value).filter(|_| *space == Space::Pod)?.hash
}

fn stable_part<'a>(space: &Space, value: &'a str) -> &'a str {
    match space {
        Space::Pod => name::of_deployment(value).map_or("", |name| name.stable),
        _ => "",
    }
}

fn old_key(table: &Table, row: usize, bindings: &Bindings, side: &Side) -> String {
    side.key(table, &table.rows[row], |space, value| {
        bindings.new_of(space, value).map(|bound| bound.value.clone())
    })
}

fn new_key(table: &Table, row: usize, bindings: &Bindings, side: &Side) -> String {
    side.key(table, &table.rows[row], |space, value| {
        bindings.old_of(space, value).map(|_| value.to_owned())
    })
}

/// A row's name (its first cell where the table has no names) with what is
/// generated in it left out, unless that is bound.
fn masked(table: &Table, row: usize, known: impl Fn(&Space, &str) -> Option<String>) -> String {
    let row = &table.rows[row];
    let cells = match table.name(row) {
        Some(name) => [table.namespace(row).unwrap_or(""), name],
        None => ["", row.cells.first().map_or("", String::as_str)],
    };
    if let [_, name] = cells
        && table.names_nodes("NAME")
    {
        return known(&Space::Node, name).unwrap_or_else(|| "*".to_owned());
    }
    let mut key = String::new();
    for piece in cells.into_iter().flat_map(pieces) {
        match piece {
            Piece::Text(text) => key.push_str(text),
            Piece::Value(Type::Identity(space), value) => {
                key.push_str(
                    &known(&space, value)
                        .unwrap_or_else(|| format!("{}*", stable_part(&space, value))),
                );
            }
            Piece::Value(..) => key.push('*'),
        }
    }
    key
}

/// The stable part of a pod's name, of which `stable` gives the length, or the name that it is bound to.
fn pod_key(
    table: &Table,
    row: usize,
    known: impl Fn(&Space, &str) -> Option<String>,
    stable: impl Fn(&str) -> Option<usize>,
) -> Option<String> {
    let row = &table.rows[row];
    let name = table.name(row).filter(|_| table.kind() == Some("pod"))?;
    let key = known(&Space::Pod, name).or_else(|| Some(format!("{}*", &name[..stable(name)?])))?;
    Some(format!("{}\u{1f}{key}", table.namespace(row).unwrap_or("")))
}

/// Rows paired so far.
struct Matching {
    old: Vec<Option<usize>>,
    new: Vec<bool>,
}

impl Matching {
    fn new(old: usize, new: usize) -> Self {
        Self { old: vec![None; old], new: vec![false; new] }
    }

    /// Pairs rows that are still free and have one key. Rows of one key are told
    /// apart by their restarts only: those restarted most stand for each other,
    /// so that none has more than recorded where that can be.
    fn by(
        &mut self,
        old_key: impl Fn(usize) -> Option<String>,
        new_key: impl Fn(usize) -> Option<String>,
        [old, new]: [&Table; 2],
    ) {
        let mut free: HashMap<String, (Vec<usize>, Vec<usize>)> = HashMap::new();
        for row in (0..self.old.len()).filter(|row| self.old[*row].is_none()) {
            if let Some(key) = old_key(row) {
                free.entry(key).or_default().0.push(row);
            }
        }
        for row in (0..self.new.len()).filter(|row| !self.new[*row]) {
            if let Some(entry) = new_key(row).and_then(|key| free.get_mut(&key)) {
                entry.1.push(row);
            }
        }
        for (mut olds, mut news) in free.into_values() {
            olds.sort_by_key(|row| std::cmp::Reverse(restarts::of_row(old, &old.rows[*row])));
            news.sort_by_key(|row| std::cmp::Reverse(restarts::of_row(new, &new.rows[*row])));
            for (old, new) in olds.into_iter().zip(news) {
                self.old[old] = Some(new);
                self.new[new] = true;
            }
        }
    }

    fn pairing(self) -> Pairing {
        let mut pairing = Pairing::default();
        for (row, new) in self.old.iter().enumerate() {
            match new {
                Some(new) => pairing.pairs.push((row, *new)),
                None => pairing.missing.push(row),
            }
        }
        pairing.extra = (0..self.new.len()).filter(|row| !self.new[*row]).collect();
        pairing
    }
}
