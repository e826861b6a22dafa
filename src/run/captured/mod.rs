//! What a command prints, as it comes in: all of it in a [`log`] that is a file once there
//! is much, and its two ends in memory, so that a command that prints without end cannot
//! take the machine's memory.

mod kept;
mod log;

use std::borrow::Cow;
use std::io;
use std::ops::Range;

use self::kept::Kept;
pub(in crate::run) use self::log::Chunk;
use self::log::Log;
use crate::record::{KEPT, Output, Stream, whole_characters};

/// The output of one command.
#[derive(Debug, Default)]
pub struct Captured {
    log: Log,
    /// Of standard output, with standard error where they are one.
    kept: Kept,
    /// Of standard error where that is kept apart.
    errors: Kept,
}

impl Captured {
    /// Adds what was printed so long after the beginning.
    pub(super) fn add(&mut self, stream: Stream, at_ms: u64, bytes: &[u8]) -> io::Result<()> {
        match stream {
            Stream::Both | Stream::Stdout => self.kept.add(bytes),
            Stream::Stderr => self.errors.add(bytes),
        }
        self.log.add(stream, at_ms, bytes)
    }

    /// Adds these bytes of what another one holds, as one text.
    pub(super) fn add_part(&mut self, from: &mut Self, range: Range<u64>) -> io::Result<()> {
        let mut at = 0;
        from.chunks(&mut |Chunk { stream, at_ms, bytes }| {
            let end = at + bytes.len() as u64;
            let inside = |place: u64| usize::try_from(place.clamp(at, end) - at).unwrap_or(0);
            let part = &bytes[inside(range.start)..inside(range.end).max(inside(range.start))];
            at = end;
            if part.is_empty() { Ok(()) } else { self.add(stream, at_ms, part) }
        })
    }

    /// Takes a blank line at its end away, which bash adds where a command was interrupted.
    #[must_use]
    pub(super) fn without_blank_end(mut self) -> Self {
        // The last byte is then perhaps that of the other stream.
        if !self.errors().is_empty() {
            return self;
        }
        let end = self.kept.ending();
        let blank = [&b"\n"[..], b"\r\n"]
            .into_iter()
            .find(|blank| end.strip_suffix(*blank).is_some_and(|before| before.ends_with(b"\n")));
        if let Some(blank) = blank
            && self.log.take_back(blank.len())
        {
            self.kept.take_back(blank.len());
        }
        self
    }

    /// How many bytes were printed, on both streams.
    pub fn length(&self) -> u64 {
        self.kept.length() + self.errors.length()
    }

    /// How many bytes of standard output are not among [`Captured::bytes`].
    pub fn left_out(&self) -> u64 {
        self.kept.length() - self.kept.beginning().len() as u64
    }

    /// How many bytes were printed and are nowhere: only what prints on and on has any.
    pub fn dropped(&self) -> u64 {
        self.log.dropped()
    }

    /// The beginning of standard output, of [`KEPT`] bytes at most.
    pub fn bytes(&self) -> &[u8] {
        self.kept.beginning()
    }

    /// The same as text, with U+FFFD for what is no UTF-8.
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(self.bytes())
    }

    /// The beginning of standard error, where that was kept apart.
    pub fn errors(&self) -> &[u8] {
        self.errors.beginning()
    }

    /// The first bytes so far, up to this many.
    pub(super) fn beginning(&self, most: usize) -> Output {
        let kept = self.kept.beginning();
        Output(kept[..kept.len().min(most)].to_vec())
    }

    /// The last bytes so far: some hundred kilobytes of them at least, where there are as
    /// many.
    pub(super) fn ending(&self) -> &[u8] {
        self.kept.ending()
    }

    /// Its two ends with a word between them of what was left out; all of it where that
    /// is not much.
    pub(super) fn abridged(&self) -> Output {
        let kept = self.kept.beginning();
        if self.left_out() == 0 {
            return Output(kept.to_vec());
        }
        let (start, end) = (&kept[..whole_characters(&kept[..KEPT / 2])], self.kept.ending());
        let left_out = self.kept.length() - (start.len() + end.len()) as u64;
        let note = format!("\n[labbook: {left_out} bytes were left out]\n");
        Output([start, note.as_bytes(), end].concat())
    }

    /// Gives all of it, piece by piece in the order in which it came.
    pub(super) fn chunks(
        &mut self,
        each: &mut dyn FnMut(Chunk<'_>) -> io::Result<()>,
    ) -> io::Result<()> {
        self.log.read(each)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All of it, a text for each piece.
    fn pieces(captured: &mut Captured) -> Vec<(Stream, u64, String)> {
        let mut pieces = Vec::new();
        let mut take = |Chunk { stream, at_ms, bytes }: Chunk<'_>| {
            pieces.push((stream, at_ms, String::from_utf8_lossy(bytes).into_owned()));
            Ok(())
        };
        captured.chunks(&mut take).expect("it can be read");
        pieces
    }

    fn of(pieces: &[(Stream, u64, &str)]) -> Captured {
        let mut captured = Captured::default();
        for (stream, at_ms, text) in pieces {
            captured.add(*stream, *at_ms, text.as_bytes()).expect("it can be written");
        }
        captured
    }

    #[test]
    fn what_comes_together_is_one_piece() {
        use Stream::{Stderr, Stdout};
        let mut captured = of(&[
            (Stdout, 3, "a"),
            (Stdout, 50, "b"),
            (Stderr, 60, "c"),
            (Stdout, 70, "d"),
            (Stdout, 900, "e"),
        ]);
        assert_eq!(
            pieces(&mut captured),
            [
                (Stdout, 3, "ab".to_owned()),
                (Stderr, 60, "c".to_owned()),
                (Stdout, 70, "d".to_owned()),
                (Stdout, 900, "e".to_owned()),
            ]
        );
        assert_eq!((captured.text().as_ref(), captured.errors()), ("abde", &b"c"[..]));
        assert_eq!((captured.length(), captured.left_out()), (5, 0));
    }

    #[test]
    fn much_is_whole_in_the_log_and_has_two_ends_in_memory() {
        let line = "0123456789abcdef".repeat(4096);
        let mut captured = Captured::default();
        let count = 3 * KEPT / line.len();
        for at in 0..count {
            captured.add(Stream::Both, at as u64, line.as_bytes()).expect("it can be written");
        }
        captured.add(Stream::Both, 9000, b"end").expect("it can be written");
        assert_eq!(captured.bytes().len(), KEPT);
        assert_eq!(captured.left_out(), 2 * KEPT as u64 + 3);
        assert!(captured.ending().ends_with(b"defend"));
        let whole: String = pieces(&mut captured).into_iter().map(|(_, _, text)| text).collect();
        assert!(whole == line.repeat(count) + "end");
        let abridged = captured.abridged();
        let text = abridged.text();
        let ended = captured.ending().len() as u64;
        let left_out = captured.length() - KEPT as u64 / 2 - ended;
        assert!(text.contains(&format!("f\n[labbook: {left_out} bytes were left out]\n")));
        assert!(text.starts_with("0123") && text.ends_with("defend") && text.len() < KEPT + 100);

        let mut part = of(&[(Stream::Both, 1, "<")]);
        let range = captured.length() - 5..captured.length() - 1;
        part.add_part(&mut captured, range).expect("it can be copied");
        assert_eq!(part.text(), "<efen");
    }

    #[test]
    fn a_blank_line_at_the_end_goes_alone() {
        let ends =
            |pieces: &[(Stream, u64, &str)]| of(pieces).without_blank_end().text().into_owned();
        assert_eq!(ends(&[(Stream::Both, 0, "a\n"), (Stream::Both, 500, "\n")]), "a\n");
        assert_eq!(ends(&[(Stream::Both, 0, "a\r\n\r\n")]), "a\r\n");
        assert_eq!(ends(&[(Stream::Both, 0, "a\n")]), "a\n");
    }
}
