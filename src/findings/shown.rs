//! What a page shows: the tables of its outputs, by the steps that printed them.

use std::ops::Deref;

use super::Page;
use super::commands::{self, Kubectl};
use crate::lab::{RecordedOutput, Role};
use crate::printed::normalise::{self, Line};
use crate::printed::table::{Block, Row, Table, blocks};

/// A page with its tables and calls of kubectl.
#[derive(Debug)]
pub(super) struct Shown<'a> {
    page: &'a Page<'a>,
    /// The tables that kubectl printed, in the order of the page.
    pub(super) tables: Vec<ShownTable>,
    /// The calls of kubectl of each step.
    pub(super) calls: Vec<Vec<Kubectl>>,
}

/// A table of a step's output.
#[derive(Debug)]
pub(super) struct ShownTable {
    /// The step, by its place in the lab.
    pub(super) step: usize,
    /// The output, by its place in the step.
    pub(super) output: usize,
    /// The table.
    pub(super) table: Table,
    /// Whether its rows were printed one after the other as things changed, so
    /// that one object may stand in several of them.
    pub(super) watched: bool,
}

impl<'a> Deref for Shown<'a> {
    type Target = Page<'a>;

    fn deref(&self) -> &Page<'a> {
        self.page
    }
}

impl<'a> Shown<'a> {
    pub(super) fn new(page: &'a Page<'a>) -> Self {
        let steps = &page.lab.steps;
        let calls: Vec<Vec<Kubectl>> =
            steps.iter().map(|step| commands::kubectl(&step.command.text)).collect();
        let mut tables = Vec::new();
        for (step, calls) in calls.iter().enumerate().filter(|(_, calls)| !calls.is_empty()) {
            let flags = &steps[step].flags;
            let watched = flags.blocking
                || calls.iter().any(Kubectl::watches)
                || steps[step].command.text.starts_with("watch ");
            for (output, recorded) in steps[step].outputs.iter().enumerate() {
                let found = blocks(&lines(recorded)).into_iter().filter_map(|block| match block {
                    Block::Table(table) => Some(ShownTable { step, output, table, watched }),
                    Block::Text(_) => None,
                });
                tables.extend(found);
            }
        }
        Self { page, tables, calls }
    }

    /// The rows of pods, each with its table.
    pub(super) fn pods(&self) -> impl Iterator<Item = (&ShownTable, &Row)> {
        let of_pods = self.tables.iter().filter(|shown| shown.table.kind() == Some("pod"));
        of_pods.flat_map(|shown| shown.table.rows.iter().map(move |row| (shown, row)))
    }

    /// The namespace that a step asks for by a flag; none where it does not, or
    /// where its calls differ.
    pub(super) fn namespace(&self, step: usize) -> Option<&str> {
        let mut namespaces = self.calls[step].iter().map(Kubectl::namespace);
        let first = namespaces.next()??;
        namespaces.all(|other| other == Some(first)).then_some(first)
    }

    /// Whether all that stands between two steps is known: no fence was left
    /// unread there.
    pub(super) fn is_read_between(&self, first: usize, last: usize) -> bool {
        let steps = &self.lab.steps;
        let fences = steps[first].fence..=steps[last].fence;
        self.lab.fences[fences].iter().all(|fence| fence.role != Role::Other)
    }

    /// The page's words between the fences of two steps, in lower case.
    pub(super) fn prose_between(&self, first: usize, last: usize) -> String {
        let steps = &self.lab.steps;
        let fences = &self.document.fences()[steps[first].fence..=steps[last].fence];
        let mut prose = String::new();
        for pair in fences.windows(2) {
            let span =
                self.document.line(pair[0].last_line()).end..self.document.line(pair[1].open).start;
            prose.push_str(self.document.text().get(span).unwrap_or_default());
        }
        prose.to_lowercase()
    }
}

/// An output's lines; one in the place of `...` for each that stands for others.
pub(super) fn lines(output: &RecordedOutput) -> Vec<Line> {
    let mut lines = normalise::lines(&output.text, output.first_line);
    for line in &mut lines {
        if output.elisions.contains(&line.number) {
            "...".clone_into(&mut line.text);
        }
    }
    lines
}
