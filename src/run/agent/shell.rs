//! The lab's one bash.
//!
//! It reads its commands from a pipe that only it has, as a script, so that no
//! command can eat the rest of the page. It is told to be interactive: that is
//! the shell in which a page's author typed, with aliases, with errors that do
//! not end it (`${x:?}`, an unset variable), and with messages as a person
//! sees them (`bash: foo: command not found`).

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::sys::memfd::{MFdFlags, memfd_create};
use nix::unistd::{pipe2, read, write};

use super::channel::Channel;
use super::processes::{self, Pids};

/// Saves the options before a script, and gives it a shell's default ones.
/// A command substitution forgets `-e`, so that is looked at apart.
const SAVE_OPTIONS: &str = "__labbook_options=\"$(set +o; shopt -p)\"; \
    case $- in *e*) __labbook_options+='; set -e';; esac; set +eufx +o pipefail; :\n";
const RESTORE_OPTIONS: &str = "builtin eval \"$__labbook_options\"; unset __labbook_options; :\n";

/// A running bash, and what outlives it.
pub(super) struct Shell {
    agent: u32,
    variables: Vec<(String, String)>,
    /// Where the shell was when its last command ended.
    directory: PathBuf,
    /// Where it is started when that directory is gone.
    home: PathBuf,
    /// What the shell says of the ends of commands.
    control: (OwnedFd, OwnedFd),
    unread: Vec<u8>,
    /// What the shell's own words begin with, so that no page can say them by chance.
    mark: String,
    /// The exported variables when the last command ended, as a script.
    exports: OwnedFd,
    script: OwnedFd,
    pid: i32,
    /// `$?`.
    status: i32,
    /// A script's options are to be put back.
    options_saved: bool,
    /// What ran when the last command had ended: background jobs.
    survivors: Pids,
}

impl Shell {
    /// Prepares a shell; [`Shell::start`] starts it.
    pub(super) fn new(directory: PathBuf, variables: Vec<(String, String)>) -> io::Result<Self> {
        let control = pipe2(OFlag::O_CLOEXEC)?;
        fcntl(&control.0, FcntlArg::F_SETFL(OFlag::O_NONBLOCK))?;
        Ok(Self {
            agent: std::process::id(),
            variables,
            home: directory.clone(),
            directory,
            control,
            unread: Vec::new(),
            mark: crate::sandbox::unique_id(),
            exports: memfd_create("exports", MFdFlags::MFD_CLOEXEC)?,
            // Replaced by `start`: until then nothing reads it.
            script: pipe2(OFlag::O_CLOEXEC)?.1,
            pid: 0,
            status: 0,
            options_saved: false,
            survivors: Pids::new(),
        })
    }

    /// Starts bash, or a new one in place of one that ended: with the directory
    /// and the exported variables that the old one had when its last command
    /// ended. It says so through [`Shell::ends`] with the number 0.
    pub(super) fn start(&mut self) -> io::Result<OwnedFd> {
        let (reader, writer) = pipe2(OFlag::O_CLOEXEC)?;
        let directory = if self.directory.is_dir() { &self.directory } else { &self.home };
        let child = Command::new("bash")
            .args(["--noprofile", "--norc", "-i"])
            .arg(format!("/proc/{}/fd/{}", self.agent, reader.as_raw_fd()))
            .env_clear()
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .current_dir(directory)
            // So that `kill 0` does not reach the agent.
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| {
                let place = directory.display();
                io::Error::new(error.kind(), format!("start bash in {place}: {error}"))
            })?;
        self.pid = i32::try_from(child.id()).map_err(io::Error::other)?;
        self.script = writer;
        self.status = 0;
        self.options_saved = false;
        self.survivors = processes::children(self.pid);
        self.survivors.extend(processes::children(self.agent_pid()));
        self.survivors.insert(self.pid);
        self.unread.clear();
        // The trap is there because bash, where it has no terminal, ends itself
        // when an interrupted command is part of a list.
        let text = format!(
            "BASH_ARGV0=bash; unset HISTFILE; set +H +o history; trap : INT; . {exports}; {end}",
            exports = self.path(&self.exports),
            end = self.end_of(0, "0"),
        );
        self.send(&text)?;
        // The caller holds the reading end until bash has opened it.
        Ok(reader)
    }

    /// Gives the shell a command.
    pub(super) fn run(&mut self, id: u64, text: &str, channel: &Channel) -> io::Result<()> {
        let mut line = String::with_capacity(text.len() + 160);
        if self.status != 0 {
            // `$?` of the command before; not subject to `set -e` on this side
            // of the `||`.
            let _ = write!(line, "(exit {}) || ", self.status);
        }
        let redirections = channel.redirections(self.agent);
        let _ = writeln!(line, "builtin eval -- {} {redirections}", quote(text));
        line.push_str(&self.end_of(id, "$?"));
        self.send(&line)
    }

    /// Gives the shell a command that it runs in the background, as with `&`. Its
    /// end is [`End::Started`]; what it leaves with is told later, as [`End::Left`].
    pub(super) fn detach(&mut self, id: u64, text: &str, channel: &Channel) -> io::Result<()> {
        let control = self.path(&self.control.1);
        let mark = &self.mark;
        let tell = |what: &str, value: &str| {
            format!("builtin printf '{mark} {what} %d %d\\n' {id} \"{value}\" >{control}")
        };
        // It is said from inside: there the output is open, and the agent may close its end.
        let line = format!(
            "( {}; trap {} EXIT; builtin eval -- {} ) {} &\n",
            tell("started", "$BASHPID"),
            quote(&tell("left", "$?")),
            quote(text),
            channel.redirections(self.agent),
        );
        self.send(&line)
    }

    /// Gives the shell a script to source.
    pub(super) fn source(&mut self, id: u64, path: &Path, channel: &Channel) -> io::Result<()> {
        self.send(SAVE_OPTIONS)?;
        self.options_saved = true;
        self.run(id, &format!(". {}", quote(&path.to_string_lossy())), channel)
    }

    /// What became of commands by now.
    pub(super) fn ends(&mut self) -> io::Result<Vec<End>> {
        let mut buffer = [0; 256];
        loop {
            match read(&self.control.0, &mut buffer) {
                Ok(0) | Err(Errno::EAGAIN) => break,
                Ok(count) => self.unread.extend_from_slice(&buffer[..count]),
                Err(Errno::EINTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let mut ends = Vec::new();
        while let Some(end) = self.unread.iter().position(|&byte| byte == b'\n') {
            let line: Vec<u8> = self.unread.drain(..=end).collect();
            // Anything else was written by a page that searched for the pipe.
            let line = std::str::from_utf8(&line).ok();
            ends.extend(line.and_then(|line| End::read(line.strip_prefix(&self.mark)?)));
        }
        Ok(ends)
    }

    /// Takes note of what lives on when a command has ended.
    pub(super) fn ended(&mut self, status: i32) -> io::Result<()> {
        self.status = status;
        if let Ok(directory) = fs::read_link(format!("/proc/{}/cwd", self.pid)) {
            self.directory = directory;
        }
        self.survivors = processes::children(self.pid);
        self.survivors.extend(processes::children(self.agent_pid()));
        self.survivors.insert(self.pid);
        if std::mem::take(&mut self.options_saved) {
            self.send(RESTORE_OPTIONS)?;
        }
        Ok(())
    }

    /// What the running command started: all that was not there before it.
    pub(super) fn started(&self) -> Pids {
        let mut spared = self.survivors.clone();
        spared.remove(&self.pid);
        let mut pids = processes::descendants(self.agent_pid(), &spared);
        pids.remove(&self.pid);
        pids
    }

    /// Where it was started.
    pub(super) fn home(&self) -> &Path {
        &self.home
    }

    /// The shell's process.
    pub(super) fn pid(&self) -> i32 {
        self.pid
    }

    /// Lets the shell end as a script does at its end, EXIT trap included.
    pub(super) fn finish(self) {
        drop(self.script);
    }

    fn agent_pid(&self) -> i32 {
        i32::try_from(self.agent).unwrap_or(1)
    }

    fn path(&self, fd: &OwnedFd) -> String {
        format!("/proc/{}/fd/{}", self.agent, fd.as_raw_fd())
    }

    /// The line that says that a command ended, keeps the exported variables,
    /// and, as a prompt does, forgets the jobs that are done.
    fn end_of(&self, id: u64, status: &str) -> String {
        format!(
            "builtin printf '{mark} ended %d %d\\n' {id} \"{status}\" >{control}; \
             builtin jobs >/dev/null; builtin export -p >|{exports}; :\n",
            mark = self.mark,
            control = self.path(&self.control.1),
            exports = self.path(&self.exports),
        )
    }

    fn send(&self, text: &str) -> io::Result<()> {
        let mut rest = text.as_bytes();
        while !rest.is_empty() {
            match write(&self.script, rest) {
                Ok(count) => rest = &rest[count..],
                Err(Errno::EINTR) => {}
                // It ended: the agent hears so as its parent.
                Err(Errno::EPIPE) => break,
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

impl AsFd for Shell {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.control.0.as_fd()
    }
}

/// What the shell says of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// It ended, with this exit code. The number 0 is that of the shell's start.
    Ended(u64, i32),
    /// It was started in the background, as this process.
    Started(u64, i32),
    /// It ended in the background, with this exit code.
    Left(u64, i32),
}

impl End {
    fn read(line: &str) -> Option<Self> {
        let mut words = line.split_ascii_whitespace();
        let end = match words.next()? {
            "ended" => Self::Ended,
            "started" => Self::Started,
            "left" => Self::Left,
            _ => return None,
        };
        Some(end(words.next()?.parse().ok()?, words.next()?.parse().ok()?))
    }
}

/// The text as one word of the shell. NUL, which no shell's word can hold, is
/// left out, as bash itself does.
fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\0', "").replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::quote;

    #[test]
    fn any_text_is_one_word() {
        assert_eq!(quote("echo 'a b'\n$x"), "'echo '\\''a b'\\''\n$x'");
        assert_eq!(quote("a\0b"), "'ab'");
    }
}
