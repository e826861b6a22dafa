//! Regular expressions of directives, and what is wrong with one, with its place.

use std::ops::Range;

use regex::{Regex, RegexBuilder};

/// A regular expression that was compiled once. `^` and `$` match at the ends of
/// lines.
#[derive(Debug, Clone)]
pub struct Pattern(Regex);

/// What is wrong with a regular expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PatternFault {
    /// Its bytes in the expression; none where it is the whole.
    pub(super) span: Option<Range<usize>>,
    pub(super) message: String,
}

impl Pattern {
    /// Compiles it.
    pub(super) fn new(text: &str) -> Result<Self, PatternFault> {
        if text.is_empty() {
            let message = "an empty regular expression matches everything".to_owned();
            return Err(PatternFault { span: None, message });
        }
        // Looked at apart for its place, which the compiler gives as a drawing.
        if let Err(error) = regex_syntax::ParserBuilder::new().multi_line(true).build().parse(text)
        {
            return Err(fault(&error));
        }
        let compiled = RegexBuilder::new(text).multi_line(true).build();
        compiled.map(Self).map_err(|error| PatternFault { span: None, message: error.to_string() })
    }

    /// What matches it.
    pub fn regex(&self) -> &Regex {
        &self.0
    }

    /// How many groups of it take something.
    pub(super) fn groups(&self) -> usize {
        self.0.captures_len() - 1
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

impl Eq for Pattern {}

fn fault(error: &regex_syntax::Error) -> PatternFault {
    let (span, message) = match error {
        regex_syntax::Error::Parse(error) => (Some(error.span()), error.kind().to_string()),
        regex_syntax::Error::Translate(error) => (Some(error.span()), error.kind().to_string()),
        other => (None, other.to_string()),
    };
    PatternFault { span: span.map(|span| span.start.offset..span.end.offset), message }
}
