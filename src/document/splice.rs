//! Replacing lines of a page and nothing else.

use std::ops::Range;

use super::Document;
use super::fence::{Fence, FenceLine};
use super::marks::{TAB, is_invisible, mark_line};
use super::text::same_length_text;

/// New content for a run of lines inside a fence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replacement {
    /// The first line that is replaced, counted from 1.
    pub first_line: usize,
    /// The last line that is replaced.
    pub last_line: usize,
    /// The new lines, joined by `\n`, with no final line end and without their
    /// container's prefix: splicing adds the prefix and line ends of the place.
    /// An empty text takes the lines away.
    pub text: Vec<u8>,
}

pub(super) fn splice(document: &Document, replacements: &[Replacement]) -> Vec<u8> {
    let mut edits: Vec<(Range<usize>, Vec<u8>)> = Vec::new();
    // The fence that the walk is in, and the longest run of its marks so far:
    // those of one fence stand in a row.
    let mut current: Option<(&Fence, usize)> = None;
    for replacement in replacements {
        let fence = fence_around(document, replacement);
        let span = document.lines.content(replacement.first_line).start
            ..document.lines.end(replacement.last_line).end;
        edits.push((span, lines_of(document, replacement, fence)));
        let Some(fence) = fence else { continue };
        let longest = longest_marks(document, fence, replacement);
        current = match current.take() {
            Some((same, so_far)) if same.open == fence.open => Some((same, so_far.max(longest))),
            left => {
                edits.extend(left.into_iter().flat_map(longer_marks));
                Some((fence, longest))
            }
        };
    }
    edits.extend(current.into_iter().flat_map(longer_marks));
    edits.sort_by_key(|(span, _)| span.start);
    let mut page = Vec::with_capacity(document.bytes().len());
    let mut at = 0;
    for (span, bytes) in edits {
        page.extend_from_slice(&document.bytes()[at..span.start]);
        page.extend_from_slice(&bytes);
        at = span.end;
    }
    page.extend_from_slice(&document.bytes()[at..]);
    page
}

/// The fence that the lines of a replacement stand in.
fn fence_around<'d>(document: &'d Document, replacement: &Replacement) -> Option<&'d Fence> {
    let fences = document.fences();
    let after = fences.partition_point(|fence| fence.open < replacement.first_line);
    let fence = fences.get(after.checked_sub(1)?)?;
    (replacement.last_line <= fence.last_line()).then_some(fence)
}

/// What is put to a fence's marks so that a run of `longest` marks inside does
/// not close it.
fn longer_marks((fence, longest): (&Fence, usize)) -> Vec<(Range<usize>, Vec<u8>)> {
    let has = fence.close_marks.iter().map(Range::len).fold(fence.open_marks.len(), usize::min);
    if longest < has {
        return Vec::new();
    }
    let at_end = |marks: &Range<usize>| {
        (marks.end..marks.end, vec![fence.mark; (longest + 1).saturating_sub(marks.len())])
    };
    std::iter::once(&fence.open_marks).chain(&fence.close_marks).map(at_end).collect()
}

/// The bytes of a replacement's lines, with prefixes and line ends.
fn lines_of(document: &Document, replacement: &Replacement, fence: Option<&Fence>) -> Vec<u8> {
    if replacement.text.is_empty() {
        return Vec::new();
    }
    let (first, last) = (replacement.first_line, replacement.last_line);
    let usual_end = line_end(document, fence.map_or(first.saturating_sub(1), |fence| fence.open));
    let new: Vec<&[u8]> = replacement.text.split(|&byte| byte == b'\n').collect();
    let prefix = fence.map(|fence| prefix(document, fence, &new)).unwrap_or_default();
    let mut bytes = Vec::new();
    for (index, text) in new.iter().enumerate() {
        let number = first + index;
        match fence.filter(|fence| is_there(document, fence, number, last, text)) {
            // The same line stays as it is, its prefix and its blanks included.
            Some(_) => bytes.extend_from_slice(&document.bytes()[document.line(number)]),
            _ if text.is_empty() => bytes.extend_from_slice(prefix.trim_ascii_end()),
            _ => {
                bytes.extend_from_slice(&prefix);
                bytes.extend_from_slice(text);
            }
        }
        if index + 1 == new.len() {
            bytes.extend_from_slice(line_end(document, last));
        } else if number < last {
            bytes.extend_from_slice(line_end(document, number));
        } else {
            bytes.extend_from_slice(usual_end);
        }
    }
    bytes
}

/// Whether `text` stands on the line `number` already, which is none after `last`.
fn is_there(document: &Document, fence: &Fence, number: usize, last: usize, text: &[u8]) -> bool {
    let line = number.checked_sub(fence.open + 1).and_then(|index| fence.lines.get(index));
    line.is_some_and(|line: &FenceLine| {
        number <= last && line.padding == 0 && document.bytes()[line.content.clone()] == *text
    })
}

fn line_end(document: &Document, number: usize) -> &[u8] {
    &document.bytes()[document.lines.end(number)]
}

/// What stands before each new line of a fence: what stands before its first line
/// with content, or else before its opening fence. So does a new line with blanks of
/// its own get, where the old ones are not as far to the right as the fence: the
/// fence takes as many blanks away.
fn prefix(document: &Document, fence: &Fence, new: &[&[u8]]) -> Vec<u8> {
    let open = document.line(fence.open).start..fence.open_marks.start;
    let column = columns(&document.bytes()[open.clone()]);
    let indented = new.iter().any(|line| line.starts_with(b" ") || line.starts_with(b"\t"));
    if let Some(line) = fence.lines.iter().find(|line| !line.content.is_empty()) {
        let mut prefix =
            document.bytes()[document.line(line.number).start..line.content.start].to_vec();
        if line.padding > 0 && prefix.last() == Some(&b'\t') {
            prefix.pop();
            prefix.extend(std::iter::repeat_n(b' ', TAB - line.padding.min(TAB)));
        }
        if !indented || columns(&prefix) >= column {
            return prefix;
        }
    }
    let before = &document.text()[open];
    // A list's marker stands on its first line only; a quote's on each.
    let blank = |c: char| if matches!(c, '>' | '\t') { c } else { ' ' };
    before.chars().filter(|c| !is_invisible(*c)).map(blank).collect::<String>().into_bytes()
}

/// The longest run of a fence's own marks that begins a new line: it would close the
/// fence, or seem to open another one.
fn longest_marks(document: &Document, fence: &Fence, replacement: &Replacement) -> usize {
    let (text, _) = same_length_text(replacement.text.clone());
    let before = document.line(fence.open).start..fence.open_marks.start;
    let column = columns(&document.bytes()[before]);
    let mut start = 0;
    let mut longest = 0;
    for (index, line) in replacement.text.split(|&byte| byte == b'\n').enumerate() {
        let number = replacement.first_line + index;
        let content = start..start + line.len();
        start = content.end + 1;
        if is_there(document, fence, number, replacement.last_line, line) {
            continue;
        }
        if let Some(marks) = mark_line(&text, number, content, column)
            && marks.may_concern(fence.mark, column, 0)
        {
            longest = longest.max(marks.marks.len());
        }
    }
    longest
}

/// How many columns a line's beginning takes.
fn columns(bytes: &[u8]) -> usize {
    bytes.iter().fold(0, |column, byte| match byte {
        b'\t' => column + TAB - column % TAB,
        _ => column + 1,
    })
}
