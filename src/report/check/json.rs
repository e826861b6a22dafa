//! How pages are read, for programs: one JSON object, page after page. What may be a
//! credential is masked in all text of a page, byte for byte as long.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;

use super::{CheckedPage, flags};
use crate::lab::{Command, Diagnostic, FenceReading, Role, Severity};
use crate::plan::{Conduct, Effect, Interpreter, Plan, Refusal};
use crate::printed::secret::masked;
use crate::record::{FORMAT, SKIPPED};
use crate::report::json::CommandForm;
use crate::report::place::Places;
use crate::workbook::ImageSource;

#[derive(Serialize)]
struct PageForm<'a> {
    page: &'a str,
    setup: Option<String>,
    cleanup: Option<String>,
    mirrors: Vec<MirrorForm<'a>>,
    images: Vec<ImageForm>,
    hidden: Vec<HiddenForm<'a>>,
    fences: Vec<FenceForm<'a>>,
    steps: Vec<StepForm<'a>>,
    diagnostics: Vec<DiagnosticForm<'a>>,
}

#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
struct MirrorForm<'a> {
    url: Cow<'a, str>,
    file: String,
}

#[derive(Serialize)]
struct ImageForm {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    archive: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<String>,
}

#[derive(Serialize)]
struct HiddenForm<'a> {
    block: &'a str,
    command: CommandForm<'a>,
}

#[derive(Serialize)]
struct FenceForm<'a> {
    open: usize,
    close: usize,
    role: &'static str,
    why: &'a str,
}

#[derive(Serialize)]
struct StepForm<'a> {
    fence: usize,
    command: CommandForm<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    executed: Option<Cow<'a, str>>,
    outputs: Vec<OutputForm<'a>>,
    compared: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_run: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<Cow<'a, str>>,
    flags: Vec<&'static str>,
    needs: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shell: Option<Interpreter>,
    #[serde(skip_serializing_if = "Option::is_none")]
    terminal: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    changes_host: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    conduct: Option<&'static str>,
}

#[derive(Serialize)]
struct OutputForm<'a> {
    first_line: usize,
    last_line: usize,
    elided: &'a [usize],
    cut: &'a [usize],
}

#[derive(Serialize)]
struct DiagnosticForm<'a> {
    id: &'a str,
    severity: &'static str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    message: Cow<'a, str>,
    related: Vec<RelatedForm<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<Cow<'a, str>>,
}

#[derive(Serialize)]
struct RelatedForm<'a> {
    line: usize,
    column: usize,
    label: Cow<'a, str>,
}

/// Writes what stands before the first page.
pub fn check_json_begin(out: &mut dyn Write) -> io::Result<()> {
    write!(out, r#"{{"schema":{FORMAT},"pages":["#)
}

/// Writes what stands after the last page.
pub fn check_json_end(out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "]}}")
}

/// Writes how a page is read, as one object without a line end. Pages are
/// separated by commas.
pub fn check_json(out: &mut dyn Write, page: &CheckedPage<'_>) -> io::Result<()> {
    let plan = page.plan;
    let inside = |path: &Path| {
        let root = plan.map(|plan| plan.root.as_path());
        let path = root.and_then(|root| path.strip_prefix(root).ok()).unwrap_or(path);
        path.display().to_string()
    };
    let mirrored = plan.iter().flat_map(|plan| &plan.steps).flat_map(|step| &step.mirrored);
    let mirrors: BTreeSet<_> = mirrored
        .chain(page.hidden.iter().flat_map(|hidden| hidden.mirrored))
        .map(|mirrored| MirrorForm { url: masked(&mirrored.url), file: inside(&mirrored.file) })
        .collect();
    let mut places = Places::new(page.document);
    let form = PageForm {
        page: page.name,
        setup: plan.and_then(|plan| plan.setup.as_deref()).map(inside),
        cleanup: plan.and_then(|plan| plan.cleanup.as_deref()).map(inside),
        mirrors: mirrors.into_iter().collect(),
        images: plan.map(images).unwrap_or_default(),
        hidden: page
            .hidden
            .iter()
            .map(|hidden| HiddenForm { block: hidden.block, command: command(hidden.command) })
            .collect(),
        fences: page.lab.fences.iter().map(fence).collect(),
        steps: (0..page.lab.steps.len()).map(|index| step(page, index)).collect(),
        diagnostics: page.diagnostics.iter().map(|it| diagnostic(&mut places, it)).collect(),
    };
    serde_json::to_writer(out, &form).map_err(io::Error::from)
}

fn images(plan: &Plan) -> Vec<ImageForm> {
    let text = |path: &Path| Some(path.display().to_string());
    let form = |(name, source): &(String, ImageSource)| {
        let (archive, image) = match source {
            ImageSource::Archive(archive) => (text(archive), None),
            ImageSource::Recipe(image) => (None, text(image)),
        };
        ImageForm { name: name.clone(), archive, image }
    };
    plan.images.iter().map(form).collect()
}

fn fence(fence: &FenceReading) -> FenceForm<'_> {
    let role = match fence.role {
        Role::Command => "command",
        Role::Session => "session",
        Role::Output => "output",
        Role::File => "file",
        Role::Other => "other",
    };
    FenceForm { open: fence.open, close: fence.close, role, why: &fence.why }
}

/// Whoever needs the text as it stands on the page has its lines.
fn command(command: &Command) -> CommandForm<'_> {
    CommandForm { text: masked(&command.text), ..CommandForm::from(command) }
}

fn step<'a>(page: &'a CheckedPage<'_>, index: usize) -> StepForm<'a> {
    let step = &page.lab.steps[index];
    let outputs = step.outputs.iter().map(|output| OutputForm {
        first_line: output.first_line,
        last_line: output.last_line,
        elided: &output.elisions,
        cut: &output.cut,
    });
    let (skip, refusal) = (page.skip(index), page.refusal(index));
    // What is not run has no way in which it is.
    let is_run = skip.is_none() && refusal.is_none();
    let planned = page.plan.and_then(|plan| plan.steps.get(index)).filter(|_| is_run);
    StepForm {
        fence: step.fence,
        command: command(&step.command),
        executed: planned
            .map(|planned| planned.command.as_str())
            .filter(|command| *command != step.command.text)
            .map(masked),
        outputs: outputs.collect(),
        compared: page.is_compared(index),
        not_run: skip.map(|_| SKIPPED).or(refusal.map(Refusal::id)),
        reason: skip.map(masked),
        flags: flags(step),
        needs: &step.needs,
        changes: planned.map(|planned| planned.effect == Effect::Changes),
        shell: planned.map(|planned| planned.interpreter),
        terminal: planned.map(|planned| planned.terminal),
        changes_host: planned.and_then(|planned| planned.changes_host.as_deref()).map(masked),
        conduct: planned.and_then(|planned| match planned.conduct {
            Conduct::Whole => None,
            Conduct::Opens => Some("opens"),
            Conduct::Typed { .. } => Some("typed"),
            Conduct::Background { .. } => Some("background"),
            Conduct::Watched { .. } => Some("watched"),
        }),
    }
}

fn diagnostic<'a>(places: &mut Places<'_>, diagnostic: &'a Diagnostic) -> DiagnosticForm<'a> {
    let (line, column) = places.of(diagnostic.span.start);
    let (end_line, end_column) = places.of(diagnostic.span.end.max(diagnostic.span.start));
    let mut related = |(span, label): &'a (std::ops::Range<usize>, String)| {
        let (line, column) = places.of(span.start);
        RelatedForm { line, column, label: masked(label) }
    };
    DiagnosticForm {
        id: diagnostic.id,
        severity: match diagnostic.severity {
            Severity::Warning => "warning",
            Severity::Error => "error",
        },
        line,
        column,
        end_line,
        end_column,
        message: masked(&diagnostic.message),
        related: diagnostic.related.iter().map(&mut related).collect(),
        help: diagnostic.help.as_deref().map(masked),
    }
}
