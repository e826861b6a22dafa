//! A labbook that runs, until it ends or is ended.

use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::Pid;

use super::outcome::Outcome;

/// A child that was not waited for, so no other process has its number.
pub(crate) struct Running {
    child: Child,
    output: JoinHandle<Vec<u8>>,
    lines: Receiver<String>,
    errors: String,
}

impl Running {
    /// Starts a command in a process group of its own, as a shell does.
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("labbook can be started");
        let mut output = child.stdout.take().expect("it is piped");
        let errors = child.stderr.take().expect("it is piped");
        let output = std::thread::spawn(move || {
            let mut bytes = Vec::new();
            output.read_to_end(&mut bytes).expect("a pipe can be read");
            bytes
        });
        let (tell, lines) = channel();
        std::thread::spawn(move || {
            // Nobody listens any more where the test has failed.
            BufReader::new(errors)
                .lines()
                .map_while(Result::ok)
                .try_for_each(|line| tell.send(line))
        });
        Self { child, output, lines, errors: String::new() }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether it ends within that time, which is waited for.
    pub(crate) fn ends_within(&mut self, time: Duration) -> bool {
        let end = Instant::now() + time;
        loop {
            match self.lines.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(line) => self.errors += &(line + "\n"),
                Err(RecvTimeoutError::Timeout) => return false,
                Err(RecvTimeoutError::Disconnected) => return true,
            }
        }
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill(self.pid(), signal).expect("a child may be signalled");
    }

    /// Signals it and all that runs with it, as a terminal does for Ctrl-C.
    pub(crate) fn signal_group(&self, signal: Signal) {
        killpg(self.pid(), signal).expect("a child may be signalled");
    }

    fn pid(&self) -> Pid {
        Pid::from_raw(i32::try_from(self.id()).expect("process numbers are small"))
    }

    /// Waits for its end.
    pub(crate) fn end(mut self) -> Outcome {
        self.errors.extend(self.lines.iter().map(|line| line + "\n"));
        let stdout = self.output.join().expect("it only reads");
        let status = self.child.wait().expect("it is a child of this process");
        Output { status, stdout, stderr: self.errors.into_bytes() }.into()
    }
}
