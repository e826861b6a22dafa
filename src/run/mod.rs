//! Carries out a plan in a lab's shell and says what happened, as events.
//!
//! The runner prints nothing and does not know what a page expects: it asks
//! [`compare`](crate::compare) whether a result is the same, and the cluster
//! for facts.

pub mod agent;
mod captured;
mod conversation;
mod end;
mod enough;
mod environment;
mod generated;
mod paths;
mod place;
mod prompt;
mod protocol;
mod runner;
mod session;
mod steady;
mod step;
mod stop;
mod telling;

use std::path::PathBuf;

pub use captured::Captured;
pub use environment::Environment;
pub use place::{Agent, Place};
pub use runner::run;
pub use session::{Call, Enough, Finished, Late, Session, SessionError, Then, Watch};
pub use stop::{Stop, Stopper, stopper};

use crate::cluster::{Observer, ObserverError};
use crate::record::{ClusterFact, ScriptEnded, StandIn, Verdict};

/// The place where a lab is run.
#[derive(Debug)]
pub struct Lab<'a> {
    /// What holds the lab's shell, see [`Place::agent`].
    pub agent: Agent,
    /// Where the shell starts.
    pub directory: PathBuf,
    /// What the shell's variables are made from.
    pub environment: Environment,
    /// What hears of the cluster; none without a cluster.
    pub observer: Option<&'a Observer>,
    /// The cluster, for the record.
    pub cluster: ClusterFact,
    /// Images that stand in for public ones; the record names those that the
    /// lab's pods asked for.
    pub stand_ins: Vec<StandIn>,
    /// Ends the run before its page does.
    pub stop: Stop,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The page's verdict: the worst of its steps'.
    pub verdict: Verdict,
    /// The verdicts of the steps that were decided, in order; those that the page
    /// has skipped are not among them.
    pub steps: Vec<Verdict>,
    /// The run was stopped before the page's end.
    pub interrupted: bool,
}

/// Why a page could not be run to its end. Its cleanup has run, and its record
/// is closed.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The setup script did not end with 0: what the page takes for granted is
    /// not there.
    #[error("set up the lab: {} {}", .0.path, how_it_ended(.0))]
    Setup(ScriptEnded),
    /// A fence could not be written to its file.
    #[error("write the page's file {path}: {reason}")]
    File {
        /// The path from the lab's directory.
        path: String,
        /// What the system says.
        reason: String,
    },
    /// The lab's shell was lost.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// The cluster no longer answers.
    #[error(transparent)]
    Cluster(#[from] ObserverError),
}

fn how_it_ended(script: &ScriptEnded) -> String {
    let how = script.exit_code.map_or_else(
        || "did not end in time".to_owned(),
        |code| format!("ended with exit code {code}"),
    );
    let output = script.output.text();
    let output = output.trim_end();
    if output.is_empty() {
        format!("{how} and printed nothing")
    } else {
        format!("{how}:\n{output}")
    }
}
