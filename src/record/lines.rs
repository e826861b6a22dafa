//! The lines of pieces of outputs, as fast as outputs are long: a gigabyte of short lines has
//! half as many escapes, which the JSON library writes and reads one by one.
//!
//! What is written is the same as the library writes; what is no line as that is left to
//! the library to read.

use serde::Deserialize;

use super::{OutputChunk, Stream};

/// How such a line begins.
const BEGINNING: &[u8] = br#"{"event":"output","#;
/// What comes before the text, which is the last that a line has.
const BEFORE: &[u8] = br#","output":""#;
const AFTER: &[u8] = b"\"}\n";
/// Numbers of as many digits as there are do not move the text behind this.
const HEAD: usize = 200;

/// The line of a piece, without the library; none where it is not a text.
pub(super) fn write(chunk: &OutputChunk, line: &mut Vec<u8>) -> bool {
    let Some(text) = chunk.output.as_text() else {
        return false;
    };
    let OutputChunk { step, attempt, at_ms, .. } = chunk;
    let stream = match chunk.stream {
        Stream::Both => "both",
        Stream::Stdout => "stdout",
        Stream::Stderr => "stderr",
    };
    let head = format!(r#""step":{step},"attempt":{attempt},"stream":"{stream}","at_ms":{at_ms}"#);
    line.extend_from_slice(BEGINNING);
    line.extend_from_slice(head.as_bytes());
    line.extend_from_slice(BEFORE);
    line.reserve(2 * text.len());
    for &byte in text.as_bytes() {
        match escape(byte) {
            None => line.push(byte),
            Some(b'u') => line.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
            Some(letter) => line.extend_from_slice(&[b'\\', letter]),
        }
    }
    line.extend_from_slice(AFTER);
    true
}

/// What stands after the backslash for a byte; `u` where that is its number.
fn escape(byte: u8) -> Option<u8> {
    match byte {
        b'"' | b'\\' => Some(byte),
        0x20.. => None,
        b'\n' => Some(b'n'),
        b'\t' => Some(b't'),
        b'\r' => Some(b'r'),
        0x08 => Some(b'b'),
        0x0c => Some(b'f'),
        _ => Some(b'u'),
    }
}

/// What a line says of a piece without its text, and how long that is.
#[derive(Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Head {
    pub(super) step: usize,
    pub(super) attempt: u32,
    pub(super) stream: Stream,
    #[serde(skip)]
    pub(super) length: usize,
}

/// Reads a line as [`write`] writes it, but for the text; none where it is not one.
pub(super) fn head(line: &[u8]) -> Option<Head> {
    let rest = line.strip_prefix(BEGINNING)?.strip_suffix(AFTER)?;
    let before = memchr::memmem::find(&rest[..rest.len().min(HEAD)], BEFORE)?;
    let mut head: Head = serde_json::from_slice(&[b"{", &rest[..before], b"}"].concat()).ok()?;
    head.length = length(&rest[before + BEFORE.len()..])?;
    Some(head)
}

/// How many bytes a JSON string stands for; none where it is no string that [`write`]
/// writes.
fn length(text: &[u8]) -> Option<usize> {
    std::str::from_utf8(text).ok()?;
    let mut length = text.len();
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' => match bytes.next()? {
                b'n' | b't' | b'r' | b'b' | b'f' | b'"' | b'\\' => length -= 1,
                b'u' => {
                    let digits = bytes.as_slice().get(..4)?;
                    if !digits.starts_with(b"00")
                        || !digits[2..].iter().all(u8::is_ascii_hexdigit)
                        || !digits[2..].starts_with(b"0") && !digits[2..].starts_with(b"1")
                    {
                        return None;
                    }
                    bytes.nth(3)?;
                    length -= 5;
                }
                _ => return None,
            },
            b'"' | 0..=0x1f => return None,
            _ => {}
        }
    }
    Some(length)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::record::{Event, Output};

    proptest! {
        #[test]
        fn a_line_is_what_the_library_writes(
            text in "(?s)([\\x00-\\x7f]|\\PC|.){0,60}",
            step in 0..usize::MAX,
            at_ms in 0..u64::MAX,
            stream in prop::sample::select(vec![Stream::Both, Stream::Stdout, Stream::Stderr]),
        ) {
            let output = Output(text.clone().into_bytes());
            let chunk = OutputChunk { step, attempt: u32::MAX, stream, at_ms, output };
            let mut line = Vec::new();
            prop_assert!(write(&chunk, &mut line));
            let library = serde_json::to_string(&Event::Output(chunk)).expect("JSON") + "\n";
            prop_assert_eq!(std::str::from_utf8(&line), Ok(library.as_str()));
            let head = head(&line);
            prop_assert_eq!(
                head, Some(Head { step, attempt: u32::MAX, stream, length: text.len() })
            );
        }

        #[test]
        fn what_is_read_is_what_the_library_reads(text in "[\\\\\"nu01a{}, ]{0,12}") {
            let line = format!(
                "{{\"event\":\"output\",\"step\":1,\"attempt\":1,\"stream\":\"both\",\"at_ms\":0,\
                 \"output\":\"{text}\"}}\n"
            );
            if let Some(head) = head(line.as_bytes()) {
                let Event::Output(chunk) = serde_json::from_str(&line).expect("it is one") else {
                    panic!("{line}");
                };
                prop_assert_eq!(head.length, chunk.output.0.len());
            }
        }
    }
}
