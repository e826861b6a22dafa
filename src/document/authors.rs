//! The fences that the page's author meant.
//!
//! Markdown's own reading is kept wherever the lines of marks agree with it. Where
//! they do not (a fence that is indented too far or stands in HTML, a closing fence
//! that is none, one that was forgotten), a walk over those lines pairs them, and
//! says what is wrong. It goes on from there: one lost mark turns all that follows
//! into its opposite for the parser.

use std::ops::Range;

use super::Comment;
use super::fence::{Fence, FenceLine, Flaw, language};
use super::lines::Lines;
use super::marks::{MarkLine, Rest, content_start, is_invisible};
use super::pairing::{Marks, Next};
use super::parse::{Blocks, find_comments};

/// What the author of a page meant, each in the order of the page.
pub(super) struct Meant {
    pub(super) fences: Vec<Fence>,
    pub(super) comments: Vec<Comment>,
    /// Blocks of code that are no fences.
    pub(super) unfenced: Vec<Range<usize>>,
}

/// The fences, comments and other blocks of code of a page, from its lines of marks and
/// from what the parser made of it.
pub(super) fn meant(text: &str, lines: &Lines, mut marks: Vec<MarkLine>, blocks: Blocks) -> Meant {
    let mut hidden = blocks.hidden.iter().peekable();
    marks.retain(|mark| {
        while hidden.next_if(|range| range.end <= mark.marks.start).is_some() {}
        hidden.peek().is_none_or(|range| mark.marks.start < range.start)
    });
    let mut walk = Walk {
        text,
        lines,
        marks: Marks::new(marks),
        html: blocks.html,
        fences: Vec::with_capacity(blocks.fences.len()),
        misread: Vec::new(),
        differs: false,
    };
    walk.all(blocks.fences);
    let mut comments = blocks.comments;
    if walk.differs {
        comments = walk.comments(comments);
    }
    // Where the parser saw an indented block, the author may have meant a fence.
    let mut unfenced = blocks.unfenced;
    let mut fences = walk.fences.iter().peekable();
    unfenced.retain(|block| {
        while fences.next_if(|fence| lines.end(fence.last_line()).end <= block.start).is_some() {}
        fences.peek().is_none_or(|fence| block.end <= lines.content(fence.open).start)
    });
    Meant { fences: walk.fences, comments, unfenced }
}

struct Walk<'a> {
    text: &'a str,
    lines: &'a Lines,
    marks: Marks,
    html: Vec<Range<usize>>,
    fences: Vec<Fence>,
    /// The lines of what the parser took for fences and the author did not mean.
    misread: Vec<Range<usize>>,
    /// Some fence is not the parser's.
    differs: bool,
}

/// Where a fence ends.
enum End {
    /// At the line of marks of this index.
    Closed(usize),
    /// With this line, which is one of its own.
    After(usize),
}

impl Walk<'_> {
    fn all(&mut self, parsed: Vec<Fence>) {
        let mut parsed = parsed.into_iter().peekable();
        let mut at = 0;
        loop {
            let after = self.fences.last().map_or(0, Fence::last_line);
            while let Some(wrong) = parsed.next_if(|fence| fence.open <= after) {
                self.misread.push(wrong.open..wrong.last_line() + 1);
            }
            while self.marks.get(at).is_some_and(|mark| mark.line <= after) {
                at += 1;
            }
            let line = self.marks.get(at).map(|mark| mark.line);
            match (line, parsed.peek().map(|fence| fence.open)) {
                (None, None) => break,
                (Some(line), Some(open)) if line == open => {
                    let Some(fence) = parsed.next() else { break };
                    let fence = self.checked(at, fence);
                    self.fences.push(fence);
                }
                (Some(line), open) if open.is_none_or(|open| line < open) => {
                    match self.unseen(at) {
                        Some(fence) => {
                            self.differs = true;
                            self.fences.push(fence);
                        }
                        None => at += 1,
                    }
                }
                // Its opening fence stands behind what only the parser knows.
                _ => self.fences.extend(parsed.next()),
            }
        }
    }

    /// The fence that the parser found at the line of marks `at`, or what its author
    /// meant instead.
    fn checked(&mut self, at: usize, fence: Fence) -> Fence {
        if is_markdown(&fence.language)
            && let Some(end) = self.marks.outer_end(at)
        {
            let same = fence.close == Some(self.marks[end].line);
            return if same { fence } else { self.instead(&fence, at, &End::Closed(end), None) };
        }
        let last = fence.last_line();
        match fence.close {
            Some(close) => match self.marks.next(at, close - 1) {
                Next::Closes(end) if self.is_closed_by(end, close) => {
                    self.instead(&fence, at, &End::Closed(end), Some(Flaw::Closer))
                }
                Next::Opens(other) => self.forgotten(&fence, at, other),
                Next::Closes(_) | Next::None => fence,
            },
            None => match self.marks.next(at, usize::MAX) {
                Next::Opens(other) if self.marks[other].line <= last => {
                    self.forgotten(&fence, at, other)
                }
                Next::Closes(end) if self.marks[end].line <= last => {
                    self.instead(&fence, at, &End::Closed(end), Some(Flaw::Closer))
                }
                Next::Closes(end) if self.escapes(at, end, last) => {
                    self.instead(&fence, at, &End::Closed(end), Some(Flaw::Escapes))
                }
                _ => match self.marks.shorter(at, last) {
                    Some(end) => self.instead(&fence, at, &End::Closed(end), Some(Flaw::Closer)),
                    None => fence,
                },
            },
        }
    }

    /// Whether the line of marks `end` was meant to close the fence that the parser
    /// ends at the later line `close`.
    fn is_closed_by(&self, end: usize, close: usize) -> bool {
        // After the right one all others come in pairs.
        let fits = self.marks.on_line(close).is_some_and(|close| self.marks.pair_after(close));
        self.marks[end].rest != Rest::Blank || (!fits && self.marks.pair_after(end))
    }

    /// Whether the line of marks `end` was meant to close the fence at `at`, which
    /// the parser ended at line `last` with its list or quote.
    fn escapes(&self, at: usize, end: usize, last: usize) -> bool {
        if self.marks[at].quotes > self.marks[end].quotes {
            self.marks[end].line == last + 1
        } else {
            self.marks[at].quotes == 0 && self.marks.pair_after(end)
        }
    }

    /// A fence inside which another one opens before it is closed.
    fn forgotten(&mut self, fence: &Fence, at: usize, other: usize) -> Fence {
        let line = self.marks[other].line;
        match self.marks.shorter(at, line - 1) {
            Some(end) => self.instead(fence, at, &End::Closed(end), Some(Flaw::Closer)),
            None => self.instead(fence, at, &End::After(line - 1), Some(Flaw::Misnested { line })),
        }
    }

    /// The fence at `at` with another end than the parser's.
    fn instead(&mut self, parsed: &Fence, at: usize, end: &End, flaw: Option<Flaw>) -> Fence {
        self.misread.push(parsed.open..parsed.last_line() + 1);
        self.differs = true;
        self.fence(at, end, flaw.into_iter().collect())
    }

    /// A fence from its lines of marks alone.
    fn fence(&self, at: usize, end: &End, flaws: Vec<Flaw>) -> Fence {
        let opener = &self.marks[at];
        let info = self.text[opener.marks.end..self.lines.content(opener.line).end]
            .trim_matches(|c: char| c.is_whitespace() || is_invisible(c));
        let (close, last) = match end {
            End::Closed(end) => (Some(&self.marks[*end]), self.marks[*end].line - 1),
            End::After(line) => (None, *line),
        };
        let lines = (opener.line + 1..=last).map(|number| {
            let line = self.lines.content(number);
            let start = content_start(self.text, &line, opener.column, opener.quotes);
            FenceLine { number, content: start.at..line.end, padding: start.padding }
        });
        Fence {
            open: opener.line,
            close: close.map(|close| close.line),
            info: info.to_owned(),
            language: language(info),
            lines: lines.collect(),
            tab: None,
            flaws,
            mark: opener.mark,
            open_marks: opener.marks.clone(),
            close_marks: close.map(|close| close.marks.clone()),
        }
    }

    /// A fence that the parser does not see and the author meant.
    fn unseen(&self, at: usize) -> Option<Fence> {
        let mark = &self.marks[at];
        if !mark.opens() {
            return None;
        }
        let mut flaws = self.place(mark);
        let named = mark.rest != Rest::Blank;
        let end = match self.marks.next(at, usize::MAX) {
            Next::Closes(end) if named || self.marks.pair_after(end) => End::Closed(end),
            Next::Opens(other) if named => {
                let line = self.marks[other].line;
                if let Some(end) = self.marks.shorter(at, line - 1) {
                    flaws.push(Flaw::Closer);
                    End::Closed(end)
                } else {
                    flaws.push(Flaw::Misnested { line });
                    End::After(line - 1)
                }
            }
            Next::None if named => End::After(self.last_indented(mark)),
            _ => return None,
        };
        if let End::Closed(end) = end
            && self.marks[end].rest != Rest::Blank
            && !self.is_killercoda(end)
        {
            flaws.push(Flaw::Closer);
        }
        Some(self.fence(at, &end, flaws))
    }

    fn is_killercoda(&self, at: usize) -> bool {
        let mark = &self.marks[at];
        self.text[mark.marks.end..].trim_start().starts_with("{{")
    }

    /// Why the parser does not see a fence that opens here.
    fn place(&self, mark: &MarkLine) -> Vec<Flaw> {
        let inside = |ranges: &[Range<usize>], place: usize| {
            let after = ranges.partition_point(|range| range.start <= place);
            after > 0 && place < ranges[after - 1].end
        };
        if mark.invisible {
            vec![Flaw::Invisible]
        } else if inside(&self.misread, mark.line) {
            // Another fence's fault.
            Vec::new()
        } else if inside(&self.html, mark.marks.start) {
            vec![Flaw::InHtml]
        } else {
            vec![Flaw::Indented]
        }
    }

    /// The last line after an opening fence that is never closed which stands as far
    /// to the right.
    fn last_indented(&self, mark: &MarkLine) -> usize {
        let outside = |number: &usize| {
            let line = self.lines.content(*number);
            let blank = self.text[line.clone()].trim_ascii().is_empty();
            !blank && content_start(self.text, &line, mark.column, mark.quotes).short
        };
        let mut numbers = mark.line + 1..=self.lines.count();
        numbers.find(outside).map_or(self.lines.count(), |outside| outside - 1)
    }

    /// The parser's comments without those inside fences, and those in what it
    /// misread.
    fn comments(&self, mut comments: Vec<Comment>) -> Vec<Comment> {
        let mut fences = self.fences.iter().peekable();
        comments.retain(|comment| {
            let line = self.lines.number(comment.span.start);
            while fences.next_if(|fence| fence.last_line() < line).is_some() {}
            fences.peek().is_none_or(|fence| line < fence.open)
        });
        let mut fences = self.fences.iter().peekable();
        for misread in &self.misread {
            let mut line = misread.start;
            while line < misread.end {
                while fences.next_if(|fence| fence.last_line() < line).is_some() {}
                let (until, next) = match fences.peek() {
                    Some(fence) if fence.open <= line => (line, fence.last_line() + 1),
                    Some(fence) => (fence.open.min(misread.end), fence.open),
                    None => (misread.end, misread.end),
                };
                let text = self.lines.content(line).start..self.lines.content(until).start;
                find_comments(self.text, text, &mut comments);
                line = next;
            }
        }
        comments.sort_by_key(|comment| comment.span.start);
        comments
    }
}

/// Whether a fence of this language shows fences.
fn is_markdown(language: &str) -> bool {
    matches!(language, "markdown" | "md" | "mdx" | "rmarkdown" | "qmd")
}
