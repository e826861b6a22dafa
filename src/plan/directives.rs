//! What a page's directives ask for that is not carried out: it is never left out
//! in silence.

use crate::document::Document;
use crate::lab::Diagnostic;
use crate::lab::directives::Directives;

/// The keys that are carried out.
const CARRIED_OUT: [&str; 2] = ["timeout", "wait"];

/// A warning for each directive that asks for what is not carried out. A page
/// with any of them is not run.
pub(super) fn not_carried_out(document: &Document, directives: &Directives) -> Vec<Diagnostic> {
    let keys = directives
        .written()
        .into_iter()
        .filter(|setting| !CARRIED_OUT.contains(&setting.key))
        .map(|setting| (setting.key_span.clone(), setting.key.to_owned()));
    let hidden = directives.hidden.iter().map(|hidden| {
        (document.line(hidden.first_line), format!("labbook:{}", hidden.purpose.name()))
    });
    let mut found: Vec<Diagnostic> = keys
        .chain(hidden)
        .map(|(span, what)| {
            let message = format!("labbook does not carry out `{what}` yet");
            Diagnostic::warning("not-carried-out", span, message)
                .help("the page can be checked, and is not run; to run it, take this away")
        })
        .collect();
    found.sort_by_key(|found| found.span.start);
    found
}
