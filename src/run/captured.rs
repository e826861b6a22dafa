//! What is kept of a command's output: all of it, up to a limit that no page
//! comes near, so that a command that prints without end cannot take the
//! machine's memory.

use crate::record::Output;

/// How many bytes of one command's output are kept.
const LIMIT: usize = 64 * 1024 * 1024;

/// The output of one command as it comes in.
#[derive(Debug)]
pub(super) struct Captured {
    kept: Vec<u8>,
    limit: usize,
    dropped: u64,
}

impl Captured {
    pub(super) fn new() -> Self {
        Self::up_to(LIMIT)
    }

    fn up_to(limit: usize) -> Self {
        Self { kept: Vec::new(), limit, dropped: 0 }
    }

    pub(super) fn add(&mut self, bytes: &[u8]) {
        let (keep, drop) = bytes.split_at(bytes.len().min(self.limit - self.kept.len()));
        self.kept.extend_from_slice(keep);
        self.dropped += drop.len() as u64;
    }

    /// Takes a blank line at its end away, which bash adds where a command was interrupted.
    pub(super) fn without_blank_end(&mut self) {
        for blank in [&b"\n"[..], b"\r\n"] {
            if self.kept.strip_suffix(blank).is_some_and(|before| before.ends_with(b"\n")) {
                self.kept.truncate(self.kept.len() - blank.len());
                return;
            }
        }
    }

    /// What was kept so far, up to this many bytes.
    pub(super) fn beginning(&self, most: usize) -> Output {
        Output(self.kept[..self.kept.len().min(most)].to_vec())
    }

    /// The last of what was kept so far, up to this many bytes.
    pub(super) fn ending(&self, most: usize) -> Output {
        Output(self.kept[self.kept.len().saturating_sub(most)..].to_vec())
    }

    /// What was kept, with a note at its end where that is not all, and how
    /// many bytes were dropped.
    pub(super) fn finish(mut self) -> (Output, u64) {
        if self.dropped > 0 {
            let note = format!("\n[labbook: {} more bytes were dropped]\n", self.dropped);
            self.kept.extend_from_slice(note.as_bytes());
        }
        (Output(self.kept), self.dropped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn captured(limit: usize, pieces: &[&str]) -> (String, u64) {
        let mut captured = Captured::up_to(limit);
        for piece in pieces {
            captured.add(piece.as_bytes());
        }
        let (output, dropped) = captured.finish();
        (output.text().into_owned(), dropped)
    }

    #[test]
    fn what_is_within_the_limit_is_kept_as_it_is() {
        assert_eq!(captured(6, &["abc", "def"]), ("abcdef".to_owned(), 0));
        assert_eq!(captured(6, &[]), (String::new(), 0));
    }

    #[test]
    fn what_is_past_the_limit_is_counted() {
        let expected = "abcdef\n[labbook: 4 more bytes were dropped]\n".to_owned();
        assert_eq!(captured(6, &["abcd", "efg", "", "hij"]), (expected, 4));
    }
}
