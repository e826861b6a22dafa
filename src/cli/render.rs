//! `labbook render`.

use std::io::Write as _;

use super::args::RenderArgs;
use super::error::Error;
use super::exit::ExitCode;
use super::labs;
use super::streams::bytes_out;
use crate::report::{regenerate, write_atomically};

/// Writes the page again from a record.
pub(super) fn render(args: &RenderArgs) -> Result<ExitCode, Error> {
    let (record, page) = labs::of_record(&args.record, args.page.as_deref())?;
    let transcript = page.transcript(&record)?;
    let bytes = regenerate(&page.document, &page.lab, &transcript);
    match &args.output {
        Some(path) => write_atomically(path, &bytes).map_err(Error::internal)?,
        None => bytes_out().write_all(&bytes)?,
    }
    Ok(ExitCode::Success)
}
