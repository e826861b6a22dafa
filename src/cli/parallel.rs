//! Work on many pages at once, whose results come in the order of the pages.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use super::error::Error;
use super::progress::Progress;

/// After how long a person is told what takes so long.
const PATIENCE: Duration = Duration::from_secs(1);

/// Does one piece of work, and on a terminal says what it is where it takes long.
pub(super) fn alone<R: Send>(live: bool, what: &str, work: impl FnOnce() -> R + Send) -> R {
    thread::scope(|scope| {
        let (done, doing) = channel::<()>();
        let worker = scope.spawn(move || {
            let result = work();
            drop(done);
            result
        });
        let mut progress = None;
        while let Err(RecvTimeoutError::Timeout) = doing.recv_timeout(PATIENCE) {
            if live && progress.is_none() {
                progress.insert(Progress::new(true)).say(what);
                break;
            }
        }
        worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// Does `work` for each item on all processors, and hands each result to `take`
/// as soon as those of the items before have been handed over. Where `take`
/// fails, no further item is begun. `what` is a verb for the progress, which
/// only a terminal shows.
pub(super) fn in_order<T: Sync, R: Send>(
    items: &[T],
    live: bool,
    what: &str,
    work: impl Fn(&T) -> R + Sync,
    mut take: impl FnMut(R) -> Result<(), Error>,
) -> Result<(), Error> {
    let next = AtomicUsize::new(0);
    let workers = thread::available_parallelism().map_or(1, NonZero::get).min(items.len());
    thread::scope(|scope| {
        let (sender, results) = channel();
        for _ in 0..workers {
            let (sender, next, work) = (sender.clone(), &next, &work);
            scope.spawn(move || {
                while let Some(index) = Some(next.fetch_add(1, Ordering::Relaxed))
                    && let Some(item) = items.get(index)
                    && sender.send((index, work(item))).is_ok()
                {}
            });
        }
        drop(sender);
        let result = hand_over(&results, items.len(), live, what, &mut take);
        next.store(items.len(), Ordering::Relaxed);
        result
    })
}

fn hand_over<R>(
    results: &Receiver<(usize, R)>,
    all: usize,
    live: bool,
    what: &str,
    take: &mut impl FnMut(R) -> Result<(), Error>,
) -> Result<(), Error> {
    let begun = Instant::now();
    let mut shown = None;
    let mut waiting = BTreeMap::new();
    let mut taken = 0;
    while taken < all {
        match results.recv_timeout(PATIENCE) {
            Ok((index, result)) => {
                waiting.insert(index, result);
            }
            Err(RecvTimeoutError::Timeout) => {}
            // A worker that panicked: its panic goes on at the end of the scope.
            Err(RecvTimeoutError::Disconnected) => break,
        }
        if live && shown.is_none() && begun.elapsed() >= PATIENCE {
            let mut progress = Progress::new(true);
            let pages = if all == 1 { "page" } else { "pages" };
            progress.say(&format!("{what} {} {pages}", grouped(all)));
            shown = Some(progress);
        }
        let before = taken;
        while let Some(result) = waiting.remove(&taken) {
            match &shown {
                Some(progress) => progress.aside(|| take(result))?,
                None => take(result)?,
            }
            taken += 1;
        }
        if let Some(progress) = shown.as_ref().filter(|_| taken > before && all > 1) {
            progress.detail(&format!("{} done", grouped(taken)));
        }
    }
    Ok(())
}

/// A number as a person reads it.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let groups = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy);
    groups.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::{alone, grouped, in_order};
    use crate::cli::error::Error;

    #[test]
    fn results_come_in_the_order_of_the_items() {
        let items: Vec<usize> = (0..500).collect();
        let mut taken = Vec::new();
        let take = |number| {
            taken.push(number);
            Ok(())
        };
        // The first items are the most work.
        let work = |item: &usize| {
            std::hint::black_box((0..(500 - item) * 50).sum::<usize>());
            *item
        };
        in_order(&items, false, "reading", work, take).expect("nothing fails");
        assert_eq!(taken, items);
        assert_eq!(alone(false, "thinking", || 7), 7);
    }

    #[test]
    fn after_a_failure_nothing_more_is_taken() {
        let mut count = 0;
        let take = |number: usize| {
            count += 1;
            if number == 3 { Err(Error::Interrupted) } else { Ok(()) }
        };
        let items: Vec<usize> = (0..50).collect();
        assert!(in_order(&items, false, "reading", |item| *item, take).is_err());
        assert_eq!(count, 4);
    }

    #[test]
    fn numbers_have_groups() {
        assert_eq!([7, 100, 1234, 1_234_567].map(grouped), ["7", "100", "1,234", "1,234,567"]);
    }
}
