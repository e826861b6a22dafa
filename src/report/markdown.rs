//! Markdown from templates: the summary of a run, and the status of a lab in
//! the book. A workbook's `templates/` folder overrides each by its name.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use handlebars::{Handlebars, no_escape};
use serde::Serialize;

use super::terminal::{one_line, seconds, short, step_word, visible, word};
use super::transcript::{StepTranscript, Transcript, first_line};
use crate::record::Verdict;

const SUMMARY: &str = "summary.md.hbs";
const STATUS: &str = "status.md.hbs";
/// The templates that labbook brings along.
const BUILT_IN: [(&str, &str); 2] = [
    (SUMMARY, include_str!("../../templates/summary.md.hbs")),
    (STATUS, include_str!("../../templates/status.md.hbs")),
];

/// The templates of a workbook.
#[derive(Debug)]
pub struct Templates {
    registry: Handlebars<'static>,
}

/// Why a template gives no text.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// It is there and cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The template.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// It is no handlebars template.
    #[error("{name} is no template: {source}")]
    Parse {
        /// The template.
        name: String,
        /// What handlebars says of it.
        source: Box<handlebars::TemplateError>,
    },
    /// It names something that a run does not have.
    #[error("cannot render {name}: {source}")]
    Render {
        /// The template.
        name: &'static str,
        /// What handlebars says of it.
        source: Box<handlebars::RenderError>,
    },
}

impl Templates {
    /// labbook's own templates, and those of `root/templates/` in their place.
    pub fn load(root: &Path) -> Result<Self, TemplateError> {
        let mut registry = Handlebars::new();
        registry.set_strict_mode(true);
        registry.register_escape_fn(no_escape);
        for (name, built_in) in BUILT_IN {
            let path = root.join("templates").join(name);
            let text = match fs::read_to_string(&path) {
                Ok(text) => text,
                Err(error) if error.kind() == io::ErrorKind::NotFound => built_in.to_owned(),
                Err(source) => return Err(TemplateError::Read { path, source }),
            };
            registry.register_template_string(name, text).map_err(|source| {
                TemplateError::Parse { name: name.to_owned(), source: Box::new(source) }
            })?;
        }
        Ok(Self { registry })
    }

    /// The summary of a run: verdict, cluster and a table of the steps.
    pub fn summary(&self, transcript: &Transcript) -> Result<String, TemplateError> {
        self.render(SUMMARY, transcript)
    }

    /// What stands at the top of a lab's chapter in the book.
    pub fn status(&self, transcript: &Transcript) -> Result<String, TemplateError> {
        self.render(STATUS, transcript)
    }

    fn render(&self, name: &'static str, transcript: &Transcript) -> Result<String, TemplateError> {
        self.registry
            .render(name, &RunView::new(transcript))
            .map_err(|source| TemplateError::Render { name, source: Box::new(source) })
    }
}

/// What a template can name. Texts that came from a page or a cluster are made
/// safe for a table cell or a line of Markdown.
#[derive(Serialize)]
struct RunView {
    page: String,
    verdict: &'static str,
    same: bool,
    provider: String,
    version: Option<String>,
    labbook: String,
    date: String,
    took: Option<String>,
    reason: Option<String>,
    steps: Vec<StepView>,
    stand_ins: Vec<StandInView>,
    drift: Vec<ReasonView>,
    failures: Vec<ReasonView>,
    skipped: Vec<ReasonView>,
}

#[derive(Serialize)]
struct StepView {
    number: usize,
    line: usize,
    command: String,
    verdict: &'static str,
    time: String,
    attempts: u32,
}

#[derive(Serialize)]
struct StandInView {
    image: String,
    note: String,
}

#[derive(Serialize)]
struct ReasonView {
    step: usize,
    command: String,
    text: String,
}

impl RunView {
    fn new(transcript: &Transcript) -> Self {
        let header = &transcript.header;
        let verdict = transcript.verdict();
        Self {
            page: inline(&header.page),
            verdict: word(verdict),
            same: matches!(verdict, Verdict::Same | Verdict::Drift),
            provider: inline(&header.cluster.provider),
            version: header.cluster.version.as_deref().map(inline),
            labbook: inline(&header.labbook),
            date: header.started.strftime("%Y-%m-%d").to_string(),
            took: transcript.took_ms().map(seconds),
            reason: transcript
                .closing
                .as_ref()
                .and_then(|closing| closing.reason.as_deref())
                .map(|reason| inline(first_line(reason))),
            steps: transcript.steps.iter().enumerate().map(StepView::new).collect(),
            stand_ins: transcript
                .stand_ins()
                .iter()
                .map(|image| StandInView { image: code(&image.image), note: inline(&image.note) })
                .collect(),
            drift: reasons(transcript, |step| step.verdict == Verdict::Drift),
            failures: reasons(transcript, StepTranscript::fails),
            skipped: reasons(transcript, StepTranscript::is_skipped),
        }
    }
}

impl StepView {
    fn new((index, step): (usize, &StepTranscript)) -> Self {
        Self {
            number: index + 1,
            line: step.command.first_line,
            command: code(&one_line(&step.command.text)),
            verdict: step_word(step),
            time: if step.attempts == 0 { String::new() } else { seconds(step.duration_ms) },
            attempts: step.attempts,
        }
    }
}

fn reasons(transcript: &Transcript, which: impl Fn(&StepTranscript) -> bool) -> Vec<ReasonView> {
    transcript
        .steps
        .iter()
        .enumerate()
        .filter(|(_, step)| which(step))
        .flat_map(|(index, step)| {
            step.explanation.iter().map(move |reason| ReasonView {
                step: index + 1,
                command: code(&one_line(&step.command.text)),
                text: inline(&short(&reason.text)),
            })
        })
        .collect()
}

/// One line of prose: what stands between backticks becomes a code span, other
/// signs that Markdown, HTML or a table would act on are escaped, and there is
/// no line end in it.
fn inline(text: &str) -> String {
    let text = visible(text);
    let parts: Vec<&str> = text.split('`').collect();
    let paired = parts.len() % 2 == 1;
    let mut safe = String::with_capacity(text.len());
    for (index, part) in parts.iter().enumerate() {
        match index % 2 {
            1 if paired && !part.is_empty() => safe.push_str(&code(part)),
            _ => safe.push_str(&escaped(part)),
        }
        if !paired && index + 1 < parts.len() {
            safe.push_str("\\`");
        }
    }
    safe
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for symbol in text.chars() {
        if matches!(symbol, '\\' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '&' | '#' | '~') {
            safe.push('\\');
        }
        safe.push(symbol);
    }
    safe
}

/// A code span that holds `text` whatever it is, safe in a table cell.
fn code(text: &str) -> String {
    let text = visible(text).replace('|', "\\|");
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}
