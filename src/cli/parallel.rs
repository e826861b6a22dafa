//! Work on many pages at once, whose results come in the order of the pages.

use std::any::Any;
use std::collections::BTreeMap;
use std::num::NonZero;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
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

/// As many as are done at once where nothing speaks against it.
fn processors() -> NonZero<usize> {
    thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN)
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
    let begun = Instant::now();
    let mut shown = None;
    let mut taken = 0;
    let heard = |result: Option<R>| {
        if live && shown.is_none() && begun.elapsed() >= PATIENCE {
            let mut progress = Progress::new(true);
            let pages = if items.len() == 1 { "page" } else { "pages" };
            progress.say(&format!("{what} {} {pages}", grouped(items.len())));
            shown = Some(progress);
        }
        let Some(result) = result else { return Ok(()) };
        taken += 1;
        match &shown {
            Some(progress) => {
                progress.aside(|| take(result))?;
                if items.len() > 1 {
                    progress.detail(&format!("{} done", grouped(taken)));
                }
                Ok(())
            }
            None => take(result),
        }
    };
    at_once(items, processors(), |item| ControlFlow::Continue(work(item)), heard)
}

/// Does `work` for the items, so many `at_once`, begun in their order, and hands each
/// result to `take` as soon as those of the items before have been handed over; none
/// where there was nothing new for a while. What is begun goes on to its end; nothing
/// further is begun where some work breaks off, where it panics, which this then does too,
/// and where `take` fails.
pub(super) fn at_once<T: Sync, R: Send>(
    items: &[T],
    at_once: NonZero<usize>,
    work: impl Fn(&T) -> ControlFlow<R, R> + Sync,
    mut take: impl FnMut(Option<R>) -> Result<(), Error>,
) -> Result<(), Error> {
    let queue = Queue { items, next: AtomicUsize::new(0) };
    let mut panic = None;
    let result = thread::scope(|scope| {
        let (sender, results) = channel();
        for _ in 0..at_once.get().min(items.len()) {
            let (sender, queue, work) = (sender.clone(), &queue, &work);
            scope.spawn(move || {
                while let Some((index, item)) = queue.next() {
                    // What others do is not lost with the one that fails.
                    let done = catch_unwind(AssertUnwindSafe(|| work(item)));
                    if !matches!(done, Ok(ControlFlow::Continue(_))) {
                        queue.close();
                    }
                    let result =
                        done.map(|(ControlFlow::Continue(it) | ControlFlow::Break(it))| it);
                    if sender.send((index, result)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let handed = hand_over(&results, &mut take, &mut panic);
        queue.close();
        handed
    });
    match panic {
        Some(panic) => resume_unwind(panic),
        None => result,
    }
}

/// The items that are not begun.
struct Queue<'a, T> {
    items: &'a [T],
    next: AtomicUsize,
}

impl<'a, T> Queue<'a, T> {
    fn next(&self) -> Option<(usize, &'a T)> {
        let index = self.next.fetch_add(1, Ordering::Relaxed);
        Some((index, self.items.get(index)?))
    }

    /// Nothing more is begun.
    fn close(&self) {
        self.next.store(self.items.len(), Ordering::Relaxed);
    }
}

/// Brings results in order until no more come. A panic is put aside.
fn hand_over<R>(
    results: &Receiver<(usize, thread::Result<R>)>,
    take: &mut impl FnMut(Option<R>) -> Result<(), Error>,
    panic: &mut Option<Box<dyn Any + Send>>,
) -> Result<(), Error> {
    let mut waiting = BTreeMap::new();
    let mut taken = 0;
    loop {
        match results.recv_timeout(PATIENCE) {
            Ok((index, result)) => {
                waiting.insert(index, result);
            }
            Err(RecvTimeoutError::Timeout) => take(None)?,
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        }
        while let Some(result) = waiting.remove(&taken) {
            taken += 1;
            match result {
                Ok(result) => take(Some(result))?,
                Err(payload) if panic.is_none() => *panic = Some(payload),
                Err(_) => {}
            }
        }
    }
}

/// A number as a person reads it.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let groups = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy);
    groups.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use std::num::NonZero;
    use std::ops::ControlFlow::{Break, Continue};
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::{Barrier, Mutex};

    use super::{alone, at_once, grouped, in_order};
    use crate::cli::error::Error;

    const TWO: NonZero<usize> = NonZero::new(2).expect("it is not 0");

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
    fn so_many_are_done_at_once() {
        // Neither of a pair comes to its end without the other.
        let meeting = Barrier::new(2);
        let work = |item: &usize| {
            meeting.wait();
            Continue(*item)
        };
        let mut taken = Vec::new();
        let take = |result| {
            taken.extend(result);
            Ok(())
        };
        at_once(&[1, 2, 3, 4], TWO, work, take).expect("nothing fails");
        assert_eq!(taken, [1, 2, 3, 4]);
    }

    #[test]
    fn what_was_begun_is_taken_and_nothing_else_begun_after_a_break_or_a_panic() {
        for panics in [false, true] {
            let items: Vec<usize> = (0..50).collect();
            let meeting = Barrier::new(2);
            let (begun, mut taken) = (Mutex::new(Vec::new()), Vec::new());
            let work = |item: &usize| {
                begun.lock().expect("no panic meanwhile").push(*item);
                // Both have begun before one of them ends.
                if *item < 2 {
                    meeting.wait();
                }
                match item {
                    0 if panics => panic!("a fault"),
                    0 | 1 => Break(*item),
                    _ => Continue(*item),
                }
            };
            let take = |result: Option<usize>| {
                taken.extend(result);
                Ok(())
            };
            let done = catch_unwind(AssertUnwindSafe(|| at_once(&items, TWO, work, take).is_ok()));
            assert_eq!(done.ok(), (!panics).then_some(true));
            let begun = begun.into_inner().expect("no panic meanwhile");
            assert_eq!(begun.len(), 2, "{begun:?}");
            assert_eq!(taken, if panics { vec![1] } else { vec![0, 1] });
        }
    }

    #[test]
    fn numbers_have_groups() {
        assert_eq!([7, 100, 1234, 1_234_567].map(grouped), ["7", "100", "1,234", "1,234,567"]);
    }
}
