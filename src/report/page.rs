//! The page again, with what the run printed in place of what was recorded.

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::transcript::Transcript;
use crate::document::{Document, Replacement};
use crate::lab::{self, Lab, RecordedOutput};
use crate::record::{Verdict, whole_characters};
use crate::terminal_text::for_page;

/// How many bytes of an output that is not whole a report shows.
const SHOWN: usize = 64 * 1024;

/// Why a page is not written.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum PageError {
    /// A step's result is another one.
    #[error(
        "{page}:{line}: step {step} gave a different result, so the page stays as it is; \
         if the new result is right, say --update --accept"
    )]
    Different {
        /// The page.
        page: String,
        /// The command's first line.
        line: usize,
        /// The step, counted from 1.
        step: usize,
    },
    /// A step has no result, so the page would be half old and half new.
    #[error(
        "{page}:{line}: step {step} gave no result, so the page stays as it is: \
         half of it would be of this run and half of an earlier one"
    )]
    Incomplete {
        /// The page.
        page: String,
        /// The command's first line.
        line: usize,
        /// The step, counted from 1.
        step: usize,
    },
    /// A step printed more than a page can show.
    #[error(
        "{page}:{line}: step {step} printed more than a page shows, so the page stays as it is; \
         let the command print less (| head), or take the report"
    )]
    TooMuch {
        /// The page.
        page: String,
        /// The command's first line.
        line: usize,
        /// The step, counted from 1.
        step: usize,
    },
    /// A command names what the new outputs call otherwise.
    #[error(
        "{page}:{line}: this command names {old}, which is {new} in the new outputs, so the page \
         would contradict itself and stays as it is; let the command find the name, as in \
         $(kubectl get pods -l app=NAME -o name), or take the report"
    )]
    Renamed {
        /// The page.
        page: String,
        /// The command's first line.
        line: usize,
        /// The word of the page.
        old: String,
        /// The word that was run.
        new: String,
    },
    /// The page with its new outputs would be read as another lab.
    #[error(
        "{page}:{line}: with the new output the page would be read as another lab \
         (a line that was printed reads as a command or a fence), so it stays as it is; \
         give the step's output a fence of its own"
    )]
    OtherLab {
        /// The page.
        page: String,
        /// The line of the first command that would be read otherwise.
        line: usize,
    },
}

/// The page with every kept output spliced in; every other byte is as it was.
/// A step without a kept attempt, or without an output on the page, keeps what
/// the page shows of it.
pub fn regenerate(document: &Document, lab: &Lab, transcript: &Transcript) -> Vec<u8> {
    let mut replacements = Vec::new();
    for (step, told) in lab.steps.iter().zip(&transcript.steps) {
        let Some(kept) = &told.kept else { continue };
        let texts = if kept.left_out == 0 {
            share(&step.outputs, &for_page(&kept.output.0))
        } else {
            cut(step.outputs.len(), &kept.output.0, kept.left_out)
        };
        for (output, text) in step.outputs.iter().zip(texts) {
            replacements.push(Replacement {
                first_line: output.first_line,
                last_line: output.last_line,
                text: prefixed(&output.prefix, text),
            });
        }
    }
    replacements.sort_by_key(|replacement| replacement.first_line);
    document.splice(&replacements)
}

/// The page for `--update`: as [`regenerate`], or an error where the page would
/// not be one consistent run. `accept` takes different results too.
pub fn update(
    document: &Document,
    lab: &Lab,
    transcript: &Transcript,
    accept: bool,
) -> Result<Vec<u8>, PageError> {
    let page = || transcript.header.page.clone();
    for (index, step) in transcript.steps.iter().enumerate() {
        let (line, step_number) = (step.command.first_line, index + 1);
        let too_much = step.kept.as_ref().is_some_and(|kept| kept.left_out > 0);
        match step.verdict {
            Verdict::Same | Verdict::Drift | Verdict::Ran => {}
            Verdict::Different if accept && too_much => {
                return Err(PageError::TooMuch { page: page(), line, step: step_number });
            }
            Verdict::NotRun if step.is_skipped() => {}
            Verdict::Different if accept && step.kept.is_some() => {}
            Verdict::Different => {
                return Err(PageError::Different { page: page(), line, step: step_number });
            }
            Verdict::NotRun | Verdict::Error => {
                return Err(PageError::Incomplete { page: page(), line, step: step_number });
            }
        }
    }
    for step in &transcript.steps {
        if let Some((old, new)) = renamed(&step.command.text, step.executed.as_deref()) {
            let (old, new) = (old.to_owned(), new.to_owned());
            return Err(PageError::Renamed {
                page: page(),
                line: step.command.first_line,
                old,
                new,
            });
        }
    }
    let bytes = regenerate(document, lab, transcript);
    let (again, _) = lab::read(&Document::new(bytes.clone()));
    let commands =
        |lab: &Lab| lab.steps.iter().map(|step| step.command.text.clone()).collect::<Vec<_>>();
    let (before, after) = (commands(lab), commands(&again));
    if before != after {
        let differs = before.iter().zip(&after).take_while(|(a, b)| a == b).count();
        let line =
            lab.steps.get(differs).or(lab.steps.last()).map_or(1, |step| step.command.first_line);
        return Err(PageError::OtherLab { page: page(), line });
    }
    Ok(bytes)
}

/// The first word of a command that was run under another name. A URL that was
/// read from a mirror is no other name: the page keeps it.
fn renamed<'a>(text: &'a str, executed: Option<&'a str>) -> Option<(&'a str, &'a str)> {
    let pairs = text.split_whitespace().zip(executed?.split_whitespace());
    pairs.into_iter().find(|(old, new)| old != new && !old.contains("://"))
}

/// The lines of a text with the marks of comments before each.
fn prefixed(prefix: &str, text: Vec<u8>) -> Vec<u8> {
    if prefix.is_empty() {
        return text;
    }
    let lines = text.split(|byte| *byte == b'\n');
    lines.map(|line| [prefix.as_bytes(), line].concat()).collect::<Vec<_>>().join(&b"\n"[..])
}

/// The beginning of a long output, in the first of the places where the page shows parts of
/// it, with a word of what is left out; the other places are empty.
fn cut(places: usize, kept: &[u8], left_out: u64) -> Vec<Vec<u8>> {
    let shown = kept.len().min(SHOWN);
    let lines = kept[..shown].iter().rposition(|byte| *byte == b'\n');
    let end = lines.map_or_else(|| whole_characters(&kept[..shown]), |at| at + 1);
    let mut text = for_page(&kept[..end]);
    let left_out = left_out + (kept.len() - end) as u64;
    text.extend_from_slice(
        format!("\n[labbook: {left_out} more bytes are in the record]").as_bytes(),
    );
    let mut texts = vec![Vec::new(); places];
    if let Some(first) = texts.first_mut() {
        *first = text;
    }
    texts
}

/// Shares one output among the places where the page shows parts of it: each
/// place keeps the part that begins with the line at which it began, as a diff
/// of the recorded lines and the new ones aligns them.
fn share(places: &[RecordedOutput], output: &[u8]) -> Vec<Vec<u8>> {
    if places.len() < 2 {
        return vec![output.to_vec(); places.len()];
    }
    let new: Vec<&[u8]> = output.split(|byte| *byte == b'\n').collect();
    let old: Vec<&[u8]> =
        places.iter().flat_map(|place| place.text.split('\n').map(str::as_bytes)).collect();
    let operations = capture_diff_slices(Algorithm::Myers, &old, &new);
    let mut begins = Vec::with_capacity(places.len() + 1);
    let mut line = 0;
    for place in places {
        begins.push(carry(&operations, line).min(new.len()));
        line += place.text.split('\n').count();
    }
    begins.push(new.len());
    begins[0] = 0;
    begins.windows(2).map(|part| new[part[0]..part[1].max(part[0])].join(&b"\n"[..])).collect()
}

/// The new line at which old line `line` stands, by the operations of a diff.
fn carry(operations: &[DiffOp], line: usize) -> usize {
    for operation in operations {
        let (old, new) = (operation.old_range(), operation.new_range());
        if old.contains(&line) {
            return new.start + (line - old.start).min(new.len());
        }
    }
    operations.last().map_or(0, |operation| operation.new_range().end)
}

#[cfg(test)]
mod tests {
    use super::renamed;

    #[test]
    fn a_command_that_ran_under_another_name_is_told_and_a_mirrored_url_is_none() {
        let old = "kubectl logs web-6c7d8f9b5c-8k97x -f";
        assert_eq!(
            renamed(old, Some("kubectl logs web-6c7d8f9b5c-q5l6z -f")),
            Some(("web-6c7d8f9b5c-8k97x", "web-6c7d8f9b5c-q5l6z"))
        );
        assert_eq!(renamed(old, None), None);
        assert_eq!(renamed("kubectl apply -f https://a/b", Some("kubectl apply -f /m/b")), None);
    }
}
