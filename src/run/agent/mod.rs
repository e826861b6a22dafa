//! The process that lives inside a lab's sandbox and holds its shell.
//!
//! Its owner, labbook, speaks to it through standard input and output
//! ([`protocol`](super::protocol)). In a sandbox it is the first process of its
//! PID namespace; where there is none, a plain process that adopts orphans.
//! Either way it reaps them, and when its owner goes away it ends all that it
//! started. It judges nothing and knows no Markdown.

mod before;
mod channel;
mod children;
mod copy;
mod crossing;
mod dialect;
mod ending;
mod outputs;
mod owner;
mod private;
mod processes;
mod shell;
mod stop;
mod variables;

use std::fs;
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

use self::channel::{Channel, Kind};
use self::children::Children;
use self::crossing::Crossing;
use self::owner::Owner;
use self::private::Directory;
use self::processes::Pids;
use self::shell::{End, Shell};
use self::stop::{Cause, Stop};
use super::protocol::{Heading, Job, Reply, Request};
use crate::plan::Interpreter;
use crate::record::{Ended, Stream};

/// How much is read of an output at once.
const CHUNK: usize = 64 * 1024;
/// How often a command that was started in the background is looked at: that it
/// listens raises no event.
const LOOK: Duration = Duration::from_millis(50);
/// How long a command has before its output is passed on as it comes: one that has ended
/// by then costs one wake-up here and one of the owner's, where each is as long as the
/// command.
const SOON: Duration = Duration::from_millis(1);
/// A time-out that is longer than any run.
const NEVER: Duration = Duration::from_secs(10 * 365 * 24 * 60 * 60);

/// Serves the owner until it says so or goes away.
pub fn main() -> ExitCode {
    let served = Agent::new().and_then(|mut agent| {
        agent.serve().inspect_err(|_| {
            agent.shells.clear();
            agent.end();
        })
    });
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let reply = Reply::Failed { message: format!("serve the lab's shell: {error}") };
            // Where the owner is gone nobody is left to tell.
            let _ = Owner::new().say(&reply);
            ExitCode::FAILURE
        }
    }
}

struct Agent {
    children: Children,
    owner: Owner,
    /// Gone with the agent.
    private: Option<Directory>,
    place: Option<Place>,
    /// The one that runs commands comes first.
    shells: Vec<Shell>,
    crossing: Crossing,
    running: Option<Running>,
    /// The number of the last command.
    last: u64,
    /// Outputs of commands that ended and left something running.
    late: Vec<Channel>,
    /// The command that was started in the background last, while nobody knows
    /// whether it serves.
    starting: Option<Starting>,
    /// The shell was replaced and the owner does not know yet.
    replaced: bool,
    buffer: Vec<u8>,
}

/// Where the lab's shells are started, and with what.
struct Place {
    directory: PathBuf,
    variables: Vec<(String, String)>,
    asks_of_last: bool,
}

impl Place {
    /// Prepares a shell there.
    fn shell(&self, interpreter: Interpreter) -> io::Result<Shell> {
        let Self { directory, variables, asks_of_last } = self;
        Shell::new(interpreter, directory.clone(), variables.clone(), *asks_of_last)
    }
}

struct Running {
    channel: Channel,
    deadline: Instant,
    stop: Option<Stop>,
}

impl Running {
    /// Whether what it prints is passed on now. Which of two streams was written to first
    /// is known only at the time.
    fn is_heard(&self) -> bool {
        self.channel.is_apart() || self.channel.since().elapsed() >= SOON
    }
}

struct Starting {
    id: u64,
    pid: i32,
    /// When it is looked at next.
    due: Instant,
}

impl Agent {
    fn new() -> io::Result<Self> {
        owner::close_inherited()?;
        // A session of its own, so that no terminal of the owner's is the
        // lab's too. It fails where the agent leads one already.
        let _ = nix::unistd::setsid();
        Ok(Self {
            children: Children::adopt()?,
            owner: Owner::new(),
            private: None,
            place: None,
            shells: Vec::new(),
            crossing: Crossing::default(),
            running: None,
            last: 0,
            late: Vec::new(),
            starting: None,
            replaced: false,
            buffer: vec![0; CHUNK],
        })
    }

    fn serve(&mut self) -> io::Result<()> {
        loop {
            for source in self.wait()? {
                match source {
                    Source::Output => self.read_running()?,
                    Source::Late => self.read_late()?,
                    Source::Control => self.take_ends()?,
                    Source::Children => self.reap()?,
                    Source::Owner => {
                        if !self.hear()? {
                            self.end();
                            // What they printed last; where the owner is gone, nobody asks.
                            let _ = self.read_late();
                            return Ok(());
                        }
                    }
                }
            }
            self.stop_if_due();
            self.look_if_due()?;
        }
    }

    /// Waits until something happens or a time-out is over. What a command
    /// printed comes before its end.
    fn wait(&self) -> io::Result<Vec<Source>> {
        let mut sources: Vec<(Source, BorrowedFd<'_>)> = Vec::with_capacity(8);
        let running = self.running.iter().filter(|run| run.is_heard());
        let running = running.flat_map(|run| run.channel.fds());
        sources.extend(running.map(|fd| (Source::Output, fd)));
        sources.extend(self.late.iter().flat_map(Channel::fds).map(|fd| (Source::Late, fd)));
        sources.extend(self.shells.iter().map(|shell| (Source::Control, shell.as_fd())));
        sources.push((Source::Children, self.children.as_fd()));
        sources.push((Source::Owner, self.owner.as_fd()));
        let mut fds: Vec<PollFd<'_>> =
            sources.iter().map(|(_, fd)| PollFd::new(*fd, PollFlags::POLLIN)).collect();
        match poll(&mut fds, self.timeout()) {
            Ok(_) => {}
            Err(Errno::EINTR) => return Ok(Vec::new()),
            Err(error) => return Err(error.into()),
        }
        let ready = |fd: &PollFd<'_>| fd.revents().is_some_and(|events| !events.is_empty());
        let both = sources.iter().zip(&fds);
        Ok(both.filter(|(_, fd)| ready(fd)).map(|((source, _), _)| *source).collect())
    }

    fn timeout(&self) -> PollTimeout {
        let stops = self.running.iter().map(|run| match &run.stop {
            _ if !run.is_heard() => run.channel.since() + SOON,
            Some(stop) => stop.due(),
            None => run.deadline,
        });
        let Some(due) = stops.chain(self.starting.iter().map(|starting| starting.due)).min() else {
            return PollTimeout::NONE;
        };
        // Rounded up, so that it does not wake just before the time.
        let left = due.saturating_duration_since(Instant::now()).as_micros().div_ceil(1000);
        PollTimeout::try_from(left).unwrap_or(PollTimeout::MAX)
    }

    /// Does what the owner asks for; false once that is over.
    fn hear(&mut self) -> io::Result<bool> {
        let Some(requests) = self.owner.hear()? else {
            self.shells.clear();
            return Ok(false);
        };
        for request in requests {
            if !self.obey(request)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn obey(&mut self, request: Request) -> io::Result<bool> {
        match request {
            Request::Start { directory, variables, private, asks_of_last } => {
                self.private = Some(Directory::make(&private)?);
                let place = Place { directory, variables, asks_of_last };
                let mut shell = place.shell(Interpreter::Bash)?;
                self.crossing.start(&self.children, &mut shell)?;
                self.shells.push(shell);
                self.place = Some(place);
                self.owner.say(&Reply::Started)?;
            }
            Request::TurnTo { interpreter } => {
                let installed = self.turn_to(interpreter)?;
                self.owner.say(&Reply::Turned { installed })?;
            }
            Request::Run { id, job, timeout_ms } => self.run(id, &job, timeout_ms)?,
            Request::Interrupt => {
                if let Some(running) = &mut self.running {
                    running.stop.get_or_insert_with(|| Stop::new(Cause::Run)).run_is_over();
                }
            }
            Request::Enough => {
                if let Some(running) = &mut self.running {
                    running.stop.get_or_insert_with(|| Stop::new(Cause::Enough));
                }
            }
            Request::Background => {
                let runs = self.has_background();
                self.owner.say(&Reply::Background { runs })?;
            }
            Request::Type { bytes } => {
                if let Some(running) = &self.running {
                    running.channel.type_in(&bytes.0)?;
                }
            }
            Request::End => return Ok(false),
        }
        Ok(true)
    }

    fn run(&mut self, id: u64, job: &Job, timeout_ms: u64) -> io::Result<()> {
        let shell =
            self.shells.first_mut().ok_or_else(|| io::Error::other("no shell was started"))?;
        self.starting = None;
        self.last = id;
        if let Job::File { path, content } = job {
            let path = shell.home().join(path);
            return self.write(id, &path, content);
        }
        let channel = match job {
            Job::Command { terminal, apart, stdin, .. } => {
                let kind = match (terminal, apart) {
                    (true, _) => Kind::Terminal,
                    (false, true) => Kind::Apart,
                    (false, false) => Kind::Together,
                };
                Channel::open(id, kind, stdin.as_deref())?
            }
            Job::Script { .. } | Job::File { .. } => Channel::open(id, Kind::Together, None)?,
        };
        match job {
            Job::Command { text, detached: true, .. } => shell.detach(id, text, &channel)?,
            Job::Command { text, .. } => shell.run(id, text, &channel)?,
            Job::Script { path } => shell.source(id, path, &channel)?,
            Job::File { .. } => {}
        }
        let deadline = channel.since() + Duration::from_millis(timeout_ms).min(NEVER);
        self.running = Some(Running { channel, deadline, stop: None });
        Ok(())
    }

    /// Writes a file, and the directories that it stands in.
    fn write(&mut self, id: u64, path: &Path, content: &str) -> io::Result<()> {
        let began = Instant::now();
        let directory = path.parent().unwrap_or(path);
        let written = fs::create_dir_all(directory).and_then(|()| fs::write(path, content));
        if let Err(error) = &written {
            let error = error.to_string();
            let (stream, length) = (Stream::Both, error.len());
            let heading = Heading { id, late: false, stream, at_ms: 0, length };
            self.owner.pass(heading, error.as_bytes())?;
        }
        self.owner.say(&Reply::Ended {
            id,
            ended: Ended::Exited(i32::from(written.is_err())),
            interrupted: false,
            replaced: std::mem::take(&mut self.replaced),
            duration_us: u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX),
        })
    }

    /// Takes what the shell says of commands that ended.
    fn take_ends(&mut self) -> io::Result<()> {
        let mut ends = std::mem::take(&mut self.crossing.ends);
        for shell in &mut self.shells {
            ends.extend(shell.ends()?);
        }
        for end in ends {
            match end {
                End::Ended(id, status) if self.runs(id) => {
                    self.end_leftovers();
                    self.finish_running(Ended::Exited(status))?;
                    // The owner judges in the meantime.
                    if let Some(shell) = self.shells.first_mut() {
                        shell.ended(status)?;
                    }
                }
                End::Started(id, pid) if self.runs(id) => {
                    self.finish_running(Ended::Running)?;
                    if let Some(shell) = self.shells.first_mut() {
                        shell.ended(0)?;
                    }
                    self.starting = Some(Starting { id, pid, due: Instant::now() });
                }
                End::Left(id, status) => {
                    self.starting.take_if(|starting| starting.id == id);
                    self.drain_late(id)?;
                    self.owner.say(&Reply::Left { id, status })?;
                }
                End::Ended(..) | End::Started(..) => {}
            }
        }
        Ok(())
    }

    fn runs(&self, id: u64) -> bool {
        self.running.as_ref().is_some_and(|running| running.channel.id() == id)
    }

    /// Whether anything runs beside the shells themselves.
    fn has_background(&self) -> bool {
        let own = i32::try_from(std::process::id()).unwrap_or(1);
        let started = processes::descendants(own, &Pids::new());
        started.iter().any(|pid| !self.shells.iter().any(|shell| shell.pid() == *pid))
    }

    /// Says that a command in the background serves, once it does.
    fn look_if_due(&mut self) -> io::Result<()> {
        let Some(starting) = self.starting.as_mut().filter(|one| Instant::now() >= one.due) else {
            return Ok(());
        };
        let mut pids = processes::descendants(starting.pid, &Pids::new());
        pids.insert(starting.pid);
        starting.due = Instant::now() + LOOK;
        if processes::listens(&pids) {
            let id = starting.id;
            self.starting = None;
            self.read_late()?;
            self.owner.say(&Reply::Listens { id })?;
        }
        Ok(())
    }

    /// Reaps what ended, and replaces the shell if it is among that.
    fn reap(&mut self) -> io::Result<()> {
        let mut ended = self.children.reap()?;
        ended.splice(..0, self.crossing.ended.drain(..));
        for (pid, status) in ended {
            let Some(index) = self.shells.iter().position(|shell| shell.pid() == pid) else {
                continue;
            };
            self.replaced = true;
            if index > 0 {
                // It is started again when it is turned to.
                self.shells.remove(index);
                continue;
            }
            // It may have told of the command's end before.
            self.take_ends()?;
            self.end_leftovers();
            self.finish_running(Ended::ShellDied(status))?;
            if let Some(shell) = self.shells.first_mut() {
                self.crossing.start(&self.children, shell)?;
            }
        }
        Ok(())
    }
}

#[derive(Clone, Copy)]
enum Source {
    Output,
    Late,
    Control,
    Children,
    Owner,
}
