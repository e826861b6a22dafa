//! Fences, comments and HTML of a page, as the Markdown parser sees them.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::Comment;
use super::fence::{Fence, FenceLine, language};
use super::lines::Lines;

/// A byte order mark, which is no part of the first line's Markdown.
const BOM: &str = "\u{feff}";

/// What the parser found, each in the order of the page.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    pub(super) fences: Vec<Fence>,
    pub(super) comments: Vec<Comment>,
    /// Blocks of HTML.
    pub(super) html: Vec<Range<usize>>,
    /// Blocks of code that are no fences: indented ones, and `<pre>`.
    pub(super) unfenced: Vec<Range<usize>>,
    /// What no reader of the page sees as prose or fences: front matter, comments,
    /// scripts.
    pub(super) hidden: Vec<Range<usize>>,
}

/// The fences, comments and HTML of a page. `readable` is what the parser is given
/// for `text`.
pub(super) fn blocks(readable: &str, text: &str, lines: &Lines) -> Blocks {
    let begin = if readable.starts_with(BOM) { BOM.len() } else { 0 };
    let mut blocks = Blocks::default();
    let skipped = front_matter(readable, begin);
    if skipped > begin {
        blocks.hidden.push(begin..skipped);
    }
    let mut open: Option<(String, Range<usize>, Vec<Piece>)> = None;
    for (event, range) in Parser::new_ext(&readable[skipped..], options()).into_offset_iter() {
        let range = range.start + skipped..range.end + skipped;
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                open = Some((info.trim().to_owned(), range, Vec::new()));
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => blocks.unfenced.push(range),
            Event::Text(piece) => {
                if let Some((_, _, pieces)) = &mut open {
                    pieces.push(Piece { length: piece.len(), range });
                }
            }
            Event::End(TagEnd::CodeBlock) => {
                if let Some((info, range, pieces)) = open.take() {
                    blocks.fences.push(fence(text, lines, info, &range, &pieces));
                }
            }
            Event::Start(Tag::HtmlBlock) => {
                blocks.html.push(range.clone());
                if is_tagged(&text[range.clone()], "<pre") {
                    blocks.unfenced.push(range.clone());
                }
                if is_raw(&text[range.clone()]) {
                    blocks.hidden.push(range);
                } else {
                    blocks.find_comments(text, range);
                }
            }
            Event::InlineHtml(_) => blocks.find_comments(text, range),
            _ => {}
        }
    }
    blocks
}

/// What is read as Markdown, and so can hide a fence or a comment.
pub(super) fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM
}

/// Where a page's front matter ends that begins at `begin`: between two lines `---`. At
/// `begin` where there is none: further down, `---` is a rule.
fn front_matter(text: &str, begin: usize) -> usize {
    let mut lines = text[begin..].split_inclusive('\n');
    let mut end = begin + lines.next().map_or(0, str::len);
    let is_rule = |line: &str| line.trim_end() == "---";
    let first = &text[begin..end];
    let Some(second) = lines.clone().next() else {
        return begin;
    };
    // Its first line that says something gives a key a value.
    let is_key = |line: &str| {
        line.split_once(':').is_some_and(|(key, value)| {
            !key.trim().is_empty()
                && !key.trim().contains(' ')
                && (value.trim().is_empty() || value.starts_with(' '))
        })
    };
    let said = lines.clone().find(|line| !line.trim().is_empty() && !line.starts_with('#'));
    if !is_rule(first) || second.trim().is_empty() || !said.is_some_and(is_key) {
        return begin;
    }
    for line in lines {
        end += line.len();
        if is_rule(line) || line.trim_end() == "..." {
            return end;
        }
        if ["```", "~~~"].iter().any(|mark| line.starts_with(mark)) {
            return begin;
        }
    }
    begin
}

impl Blocks {
    fn find_comments(&mut self, text: &str, range: Range<usize>) {
        let before = self.comments.len();
        find_comments(text, range, &mut self.comments);
        self.hidden.extend(self.comments[before..].iter().map(|comment| comment.span.clone()));
    }
}

/// Adds the comments of a piece of text.
pub(super) fn find_comments(text: &str, range: Range<usize>, comments: &mut Vec<Comment>) {
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

/// Whether a block of HTML shows its text as it stands, or not at all.
fn is_raw(html: &str) -> bool {
    ["<pre", "<script", "<style", "<textarea"].iter().any(|tag| is_tagged(html, tag))
}

/// Whether a block of HTML begins with a tag.
fn is_tagged(html: &str, tag: &str) -> bool {
    let html = html.as_bytes();
    html.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag.as_bytes()))
        && html.get(tag.len()).is_none_or(|next| !next.is_ascii_alphanumeric())
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
    let mut inside = Vec::with_capacity(last - open);
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
        tab: None,
        flaws: Vec::new(),
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

/// The run of marks that ends a line which holds nothing else of the fence but,
/// perhaps, what was kept from the parser.
fn closing_marks(bytes: &[u8], line: &Range<usize>, mark: u8) -> Option<Range<usize>> {
    let line_bytes = &bytes[line.clone()];
    let start = line.start + line_bytes.iter().position(|&byte| byte == mark)?;
    let length = run_length(&bytes[start..line.end], mark);
    let rest = bytes[start + length..line.end].trim_ascii();
    (rest.is_empty() || rest.starts_with(b"{{")).then_some(start..start + length)
}

fn run_length(bytes: &[u8], mark: u8) -> usize {
    bytes.iter().take_while(|&&byte| byte == mark).count()
}
