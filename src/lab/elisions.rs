//! What an author left out of an output: whole lines, and parts of lines.

use std::sync::LazyLock;

use regex::Regex;

use super::patterns::pattern;
use super::recognisers::{TABLE, recognise};

/// The marks that stand for text in a cell of a table.
const MARKS: [&str; 4] = ["...", "…", "[...]", "<...>"];

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
    let row = || line.split_whitespace().all(|cell| MARKS.contains(&cell));
    // Most lines begin with a word.
    let letters = line.bytes().take_while(u8::is_ascii_alphabetic).count();
    let first = &line[..letters];
    let may_say =
        letters == 0 || ["output", "lines"].iter().any(|word| first.eq_ignore_ascii_case(word));
    may_say && !line.is_empty() && (line.len() < 80 && ELISION.is_match(line) || row())
}

/// Whether a cell of a table goes on where the page, or the program itself, cuts it:
/// `MESS...`, `"/docker-entrypoint.…"`, `...`.
pub(crate) fn is_cut(cell: &str) -> bool {
    let cell = cell.trim().trim_end_matches(['"', '\'']);
    ["...", "…"].iter().any(|mark| cell.ends_with(mark)) || MARKS.contains(&cell)
}

/// The indices of the lines of which a part is left out: rows of a table with a cut
/// cell, and lines in the middle of which something says so (`[...]`, `<omitted>`).
pub(super) fn cut_lines<'l>(lines: impl Iterator<Item = &'l str> + Clone) -> Vec<usize> {
    const SIGNS: [&str; 7] = ["...", "…", "omitted", "snip", "trunc", "redacted", "elided"];
    static INSIDE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"\S.*(?:\[(?:\.{3}|…)\]|<(?:\.{3}|…)>|[\[<(](?:output |value |data )?(?:omitted|snip(?:ped)?|truncated|redacted|elided)[\]>)])",
        )
    });
    // Most outputs hold none: their lines are not looked at one by one.
    if !lines.clone().any(|line| SIGNS.iter().any(|sign| line.contains(sign))) {
        return Vec::new();
    }
    let mut in_table = false;
    let is_cut_line = |(at, line): (usize, &str)| {
        let is_head = recognise(line).is_some_and(|found| found.name == TABLE);
        in_table = is_head || in_table && !line.trim().is_empty();
        let row = || line.split("  ").flat_map(|cell| cell.split('\t')).any(is_cut);
        let short = line.len() < 2_000;
        let cut =
            in_table && row() || short && line.contains(['[', '<', '(']) && INSIDE.is_match(line);
        (cut && !is_elision(line)).then_some(at)
    };
    lines.enumerate().filter_map(is_cut_line).collect()
}

#[cfg(test)]
mod tests {
    use super::{cut_lines, is_elision};

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
            "...   ...   ...",
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

    #[test]
    fn a_cut_table_is_known() {
        let cut = |text: &str| cut_lines(text.lines());
        assert_eq!(
            cut(
                "NAME    READY   MESS...\nweb-0   1/1     Pulled th...\nweb-1   1/1     Done\nweb-2   ...     …"
            ),
            [0, 1, 3]
        );
        assert_eq!(
            cut(
                "CONTAINER ID   IMAGE   COMMAND\n0123456789ab   web     \"/docker-entrypoint.…\"   up"
            ),
            [1]
        );
        assert_eq!(cut("token: eyJh<redacted>\nkey: [...] end\n...\nNAME   READY"), [0, 1]);
        assert_eq!(cut("Pulling fs layer...\nWaiting for a to finish...\n[]"), [0; 0]);
    }
}
