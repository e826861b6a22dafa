//! Which fence shows what the command of the fence before it printed.

use std::sync::LazyLock;

use regex::Regex;

use crate::document::{Document, Fence};

/// What stands between two fences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Between {
    /// Nothing but blanks.
    Blank,
    /// A phrase that announces an output.
    Caption,
    /// Anything else.
    Text,
}

/// The most words of a caption.
const CAPTION_WORDS: usize = 10;

/// What stands between a fence and the next one.
pub(super) fn between(document: &Document, before: &Fence, after: &Fence) -> Between {
    let mut caption = false;
    for number in before.last_line() + 1..after.open {
        let line = &document.text()[document.line(number)];
        let line = line.trim_matches([' ', '\t', '>']);
        if line.is_empty() || (line.starts_with("<!--") && line.ends_with("-->")) {
            continue;
        }
        if caption || !announces_output(line) {
            return Between::Text;
        }
        caption = true;
    }
    if caption { Between::Caption } else { Between::Blank }
}

/// Whether a line says that what follows is an output: "Output:", "**Result**",
/// "The output is similar to this:", "You should see:".
fn announces_output(line: &str) -> bool {
    const NOUNS: [&str; 6] = ["output", "outputs", "result", "results", "response", "prints"];
    const PROMISES: [&str; 9] = [
        "you see",
        "you'll see",
        "should see",
        "will see",
        "looks like",
        "look like",
        "shows",
        "similar to",
        "returns",
    ];
    let line = line.to_lowercase();
    let words: Vec<&str> = line
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .filter(|word| !word.is_empty())
        .collect();
    let bare = line.trim_matches(|c: char| !c.is_alphanumeric());
    let promises = PROMISES.iter().any(|promise| line.contains(promise));
    let ends = line.trim_end_matches(['*', '_', '`', ' ']).ends_with(':') || NOUNS.contains(&bare);
    ends && words.len() <= CAPTION_WORDS
        && (promises || words.iter().any(|word| NOUNS.contains(word)))
}

/// Whether a fence is a file: its info string gives it a file's name, or the line
/// before it does ("Create `run.sh`:", "run.sh:").
pub(super) fn is_named_file(document: &Document, fence: &Fence) -> bool {
    let titled = NAMED.captures(&fence.info).is_some_and(|captures| {
        let name = captures[1].trim_matches(['"', '\'']);
        !name.contains(' ') && name.rsplit('/').next().is_some_and(|file| file.contains('.'))
    });
    let lines = (1..fence.open).rev().map(|number| &document.text()[document.line(number)]);
    let before =
        lines.map(|line| line.trim_matches([' ', '\t', '>'])).find(|line| !line.is_empty());
    titled || before.is_some_and(introduces_file)
}

static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?:^|[\s{,])(?:title|file|filename|name)=("[^"]*"|'[^']*'|[^\s,}]+)"#)
        .expect("the pattern is a constant")
});

/// Whether a line says that what follows is a script's text.
fn introduces_file(line: &str) -> bool {
    const VERBS: [&str; 14] = [
        "create", "creates", "write", "save", "edit", "make", "add", "put", "open", "file",
        "script", "contents", "content", "contains",
    ];
    let line = line.trim_end_matches(['*', '_', '`', ' ']);
    if !line.ends_with(':') && !line.ends_with(":**") {
        return false;
    }
    let words: Vec<String> = line
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase())
        .filter(|word| !word.is_empty())
        .collect();
    let is_script = |word: &String| {
        [".sh", ".bash", ".zsh", ".ksh"].iter().any(|ending| {
            word.strip_suffix(ending).is_some_and(|name| !name.is_empty() && !name.contains("://"))
        })
    };
    let runs = words.iter().any(|word| matches!(&**word, "run" | "execute" | "apply" | "call"));
    words.iter().any(is_script)
        && !runs
        && (words.len() == 1 || words.iter().any(|word| VERBS.contains(&&**word)))
}

#[cfg(test)]
mod tests {
    use super::{Between, announces_output, between, introduces_file};
    use crate::document::Document;

    #[test]
    fn captions_announce_an_output() {
        for line in [
            "Output:",
            "**Output**",
            "The output is similar to this:",
            "output",
            "Example result:",
            "_Response:_",
            "You should see:",
            "It looks like this:",
        ] {
            assert!(announces_output(line), "{line}");
        }
        for line in [
            "Then delete the pod:",
            "The output shows that both pods run.",
            "Save the output to a file",
            "",
        ] {
            assert!(!announces_output(line), "{line}");
        }
    }

    #[test]
    fn a_line_may_introduce_a_script() {
        for line in ["Create `x.sh`:", "x.sh:", "**`bin/x.sh`**:", "The script `x.sh` contains:"] {
            assert!(introduces_file(line), "{line}");
        }
        for line in ["Run `x.sh`:", "Create a pod:", "Make x.sh executable", "Create and run x.sh:"]
        {
            assert!(!introduces_file(line), "{line}");
        }
    }

    #[test]
    fn only_blanks_and_captions_join_two_fences() {
        let seen = |middle: &str| {
            let document =
                Document::new(format!("```\na\n```\n{middle}```\nb\n```\n").into_bytes());
            between(&document, &document.fences()[0], &document.fences()[1])
        };
        assert_eq!(seen(""), Between::Blank);
        assert_eq!(seen("\n \n"), Between::Blank);
        assert_eq!(seen("\nOutput:\n\n"), Between::Caption);
        assert_eq!(seen("\nNow look:\n\n"), Between::Text);
    }
}
