//! `labbook check`.

use std::io::{self, Write};
use std::path::Path;

use super::args::{CheckArgs, CheckFormat, Deny};
use super::error::Error;
use super::exit::ExitCode;
use super::pages::{self, Pages, Reading, Source};
use super::parallel::{alone, in_order};
use super::streams::Streams;
use crate::plan::Sources;
use crate::report::{
    Annotation, CheckSummary, CheckedPage, Detail, HiddenCommand, annotations, check_human,
    check_json, check_json_begin, check_json_end, write_annotations, write_summaries,
};

/// What is printed of a page, made where it was read.
struct Checked {
    summary: CheckSummary,
    text: Vec<u8>,
    annotations: Vec<Annotation>,
}

/// How pages are shown.
struct Form {
    format: CheckFormat,
    detail: Detail,
    width: Option<usize>,
}

/// Shows how pages are read and what would be run.
pub(super) fn check(args: &CheckArgs, streams: &mut Streams) -> Result<ExitCode, Error> {
    // What a person types stands where progress would be drawn.
    let live = streams.live && !pages::reads_stdin(&args.paths);
    let Pages { sources, faults, missing } =
        alone(live, "looking for pages", || pages::find(&args.paths))?;
    let form = Form {
        format: args.format,
        detail: match (args.explain, sources.len()) {
            (true, _) => Detail::Fences,
            (false, 1) => Detail::Steps,
            (false, _) => Detail::Findings,
        },
        width: streams.width,
    };
    let mut summaries: Vec<CheckSummary> = Vec::new();
    let mut found: Vec<Annotation> = Vec::new();
    if form.format == CheckFormat::Json {
        check_json_begin(&mut streams.out)?;
    }
    let out = &mut streams.out;
    let mut take = |checked: io::Result<Checked>| {
        let checked = checked?;
        if form.format == CheckFormat::Json && !summaries.is_empty() {
            out.write_all(b",")?;
        }
        out.write_all(&checked.text)?;
        found.extend(checked.annotations);
        summaries.push(checked.summary);
        Ok(())
    };
    for fault in &faults {
        take(form.show(fault))?;
    }
    let how = if args.online { Sources::Online } else { Sources::Mirrors };
    let work = |source: &Source| form.show(&source.read(how));
    in_order(&sources, live, "reading", work, take)?;
    match form.format {
        CheckFormat::Json => check_json_end(&mut streams.out)?,
        CheckFormat::Human => write_summaries(&mut streams.out, &summaries)?,
        CheckFormat::Github => write_annotations(&mut streams.out, &found)?,
    }
    if let Some(missing) = missing {
        // What was read stands before the error.
        streams.out.flush()?;
        return Err(missing);
    }
    if summaries.is_empty() {
        writeln!(streams.err, "{}: nothing to check", pages::none(&args.paths))?;
        return Ok(ExitCode::Unchecked);
    }
    let any = |count: fn(&CheckSummary) -> usize| summaries.iter().any(|page| count(page) > 0);
    if args.deny == Some(Deny::Warnings) && any(|page| page.warnings) && !any(|page| page.errors) {
        writeln!(streams.err, "the warnings are errors: --deny warnings")?;
    }
    Ok(ExitCode::first(summaries.iter().map(|page| outcome(page, args.deny))))
}

/// The exit code of one page.
fn outcome(page: &CheckSummary, deny: Option<Deny>) -> ExitCode {
    let denied = if deny == Some(Deny::Warnings) { page.warnings } else { 0 };
    if page.errors + denied > 0 {
        ExitCode::Document
    } else if page.compared == 0 && !page.is_skipped() {
        ExitCode::Unchecked
    } else {
        ExitCode::Success
    }
}

impl Form {
    fn show(&self, reading: &Reading) -> io::Result<Checked> {
        let page = CheckedPage {
            name: &reading.name,
            document: &reading.document,
            lab: &reading.lab,
            diagnostics: &reading.diagnostics,
            plan: reading.plan.as_ref().map(|(_, plan)| plan),
            hidden: &hidden(reading),
        };
        let mut text = Vec::new();
        let mut found = Vec::new();
        match self.format {
            CheckFormat::Human => check_human(&mut text, &page, self.detail, self.width)?,
            CheckFormat::Json => check_json(&mut text, &page)?,
            CheckFormat::Github => found = annotations(&page, &in_repository(reading)),
        }
        Ok(Checked { summary: CheckSummary::new(&page), text, annotations: found })
    }
}

/// The commands in comments of a page.
fn hidden(reading: &Reading) -> Vec<HiddenCommand<'_>> {
    let plan = reading.plan.as_ref().map(|(_, plan)| plan);
    let planned = |line| {
        let mut all =
            plan.iter().flat_map(|plan| plan.hidden_setup.iter().chain(&plan.hidden_cleanup));
        all.find(|hidden| hidden.written.first_line == line)
    };
    let mut found = Vec::new();
    for block in &reading.lab.directives.hidden {
        found.extend(block.commands.iter().map(|command| HiddenCommand {
            block: block.purpose.name(),
            command,
            mirrored: planned(command.first_line).map_or(&[], |planned| &planned.mirrored),
        }));
    }
    found
}

/// The path of a page in the repository that a workflow has checked out; how
/// the page is called where there is none around it.
fn in_repository(reading: &Reading) -> String {
    let root =
        std::env::var_os("GITHUB_WORKSPACE").and_then(|root| Path::new(&root).canonicalize().ok());
    let inside = root.as_deref().and_then(|root| reading.path.strip_prefix(root).ok());
    inside.map_or_else(|| reading.name.clone(), |path| path.display().to_string())
}
