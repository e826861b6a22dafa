//! Remarks that tools make beside their result: on one side only they are drift.

use std::collections::HashMap;

use super::command;
use super::comparison::Comparison;
use super::finding::{Finding, Place};
use super::normalise::Line;
use super::value::{Piece, pieces};

/// Takes the remarks out of both outputs, and lists those of one side.
pub(crate) fn take(
    comparison: &mut Comparison<'_>,
    command: &str,
    old: Vec<Line>,
    new: Vec<Line>,
) -> (Vec<Line>, Vec<Line>) {
    if command::prints_foreign_text(command) {
        return (old, new);
    }
    let (old, new) = without_waiting(comparison, old, new);
    let (old_remarks, old): (Vec<_>, Vec<_>) =
        old.into_iter().partition(|line| is_remark(&line.text));
    let (new_remarks, new): (Vec<_>, Vec<_>) =
        new.into_iter().partition(|line| is_remark(&line.text));
    // The remarks of this run by their shapes, each list with the first one last.
    let mut free: HashMap<Vec<&str>, Vec<usize>> = HashMap::new();
    for (index, remark) in new_remarks.iter().enumerate().rev() {
        free.entry(shape(&remark.text)).or_default().push(index);
    }
    let mut matched = vec![false; new_remarks.len()];
    for remark in &old_remarks {
        if let Some(index) = free.get_mut(&shape(&remark.text)).and_then(Vec::pop) {
            matched[index] = true;
        } else {
            let text = format!("the remark `{}` did not come", remark.text);
            comparison.found(
                Finding::drift("remark", text).at(&Place::line(remark.number)).old(&remark.text),
            );
        }
    }
    let line = old.iter().chain(&old_remarks).map(|line| line.number).max();
    let unmatched = new_remarks.iter().zip(matched).filter(|(_, matched)| !matched);
    for (remark, _) in unmatched {
        let mut finding = Finding::drift("remark", format!("there is a remark: `{}`", remark.text));
        finding.explanation.line = line;
        comparison.found(finding.new_value(&remark.text));
    }
    (old, new)
}

/// Leaves out that a rollout was waited for: how long that took, and what was
/// seen meanwhile, is another in every run. Where nothing else was printed, that
/// it did not come about is the result.
fn without_waiting(
    comparison: &mut Comparison<'_>,
    old: Vec<Line>,
    new: Vec<Line>,
) -> (Vec<Line>, Vec<Line>) {
    let count = |lines: &[Line]| lines.iter().filter(|line| is_waiting(&line.text)).count();
    let ends =
        |lines: &[Line]| lines.iter().any(|line| !line.is_blank() && !is_waiting(&line.text));
    if !ends(&old) || !ends(&new) {
        return (old, new);
    }
    let (was, is) = (count(&old), count(&new));
    if was != is {
        let line = old.iter().find(|line| is_waiting(&line.text)).or(old.last());
        let text =
            format!("the command told {is} times that it waits; on the page it told {was} times");
        let finding = Finding::drift("waiting", text);
        comparison.found(
            finding
                .at(&Place::line(line.map_or(0, |line| line.number)))
                .old(was.to_string())
                .new_value(is.to_string()),
        );
    }
    let rest =
        |lines: Vec<Line>| lines.into_iter().filter(|line| !is_waiting(&line.text)).collect();
    (rest(old), rest(new))
}

/// `kubectl rollout status` waits.
fn is_waiting(line: &str) -> bool {
    line.strip_prefix("Waiting for ").is_some_and(|rest| {
        rest.contains(" rollout to finish: ")
            || rest.contains(" spec update to be observed")
            || rest.contains(" roll out to finish: ")
            || (rest.starts_with(|char: char| char.is_ascii_digit())
                && rest.ends_with(" pods to be ready..."))
    })
}

fn is_remark(line: &str) -> bool {
    [
        "Warning: ",
        "Defaulted container ",
        "Defaulting container name to ",
        "Unable to use a TTY",
        "Use 'kubectl describe ",
        "If you don't see a command prompt",
        "All commands and output from this session will be recorded in container logs",
        "warning: couldn't attach to pod",
        "Flag --",
        "Session ended, resume using 'kubectl attach ",
        "Enter 'help' for a list of built-in commands.",
        "sh: 0: can't access tty",
        // Where the machine has IPv6.
        "Forwarding from [::1]:",
    ]
    .iter()
    .any(|start| line.starts_with(start))
        || line.starts_with("BusyBox v") && line.contains("built-in shell")
        || is_dns_remark(line)
        || is_client_warning(line)
}

/// `;; Got recursion not available from 10.96.0.10`, but not `;; connection
/// timed out`, which is the answer.
fn is_dns_remark(line: &str) -> bool {
    line.strip_prefix(";; ").is_some_and(|remark| {
        [
            "Got recursion",
            "Warning",
            "Truncated",
            "WARNING",
            "Got bad packet",
            "Question section mismatch",
        ]
        .iter()
        .any(|start| remark.starts_with(start))
    })
}

/// klog's warnings on standard error: `W0701 12:00:00.000000   123 file.go:1] …`.
fn is_client_warning(line: &str) -> bool {
    line.strip_prefix('W').is_some_and(|rest| {
        rest.len() > 5
            && rest.bytes().take(4).all(|byte| byte.is_ascii_digit())
            && rest.contains(".go:")
    })
}

/// The text without its values.
fn shape(line: &str) -> Vec<&str> {
    pieces(line)
        .into_iter()
        .map(|piece| match piece {
            Piece::Text(text) => text,
            Piece::Value(..) => "\u{1e}",
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_are_no_results() {
        for line in [
            ";; Got recursion not available from 10.96.0.10",
            "Warning: policy/v1beta1 is deprecated",
            "Defaulted container \"a\" out of: a, b",
            "Unable to use a TTY - input is not a terminal or the right kind of file",
            "W0701 12:00:00.000000   12345 warnings.go:70] x",
        ] {
            assert!(is_remark(line), "{line}");
        }
        for line in [
            ";; connection timed out; no servers could be reached",
            "** server can't find x",
            "W",
            "Warning",
        ] {
            assert!(!is_remark(line), "{line}");
        }
    }
}
