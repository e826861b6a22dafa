//! What a fence is by its language alone.

use super::words::Script;

/// The classes of languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// A shell's own: its lines may be commands without a prompt.
    Shell,
    /// A terminal's: commands have prompts.
    Console,
    /// None, or plain text: anything.
    Plain,
    /// Data that a command may print when it is asked to.
    Data,
    /// A file's content, or something that labbook knows nothing of.
    Other,
}

/// The class of a fence's language, given in lower case.
pub(super) fn class(language: &str) -> Class {
    match language {
        "bash" | "sh" | "shell" | "zsh" | "ksh" => Class::Shell,
        "console" | "shell-session" | "shellsession" | "sh-session" | "bash-session"
        | "terminal" | "term" | "session" => Class::Console,
        "" | "text" | "txt" | "plain" | "plaintext" | "none" | "output" | "out" | "log"
        | "logs" | "stdout" => Class::Plain,
        "json" | "yaml" | "yml" => Class::Data,
        _ => Class::Other,
    }
}

impl Class {
    /// Whether a fence of this class may hold commands after prompts.
    pub(super) fn may_prompt(self) -> bool {
        matches!(self, Self::Shell | Self::Console | Self::Plain)
    }
}

/// Whether a command's output is data in this language: it asked for it by
/// `-o`, it shows a file of it, or it is a program that prints it.
pub(super) fn asks_for(command: &str, language: &str) -> bool {
    let format = if language == "yml" { "yaml" } else { language };
    let script = Script::new(command);
    script.commands().iter().any(|simple| {
        let words: Vec<&str> = simple.words.iter().map(|word| word.text.as_str()).collect();
        let prints = match words[..] {
            ["curl" | "wget" | "jq", ..] => format == "json",
            ["helm", "template" | "get" | "show", ..] | ["yq" | "kustomize", ..] => {
                format == "yaml"
            }
            ["cat", ..] => words.iter().any(|word| word.ends_with(&format!(".{language}"))),
            _ => false,
        };
        prints || has_output_flag(&words, format)
    })
}

fn has_output_flag(words: &[&str], format: &str) -> bool {
    words.iter().enumerate().any(|(index, word)| {
        let joined = ["--output=", "-o=", "-o"].iter().find_map(|flag| word.strip_prefix(flag));
        let next = words.get(index + 1).copied().unwrap_or_default();
        joined == Some(format) || (matches!(*word, "-o" | "--output") && next == format)
    })
}

#[cfg(test)]
mod tests {
    use super::{Class, asks_for, class};

    #[test]
    fn a_language_has_a_class() {
        assert_eq!(
            ["bash", "console", "", "yml", "python"].map(class),
            [Class::Shell, Class::Console, Class::Plain, Class::Data, Class::Other]
        );
    }

    #[test]
    fn data_is_output_where_it_was_asked_for() {
        assert!(
            ["-o yaml", "-oyaml", "-o=yaml", "--output yaml"]
                .iter()
                .all(|o| asks_for(&format!("kubectl get po {o}"), "yml"))
        );
        assert!(asks_for("curl -s http://a/b | jq .", "json") && asks_for("cat pod.yaml", "yaml"));
        assert!(
            !asks_for("kubectl apply -f pod.yaml", "yaml") && !asks_for("cat pod.json", "yaml")
        );
    }
}
