//! What a fence is by more than its language.

use std::sync::LazyLock;

use regex::Regex;

use crate::document::{Document, Fence};
use crate::lab::blocks::Simple;
use crate::lab::known::{is_listed, subcommands};
use crate::lab::languages::{Class, class};
use crate::lab::line::Line;
use crate::lab::listing::{Trust, read_listing};
use crate::lab::patterns::pattern;
use crate::lab::powershell;
use crate::lab::programs::begins_surely;
use crate::lab::prompts::Kind;
use crate::lab::recognisers::recognise;
use crate::lab::typed::Typed;
use crate::lab::words::{Operator, Token};

/// What a fence is by its language, because it holds what only PowerShell has, or
/// because the page has a button that runs it.
pub(super) fn class_of(document: &Document, fence: &Fence, lines: &[Line<'_>]) -> Class {
    let class = class(&fence.language);
    if class.may_prompt()
        && class != Class::Console
        && powershell::are_powershells(lines.iter().map(|line| line.text.as_ref()))
    {
        return Class::Windows;
    }
    if class == Class::Other && is_mislabelled(&fence.language, lines) {
        return Class::Plain;
    }
    let runs = has_button(document, fence);
    if runs && class == Class::Plain { Class::Shell } else { class }
}

/// Whether a fence of a language that has no such lines begins with a prompt and a tool's
/// command: an editor's own label stands there.
fn is_mislabelled(language: &str, lines: &[Line<'_>]) -> bool {
    const CURLY: &str =
        "c cpp c++ csharp cs java javascript js typescript ts go rust kotlin swift scala dart";
    is_listed(CURLY, language)
        && lines.iter().position(|line| !line.is_blank()).is_some_and(|at| {
            let (line, below) = (&lines[at], lines.get(at + 1));
            let shown = below.and_then(|line| recognise(&line.text));
            line.prompt().is_some_and(|prompt| {
                let sure = match prompt.kind {
                    Kind::Dollar | Kind::Host(_) | Kind::Named(_) => true,
                    Kind::Hash => shown.is_some_and(|found| !found.is_common),
                    _ => false,
                };
                let typed = line.text[prompt.length..].trim();
                let program = typed.split(' ').next().unwrap_or_default();
                sure && subcommands(program).is_some() && begins_surely(typed)
            })
        })
}

/// A fence's lines without the language that was meant to stand beside its marks.
pub(super) fn without_label<'d>(fence: &Fence, mut lines: Vec<Line<'d>>) -> Vec<Line<'d>> {
    const LABELS: [&str; 7] = ["bash", "sh", "zsh", "shell", "console", "<bash>", "<shell>"];
    let is_typed = |line: &Line<'_>| {
        line.prompt().is_some() || line.text.trim().contains(' ') && begins_surely(line.text.trim())
    };
    let is_label = fence.language.is_empty()
        && lines.first().is_some_and(|line| LABELS.contains(&line.text.trim()))
        && lines.iter().skip(1).find(|line| line.is_content()).is_some_and(is_typed);
    if is_label {
        lines.remove(0);
    }
    lines
}

/// Whether a fence of another language holds nothing but commands of programs that
/// no such language has.
pub(super) fn holds_commands(lines: &[Line<'_>]) -> bool {
    let of_a_tool = |typed: &Typed| {
        // A file that the shell is given to write.
        let writes = typed.script.tokens.contains(&Token::Operator(Operator::Heredoc));
        writes
            || typed
                .script
                .commands()
                .first()
                .and_then(Simple::program)
                .is_some_and(|name| subcommands(name).is_some() && name != "make")
    };
    read_listing(lines, Trust::Sure)
        .is_ok_and(|session| !session.typed.is_empty() && session.typed.iter().all(of_a_tool))
}

/// Whether lines are the log of a job, or of another program that tells commands
/// which it runs or which are to be run.
pub(super) fn is_a_jobs_log(lines: &[Line<'_>]) -> bool {
    static LOG: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"^\s*(?:Executing "[^"]*" stage of the job script|Running with gitlab-runner|Cleaning up project directory|Job succeeded$|ERROR: Job failed|Getting source from Git repository|section_(?:start|end):|\[Pipeline\]|Started by user |> git .* # timeout=\d)"#,
        )
    });
    // `docker-env` and its like, without the command.
    let asks = |line: &Line<'_>| {
        ["##[", "# Run this command to configure your shell", "# To point your shell to "]
            .iter()
            .any(|start| line.text.starts_with(start))
    };
    let first = lines.iter().find(|line| line.is_content());
    if first.is_some_and(|line| line.prompt().is_none()) && lines.iter().any(asks) {
        return true;
    }
    lines.iter().any(|line| {
        line.text.len() < 2_000
            && line
                .text
                .trim_start()
                .starts_with(|c: char| c.is_ascii_uppercase() || "[>#s".contains(c))
            && LOG.is_match(&line.text)
    })
}

/// Whether the page has a button that types the whole fence in a terminal.
pub(super) fn has_button(document: &Document, fence: &Fence) -> bool {
    let closer = fence.close.map_or("", |line| &document.text()[document.line(line)]);
    [closer, &fence.info].iter().any(|text| text.contains("{{exec"))
}
