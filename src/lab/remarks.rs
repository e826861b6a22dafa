//! The diagnostics of a page, each with its words in one place.

use std::ops::Range;

use super::diagnostics::Diagnostic;
use super::flags::Particulars;
use super::typed::Doubt;
use crate::document::{Document, Fence};

const WRITE_A_PROMPT: &str = "write `$ ` before each command";

/// A fence that is never closed; an error where commands are read from it, or from
/// the fence `before` that may lack its closing line instead.
pub(super) fn unterminated(
    document: &Document,
    fence: &Fence,
    before: Option<&Fence>,
    has_steps: bool,
) -> Diagnostic {
    let is_error = has_steps || before.is_some();
    let new = if is_error { Diagnostic::error } else { Diagnostic::warning };
    let message = "the fence is never closed: it runs to the end of its block";
    let told = new("unterminated-fence", document.line(fence.open), message.to_owned())
        .help("close it with a line of the same marks, and at least as many");
    match before {
        Some(before) => told.related(
            document.line(before.open),
            "or this one: it holds what looks like the page's own text",
        ),
        None => told,
    }
}

/// A shell's fence that is neither commands nor an output.
pub(super) fn unread_fence(span: Range<usize>, language: &str, why: &str) -> Diagnostic {
    let named = if language.is_empty() { String::new() } else { format!("`{language}` ") };
    let message = format!("nothing of this {named}fence is run: {why}");
    Diagnostic::warning("unread-fence", span, message).help(WRITE_A_PROMPT)
}

/// A fence of commands that the page says not to run.
pub(super) fn forbidden(span: Range<usize>, why: &str) -> Diagnostic {
    let message = format!("nothing of this fence is run: {why}");
    Diagnostic::warning("unread-fence", span, message)
        .help("if it is to be run, say so in other words, or `read = \"commands\"` in a directive before it")
}

/// Commands outside fences, told once a page: a page written so has many.
pub(super) fn unfenced(lines: Vec<Range<usize>>) -> Option<Diagnostic> {
    let mut lines = lines.into_iter();
    let first = lines.next()?;
    let message = match lines.len() {
        0 => "this command is not run: it stands in no fence".to_owned(),
        1 => "this command is not run, nor is another: they stand in no fence".to_owned(),
        more => format!("this command is not run, nor are {more} others: they stand in no fence"),
    };
    let told = Diagnostic::warning("unfenced-command", first, message)
        .help("write commands in fences: a line ```console before them, and ``` after them");
    Some(match lines.next() {
        Some(next) => told.related(next, "the next one"),
        None => told,
    })
}

/// A shell's fence of commands that may as well be what a command printed.
pub(super) fn unsure_fence(span: Range<usize>, line: usize) -> Diagnostic {
    let message =
        format!("nothing of this fence is run: it may be what the command on line {line} printed");
    Diagnostic::warning("unsure-fence", span, message)
        .help("if it is commands, write `$ ` before each command of the page")
}

/// A command that no shell would be given as it stands on the page.
pub(super) fn unreadable(span: Range<usize>) -> Diagnostic {
    let message = "the command holds bytes that are no text (NUL, or not UTF-8)";
    Diagnostic::error("unreadable-command", span, message)
        .help("it is not run; write the page in UTF-8, without NUL bytes")
}

/// A fence whose prompt is not the page's own.
pub(super) fn other_prompt(span: Range<usize>) -> Diagnostic {
    let message = "the prompt is not that of the page's first commands: reading it is a guess";
    Diagnostic::warning("mixed-prompts", span, message)
        .help("write the same prompt before all commands of the page")
}

/// A fence whose prompt is that of another machine.
pub(super) fn other_machine(span: Range<usize>) -> Diagnostic {
    let message = "the prompt is another machine's than that of the page's first commands";
    Diagnostic::warning("mixed-prompts", span, message).help(
        "all commands are run in one shell: write the same prompt before them, or skip those that are not for it",
    )
}

/// A line after a prompt that is not run.
pub(super) fn doubt(span: Range<usize>, doubt: &Doubt) -> Diagnostic {
    match doubt {
        Doubt::Broken(broken) => Diagnostic::error("unfinished-command", span, broken.message())
            .help("nothing of it is run; write the whole command"),
        Doubt::RootsMark => {
            let message = "`# ` may be root's prompt here, and is read as a comment's mark";
            Diagnostic::warning("mixed-prompts", span, message)
                .help("it is not run; if it is a command, write the prompt of the other ones")
        }
        Doubt::Unsure => {
            let message = "this line stands where a command may stand, but is not surely one";
            Diagnostic::warning("unsure-command", span, message)
                .help("it is not run; if it is a command, write `$ ` before it")
        }
    }
}

/// What is certain about a command from its text alone.
pub(super) fn command(span: &Range<usize>, particulars: &Particulars<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if let Some(placeholder) = particulars.placeholder {
        let message = format!("the command holds the placeholder `{placeholder}`");
        found.push(
            Diagnostic::error("placeholder", span.clone(), message)
                .help("write what stands there on the page's own cluster"),
        );
    }
    found
}

/// A command that is typed in a program that no command of the page opens.
pub(super) fn nested(span: Range<usize>) -> Diagnostic {
    let message = "this is typed inside another program, and no command before it opens one";
    Diagnostic::error("nested-command", span, message)
        .help("give it to the program as an argument, as in `kubectl exec web -- ls /`")
}

/// A command that opens a program in which nothing is typed.
pub(super) fn opens_a_shell(span: Range<usize>) -> Diagnostic {
    let message = "the command opens a program that reads what is typed next, and nothing is";
    Diagnostic::error("opens-a-shell", span, message)
        .help("give the inner command on this line, as in `kubectl exec web -- ls /`")
}

/// A fence that holds nothing of what a directive says that it is.
pub(super) fn not_as_directed(span: Range<usize>, lacking: &str) -> Diagnostic {
    Diagnostic::error("bad-directive-value", span, format!("`read`: {lacking}"))
        .help("say what the fence is, or take `read` away")
}

/// What is certain about a page as a whole.
pub(super) fn page(document: &Document, has_steps: bool) -> Vec<Diagnostic> {
    if has_steps {
        return Vec::new();
    }
    let message = "the page has no steps: nothing is run";
    vec![
        Diagnostic::warning("no-steps", document.line(1), message)
            .help("write each command after `$ ` in a fence whose language is `console`"),
    ]
}
