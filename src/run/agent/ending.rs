//! The end of commands whose time is over, and of all that the lab started.

use std::time::{Duration, Instant};

use nix::sys::signal::Signal;

use super::channel::{Channel, Kind};
use super::children::Children;
use super::processes::{self, Pids};
use super::shell::Shell;
use super::stop::{Cause, Stop};
use super::{Agent, Running};

/// How long the shell may take to end by itself (its EXIT trap), and what is killed to be
/// gone.
const FINISH: Duration = Duration::from_secs(2);
/// How often the agent kills what is left before it goes, and the pause between.
const LAST_KILLS: u32 = 100;
const LAST_PAUSE: Duration = Duration::from_millis(50);

impl Agent {
    /// Takes the next measure against a command whose time is over.
    pub(super) fn stop_if_due(&mut self) {
        let (Some(running), Some(shell)) = (&mut self.running, self.shells.first()) else {
            return;
        };
        let now = Instant::now();
        if now >= running.deadline {
            running.stop.get_or_insert_with(|| Stop::new(Cause::TimeOut));
        }
        if let Some(stop) = &mut running.stop
            && now >= stop.due()
        {
            stop.act(shell);
        }
    }

    /// Ends what a command that was stopped may have left. The next one sees nothing of it.
    pub(super) fn end_leftovers(&self) {
        let (Some(shell), Some(Running { stop: Some(_), .. })) =
            (self.shells.first(), &self.running)
        else {
            return;
        };
        // As in `end`, one may fork while it is found, or not be the kernel's to end.
        let deadline = Instant::now() + FINISH;
        while Instant::now() < deadline {
            let rest = shell.started();
            if rest.is_empty() {
                return;
            }
            processes::kill_all(&rest, LAST_PAUSE);
        }
    }

    /// Ends all that the lab started. Where the owner is gone there is no
    /// shell any more to end by itself.
    pub(super) fn end(&mut self) {
        let own = i32::try_from(std::process::id()).unwrap_or(1);
        let pids: Pids = self.shells.iter().map(Shell::pid).collect();
        for shell in std::mem::take(&mut self.shells) {
            // What its EXIT trap prints belongs to the command that was run last.
            if let Ok(channel) = Channel::open(self.last, Kind::Together, None) {
                let finished = shell.finish(&channel);
                self.late.extend(finished.is_ok().then_some(channel));
            }
        }
        let deadline = Instant::now() + FINISH;
        while self.running.is_none() && !processes::children(own).is_disjoint(&pids) {
            let left = deadline.saturating_duration_since(Instant::now());
            let more = self.children.wait(None, left.min(LAST_PAUSE)).is_ok();
            let read = self.read_late().is_ok();
            if !more || !read || left.is_zero() || self.children.reap().is_err() {
                break;
            }
        }
        // A process may fork while it is found: until there are none. One that
        // the kernel does not let go is not waited for for ever.
        for _ in 0..LAST_KILLS {
            let rest = processes::descendants(own, &Pids::new());
            // One that starts another and ends is not found, nor is that other one.
            if rest.is_empty() && Children::are_gone() {
                return;
            }
            processes::signal(&rest, Signal::SIGKILL);
            let _ = self.children.wait(None, LAST_PAUSE);
            let _ = self.children.reap();
        }
    }
}
