//! Which commands print the names of files, and which lines are such names.

use crate::lab::words::{Script, Word};

/// Whether a line is a path and nothing else.
pub(in crate::lab) fn is_path_alone(text: &str) -> bool {
    let text = text.trim();
    text.starts_with(['.', '/', '~']) && !text.contains(char::is_whitespace)
}

/// Whether a line is what a command prints that lists files: a path, or names.
pub(in crate::lab) fn is_listed_by(script: &Script, text: &str) -> bool {
    (is_path_alone(text) || are_names(text)) && lists_files(script)
}

/// Whether a line holds names in columns, as listings have them.
fn are_names(text: &str) -> bool {
    let text = text.trim();
    let marks = ['=', '$', '|', '>', '<', '&', ';', '"', '\''];
    text.contains("  ")
        && !text.contains(marks)
        && text.split("  ").all(|name| !name.trim().contains(' '))
        && !text.contains(" -")
}

/// Whether a command prints the names of files.
pub(in crate::lab) fn lists_files(script: &Script) -> bool {
    const LISTERS: [&str; 12] =
        ["find", "ls", "du", "tar", "unzip", "tree", "rpm", "rg", "grep", "fd", "locate", "which"];
    script.commands().iter().any(|simple| {
        let lists = |word: &&Word| {
            matches!(&*word.text, "ls-files" | "ls-tree" | "diff" | "status" | "show")
        };
        let dashes = simple.words.iter().position(|word| word.text == "--");
        let inner = dashes.and_then(|at| simple.words.get(at + 1)).map(|word| word.text.as_str());
        inner.or(simple.program()).is_some_and(|name| {
            LISTERS.contains(&name)
                || name == "git" && simple.words.iter().copied().any(|word| lists(&word))
        })
    })
}
