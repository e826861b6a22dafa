//! `labbook publish`.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::args::PublishArgs;
use super::error::Error;
use super::exit::ExitCode;
use super::labs;
use super::streams::Streams;
use crate::record::Verdict;
use crate::report::{published_record, write_atomically};

/// The end of a record's file name.
const RECORD: &str = ".record.jsonl";

/// Copies records beside their pages: all of them, or none.
pub(super) fn publish(args: &PublishArgs, streams: &mut Streams) -> Result<ExitCode, Error> {
    let mut records = Vec::new();
    for path in &args.records {
        if path.is_dir() {
            let before = records.len();
            collect(path, &mut records)?;
            if records.len() == before {
                return Err(Error::Usage(format!("there is no record in {}", path.display())));
            }
        } else {
            records.push(path.clone());
        }
    }
    let mut copies = Vec::new();
    for path in &records {
        let (record, page) = labs::of_record(path, None)?;
        let transcript = page.transcript(&record)?;
        let verdict = transcript.verdict();
        if !matches!(verdict, Verdict::Same | Verdict::Drift) {
            return Err(Error::document(format!(
                "{} did not end with the same result, so it is not published; \
                 to take the new result, run it with --update --accept",
                path.display()
            )));
        }
        copies.push((published_record(&page.plan.path), read(path)?));
    }
    for (target, bytes) in copies {
        write_atomically(&target, &bytes).map_err(Error::internal)?;
        writeln!(streams.out, "published {}", target.display())?;
    }
    Ok(ExitCode::Success)
}

/// The records below a directory, in the order of their paths.
fn collect(directory: &Path, records: &mut Vec<PathBuf>) -> Result<(), Error> {
    // A run's folder may be named by the link `latest`.
    let walk = ignore::WalkBuilder::new(directory)
        .standard_filters(false)
        .sort_by_file_path(Path::cmp)
        .build();
    for entry in walk {
        let entry = entry.map_err(Error::internal)?;
        let name = entry.file_name().to_string_lossy();
        if entry.file_type().is_some_and(|kind| kind.is_file()) && name.ends_with(RECORD) {
            records.push(entry.into_path());
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<Vec<u8>, Error> {
    fs::read(path)
        .map_err(|error| Error::document(format!("cannot read {}: {error}", path.display())))
}
