//! How many clusters run at once.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// A cluster takes some 8 s of a processor to start, and 1 GB.
const CLUSTERS: usize = 2;

static FREE: Mutex<usize> = Mutex::new(CLUSTERS);
static RETURNED: Condvar = Condvar::new();

/// The right to run clusters, until it is dropped.
pub(crate) struct Turn(usize);

/// Waits for the right to run one cluster.
pub(crate) fn one() -> Turn {
    take(1)
}

/// Waits for the right to run as many clusters as there may be: nothing else
/// runs one meanwhile.
pub(crate) fn all() -> Turn {
    take(CLUSTERS)
}

fn take(wanted: usize) -> Turn {
    let mut free =
        RETURNED.wait_while(lock(), |free| *free < wanted).unwrap_or_else(PoisonError::into_inner);
    *free -= wanted;
    Turn(wanted)
}

fn lock() -> MutexGuard<'static, usize> {
    // A test that failed has given its turn back all the same.
    FREE.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Drop for Turn {
    fn drop(&mut self) {
        *lock() += self.0;
        RETURNED.notify_all();
    }
}
