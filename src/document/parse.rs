//! Fences and comments of a page, as the Markdown parser sees them.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::Comment;
use super::fence::{Fence, FenceLine, language};
use super::lines::Lines;

/// A byte order mark, which is no part of the first line's Markdown.
const BOM: &str = "\u{feff}";

/// The bytes as text of the same length: what is no UTF-8 is `?`. A lone `\r`,
/// which Markdown takes for a line end and we do not, is a space.
pub(super) fn same_length_text(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| '?'));
    }
    if !text.contains('\r') {
        return text;
    }
    let mut characters = text.chars().peekable();
    let mut plain = String::with_capacity(text.len());
    while let Some(character) = characters.next() {
        let lone = character == '\r' && characters.peek() != Some(&'\n');
        plain.push(if lone { ' ' } else { character });
    }
    plain
}

/// The fences and the comments of a page.
pub(super) fn structure(text: &str, lines: &Lines) -> (Vec<Fence>, Vec<Comment>) {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let skipped = if text.starts_with(BOM) { BOM.len() } else { 0 };
    let mut fences = Vec::new();
    let mut comments = Vec::new();
    let mut open: Option<(String, Range<usize>, Vec<Piece>)> = None;
    for (event, range) in Parser::new_ext(&text[skipped..], options).into_offset_iter() {
        let range = range.start + skipped..range.end + skipped;
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                open = Some((info.trim().to_owned(), range, Vec::new()));
            }
            Event::Text(piece) => {
                if let Some((_, _, pieces)) = &mut open {
                    pieces.push(Piece { length: piece.len(), range });
                }
            }
            Event::End(TagEnd::CodeBlock) => {
                if let Some((info, range, pieces)) = open.take() {
                    fences.push(fence(text, lines, info, &range, &pieces));
                }
            }
            Event::Start(Tag::HtmlBlock) | Event::InlineHtml(_) => {
                find_comments(text, range, &mut comments);
            }
            _ => {}
        }
    }
    (fences, comments)
}

/// A piece of a fence's content as the parser gives it.
struct Piece {
    range: Range<usize>,
    /// The length of the text. More than the range's where the parser made
    /// spaces up for the rest of a tab.
    length: usize,
}

fn fence(text: &str, lines: &Lines, info: String, range: &Range<usize>, pieces: &[Piece]) -> Fence {
    let bytes = text.as_bytes();
    let mark = bytes[range.start];
    let open_marks = range.start..range.start + run_length(&bytes[range.start..], mark);
    let open = lines.number(range.start);
    let last = lines.number(range.end - 1);
    let mut inside = Vec::new();
    let mut close_marks = None;
    let mut rest = pieces;
    for number in open + 1..=last {
        let (place, padding) = place_in_line(lines, number, &mut rest);
        let content = lines.content(number);
        if place.is_none() && number == last {
            close_marks = closing_marks(bytes, &content, mark);
        }
        if close_marks.is_none() {
            let start = place.unwrap_or(content.end).min(content.end);
            inside.push(FenceLine { number, content: start..content.end, padding });
        }
    }
    let close = close_marks.is_some().then_some(last);
    Fence {
        open,
        close,
        language: language(&info),
        info,
        lines: inside,
        mark,
        open_marks,
        close_marks,
    }
}

/// Where the content of a line begins, if the parser gave any for it, and how
/// many spaces it made up. Takes from `pieces` those that end in this line.
fn place_in_line(lines: &Lines, number: usize, pieces: &mut &[Piece]) -> (Option<usize>, usize) {
    let start = lines.content(number).start;
    let end = lines.end(number).end;
    let mut place = None;
    let mut padding = 0;
    while let Some((piece, rest)) = pieces.split_first() {
        if piece.range.start >= end {
            break;
        }
        if piece.range.is_empty() {
            padding += piece.length;
        } else if piece.range.end > start {
            place = place.or(Some(piece.range.start.max(start)));
        }
        if piece.range.end > end {
            // It goes on in the next line.
            break;
        }
        *pieces = rest;
    }
    (place, padding)
}

/// The run of marks at the end of a line that holds nothing else of the fence.
fn closing_marks(bytes: &[u8], line: &Range<usize>, mark: u8) -> Option<Range<usize>> {
    let trimmed = bytes[line.clone()].trim_ascii_end();
    let length = trimmed.iter().rev().take_while(|&&byte| byte == mark).count();
    let end = line.start + trimmed.len();
    (length > 0).then_some(end - length..end)
}

fn run_length(bytes: &[u8], mark: u8) -> usize {
    bytes.iter().take_while(|&&byte| byte == mark).count()
}

/// Adds the comments of a piece of HTML.
fn find_comments(text: &str, range: Range<usize>, comments: &mut Vec<Comment>) {
    let mut at = range.start;
    while let Some(found) = text[at..range.end].find("<!--") {
        let start = at + found;
        let inside = start + "<!--".len();
        let end = text[inside..range.end].find("-->").map(|length| inside + length);
        let span = start..end.map_or(range.end, |end| end + "-->".len());
        at = span.end;
        comments
            .push(Comment { text: text[inside..end.unwrap_or(range.end)].trim().to_owned(), span });
    }
}
