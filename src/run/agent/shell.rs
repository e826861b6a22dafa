//! A shell of the lab.
//!
//! It reads its commands from a pipe that only it has, as a script, so that no
//! command can eat the rest of the page. It is told to be interactive: that is
//! the shell in which a page's author typed, with aliases, with errors that do
//! not end it (`${x:?}`, an unset variable), and with messages as a person
//! sees them (`bash: foo: command not found`).

use std::fs;
use std::io::{self, Write as _};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, SealFlag, fcntl};
use nix::sys::memfd::{MFdFlags, memfd_create};
use nix::unistd::{pipe2, read, write};

use super::before::Before;
use super::channel::Channel;
use super::dialect::{Dialect, quote};
use super::processes::{self, Pids};
use super::variables::Variables;
use crate::plan::Interpreter;

/// Saves the options before a script, and gives it a shell's default ones.
/// A command substitution forgets `-e`, so that is looked at apart.
const SAVE_OPTIONS: &str = "__labbook_options=\"$(set +o; shopt -p)\"; \
    case $- in *e*) __labbook_options+='; set -e';; esac; set +eufx +o pipefail; :\n";
const RESTORE_OPTIONS: &str = "builtin eval \"$__labbook_options\"; unset __labbook_options; :\n";

/// A running shell, and what outlives it.
pub(super) struct Shell {
    dialect: &'static Dialect,
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
    /// What it knows of its last command.
    last: Before,
    /// What bash reads before and after a command: it takes a script from a pipe byte
    /// by byte, and a file at once.
    before: OwnedFd,
    after: OwnedFd,
    /// A script's options are to be put back.
    options_saved: bool,
    /// What ran when the last command had ended: background jobs.
    survivors: Pids,
    /// The variables that it had when another shell was turned to.
    known: Variables,
    /// Variables of another that it cannot have, as it has its own of that name.
    refused: Variables,
}

/// A file without a name that holds a text, and that nobody can change: a page may
/// find it.
fn sealed(text: &[u8]) -> io::Result<OwnedFd> {
    let flags = MFdFlags::MFD_CLOEXEC | MFdFlags::MFD_ALLOW_SEALING;
    let mut file = fs::File::from(memfd_create("labbook", flags)?);
    file.write_all(text)?;
    fcntl(&file, FcntlArg::F_ADD_SEALS(SealFlag::all()))?;
    Ok(file.into())
}

impl Shell {
    /// Prepares a shell; [`Shell::start`] starts it.
    pub(super) fn new(
        interpreter: Interpreter,
        directory: PathBuf,
        variables: Vec<(String, String)>,
        is_asked_of_last: bool,
    ) -> io::Result<Self> {
        let control = pipe2(OFlag::O_CLOEXEC)?;
        fcntl(&control.0, FcntlArg::F_SETFL(OFlag::O_NONBLOCK))?;
        Ok(Self {
            dialect: Dialect::of(interpreter),
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
            last: Before::new(is_asked_of_last),
            before: sealed(b"")?,
            after: sealed(b"")?,
            options_saved: false,
            survivors: Pids::new(),
            known: Variables::default(),
            refused: Variables::default(),
        })
    }

    /// Starts the shell, or a new one in place of one that ended: with the directory
    /// and the exported variables that the old one had when its last command
    /// ended. It says so through [`Shell::ends`] with the number 0.
    pub(super) fn start(&mut self) -> io::Result<OwnedFd> {
        let (reader, writer) = pipe2(OFlag::O_CLOEXEC)?;
        let directory = if self.directory.is_dir() { &self.directory } else { &self.home };
        let program = self.dialect.interpreter.program();
        let mut command = Command::new(program);
        command.args(self.dialect.arguments);
        if self.dialect.script_on_stdin {
            command.stdin(reader.try_clone()?);
        } else {
            command.stdin(Stdio::null());
            command.arg(format!("/proc/{}/fd/{}", self.agent, reader.as_raw_fd()));
        }
        let child = command
            .env_clear()
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .current_dir(directory)
            // So that `kill 0` does not reach the agent.
            .process_group(0)
            // Where it says how commands ended. Theirs is another.
            .stdout(self.control.1.try_clone()?)
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| {
                let place = directory.display();
                io::Error::new(error.kind(), format!("start {program} in {place}: {error}"))
            })?;
        self.pid = i32::try_from(child.id()).map_err(io::Error::other)?;
        self.script = writer;
        self.last.forget();
        self.options_saved = false;
        self.note_survivors();
        self.unread.clear();
        let text = format!(
            " {start}; {builtin} . {exports}\n{end}",
            start = self.dialect.start,
            builtin = self.dialect.builtin,
            exports = self.path(&self.exports),
            end = self.end_of(0, "0", ""),
        );
        self.send(text.as_bytes())?;
        // The caller holds the reading end until bash has opened it.
        Ok(reader)
    }

    /// Gives the shell a command.
    pub(super) fn run(&mut self, id: u64, text: &str, channel: &Channel) -> io::Result<()> {
        let redirections = channel.redirections(self.agent);
        let end = self.end_of(id, self.last.exit_code(), self.last.told_parts());
        let clear = self.last.clear();
        let lines = if self.dialect.interpreter == Interpreter::Bash {
            // As a person's, with no line of labbook's among it.
            let mut before = format!("{clear}__labbook_text=").into_bytes();
            before.extend_from_slice(&quote(text.as_bytes()));
            let remember = self.dialect.remember.unwrap_or(":");
            before.extend_from_slice(format!("; {remember} \"$__labbook_text\"\n").as_bytes());
            let tail = self.last.tail(self.dialect);
            if !tail.is_empty() {
                before.extend_from_slice(b"__labbook_text+=");
                before.extend_from_slice(&quote(tail.as_bytes()));
                before.push(b'\n');
            }
            self.before = sealed(&before)?;
            self.after = sealed(end.as_bytes())?;
            let eval = format!("\\builtin eval -- \"$__labbook_text\" {redirections}");
            let command = self.last.restored(self.dialect, &eval);
            let (before, after) = (self.path(&self.before), self.path(&self.after));
            format!("\\. {before}\n{command}\n\\. {after}\n")
        } else {
            let remember = self.dialect.remember.map_or_else(String::new, |remember| {
                format!(" {remember} {}\n", String::from_utf8_lossy(&quote(text.as_bytes())))
            });
            let eval = self.dialect.eval(&self.last.text(text, self.dialect));
            let command = self.last.restored(self.dialect, &format!("{eval} {redirections}"));
            format!("{remember} {clear} {command}\n{end}")
        };
        self.send(lines.as_bytes())
    }

    /// Gives the shell a command that it runs in the background, as with `&`. Its
    /// end is [`End::Started`]; what it leaves with is told later, as [`End::Left`].
    pub(super) fn detach(&mut self, id: u64, text: &str, channel: &Channel) -> io::Result<()> {
        let control = self.path(&self.control.1);
        let (mark, builtin) = (&self.mark, self.dialect.builtin);
        let tell = |what: &str, value: &str| {
            format!("{builtin} printf '{mark} {what} %d %d\\n' {id} \"{value}\" >{control}")
        };
        let (look, process) = self.dialect.own_process;
        // It is said from inside: there the output is open, and the agent may close its end.
        let line = format!(
            " ( {look}{}; trap {} EXIT; {}{} ) {} &\n",
            tell("started", process),
            String::from_utf8_lossy(&quote(tell("left", "$?").as_bytes())),
            self.last.failed(),
            self.dialect.eval(text),
            channel.redirections(self.agent),
        );
        self.send(line.as_bytes())
    }

    /// Has the shell tell its variables, and say with this number that it did.
    pub(super) fn tell_variables(
        &mut self,
        id: u64,
        (exported, all): (&fs::File, &fs::File),
    ) -> io::Result<()> {
        let dump = self.dialect.dump(&self.path(exported), &self.path(all));
        let end = self.end_of(id, "0", "");
        self.send(format!("{dump}\n{end}").as_bytes())
    }

    /// Has the shell know these variables and this directory, and say with this number
    /// that it does.
    pub(super) fn take_variables(
        &mut self,
        id: u64,
        variables: Variables,
        directory: &Path,
    ) -> io::Result<()> {
        let mut script = self.known.script(&variables, self.dialect, directory);
        self.known = variables;
        script.extend_from_slice(self.end_of(id, "0", "").as_bytes());
        self.note_survivors();
        self.send(&script)
    }

    /// Takes note of variables that it was told and does not have.
    pub(super) fn refuses(&mut self, variables: Variables) {
        self.refused = variables;
    }

    /// Variables that it was told and does not have.
    pub(super) fn refused(&self) -> &Variables {
        &self.refused
    }

    /// Takes note of the variables that it has.
    pub(super) fn knows(&mut self, variables: Variables) {
        self.known = variables;
    }

    /// Gives the shell a script to source.
    pub(super) fn source(&mut self, id: u64, path: &Path, channel: &Channel) -> io::Result<()> {
        self.send(SAVE_OPTIONS.as_bytes())?;
        self.options_saved = true;
        let path = quote(path.as_os_str().as_encoded_bytes());
        self.run(id, &format!(". {}", String::from_utf8_lossy(&path)), channel)
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
            let Some(line) = line.and_then(|line| line.strip_prefix(&self.mark)) else { continue };
            let mut words = line.split_ascii_whitespace();
            let end = End::read(&mut words);
            if let Some(End::Ended(1.., _)) = end {
                self.last.hear(words);
            }
            ends.extend(end);
        }
        Ok(ends)
    }

    /// Takes note of what lives on when a command has ended.
    pub(super) fn ended(&mut self, status: i32) -> io::Result<()> {
        self.last.status = status;
        if let Ok(directory) = fs::read_link(format!("/proc/{}/cwd", self.pid)) {
            self.directory = directory;
        }
        self.note_survivors();
        if std::mem::take(&mut self.options_saved) {
            self.send(RESTORE_OPTIONS.as_bytes())?;
        }
        Ok(())
    }

    /// What runs now is not what the next command starts.
    fn note_survivors(&mut self) {
        self.survivors = processes::children(self.pid);
        self.survivors.extend(processes::children(self.agent_pid()));
        self.survivors.insert(self.pid);
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

    /// Which shell it is.
    pub(super) fn interpreter(&self) -> Interpreter {
        self.dialect.interpreter
    }

    /// Where it was when its last command ended.
    pub(super) fn directory(&self) -> &Path {
        &self.directory
    }

    /// Lets the shell end as a script does at its end, with an output for what its EXIT
    /// trap prints.
    pub(super) fn finish(self, channel: &Channel) -> io::Result<()> {
        self.send(format!("exec {}; exit\n", channel.redirections(self.agent)).as_bytes())
    }

    fn agent_pid(&self) -> i32 {
        i32::try_from(self.agent).unwrap_or(1)
    }

    fn path(&self, fd: &impl AsRawFd) -> String {
        format!("/proc/{}/fd/{}", self.agent, fd.as_raw_fd())
    }

    /// The line that says that a command ended, on a line of its own (a trap of the page
    /// may have printed there), keeps the exported variables,
    /// and, as a prompt does, forgets the jobs that are done.
    fn end_of(&self, id: u64, status: &str, parts: &str) -> String {
        let form = if parts.is_empty() { "" } else { " %s" };
        format!(
            " {builtin} printf '\\n{mark} ended %d %d{form}\\n' {id} \"{status}\"{parts}; \
             {builtin} jobs; {builtin} export -p >|{exports}; {builtin} :\n",
            builtin = self.dialect.builtin,
            mark = self.mark,
            exports = self.path(&self.exports),
        )
    }

    fn send(&self, text: &[u8]) -> io::Result<()> {
        let mut rest = text;
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
    fn read<'a>(words: &mut impl Iterator<Item = &'a str>) -> Option<Self> {
        let end = match words.next()? {
            "ended" => Self::Ended,
            "started" => Self::Started,
            "left" => Self::Left,
            _ => return None,
        };
        Some(end(words.next()?.parse().ok()?, words.next()?.parse().ok()?))
    }
}
