//! What a page's directives ask for: hidden commands, and what is not carried
//! out, which is never left out in silence.

use super::HiddenCommand;
use super::mirrors::{Applied, Fault, Mirrors};
use crate::document::Document;
use crate::lab::Diagnostic;
use crate::lab::directives::{Directives, KEYS, Purpose};

/// The id of the diagnostics of what is not carried out.
pub const NOT_CARRIED_OUT: &str = "not-carried-out";

/// A warning for each directive that asks for what is not carried out. A page
/// with any of them is not run.
pub(super) fn not_carried_out(document: &Document, directives: &Directives) -> Vec<Diagnostic> {
    let keys = directives
        .written()
        .into_iter()
        .filter(|setting| !is_carried_out(setting.key))
        .map(|setting| (setting.key_span.clone(), setting.key.to_owned()));
    let verify = directives.hidden.iter().filter(|hidden| hidden.purpose == Purpose::Verify);
    let hidden = verify.map(|hidden| {
        (document.line(hidden.first_line), format!("labbook:{}", hidden.purpose.name()))
    });
    let mut found: Vec<Diagnostic> = keys
        .chain(hidden)
        .map(|(span, what)| {
            let message = format!("labbook does not carry out `{what}` yet");
            Diagnostic::warning(NOT_CARRIED_OUT, span, message)
                .help("the page can be checked, and is not run; to run it, take this away")
        })
        .collect();
    found.sort_by_key(|found| found.span.start);
    found
}

fn is_carried_out(name: &str) -> bool {
    KEYS.iter().any(|key| key.name == name && key.carried_out)
}

/// The hidden commands of one purpose, mirrored URLs replaced; a fault with the
/// line of the command where one cannot be.
pub(super) fn hidden(
    directives: &Directives,
    purpose: Purpose,
    mirrors: &Mirrors,
) -> Result<Vec<HiddenCommand>, (Fault, usize)> {
    let blocks = directives.hidden.iter().filter(|hidden| hidden.purpose == purpose);
    let commands = blocks.flat_map(|hidden| &hidden.commands).map(|written| {
        let Applied { command, mirrored, .. } =
            mirrors.apply(&written.text).map_err(|fault| (fault, written.first_line))?;
        Ok(HiddenCommand { written: written.clone(), command, mirrored })
    });
    commands.collect()
}
