//! Prompts of a page's own, which no shell or theme has by itself.
//!
//! Only what stands after them shows that they are prompts: a program that people
//! type in labs, with one of its commands.

use super::{Kind, is_blank};
use crate::lab::known::{is_program, subcommands};
use crate::lab::programs::begins_surely;

/// How many words may stand before the mark.
const MOST_WORDS: usize = 6;

/// What may be written before a command instead of a prompt.
const LABELS: &str = "command cmd input команда commande comando befehl";

/// A prompt that is told by what stands after it, and how many bytes it takes:
/// `?  k8s (master) ? `, `~/a >>> `, `❱❱❱ `, `COMMAND: `.
pub(super) fn bespoke(rest: &str) -> Option<(Kind, usize)> {
    let mut at = 0;
    for _ in 0..MOST_WORDS {
        let word = rest[at..].split(is_blank).next()?;
        let end = at + word.len();
        let after = rest[end..].trim_start_matches(is_blank);
        if after.len() == rest[end..].len() {
            return None;
        }
        let command = rest.len() - after.len();
        // After other words, `#` begins a comment.
        let before = rest[..at].trim_end();
        let host = before.ends_with(']') || before.contains('@') && !before.contains(' ');
        let marked = if word == "#" { host } else { is_mark(word) };
        if (marked || at == 0 && is_label(word)) && is_strongly_a_command(after) {
            // What is a command as a whole, `a > kubectl …`, has no prompt.
            let surely =
                word.len() > 2 && word.bytes().all(|byte| byte == b'>') || !word.is_ascii();
            let is_prompt = surely || !begins_surely(rest);
            return is_prompt.then(|| (Kind::Own(word.to_owned()), end));
        }
        at = command;
    }
    None
}

/// Whether a word ends in what no word of a command or of prose ends in.
fn is_mark(word: &str) -> bool {
    // `==>` and `-->` begin what programs tell of their work; `5%` and `Sure?` are
    // words of it.
    let arrow = word.len() > 1 && word.bytes().all(|byte| b"-=>".contains(&byte));
    if arrow && word.contains(['-', '=']) {
        return false;
    }
    // Brackets, arrows and the symbols of fonts for prompts; not the bullets, ticks
    // and pictures that lists and hints begin with.
    matches!(word, "?" | "%" | "~")
        || word.chars().next_back().is_some_and(|last| {
            matches!(
                last,
                '>' | '$' | '#' | '»' | '›' | 'λ' | '▶' | '▷' | '►' | '▸'
                    | '\u{2300}'..='\u{23ff}'
                    | '\u{2768}'..='\u{2775}'
                    | '\u{2794}'..='\u{27bf}'
                    | '\u{27e6}'..='\u{27ef}'
                    | '\u{e000}'..='\u{f8ff}'
            )
        })
}

/// Whether a line may begin with a label for a prompt.
pub(super) fn begins_with_label(rest: &str) -> bool {
    rest.split(is_blank).next().is_some_and(is_label)
}

fn is_label(word: &str) -> bool {
    word.strip_suffix(':')
        .is_some_and(|label| crate::lab::known::is_listed(LABELS, &label.to_lowercase()))
}

fn is_strongly_a_command(text: &str) -> bool {
    let program = text.split(is_blank).next().unwrap_or_default();
    (subcommands(program).is_some() || is_program(program)) && begins_surely(text)
}

#[cfg(test)]
mod tests {
    use super::bespoke;

    #[test]
    fn what_stands_after_it_makes_a_prompt() {
        for line in [
            "?  labs (main) ? kubectl get po",
            "~/.../labs >>> kubectl get po",
            "❱❱❱ kubectl get po",
            "COMMAND: kubectl get po",
            "root@master # kubectl get po",
            "⎈ kind ⟫ kubectl get po",
        ] {
            let length = bespoke(line).map(|(_, length)| length);
            assert_eq!(
                length.map(|length| line[length..].trim()),
                Some("kubectl get po"),
                "{line}"
            );
        }
    }

    #[test]
    fn text_before_a_command_is_none() {
        for line in [
            "sudo kubectl get po",
            "watch -n 1 kubectl get po",
            "• kubectl get po",
            "📌 kubectl get po",
            "==> docker build .",
            "Sure? kubectl get po",
            "50% docker pull a",
            "✔ kubectl get po",
            "Now run: kubectl get po",
            "error: kubectl get po",
            "why? it runs",
            "NAME > READY",
            "cat a > docker-compose.yml",
            "😄 minikube v1.30 on Ubuntu",
        ] {
            assert_eq!(bespoke(line), None, "{line}");
        }
    }
}
