//! What `check` shows: how each page is read, and what would be run.

use std::io::{self, Write};
use std::path::Path;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use anstyle::{AnsiColor, Style};
use serde::Serialize;

use super::excerpt::Excerpt;
use super::json::{CommandForm, write_object};
use super::terminal::{counted, short, visible};
use crate::document::Document;
use crate::lab::{Diagnostic, FenceReading, Lab, Role, Severity};
use crate::plan::{Effect, Plan, PlannedStep};
use crate::printed::secret;
use crate::record::FORMAT;
use crate::workbook::ImageSource;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const CYAN: Style = AnsiColor::Cyan.on_default();

/// A page as `check` looks at it.
#[derive(Debug)]
pub struct CheckedPage<'a> {
    /// How the page is called.
    pub name: &'a str,
    /// The page's bytes and lines.
    pub document: &'a Document,
    /// How it was read.
    pub lab: &'a Lab,
    /// What its author should know.
    pub diagnostics: &'a [Diagnostic],
    /// What would be run.
    pub plan: &'a Plan,
}

#[derive(Serialize)]
struct Check<'a> {
    schema: u32,
    pages: Vec<PageForm<'a>>,
}

#[derive(Serialize)]
struct PageForm<'a> {
    page: &'a str,
    steps: Vec<StepForm<'a>>,
    diagnostics: Vec<DiagnosticForm<'a>>,
}

#[derive(Serialize)]
struct StepForm<'a> {
    command: CommandForm<'a>,
    outputs: Vec<LinesForm>,
}

#[derive(Serialize)]
struct LinesForm {
    first_line: usize,
    last_line: usize,
}

#[derive(Serialize)]
struct DiagnosticForm<'a> {
    id: &'a str,
    severity: &'static str,
    line: usize,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
}

/// Writes how the pages are read as one JSON object.
pub fn check_json(out: &mut dyn Write, pages: &[CheckedPage<'_>]) -> io::Result<()> {
    let pages = pages
        .iter()
        .map(|page| PageForm {
            page: page.name,
            steps: page.lab.steps.iter().map(step_form).collect(),
            diagnostics: page
                .diagnostics
                .iter()
                .map(|diagnostic| diagnostic_form(page.document, diagnostic))
                .collect(),
        })
        .collect();
    write_object(out, &Check { schema: FORMAT, pages })
}

fn step_form(step: &crate::lab::Step) -> StepForm<'_> {
    let lines = |output: &crate::lab::RecordedOutput| LinesForm {
        first_line: output.first_line,
        last_line: output.last_line,
    };
    StepForm {
        command: CommandForm::from(&step.command),
        outputs: step.outputs.iter().map(lines).collect(),
    }
}

fn diagnostic_form<'a>(document: &Document, diagnostic: &'a Diagnostic) -> DiagnosticForm<'a> {
    DiagnosticForm {
        id: diagnostic.id,
        severity: match diagnostic.severity {
            Severity::Warning => "warning",
            Severity::Error => "error",
        },
        line: document.line_of(diagnostic.span.start),
        message: &diagnostic.message,
        help: diagnostic.help.as_deref(),
    }
}

/// Writes, for a person, what would be run and compared on a page. With
/// `explain`, also what each fence was taken for and why.
pub fn check_human(out: &mut dyn Write, page: &CheckedPage<'_>, explain: bool) -> io::Result<()> {
    let plan = page.plan;
    let compared = page.lab.steps.iter().filter(|step| !step.outputs.is_empty()).count();
    writeln!(
        out,
        "{BOLD}{}{BOLD:#}  {}, {compared} compared with a recorded output",
        visible(page.name),
        counted(plan.steps.len())
    )?;
    let in_workbook = |path: &Path| path.strip_prefix(&plan.root).unwrap_or(path).to_path_buf();
    if let Some(setup) = &plan.setup {
        writeln!(out, "  {CYAN}setup{CYAN:#}    {}", in_workbook(setup).display())?;
    }
    for (name, source) in &plan.images {
        let from = match source {
            ImageSource::Archive(path) => format!("archive {}", path.display()),
            ImageSource::Recipe(path) => format!("built from {}", path.display()),
        };
        writeln!(out, "  {CYAN}image{CYAN:#}    {}: {from}", visible(name))?;
    }
    for step in &plan.steps {
        planned_step(out, step, &plan.root)?;
    }
    if let Some(cleanup) = &plan.cleanup {
        writeln!(out, "  {CYAN}cleanup{CYAN:#}  {}", in_workbook(cleanup).display())?;
    }
    if explain {
        for fence in &page.lab.fences {
            explained_fence(out, fence)?;
        }
    }
    for diagnostic in page.diagnostics {
        writeln!(out, "{}", draw_diagnostic(diagnostic, page.name, page.document))?;
    }
    writeln!(out)
}

fn planned_step(out: &mut dyn Write, planned: &PlannedStep, root: &Path) -> io::Result<()> {
    let command = &planned.step.command;
    for (index, line) in command.text.lines().enumerate() {
        let number = if index == 0 { format!("{:>5}", command.first_line) } else { " ".repeat(5) };
        writeln!(out, "{DIM}{number}{DIM:#}  {}", visible(line))?;
    }
    let compared = planned
        .step
        .outputs
        .iter()
        .map(|output| lines(output.first_line, output.last_line))
        .collect::<Vec<_>>();
    let mut how = match compared.as_slice() {
        [] => vec!["not compared: the page shows no output".to_owned()],
        places => vec![format!("compared with {}", places.join(" and "))],
    };
    if planned.effect == Effect::Changes {
        how.push("may change something: runs once".to_owned());
    }
    if planned.terminal {
        how.push("gets a terminal".to_owned());
    }
    writeln!(out, "       {DIM}{}{DIM:#}", how.join("; "))?;
    for mirrored in &planned.mirrored {
        writeln!(
            out,
            "       {CYAN}mirror{CYAN:#} {} is read from {}",
            visible(&mirrored.url),
            mirrored.file.strip_prefix(root).unwrap_or(&mirrored.file).display()
        )?;
    }
    Ok(())
}

fn explained_fence(out: &mut dyn Write, fence: &FenceReading) -> io::Result<()> {
    let role = match fence.role {
        Role::Command => "commands",
        Role::Session => "commands and output",
        Role::Output => "output",
        Role::File => "a file",
        Role::Other => "not run",
    };
    writeln!(
        out,
        "  {CYAN}fence{CYAN:#}    {}: {role}, {}",
        lines(fence.open, fence.close),
        visible(&fence.why)
    )
}

fn lines(first: usize, last: usize) -> String {
    if first == last { format!("line {first}") } else { format!("lines {first}–{last}") }
}

/// A diagnostic, drawn with its line of the page.
pub fn draw_diagnostic(diagnostic: &Diagnostic, page: &str, document: &Document) -> String {
    let level = match diagnostic.severity {
        Severity::Warning => Level::WARNING,
        Severity::Error => Level::ERROR,
    };
    let source = &*secret::masked(document.text());
    let span = on_characters(source, &diagnostic.span);
    let lines = document.line_of(span.start)..=document.line_of(span.end);
    let excerpt = Excerpt::new(
        source,
        document.line(*lines.start()).start..document.line(lines.end() + 1).start,
        std::slice::from_ref(&span),
    );
    let snippet = Snippet::source(excerpt.text())
        .line_start(*lines.start())
        .path(page)
        .annotation(AnnotationKind::Primary.span(excerpt.span(&span)));
    let message = short(&diagnostic.message);
    let mut group = level.primary_title(&*message).id(diagnostic.id).element(snippet);
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    Renderer::styled().render(&[group])
}

/// A span that lies inside the text and on its characters, whatever it was.
fn on_characters(source: &str, span: &std::ops::Range<usize>) -> std::ops::Range<usize> {
    let floor = |mut at: usize| {
        at = at.min(source.len());
        while !source.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = floor(span.start);
    start..floor(span.end).max(start)
}
