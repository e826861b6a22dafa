//! Writing a record as the run goes on, and reading one.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::{
    AttemptEnded, Closing, Event, FORMAT, Header, Script, ScriptEnded, StepEnded, StepStarted,
};

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
/// before [`Journal::append`] returns.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: BufWriter<File>,
}

impl Journal {
    /// Creates the file; one that is there is replaced.
    pub fn create(path: &Path) -> Result<Self, RecordError> {
        match File::create(path) {
            Ok(file) => Ok(Self { path: path.to_owned(), file: BufWriter::new(file) }),
            Err(source) => Err(RecordError::Write { path: path.to_owned(), source }),
        }
    }

    /// Writes an event.
    pub fn append(&mut self, event: &Event) -> Result<(), RecordError> {
        let written = serde_json::to_writer(&mut self.file, event)
            .map_err(io::Error::from)
            .and_then(|()| self.file.write_all(b"\n"))
            .and_then(|()| self.file.flush());
        written.map_err(|source| self.failed(source))
    }

    /// Puts the record safely on the disk.
    pub fn close(mut self) -> Result<(), RecordError> {
        let synced = self.file.flush().and_then(|()| self.file.get_ref().sync_all());
        synced.map_err(|source| self.failed(source))
    }

    fn failed(&self, source: io::Error) -> RecordError {
        RecordError::Write { path: self.path.clone(), source }
    }
}

/// A record in memory.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// What was run, where and when.
    pub header: Header,
    /// All that came after it, in order.
    pub events: Vec<Event>,
    /// The last line was cut short when it was written, and left out.
    pub torn: bool,
}

impl Record {
    /// The steps that were decided or at least begun, in order.
    pub fn steps(&self) -> impl Iterator<Item = RecordedStep<'_>> {
        self.events.iter().filter_map(|event| match event {
            Event::StepStarted(started) => Some(self.recorded(started)),
            _ => None,
        })
    }

    /// A step, counted from 0.
    pub fn step(&self, step: usize) -> Option<RecordedStep<'_>> {
        self.steps().find(|each| each.started.step == step)
    }

    /// How setup or cleanup went; none where there was none.
    pub fn script(&self, script: Script) -> Option<&ScriptEnded> {
        self.events.iter().find_map(|event| match event {
            Event::ScriptEnded(ended) if ended.script == script => Some(ended),
            _ => None,
        })
    }

    /// How the run ended; none where it was cut short.
    pub fn closing(&self) -> Option<&Closing> {
        self.events.iter().rev().find_map(|event| match event {
            Event::Closing(closing) => Some(closing),
            _ => None,
        })
    }

    fn recorded<'a>(&'a self, started: &'a StepStarted) -> RecordedStep<'a> {
        let ended = self.events.iter().find_map(|event| match event {
            Event::StepEnded(ended) if ended.step == started.step => Some(ended),
            _ => None,
        });
        let number = ended.and_then(|ended| ended.kept);
        let kept = self.events.iter().find_map(|event| match event {
            Event::AttemptEnded(attempt)
                if attempt.step == started.step && Some(attempt.attempt) == number =>
            {
                Some(attempt)
            }
            _ => None,
        });
        RecordedStep { started, kept, ended }
    }
}

/// What a record holds of a step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RecordedStep<'a> {
    /// What was about to run.
    pub started: &'a StepStarted,
    /// The attempt that was kept; none where nothing ran.
    pub kept: Option<&'a AttemptEnded>,
    /// What was decided; none where the run was cut short before.
    pub ended: Option<&'a StepEnded>,
}

/// Reads a record. A last line that was cut short is left out.
pub fn read(path: &Path) -> Result<Record, RecordError> {
    let bytes = std::fs::read(path)
        .map_err(|source| RecordError::Read { path: path.to_owned(), source })?;
    parse(path, &bytes)
}

/// The one field of a header that every version has.
#[derive(Deserialize)]
struct Version {
    event: String,
    schema: u64,
}

fn parse(path: &Path, bytes: &[u8]) -> Result<Record, RecordError> {
    let mut lines = bytes.split_inclusive(|&byte| byte == b'\n').enumerate().peekable();
    let no_header = || RecordError::NoHeader { path: path.to_owned() };
    let (_, first) = lines.next().ok_or_else(no_header)?;
    let version: Version = serde_json::from_slice(first).map_err(|_| no_header())?;
    if version.event != "header" {
        return Err(no_header());
    }
    if version.schema != u64::from(FORMAT) {
        return Err(RecordError::Version { path: path.to_owned(), found: version.schema });
    }
    let Ok(Event::Header(header)) = serde_json::from_slice(first) else {
        return Err(no_header());
    };
    let mut record = Record { header, events: Vec::new(), torn: false };
    while let Some((index, line)) = lines.next() {
        match serde_json::from_slice(line) {
            Ok(event) => record.events.push(event),
            // Only a last line without its end was cut short; any other is
            // damage, and what it held would be missed.
            Err(_) if lines.peek().is_none() && !line.ends_with(b"\n") => record.torn = true,
            Err(error) => {
                return Err(RecordError::Line {
                    path: path.to_owned(),
                    line: index + 1,
                    reason: error.to_string(),
                });
            }
        }
    }
    Ok(record)
}

#[cfg(test)]
#[path = "journal_tests.rs"]
mod tests;
