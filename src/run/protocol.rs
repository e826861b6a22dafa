//! What labbook and the agent in the lab's sandbox say to each other: one JSON
//! object a line, requests on the agent's standard input, replies on its
//! standard output. What a command printed follows the line of its [`Heading`] as it is.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::plan::Interpreter;
use crate::record::{Ended, Output, Stream};

/// What labbook asks of the agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "request", rename_all = "snake_case")]
pub(crate) enum Request {
    /// Start the lab's shell. Comes first, once.
    Start {
        /// Where the shell starts.
        directory: PathBuf,
        /// The shell's whole environment: nothing else is inherited.
        variables: Vec<(String, String)>,
        /// What is made before, and removed at the end.
        private: Private,
        /// Commands ask for more of the command before than its exit code: its last
        /// argument, or what the parts of its pipeline ended with.
        asks_of_last: bool,
    },
    /// Have the commands that come run in this shell; answered by [`Reply::Turned`].
    /// It gets directory and variables of the one before. The first is bash.
    TurnTo {
        /// Which.
        interpreter: Interpreter,
    },
    /// Run a command in the shell; answered by any number of
    /// [`Reply::Output`] and one [`Reply::Ended`].
    Run {
        /// A number that the replies carry; larger than all before it.
        id: u64,
        /// What to run.
        job: Job,
        /// How long it may run.
        timeout_ms: u64,
    },
    /// Stop the command that runs, as its time-out would: the run is over.
    Interrupt,
    /// Stop the command that runs, as its time-out would: it has shown enough.
    Enough,
    /// Say whether something that the lab started still runs; answered by
    /// [`Reply::Background`].
    Background,
    /// Type this on the terminal of the command that runs.
    Type {
        /// What is typed, line ends included.
        bytes: Output,
    },
    /// Let the shell end, end all that the lab started, and exit.
    End,
}

/// The copy of the workbook in a lab's own directory.
pub(crate) const COPY: &str = "workbook";

/// The directory that is a lab's alone, with `home`, `tmp` and `kubeconfig`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Private {
    /// Where it is; must not be there yet.
    pub(crate) directory: PathBuf,
    /// What `kubeconfig` holds; none where there is no cluster.
    pub(crate) kubeconfig: Option<String>,
    /// What [`COPY`] is a copy of; none where the lab sees the workbook itself.
    pub(crate) copied: Option<PathBuf>,
}

/// Something that the shell is given to run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Job {
    /// A step's command.
    Command {
        /// The text, as a person would type it.
        text: String,
        /// Whether it gets a terminal.
        terminal: bool,
        /// What it reads on its standard input, which is empty otherwise.
        stdin: Option<String>,
        /// It goes on in the background: [`Reply::Ended`] says that it was started.
        detached: bool,
        /// Standard output and standard error are told apart.
        apart: bool,
    },
    /// A file that is written; ends with 1 and a word of why where it cannot be.
    File {
        /// The path from the directory in which the shell was started.
        path: PathBuf,
        /// What it holds.
        content: String,
    },
    /// A script that is sourced with the shell's default options; the options
    /// are afterwards what they were before it.
    Script {
        /// The script.
        path: PathBuf,
    },
}

/// What the agent answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reply", rename_all = "snake_case")]
pub(crate) enum Reply {
    /// The shell waits for commands.
    Started,
    /// The shell that was asked for runs the commands that come.
    Turned {
        /// Whether it does: its program is there.
        installed: bool,
    },
    /// A command printed what follows this line.
    Output(Heading),
    /// A command ended. All that it printed until then was sent before.
    Ended {
        /// The command.
        id: u64,
        /// How it ended.
        ended: Ended,
        /// It was stopped because [`Request::Interrupt`] asked for it; after
        /// [`Request::Enough`] it ended as [`Ended::Interrupted`].
        interrupted: bool,
        /// The shell was replaced: only directory and exported variables of
        /// the old one live on.
        replaced: bool,
        /// From the moment the shell was given the command to its end.
        duration_us: u64,
    },
    /// A command in the background, the last one that was started, serves now: it
    /// or what it started listens on a TCP port. Said once.
    Listens {
        /// The command.
        id: u64,
    },
    /// Whether something runs that a command, by now ended, left behind.
    Background {
        /// Whether.
        runs: bool,
    },
    /// A command in the background ended.
    Left {
        /// The command.
        id: u64,
        /// Its exit code.
        status: i32,
    },
    /// The agent cannot go on. The message is a fragment that finishes
    /// "failed to".
    Failed {
        /// Why.
        message: String,
    },
}

/// What is said of the bytes that follow it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Heading {
    /// The command that printed them.
    pub(crate) id: u64,
    /// The command had ended: something that it left behind printed them.
    pub(crate) late: bool,
    /// Where it printed them.
    pub(crate) stream: Stream,
    /// How long after the command was started they were read.
    pub(crate) at_ms: u64,
    /// How many bytes follow.
    pub(crate) length: usize,
}
