//! The agent's children, own and adopted: their ends are heard in one place, so
//! that reaping orphans never takes the shell's exit code away.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::time::Duration;

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{SigSet, Signal};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

/// Hears of children that ended. Readable when one did.
pub(super) struct Children(SignalFd);

impl Children {
    /// Adopts orphans from now on, and hears of their ends.
    pub(super) fn adopt() -> io::Result<Self> {
        // The first process of a PID namespace adopts them anyway.
        if std::process::id() != 1 {
            nix::sys::prctl::set_child_subreaper(true)?;
        }
        let mut mask = SigSet::empty();
        mask.add(Signal::SIGCHLD);
        mask.thread_block()?;
        let flags = SfdFlags::SFD_NONBLOCK | SfdFlags::SFD_CLOEXEC;
        Ok(Self(SignalFd::with_flags(&mask, flags)?))
    }

    /// Those that ended by now, with their exit codes as a shell gives them.
    pub(super) fn reap(&self) -> io::Result<Vec<(i32, i32)>> {
        while self.0.read_signal()?.is_some() {}
        let mut ended = Vec::new();
        loop {
            match waitpid(Pid::from_raw(-1), Some(WaitPidFlag::WNOHANG)) {
                Ok(WaitStatus::Exited(pid, code)) => ended.push((pid.as_raw(), code)),
                Ok(WaitStatus::Signaled(pid, signal, _)) => {
                    ended.push((pid.as_raw(), 128 + signal as i32));
                }
                Ok(WaitStatus::StillAlive) | Err(Errno::ECHILD) => return Ok(ended),
                Ok(_) | Err(Errno::EINTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Whether this process has none, dead or alive. As orphans are adopted, nothing
    /// that was started runs then.
    pub(super) fn are_gone() -> bool {
        matches!(waitpid(Pid::from_raw(-1), Some(WaitPidFlag::WNOHANG)), Err(Errno::ECHILD))
    }

    /// Waits until a child ends, something can be read from `other`, or the
    /// time is over. False in the last case.
    pub(super) fn wait(&self, other: Option<BorrowedFd<'_>>, time: Duration) -> io::Result<bool> {
        let mut fds = vec![PollFd::new(self.0.as_fd(), PollFlags::POLLIN)];
        fds.extend(other.map(|fd| PollFd::new(fd, PollFlags::POLLIN)));
        match poll(&mut fds, PollTimeout::try_from(time).unwrap_or(PollTimeout::MAX)) {
            Ok(ready) => Ok(ready > 0),
            Err(Errno::EINTR) => Ok(true),
            Err(error) => Err(error.into()),
        }
    }
}

impl AsFd for Children {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}
