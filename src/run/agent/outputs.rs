//! What commands print, passed on: while they run, late, and before their ends are told.

use std::io;

use super::channel::Read;
use super::stop::Cause;
use super::{Agent, Reply};
use crate::record::Ended;

impl Agent {
    pub(super) fn read_running(&mut self) -> io::Result<()> {
        let Some(running) = &mut self.running else {
            return Ok(());
        };
        if let Read::Bytes(heading) = running.channel.read(false, &mut self.buffer)? {
            self.owner.pass(heading, &self.buffer[..heading.length])?;
        }
        Ok(())
    }

    pub(super) fn read_late(&mut self) -> io::Result<()> {
        let mut index = 0;
        while let Some(channel) = self.late.get_mut(index) {
            match channel.read(true, &mut self.buffer)? {
                Read::Bytes(heading) => {
                    self.owner.pass(heading, &self.buffer[..heading.length])?;
                    index += 1;
                }
                Read::Later => index += 1,
                Read::End => {
                    self.late.swap_remove(index);
                }
            }
        }
        Ok(())
    }

    /// Passes on all that a command in the background has printed, before its end is told.
    pub(super) fn drain_late(&mut self, id: u64) -> io::Result<()> {
        let Some(index) = self.late.iter().position(|late| late.id() == id) else {
            return Ok(());
        };
        let mut told = Ok(());
        let owner = &mut self.owner;
        let lives = self.late[index].drain(true, &mut self.buffer, |heading, bytes| {
            if told.is_ok() {
                told = owner.pass(heading, bytes);
            }
        })?;
        if !lives {
            self.late.swap_remove(index);
        }
        told
    }

    /// Reports the running command's end, after all that it printed.
    pub(super) fn finish_running(&mut self, ended: Ended) -> io::Result<()> {
        let Some(mut running) = self.running.take() else {
            return Ok(());
        };
        let duration = running.channel.since().elapsed();
        let mut told = Ok(());
        let (owner, id) = (&mut self.owner, running.channel.id());
        let lives = running.channel.drain(false, &mut self.buffer, |heading, bytes| {
            if told.is_ok() {
                told = owner.hold(heading, bytes);
            }
        })?;
        told?;
        if lives {
            self.late.push(running.channel);
        }
        let cause = running.stop.map(|stop| stop.cause());
        let reply = Reply::Ended {
            id,
            ended: match cause {
                Some(Cause::Enough) => Ended::Interrupted,
                Some(Cause::TimeOut) => Ended::TimedOut,
                Some(Cause::Run) => Ended::Stopped,
                None => ended,
            },
            interrupted: cause == Some(Cause::Run),
            replaced: std::mem::take(&mut self.replaced),
            duration_us: u64::try_from(duration.as_micros()).unwrap_or(u64::MAX),
        };
        self.owner.say(&reply)
    }
}
