//! A line of a fence, and what it is known to begin with.

use std::borrow::Cow;
use std::cell::OnceCell;

use super::prompts::{Prompt, prompt};

/// A line of a fence.
#[derive(Debug, Clone)]
pub(super) struct Line<'d> {
    /// Its number on the page, counted from 1.
    pub(super) number: usize,
    /// Its text, without the prefix of its container.
    pub(super) text: Cow<'d, str>,
    /// Asked for by each rule that reads the fence, and found once.
    prompt: OnceCell<Option<Prompt>>,
}

impl<'d> Line<'d> {
    pub(super) fn new(number: usize, text: Cow<'d, str>) -> Self {
        Self { number, text, prompt: OnceCell::new() }
    }

    /// The prompt that begins the line, by its shape alone.
    pub(super) fn prompt(&self) -> Option<&Prompt> {
        self.prompt.get_or_init(|| prompt(&self.text)).as_ref()
    }

    pub(super) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Whether it says something: it is neither blank nor a comment.
    pub(super) fn is_content(&self) -> bool {
        !self.is_blank() && !is_comment(&self.text)
    }
}

/// Whether a line is a comment or, where root's prompt is in use, a command.
pub(super) fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with('#')
}
