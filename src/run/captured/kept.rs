//! The two ends of an output, in memory.

use crate::record::KEPT;

/// How much of the end is kept, at least, and half of what is kept of it at most.
const ENDING: usize = 128 * 1024;

/// What is kept of an output.
#[derive(Debug, Default)]
pub(super) struct Kept {
    beginning: Vec<u8>,
    /// The end, once there is more than the beginning.
    ending: Vec<u8>,
    length: u64,
}

impl Kept {
    pub(super) fn add(&mut self, bytes: &[u8]) {
        self.length += bytes.len() as u64;
        let (keep, rest) = bytes.split_at(bytes.len().min(KEPT - self.beginning.len()));
        self.beginning.extend_from_slice(keep);
        if rest.is_empty() {
            return;
        }
        if self.ending.is_empty() {
            let from = self.beginning.len() - ENDING;
            self.ending.extend_from_slice(&self.beginning[from..]);
        }
        self.ending.extend_from_slice(&rest[rest.len().saturating_sub(2 * ENDING)..]);
        if self.ending.len() > 2 * ENDING {
            self.ending.drain(..self.ending.len() - ENDING);
        }
    }

    /// Takes the last bytes away, which are few.
    pub(super) fn take_back(&mut self, count: usize) {
        self.length -= count as u64;
        let end = if self.ending.is_empty() { &mut self.beginning } else { &mut self.ending };
        end.truncate(end.len().saturating_sub(count));
        let length = usize::try_from(self.length).unwrap_or(usize::MAX);
        self.beginning.truncate(length);
    }

    pub(super) fn length(&self) -> u64 {
        self.length
    }

    pub(super) fn beginning(&self) -> &[u8] {
        &self.beginning
    }

    /// The last bytes; all where they are few.
    pub(super) fn ending(&self) -> &[u8] {
        if self.ending.is_empty() {
            &self.beginning[self.beginning.len().saturating_sub(2 * ENDING)..]
        } else {
            &self.ending
        }
    }
}
