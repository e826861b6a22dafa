//! The bytes of a page, its lines and fences with their places, and splicing.
//!
//! Nothing here runs or judges anything, and no Markdown is ever printed from a
//! tree: a page is changed by replacing lines of its own bytes.

mod authors;
mod fence;
mod lines;
mod marks;
mod pairing;
mod parse;
mod splice;
mod tabs;
mod text;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::ops::Range;

pub use fence::{Fence, FenceLine, Flaw};
pub use splice::Replacement;
pub use tabs::Tab;

use lines::Lines;

/// A page as bytes, with the places of its lines and fences.
#[derive(Debug, Clone)]
pub struct Document {
    text: String,
    /// The page's bytes, where they are not the text's.
    bytes: Option<Vec<u8>>,
    lines: Lines,
    fences: Vec<Fence>,
    comments: Vec<Comment>,
    unfenced: Vec<Range<usize>>,
    too_deep: Option<usize>,
}

/// An HTML comment of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// Its bytes, from `<!--` to `-->` (or to the end of its block, where it is
    /// never closed).
    pub span: Range<usize>,
    /// What stands between the two, trimmed.
    pub text: String,
}

impl Document {
    /// Reads the structure of a page. Never fails: any bytes are a page.
    pub fn new(bytes: Vec<u8>) -> Self {
        let lines = Lines::new(&bytes);
        let (text, bytes) = text::same_length_text(bytes);
        let marks = marks::mark_lines(&text, &lines);
        let (readable, too_deep) = text::for_the_parser(&text, &lines, &marks);
        let blocks = parse::blocks(&readable, &text, &lines);
        drop(readable);
        let authors::Meant { mut fences, comments, unfenced } =
            authors::meant(&text, &lines, marks, blocks);
        tabs::assign(&text, &lines, &mut fences);
        Self { text, bytes, lines, fences, comments, unfenced, too_deep }
    }

    /// The page, byte for byte.
    pub fn bytes(&self) -> &[u8] {
        self.bytes.as_deref().unwrap_or(self.text.as_bytes())
    }

    /// The page as text of exactly as many bytes, so that places in one are
    /// places in the other: each byte that is no UTF-8 is a `?` here.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many physical lines the page has (split on `\n`).
    pub fn line_count(&self) -> usize {
        self.lines.count()
    }

    /// The bytes of line `number`, counted from 1, without its line end. Empty,
    /// at the end of the page, for a number that the page does not have.
    pub fn line(&self, number: usize) -> Range<usize> {
        self.lines.content(number)
    }

    /// The number of the line, counted from 1, that holds the byte at `offset`.
    pub fn line_of(&self, offset: usize) -> usize {
        self.lines.number(offset)
    }

    /// The fenced code blocks, in the order of the page.
    pub fn fences(&self) -> &[Fence] {
        &self.fences
    }

    /// The HTML comments outside fences, in the order of the page.
    pub fn comments(&self) -> &[Comment] {
        &self.comments
    }

    /// The bytes of the blocks of code that are no fences, in the order of the page:
    /// indented ones, and HTML's `<pre>`.
    pub fn unfenced(&self) -> &[Range<usize>] {
        &self.unfenced
    }

    /// The first line with lists or quotes so deep inside each other that they are
    /// not read as such.
    pub fn too_deep(&self) -> Option<usize> {
        self.too_deep
    }

    /// The text of a fence's line without its container's prefix; bytes that
    /// are no UTF-8 are replaced by U+FFFD.
    pub fn fence_line_text(&self, line: &FenceLine) -> Cow<'_, str> {
        let text = match &self.bytes {
            None => Cow::Borrowed(&self.text[line.content.clone()]),
            Some(bytes) => String::from_utf8_lossy(&bytes[line.content.clone()]),
        };
        if line.padding == 0 { text } else { Cow::Owned(" ".repeat(line.padding) + &text) }
    }

    /// What the Markdown parser is asked for, to be measured beside labbook.
    #[doc(hidden)]
    pub fn parser_options() -> pulldown_cmark::Options {
        parse::options()
    }

    /// The page with each replacement in place of its lines, and every other
    /// byte as it was. Replacements are ordered and do not overlap.
    ///
    /// New lines get the prefix of their container (list, quote) and the line
    /// end of their place. A line that would close its fence makes the fence's
    /// own marks longer, so that what was inside stays inside.
    pub fn splice(&self, replacements: &[Replacement]) -> Vec<u8> {
        splice::splice(self, replacements)
    }
}
