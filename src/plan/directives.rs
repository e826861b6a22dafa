//! What a page's directives ask for: hidden commands, and what is not carried
//! out, which is never left out in silence.

use super::conduct::Conduct;
use super::host::Host;
use super::mirrors::{Applied, Fault, Mirrors};
use super::{HiddenCommand, PlannedStep};
use crate::document::Document;
use crate::lab::Diagnostic;
use crate::lab::directives::{Directives, KEYS, Purpose};

/// The id of the diagnostics of what is not carried out.
pub const NOT_CARRIED_OUT: &str = "not-carried-out";

/// A warning for each directive that asks for what is not carried out, at all or for
/// the step that it concerns. A page with any of them is not run.
pub(super) fn not_carried_out(
    document: &Document,
    directives: &Directives,
    steps: &[PlannedStep],
) -> Vec<Diagnostic> {
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
        .chain(steps.iter().enumerate().flat_map(|(index, step)| in_vain(directives, index, step)))
        .collect();
    found.sort_by_key(|found| found.span.start);
    // One that stands for several commands is told once.
    found.dedup_by(|second, first| second.span == first.span);
    found
}

/// What a step's own directives ask for that the way in which it is run does not allow.
fn in_vain(directives: &Directives, index: usize, step: &PlannedStep) -> Vec<Diagnostic> {
    let (keys, why): (&[&str], _) = match &step.conduct {
        Conduct::Whole => return Vec::new(),
        Conduct::Typed { line } => (
            &["exit", "until", "background", "stdin", "tty", "shell"],
            format!("the command is typed in the program that line {line} opens"),
        ),
        Conduct::Opens => (
            &["exit", "until", "background", "stdin", "tty"],
            "the command opens the program in which the next ones are typed".to_owned(),
        ),
        Conduct::Background { .. } => {
            (&["exit"], "the command goes on until the page ends".to_owned())
        }
        Conduct::Watched { .. } => (&["exit"], "the command is interrupted".to_owned()),
    };
    let of_page: Vec<_> = directives.page.iter().map(|setting| &setting.key_span).collect();
    let settings = directives.of_step(index).into_iter();
    settings
        .flat_map(|settings| keys.iter().filter_map(|key| settings.get(key)))
        .filter(|setting| !of_page.contains(&&setting.key_span))
        .map(|setting| {
            let message = format!("`{}` has no use here: {why}", setting.key);
            Diagnostic::warning(NOT_CARRIED_OUT, setting.key_span.clone(), message)
                .help("the page can be checked, and is not run; to run it, take this away")
        })
        .collect()
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
    host: &mut Host,
) -> Result<Vec<HiddenCommand>, (Fault, usize)> {
    let blocks = directives.hidden.iter().filter(|hidden| hidden.purpose == purpose);
    let may = directives.page.flag("host").unwrap_or(false);
    let commands = blocks.flat_map(|hidden| &hidden.commands).map(|written| {
        let Applied { command, mirrored, .. } =
            mirrors.apply(&written.text).map_err(|fault| (fault, written.first_line))?;
        let changes_host = host.change(&command, may);
        Ok(HiddenCommand { written: written.clone(), command, mirrored, changes_host })
    });
    commands.collect()
}
