//! The owner's side of a lab's shell: commands in, what they printed and how
//! they ended out.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{ChildStdin, ChildStdout};
use tokio::time::{Instant, timeout_at};

use super::captured::Captured;
use super::environment::Environment;
use super::place::Agent;
use super::protocol::{Job, Reply, Request};
use super::stop::Stop;
use crate::record::{Ended, Output};

/// How long the agent may say nothing after it must have: what it does to a
/// command whose time is over takes less than one second, the rest is for a
/// machine that is busy. Then it is frozen, and nothing will come.
const SILENCE: Duration = Duration::from_secs(11);
/// The same for its start and its end, in which it gives bash more time.
const LONG_SILENCE: Duration = Duration::from_secs(30);
/// A time-out that is longer than any run.
const NEVER: Duration = Duration::from_secs(10 * 365 * 24 * 60 * 60);

/// Why a lab's shell cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// The agent could not be reached.
    #[error("speak to the lab's shell: {0}")]
    Io(#[from] std::io::Error),
    /// The agent said that it cannot go on.
    #[error("{0}")]
    Agent(String),
    /// The agent ended, or said something that it must not say.
    #[error("hear from the lab's shell: it {what}{stderr}")]
    Lost {
        /// What happened.
        what: String,
        /// What it printed on standard error, after a colon; often nothing.
        stderr: String,
    },
}

/// A command or script that was run in the session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    /// How it ended.
    pub ended: Ended,
    /// It was stopped because the run is over.
    pub interrupted: bool,
    /// The shell ended too and was replaced: only its directory and exported
    /// variables live on.
    pub replaced: bool,
    /// Standard output and error in the order in which they were written.
    pub output: Output,
    /// How many bytes it printed that `output` does not have.
    pub dropped: u64,
    /// How long it took.
    pub duration: Duration,
}

/// One shell, from a lab's first step to its last.
#[derive(Debug)]
pub struct Session {
    // These are dropped in this order. The agent is waited for when it is
    // dropped: by then its input must have ended, which ends it, and nobody may
    // hold its output, to which it might wait to write.
    requests: Option<ChildStdin>,
    replies: BufReader<ChildStdout>,
    agent: Agent,
    line: Vec<u8>,
    last: u64,
}

impl Session {
    /// Starts the shell.
    pub async fn start(
        mut agent: Agent,
        directory: PathBuf,
        environment: &Environment,
    ) -> Result<Self, SessionError> {
        let piped = || std::io::Error::other("the agent's standard streams are not piped");
        let streams = &mut agent.child;
        let requests = ChildStdin::from_std(streams.stdin.take().ok_or_else(piped)?)?;
        let replies = ChildStdout::from_std(streams.stdout.take().ok_or_else(piped)?)?;
        let mut session = Self {
            requests: Some(requests),
            replies: BufReader::with_capacity(128 * 1024, replies),
            agent,
            line: Vec::new(),
            last: 0,
        };
        let (variables, private) = (environment.variables(), environment.private());
        let until = Instant::now() + LONG_SILENCE;
        session.ask(&Request::Start { directory, variables, private }, until).await?;
        match session.hear(until).await? {
            Reply::Started => Ok(session),
            other => Err(session.lost(format!("answered {other:?} to its start"))),
        }
    }

    /// Runs a command to its end, its time-out or the run's stop.
    pub async fn run(
        &mut self,
        text: &str,
        terminal: bool,
        timeout: Duration,
        stop: &mut Stop,
    ) -> Result<Finished, SessionError> {
        let job = Job::Command { text: text.to_owned(), terminal };
        self.finish(job, timeout, stop).await
    }

    /// Sources a script in the shell. What it defines lives on; the shell's
    /// options are afterwards what they were.
    pub async fn source(
        &mut self,
        path: &Path,
        timeout: Duration,
        stop: &mut Stop,
    ) -> Result<Finished, SessionError> {
        self.finish(Job::Script { path: path.to_owned() }, timeout, stop).await
    }

    /// Ends the shell and all that the lab started, and waits for it.
    pub async fn end(mut self) -> Result<(), SessionError> {
        let until = Instant::now() + LONG_SILENCE;
        self.ask(&Request::End, until).await?;
        self.requests = None;
        // What comes now is late output and then the end.
        loop {
            self.line.clear();
            match timeout_at(until, self.replies.read_until(b'\n', &mut self.line)).await {
                Ok(Ok(0)) => break,
                Ok(read) => read?,
                Err(_) => return Err(self.silent()),
            };
        }
        self.agent.wait()?;
        Ok(())
    }

    async fn finish(
        &mut self,
        job: Job,
        timeout: Duration,
        stop: &mut Stop,
    ) -> Result<Finished, SessionError> {
        self.last += 1;
        let timeout_ms = u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX);
        let mut until = Instant::now() + timeout.min(NEVER) + SILENCE;
        self.ask(&Request::Run { id: self.last, job, timeout_ms }, until).await?;
        let mut output = Captured::new();
        let mut asked = false;
        loop {
            let reply = if asked {
                self.hear(until).await?
            } else {
                tokio::select! {
                    biased;
                    reply = self.hear(until) => reply?,
                    () = stop.wanted() => {
                        asked = true;
                        until = until.min(Instant::now() + SILENCE);
                        self.ask(&Request::Interrupt, until).await?;
                        continue;
                    }
                }
            };
            match reply {
                // What an earlier command left running prints is not this
                // command's output.
                Reply::Output { id, late, bytes } => {
                    if id == self.last && !late {
                        output.add(&bytes.0);
                    }
                }
                Reply::Ended { id, ended, interrupted, replaced, duration_us } => {
                    if id == self.last {
                        let (output, dropped) = output.finish();
                        return Ok(Finished {
                            ended,
                            interrupted,
                            replaced,
                            output,
                            dropped,
                            duration: Duration::from_micros(duration_us),
                        });
                    }
                }
                Reply::Started => return Err(self.lost("started again".to_owned())),
                Reply::Failed { message } => return Err(SessionError::Agent(message)),
            }
        }
    }

    async fn ask(&mut self, request: &Request, until: Instant) -> Result<(), SessionError> {
        let mut line = serde_json::to_vec(request).map_err(std::io::Error::other)?;
        line.push(b'\n');
        let Some(requests) = &mut self.requests else {
            return Err(self.lost("was ended before".to_owned()));
        };
        match timeout_at(until, requests.write_all(&line)).await {
            Err(_) => Err(self.silent()),
            Ok(Err(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => {
                Err(self.lost("ended".to_owned()))
            }
            Ok(result) => Ok(result?),
        }
    }

    /// The next reply. May be dropped while it waits: what was read of a line
    /// is kept.
    async fn hear(&mut self, until: Instant) -> Result<Reply, SessionError> {
        if !self.line.ends_with(b"\n") {
            match timeout_at(until, self.replies.read_until(b'\n', &mut self.line)).await {
                Ok(Ok(0)) => return Err(self.lost("ended".to_owned())),
                Ok(read) => read?,
                Err(_) => return Err(self.silent()),
            };
        }
        let reply = serde_json::from_slice(&self.line);
        self.line.clear();
        match reply {
            Ok(Reply::Failed { message }) => Err(SessionError::Agent(message)),
            Ok(reply) => Ok(reply),
            Err(error) => Err(self.lost(format!("said something else ({error})"))),
        }
    }

    fn silent(&mut self) -> SessionError {
        self.lost("does not answer any more".to_owned())
    }

    fn lost(&mut self, what: String) -> SessionError {
        // Nothing more is expected of it, and its end closes its streams.
        let _ = self.agent.child.kill();
        let mut bytes = Vec::new();
        if let Some(stderr) = &mut self.agent.child.stderr {
            let _ = stderr.take(4096).read_to_end(&mut bytes);
        }
        let _ = self.agent.wait();
        let text = String::from_utf8_lossy(&bytes);
        let text = text.trim();
        let stderr = if text.is_empty() { String::new() } else { format!(": {text}") };
        SessionError::Lost { what, stderr }
    }
}
