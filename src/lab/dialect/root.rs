//! Root's prompt, whose mark is that of comments, too.

use crate::lab::blocks::assigned_name;
use crate::lab::languages::Class;
use crate::lab::line::{Line, is_comment};
use crate::lab::printing::{Printing, printing};
use crate::lab::programs::{begins_surely, is_surely_a_command};
use crate::lab::prompts::Prompt;
use crate::lab::recognisers::{JSON, MANIFEST, VARIABLES, YAML, recognise};
use crate::lab::words::Script;

/// Root's prompt, where each such line of the fence is a command, and no other
/// line is: otherwise the marks are those of comments. In a shell's own fence the
/// rest must be known to be an output.
pub(super) fn root_prompt(class: Class, lines: &[Line<'_>]) -> Option<Prompt> {
    let mut root = None;
    let mut command = "";
    let mut glued = false;
    let mut printed = false;
    let mut others = false;
    for line in lines.iter().filter(|line| !line.is_blank()) {
        let text = line.text.as_ref();
        if is_comment(text) {
            let prompt = line.prompt()?;
            command = text[prompt.length..].trim_end();
            if !begins_surely(command) {
                return None;
            }
            glued |= prompt.length == prompt.indent + 1;
            root = root.or_else(|| Some(prompt.clone()));
        } else if root.is_none()
            || is_surely_a_command(text.trim()) && assigned_name(text.trim()).is_none()
        {
            return None;
        } else {
            others = true;
            // A comment stands above a file's text, too.
            let command = std::mem::take(&mut command);
            if !command.is_empty() && may_head_a_file(command, text) {
                return None;
            }
            printed |= recognise(text).is_some_and(|found| found.name != YAML);
        }
    }
    // Comments of a file look the same where nothing is known to be an output; so does
    // `#kubectl`, a command that is not to be run.
    let sure = printed || !glued && (class == Class::Console || class == Class::Plain && !others);
    root.filter(|_| sure)
}

/// Whether the line after what may be a command in a comment begins a file of data,
/// and the command prints no such thing.
fn may_head_a_file(command: &str, line: &str) -> bool {
    const DATA: [&str; 3] = [MANIFEST, YAML, JSON];
    let line = line.trim();
    let script = Script::new(command);
    let says = |words: &[&str]| script.words().any(|word| words.contains(&&*word.text));
    let shows = ["cat", "head", "tail", "less", "more", "vi", "vim", "nano"];
    let block = line.ends_with(" {") && line.starts_with(|c: char| c.is_ascii_lowercase());
    let section = line.strip_prefix('[').and_then(|line| line.strip_suffix(']'));
    if (block || section.is_some_and(|name| !name.contains(' '))) && !says(&shows) {
        return true;
    }
    let Some(found) = recognise(line) else {
        return false;
    };
    if found.name == VARIABLES {
        return !says(&["env", "printenv", "export", "set", "cat", "grep"]);
    }
    let asks = says(&[
        "-o", "-oyaml", "-ojson", "--output", "describe", "version", "config", "inspect", "cat",
        "head", "tail",
    ]);
    DATA.contains(&found.name) && !asks && printing(&script, command) == Printing::Report
}
