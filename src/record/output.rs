//! What programs print, as bytes: in a record a string where they are UTF-8.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::ser::SerializeStruct as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Less than this is a string also where it is hardly any text.
const SHORT: usize = 1024;

/// Bytes that a program printed. In the record: a string where they are text,
/// `{"base64": "…"}` otherwise.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Output(pub Vec<u8>);

impl Output {
    /// The text, with U+FFFD for what is no UTF-8.
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.0)
    }

    /// The text, where it is one in a record.
    pub(super) fn as_text(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok().filter(|text| !is_binary(text))
    }
}

impl Serialize for Output {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Some(text) = self.as_text() {
            return serializer.serialize_str(text);
        }
        let mut form = serializer.serialize_struct("Output", 1)?;
        form.serialize_field("base64", &STANDARD.encode(&self.0))?;
        form.end()
    }
}

/// Whether what happens to be UTF-8 is no text, as a device full of NULs: each of them has
/// six bytes in a JSON string.
fn is_binary(text: &str) -> bool {
    let escaped = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x1b);
    text.len() > SHORT
        && text.as_bytes().iter().filter(|byte| escaped(byte)).count() > text.len() / 8
}

impl<'de> Deserialize<'de> for Output {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form {
            Text(String),
            Bytes { base64: String },
        }
        match Form::deserialize(deserializer)? {
            Form::Text(text) => Ok(Self(text.into_bytes())),
            Form::Bytes { base64 } => {
                STANDARD.decode(base64).map(Self).map_err(serde::de::Error::custom)
            }
        }
    }
}

/// Where something was printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stream {
    /// On standard output or standard error, which are one.
    #[default]
    Both,
    /// On standard output, where the page keeps the two apart.
    Stdout,
    /// On standard error, where the page keeps the two apart.
    Stderr,
}

/// A piece of what an attempt printed. Together, in order, the pieces of an attempt are
/// all that it printed; they stand before the attempt's end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutputChunk {
    /// The step's index, counted from 0.
    pub step: usize,
    /// Counted from 1.
    pub attempt: u32,
    /// Where it was printed.
    pub stream: Stream,
    /// When it was printed, since the attempt began.
    pub at_ms: u64,
    /// What was printed: whole characters, where it is text.
    pub output: Output,
}

/// How many of the bytes are whole characters, where they are UTF-8 that was cut
/// somewhere; all of them where they are none.
pub(crate) fn whole_characters(bytes: &[u8]) -> usize {
    // A character has four bytes at most, and all but its first are 10xxxxxx.
    let from = bytes.len().saturating_sub(3);
    let Some(start) = bytes[from..].iter().rposition(|byte| byte & 0xC0 != 0x80) else {
        return bytes.len();
    };
    match std::str::from_utf8(&bytes[from + start..]) {
        Err(error) if error.error_len().is_none() => from + start + error.valid_up_to(),
        _ => bytes.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Output, whole_characters};

    #[test]
    fn bytes_that_are_no_text_survive() {
        for (bytes, written) in [
            (&b"a\0\"\n"[..], r#""a\u0000\"\n""#),
            ("ä漢".as_bytes(), "\"ä漢\""),
            (b"\xff\0", r#"{"base64":"/wA="}"#),
        ] {
            let output = Output(bytes.to_vec());
            assert_eq!(serde_json::to_string(&output).expect("JSON"), written);
            assert_eq!(serde_json::from_str::<Output>(written).expect("an output"), output);
        }
        assert!(serde_json::from_str::<Output>(r#"{"base64":"?"}"#).is_err());
        let zeros = serde_json::to_string(&Output(vec![0; 3000])).expect("JSON");
        assert_eq!(zeros, format!("{{\"base64\":\"{}\"}}", "A".repeat(4000)));
    }

    #[test]
    fn a_character_is_whole_or_left_out() {
        let text = "a漢🎉";
        let ends = [0, 1, 1, 1, 4, 4, 4, 4, 8];
        for (cut, whole) in ends.into_iter().enumerate() {
            assert_eq!(whole_characters(&text.as_bytes()[..cut]), whole, "{cut}");
        }
        assert_eq!(whole_characters(b"a\xff"), 2);
        assert_eq!(whole_characters(b"\x80\x80\x80\x80"), 4);
    }
}
