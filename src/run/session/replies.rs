//! What the agent says, as it comes in.

use std::io;

use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::ChildStdout;

use crate::run::protocol::{Heading, Reply};

/// How much is read at once.
const BUFFER: usize = 128 * 1024;

/// Something that the agent said.
#[derive(Debug)]
pub(super) enum Said {
    /// A line of its own.
    Reply(Reply),
    /// What a command printed, or a part of it.
    Output(Heading, Vec<u8>),
}

/// The agent's standard output.
#[derive(Debug)]
pub(super) struct Replies {
    input: BufReader<ChildStdout>,
    line: Vec<u8>,
    /// The heading of output, and how much of that is still to come.
    output: Option<(Heading, usize)>,
}

impl Replies {
    pub(super) fn new(input: ChildStdout) -> Self {
        let input = BufReader::with_capacity(BUFFER, input);
        Self { input, line: Vec::new(), output: None }
    }

    /// The next thing that is said; none once the agent is gone. May be dropped while it
    /// waits: what was read of a line is kept.
    pub(super) async fn next(&mut self) -> io::Result<Option<Said>> {
        loop {
            if let Some((heading, left)) = self.output.as_mut().filter(|(_, left)| *left > 0) {
                let there = self.input.fill_buf().await?;
                if there.is_empty() {
                    return Ok(None);
                }
                let now = there[..there.len().min(*left)].to_vec();
                self.input.consume(now.len());
                *left -= now.len();
                return Ok(Some(Said::Output(*heading, now)));
            }
            self.input.read_until(b'\n', &mut self.line).await?;
            if !self.line.ends_with(b"\n") {
                return Ok(None);
            }
            let reply = serde_json::from_slice(&self.line);
            self.line.clear();
            match reply? {
                Reply::Output(heading) => self.output = Some((heading, heading.length)),
                reply => return Ok(Some(Said::Reply(reply))),
            }
        }
    }
}
