//! The owner's side of a lab's shell: commands in, what they printed and how
//! they ended out.

mod late;
mod replies;
mod typing;
mod watching;
mod wire;

use std::collections::{HashMap, VecDeque};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::process::{ChildStdin, ChildStdout};
use tokio::time::{Instant, sleep_until, timeout_at};

use super::captured::Captured;
use super::environment::Environment;
use super::place::Agent;
use super::protocol::{Job, Reply, Request};
use super::stop::Stop;
use crate::plan::Interpreter;
use crate::record::{Ended, Stream};
use crate::sandbox::Kind;
use replies::{Replies, Said};
pub use watching::{Enough, Then, Watch};
use watching::{Found, Watching};

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
    /// What a command printed could not be kept.
    #[error("keep what a command printed: {0}")]
    Output(std::io::Error),
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

/// How long writing a file may take.
const WRITING: Duration = Duration::from_secs(60);
/// A command, as it is given to the shell.
pub struct Call<'a> {
    /// The text, as a person would type it.
    pub text: &'a str,
    /// Whether it gets a terminal.
    pub terminal: bool,
    /// Whether its standard output and standard error are told apart.
    pub apart: bool,
    /// What it reads on its standard input, which is empty otherwise.
    pub stdin: Option<&'a str>,
    /// How long it may run.
    pub timeout: Duration,
    /// Where it does not end by itself: what it is run for.
    pub watch: Option<Watch<'a>>,
}

/// What something that a command left running printed.
#[derive(Debug)]
pub struct Late {
    /// Which call of the session's it was, counted from 1.
    pub call: u64,
    /// What it printed since it was asked for last.
    pub output: Captured,
}

/// A command or script that was run in the session.
#[derive(Debug)]
pub struct Finished {
    /// How it ended.
    pub ended: Ended,
    /// It was stopped because the run is over.
    pub interrupted: bool,
    /// It has not shown in its time what it was run for.
    pub in_vain: bool,
    /// The shell ended too and was replaced: only its directory and exported
    /// variables live on.
    pub replaced: bool,
    /// What it printed, in the order in which that was written.
    pub output: Captured,
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
    replies: Replies,
    /// What was said while a request was written.
    heard: VecDeque<Said>,
    agent: Agent,
    interpreter: Interpreter,
    last: u64,
    /// When the last call began that was no typing.
    began: Instant,
    late: Vec<(u64, Captured)>,
    /// How much calls have printed late, in bytes.
    told_late: HashMap<u64, u64>,
    /// A command runs whose program reads what is typed.
    open: bool,
    environment: Environment,
}

impl Finished {
    /// A command that is not run, as a shell tells of one that it may not run.
    pub(super) fn refused(why: &str) -> Result<Self, SessionError> {
        const MAY_NOT: i32 = 126;
        let mut output = Captured::default();
        output.add(Stream::Both, 0, why.as_bytes())?;
        let ended = Ended::Exited(MAY_NOT);
        Ok(Self { ended, interrupted: false, output, ..Self::not_begun() })
    }

    /// A command that was not begun, as the run is over.
    fn not_begun() -> Self {
        Self {
            ended: Ended::Stopped,
            interrupted: true,
            in_vain: false,
            replaced: false,
            output: Captured::default(),
            duration: Duration::ZERO,
        }
    }
}

/// What is waited for while a command runs.
enum Heard {
    Said(Said),
    Stop,
    Look,
}

/// The end of a call.
struct Done {
    ended: Ended,
    interrupted: bool,
    replaced: bool,
    duration: Duration,
}

impl Done {
    /// The end of one whose command goes on.
    fn goes_on(began: Instant) -> Self {
        let duration = began.elapsed();
        Self { ended: Ended::Running, interrupted: false, replaced: false, duration }
    }
}

impl Session {
    /// Starts the shell. `asks_of_last` says that commands ask for more of the command
    /// before than its exit code: `$_`, or what the parts of its pipeline ended with.
    pub async fn start(
        mut agent: Agent,
        directory: PathBuf,
        environment: &Environment,
        asks_of_last: bool,
    ) -> Result<Self, SessionError> {
        let piped = || std::io::Error::other("the agent's standard streams are not piped");
        let streams = &mut agent.child;
        let requests = ChildStdin::from_std(streams.stdin.take().ok_or_else(piped)?)?;
        let replies = ChildStdout::from_std(streams.stdout.take().ok_or_else(piped)?)?;
        let mut session = Self {
            requests: Some(requests),
            replies: Replies::new(replies),
            heard: VecDeque::new(),
            agent,
            interpreter: Interpreter::Bash,
            last: 0,
            began: Instant::now(),
            late: Vec::new(),
            told_late: HashMap::new(),
            open: false,
            environment: environment.clone(),
        };
        let directory = environment.seen(&directory);
        let (variables, private) = (environment.variables(), environment.private());
        let until = Instant::now() + LONG_SILENCE;
        let start = Request::Start { directory, variables, private, asks_of_last };
        session.ask(&start, until).await?;
        match session.hear(until).await? {
            Said::Reply(Reply::Started) => Ok(session),
            other => Err(session.lost(format!("answered {other:?} to its start"))),
        }
    }

    /// Runs a command to its end, its time-out or the run's stop; one that does not
    /// end by itself until it has shown enough.
    pub async fn run(&mut self, call: Call<'_>, stop: &mut Stop) -> Result<Finished, SessionError> {
        let Call { text, terminal, apart, stdin, timeout, watch } = call;
        let stdin = stdin.map(str::to_owned);
        let detached = watch.as_ref().is_some_and(|watch| watch.then == Then::GoOn);
        let job = Job::Command { text: text.to_owned(), terminal, stdin, detached, apart };
        self.finish(job, timeout, watch, stop).await
    }

    /// Where the lab has a file of the workbook.
    pub(super) fn seen(&self, path: &Path) -> PathBuf {
        self.environment.seen(path)
    }

    /// What holds the lab.
    pub(super) fn sandbox(&self) -> Kind {
        self.agent.kind()
    }

    /// Has the commands that come run in this shell, which gets directory and variables
    /// of the one before. False if it is not installed: then nothing has changed.
    pub async fn turn_to(
        &mut self,
        interpreter: Interpreter,
        stop: &mut Stop,
    ) -> Result<bool, SessionError> {
        if self.interpreter == interpreter {
            return Ok(true);
        }
        if self.open {
            self.leave(stop).await?;
        }
        let until = Instant::now() + LONG_SILENCE;
        self.ask(&Request::TurnTo { interpreter }, until).await?;
        loop {
            match self.hear(until).await? {
                Said::Reply(Reply::Turned { installed }) => {
                    if installed {
                        self.interpreter = interpreter;
                    }
                    return Ok(installed);
                }
                Said::Output(heading, bytes) => self.add_late(&heading, &bytes)?,
                // Of commands in the background.
                Said::Reply(_) => {}
            }
        }
    }

    /// The number of the last call.
    pub fn last(&self) -> u64 {
        self.last
    }

    /// Sources a script in the shell. What it defines lives on; the shell's
    /// options are afterwards what they were.
    pub async fn source(
        &mut self,
        path: &Path,
        timeout: Duration,
        stop: &mut Stop,
    ) -> Result<Finished, SessionError> {
        self.finish(Job::Script { path: self.seen(path) }, timeout, None, stop).await
    }

    /// Writes a file, by its path from where the shell was started.
    pub async fn write(
        &mut self,
        path: &Path,
        content: &str,
        stop: &mut Stop,
    ) -> Result<Finished, SessionError> {
        let job = Job::File { path: path.to_owned(), content: content.to_owned() };
        self.finish(job, WRITING, None, stop).await
    }

    /// Ends the shell and all that the lab started, waits for it, and gives the
    /// last that it printed.
    pub async fn end(mut self) -> Result<Vec<Late>, SessionError> {
        let until = Instant::now() + LONG_SILENCE;
        self.ask(&Request::End, until).await?;
        self.requests = None;
        // What comes now is late output and then the end.
        for said in std::mem::take(&mut self.heard) {
            if let Said::Output(heading, bytes) = said {
                self.add_late(&heading, &bytes)?;
            }
        }
        loop {
            match timeout_at(until, self.replies.next()).await {
                Ok(Ok(None)) => break,
                Ok(Ok(Some(Said::Output(heading, bytes)))) => self.add_late(&heading, &bytes)?,
                Ok(Ok(Some(Said::Reply(_)))) => {}
                Ok(Err(error)) => return Err(self.said_something_else(&error)),
                Err(_) => return Err(self.silent()),
            }
        }
        self.agent.wait()?;
        Ok(self.take_late())
    }

    /// Whether something still runs that commands before left behind.
    pub async fn has_background(&mut self) -> Result<bool, SessionError> {
        let until = Instant::now() + SILENCE;
        self.ask(&Request::Background, until).await?;
        loop {
            match self.hear(until).await? {
                Said::Reply(Reply::Background { runs }) => return Ok(runs),
                Said::Output(heading, bytes) => self.add_late(&heading, &bytes)?,
                // Of commands that nobody waits for any more.
                Said::Reply(_) => {}
            }
        }
    }

    async fn finish(
        &mut self,
        job: Job,
        timeout: Duration,
        watch: Option<Watch<'_>>,
        stop: &mut Stop,
    ) -> Result<Finished, SessionError> {
        if self.open {
            self.leave(stop).await?;
            if stop.is_wanted() {
                return Ok(Finished::not_begun());
            }
        }
        self.last += 1;
        let timeout_ms = u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX);
        let began = Instant::now();
        self.began = began;
        let until = began + timeout.min(NEVER) + SILENCE;
        self.ask(&Request::Run { id: self.last, job, timeout_ms }, until).await?;
        self.listen((began, until), watch, stop).await
    }

    /// Hears of the last command to its end, or until it has shown enough.
    async fn listen(
        &mut self,
        (began, mut until): (Instant, Instant),
        watch: Option<Watch<'_>>,
        stop: &mut Stop,
    ) -> Result<Finished, SessionError> {
        let mut output = Captured::default();
        // The agent counts from the beginning of the command that is typed in.
        let before = u64::try_from((began - self.began).as_millis()).unwrap_or(0);
        let mut asked = false;
        let mut watching = watch.map(|watch| Watching::new(watch, began));
        let mut in_vain = false;
        // It has shown what it was run for: what it prints now comes of its end.
        let mut shown = false;
        let done = loop {
            let due = watching.as_ref().map(Watching::due);
            // What prints without end must not keep the others from being heard.
            let event = tokio::select! {
                biased;
                () = stop.wanted(), if !asked => Heard::Stop,
                () = sleep_until(due.unwrap_or(until)), if due.is_some() => Heard::Look,
                said = self.hear(until) => Heard::Said(said?),
            };
            match event {
                Heard::Stop => {
                    asked = true;
                    until = until.min(Instant::now() + SILENCE);
                    if watching.as_ref().is_some_and(Watching::is_in_background) {
                        break Done { interrupted: true, ..Done::goes_on(began) };
                    }
                    watching = None;
                    self.ask(&Request::Interrupt, until).await?;
                }
                Heard::Look => {
                    let Some(found) = watching.as_mut().and_then(|one| one.look(&output)) else {
                        continue;
                    };
                    in_vain = found == Found::InVain;
                    match watching.take().map(|watching| watching.watch.then) {
                        Some(Then::GoOn) => break Done::goes_on(began),
                        Some(Then::Converse) if !in_vain => {
                            self.open = true;
                            break Done { ended: Ended::Answered, ..Done::goes_on(began) };
                        }
                        Some(Then::Interrupt) => shown = !in_vain,
                        _ => {}
                    }
                    until = until.min(Instant::now() + SILENCE);
                    self.ask(&Request::Enough, until).await?;
                }
                Heard::Said(Said::Output(heading, bytes)) => {
                    let own = heading.id == self.last
                        && !shown
                        && (!heading.late
                            || watching.as_ref().is_some_and(Watching::is_in_background));
                    if own {
                        let at_ms = heading.at_ms.saturating_sub(before);
                        output.add(heading.stream, at_ms, &bytes).map_err(SessionError::Output)?;
                        watching.iter_mut().for_each(Watching::printed);
                    } else {
                        // What an earlier command left running printed.
                        self.add_late(&heading, &bytes)?;
                    }
                }
                Heard::Said(Said::Reply(Reply::Ended {
                    id,
                    ended,
                    interrupted,
                    replaced,
                    duration_us,
                })) => {
                    if id != self.last {
                        continue;
                    }
                    if asked && ended == Ended::Running {
                        break Done { interrupted: true, ..Done::goes_on(began) };
                    }
                    if let Some(watching) = &mut watching
                        && ended == Ended::Running
                    {
                        watching.started = true;
                        until = began + NEVER;
                        continue;
                    }
                    self.open = false;
                    let duration = Duration::from_micros(duration_us);
                    break Done { ended, interrupted, replaced, duration };
                }
                Heard::Said(Said::Reply(Reply::Listens { id })) => {
                    if let Some(watching) = watching.as_mut().filter(|_| id == self.last) {
                        watching.listens = true;
                        watching.printed();
                    }
                }
                Heard::Said(Said::Reply(Reply::Left { id, status })) => {
                    if id == self.last && watching.is_some() {
                        break Done { ended: Ended::Exited(status), ..Done::goes_on(began) };
                    }
                }
                // The answer to a question that was given up.
                Heard::Said(Said::Reply(Reply::Background { .. })) => {}
                Heard::Said(Said::Reply(reply)) => {
                    return Err(self.lost(format!("said {reply:?} while a command ran")));
                }
            }
        };
        let Done { ended, interrupted, replaced, duration } = done;
        let output = if ended == Ended::Interrupted { output.without_blank_end() } else { output };
        Ok(Finished { ended, interrupted, in_vain, replaced, output, duration })
    }
}
