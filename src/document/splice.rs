//! Replacing lines of a page and nothing else.

use super::Document;
use super::fence::{Fence, FenceLine};

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

/// The width of a tab, as Markdown counts columns.
const TAB: usize = 4;

pub(super) fn splice(document: &Document, replacements: &[Replacement]) -> Vec<u8> {
    let mut edits: Vec<(std::ops::Range<usize>, Vec<u8>)> = Vec::new();
    // The fence that the walk is in, and the longest run of its marks so far:
    // those of one fence stand in a row.
    let mut current: Option<(&Fence, usize)> = None;
    for replacement in replacements {
        let fence = fence_around(document, replacement);
        let span = document.lines.content(replacement.first_line).start
            ..document.lines.end(replacement.last_line).end;
        edits.push((span, lines_of(document, replacement, fence)));
        let Some(fence) = fence else { continue };
        let longest = longest_marks(fence, &replacement.text);
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
    let mut page = Vec::with_capacity(document.bytes.len());
    let mut at = 0;
    for (span, bytes) in edits {
        page.extend_from_slice(&document.bytes[at..span.start]);
        page.extend_from_slice(&bytes);
        at = span.end;
    }
    page.extend_from_slice(&document.bytes[at..]);
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
fn longer_marks((fence, longest): (&Fence, usize)) -> Vec<(std::ops::Range<usize>, Vec<u8>)> {
    let has = fence.open_marks.len();
    if longest < has {
        return Vec::new();
    }
    let at_end = |marks: &std::ops::Range<usize>| {
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
    let prefix = fence.map(|fence| prefix(document, fence)).unwrap_or_default();
    let usual_end = line_end(document, fence.map_or(first.saturating_sub(1), |fence| fence.open));
    let new: Vec<&[u8]> = replacement.text.split(|&byte| byte == b'\n').collect();
    let mut bytes = Vec::new();
    for (index, text) in new.iter().enumerate() {
        let number = first + index;
        let old =
            (number <= last).then(|| fence.and_then(|fence| line_at(fence, number))).flatten();
        match old {
            // The same line stays as it is, its prefix and its blanks included.
            Some(old) if old.padding == 0 && document.bytes[old.content.clone()] == **text => {
                bytes.extend_from_slice(&document.bytes[document.line(number)]);
            }
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

fn line_at(fence: &Fence, number: usize) -> Option<&FenceLine> {
    fence.lines.get(number.checked_sub(fence.open + 1)?).filter(|line| line.number == number)
}

fn line_end(document: &Document, number: usize) -> &[u8] {
    &document.bytes[document.lines.end(number)]
}

/// What stands before the content of each line of a fence: that of its first
/// line with content, or else that of its closing or opening fence.
fn prefix(document: &Document, fence: &Fence) -> Vec<u8> {
    if let Some(line) = fence.lines.iter().find(|line| !line.content.is_empty()) {
        let mut prefix =
            document.bytes[document.line(line.number).start..line.content.start].to_vec();
        if line.padding > 0 && prefix.last() == Some(&b'\t') {
            prefix.pop();
            prefix.extend(std::iter::repeat_n(b' ', TAB - line.padding.min(TAB)));
        }
        return prefix;
    }
    if let Some(close) = &fence.close_marks {
        return document.bytes[document.line(document.line_of(close.start)).start..close.start]
            .to_vec();
    }
    let open = document.line(fence.open).start..fence.open_marks.start;
    // A list's marker stands on its first line only; a quote's on each.
    document.bytes[open]
        .iter()
        .map(|&byte| if matches!(byte, b'>' | b'\t') { byte } else { b' ' })
        .collect()
}

/// The longest run of a fence's own marks that begins a line of `text`.
fn longest_marks(fence: &Fence, text: &[u8]) -> usize {
    let runs = text.split(|&byte| byte == b'\n').map(|line| {
        // Four blanks or a tab before them make marks an ordinary line.
        let blanks = line.iter().take_while(|&&byte| byte == b' ').count();
        let line = line[if blanks < TAB { blanks } else { 0 }..].trim_ascii_end();
        let run = line.iter().take_while(|&&byte| byte == fence.mark).count();
        if run == line.len() { run } else { 0 }
    });
    runs.max().unwrap_or(0)
}
