//! All that a command printed, with times: in memory as long as it is little, then in a
//! private file without a name, which is gone with labbook whatever ends it.
//!
//! Both hold the same: each piece after a heading of [`HEADING`] bytes. So neither the
//! output nor the list of its pieces is in memory, however long they get.

use std::fs::{File, Permissions};
use std::io::{self, BufReader, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use crate::record::Stream;

/// More than this is in a file.
const IN_MEMORY: usize = 64 * 1024;
/// What came within this time and has this length is one piece.
const TOGETHER_MS: u64 = 100;
const LONGEST: usize = 64 * 1024;
/// More than this of one output is dropped: what prints without end must not take the
/// disk either.
const MOST: u64 = 4 * 1024 * 1024 * 1024;
/// The stream (1 byte), the length (4) and the time in milliseconds (8), little-endian.
const HEADING: usize = 13;

/// A piece of what was printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::run) struct Chunk<'a> {
    pub(in crate::run) stream: Stream,
    /// When its first byte came, from the beginning.
    pub(in crate::run) at_ms: u64,
    pub(in crate::run) bytes: &'a [u8],
}

/// Pieces in the order in which they came.
#[derive(Debug)]
pub(super) struct Log {
    /// The last piece with its heading, which may still grow.
    last: Vec<u8>,
    stream: Stream,
    at_ms: u64,
    /// All before it, as long as that is little.
    stored: Vec<u8>,
    file: Option<File>,
    /// How many bytes it still takes.
    room: u64,
    dropped: u64,
}

impl Default for Log {
    fn default() -> Self {
        Self::up_to(MOST)
    }
}

impl Log {
    fn up_to(room: u64) -> Self {
        let (last, stored) = (Vec::new(), Vec::new());
        Self { last, stream: Stream::Both, at_ms: 0, stored, file: None, room, dropped: 0 }
    }

    pub(super) fn add(&mut self, stream: Stream, at_ms: u64, bytes: &[u8]) -> io::Result<()> {
        let room = usize::try_from(self.room).unwrap_or(usize::MAX);
        let (mut bytes, dropped) = bytes.split_at(bytes.len().min(room));
        self.room -= bytes.len() as u64;
        self.dropped += dropped.len() as u64;
        while !bytes.is_empty() {
            let grows = stream == self.stream && at_ms < self.at_ms + TOGETHER_MS;
            if !grows || self.last.len() >= HEADING + LONGEST {
                self.close()?;
            }
            if self.last.is_empty() {
                (self.stream, self.at_ms) = (stream, at_ms);
                self.last.resize(HEADING, 0);
            }
            let room = HEADING + LONGEST - self.last.len();
            let (now, later) = bytes.split_at(bytes.len().min(room));
            self.last.extend_from_slice(now);
            bytes = later;
        }
        Ok(())
    }

    /// How many bytes it did not take.
    pub(super) fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Takes bytes of the last piece away; false where it has not as many.
    pub(super) fn take_back(&mut self, count: usize) -> bool {
        let has = self.last.len() >= HEADING + count;
        if has {
            self.last.truncate(self.last.len() - count);
        }
        has
    }

    /// Stores the last piece: it does not grow any more.
    fn close(&mut self) -> io::Result<()> {
        let Ok(length @ 1..) = u32::try_from(self.last.len().saturating_sub(HEADING)) else {
            self.last.clear();
            return Ok(());
        };
        self.last[0] = match self.stream {
            Stream::Both => 0,
            Stream::Stdout => 1,
            Stream::Stderr => 2,
        };
        self.last[1..5].copy_from_slice(&length.to_le_bytes());
        self.last[5..HEADING].copy_from_slice(&self.at_ms.to_le_bytes());
        if self.file.is_none() && self.stored.len() + self.last.len() <= IN_MEMORY {
            self.stored.append(&mut self.last);
            return Ok(());
        }
        let file = match &mut self.file {
            Some(file) => file,
            None => self.file.insert(private_file()?),
        };
        if !self.stored.is_empty() {
            file.write_all(&std::mem::take(&mut self.stored))?;
        }
        file.write_all(&self.last)?;
        self.last.clear();
        Ok(())
    }

    /// Gives each piece.
    pub(super) fn read(
        &mut self,
        each: &mut dyn FnMut(Chunk<'_>) -> io::Result<()>,
    ) -> io::Result<()> {
        self.close()?;
        let Some(file) = &mut self.file else {
            return pieces(self.stored.as_slice(), each);
        };
        file.seek(SeekFrom::Start(0))?;
        let read = pieces(BufReader::with_capacity(2 * LONGEST, &mut *file), each);
        file.seek(SeekFrom::End(0))?;
        read
    }
}

fn pieces(
    mut from: impl io::BufRead,
    each: &mut dyn FnMut(Chunk<'_>) -> io::Result<()>,
) -> io::Result<()> {
    let mut bytes = Vec::new();
    while !from.fill_buf()?.is_empty() {
        let mut heading = [0; HEADING];
        from.read_exact(&mut heading)?;
        let [stream, l0, l1, l2, l3, time @ ..] = heading;
        let stream = match stream {
            1 => Stream::Stdout,
            2 => Stream::Stderr,
            _ => Stream::Both,
        };
        bytes.resize(u32::from_le_bytes([l0, l1, l2, l3]) as usize, 0);
        from.read_exact(&mut bytes)?;
        each(Chunk { stream, at_ms: u64::from_le_bytes(time), bytes: &bytes })?;
    }
    Ok(())
}

/// A file that has no name and that nobody else may open.
fn private_file() -> io::Result<File> {
    let directory = directory();
    let failed = |error: io::Error| {
        let place = directory.display();
        io::Error::new(error.kind(), format!("a temporary file in {place}: {error}"))
    };
    let file = tempfile::tempfile_in(&directory).map_err(failed)?;
    file.set_permissions(Permissions::from_mode(0o600)).map_err(failed)?;
    Ok(file)
}

/// Where files of any size may be for a while: `/tmp` is in memory on many machines.
fn directory() -> PathBuf {
    let named = std::env::var_os("TMPDIR").map(PathBuf::from);
    let large = || Path::new("/var/tmp").to_owned();
    let named = named.filter(|path| path.is_absolute());
    let directory = named.unwrap_or_else(large);
    if directory.is_dir() { directory } else { std::env::temp_dir() }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt as _;

    use super::*;

    #[test]
    fn what_prints_without_end_does_not_take_the_disk() {
        let mut log = Log::up_to(7);
        for bytes in [&b"abcd"[..], b"efgh", b"ij"] {
            log.add(Stream::Both, 0, bytes).expect("it can be written");
        }
        let mut told = Vec::new();
        let mut take = |chunk: Chunk<'_>| {
            told.extend_from_slice(chunk.bytes);
            Ok(())
        };
        log.read(&mut take).expect("it can be read");
        assert_eq!((told.as_slice(), log.dropped()), (&b"abcdefg"[..], 3));
    }

    #[test]
    fn little_makes_no_file_and_much_a_private_one_without_a_name() {
        let mut log = Log::default();
        log.add(Stream::Both, 0, &[b'x'; 100]).expect("it can be written");
        log.read(&mut |_| Ok(())).expect("it can be read");
        assert!(log.file.is_none());
        log.add(Stream::Both, 1, &vec![b'y'; 2 * IN_MEMORY]).expect("it can be written");
        let told = log.file.as_ref().expect("there is a file").metadata().expect("it is open");
        assert_eq!((told.mode() & 0o777, told.nlink()), (0o600, 0));
        assert!(log.stored.is_empty() && log.last.len() <= HEADING + LONGEST);
        // What is added after it was read comes after the rest.
        let lengths = |log: &mut Log| {
            let mut lengths = Vec::new();
            let mut take = |chunk: Chunk<'_>| {
                lengths.push(chunk.bytes.len());
                Ok(())
            };
            log.read(&mut take).expect("it can be read");
            lengths
        };
        assert_eq!(lengths(&mut log), [100, LONGEST, LONGEST]);
        log.add(Stream::Both, 2, b"z").expect("it can be written");
        assert_eq!(lengths(&mut log), [100, LONGEST, LONGEST, 1]);
    }
}
