//! What calls print after their ends, until it is asked for.

use super::{Late, Session, SessionError};
use crate::run::captured::Captured;
use crate::run::protocol::Heading;

/// How much of what a call prints late is kept, in bytes, and what is said then.
const MOST_LATE: u64 = 16 * 1024 * 1024;
const MORE_LATE: &str = "\n[labbook: what it printed after this was dropped]\n";

impl Session {
    /// What was printed by what calls before left running, as far as it was heard
    /// of, and not given before.
    pub fn take_late(&mut self) -> Vec<Late> {
        let late = self.late.drain(..);
        late.map(|(call, output)| Late { call, output }).collect()
    }

    pub(super) fn add_late(&mut self, heading: &Heading, bytes: &[u8]) -> Result<(), SessionError> {
        let told = self.told_late.entry(heading.id).or_default();
        let before = std::mem::replace(told, *told + bytes.len() as u64);
        if before >= MOST_LATE {
            return Ok(());
        }
        let is_full = before + bytes.len() as u64 >= MOST_LATE;
        let note = if is_full { MORE_LATE } else { "" }.as_bytes();
        let late = self.late_of(heading.id);
        late.add(heading.stream, heading.at_ms, bytes)
            .and_then(|()| late.add(heading.stream, heading.at_ms, note))
            .map_err(SessionError::Output)
    }

    /// What a call printed late.
    pub(super) fn late_of(&mut self, id: u64) -> &mut Captured {
        let index = self.late.iter().position(|(call, _)| *call == id).unwrap_or_else(|| {
            self.late.push((id, Captured::default()));
            self.late.len() - 1
        });
        &mut self.late[index].1
    }
}
