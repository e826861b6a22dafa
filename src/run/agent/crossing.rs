//! From one of a lab's shells to another: each is started when it is first turned to,
//! and takes directory and variables from the one before.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read as _, Seek as _};
use std::os::fd::AsFd as _;
use std::time::{Duration, Instant};

use nix::sys::memfd::{MFdFlags, memfd_create};

use super::Agent;
use super::children::Children;
use super::shell::{End, Shell};
use super::variables::Variables;
use crate::plan::Interpreter;

/// How long a shell may take to start, or to tell its variables.
const START: Duration = Duration::from_secs(20);

/// What a shell says of what the agent had it do.
const HEARD: End = End::Ended(0, 0);

/// What the agent knows of the lab's shells beside themselves.
#[derive(Default)]
pub(super) struct Crossing {
    /// The variables that a fresh shell of that kind has.
    own: BTreeMap<Interpreter, Variables>,
    /// Children that ended while a shell was waited for, with their exit codes.
    pub(super) ended: Vec<(i32, i32)>,
    /// What shells said meanwhile of commands.
    pub(super) ends: Vec<End>,
}

impl Crossing {
    /// Starts a shell, and waits until it takes commands.
    pub(super) fn start(&mut self, children: &Children, shell: &mut Shell) -> io::Result<()> {
        let script = shell.start()?;
        if self.heard(children, shell)? {
            drop(script);
            return Ok(());
        }
        Err(io::Error::other(format!("{} did not come up", shell.interpreter())))
    }

    /// Waits until a shell has done what carries the number 0. False if it ended, or takes
    /// too long.
    fn heard(&mut self, children: &Children, shell: &mut Shell) -> io::Result<bool> {
        let deadline = Instant::now() + START;
        loop {
            let ends = shell.ends()?;
            self.ends.extend(ends.iter().filter(|end| **end != HEARD));
            if ends.contains(&HEARD) {
                return Ok(true);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            children.wait(Some(shell.as_fd()), left)?;
            let ended = children.reap()?;
            let died = ended.iter().any(|&(pid, _)| pid == shell.pid());
            self.ended.extend(ended);
            if died || left.is_zero() {
                return Ok(false);
            }
        }
    }

    /// The variables of a shell; none where it does not tell them.
    fn variables(
        &mut self,
        children: &Children,
        shell: &mut Shell,
    ) -> io::Result<Option<Variables>> {
        let file = || memfd_create("variables", MFdFlags::MFD_CLOEXEC).map(fs::File::from);
        let (exported, all) = (file()?, file()?);
        shell.tell_variables(0, (&exported, &all))?;
        if !self.heard(children, shell)? {
            return Ok(None);
        }
        let text = |mut file: fs::File| -> io::Result<Vec<u8>> {
            let mut text = Vec::new();
            file.rewind()?;
            file.read_to_end(&mut text)?;
            Ok(text)
        };
        Ok(Variables::read(&text(exported)?, &text(all)?))
    }

    /// The variables that every shell of that kind has just so.
    fn own(
        &mut self,
        children: &Children,
        shell: impl FnOnce() -> io::Result<Shell>,
    ) -> io::Result<Variables> {
        let mut fresh = shell()?;
        if let Some(own) = self.own.get(&fresh.interpreter()) {
            return Ok(own.clone());
        }
        self.start(children, &mut fresh)?;
        let own = self.variables(children, &mut fresh)?.unwrap_or_default();
        self.own.insert(fresh.interpreter(), own.clone());
        Ok(own)
    }
}

impl Agent {
    /// Has the commands that come run in another shell. False if it is not installed.
    pub(super) fn turn_to(&mut self, interpreter: Interpreter) -> io::Result<bool> {
        let Some(place) = &self.place else {
            return Err(io::Error::other("no shell was started"));
        };
        let new = |interpreter| place.shell(interpreter);
        let (crossing, children) = (&mut self.crossing, &self.children);
        let Some(from) = self.shells.first_mut() else {
            return Err(io::Error::other("no shell was started"));
        };
        if from.interpreter() == interpreter {
            return Ok(true);
        }
        let directory = from.directory().to_owned();
        let from_own = crossing.own(children, || new(from.interpreter()))?;
        let variables = crossing.variables(children, from)?;
        let variables = variables.map(|variables| variables.without(&from_own).and(from.refused()));
        if let Some(variables) = &variables {
            from.knows(variables.clone());
        }
        let there = self.shells.iter().position(|shell| shell.interpreter() == interpreter);
        let index = if let Some(index) = there {
            index
        } else {
            let mut shell = new(interpreter)?;
            match crossing.start(children, &mut shell) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
                started => started?,
            }
            let own = crossing.own(children, || new(interpreter))?;
            shell.knows(own.clone().without(&own));
            self.shells.push(shell);
            self.shells.len() - 1
        };
        self.shells.swap(0, index);
        // What the last one does not tell is left as it was.
        if let (Some(variables), Some(shell)) = (variables, self.shells.first_mut()) {
            shell.take_variables(0, variables.clone(), &directory)?;
            crossing.heard(children, shell)?;
            let taken = crossing.variables(children, shell)?;
            shell.refuses(taken.map_or_else(Variables::default, |had| variables.lacking_in(&had)));
        }
        self.reap()?;
        Ok(true)
    }
}
