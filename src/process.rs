//! Processes that somebody else waits for, or nobody: their ends are heard all the same.

use std::os::fd::{AsFd as _, OwnedFd};
use std::time::{Duration, Instant};

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use rustix::process::{Pid, PidfdFlags, pidfd_open};

/// A process that was there when this was made; none that gets its number later.
#[derive(Debug)]
pub(crate) struct Handle(OwnedFd);

impl Handle {
    /// That of a process; none where it is not there.
    pub(crate) fn of(pid: i32) -> Option<Self> {
        let pid = Pid::from_raw(pid)?;
        pidfd_open(pid, PidfdFlags::empty()).ok().map(Self)
    }

    /// Waits for its end. False if it has not come in that time.
    pub(crate) fn wait(self, patience: Duration) -> bool {
        wait_all(vec![self], patience)
    }
}

/// Waits for the ends of all. False if not all have come in that time.
pub(crate) fn wait_all(mut living: Vec<Handle>, patience: Duration) -> bool {
    let deadline = Instant::now() + patience;
    while !living.is_empty() {
        let left = deadline.saturating_duration_since(Instant::now());
        let mut fds: Vec<PollFd<'_>> =
            living.iter().map(|one| PollFd::new(one.0.as_fd(), PollFlags::POLLIN)).collect();
        // An interrupted one is begun again.
        let heard = poll(&mut fds, PollTimeout::try_from(left).unwrap_or(PollTimeout::MAX));
        let ended: Vec<bool> =
            fds.iter().map(|fd| heard.is_ok() && fd.any().unwrap_or(true)).collect();
        let mut ended = ended.into_iter();
        living.retain(|_| ended.next() == Some(false));
        if left.is_zero() {
            break;
        }
    }
    living.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_process_is_heard_and_nothing_else() {
        let mut child =
            std::process::Command::new("sleep").arg("1000").spawn().expect("sleep is there");
        let pid = i32::try_from(child.id()).expect("process identifiers fit");
        let handle = || Handle::of(pid).expect("it is there");
        let (living, ended) = (handle(), handle());
        assert!(!living.wait(Duration::from_millis(1)));
        child.kill().expect("it is our child");
        assert!(ended.wait(Duration::from_secs(100)));
        child.wait().expect("it is our child");
        assert!(Handle::of(pid).is_none());
    }
}
