//! The tabs that a page shows its fences in: alternatives, of which a reader does
//! one.
//!
//! Each site generator has a way of its own to write them (`signs` knows them).
//! Here they are followed over the page, outside its fences.

mod signs;

use std::ops::Range;

use super::fence::{Fence, Flaw};
use super::lines::Lines;
use super::marks::TAB;
use signs::{Kind, Sign, Syntax};

/// A tab of a group of alternatives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    /// Which group of tabs of the page it is in, counted from 0.
    pub group: usize,
    /// What is written on it; empty where nothing is.
    pub name: String,
}

/// Says of each fence which tab it is in. Where a block has its content indented,
/// that is no flaw of the fences in it.
pub(super) fn assign(text: &str, lines: &Lines, fences: &mut [Fence]) {
    let mut reader = Reader::default();
    let mut line = 1;
    for fence in fences {
        reader.lines(text, lines, line..fence.open);
        reader.leave(column(&text[lines.content(fence.open)]));
        fence.tab = reader.tab(fence);
        if reader.open.iter().any(|open| open.syntax == Syntax::Indented) {
            fence.flaws.retain(|flaw| *flaw != Flaw::Indented);
        }
        line = fence.last_line() + 1;
    }
}

/// Something that is open at a place of the page.
#[derive(Debug)]
struct Open {
    kind: Kind,
    syntax: Syntax,
    /// The column of the line that opens it.
    column: usize,
    tab: Tab,
}

/// No page has more of them open; what has never closes them.
const MOST_OPEN: usize = 100;

#[derive(Debug, Default)]
struct Reader {
    open: Vec<Open>,
    groups: usize,
    /// The group of the tab that ended last, while nothing else stood on the page.
    last: Option<usize>,
}

impl Reader {
    fn lines(&mut self, text: &str, lines: &Lines, numbers: Range<usize>) {
        for number in numbers {
            let line = &text[lines.content(number)];
            let trimmed = line.trim_start_matches([' ', '\t', '>']);
            let Some(first) = trimmed.bytes().next().filter(|byte| *byte != b'\r') else {
                continue;
            };
            let idle = self.open.is_empty() && self.last.is_none();
            if idle && !signs::may_begin(first) {
                continue;
            }
            if !self.open.is_empty() {
                self.leave(column(line));
            }
            let docsify = self.open.iter().any(|open| open.syntax == Syntax::Docsify);
            let signs = signs::signs(trimmed, docsify);
            if signs.is_empty() {
                self.last = None;
            }
            for sign in signs {
                self.sign(&sign, column(line));
            }
        }
    }

    /// Ends the blocks of indented content that a line at `column` is no part of.
    fn leave(&mut self, column: usize) {
        let left = |open: &Open| open.syntax == Syntax::Indented && column < open.column + TAB;
        if let Some(first) = self.open.iter().position(left) {
            self.close(first);
        }
    }

    fn close(&mut self, first: usize) {
        if self.open[first].kind == Kind::Tab {
            self.last = Some(self.open[first].tab.group);
        }
        self.open.truncate(first);
    }

    fn sign(&mut self, sign: &Sign<'_>, column: usize) {
        let last = |fits: &dyn Fn(&Open) -> bool| self.open.iter().rposition(fits);
        match *sign {
            Sign::End(syntax, Some(kind)) => {
                let fits = |open: &Open| open.syntax == syntax && open.kind.is_like(kind);
                if let Some(first) = last(&fits) {
                    self.close(first);
                }
            }
            Sign::End(syntax, None) => {
                if let Some(first) = last(&|open| open.syntax == syntax) {
                    self.close(first);
                }
            }
            Sign::Begin(syntax, kind, name) => {
                // The next of such tabs ends the one before.
                let sibling = last(&|open| open.kind == Kind::Tab && open.syntax == syntax);
                if let Some(sibling) = sibling.filter(|_| syntax.ends_sibling(kind)) {
                    self.close(sibling);
                }
                self.begin(syntax, kind, name, column);
            }
        }
    }

    fn begin(&mut self, syntax: Syntax, kind: Kind, name: &str, column: usize) {
        if self.open.len() == MOST_OPEN {
            return;
        }
        let around = self.open.iter().rev().find(|open| open.kind != Kind::Other);
        let group = match around {
            Some(around) if kind == Kind::Tab && around.kind != Kind::Tab => around.tab.group,
            _ if kind == Kind::Other => 0,
            _ => self.last.filter(|_| kind == Kind::Tab).unwrap_or_else(|| {
                self.groups += 1;
                self.groups - 1
            }),
        };
        self.last = None;
        let tab = Tab { group, name: name.to_owned() };
        self.open.push(Open { kind, syntax, column, tab });
    }

    fn tab(&self, fence: &Fence) -> Option<Tab> {
        let open = self.open.iter().rev().find(|open| open.kind != Kind::Other)?;
        match open.kind {
            Kind::Tab => Some(open.tab.clone()),
            Kind::Fences => {
                let name = signs::name_of_fence(&fence.info).unwrap_or(&fence.language);
                Some(Tab { group: open.tab.group, name: name.to_owned() })
            }
            Kind::Group | Kind::Other => None,
        }
    }
}

/// The column of the first character of a line that is no blank.
fn column(line: &str) -> usize {
    let mut column = 0;
    for byte in line.bytes() {
        match byte {
            b' ' => column += 1,
            b'\t' => column += TAB - column % TAB,
            _ => break,
        }
    }
    column
}
