//! Programs of others that make assets: go, mmdebstrap, containerd.
//!
//! Each ends with labbook, at the latest when labbook is killed: `setpriv`
//! gives it a parent-death signal, and where labbook is root, a PID and a mount
//! namespace of its own take its whole family and its mounts along. A death
//! signal follows the thread that started the program, so that thread waits
//! for it.

use std::collections::VecDeque;
use std::ffi::OsStr;
use std::io::{self, BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::{AssetsError, Progress};

/// How many lines of what a program said are kept for an error.
const TAIL: usize = 40;

/// What a program may leave when it is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leaves {
    /// Processes and mounts: it gets PID and mount namespaces of its own.
    ProcessesAndMounts,
    /// Mounts: it gets a mount namespace of its own, and stays the direct
    /// child, so that it can be sent signals.
    Mounts,
}

/// A command that ends with the calling thread.
pub(super) fn contained(program: &str, leaves: Leaves) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", "--"]).process_group(0).stdin(Stdio::null());
    if nix::unistd::geteuid().is_root() {
        command.args(["unshare", "--mount"]);
        if leaves == Leaves::ProcessesAndMounts {
            command.args(["--pid", "--fork", "--kill-child=KILL", "--mount-proc"]);
        }
        command.arg("--");
    }
    command.arg(program);
    command
}

/// A command that is nobody's business but its own: short, or better finished
/// than stopped. It reads nothing.
pub(in crate::cluster) fn plain(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.stdin(Stdio::null());
    command
}

/// How a program ended, and its last words.
#[derive(Debug)]
pub(super) struct Ended {
    status: ExitStatus,
    tail: VecDeque<String>,
    /// It was given this long, and was killed then.
    stopped_after: Option<Duration>,
}

impl Ended {
    /// An error with the program's words where it failed.
    pub(super) fn check(self, what: &str) -> Result<(), AssetsError> {
        if self.status.success() {
            return Ok(());
        }
        let words = Vec::from(self.tail).join("\n");
        if words.contains("No space left on device") || words.contains("no space left on device") {
            return Err(AssetsError::DiskFull { what: what.to_owned() });
        }
        let status = match self.stopped_after {
            Some(limit) => format!("no end within {} s", limit.as_secs()),
            None => self.status.to_string(),
        };
        Err(AssetsError::Failed { what: what.to_owned(), status, words })
    }
}

/// Runs a command to its end. Its standard error goes line by line to
/// `on_line`, its standard output to `read`, in a thread of its own.
pub(super) fn run<T: Send>(
    command: Command,
    what: &str,
    on_line: &mut dyn FnMut(&str),
    read: impl FnOnce(ChildStdout) -> T + Send,
) -> Result<(T, Ended), AssetsError> {
    run_limited(command, what, None, on_line, read)
}

/// Runs a command for its standard output, and kills it where it takes longer
/// than `limit`.
pub(super) fn output_within(
    command: Command,
    what: &str,
    limit: Duration,
) -> Result<String, AssetsError> {
    let mut no_line = |_: &str| ();
    let (text, ended) = run_limited(command, what, Some(limit), &mut no_line, io::read_to_string)?;
    ended.check(what)?;
    text.map_err(|error| not_started(what, error))
}

fn run_limited<T: Send>(
    mut command: Command,
    what: &str,
    limit: Option<Duration>,
    on_line: &mut dyn FnMut(&str),
    read: impl FnOnce(ChildStdout) -> T + Send,
) -> Result<(T, Ended), AssetsError> {
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = KilledOnDrop(command.spawn().map_err(|error| not_started(what, error))?);
    let stdout = child.0.stdout.take().expect("standard output was piped");
    let stderr = child.0.stderr.take().expect("standard error was piped");
    let pid = Pid::from_raw(i32::try_from(child.0.id()).unwrap_or(i32::MAX));
    thread::scope(|scope| {
        // Told of the end by the sender's going.
        let (running, over) = mpsc::channel::<()>();
        let guard = limit.map(|limit| {
            scope.spawn(move || {
                let late = over.recv_timeout(limit) == Err(RecvTimeoutError::Timeout);
                // It is not waited for yet: the number is still its own.
                (late && kill(pid, Signal::SIGKILL).is_ok()).then_some(limit)
            })
        });
        let reader = scope.spawn(move || read(stdout));
        let mut tail = VecDeque::with_capacity(TAIL);
        let mut lines = BufReader::new(stderr);
        let mut line = Vec::new();
        while lines.read_until(b'\n', &mut line).map_err(|error| not_started(what, error))? > 0 {
            let text = String::from_utf8_lossy(&line);
            let text = text.trim_end();
            on_line(text);
            if tail.len() == TAIL {
                tail.pop_front();
            }
            tail.push_back(text.to_owned());
            line.clear();
        }
        let value = reader.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        drop(running);
        let stopped_after = guard.and_then(|guard| guard.join().ok().flatten());
        let status = child.0.wait().map_err(|error| not_started(what, error))?;
        Ok((value, Ended { status, tail, stopped_after }))
    })
}

/// Runs a command for its standard output.
pub(super) fn output_of(command: Command, what: &str) -> Result<String, AssetsError> {
    let mut no_line = |_: &str| ();
    let (text, ended) = run(command, what, &mut no_line, io::read_to_string)?;
    ended.check(what)?;
    text.map_err(|error| not_started(what, error))
}

/// Runs a command to its end. What it says on standard error is progress.
pub(in crate::cluster) fn run_to_end(
    command: Command,
    what: &str,
    progress: &dyn Fn(Progress<'_>),
) -> Result<(), AssetsError> {
    let mut on_line = |line: &str| progress(Progress::Line(line));
    let ((), ended) = run(command, what, &mut on_line, |mut stdout| {
        // Standard error has what went wrong; the rest is only read away.
        let _ = io::copy(&mut stdout, &mut io::sink());
    })?;
    ended.check(what)
}

/// A child that is killed and waited for when it is let go of.
#[derive(Debug)]
pub(super) struct KilledOnDrop(pub(super) Child);

impl Drop for KilledOnDrop {
    fn drop(&mut self) {
        if !matches!(self.0.try_wait(), Ok(Some(_))) {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }
}

/// The first directory of `PATH`, or of those that hold an administrator's
/// programs, that has `program`.
pub(in crate::cluster) fn find(program: &str) -> Option<std::path::PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(["/usr/local/sbin", "/usr/sbin", "/sbin"].map(Into::into))
        .map(|directory| directory.join(program))
        .find(|candidate| {
            nix::unistd::access(candidate, nix::unistd::AccessFlags::X_OK).is_ok()
                && candidate.is_file()
        })
}

/// An error where a program is not installed.
pub(super) fn need(
    program: &'static str,
    package: &'static str,
) -> Result<std::path::PathBuf, AssetsError> {
    find(program).ok_or(AssetsError::ToolMissing { program, package })
}

pub(super) fn not_started(what: &str, error: io::Error) -> AssetsError {
    AssetsError::NotStarted { what: what.to_owned(), source: error }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = plain("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn both_streams_are_read() {
        let mut lines = Vec::new();
        let (text, ended) = run(
            shell("echo one >&2; echo out; echo two >&2"),
            "try",
            &mut |line| lines.push(line.to_owned()),
            |stdout| io::read_to_string(stdout).expect("it is text"),
        )
        .expect("a shell starts");
        assert_eq!(lines, ["one", "two"]);
        assert_eq!(text, "out\n");
        ended.check("try").expect("it ended well");
    }

    #[test]
    fn a_failure_has_the_programs_words() {
        let error =
            output_of(shell("echo 'undefined: x' >&2; exit 3"), "compile").expect_err("it fails");
        assert_eq!(error.to_string(), "compile failed (exit status: 3):\nundefined: x");
    }

    #[test]
    fn what_takes_too_long_is_ended() {
        let limit = Duration::from_secs(1);
        let command = shell("echo 'nobody answers' >&2; exec sleep 600");
        let error = output_within(command, "ask", limit).expect_err("it does not end");
        assert_eq!(error.to_string(), "ask failed (no end within 1 s):\nnobody answers");
        let text = output_within(shell("echo here"), "ask", limit).expect("it ends");
        assert_eq!(text, "here\n");
    }

    #[test]
    fn a_full_disk_is_told_apart() {
        let error = output_of(
            shell("echo 'write x: no space left on device' >&2; exit 1"),
            "link the programs",
        )
        .expect_err("it fails");
        assert!(matches!(error, AssetsError::DiskFull { .. }), "{error}");
    }
}
