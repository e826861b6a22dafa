//! Decides whether a run did the same lab as the page, not whether it printed
//! the same text. This module does no IO and knows no cluster: facts about one
//! come in as data.
//!
//! An output is taken apart (tables, answers of name servers, lines; in them
//! typed values), the parts that belong together are found, and each pair is
//! held to its rule. Identities are bound one to one over the page.

mod action;
mod answers;
mod bindings;
mod cell;
mod command;
mod common;
mod comparison;
mod exit;
mod facts;
mod finding;
mod follow;
mod hopeless;
mod keyed;
mod output;
mod remark;
mod restarts;
mod rows;
mod stamp;
mod tables;
#[cfg(test)]
mod tests;
mod text;
pub(crate) mod transient;
mod value;
mod versions;

use bindings::Bindings;
use comparison::Comparison;
use normalise::Line;
use restarts::History;

use crate::lab::Step;
use crate::printed::{dns, duration, name, normalise, table};
use crate::record::{AttemptEnded, Explanation, Facts, Verdict};

/// What the page and the run have agreed on so far: which recorded name,
/// address or number stands for which new one.
#[derive(Debug, Clone, Default)]
pub struct Page {
    bindings: Bindings,
    restarts: History,
}

/// What a page says of a step's result.
#[derive(Debug, Clone, Copy)]
pub struct Expectation<'a> {
    /// The step, with what the page shows that it printed.
    pub step: &'a Step,
    /// The exit codes that are right, where a directive gives them.
    pub exit: Option<&'a [u8]>,
}

impl<'a> From<&'a Step> for Expectation<'a> {
    fn from(step: &'a Step) -> Self {
        Self { step, exit: None }
    }
}

/// What was decided of one attempt.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// `Same`, `Drift`, `Ran` or `Different`.
    pub verdict: Verdict,
    /// Why, the first cause first.
    pub explanation: Vec<Explanation>,
    /// Whether another attempt cannot change it: a volume or a counter is not the
    /// one it was, a container crashed, a program is not there.
    pub hopeless: bool,
}

impl Page {
    /// A page of which nothing has run. `baseline` is what the cluster said
    /// before the first step: restarts are counted from there.
    pub fn new(baseline: &Facts) -> Self {
        Self { bindings: Bindings::default(), restarts: History::new(baseline) }
    }

    /// The command with each recorded name, address or token replaced by the
    /// new one that stands for it; none where nothing is replaced.
    pub fn follow(&self, command: &str) -> Option<String> {
        follow::follow(&self.bindings, command)
    }

    /// Judges an attempt at a step against what the page shows. Binds nothing.
    pub fn judge<'a>(
        &self,
        expected: impl Into<Expectation<'a>>,
        attempt: &AttemptEnded,
    ) -> Judgement {
        let expected = expected.into();
        let step = expected.step;
        let Comparison { findings, hopeless, .. } = self.compare(expected, attempt);
        let breaks = findings.iter().any(|finding| finding.explanation.breaks);
        let verdict = match (breaks, findings.is_empty()) {
            (true, _) => Verdict::Different,
            (false, _) if step.outputs.is_empty() => Verdict::Ran,
            (false, true) => Verdict::Same,
            (false, false) => Verdict::Drift,
        };
        let hopeless = findings.iter().any(|finding| finding.hopeless) || hopeless && breaks;
        Judgement { verdict, explanation: finding::told(findings), hopeless }
    }

    /// Keeps an attempt: what it binds holds for the rest of the page.
    pub fn keep<'a>(&mut self, expected: impl Into<Expectation<'a>>, attempt: &AttemptEnded) {
        let Comparison { bindings, shown, .. } = self.compare(expected.into(), attempt);
        self.bindings = bindings;
        for (uid, real, recorded) in shown {
            self.restarts.shown(&uid, real, recorded);
        }
        self.restarts.kept(&attempt.facts);
    }

    fn compare<'a>(
        &'a self,
        Expectation { step, exit }: Expectation<'_>,
        attempt: &'a AttemptEnded,
    ) -> Comparison<'a> {
        let mut comparison = Comparison::new(self.bindings.clone(), &self.restarts, &attempt.facts);
        let command = step.command.text.as_str();
        let old = recorded(step);
        let new = normalise::lines(&attempt.output.text(), 1);
        let expected = exit.map_or_else(|| exit::expected(command, &old), exit::Expected::OneOf);
        let ended = exit::check(expected, &attempt.ended, &new).map(|mut finding| {
            finding.explanation.line.get_or_insert(step.command.first_line);
            finding
        });
        let wrong_end = ended.as_ref().is_some_and(|finding| finding.explanation.breaks);
        // What an application wrote is no end of the command, unless it failed.
        comparison.hopeless = (wrong_end || !command::relays(command))
            && new.iter().any(|line| {
                hopeless::is_hopeless(&line.text) && old.iter().all(|old| old.text != line.text)
            });
        if step.outputs.is_empty() {
            comparison.findings.extend(ended);
            return comparison;
        }
        let (old, new) = remark::take(&mut comparison, command, old, new);
        if wrong_end {
            // What a command printed as it failed is no result to compare, but a
            // name server's "no" is.
            output::compare_lookups(&mut comparison, &old, &new);
            comparison.findings.extend(ended);
        } else {
            comparison.findings.extend(ended);
            output::compare(&mut comparison, command, &old, &new);
        }
        comparison
    }
}

/// The lines that the page shows of a step's output, numbered as on the page.
fn recorded(step: &Step) -> Vec<Line> {
    let mut lines = Vec::new();
    for output in &step.outputs {
        lines.append(&mut normalise::lines(&output.text, output.first_line));
        // Two fences are two outputs: a table does not run on from one to the next.
        lines.push(Line { number: output.last_line, text: String::new() });
    }
    lines.pop();
    lines
}
