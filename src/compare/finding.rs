//! One thing that a comparison found, and the words for it.

use crate::record::Explanation;

/// What a comparison found at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    /// For the record.
    pub(crate) explanation: Explanation,
    /// Whether another attempt cannot change it.
    pub(crate) hopeless: bool,
    /// Whether other findings follow from it: those are told first.
    pub(crate) cause: bool,
}

impl Finding {
    /// Something that makes the step different.
    pub(crate) fn different(kind: &str, text: impl Into<String>) -> Self {
        Self::new(kind, true, text.into())
    }

    /// Something that changed and is tolerated.
    pub(crate) fn drift(kind: &str, text: impl Into<String>) -> Self {
        Self::new(kind, false, text.into())
    }

    fn new(kind: &str, breaks: bool, text: String) -> Self {
        let explanation =
            Explanation { kind: kind.to_owned(), breaks, text, ..Explanation::default() };
        Self { explanation, hopeless: false, cause: false }
    }

    /// The same, at a place.
    pub(crate) fn at(mut self, place: &Place<'_>) -> Self {
        self.explanation.line = Some(place.line);
        self.explanation.column = place.column.map(str::to_owned);
        self
    }

    /// The same, with the value on the page.
    pub(crate) fn old(mut self, value: impl Into<String>) -> Self {
        self.explanation.old = Some(value.into());
        self
    }

    /// The same, with the value of the run.
    pub(crate) fn new_value(mut self, value: impl Into<String>) -> Self {
        self.explanation.new = Some(value.into());
        self
    }

    /// The same, which no further attempt can change.
    pub(crate) fn hopeless(mut self) -> Self {
        self.hopeless = true;
        self
    }

    /// The same, from which others follow.
    pub(crate) fn cause(mut self) -> Self {
        self.cause = true;
        self
    }
}

/// Where two values stand that are compared.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    /// The line of the page, counted from 1.
    pub(crate) line: usize,
    /// The column of the table, where it is one.
    pub(crate) column: Option<&'a str>,
    /// What the value belongs to, such as `pod/app-0`; empty where nothing names it.
    pub(crate) subject: &'a str,
}

impl<'a> Place<'a> {
    /// A line of the page.
    pub(crate) fn line(line: usize) -> Self {
        Self { line, column: None, subject: "" }
    }

    /// The value as the subject of a sentence: "the STATUS of pod/app-0".
    pub(crate) fn name(&self) -> String {
        match (self.column, self.subject) {
            (Some(column), "") => format!("the {column} of line {}", self.line),
            (Some(column), subject) => format!("the {column} of {subject}"),
            (None, _) => format!("line {}", self.line),
        }
    }

    /// The same place in another column.
    pub(crate) fn column(self, column: &'a str) -> Self {
        Self { column: Some(column), ..self }
    }
}

/// How many findings of one sort are listed before the rest is only counted.
const LISTED: usize = 20;

/// The findings in the order in which they are told: what makes the step
/// different first, and there causes first; each once.
pub(crate) fn told(findings: Vec<Finding>) -> Vec<Explanation> {
    let (mut breaks, mut drifts): (Vec<_>, Vec<_>) =
        findings.into_iter().partition(|finding| finding.explanation.breaks);
    breaks.sort_by_key(|finding| !finding.cause);
    let mut told = Vec::new();
    for (list, more) in [(&mut breaks, "more-differences"), (&mut drifts, "more-drift")] {
        let mut listed: Vec<Explanation> = Vec::new();
        let mut folded = 0_usize;
        for finding in list.drain(..) {
            if listed.len() >= LISTED {
                folded += 1;
            } else if !listed.contains(&finding.explanation) {
                listed.push(finding.explanation);
            }
        }
        if folded > 0 {
            let breaks = listed[0].breaks;
            let line = listed[0].line;
            let text = format!("and {folded} more");
            listed.push(Explanation {
                kind: more.to_owned(),
                breaks,
                line,
                text,
                ..Explanation::default()
            });
        }
        told.append(&mut listed);
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_come_first_and_drift_last() {
        let findings = vec![
            Finding::drift("remark", "a"),
            Finding::different("cell", "b"),
            Finding::different("cell", "c").cause(),
            Finding::different("cell", "b"),
        ];
        let texts: Vec<_> = told(findings).into_iter().map(|told| told.text).collect();
        assert_eq!(texts, ["c", "b", "a"]);
    }

    #[test]
    fn a_long_list_is_folded() {
        let findings = (0..100).map(|n| Finding::different("line", format!("{n}"))).collect();
        let told = told(findings);
        assert_eq!(told.len(), LISTED + 1);
        assert_eq!(told[LISTED].text, "and 80 more");
        assert!(told[LISTED].breaks);
    }
}
