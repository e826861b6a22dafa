//! Whether the pods that a result shows stay as they are.
//!
//! A container that crashes again and again is `1/1 Running` for a moment each
//! time, so a match that shows ready pods counts only once they were seen
//! unchanged for long enough. How long that is: the kubelet looks at its
//! containers once a second, so a crash shows up in a pod's conditions up to a
//! second late, and one that comes a second after the pod was ready, two
//! seconds late.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

use crate::compare::transient::ratio;
use crate::record::{Facts, PodFact};

/// For how long labbook itself must have seen a pod unchanged.
const UNCHANGED: Duration = Duration::from_secs(3);
/// A pod that says that it was ready for this long already …
const AGED: SignedDuration = SignedDuration::from_secs(10);
/// … is only watched for this long after the match.
const WINDOW: Duration = Duration::from_millis(1200);

/// What changes when a pod crashes, is replaced or goes away.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Conditions {
    ready: bool,
    ready_since: Option<String>,
    restarts: u32,
    terminating: bool,
}

impl From<&PodFact> for Conditions {
    fn from(pod: &PodFact) -> Self {
        Self {
            ready: pod.ready,
            ready_since: pod.ready_since.clone(),
            restarts: pod.restarts,
            terminating: pod.terminating,
        }
    }
}

/// Since when each pod, by UID, was seen as it is.
#[derive(Debug, Default)]
pub(super) struct Sightings(HashMap<String, (Conditions, Instant)>);

impl Sightings {
    /// Takes note of what the cluster says now.
    pub(super) fn note(&mut self, facts: &Facts, now: Instant) {
        let mut seen = HashMap::with_capacity(facts.pods.len());
        for pod in &facts.pods {
            let conditions = Conditions::from(pod);
            let since = match self.0.remove(&pod.uid) {
                Some((before, since)) if before == conditions => since,
                _ => now,
            };
            seen.insert(pod.uid.clone(), (conditions, since));
        }
        self.0 = seen;
    }

    /// When the pods will have been unchanged for long enough, if they stay as
    /// they are; `now` where they were already.
    pub(super) fn steady_at(&self, pods: &[PodFact], now: Instant) -> Instant {
        pods.iter().map(|pod| self.pod_steady_at(pod, now)).fold(now, Instant::max)
    }

    fn pod_steady_at(&self, pod: &PodFact, now: Instant) -> Instant {
        let since = self.0.get(&pod.uid).map_or(now, |(_, since)| *since);
        let at = since + UNCHANGED;
        let ready_since = pod.ready_since.as_ref().and_then(|since| since.parse().ok());
        match ready_since {
            Some(since) if Timestamp::now().duration_since(since) >= AGED => at.min(now + WINDOW),
            _ => at,
        }
    }
}

/// The pods that an output shows to be ready: their names stand in it as words,
/// in a row that says `1/1` or the like, or, where no row tells, the cluster
/// says that they are ready.
///
/// A pod that is shown as not ready or as going away is no success that may not
/// last, and is not watched.
pub(super) fn shown(output: &str, facts: &Facts) -> Vec<PodFact> {
    let shown_ready = |pod: &&PodFact| {
        output.lines().any(|line| {
            words(line).any(|word| word == pod.name)
                && match line.split_ascii_whitespace().find_map(ratio) {
                    Some((ready, all)) => ready == all && !line.contains("Terminating"),
                    None => is_well(pod),
                }
        })
    };
    facts.pods.iter().filter(shown_ready).cloned().collect()
}

fn is_well(pod: &PodFact) -> bool {
    pod.ready && !pod.terminating
}

/// The words of a line that may be names of objects.
fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|letter: char| !(letter.is_ascii_alphanumeric() || matches!(letter, '-' | '.')))
}

/// The first of the pods that is no longer as it was, or was not well at all.
pub(super) fn changed<'a>(pods: &'a [PodFact], facts: &Facts) -> Option<&'a PodFact> {
    pods.iter().find(|pod| {
        !is_well(pod)
            || !facts
                .pods
                .iter()
                .any(|now| now.uid == pod.uid && Conditions::from(now) == Conditions::from(*pod))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pod(name: &str, ready_since: &str) -> PodFact {
        PodFact {
            name: name.to_owned(),
            uid: format!("uid-of-{name}"),
            ready: true,
            ready_since: Some(ready_since.to_owned()),
            ..PodFact::default()
        }
    }

    fn facts(pods: &[PodFact]) -> Facts {
        Facts { pods: pods.to_vec(), ..Facts::default() }
    }

    #[test]
    fn a_new_pod_must_be_seen_unchanged_for_longer_than_an_old_one() {
        let (start, old) = (Instant::now(), pod("a", "2020-01-01T00:00:00Z"));
        let new = pod("b", &Timestamp::now().to_string());
        let mut sightings = Sightings::default();
        sightings.note(&facts(&[old.clone(), new.clone()]), start);
        assert_eq!(sightings.steady_at(std::slice::from_ref(&old), start), start + WINDOW);
        assert_eq!(sightings.steady_at(&[old, new.clone()], start), start + UNCHANGED);

        let later = start + 2 * UNCHANGED;
        sightings.note(&facts(std::slice::from_ref(&new)), later);
        assert_eq!(sightings.steady_at(std::slice::from_ref(&new), later), later);

        let crashed = PodFact { restarts: 1, ..new };
        sightings.note(&facts(std::slice::from_ref(&crashed)), later);
        assert_eq!(sightings.steady_at(&[crashed], later), later + UNCHANGED);
    }

    #[test]
    fn shown_are_the_pods_that_a_row_calls_ready() {
        let mut pods = vec![pod("app-0", ""), pod("app", ""), pod("app-1", ""), pod("app-2", "")];
        pods[2].ready = false;
        pods[3].terminating = true;
        let facts = facts(&pods);
        let names = |output: &str| -> Vec<String> {
            shown(output, &facts).into_iter().map(|pod| pod.name).collect()
        };
        let rows = "pod/app-0  1/1  Running\npod/app-1  0/1  Error\napp-2  1/1  Terminating\n";
        assert_eq!(names(rows), ["app-0"]);
        // The row was true when it was printed, and no longer: to be noticed.
        assert_eq!(names("app-1  1/1  Running\n"), ["app-1"]);
        assert_eq!(names("pod/app-0\npod/app-1\napp.default.svc x-app\n"), ["app-0"]);
    }

    #[test]
    fn a_crash_a_replacement_and_an_end_are_changes() {
        let before = pod("a", "2020-01-01T00:00:00Z");
        let pods = std::slice::from_ref(&before);
        assert_eq!(changed(pods, &facts(pods)), None);
        let other = |change: fn(&mut PodFact)| {
            let mut pod = before.clone();
            change(&mut pod);
            facts(&[pod])
        };
        assert!(changed(pods, &other(|pod| pod.ip = Some("10.0.0.1".to_owned()))).is_none());
        assert!(changed(pods, &other(|pod| pod.restarts = 1)).is_some());
        assert!(changed(pods, &other(|pod| pod.ready = false)).is_some());
        assert!(changed(pods, &other(|pod| pod.uid = "another".to_owned())).is_some());
        assert!(changed(pods, &other(|pod| pod.terminating = true)).is_some());
        assert!(changed(pods, &Facts::default()).is_some());
    }
}
