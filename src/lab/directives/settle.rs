//! Directives brought together with the steps that the page was found to have.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Directives, FenceDirective, Scope, Setting, Settings, settings};
use crate::document::Document;
use crate::lab::{Diagnostic, FenceReading, Role, Step};

/// How a directive begins.
const BEGINS: &str = "<!-- labbook:";

impl Directives {
    /// Decides what holds for each step, and says which directives find none.
    pub(in crate::lab) fn settle(
        &mut self,
        document: &Document,
        steps: &[Step],
        fences: &[FenceReading],
    ) -> Vec<Diagnostic> {
        let mut found = in_fences(document, steps, fences);
        let mut all: BTreeMap<usize, Settings> = BTreeMap::new();
        let mut single: BTreeMap<usize, Settings> = BTreeMap::new();
        for (index, directive) in &self.fences {
            let Some(fence) = fences.get(*index) else { continue };
            let concerned = concerned(*index, fence, steps);
            for setting in directive.all.shared() {
                let targets = match settings::scope(setting) {
                    Scope::Fence => continue,
                    Scope::Each => concerned.as_slice(),
                    Scope::Last => &concerned[concerned.len().saturating_sub(1)..],
                };
                for step in targets {
                    found.extend(all.entry(*step).or_default().add(Arc::clone(setting)));
                }
            }
            found.extend(without_a_step(directive, &concerned));
            for (number, (_, settings)) in &directive.steps {
                let Some(step) = number.checked_sub(1).and_then(|index| concerned.get(index))
                else {
                    continue;
                };
                for setting in settings.shared() {
                    found.extend(single.entry(*step).or_default().add(Arc::clone(setting)));
                }
            }
        }
        self.steps = vec![self.page.clone(); steps.len()];
        for (index, settings) in all.iter().chain(&single) {
            self.steps[*index].overlay(settings);
        }
        found
    }

    /// Whether a diagnostic is about a command that is skipped, so that it hinders
    /// nobody.
    pub(crate) fn skips(
        &self,
        document: &Document,
        steps: &[Step],
        diagnostic: &Diagnostic,
    ) -> bool {
        let line = document.line_of(diagnostic.span.start);
        let after = steps.partition_point(|step| step.command.first_line <= line);
        let Some(index) = after.checked_sub(1) else { return false };
        line <= steps[index].command.last_line
            && self.of_step(index).is_some_and(|settings| settings.skip().is_some())
    }
}

/// The steps that a directive before a fence concerns: those whose commands
/// stand in it; where none do, those whose output it shows.
fn concerned(index: usize, fence: &FenceReading, steps: &[Step]) -> Vec<usize> {
    let from = steps.partition_point(|step| step.fence < index);
    let inside: Vec<usize> =
        (from..steps.len()).take_while(|at| steps[*at].fence == index).collect();
    if !inside.is_empty() {
        return inside;
    }
    let shows = |step: &Step| {
        step.outputs.iter().any(|output| (fence.open..=fence.close).contains(&output.first_line))
    };
    // Those of the fence before: an output follows its command.
    let before = steps[..from].last().map_or(index, |step| step.fence);
    let first = steps.partition_point(|step| step.fence < before);
    (first..from).filter(|at| shows(&steps[*at])).collect()
}

/// What a directive says of commands that the fence does not have.
fn without_a_step(directive: &FenceDirective, concerned: &[usize]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if concerned.is_empty() {
        // That it is not run anyway is no fault, and that it has names neither.
        let acts = |setting: &&Setting| {
            settings::scope(setting) != Scope::Fence
                && !matches!(setting.key, "skip" | "requires" | "tags")
        };
        found.extend(directive.all.iter().filter(acts).map(|setting| {
            let message = format!("nothing of this fence is run: `{}` has no command", setting.key);
            Diagnostic::error("no-such-step", setting.key_span.clone(), message)
                .help("take it away, or say what the fence is, as in `read = \"commands\"`")
        }));
    }
    let beyond = directive.steps.iter().filter(|(number, _)| **number > concerned.len());
    found.extend(beyond.map(|(_, (span, _))| {
        let message = match concerned.len() {
            0 => "nothing of this fence is run".to_owned(),
            1 => "the fence has one command".to_owned(),
            count => format!("the fence has {count} commands"),
        };
        Diagnostic::error("no-such-step", span.clone(), message)
            .help("count the fence's commands from 1")
    }));
    found
}

/// Directives inside fences, where they are text.
fn in_fences(document: &Document, steps: &[Step], fences: &[FenceReading]) -> Vec<Diagnostic> {
    let page = document.text();
    let mut found = Vec::new();
    for (fence, reading) in document.fences().iter().zip(fences) {
        if matches!(reading.role, Role::File | Role::Output) {
            continue;
        }
        for line in &fence.lines {
            let text = &page[line.content.clone()];
            let shown = || {
                let after = steps.partition_point(|step| step.command.first_line <= line.number);
                after.checked_sub(1).is_some_and(|index| {
                    steps[index]
                        .outputs
                        .iter()
                        .any(|output| (output.first_line..=output.last_line).contains(&line.number))
                })
            };
            if text.trim_start().starts_with(BEGINS) && !shown() {
                let message = "inside a fence a directive is text";
                found.push(
                    Diagnostic::warning("directive-in-fence", line.content.clone(), message)
                        .help("write it before the fence"),
                );
            }
        }
    }
    found
}
