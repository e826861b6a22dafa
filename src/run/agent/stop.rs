//! Stopping a command whose time is over, as a person would and then harder:
//! SIGINT, SIGTERM, SIGKILL, to everything that it started.

use std::time::{Duration, Instant};

use nix::sys::signal::Signal;

use super::processes::{self, Pids};
use super::shell::Shell;

/// The pause between two measures. Each is taken several times: a command may
/// start the next process when one was ended.
const PAUSE: Duration = Duration::from_millis(100);
const INTERRUPTS: u32 = 3;
const TERMINATIONS: u32 = 4;

/// Why a command is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cause {
    /// Its time is over.
    TimeOut,
    /// The run is over.
    Run,
    /// It has shown enough.
    Enough,
}

/// How far the stopping of a command has come.
#[derive(Debug)]
pub(super) struct Stop {
    cause: Cause,
    taken: u32,
    due: Instant,
}

impl Stop {
    /// A stop of which nothing is done yet.
    pub(super) fn new(cause: Cause) -> Self {
        Self { cause, taken: 0, due: Instant::now() }
    }

    /// Why it is done.
    pub(super) fn cause(&self) -> Cause {
        self.cause
    }

    /// The run is over, whatever the stop was begun for.
    pub(super) fn run_is_over(&mut self) {
        self.cause = Cause::Run;
    }

    /// When the next measure is to be taken.
    pub(super) fn due(&self) -> Instant {
        self.due
    }

    /// Takes the next measure.
    pub(super) fn act(&mut self, shell: &Shell) {
        let signal = match self.taken {
            0..INTERRUPTS => Signal::SIGINT,
            taken if taken < INTERRUPTS + TERMINATIONS => Signal::SIGTERM,
            _ => Signal::SIGKILL,
        };
        processes::signal(&shell.started(), signal);
        // The shell is spared as long as there is hope: it holds the lab's
        // variables and functions. An interactive bash ignores SIGTERM.
        let own = match signal {
            Signal::SIGTERM if self.taken == INTERRUPTS + 1 => Some(Signal::SIGINT),
            // Once more, as what it waited for was ended only now.
            Signal::SIGKILL if self.taken > INTERRUPTS + TERMINATIONS => Some(Signal::SIGKILL),
            _ => None,
        };
        if let Some(signal) = own {
            processes::signal(&Pids::from([shell.pid()]), signal);
        }
        self.taken += 1;
        self.due = Instant::now() + PAUSE;
    }
}
