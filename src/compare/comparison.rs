//! One comparison under way: the bindings so far, and what was found.

use super::bindings::{Bindings, Break};
use super::finding::{Finding, Place};
use super::restarts::History;
use super::value::{Piece, Space, Type, pieces};
use crate::record::Facts;

/// A comparison of one attempt with what the page shows.
pub(crate) struct Comparison<'a> {
    /// The page's bindings, and those that this attempt proposes.
    pub(crate) bindings: Bindings,
    /// What the cluster said after the attempt.
    pub(crate) facts: &'a Facts,
    /// How often pods had been restarted before.
    pub(crate) restarts: &'a History,
    /// What was found, in the order of the page.
    pub(crate) findings: Vec<Finding>,
    /// The pods that were shown: UID, restarts, and restarts on the page.
    pub(crate) shown: Vec<(String, u32, u32)>,
    /// The command said that it is wrong here: what differs stays so.
    pub(crate) hopeless: bool,
}

impl<'a> Comparison<'a> {
    /// A comparison that goes on from the page's bindings.
    pub(crate) fn new(bindings: Bindings, restarts: &'a History, facts: &'a Facts) -> Self {
        Self { bindings, facts, restarts, findings: Vec::new(), shown: Vec::new(), hopeless: false }
    }

    /// Adds a finding.
    pub(crate) fn found(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// Compares two texts piece by piece. False, with nothing bound or found,
    /// where they are not of one shape.
    pub(crate) fn same_shape(&mut self, old: &str, new: &str, place: &Place<'_>) -> bool {
        let (old, new) = (pieces(old), pieces(new));
        if old.len() != new.len() || !old.iter().zip(&new).all(|(old, new)| alike(old, new)) {
            return false;
        }
        let mut before = "";
        for (old, new) in old.iter().zip(&new) {
            if let (Piece::Value(Type::Identity(space), old), Piece::Value(_, new)) = (old, new) {
                self.hold(space, before, (old, new), place);
            }
            before = old.as_str();
        }
        true
    }

    /// Holds that a recorded identity is the new one, here as on the whole page.
    pub(crate) fn identity(&mut self, space: &Space, old: &str, new: &str, place: &Place<'_>) {
        self.hold(space, "", (old, new), place);
    }

    /// As [`Self::identity`], for values that stand after a text: `pvc-` makes a
    /// UID a volume.
    fn hold(&mut self, space: &Space, before: &str, (old, new): (&str, &str), place: &Place<'_>) {
        if *space == Space::Pod {
            let hash = |name| super::name::of_deployment(name).and_then(|name| name.hash);
            if let (Some(old), Some(new)) = (hash(old), hash(new)) {
                self.identity(&Space::TemplateHash, old, new, place);
            }
        }
        let Err(broken) = self.bindings.bind(space, old, new, place.line) else {
            return;
        };
        let (noun, prefix) = match before {
            "pvc-" if *space == Space::Uid => ("volume".to_owned(), before),
            _ => (space.to_string(), ""),
        };
        let (old, new) = (format!("{prefix}{old}"), format!("{prefix}{new}"));
        let text = match space {
            Space::Number(_) => explain_number(&old, &new, &broken, place),
            _ => explain(&noun, prefix, (&old, &new), &broken, place),
        };
        let mut finding = Finding::different("identity", text).at(place).old(old).new_value(new);
        // Volumes and counters do not come back; names and addresses may still
        // be on their way through caches and controllers.
        finding.hopeless = matches!(space, Space::Uid | Space::Number(_));
        self.found(finding);
    }
}

/// Whether two pieces may stand for each other: equal text (blanks aside) or
/// values of one type.
fn alike(old: &Piece<'_>, new: &Piece<'_>) -> bool {
    match (old, new) {
        (Piece::Value(old, _), Piece::Value(new, _)) => old == new,
        (Piece::Text(old), Piece::Text(new)) => {
            old == new || old.split_whitespace().eq(new.split_whitespace()) && blank_alike(old, new)
        }
        _ => false,
    }
}

/// Whether blanks stand at the same ends of two texts: how many is nothing.
fn blank_alike(old: &str, new: &str) -> bool {
    old.starts_with(char::is_whitespace) == new.starts_with(char::is_whitespace)
        && old.ends_with(char::is_whitespace) == new.ends_with(char::is_whitespace)
}

fn explain(
    noun: &str,
    prefix: &str,
    (old, new): (&str, &str),
    broken: &Break,
    place: &Place<'_>,
) -> String {
    let name = place.name();
    match broken {
        Break::Changed(before) => format!(
            "{name} should be the same {noun} as on line {}: the page shows {old} on both, but this run showed \
             {prefix}{} there and {new} here",
            before.line, before.value
        ),
        Break::Merged(before) => format!(
            "{name} should be another {noun} than on line {}: the page shows {prefix}{} there and {old} here, but \
             this run showed {new} for both",
            before.line, before.value
        ),
    }
}

fn explain_number(old: &str, new: &str, broken: &Break, place: &Place<'_>) -> String {
    match broken {
        Break::Changed(before) => format!(
            "the page shows {old} on line {} and again on line {}; this run printed {} there and {new} here: \
             the value was not kept",
            before.line, place.line, before.value
        ),
        Break::Merged(before) => format!(
            "the page shows two values, {} on line {} and {old} on line {}; this run printed {new} for both",
            before.value, before.line, place.line
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compare(pairs: &[(&str, &str)]) -> (Vec<bool>, Vec<String>) {
        let (facts, history) = (Facts::default(), History::default());
        let mut comparison = Comparison::new(Bindings::default(), &history, &facts);
        let shapes = pairs
            .iter()
            .enumerate()
            .map(|(line, (old, new))| comparison.same_shape(old, new, &Place::line(line + 1)))
            .collect();
        (shapes, comparison.findings.into_iter().map(|finding| finding.explanation.text).collect())
    }

    #[test]
    fn stable_text_must_be_equal_and_widths_are_nothing() {
        assert_eq!(
            compare(&[("a   b", "a b"), ("a b", "a c"), ("ab", "a b")]).0,
            [true, false, false]
        );
    }

    #[test]
    fn a_changed_identity_names_both_places_and_values() {
        let (shapes, texts) = compare(&[("ip 10.0.0.1", "ip 10.0.0.8"), ("10.0.0.1", "10.0.0.9")]);
        assert_eq!(shapes, [true, true]);
        assert_eq!(
            texts,
            [
                "line 2 should be the same address as on line 1: the page shows 10.0.0.1 on both, but this run \
              showed 10.0.0.8 there and 10.0.0.9 here"
            ]
        );
    }

    #[test]
    fn pods_of_one_template_stay_so() {
        let (_, texts) = compare(&[
            ("app-67f77f58f8-hj279", "app-5b7575787d-aaaaa"),
            ("app-67f77f58f8-hj279", "app-5b7575787d-8k97x"),
            ("app-67f77f58f8-q5l6z", "app-7d9f5c8b4f-2qkzx"),
        ]);
        assert_eq!(texts.len(), 1, "{texts:?}");
        assert!(texts[0].contains("template hash"), "{texts:?}");
    }
}
