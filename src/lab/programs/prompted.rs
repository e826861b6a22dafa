//! What may be typed after a prompt.

use super::{is_known_output, is_shaped_like_a_command, is_surely_a_command};
use crate::lab::elisions::is_elision;
use crate::lab::known::subcommands;
use crate::lab::notes::{is_annotated, is_noted};
use crate::lab::prose::is_plain_word;
use crate::lab::words::Script;

/// Whether what stands after a prompt may be typed there: it has a command's shape,
/// and is none of what only programs and authors write.
pub(in crate::lab) fn may_be_typed(text: &str) -> bool {
    let first = text.split([' ', '\t']).next().unwrap_or_default();
    // `gpg: Signature made`, `[edit files...]`, `(wait a minute)`, `// note`.
    let label = first.len() > 1 && first.ends_with(':') && first != text;
    let note = first.starts_with("//") || first == "/*";
    let bracket = first.starts_with('[') && !matches!(first, "[" | "[[") && !first.contains("]::");
    let aside = text.starts_with('(')
        && text.ends_with(')')
        && !is_surely_a_command(text)
        && text.trim_matches(['(', ')']).split(' ').all(is_plain_word);
    let written = label || note || bracket || aside || is_elision(text) || is_noted_as_typed(text);
    // What a tool is given is not what another one prints.
    let of_a_tool = || subcommands(first).is_some_and(|_| first != text);
    is_shaped_like_a_command(text) && !written && (of_a_tool() || !is_known_output(text))
}

/// Whether a note stands behind what is typed after a prompt.
fn is_noted_as_typed(text: &str) -> bool {
    const SIGNS: [&str; 2] = [" - ", " -- "];
    if text.is_ascii() && !SIGNS.iter().any(|sign| text.contains(sign)) {
        return is_annotated(text);
    }
    // What a theme shows at the right edge is no note.
    let text = text.split("                    ").next().unwrap_or_default();
    let script = Script::new(text);
    let commands = script.commands();
    let Some([program, arguments @ ..]) = commands.first().map(|first| first.words.as_slice())
    else {
        return false;
    };
    is_annotated(text) || is_noted(&program.text, arguments)
}
