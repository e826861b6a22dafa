//! Where a command's output goes: a pipe for standard output and error
//! together, or a terminal. Each command has one of its own, so that what a
//! background job prints later is never taken for another command's output.

use std::io::{self, Write as _};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::pty::{Winsize, openpty};
use nix::sys::memfd::{MFdFlags, memfd_create};
use nix::unistd::{pipe2, read, write};

/// The terminal's size, the one that programs assume where none is given.
const SIZE: Winsize = Winsize { ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0 };

/// Output that is still on its way when the command has ended fits in the
/// kernel's buffer; more than this is from something that prints on and on.
const DRAIN: usize = 256 * 1024;

/// The two ends of a command's output.
pub(super) struct Channel {
    reader: OwnedFd,
    /// Kept open while the command runs, so that the shell can open it.
    writer: Option<OwnedFd>,
    terminal: bool,
    /// What the command reads.
    input: Option<OwnedFd>,
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
    /// This many bytes.
    Bytes(usize),
    /// None now; there may be more later.
    Later,
    /// None ever: nobody holds the other end.
    End,
}

impl Channel {
    /// A pipe, or a terminal of 80 columns and 24 lines; with what the command reads,
    /// where that is given.
    pub(super) fn open(terminal: bool, stdin: Option<&str>) -> io::Result<Self> {
        let (reader, writer) = if terminal {
            let pair = openpty(Some(&SIZE), None)?;
            for end in [&pair.master, &pair.slave] {
                fcntl(end, FcntlArg::F_SETFD(nix::fcntl::FdFlag::FD_CLOEXEC))?;
            }
            (pair.master, pair.slave)
        } else {
            pipe2(OFlag::O_CLOEXEC)?
        };
        fcntl(&reader, FcntlArg::F_SETFL(OFlag::O_NONBLOCK))?;
        let input = stdin.map(given).transpose()?;
        Ok(Self { reader, writer: Some(writer), terminal, input })
    }

    /// The redirections that put a command's standard streams on it.
    ///
    /// The shell opens it by way of `/proc`, so that no descriptor of labbook's
    /// is there for a command to inherit or close.
    pub(super) fn redirections(&self, agent: u32) -> String {
        let number = self.writer.as_ref().map_or(-1, AsRawFd::as_raw_fd);
        match &self.input {
            Some(input) => {
                let input = input.as_raw_fd();
                format!("</proc/{agent}/fd/{input} >/proc/{agent}/fd/{number} 2>&1")
            }
            None if self.terminal => format!("<>/proc/{agent}/fd/{number} >&0 2>&0"),
            None => format!("</dev/null >/proc/{agent}/fd/{number} 2>&1"),
        }
    }

    /// Reads what is there, without waiting.
    pub(super) fn read(&self, buffer: &mut [u8]) -> nix::Result<Read> {
        loop {
            return match read(&self.reader, buffer) {
                // A terminal's master says EIO where a pipe says end of file.
                Ok(0) | Err(Errno::EIO) => Ok(Read::End),
                Ok(count) => Ok(Read::Bytes(count)),
                Err(Errno::EAGAIN) => Ok(Read::Later),
                Err(Errno::EINTR) => continue,
                Err(error) => Err(error),
            };
        }
    }

    /// Types on a terminal. What nobody reads for a second is lost, as on one.
    pub(super) fn type_in(&self, bytes: &[u8]) -> nix::Result<()> {
        let mut rest = bytes;
        while !rest.is_empty() && self.terminal {
            match write(&self.reader, rest) {
                Ok(count) => rest = &rest[count..],
                Err(Errno::EINTR) => {}
                Err(Errno::EAGAIN) => {
                    let mut fds = [PollFd::new(self.reader.as_fd(), PollFlags::POLLOUT)];
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
        buffer: &mut [u8],
        mut each: impl FnMut(&[u8]),
    ) -> nix::Result<bool> {
        self.writer = None;
        let mut total = 0;
        while total < DRAIN {
            match self.read(buffer)? {
                Read::Bytes(count) => {
                    total += count;
                    each(&buffer[..count]);
                }
                Read::Later => return Ok(true),
                Read::End => return Ok(false),
            }
        }
        Ok(true)
    }
}

impl AsFd for Channel {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.reader.as_fd()
    }
}
