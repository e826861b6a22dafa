//! Writing a record as the run goes on.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::{Event, FORMAT, lines};

/// How much is held back, at most.
const BUFFER: usize = 64 * 1024;

/// Why a record cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The file cannot be written.
    #[error("write the record {}: {source}", path.display())]
    Write {
        /// The record.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file cannot be read.
    #[error("read the record {}: {source}", path.display())]
    Read {
        /// The record.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It does not begin with a header.
    #[error(
        "read the record {}: line 1 is no header; expected the first line of a file that \
         `labbook run` wrote",
        path.display()
    )]
    NoHeader {
        /// The record.
        path: PathBuf,
    },
    /// It was written in another format.
    #[error(
        "read the record {}: it has format {found}, this labbook reads {FORMAT}; run the lab again",
        path.display()
    )]
    Version {
        /// The record.
        path: PathBuf,
        /// The format's version in the file.
        found: u64,
    },
    /// A line before the last is no event.
    #[error("read the record {}: line {line} is no event: {reason}", path.display())]
    Line {
        /// The record.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
}

/// A record that is being written, one event a line. Each line is in the file
/// before [`Journal::append`] returns; pieces of an output, which are told once its
/// command has ended, with that end at the latest.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
    /// Whole lines that are not in the file yet.
    lines: Vec<u8>,
}

impl Journal {
    /// Creates the file; one that is there is replaced.
    pub fn create(path: &Path) -> Result<Self, RecordError> {
        match File::create(path) {
            Ok(file) => Ok(Self { path: path.to_owned(), file, lines: Vec::new() }),
            Err(source) => Err(RecordError::Write { path: path.to_owned(), source }),
        }
    }

    /// Writes an event.
    pub fn append(&mut self, event: &Event) -> Result<(), RecordError> {
        let whole = self.lines.len();
        let piece = match event {
            Event::Output(chunk) => Some(chunk),
            _ => None,
        };
        if !piece.is_some_and(|chunk| lines::write(chunk, &mut self.lines)) {
            if let Err(error) = serde_json::to_writer(&mut self.lines, event) {
                self.lines.truncate(whole);
                return Err(self.failed(error.into()));
            }
            self.lines.push(b'\n');
        }
        if piece.is_some() && self.lines.len() < BUFFER {
            return Ok(());
        }
        self.write()
    }

    fn write(&mut self) -> Result<(), RecordError> {
        let written = self.file.write_all(&self.lines);
        self.lines.clear();
        self.lines.shrink_to(8 * BUFFER);
        written.map_err(|source| self.failed(source))
    }

    /// Puts the record safely on the disk.
    pub fn close(mut self) -> Result<(), RecordError> {
        self.write()?;
        self.file.sync_all().map_err(|source| self.failed(source))
    }

    fn failed(&self, source: io::Error) -> RecordError {
        RecordError::Write { path: self.path.clone(), source }
    }
}
