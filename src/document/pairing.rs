//! Which line of marks ends a fence, judged by the lines of marks alone.

use super::marks::{FEWEST, MarkLine, Rest};

/// How many lines of marks that neither close a fence nor open one are looked at
/// beyond what the parser takes for the fence: each may be looked at again.
const LOOKAHEAD: usize = 1000;

/// The lines of marks of a page, in its order.
pub(super) struct Marks {
    lines: Vec<MarkLine>,
    /// For each of them, whether an odd number of blank ones follow before the next
    /// one with an info string, which surely opens a fence. After one that closes a
    /// fence the others come in pairs.
    odd: Vec<bool>,
}

/// The next line of marks that matters to a fence.
pub(super) enum Next {
    /// It closes the fence.
    Closes(usize),
    /// It opens another one.
    Opens(usize),
    /// There is none.
    None,
}

impl Marks {
    pub(super) fn new(lines: Vec<MarkLine>) -> Self {
        let mut odd = [false; 2];
        let mut follow: Vec<bool> = Vec::with_capacity(lines.len());
        for mark in lines.iter().rev() {
            let state = &mut odd[usize::from(mark.mark == b'~')];
            follow.push(*state);
            *state = match mark.rest {
                _ if mark.marks.len() < FEWEST => *state,
                Rest::Blank => !*state,
                Rest::Tail => true,
                Rest::Info | Rest::Words => false,
            };
        }
        follow.reverse();
        Self { lines, odd: follow }
    }

    pub(super) fn get(&self, at: usize) -> Option<&MarkLine> {
        self.lines.get(at)
    }

    /// Whether the lines after this one come in pairs, as they do where it closes a
    /// fence.
    pub(super) fn pair_after(&self, at: usize) -> bool {
        !self.odd[at]
    }

    /// The index of the one on line `number`.
    pub(super) fn on_line(&self, number: usize) -> Option<usize> {
        self.lines.binary_search_by_key(&number, |mark| mark.line).ok()
    }

    /// The next line of marks up to line `last` that closes the fence which opens at
    /// `at`, or opens another one.
    pub(super) fn next(&self, at: usize, last: usize) -> Next {
        let opener = &self.lines[at];
        let mut looked = 0;
        for (index, mark) in self.lines.iter().enumerate().skip(at + 1) {
            if mark.line > last || looked == LOOKAHEAD {
                break;
            }
            if !mark.concerns(opener) {
                looked += usize::from(last == usize::MAX);
                continue;
            }
            match mark.rest {
                Rest::Blank | Rest::Tail => return Next::Closes(index),
                Rest::Info => return Next::Opens(index),
                // Text behind a closing fence, where an opening one comes next.
                Rest::Words => {
                    looked += 1;
                    let mut after = self.lines[index + 1..].iter().take(LOOKAHEAD);
                    let after = after.find(|mark| mark.concerns(opener));
                    if after.is_none_or(|after| after.rest == Rest::Info) {
                        return Next::Closes(index);
                    }
                }
            }
        }
        Next::None
    }

    /// The line of marks up to line `last` that is shorter than the opening fence at
    /// `at` and meant to close it: the longest, and of those the first, that closes
    /// nothing else inside.
    pub(super) fn shorter(&self, at: usize, last: usize) -> Option<usize> {
        let opener = &self.lines[at];
        let mut depth = 0_usize;
        let mut best: Option<usize> = None;
        for (index, mark) in self.lines.iter().enumerate().skip(at + 1) {
            if mark.line > last {
                break;
            }
            if !mark.may_concern(opener.mark, opener.column, opener.quotes) {
                continue;
            }
            match mark.rest {
                Rest::Info => depth += 1,
                Rest::Blank if depth > 0 => depth -= 1,
                Rest::Blank => {
                    if best.is_none_or(|best| self.lines[best].marks.len() < mark.marks.len()) {
                        best = Some(index);
                    }
                }
                Rest::Tail | Rest::Words => {}
            }
        }
        best
    }

    /// The end of a fence that shows Markdown, with the fences inside it.
    pub(super) fn outer_end(&self, at: usize) -> Option<usize> {
        let opener = &self.lines[at];
        let mut depth = 0_usize;
        for (index, mark) in self.lines.iter().enumerate().skip(at + 1).take(LOOKAHEAD) {
            if !mark.concerns(opener) {
                continue;
            }
            match mark.rest {
                Rest::Info | Rest::Words => depth += 1,
                Rest::Blank | Rest::Tail if depth > 0 => depth -= 1,
                Rest::Blank | Rest::Tail => return Some(index),
            }
        }
        None
    }
}

impl std::ops::Index<usize> for Marks {
    type Output = MarkLine;

    fn index(&self, at: usize) -> &MarkLine {
        &self.lines[at]
    }
}
