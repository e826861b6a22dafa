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

/// How far the stopping of a command has come.
#[derive(Debug)]
pub(super) struct Stop {
    asked: bool,
    taken: u32,
    due: Instant,
}

impl Stop {
    /// A stop of which nothing is done yet; `asked` where the owner wants it
    /// rather than the command's time-out.
    pub(super) fn new(asked: bool) -> Self {
        Self { asked, taken: 0, due: Instant::now() }
    }

    /// Whether the owner asked for it.
    pub(super) fn asked(&self) -> bool {
        self.asked
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
            Signal::SIGKILL => Some(Signal::SIGKILL),
            _ => None,
        };
        if let Some(signal) = own {
            processes::signal(&Pids::from([shell.pid()]), signal);
        }
        self.taken += 1;
        self.due = Instant::now() + PAUSE;
    }
}
