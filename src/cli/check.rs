//! `labbook check`.

use std::io::Write as _;

use super::args::{CheckArgs, Format};
use super::error::Error;
use super::exit::ExitCode;
use super::labs::{self, LabPage};
use super::streams::Streams;
use crate::lab::Severity;
use crate::report::{CheckedPage, check_human, check_json};

/// Shows how pages are read and what would be run.
pub(super) fn check(args: &CheckArgs, streams: &mut Streams) -> Result<ExitCode, Error> {
    let pages = labs::read(&args.paths, args.online)?;
    let checked: Vec<CheckedPage<'_>> = pages.iter().map(checked).collect();
    match args.format {
        Format::Json => check_json(&mut streams.out, &checked)?,
        Format::Human => {
            for page in &checked {
                check_human(&mut streams.out, page, args.explain)?;
            }
        }
    }
    if pages.is_empty() {
        writeln!(streams.err, "{}: nothing to check", labs::none(&args.paths))?;
        return Ok(ExitCode::Unchecked);
    }
    Ok(ExitCode::first(pages.iter().map(|page| {
        if page.diagnostics.iter().any(|found| found.severity == Severity::Error) {
            ExitCode::Document
        } else if page.lab.steps.iter().all(|step| step.outputs.is_empty()) {
            ExitCode::Unchecked
        } else {
            ExitCode::Success
        }
    })))
}

fn checked(page: &LabPage) -> CheckedPage<'_> {
    CheckedPage {
        name: &page.name,
        document: &page.document,
        lab: &page.lab,
        diagnostics: &page.diagnostics,
        plan: &page.plan,
    }
}
