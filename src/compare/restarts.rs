//! Restarts: fewer than the page shows are tolerated, more are not, and none may
//! be added while the page runs.

use std::collections::HashMap;

use super::comparison::Comparison;
use super::facts;
use super::finding::{Finding, Place};
use super::table::{Row, Table};
use crate::record::Facts;

/// What is known of each pod's restarts, by the pod's UID.
#[derive(Debug, Clone, Default)]
pub(crate) struct History {
    seen: HashMap<String, Seen>,
    /// Whether a step of the page was kept: before that no command of the page
    /// can be the reason for a restart.
    begun: bool,
}

#[derive(Debug, Clone, Copy)]
struct Seen {
    /// How often it had been restarted.
    real: u32,
    /// Whether the page made it: it was not there before the first step.
    made: bool,
    /// What the page showed then.
    recorded: Option<u32>,
}

impl History {
    /// Restarts are counted from what the cluster said before the first step.
    pub(crate) fn new(baseline: &Facts) -> Self {
        let mut history = Self::default();
        history.learn(baseline, false);
        history
    }

    /// Learns of pods that were not known.
    fn learn(&mut self, facts: &Facts, made: bool) {
        for pod in &facts.pods {
            self.seen.entry(pod.uid.clone()).or_insert(Seen {
                real: pod.restarts,
                made,
                recorded: None,
            });
        }
    }

    /// Notes that a step of the page was kept.
    pub(crate) fn kept(&mut self, facts: &Facts) {
        self.learn(facts, true);
        self.begun = true;
    }

    /// Notes what the page and the cluster showed of a pod at one moment.
    pub(crate) fn shown(&mut self, uid: &str, real: u32, recorded: u32) {
        let made = self.seen.get(uid).is_none_or(|seen| seen.made);
        let recorded = Some(recorded);
        self.seen.insert(uid.to_owned(), Seen { real, made, recorded });
    }

    /// By how many restarts a pod has more than the page lets it have.
    fn unexplained(&self, uid: &str, real: u32, recorded: u32) -> Option<u32> {
        let seen = self.seen.get(uid)?;
        let rise = real.checked_sub(seen.real).filter(|rise| *rise > 0)?;
        let shown = match seen.recorded {
            Some(before) => recorded.saturating_sub(before),
            // The page shows the pod for the first time. What it made itself may
            // crash as it does on the page; of another pod only the very count
            // tells that a command of the page restarted it.
            None if seen.made => recorded,
            None if self.begun && real == recorded => rise,
            None => 0,
        };
        (rise > shown).then_some(rise)
    }
}

/// Whether the column counts restarts.
pub(crate) fn is_column(column: &str) -> bool {
    column == "RESTARTS"
}

/// The count in a cell such as `4` or `4 (3m3s ago)`.
pub(crate) fn count(cell: &str) -> Option<u32> {
    let (count, ago) = cell.split_once(' ').map_or((cell, None), |(count, ago)| (count, Some(ago)));
    let ago = match ago {
        Some(ago) => ago.trim().strip_prefix('(')?.strip_suffix(" ago)")?,
        None => "0s",
    };
    super::duration::seconds(ago)?;
    count.parse().ok()
}

/// The restarts of a row; 0 where the table does not tell.
pub(crate) fn of_row(table: &Table, row: &Row) -> u32 {
    table.cell(row, "RESTARTS").and_then(count).unwrap_or(0)
}

/// Compares the restarts of the new row's pod with the recorded cell.
pub(crate) fn compare(
    comparison: &mut Comparison<'_>,
    (old, new): (&str, &str),
    (table, row): (&Table, &Row),
    place: &Place<'_>,
) {
    let subject = place.subject;
    let (Some(recorded), Some(shown)) = (count(old), count(new)) else {
        if old != new {
            let text = format!(
                "RESTARTS of {subject} should be a number, and is `{new}`; the page shows `{old}`"
            );
            comparison.found(Finding::different("type", text).at(place).old(old).new_value(new));
        }
        return;
    };
    let pod =
        table.name(row).and_then(|name| facts::pod(comparison.facts, name, table.namespace(row)));
    let real = pod.map_or(shown, |pod| pod.restarts.max(shown));
    let rise = pod.and_then(|pod| comparison.restarts.unexplained(&pod.uid, real, recorded));
    if let Some(pod) = pod {
        comparison.shown.push((pod.uid.clone(), real, recorded));
    }
    let finding = if let Some(rise) = rise {
        let times = if rise == 1 { "once".to_owned() } else { format!("{rise} times") };
        let text =
            format!("{subject} was restarted {times} while the page ran: its container crashes");
        Finding::different("restarts", text).hopeless()
    } else if shown > recorded {
        let text = format!(
            "{subject} was restarted more often ({shown}) than the page shows ({recorded})"
        );
        Finding::different("restarts", text).hopeless()
    } else if shown < recorded {
        let text = format!(
            "{subject} was restarted less often ({shown}) than the page shows ({recorded})"
        );
        Finding::drift("restarts", text)
    } else {
        return;
    };
    comparison.found(finding.at(place).old(old).new_value(new));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::PodFact;

    fn facts(restarts: u32) -> Facts {
        let pod = PodFact { uid: "u".into(), restarts, ..PodFact::default() };
        Facts { pods: vec![pod], ..Facts::default() }
    }

    #[test]
    fn counts_are_read_in_both_spellings() {
        assert_eq!(count("4 (3m3s ago)"), Some(4));
        assert_eq!(count("0"), Some(0));
        assert_eq!(count("4 (<invalid> ago)"), None);
        assert_eq!(count("many"), None);
    }

    #[test]
    fn before_the_first_step_no_restart_is_the_pages() {
        let mut history = History::new(&facts(0));
        assert_eq!(history.unexplained("u", 0, 2), None);
        assert_eq!(history.unexplained("u", 2, 2), Some(2));
        history.kept(&facts(0));
        assert_eq!(history.unexplained("u", 2, 2), None);
        assert_eq!(history.unexplained("u", 1, 2), Some(1));
    }

    #[test]
    fn a_pod_that_the_page_made_may_crash_as_it_does_there() {
        let mut history = History::new(&Facts::default());
        history.kept(&facts(0));
        assert_eq!(history.unexplained("u", 2, 3), None);
        assert_eq!(history.unexplained("u", 1, 0), Some(1));
    }

    #[test]
    fn a_restart_that_the_page_shows_too_is_its_lesson() {
        let mut history = History::new(&facts(0));
        history.kept(&facts(0));
        history.shown("u", 0, 3);
        assert_eq!(history.unexplained("u", 1, 4), None);
        assert_eq!(history.unexplained("u", 1, 3), Some(1));
        assert_eq!(history.unexplained("other", 9, 0), None);
    }
}
