//! A lab's chapter, and how it gets into the book without mdBook acting on it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use mdbook_preprocessor::book::Book;
use mdbook_preprocessor::errors::Result;
use mdbook_preprocessor::{Preprocessor, PreprocessorContext};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::links;
use crate::document::Document;
use crate::lab::Lab;
use crate::plan::Plan;
use crate::record::Record;
use crate::report::{TemplateError, Templates, Transcript, TranscriptError, regenerate};

/// A lab as the book shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chapter {
    /// The page's path from the workbook's root, with `/`: also its place in
    /// the book.
    pub page: String,
    /// The page's first heading; its path where it has none.
    pub title: String,
    /// The page with its new outputs, its status at the top.
    pub markdown: String,
    /// The files that the page shows or links to, from the workbook's root.
    pub files: Vec<PathBuf>,
}

/// Why a lab has no chapter.
#[derive(Debug, thiserror::Error)]
pub enum ChapterError {
    /// The lab was never published.
    #[error(
        "{page} has no published record: run `labbook run {page} --update`, \
             or `labbook run {page}` and then `labbook publish labbook-out/latest`"
    )]
    Missing {
        /// The page.
        page: String,
    },
    /// What the record ran is no longer what the page says.
    #[error(
        "the published record of {page} is stale: the page, its setup or labbook.toml \
             changed since it was run; run `labbook run {page} --update` again"
    )]
    Stale {
        /// The page.
        page: String,
    },
    /// The record is not of this page.
    #[error("the published record of {page} cannot be used: {source}")]
    Record {
        /// The page.
        page: String,
        /// What is wrong with it.
        source: TranscriptError,
    },
    /// The status cannot be rendered.
    #[error(transparent)]
    Template(#[from] TemplateError),
}

impl Chapter {
    /// The chapter of a lab, from its published record.
    pub fn new(
        document: &Document,
        lab: &Lab,
        plan: &Plan,
        record: Option<&Record>,
        templates: &Templates,
    ) -> Result<Self, ChapterError> {
        let page = || plan.page.clone();
        let record = record.ok_or_else(|| ChapterError::Missing { page: page() })?;
        if record.header.inputs != plan.inputs {
            return Err(ChapterError::Stale { page: page() });
        }
        let transcript = Transcript::new(&record.header, &record.events, &lab.steps)
            .map_err(|source| ChapterError::Record { page: page(), source })?;
        let bytes = regenerate(document, lab, &transcript);
        let text = String::from_utf8_lossy(&bytes);
        let body = without_front_matter(text.trim_start_matches('\u{feff}'));
        Ok(Self {
            page: page(),
            title: title(body).unwrap_or_else(page),
            markdown: format!("{}\n{body}", templates.status(&transcript)?),
            files: links::files(&plan.root, &plan.page, body),
        })
    }
}

/// YAML between `---` lines at the top is for other programs; in a book it
/// would show as a heading.
fn without_front_matter(text: &str) -> &str {
    let mut length = 0;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        length += line.len();
        match (index, line.trim_end()) {
            (0, "---") => {}
            (0, _) => return text,
            (_, "---" | "...") => return &text[length..],
            _ => {}
        }
    }
    text
}

fn title(markdown: &str) -> Option<String> {
    let mut inside = false;
    let mut title = String::new();
    for event in Parser::new_ext(markdown, Options::empty()) {
        match event {
            Event::Start(Tag::Heading { .. }) => inside = true,
            Event::End(TagEnd::Heading(_)) if title.trim().is_empty() => inside = false,
            Event::End(TagEnd::Heading(_)) => return Some(title.trim().to_owned()),
            Event::Text(text) | Event::Code(text) if inside => title.push_str(&text),
            _ => {}
        }
    }
    None
}

/// Puts the labs' text into the book after mdBook's own preprocessors have run:
/// what a cluster printed may look like `{{#include …}}`, and is never acted on.
#[derive(Debug)]
pub(super) struct Labs {
    markdown: BTreeMap<PathBuf, String>,
}

impl Labs {
    pub(super) fn new(chapters: &[Chapter]) -> Self {
        let markdown = chapters
            .iter()
            .map(|chapter| (PathBuf::from(&chapter.page), chapter.markdown.clone()))
            .collect();
        Self { markdown }
    }
}

impl Preprocessor for Labs {
    fn name(&self) -> &'static str {
        "labbook-labs"
    }

    fn run(&self, _: &PreprocessorContext, mut book: Book) -> Result<Book> {
        book.for_each_chapter_mut(|chapter| {
            let source = chapter.source_path.as_ref();
            if let Some(markdown) = source.and_then(|source| self.markdown.get(source)) {
                chapter.content.clone_from(markdown);
            }
        });
        Ok(book)
    }
}
