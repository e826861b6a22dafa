//! Commands that change the machine on which they run: its services, mounts,
//! packages, users, network, and files outside of the lab's own directories.
//!
//! In a sandbox they do no harm. Where there is none they are not run, unless the
//! page says that they may. This is a fence against accidents, and no wall: what a
//! variable holds, or a program does inside, is not seen.
//!
//! `script` goes through commands, those of scripts in them included; `programs` knows
//! which change the machine by what they are for, `files` which files they write; `place`
//! says whose a file is, and `temporary` which names of `/tmp` are the page's.

mod files;
mod place;
mod programs;
mod script;
mod temporary;
#[cfg(test)]
mod tests;

use self::place::Shell;
use self::script::{Walk, opened};
use self::temporary::Names;
use crate::lab::{Lab, Step, ends_a_shell};

/// The machine, as a page's commands go through it one after the other.
pub(super) struct Host {
    names: Names,
    /// Where the lab's shell stands.
    shell: Shell,
    /// The programs that the page opened one in the other, the innermost last: the shells
    /// of this machine, and none for others, such as those of containers.
    open: Vec<Option<Shell>>,
}

impl Host {
    /// Before the first command of a page, of which this is the path from the workbook's
    /// root.
    pub(super) fn new(page: &str, lab: &Lab) -> Self {
        let depth = page.split('/').count().saturating_sub(1);
        let texts = || {
            let hidden = lab.directives.hidden.iter().flat_map(|hidden| &hidden.commands);
            let commands = lab.steps.iter().map(|step| &step.command).chain(hidden);
            let outputs = lab.steps.iter().flat_map(|step| &step.outputs);
            let commands = commands.map(|command| command.text.as_str());
            commands.chain(outputs.map(|output| output.text.as_str()))
        };
        // Most pages have nothing there.
        let names = if texts().any(|text| text.contains("/tmp") || text.contains("/shm")) {
            Names::of(texts())
        } else {
            Names::default()
        };
        Self { names, shell: Shell::new(depth), open: Vec::new() }
    }

    /// What of the machine a command of the lab's shell changes, a program or a file; none
    /// where nothing is known, or where it is `allowed`.
    pub(super) fn change(&mut self, command: &str, allowed: bool) -> Option<String> {
        self.open.clear();
        let shell = self.shell.clone();
        let (changed, shell) = self.walk(shell, command, allowed);
        self.shell = shell;
        changed
    }

    /// The same of a step, which may be typed in a program that another one opened, and
    /// open one. One that is not `run` leaves all where it was.
    pub(super) fn change_by(
        &mut self,
        step: &Step,
        command: &str,
        (allowed, run): (bool, bool),
    ) -> Option<String> {
        if step.inside.is_none() {
            self.open.clear();
        }
        let shell = match self.open.last() {
            Some(inner) => inner.clone(),
            None => Some(self.shell.clone()),
        };
        let Some(shell) = shell else {
            // What is typed elsewhere changes nothing here.
            self.follow(step, command, None);
            return None;
        };
        let (changed, after) = self.walk(shell, command, allowed);
        if run {
            *self.open.last_mut().and_then(Option::as_mut).unwrap_or(&mut self.shell) =
                after.clone();
        }
        self.follow(step, command, Some(after));
        changed
    }

    /// What a command changes, and where its shell stands afterwards: where it stood, if
    /// the command is not run for what it changes.
    fn walk(&self, shell: Shell, command: &str, allowed: bool) -> (Option<String>, Shell) {
        let mut walk = Walk { shell: shell.clone(), names: &self.names };
        match walk.text(command, 0).filter(|_| !allowed) {
            Some(changed) => (Some(changed), shell),
            None => (None, walk.shell),
        }
    }

    /// Enters the program that a step opens, and leaves the one that it ends.
    fn follow(&mut self, step: &Step, command: &str, shell: Option<Shell>) {
        if step.opens {
            let inner = shell.and_then(|shell| opened(command, &shell));
            self.open.push(inner);
        } else if step.inside.is_some() && ends_a_shell(command) {
            self.open.pop();
        }
    }
}
