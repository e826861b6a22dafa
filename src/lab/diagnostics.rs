//! What is said to the author of a page about it.

use std::ops::Range;

#[cfg(test)]
use crate::document::Document;

/// How grave a diagnostic is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The page can be run; its author should look at this place.
    Warning,
    /// The page cannot be run as it stands.
    Error,
}

/// Something about a page that its author should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// A stable name in kebab case, such as `unterminated-fence`.
    pub id: &'static str,
    /// How grave it is.
    pub severity: Severity,
    /// What is wrong, as a lowercase sentence fragment.
    pub message: String,
    /// The bytes of the document that it is about.
    pub span: Range<usize>,
    /// Other places that it has to do with, each with what stands there.
    pub related: Vec<(Range<usize>, String)>,
    /// What to do about it.
    pub help: Option<String>,
}

impl Diagnostic {
    fn new(
        id: &'static str,
        severity: Severity,
        span: Range<usize>,
        message: impl Into<String>,
    ) -> Self {
        Self { id, severity, message: message.into(), span, related: Vec::new(), help: None }
    }

    pub(crate) fn error(id: &'static str, span: Range<usize>, message: impl Into<String>) -> Self {
        Self::new(id, Severity::Error, span, message)
    }

    pub(crate) fn warning(
        id: &'static str,
        span: Range<usize>,
        message: impl Into<String>,
    ) -> Self {
        Self::new(id, Severity::Warning, span, message)
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Names another place that it has to do with.
    #[must_use]
    pub fn related(mut self, span: Range<usize>, label: impl Into<String>) -> Self {
        self.related.push((span, label.into()));
        self
    }

    /// Draws it as a report does, without colours.
    #[cfg(test)]
    pub(crate) fn draw(&self, path: &str, document: &Document) -> String {
        let drawn = crate::report::draw_diagnostic(self, path, document, None);
        anstream::adapter::strip_str(&drawn).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::Diagnostic;
    use crate::document::Document;

    #[test]
    fn a_diagnostic_is_drawn_with_its_line() {
        let document = Document::new(b"# Lab\r\n\r\n\xff ```sh\r\nls\r\n".to_vec());
        let diagnostic = Diagnostic::error("a-name", document.line(4), "the fence is wrong")
            .help("write it again");
        insta::assert_snapshot!(diagnostic.draw("lab.md", &document), @r"
        error[a-name]: the fence is wrong
         --> lab.md:4:1
          |
        4 | ls
          | ^^
          |
          = help: write it again
        ");
    }

    #[test]
    fn a_page_without_text_can_be_drawn() {
        let document = Document::new(Vec::new());
        let drawn = Diagnostic::warning("no-steps", 0..0, "the page has no steps")
            .draw("lab.md", &document);
        assert!(drawn.starts_with("warning[no-steps]: the page has no steps"), "{drawn}");
    }
}
