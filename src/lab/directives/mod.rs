//! What comments of a page tell labbook: keys for a fence or for the page, and
//! hidden commands.
//!
//! Directives are read before the fences, so that they can say how a fence is to
//! be read, and settled on the page's steps after. Nothing here fails; what is
//! wrong is a diagnostic with the place of the key or the value.

mod attach;
mod comment;
mod hidden;
mod keys;
#[cfg(test)]
mod manual;
mod marker;
mod pattern;
mod settings;
mod settle;
mod string;
#[cfg(test)]
mod tests;
mod value;

use std::collections::BTreeMap;
use std::ops::Range;

pub use hidden::{Hidden, Purpose};
pub use keys::{KEYS, Key, Scope};
pub use pattern::Pattern;
pub use settings::{Setting, Settings};
pub use value::{Form, Value};

use super::Diagnostic;
use crate::document::Document;
use comment::Source;
use marker::{Marker, marker};

/// All directives of a page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Directives {
    /// What holds for the whole page.
    pub page: Settings,
    /// Hidden commands, in the order of the page.
    pub hidden: Vec<Hidden>,
    /// By the index of the fence.
    fences: BTreeMap<usize, FenceDirective>,
    /// By the index of the step: what holds for it, the page's settings included.
    steps: Vec<Settings>,
}

/// What the directives before a fence say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FenceDirective {
    /// For the fence, and for those of its commands that each key concerns.
    pub all: Settings,
    /// For one command each, by its number in the fence, counted from 1; with
    /// the place of that number.
    pub steps: BTreeMap<usize, (Range<usize>, Settings)>,
}

impl FenceDirective {
    /// What the fence is to be taken for: `commands`, `session`, `output`,
    /// `file` or `nothing`. A fence that is to be written to a file is one.
    pub fn read_as(&self) -> Option<&'static str> {
        let file = self.all.get("file").map(|_| "file");
        self.all.choice("read").or(file)
    }
}

impl Directives {
    /// Reads the directives of a page.
    pub(super) fn read(document: &Document) -> (Self, Vec<Diagnostic>) {
        let mut directives = Self::default();
        let mut found = Vec::new();
        let fences = attach::fences(document);
        for (comment, fence) in document.comments().iter().zip(fences) {
            let source = Source::new(document, comment);
            let Some(marker) = marker(&source.text) else { continue };
            if let Some(fault) = unusable(&source) {
                found.push(fault);
                continue;
            }
            match marker {
                Marker::Fence(at) => found.extend(directives.before(&source, at, fence)),
                Marker::Page(at) => {
                    let (settings, faults) = settings::read(&source, at, true);
                    found.extend(faults);
                    for setting in settings {
                        found.extend(directives.page.add(setting));
                    }
                }
                Marker::Hidden(purpose, at) => match hidden::hidden(&source, purpose, at) {
                    Ok(hidden) => {
                        found.extend(hidden.remarks(document));
                        directives.hidden.push(hidden);
                    }
                    Err(faults) => found.extend(faults),
                },
                Marker::Misspelt(span, right) => found.push(misspelt(&source, &span, &right)),
            }
        }
        (directives, found)
    }

    /// Adds the directive of a comment before a fence.
    fn before(&mut self, source: &Source<'_>, at: usize, fence: Option<usize>) -> Vec<Diagnostic> {
        let (mut settings, mut found) = settings::read(source, at, false);
        let Some(fence) = fence else {
            let span = source.span.clone();
            let message = "the directive stands before no fence";
            found.push(Diagnostic::error("lost-directive", span, message).help(
                "only blank lines and comments may stand between it and its fence; for the \
                     whole page, write `labbook:page`",
            ));
            return found;
        };
        let step = settings.take("step");
        let directive = self.fences.entry(fence).or_default();
        let number = step.and_then(|step| Some((step.count()?, step.value_span.clone())));
        let Some((number, place)) = number else {
            for setting in settings {
                found.extend(directive.all.add(setting));
            }
            found.extend(contradiction(&directive.all));
            return found;
        };
        let (_, one) =
            directive.steps.entry(number).or_insert_with(|| (place, Settings::default()));
        for setting in settings {
            if settings::scope(&setting) == Scope::Fence {
                let message = format!("`{}` concerns the whole fence, not one step", setting.key);
                found.push(
                    Diagnostic::error("misplaced-directive-key", setting.key_span.clone(), message)
                        .help("write it in a comment of its own, without `step`"),
                );
            } else {
                found.extend(one.add(setting));
            }
        }
        found
    }

    /// What the directives before the fence of this index say.
    pub fn of_fence(&self, index: usize) -> Option<&FenceDirective> {
        self.fences.get(&index)
    }

    /// What holds for the step of this index, the page's settings included; none
    /// before the steps are known.
    pub fn of_step(&self, index: usize) -> Option<&Settings> {
        self.steps.get(index)
    }

    /// Each setting as it is written, in the order of the page.
    pub fn written(&self) -> Vec<&Setting> {
        let fences = self.fences.values().flat_map(|fence| {
            let steps = fence.steps.values().flat_map(|(_, settings)| settings.iter());
            fence.all.iter().chain(steps)
        });
        let mut written: Vec<&Setting> = self.page.iter().chain(fences).collect();
        written.sort_by_key(|setting| setting.key_span.start);
        written
    }
}

/// What makes a comment useless that is, or was meant to be, a directive.
fn unusable(source: &Source<'_>) -> Option<Diagnostic> {
    if !source.is_text() {
        let message = "the directive holds bytes that are no text (NUL, or not UTF-8)";
        return Some(
            Diagnostic::error("unreadable-directive", source.span.clone(), message)
                .help("write the page in UTF-8, without NUL bytes"),
        );
    }
    if source.closed {
        return None;
    }
    let first = source.text.split('\n').next().unwrap_or_default().len();
    let span = source.span.start..source.place(&(0..first)).end;
    let message = "the comment is never closed: what follows it is not on the page";
    Some(Diagnostic::error("unclosed-directive", span, message).help("end it with `-->`"))
}

fn misspelt(source: &Source<'_>, span: &Range<usize>, right: &str) -> Diagnostic {
    let message = "the comment looks like a directive, and is none";
    Diagnostic::error("misspelt-directive", source.place(span), message)
        .help(format!("did you mean `<!-- {right}`?"))
}

/// A directive that says nothing.
fn empty(source: &Source<'_>, what: &str) -> Diagnostic {
    let message = format!("the directive holds {what}");
    Diagnostic::error("empty-directive", source.span.clone(), message)
        .help("take it away, or write what it is to say")
}

/// A fence that is written to a file and is to be read as something else.
fn contradiction(settings: &Settings) -> Option<Diagnostic> {
    let (read, file) = (settings.get("read")?, settings.get("file")?);
    (settings.choice("read") != Some("file")).then(|| {
        let message = "`read`: a fence with `file` is the content of a file";
        Diagnostic::error("bad-directive-value", read.value_span.clone(), message)
            .related(file.key_span.clone(), "it is written to a file")
            .help("take one of them away")
    })
}

/// The known word that `word` most resembles, if it resembles any.
fn nearest(word: &str, known: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    let farthest = (word.len() / 3).clamp(1, 2);
    known
        .filter(|known| known.len().abs_diff(word.len()) <= farthest)
        .map(|known| (strsim::osa_distance(word, known), known))
        .filter(|(distance, _)| *distance <= farthest)
        .min()
        .map(|(_, known)| known)
}
