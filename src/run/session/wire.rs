//! What is said to the agent, and heard of it, or why it cannot be.

use std::io::Read as _;

use tokio::io::AsyncWriteExt as _;
use tokio::time::{Instant, sleep_until, timeout_at};

use super::replies::Said;
use super::{Session, SessionError};
use crate::run::protocol::{Reply, Request};

impl Session {
    pub(super) async fn ask(
        &mut self,
        request: &Request,
        until: Instant,
    ) -> Result<(), SessionError> {
        let mut line = serde_json::to_vec(request).map_err(std::io::Error::other)?;
        line.push(b'\n');
        let mut rest = &line[..];
        while !rest.is_empty() {
            let Some(requests) = &mut self.requests else {
                return Err(self.lost("was ended before".to_owned()));
            };
            // The agent may not read on before what it says is heard.
            let written = tokio::select! {
                biased;
                written = requests.write(rest) => written,
                said = self.replies.next() => match said {
                    Ok(Some(said)) => {
                        self.heard.push_back(said);
                        Ok(0)
                    }
                    Ok(None) => return Err(self.lost("ended".to_owned())),
                    Err(error) => return Err(self.said_something_else(&error)),
                },
                () = sleep_until(until) => return Err(self.silent()),
            };
            match written {
                Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => {
                    return Err(self.lost("ended".to_owned()));
                }
                written => rest = &rest[written?..],
            }
        }
        Ok(())
    }

    /// What is said next. May be dropped while it waits.
    pub(super) async fn hear(&mut self, until: Instant) -> Result<Said, SessionError> {
        let next = match self.heard.pop_front() {
            Some(said) => Ok(Ok(Some(said))),
            None => timeout_at(until, self.replies.next()).await,
        };
        match next {
            Ok(Ok(Some(Said::Reply(Reply::Failed { message })))) => {
                Err(SessionError::Agent(message))
            }
            Ok(Ok(Some(said))) => Ok(said),
            Ok(Ok(None)) => Err(self.lost("ended".to_owned())),
            Ok(Err(error)) => Err(self.said_something_else(&error)),
            Err(_) => Err(self.silent()),
        }
    }

    pub(super) fn said_something_else(&mut self, error: &std::io::Error) -> SessionError {
        self.lost(format!("said something else ({error})"))
    }

    pub(super) fn silent(&mut self) -> SessionError {
        self.lost("does not answer any more".to_owned())
    }

    pub(super) fn lost(&mut self, what: String) -> SessionError {
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
