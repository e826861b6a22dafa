//! What a page shows: the tables of its outputs, by the steps that printed them.

use std::ops::Deref;

use super::Page;
use super::commands::{self, Kept, Kubectl};
use crate::lab::directives::Purpose;
use crate::lab::{Lab, RecordedOutput, Role, Step};
use crate::plan::PlannedStep;
use crate::printed::normalise::{self, Line};
use crate::printed::table::{Block, Row, Table, blocks};

/// A page with its tables and calls of kubectl.
#[derive(Debug)]
pub(super) struct Shown<'a> {
    page: &'a Page<'a>,
    /// The hidden commands that run before the first step.
    pub(super) setup: Vec<Step>,
    /// Those that run after the last one.
    pub(super) after: Vec<Step>,
    /// The tables that kubectl printed, in the order of the page.
    pub(super) tables: Vec<ShownTable>,
    /// The calls of kubectl of each step.
    pub(super) calls: Vec<Vec<Kubectl>>,
    /// For each step and each of [`Kept`], how many steps before it do not leave
    /// that.
    changes: Vec<[usize; Kept::ALL.len()]>,
    /// For each fence, how many before it were not read.
    unread: Vec<usize>,
    /// For each fence, how many times the words before it and after the fence
    /// before that tell of something done.
    told: Vec<usize>,
}

/// Parts of words with which prose tells of something done that no fence shows.
const DONE: [&str; 13] = [
    "appl", "cluster", "creat", "delet", "deploy", "helm", "install", "kubectl", "reboot",
    "recreat", "replac", "start", "run",
];

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
        let (setup, after) = hidden(page.lab);
        let (changes, unread, told) = (changes(page), unread(page), told(page));
        Self { page, setup, after, tables, calls, changes, unread, told }
    }

    /// How a command is run; none where it is hidden.
    pub(super) fn planned(&self, step: &Step) -> Option<&PlannedStep> {
        let line = step.command.first_line;
        let steps = &self.page.plan.steps;
        let index = steps.binary_search_by_key(&line, |planned| planned.step.command.first_line);
        steps.get(index.ok()?)
    }

    /// All commands, hidden ones too, in the order in which they are run.
    pub(super) fn commands(&self) -> impl Iterator<Item = &Step> {
        self.setup.iter().chain(&self.page.lab.steps).chain(&self.after)
    }

    /// Whether the steps after one and before another leave what there is, as far
    /// as the page tells: no fence between was left unread.
    pub(super) fn untouched(&self, first: usize, last: usize, kept: Kept) -> bool {
        let fence = |step: usize| self.lab.steps[step].fence;
        let at = kept as usize;
        self.changes[last][at] == self.changes[(first + 1).min(last)][at]
            && self.unread[fence(last)] == self.unread[fence(first)]
    }

    /// Whether the prose between the fences of two steps tells of something done.
    pub(super) fn tells_of_more(&self, first: usize, last: usize) -> bool {
        let fence = |step: usize| self.lab.steps[step].fence;
        self.told[fence(last)] != self.told[fence(first)]
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
}

/// The hidden commands as steps: those that run before the page's own, and the
/// others.
pub(super) fn hidden(lab: &Lab) -> (Vec<Step>, Vec<Step>) {
    let (mut setup, mut after) = (Vec::new(), Vec::new());
    for hidden in &lab.directives.hidden {
        let place = if hidden.purpose == Purpose::Setup { &mut setup } else { &mut after };
        place.extend(hidden.steps());
    }
    (setup, after)
}

fn changes(page: &Page<'_>) -> Vec<[usize; Kept::ALL.len()]> {
    let mut counts = [0; Kept::ALL.len()];
    let before = page.plan.steps.iter().map(|step| {
        let before = counts;
        for kept in Kept::ALL {
            counts[kept as usize] += usize::from(!commands::leaves(step, kept));
        }
        before
    });
    before.collect()
}

fn unread(page: &Page<'_>) -> Vec<usize> {
    let mut count = 0;
    let before = page.lab.fences.iter().map(|fence| {
        let before = count;
        count += usize::from(fence.role == Role::Other);
        before
    });
    before.collect()
}

fn told(page: &Page<'_>) -> Vec<usize> {
    let document = page.document;
    let mut count = 0;
    let mut end = 0;
    let until = document.fences().iter().map(|fence| {
        let start = document.line(fence.open).start;
        // A fence may stand in another one's container, never before its end.
        let prose = document.text().get(end..start).unwrap_or_default().to_lowercase();
        end = document.line(fence.last_line()).end;
        count += usize::from(DONE.iter().any(|word| prose.contains(word)));
        count
    });
    until.collect()
}

/// An output's lines.
pub(super) fn lines(output: &RecordedOutput) -> Vec<Line> {
    normalise::lines(&output.text, output.first_line)
}
