//! Reading a record: the pieces of an output are put together again, as much of them as
//! is kept in memory.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use serde::Deserialize;

use super::{
    AttemptEnded, Closing, Event, FORMAT, Header, KEPT, Output, OutputChunk, RecordError, Script,
    ScriptEnded, StepEnded, StepStarted, Stream, Verdict, lines, whole_characters,
};

/// How much is kept of an output that nothing is rendered from: of an attempt that does not
/// count, or of a step of which the page shows none.
const GLANCE: usize = 64 * 1024;

/// A record in memory.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// What was run, where and when.
    pub header: Header,
    /// All that came after it, in order. What an attempt printed is with its end, and
    /// there is no [`Event::Output`].
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
    let failed = |source| RecordError::Read { path: path.to_owned(), source };
    let file = File::open(path).map_err(failed)?;
    parse(path, BufReader::with_capacity(128 * 1024, file))
}

/// The one field of a header that every version has.
#[derive(Deserialize)]
struct Version {
    event: String,
    schema: u64,
}

fn parse(path: &Path, mut input: impl BufRead) -> Result<Record, RecordError> {
    let mut line = Vec::new();
    let mut next = |line: &mut Vec<u8>| {
        line.clear();
        let read = input.read_until(b'\n', line);
        read.map_err(|source| RecordError::Read { path: path.to_owned(), source })
    };
    next(&mut line)?;
    let mut record = Record { header: header(path, &line)?, events: Vec::new(), torn: false };
    let mut outputs = Outputs::default();
    let mut number = 1;
    while next(&mut line)? > 0 {
        number += 1;
        if outputs.count(&line) {
            continue;
        }
        let damaged = |reason| RecordError::Line { path: path.to_owned(), line: number, reason };
        let event = match serde_json::from_slice(&line) {
            Ok(event) => event,
            // Only a last line without its end was cut short; any other is
            // damage, and what it held would be missed.
            Err(_) if !line.ends_with(b"\n") => {
                record.torn = true;
                break;
            }
            Err(error) => return Err(damaged(error.to_string())),
        };
        match event {
            Event::Output(chunk) => outputs.add(chunk),
            Event::AttemptEnded(mut attempt) => {
                outputs.join(&mut attempt).map_err(damaged)?;
                record.events.push(Event::AttemptEnded(attempt));
            }
            Event::StepEnded(ended) => {
                record.forget_unused(&ended);
                record.events.push(Event::StepEnded(ended));
            }
            Event::LateOutput(late) if outputs.is_too_late(late.step, &late.output) => {}
            event => record.events.push(event),
        }
    }
    Ok(record)
}

fn header(path: &Path, line: &[u8]) -> Result<Header, RecordError> {
    let no_header = || RecordError::NoHeader { path: path.to_owned() };
    let version: Version = serde_json::from_slice(line).map_err(|_| no_header())?;
    if version.event != "header" {
        return Err(no_header());
    }
    if version.schema != u64::from(FORMAT) {
        return Err(RecordError::Version { path: path.to_owned(), found: version.schema });
    }
    match serde_json::from_slice(line) {
        Ok(Event::Header(header)) => Ok(header),
        _ => Err(no_header()),
    }
}

/// What was printed, until it is known which attempt ended with it.
#[derive(Default)]
struct Outputs {
    attempts: HashMap<(usize, u32), Joined>,
    /// How much of each step's late output was kept.
    late: HashMap<usize, usize>,
}

#[derive(Default)]
struct Joined {
    output: Vec<u8>,
    stderr: Vec<u8>,
    /// How many bytes of standard output, or of both, were left out.
    left_out: u64,
    bytes: u64,
}

impl Outputs {
    fn add(&mut self, chunk: OutputChunk) {
        let joined = self.attempts.entry((chunk.step, chunk.attempt)).or_default();
        let bytes = chunk.output.0;
        joined.bytes += bytes.len() as u64;
        let kept = match chunk.stream {
            Stream::Both | Stream::Stdout => &mut joined.output,
            Stream::Stderr => &mut joined.stderr,
        };
        let room = bytes.len().min(KEPT - kept.len());
        kept.extend_from_slice(&bytes[..room]);
        if chunk.stream != Stream::Stderr {
            joined.left_out += (bytes.len() - room) as u64;
        }
    }

    /// Counts a piece of which nothing is kept any more. False where it is none.
    fn count(&mut self, line: &[u8]) -> bool {
        // While nothing is full, nothing is to be gained.
        let full = |joined: &Joined| joined.output.len().max(joined.stderr.len()) == KEPT;
        if !self.attempts.values().any(full) {
            return false;
        }
        let Some(head) = lines::head(line) else { return false };
        let Some(joined) = self.attempts.get_mut(&(head.step, head.attempt)) else { return false };
        let kept = if head.stream == Stream::Stderr { &joined.stderr } else { &joined.output };
        if kept.len() < KEPT {
            return false;
        }
        joined.bytes += head.length as u64;
        if head.stream != Stream::Stderr {
            joined.left_out += head.length as u64;
        }
        true
    }

    /// Gives an attempt what it printed.
    fn join(&mut self, attempt: &mut AttemptEnded) -> Result<(), String> {
        let joined = self.attempts.remove(&(attempt.step, attempt.attempt));
        if joined.is_none() && attempt.bytes == 0 {
            // As long as an attempt's end held all of its output, there were no pieces.
            attempt.bytes = attempt.output.0.len() as u64;
            return Ok(());
        }
        let Joined { output, stderr, left_out, bytes } = joined.unwrap_or_default();
        if bytes != attempt.bytes {
            return Err(format!(
                "the attempt printed {} bytes, and the lines before it hold {bytes}",
                attempt.bytes
            ));
        }
        (attempt.output, attempt.stderr) = (Output(output), Output(stderr));
        attempt.left_out = left_out;
        Ok(())
    }

    /// Whether there is more late output of a step than is kept.
    fn is_too_late(&mut self, step: usize, output: &Output) -> bool {
        let kept = self.late.entry(step).or_default();
        *kept = kept.saturating_add(output.0.len());
        *kept > KEPT
    }
}

impl Record {
    /// Shortens what a step's attempts printed where nothing is rendered from it.
    fn forget_unused(&mut self, ended: &StepEnded) {
        let attempts = self.events.iter_mut().rev().map_while(|event| match event {
            Event::StepStarted(_) => None,
            Event::AttemptEnded(attempt) if attempt.step == ended.step => Some(Some(attempt)),
            _ => Some(None),
        });
        for attempt in attempts.flatten() {
            let used = ended.kept == Some(attempt.attempt) && ended.verdict != Verdict::Ran;
            let output = &mut attempt.output.0;
            if !used && output.len() > GLANCE {
                let kept = whole_characters(&output[..GLANCE]);
                attempt.left_out += (output.len() - kept) as u64;
                output.truncate(kept);
                output.shrink_to_fit();
            }
        }
    }
}

#[cfg(test)]
#[path = "reading_tests.rs"]
mod tests;
