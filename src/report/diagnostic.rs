//! A diagnostic, drawn over the lines of the page that it is about.

use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::excerpt::{Excerpt, FARTHEST};
use super::place::{Places, floor};
use super::terminal::{short, visible};
use crate::document::Document;
use crate::lab::{Diagnostic, Severity};
use crate::printed::secret;

/// How many lines of a place are drawn: of a long one its first.
const LINES: usize = 20;
/// How many related places are drawn; the others are counted.
const RELATED: usize = 6;
/// Places that are further apart, in lines, get a drawing each: the renderer
/// looks at all lines between two places of one.
const APART: usize = 500;
/// How many characters are told of a place that is not drawn.
const TOLD: usize = 60;
/// Where no terminal says how wide it is.
const WIDTH: usize = 140;

/// A diagnostic, drawn with its lines of the page, for a terminal of `width`
/// columns. It has styles, which a writer for what is no terminal strips, and
/// no final line end; stars stand in the place of credentials. `page` is how the
/// page is called.
pub fn draw_diagnostic(
    diagnostic: &Diagnostic,
    page: &str,
    document: &Document,
    width: Option<usize>,
) -> String {
    let level = match diagnostic.severity {
        Severity::Warning => Level::WARNING,
        Severity::Error => Level::ERROR,
    };
    let page = visible(page);
    let message = secret::masked(&diagnostic.message);
    let message = short(&message);
    let title = level.primary_title(&*message).id(diagnostic.id);
    let mut notes = Vec::new();
    let marks = marks(diagnostic, document, &mut notes);
    let drawings = drawings(document, marks, &mut notes);
    let mut group = Group::with_title(title);
    let texts: Vec<_> =
        drawings.iter().map(|drawing| secret::masked(drawing.excerpt.text())).collect();
    if drawings.is_empty() {
        group = group.element(origin(&page, document, diagnostic.span.start));
    }
    for (drawing, text) in drawings.iter().zip(&texts) {
        let snippet = Snippet::source(&**text)
            .line_start(drawing.first_line)
            .path(&*page)
            .annotations(drawing.marks.iter().map(|mark| mark.annotation(&drawing.excerpt)));
        group = group.element(snippet);
    }
    group = group.elements(notes.iter().map(|note| Level::NOTE.message(note.as_str())));
    let help = diagnostic.help.as_deref().map(secret::masked).unwrap_or_default();
    let help: Vec<_> = help.lines().map(visible).collect();
    if !help.is_empty() {
        group = group.element(Level::HELP.message(help.join("\n")));
    }
    Renderer::styled().term_width(width.unwrap_or(WIDTH)).render(&[group])
}

/// A place that is drawn, and what stands beside it.
struct Mark {
    primary: bool,
    span: Range<usize>,
    line: usize,
    label: Option<String>,
}

/// Lines of the page with all marks on them.
struct Drawing {
    excerpt: Excerpt,
    first_line: usize,
    marks: Vec<Mark>,
}

impl Mark {
    fn annotation(&self, excerpt: &Excerpt) -> Annotation<'_> {
        let kind = if self.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
        kind.span(excerpt.span(&self.span)).label(self.label.as_deref())
    }
}

/// The place of a diagnostic and those that it has to do with.
fn marks(diagnostic: &Diagnostic, document: &Document, notes: &mut Vec<String>) -> Vec<Mark> {
    let mark = |primary, span: &Range<usize>, label: Option<String>| {
        let span = drawable(document, span);
        Mark { primary, line: document.line_of(span.start), span, label }
    };
    let mut marks = vec![mark(true, &diagnostic.span, None)];
    let related = diagnostic.related.iter().take(RELATED);
    marks.extend(
        related.map(|(span, label)| {
            mark(false, span, Some(short(&secret::masked(label)).into_owned()))
        }),
    );
    if diagnostic.related.len() > RELATED {
        let more = diagnostic.related.len() - RELATED;
        notes.push(format!("and {more} more places, with --format json"));
    }
    marks
}

/// The marks by the drawings that hold them, the one with the diagnostic's own
/// place first. A place too far right in its line is told and not drawn.
fn drawings(document: &Document, marks: Vec<Mark>, notes: &mut Vec<String>) -> Vec<Drawing> {
    if document.text().is_empty() {
        return Vec::new();
    }
    let mut drawn: Vec<Mark> = Vec::new();
    let mut places = Places::new(document);
    for mark in marks {
        let line = document.line(mark.line);
        let is_far = mark.span.start.saturating_sub(line.start) > FARTHEST;
        // A drawing is of the diagnostic's own place, or there is none.
        if !is_far && (mark.primary || !drawn.is_empty()) {
            drawn.push(mark);
            continue;
        }
        let rest = &document.text()[mark.span.start..line.end.max(mark.span.start)];
        let text: String = rest.chars().take(TOLD).collect();
        let text = secret::masked(&text);
        let text = visible(&text);
        notes.push(match mark.label {
            Some(label) => {
                let (line, column) = places.of(mark.span.start);
                format!("{label} (line {line}, column {column}): `{text}`")
            }
            None => format!("it reads `{text}`"),
        });
    }
    drawn.sort_by_key(|mark| mark.line);
    let mut drawings: Vec<Vec<Mark>> = Vec::new();
    for mark in drawn {
        match drawings.last_mut() {
            Some(last) if last.last().is_some_and(|above| mark.line - above.line <= APART) => {
                last.push(mark);
            }
            _ => drawings.push(vec![mark]),
        }
    }
    drawings.sort_by_key(|marks| !marks.iter().any(|mark| mark.primary));
    let drawing = |marks: Vec<Mark>| {
        let spans: Vec<_> = marks.iter().map(|mark| mark.span.clone()).collect();
        let first_line = marks.iter().map(|mark| mark.line).min().unwrap_or(1);
        Drawing { excerpt: Excerpt::around(document, &spans), first_line, marks }
    };
    drawings.into_iter().map(drawing).collect()
}

/// Where a diagnostic is that is not drawn over its line; of a page without
/// text, which page it is.
fn origin<'a>(page: &'a str, document: &Document, offset: usize) -> Origin<'a> {
    let origin = Origin::path(page);
    if document.text().is_empty() {
        return origin;
    }
    let (line, column) = Places::new(document).of(offset);
    origin.line(line).char_column(column)
}

/// A span that lies inside the text and on its characters, whatever it was, and
/// that has no more lines than are drawn.
fn drawable(document: &Document, span: &Range<usize>) -> Range<usize> {
    let text = document.text();
    let start = floor(text, span.start);
    let last = document.line(document.line_of(start) + LINES - 1).end;
    start..floor(text, span.end).min(last).max(start)
}
