//! Decides whether a run did the same lab as the page, not whether it printed
//! the same text. This module does no IO and knows no cluster: facts about one
//! come in as data.

use crate::lab::Step;
use crate::record::{AttemptEnded, Explanation, Facts, Verdict};

/// What the page and the run have agreed on so far: which recorded name,
/// address or number stands for which new one.
#[derive(Debug, Clone, Default)]
pub struct Page {}

/// What was decided of one attempt.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// `Same`, `Drift`, `Ran` or `Different`.
    pub verdict: Verdict,
    /// Why, the first cause first.
    pub explanation: Vec<Explanation>,
    /// Whether another attempt cannot change it: an identity was broken.
    pub hopeless: bool,
}

impl Page {
    /// A page of which nothing has run. `baseline` is what the cluster said
    /// before the first step: restarts are counted from there.
    pub fn new(baseline: &Facts) -> Self {
        let _ = baseline;
        Self {}
    }

    /// The command with each recorded name, address or token replaced by the
    /// new one that stands for it; none where nothing is replaced.
    pub fn follow(&self, command: &str) -> Option<String> {
        let _ = command;
        None
    }

    /// Judges an attempt at a step against what the page shows. Binds nothing.
    pub fn judge(&self, step: &Step, attempt: &AttemptEnded) -> Judgement {
        let _ = (step, attempt);
        Judgement {
            verdict: Verdict::Ran,
            explanation: Vec::new(),
            hopeless: false,
        }
    }

    /// Keeps an attempt: what it binds holds for the rest of the page.
    pub fn keep(&mut self, step: &Step, attempt: &AttemptEnded) {
        let _ = (step, attempt);
    }
}
