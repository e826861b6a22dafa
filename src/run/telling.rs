//! What commands printed, on its way into the record.
//!
//! Every byte of an output that a record holds passes [`tell`], or [`tidied`] where it is
//! told as one text: what must not be in a record is replaced there, and nowhere else.

use std::io;

use super::Captured;
use super::captured::Chunk;
use super::paths;
use crate::plan::Mirrored;
use crate::record::{Output, Stream, whole_characters};

/// How long a line may be that is searched as a whole for the names of mirrored files.
const LONGEST_LINE: usize = 256 * 1024;

/// A text as it may stand in a record: where a command printed the file that was read for a
/// URL, with the URL.
pub(super) fn tidied(text: Vec<u8>, mirrored: &[Mirrored]) -> Output {
    paths::as_urls(Output(text), mirrored)
}

/// Tells all that was printed, piece by piece, with when it was printed. What belongs
/// together is in one piece: characters, and lines where something may be replaced.
pub(super) fn tell(
    captured: &mut Captured,
    mirrored: &[Mirrored],
    each: &mut dyn FnMut(Stream, u64, Output),
) -> io::Result<()> {
    let mut held: Vec<(Stream, u64, Vec<u8>)> = Vec::new();
    captured.chunks(&mut |Chunk { stream, at_ms, bytes }| {
        let mut piece = match held.iter().position(|(of, ..)| *of == stream) {
            Some(index) => held.swap_remove(index).2,
            None => Vec::with_capacity(bytes.len()),
        };
        piece.extend_from_slice(bytes);
        let rest = piece.split_off(border(&piece, !mirrored.is_empty()));
        if !rest.is_empty() {
            held.push((stream, at_ms, rest));
        }
        if !piece.is_empty() {
            each(stream, at_ms, tidied(piece, mirrored));
        }
        Ok(())
    })?;
    for (stream, at_ms, rest) in held {
        each(stream, at_ms, tidied(rest, mirrored));
    }
    Ok(())
}

/// Where the bytes can be parted.
fn border(bytes: &[u8], at_lines: bool) -> usize {
    if at_lines {
        if let Some(end) = bytes.iter().rposition(|byte| *byte == b'\n') {
            return end + 1;
        }
        if bytes.len() < LONGEST_LINE {
            return 0;
        }
        if let Some(end) = bytes.iter().rposition(|byte| !paths::in_path(*byte)) {
            return end + 1;
        }
    }
    whole_characters(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(pieces: &[(Stream, u64, &[u8])], mirrored: &[Mirrored]) -> Vec<(Stream, u64, String)> {
        let mut captured = Captured::default();
        for (stream, at_ms, bytes) in pieces {
            captured.add(*stream, *at_ms, bytes).expect("it can be written");
        }
        let mut told = Vec::new();
        let mut each = |stream, at_ms, output: Output| {
            told.push((stream, at_ms, output.text().into_owned()));
        };
        tell(&mut captured, mirrored, &mut each).expect("it can be read");
        told
    }

    #[test]
    fn characters_are_not_parted() {
        use Stream::{Stderr, Stdout};
        let pieces: [(_, _, &[u8]); 4] = [
            (Stdout, 0, b"a\xe6\xbc"),
            (Stderr, 500, "\u{e4}".as_bytes()),
            (Stdout, 900, b"\xa2b"),
            (Stdout, 1500, b"\xe6"),
        ];
        assert_eq!(
            told(&pieces, &[]),
            [
                (Stdout, 0, "a".to_owned()),
                (Stderr, 500, "\u{e4}".to_owned()),
                (Stdout, 900, "\u{6f22}b".to_owned()),
                (Stdout, 1500, "\u{fffd}".to_owned()),
            ]
        );
    }

    #[test]
    fn the_name_of_a_mirrored_file_is_found_in_pieces() {
        let mirrored =
            [Mirrored { url: "https://example.com/a".to_owned(), file: "/book/mirror/a".into() }];
        let pieces: [(_, _, &[u8]); 3] = [
            (Stream::Both, 0, b"one\nin /book/mir"),
            (Stream::Both, 500, b"ror/a"),
            (Stream::Both, 900, b": no\n"),
        ];
        assert_eq!(
            told(&pieces, &mirrored),
            [
                (Stream::Both, 0, "one\n".to_owned()),
                (Stream::Both, 900, "in https://example.com/a: no\n".to_owned()),
            ]
        );
        assert_eq!(told(&pieces, &[]).len(), 3);
    }
}
