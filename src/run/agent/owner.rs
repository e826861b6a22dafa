//! The agent's end of the conversation with labbook.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};

use nix::errno::Errno;
use nix::unistd::{read, write};

use super::super::protocol::{Heading, Reply, Request};

/// How much is held back at most.
const MOST_HELD: usize = 64 * 1024;

/// Whoever started the agent: requests on standard input, replies on standard
/// output. Readable when a request is there.
pub(super) struct Owner {
    input: io::Stdin,
    output: io::Stdout,
    unread: Vec<u8>,
    /// What is to be said and is not with the owner yet.
    words: Vec<u8>,
}

impl Owner {
    pub(super) fn new() -> Self {
        Self { input: io::stdin(), output: io::stdout(), unread: Vec::new(), words: Vec::new() }
    }

    /// The requests that are there; none once the owner is gone. Reads around
    /// the standard library's buffer, which would hide requests from `poll`.
    pub(super) fn hear(&mut self) -> io::Result<Option<Vec<Request>>> {
        let mut buffer = [0; 16 * 1024];
        match read(self.input.as_fd(), &mut buffer) {
            Ok(0) => return Ok(None),
            Ok(count) => self.unread.extend_from_slice(&buffer[..count]),
            Err(Errno::EINTR | Errno::EAGAIN) => {}
            Err(error) => return Err(error.into()),
        }
        let Some(end) = self.unread.iter().rposition(|&byte| byte == b'\n') else {
            return Ok(Some(Vec::new()));
        };
        let lines: Vec<u8> = self.unread.drain(..=end).collect();
        let lines = lines.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
        let requests: Result<Vec<Request>, _> = lines.map(serde_json::from_slice).collect();
        Ok(Some(requests?))
    }

    /// Says something; it is with the owner when this returns, after all that was held
    /// back.
    pub(super) fn say(&mut self, reply: &Reply) -> io::Result<()> {
        self.line(reply)?;
        self.flush()
    }

    /// Passes on what a command printed.
    pub(super) fn pass(&mut self, heading: Heading, bytes: &[u8]) -> io::Result<()> {
        self.hold(heading, bytes)?;
        self.flush()
    }

    /// Passes on what a command printed with what is said next: the owner then wakes up
    /// once.
    pub(super) fn hold(&mut self, heading: Heading, bytes: &[u8]) -> io::Result<()> {
        self.line(&Reply::Output(heading))?;
        self.words.extend_from_slice(bytes);
        if self.words.len() > MOST_HELD { self.flush() } else { Ok(()) }
    }

    fn line(&mut self, reply: &Reply) -> io::Result<()> {
        serde_json::to_writer(&mut self.words, reply)?;
        self.words.push(b'\n');
        Ok(())
    }

    /// Writes around the standard library's buffer, which looks for lines in what is none.
    fn flush(&mut self) -> io::Result<()> {
        let mut rest = self.words.as_slice();
        while !rest.is_empty() {
            match write(self.output.as_fd(), rest) {
                Ok(count) => rest = &rest[count..],
                Err(Errno::EINTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
        self.words.clear();
        Ok(())
    }
}

impl AsFd for Owner {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.input.as_fd()
    }
}

/// Closes what the owner left open: the lab shall not reach it. Nothing of the
/// agent's own is open yet.
pub(super) fn close_inherited() -> io::Result<()> {
    let open: Vec<i32> = std::fs::read_dir("/proc/self/fd")?
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter(|fd| *fd > 2)
        .collect();
    for fd in open {
        // The descriptor by which the directory was read is closed already.
        let _ = nix::unistd::close(fd);
    }
    Ok(())
}
