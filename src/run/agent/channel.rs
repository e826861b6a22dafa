//! Where a command's output goes: a pipe for standard output and error
//! together, one for each, or a terminal. Each command has one of its own, so that what a
//! background job prints later is never taken for another command's output.

use std::io::{self, Write as _};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::time::Instant;

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::pty::{Winsize, openpty};
use nix::sys::memfd::{MFdFlags, memfd_create};
use nix::unistd::{pipe2, read, write};

use crate::record::Stream;
use crate::run::protocol::Heading;

/// The terminal's size, the one that programs assume where none is given.
const SIZE: Winsize = Winsize { ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0 };

/// Output that is still on its way when the command has ended fits in the
/// kernel's buffer; more than this is from something that prints on and on.
const DRAIN: usize = 256 * 1024;

/// The two ends of a command's output.
pub(super) struct Channel {
    /// Which command's it is.
    id: u64,
    /// When it was opened, right before its command was started.
    since: Instant,
    /// Those that somebody may still write to. The next that is read comes first.
    readers: Vec<(Stream, OwnedFd)>,
    /// Kept open while the command runs, so that the shell can open them: standard
    /// output, and standard error where it has one of its own.
    writers: Vec<OwnedFd>,
    terminal: bool,
    /// What the command reads.
    input: Option<OwnedFd>,
}

/// How a command's output is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Standard output and error together, through one pipe.
    Together,
    /// Standard output and error apart, through a pipe each.
    Apart,
    /// Through a terminal of 80 columns and 24 lines.
    Terminal,
}

/// A file without a name that holds a text.
fn given(text: &str) -> io::Result<OwnedFd> {
    let file = memfd_create("stdin", MFdFlags::MFD_CLOEXEC)?;
    let mut file = std::fs::File::from(file);
    file.write_all(text.as_bytes())?;
    Ok(file.into())
}

/// What one attempt to read gave.
pub(super) enum Read {
    /// As many bytes as their heading says.
    Bytes(Heading),
    /// None now; there may be more later.
    Later,
    /// None ever: nobody holds the other end.
    End,
}

impl Channel {
    /// Opens one for a command; with what that reads, where it is given.
    pub(super) fn open(id: u64, kind: Kind, stdin: Option<&str>) -> io::Result<Self> {
        let (mut readers, mut writers) = (Vec::new(), Vec::new());
        let streams: &[Stream] = match kind {
            Kind::Together | Kind::Terminal => &[Stream::Both],
            Kind::Apart => &[Stream::Stdout, Stream::Stderr],
        };
        for stream in streams {
            let (reader, writer) = if kind == Kind::Terminal {
                let pair = openpty(Some(&SIZE), None)?;
                for end in [&pair.master, &pair.slave] {
                    fcntl(end, FcntlArg::F_SETFD(nix::fcntl::FdFlag::FD_CLOEXEC))?;
                }
                (pair.master, pair.slave)
            } else {
                pipe2(OFlag::O_CLOEXEC)?
            };
            fcntl(&reader, FcntlArg::F_SETFL(OFlag::O_NONBLOCK))?;
            readers.push((*stream, reader));
            writers.push(writer);
        }
        let input = stdin.map(given).transpose()?;
        let terminal = kind == Kind::Terminal;
        Ok(Self { id, since: Instant::now(), readers, writers, terminal, input })
    }

    /// Which command's it is.
    pub(super) fn id(&self) -> u64 {
        self.id
    }

    /// Whether it keeps two streams apart.
    pub(super) fn is_apart(&self) -> bool {
        self.readers.len() > 1
    }

    /// When it was opened.
    pub(super) fn since(&self) -> Instant {
        self.since
    }

    /// The redirections that put a command's standard streams on it.
    ///
    /// The shell opens it by way of `/proc`, so that no descriptor of labbook's
    /// is there for a command to inherit or close.
    pub(super) fn redirections(&self, agent: u32) -> String {
        let path = |fd: Option<&OwnedFd>| {
            let number = fd.map_or(-1, AsRawFd::as_raw_fd);
            format!("/proc/{agent}/fd/{number}")
        };
        let output = path(self.writers.first());
        let apart = self.writers.get(1);
        let errors = apart.map_or_else(|| "&1".to_owned(), |errors| path(Some(errors)));
        match &self.input {
            Some(input) => format!("<{} >{output} 2>{errors}", path(Some(input))),
            None if self.terminal => format!("<>{output} >&0 2>&0"),
            None => format!("</dev/null >{output} 2>{errors}"),
        }
    }

    /// Reads what is there, without waiting. `late` says that the command has ended.
    pub(super) fn read(&mut self, late: bool, buffer: &mut [u8]) -> nix::Result<Read> {
        let mut index = 0;
        while let Some((stream, reader)) = self.readers.get(index) {
            match read(reader, buffer) {
                // A terminal's master says EIO where a pipe says end of file.
                Ok(0) | Err(Errno::EIO) => {
                    if self.writers.is_empty() {
                        self.readers.remove(index);
                    } else {
                        index += 1;
                    }
                }
                Ok(length) => {
                    let at_ms = u64::try_from(self.since.elapsed().as_millis());
                    let (id, stream, at_ms) = (self.id, *stream, at_ms.unwrap_or(u64::MAX));
                    // The others are not to wait for ever.
                    self.readers.rotate_left(index + 1);
                    return Ok(Read::Bytes(Heading { id, late, stream, at_ms, length }));
                }
                Err(Errno::EAGAIN) => index += 1,
                Err(Errno::EINTR) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(if self.readers.is_empty() { Read::End } else { Read::Later })
    }

    /// Types on a terminal. What nobody reads for a second is lost, as on one.
    pub(super) fn type_in(&self, bytes: &[u8]) -> nix::Result<()> {
        let mut rest = bytes;
        while !rest.is_empty()
            && self.terminal
            && let Some((_, terminal)) = self.readers.first()
        {
            match write(terminal, rest) {
                Ok(count) => rest = &rest[count..],
                Err(Errno::EINTR) => {}
                Err(Errno::EAGAIN) => {
                    let mut fds = [PollFd::new(terminal.as_fd(), PollFlags::POLLOUT)];
                    if poll(&mut fds, PollTimeout::from(1000_u16))? == 0 {
                        return Ok(());
                    }
                }
                // Nobody has it open any more: the command's end is told.
                Err(Errno::EIO) => return Ok(()),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Reads all that was written before the command ended, piece by piece.
    /// True if something that the command left behind may still write.
    pub(super) fn drain(
        &mut self,
        late: bool,
        buffer: &mut [u8],
        mut each: impl FnMut(Heading, &[u8]),
    ) -> nix::Result<bool> {
        self.writers.clear();
        let mut total = 0;
        while total < DRAIN {
            match self.read(late, buffer)? {
                Read::Bytes(heading) => {
                    total += heading.length;
                    each(heading, &buffer[..heading.length]);
                }
                Read::Later => return Ok(true),
                Read::End => return Ok(false),
            }
        }
        Ok(true)
    }

    /// What is readable when something was printed.
    pub(super) fn fds(&self) -> impl Iterator<Item = BorrowedFd<'_>> {
        self.readers.iter().map(|(_, reader)| reader.as_fd())
    }
}
