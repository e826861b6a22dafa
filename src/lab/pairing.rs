//! Which fence shows what the command of the fence before it printed.

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
/// "The output is similar to this:".
fn announces_output(line: &str) -> bool {
    const NOUNS: [&str; 6] = ["output", "outputs", "result", "results", "response", "prints"];
    let line = line.to_lowercase();
    let words: Vec<&str> = line
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .filter(|word| !word.is_empty())
        .collect();
    let bare = line.trim_matches(|c: char| !c.is_alphanumeric());
    let ends = line.trim_end_matches(['*', '_', '`', ' ']).ends_with(':') || NOUNS.contains(&bare);
    ends && words.len() <= CAPTION_WORDS && words.iter().any(|word| NOUNS.contains(word))
}

#[cfg(test)]
mod tests {
    use super::{Between, announces_output, between};
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
