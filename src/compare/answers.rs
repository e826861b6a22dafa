//! Compares what a name server said with what it says on the page, and with
//! what the cluster knows.

use super::comparison::Comparison;
use super::dns::{Answer, Lookup};
use super::facts;
use super::finding::{Finding, Place};
use super::value::{self, Space};

/// Compares two lookups. An answer may be late: it can change with another
/// attempt, so nothing here is without hope.
pub(crate) fn compare(comparison: &mut Comparison<'_>, old: &Lookup, new: &Lookup) {
    let before = comparison.findings.len();
    if let (Some((old, line)), Some((new, _))) = (&old.server, &new.server) {
        same_address(comparison, old, new, &Place::line(*line));
    }
    if old.answers.is_empty() {
        compare_failures(comparison, old, new);
    } else {
        for name in names(&old.answers) {
            compare_name(comparison, name, old, new);
        }
        for name in names(&new.answers).into_iter().filter(|name| of(&old.answers, name).is_empty())
        {
            let line = old.answers[0].line;
            let text = format!("there is an answer for {name}, which the page does not show");
            comparison
                .found(Finding::different("dns", text).at(&Place::line(line)).new_value(name));
        }
    }
    for finding in &mut comparison.findings[before..] {
        finding.hopeless = false;
    }
}

fn same_address(comparison: &mut Comparison<'_>, old: &str, new: &str, place: &Place<'_>) {
    if value::address(old) && value::address(new) {
        comparison.identity(&Space::Address, old, new, place);
    } else if old != new {
        let text = format!("{} is `{new}`; the page shows `{old}`", place.name());
        comparison.found(Finding::different("dns", text).at(place).old(old).new_value(new));
    }
}

/// The names, each once, in order.
fn names(answers: &[Answer]) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for answer in answers {
        if !names.contains(&answer.name.as_str()) {
            names.push(&answer.name);
        }
    }
    names
}

fn of<'a>(answers: &'a [Answer], name: &str) -> Vec<&'a Answer> {
    answers.iter().filter(|answer| answer.name == name).collect()
}

fn compare_name(comparison: &mut Comparison<'_>, name: &str, old: &Lookup, new: &Lookup) {
    let recorded = of(&old.answers, name);
    let place = Place::line(recorded[0].line);
    let mut found = of(&new.answers, name);
    if found.is_empty() {
        let finding = match new
            .failures
            .iter()
            .find(|failure| failure.name.is_empty() || failure.name == name)
        {
            Some(failure) if failure.reason == "NXDOMAIN" => Finding::different(
                "dns",
                format!(
                    "the name {name} does not exist here (NXDOMAIN); the page shows {} for it",
                    recorded[0].value
                ),
            )
            .new_value("NXDOMAIN"),
            Some(failure) => Finding::different(
                "dns",
                format!(
                    "the name {name} could not be resolved ({}); the page shows {}",
                    failure.reason, recorded[0].value
                ),
            )
            .new_value(&failure.reason),
            None => match new.answers.first() {
                Some(other) => Finding::different(
                    "dns",
                    format!(
                        "there is no answer for {name}, but one for {} ({})",
                        other.name, other.value
                    ),
                )
                .new_value(&other.value),
                None => Finding::different("dns", format!("there is no answer for {name}")),
            },
        };
        comparison.found(finding.at(&place).old(&recorded[0].value).cause());
        return;
    }
    if !holds(comparison, name, &recorded, &found) {
        return;
    }
    if recorded.len() != found.len() {
        let text =
            format!("{name} has {} addresses here; the page shows {}", found.len(), recorded.len());
        comparison.found(
            Finding::different("dns", text)
                .at(&place)
                .old(recorded.len().to_string())
                .new_value(found.len().to_string()),
        );
        return;
    }
    // Addresses that are bound already find each other; the last that is left is
    // bound, and of more than one nobody can tell which is which.
    let mut open = Vec::new();
    for answer in recorded {
        let bound = comparison
            .bindings
            .new_of(&Space::Address, &answer.value)
            .map(|bound| bound.value.clone());
        match found.iter().position(|new| bound.as_ref().unwrap_or(&answer.value) == &new.value) {
            Some(at) if bound.is_some() || !value::address(&answer.value) => {
                found.remove(at);
            }
            _ => open.push(answer),
        }
    }
    if let ([old], [new]) = (open.as_slice(), found.as_slice()) {
        same_address(comparison, &old.value, &new.value, &Place::line(old.line));
        return;
    }
    for old in open {
        if let Some(bound) = comparison.bindings.new_of(&Space::Address, &old.value) {
            let text = format!(
                "{name} should have the address {} ({} on the page, first on line {}), and does not",
                bound.value, old.value, bound.line
            );
            comparison.found(
                Finding::different("identity", text).at(&Place::line(old.line)).old(&old.value),
            );
        }
    }
}

/// Whether the answer is what the cluster knows of the name's owner.
fn holds(
    comparison: &mut Comparison<'_>,
    name: &str,
    recorded: &[&Answer],
    found: &[&Answer],
) -> bool {
    let Some(expected) = facts::expected(comparison.facts, name) else {
        return true;
    };
    let wrong = found.iter().find(|answer| !expected.addresses.contains(&answer.value.as_str()));
    let lost = expected
        .addresses
        .iter()
        .find(|address| !found.iter().any(|answer| answer.value == **address));
    let text = match (wrong, lost) {
        (Some(wrong), _) => {
            let whose = facts::owner(comparison.facts, &wrong.value).map_or_else(
                || "which nothing in the lab has".to_owned(),
                |owner| format!("which is the address of {owner}"),
            );
            let has = match expected.addresses.as_slice() {
                [] => "has none".to_owned(),
                addresses => format!("has {}", addresses.join(", ")),
            };
            format!("{name} resolves to {}, {whose}; {} {has}", wrong.value, expected.owner)
        }
        // A pod has one address in a family; another family may not be asked for.
        (None, Some(lost)) if expected.addresses.len() > 1 => {
            format!("{name} does not resolve to {lost}, which {} has", expected.owner)
        }
        (None, _) => return true,
    };
    let mut finding =
        Finding::different("fact", text).at(&Place::line(recorded[0].line)).old(&recorded[0].value);
    if let Some(wrong) = wrong {
        finding = finding.new_value(&wrong.value);
    }
    comparison.found(finding);
    false
}

fn compare_failures(comparison: &mut Comparison<'_>, old: &Lookup, new: &Lookup) {
    let Some(failure) = old.failures.first() else {
        return;
    };
    let place = Place::line(failure.line);
    if let Some(answer) = new.answers.first() {
        let text = format!(
            "{} resolves to {} here; on the page it does not ({})",
            answer.name, answer.value, failure.reason
        );
        comparison.found(
            Finding::different("dns", text)
                .at(&place)
                .old(&failure.reason)
                .new_value(&answer.value),
        );
        return;
    }
    let last = |lookup: &Lookup| {
        lookup.failures.last().map_or(String::new(), |failure| failure.reason.clone())
    };
    let (was, is) = (last(old), last(new));
    let untold = |reason: &str| reason == "unresolved";
    if was != is && !((untold(&was) && is == "NXDOMAIN") || (untold(&is) && was == "NXDOMAIN")) {
        let text = format!("the lookup failed with {is}; on the page it fails with {was}");
        comparison.found(Finding::different("dns", text).at(&place).old(was).new_value(is));
        return;
    }
    for failure in &old.failures {
        if !failure.name.is_empty() && !new.failures.iter().any(|new| new.name == failure.name) {
            let text = format!("the page looks up {} in vain; this run did not", failure.name);
            comparison.found(
                Finding::different("dns", text).at(&Place::line(failure.line)).old(&failure.name),
            );
        }
    }
}
