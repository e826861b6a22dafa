//! Lines of an output that stand for others which the author left out.

use std::sync::LazyLock;

use regex::Regex;

use super::patterns::pattern;

/// Whether a line says only that others were left out: `...`, `[...]`,
/// `<output omitted>`, `-- snip --`.
pub(crate) fn is_elision(line: &str) -> bool {
    static ELISION: LazyLock<Regex> = LazyLock::new(|| {
        let dots = r"(?:\. ?){3,}|…+|\*(?: ?\*){2,}|⋮|\.{2,3}";
        let word = r"(?:output |lines? |some |more |other |the rest |rest |results? |logs? |\d+ (?:more )?lines? )*(?:of (?:the )?output )?(?:omitted|truncated|snip(?:ped)?|cut|skipped|trimmed|redacted|elided|removed|hidden|shortened|abbreviated|deleted|other fields|more)(?: (?:output|for brevity|for readability|here|lines?|below|results?))*";
        let text = format!(
            r"(?i)^\s*(?:#|//|--)?\s*(?:[\[<({{]*\s*(?:{dots})\s*(?:[\[<(]?{word}[\]>)]?\s*)?(?:{dots})?\s*[\]>)}}]*|[\[<({{]+\s*{word}\s*[\]>)}}]+|[-=~*_]{{2,}}\s*(?:✂|{word})\s*[-=~*_]*|(?:output|lines) (?:omitted|truncated)(?: for brevity)?)\s*$"
        );
        pattern(&text)
    });
    let line = line.trim();
    !line.is_empty() && line.len() < 80 && ELISION.is_match(line)
}

#[cfg(test)]
mod tests {
    use super::is_elision;

    #[test]
    fn elisions_are_known() {
        for line in [
            "...",
            "  ...",
            "…",
            "[...]",
            "(...)",
            "<...>",
            ". . .",
            "# ...",
            "<output omitted>",
            "[output truncated]",
            "...<snip>...",
            "--- snip ---",
            "... (truncated)",
            "[snip]",
            "... 12 lines omitted ...",
            "(output omitted for brevity)",
            "<snip>",
            "Output truncated",
        ] {
            assert!(is_elision(line), "{line}");
        }
    }

    #[test]
    fn output_is_none() {
        for line in [
            "",
            "a ...",
            "Pulling fs layer...",
            "---",
            "web-0  ...  1",
            "deleted",
            "<none>",
            "[]",
            "=== RUN",
            "--",
            "more",
        ] {
            assert!(!is_elision(line), "{line}");
        }
    }
}
