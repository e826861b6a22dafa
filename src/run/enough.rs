//! When a command that does not end by itself has shown what it is run for.

use std::time::Duration;

use super::session::Enough;
use super::step::explanation;
use crate::compare::{Expectation, Judgement, Page};
use crate::lab::Step;
use crate::lab::directives::Pattern;
use crate::plan::{Conduct, PlannedStep};
use crate::record::{AttemptEnded, Ended, Explanation, Facts, Output, Verdict};
use crate::terminal_text;

/// How long a command is watched of which the page shows nothing.
const GLANCE: Duration = Duration::from_secs(5);
/// How long a command prints nothing more when what it shows may be all.
const QUIET: Duration = Duration::from_millis(500);
/// How long one in the background may take to listen on a port, where the page does not
/// say how to know that it is ready.
const START: Duration = Duration::from_secs(10);

/// What tells whether a step's command has shown enough.
pub(super) struct Sought<'a> {
    /// The page, up to this step.
    pub(super) page: &'a Page,
    pub(super) planned: &'a PlannedStep,
    /// What the cluster said last.
    pub(super) facts: &'a Facts,
}

impl Sought<'_> {
    /// How long it is looked for.
    pub(super) fn patience(planned: &PlannedStep, wait: Duration) -> Duration {
        let told = until(&planned.conduct).is_some() || !planned.step.outputs.is_empty();
        let most = match planned.conduct {
            _ if told => wait,
            Conduct::Background { .. } => wait.min(START),
            _ => wait.min(GLANCE),
        };
        most.min(planned.timeout)
    }

    /// Whether a command that printed this so far, and listens on a port or does not,
    /// has shown it.
    pub(super) fn in_output(&self, output: &Output, listens: bool) -> Enough {
        if let Some(until) = until(&self.planned.conduct) {
            // A line's end is a return and a line feed on a terminal.
            let shown = terminal_text::shown(&output.0);
            let found = until.regex().is_match(&String::from_utf8_lossy(&shown));
            return if found { Enough::Now } else { Enough::NotYet };
        }
        let printed = !output.0.is_empty();
        let compares = !self.planned.step.outputs.is_empty();
        let is_shown = compares && printed && self.is_as_recorded(output);
        let in_background = matches!(self.planned.conduct, Conduct::Background { .. });
        match (in_background, is_shown) {
            (true, true) if listens && beginning(&self.planned.step, output).is_none() => {
                Enough::Now
            }
            (false, true) => Enough::Now,
            (true, true) => Enough::WhenQuiet(QUIET),
            (true, false) if listens => Enough::WhenQuiet(QUIET),
            (false, false) if printed && !compares => Enough::WhenQuiet(QUIET),
            _ => Enough::NotYet,
        }
    }

    fn is_as_recorded(&self, output: &Output) -> bool {
        let running = matches!(self.planned.conduct, Conduct::Background { .. });
        let attempt = AttemptEnded {
            step: 0,
            attempt: 1,
            ended: if running { Ended::Running } else { Ended::Interrupted },
            output: output.clone(),
            stderr: Output::default(),
            left_out: 0,
            bytes: output.0.len() as u64,
            dropped: 0,
            terminal: self.planned.terminal,
            duration_ms: 0,
            facts: self.facts.clone(),
        };
        let judgement = judge(self.page, self.planned.expectation(), &attempt);
        matches!(judgement.verdict, Verdict::Same | Verdict::Drift)
    }
}

fn until(conduct: &Conduct) -> Option<&Pattern> {
    match conduct {
        Conduct::Background { until } | Conduct::Watched { until } => until.as_ref(),
        Conduct::Whole | Conduct::Opens | Conduct::Typed { .. } => None,
    }
}

/// Judges an attempt. One that goes on in the background may print the last of the lines
/// that the page shows only when it is used.
pub(super) fn judge(page: &Page, expected: Expectation<'_>, attempt: &AttemptEnded) -> Judgement {
    let begun = beginning(expected.step, &attempt.output);
    let Some((begun, left)) = begun.filter(|_| attempt.ended == Ended::Running) else {
        return page.judge(expected, attempt);
    };
    let mut judgement = page.judge(Expectation { step: &begun, ..expected }, attempt);
    if judgement.verdict == Verdict::Same {
        judgement.verdict = Verdict::Drift;
    }
    let text = format!(
        "the page shows {left} more {} that the command may print later: it goes on",
        if left == 1 { "line" } else { "lines" }
    );
    let later = explanation("later-output", text);
    judgement.explanation.push(Explanation { breaks: false, ..later });
    judgement
}

/// The step with as many lines of its output as were printed, and how many it has more;
/// none where it has no more. What is only printed when the command is used is not among
/// them.
pub(super) fn beginning(step: &Step, printed: &Output) -> Option<(Step, usize)> {
    const USED: &str = "Handling connection for ";
    let is_text = |line: &&str| !line.trim().is_empty();
    let printed = printed.text();
    let recorded = || step.outputs.iter().flat_map(|one| one.text.lines()).filter(is_text);
    let before_use = if printed.contains(USED) {
        usize::MAX
    } else {
        recorded().take_while(|line| !line.starts_with(USED)).count()
    };
    let lines = printed.lines().filter(is_text).count().min(before_use);
    let left = recorded().count().checked_sub(lines).filter(|left| *left > 0 && lines > 0)?;
    let mut rest = lines;
    let mut begun = step.clone();
    for output in &mut begun.outputs {
        let mut kept = Vec::new();
        for line in output.text.lines() {
            if rest == 0 {
                break;
            }
            rest -= usize::from(is_text(&line));
            kept.push(line);
        }
        output.last_line = output.first_line + kept.len().saturating_sub(1);
        output.text = kept.join("\n");
    }
    begun.outputs.retain(|output| !output.text.is_empty());
    Some((begun, left))
}

/// What is said of a command that has not shown in its time what it was run for; none
/// where the comparison says it.
pub(super) fn in_vain(planned: &PlannedStep, wait: Duration) -> Option<Explanation> {
    if matches!(planned.conduct, Conduct::Opens | Conduct::Typed { .. }) {
        let text = format!(
            "the program's prompt did not come back within {:?}, and the program was ended",
            planned.timeout
        );
        return Some(explanation("no-prompt", text));
    }
    until(&planned.conduct)?;
    let text = format!("the command did not print what `until` looks for within {wait:?}");
    Some(explanation("until", text))
}

#[cfg(test)]
mod tests {
    use super::beginning;
    use crate::lab::{RecordedOutput, Step};
    use crate::record::Output;

    #[test]
    fn as_many_lines_of_a_page_as_were_printed_are_compared() {
        let output = |first_line: usize, text: &str| RecordedOutput {
            first_line,
            last_line: first_line + text.lines().count() - 1,
            text: text.to_owned(),
            ..RecordedOutput::default()
        };
        let step =
            Step { outputs: vec![output(2, "a\n\nb"), output(7, "c\nd")], ..Step::default() };
        let texts = |lines: usize| {
            beginning(&step, &Output("x\n".repeat(lines).into_bytes())).map(|(step, left)| {
                let texts: Vec<_> = step.outputs.into_iter().map(|one| one.text).collect();
                (texts.join("|"), left)
            })
        };
        assert_eq!(texts(1), Some(("a".to_owned(), 3)));
        assert_eq!(texts(2), Some(("a\n\nb".to_owned(), 2)));
        assert_eq!(texts(3), Some(("a\n\nb|c".to_owned(), 1)));
        assert_eq!((texts(4), texts(9), texts(0)), (None, None, None));
        let used = output(2, "Forwarding from a\nHandling connection for 80");
        let step = Step { outputs: vec![used], ..Step::default() };
        let of = |printed: &str| {
            beginning(&step, &Output(printed.as_bytes().to_vec())).map(|(_, left)| left)
        };
        assert_eq!(of("Forwarding from a\nForwarding from b\n"), Some(1));
        assert_eq!(of("Forwarding from a\nHandling connection for 80\n"), None);
    }
}
