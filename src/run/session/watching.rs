//! Commands that do not end by themselves, while they run: looked at as they print, until
//! they have shown what they are run for, or their time is over.

use std::time::Duration;

use tokio::time::Instant;

use super::NEVER;
use crate::record::Output;
use crate::run::captured::Captured;

/// How often what a command has shown so far is looked at, at most.
const LOOK: Duration = Duration::from_millis(50);
/// How much of what a command has shown first is looked at, in bytes.
const MOST_LOOKED_AT: usize = 256 * 1024;

/// What a command that does not end by itself is run for.
pub struct Watch<'a> {
    /// What becomes of it then.
    pub then: Then,
    /// How long it may take until it has shown enough.
    pub patience: Duration,
    /// Whether it has, by what it printed and whether it listens on a port.
    pub enough: &'a mut dyn FnMut(&Output, bool) -> Enough,
}

/// What becomes of a command once it has shown enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// It is interrupted.
    Interrupt,
    /// It goes on in the background, where it ran from the beginning.
    GoOn,
    /// It waits for what [`Session::type_in`] types.
    Converse,
}

/// Whether a command has shown enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enough {
    /// Not yet.
    NotYet,
    /// Once it prints nothing more for so long.
    WhenQuiet(Duration),
    /// Yes.
    Now,
}

/// What looking at a command that does not end by itself found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    Enough,
    InVain,
}

/// A command that does not end by itself, while it runs.
pub(super) struct Watching<'a> {
    pub(super) watch: Watch<'a>,
    /// When its time is over.
    deadline: Instant,
    /// When it printed last, or began to listen.
    printed: Instant,
    /// What it printed was not looked at yet.
    dirty: bool,
    /// When it is looked at next, whether or not it prints.
    next: Option<Instant>,
    /// It runs, and its output is open.
    pub(super) started: bool,
    /// It listens on a port.
    pub(super) listens: bool,
}

impl<'a> Watching<'a> {
    pub(super) fn new(watch: Watch<'a>, began: Instant) -> Self {
        let deadline = began + watch.patience.min(NEVER);
        Self {
            watch,
            deadline,
            printed: began,
            dirty: false,
            next: None,
            started: false,
            listens: false,
        }
    }

    /// Whether it was started, and goes on in the background.
    pub(super) fn is_in_background(&self) -> bool {
        self.started && self.watch.then == Then::GoOn
    }

    /// Takes note that it printed something.
    pub(super) fn printed(&mut self) {
        self.printed = Instant::now();
        if !self.dirty {
            self.dirty = true;
            self.next = Some(self.printed + LOOK);
        }
    }

    /// When it is to be looked at.
    pub(super) fn due(&self) -> Instant {
        self.next.map_or(self.deadline, |next| next.min(self.deadline))
    }

    /// Looks at what it has shown so far; none where it is to go on.
    pub(super) fn look(&mut self, output: &Captured) -> Option<Found> {
        let now = Instant::now();
        self.dirty = false;
        self.next = None;
        // Its output is not open yet: until then it is not let go.
        if self.watch.then == Then::GoOn && !self.started {
            self.deadline = self.deadline.max(now + LOOK);
            return None;
        }
        // What prints much is looked at where it is now.
        let is_long = output.length() > MOST_LOOKED_AT as u64;
        let so_far = if is_long || self.watch.then == Then::Converse {
            Output(output.ending().to_vec())
        } else {
            output.beginning(MOST_LOOKED_AT)
        };
        match (self.watch.enough)(&so_far, self.listens) {
            Enough::Now => return Some(Found::Enough),
            Enough::WhenQuiet(quiet) if now >= self.printed + quiet => return Some(Found::Enough),
            Enough::WhenQuiet(quiet) => self.next = Some(self.printed + quiet),
            Enough::NotYet => {}
        }
        (now >= self.deadline).then_some(Found::InVain)
    }
}
