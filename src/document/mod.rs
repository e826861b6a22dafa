//! The bytes of a page, its lines and fences with their places, and splicing.
//!
//! Nothing here runs or judges anything, and no Markdown is ever printed from a
//! tree: a page is changed by replacing lines of its own bytes.

use std::ops::Range;

/// A page as bytes, with the places of its lines and fences.
#[derive(Debug, Clone)]
pub struct Document {
    bytes: Vec<u8>,
}

impl Document {
    /// Reads the structure of a page. Never fails: any bytes are a page.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self { bytes }
    }

    /// The page, byte for byte.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How many physical lines the page has (split on `\n`).
    pub fn line_count(&self) -> usize {
        0
    }

    /// The bytes of line `number`, counted from 1, without its line end.
    pub fn line(&self, number: usize) -> Range<usize> {
        let _ = number;
        0..0
    }

    /// The page with each replacement in place of its lines, and every other
    /// byte as it was. Replacements are ordered and do not overlap.
    pub fn splice(&self, replacements: &[Replacement]) -> Vec<u8> {
        let _ = replacements;
        self.bytes.clone()
    }
}

/// New content for a run of lines inside a fence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replacement {
    /// The first line that is replaced, counted from 1.
    pub first_line: usize,
    /// The last line that is replaced.
    pub last_line: usize,
    /// The new lines, joined by `\n`, with no final line end and without their
    /// container's prefix: splicing adds the prefix and line ends of the place.
    pub text: Vec<u8>,
}
