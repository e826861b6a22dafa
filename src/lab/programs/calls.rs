//! Whether a command calls a known program as people call it, by what stands round the
//! program's name too: variables before it, programs that run it, pipes after it.

use super::usage::is_used_as_known;
use super::{is_likely_a_command, is_surely_a_command};
use crate::lab::blocks::{Simple, assigned_name};
use crate::lab::known::is_known;
use crate::lab::words::{Operator, Script};
use crate::lab::wrappers::without_runners;

/// Whether the first of some simple commands, which has words, calls a known program so.
pub(super) fn calls_as_known(commands: &[Simple<'_>], text: &str, script: &Script) -> bool {
    let Some(first) = commands.first() else {
        return false;
    };
    let words = without_runners(&first.words);
    words.split_first().is_some_and(|(program, arguments)| {
        let wraps = words.len() < first.words.len();
        first.block
            && commands.len() > 1
            && matches!(program.text.as_str(), "for" | "case" | "select")
            || is_used_as_known(program, arguments, text, script)
            // `env A=b node`: with a value, no word of English.
            || wraps
                && first.words[0].text == "env"
                && assigned_name(&first.words[1].text).is_some()
                && is_known(&program.text)
            // `watch 'kubectl get pods'`
            || wraps
                && first.words[0].text == "watch"
                && words.len() == 1
                && program.quoted
                && is_surely_a_command(program.text.trim())
            || wraps
                && first.words[0].text == "sudo"
                && text.get(program.span.start..).is_some_and(is_likely_a_command)
            // Nothing but a command has variables of its own before these.
            || !first.assignments.is_empty()
                && (is_known(&program.text)
                    && arguments.iter().any(|word| word.text.starts_with('-'))
                    || program.text.contains('/') && program.text.strip_suffix(".sh").is_some())
            || goes_to_the_cluster(commands)
    })
}

/// Whether what a known program writes is given to the cluster: `linkerd smi install |
/// kubectl apply -f -`.
fn goes_to_the_cluster(commands: &[Simple<'_>]) -> bool {
    let [first, between @ .., last] = commands else {
        return false;
    };
    let is_piped = |simple: &Simple<'_>| simple.ended_by == Some(Operator::Pipe);
    let words: Vec<&str> = last.words.iter().map(|word| word.text.as_str()).collect();
    first.program().is_some_and(is_known)
        && is_piped(first)
        && between.iter().all(is_piped)
        && matches!(
            words[..],
            ["kubectl" | "k" | "oc", "apply" | "create" | "delete", "-f", "-", ..]
        )
}
