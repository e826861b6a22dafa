//! Which comments are directives, and which were meant to be.

use std::ops::Range;

use super::hidden::Purpose;
use super::keys::{key, nearest};

/// The word that a directive begins with.
const WORD: &str = "labbook";
/// The most letters by which a word may differ from it.
const FARTHEST: usize = 2;

/// What a comment is, by how it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Marker {
    /// Keys for the fence after it. What follows begins at this byte.
    Fence(usize),
    /// Keys for the page.
    Page(usize),
    /// Hidden commands.
    Hidden(Purpose, usize),
    /// It was meant to be a directive: the place, and what stands there rightly.
    Misspelt(Range<usize>, String),
}

/// What the comment with this text is; none where it is no directive.
pub(super) fn marker(text: &str) -> Option<Marker> {
    let start = text.len() - text.trim_start().len();
    if let Some(rest) = text[start..].strip_prefix(WORD).and_then(|rest| rest.strip_prefix(':')) {
        return Some(kind(start, text.len() - rest.len(), rest));
    }
    misspelt(text, start)
}

/// What a directive is; `rest` begins after its colon, at byte `at`.
fn kind(start: usize, at: usize, rest: &str) -> Marker {
    let word = word(rest);
    let after = at + word.len();
    match word {
        // Keys may stand right after the colon.
        "" => Marker::Fence(at),
        "page" => Marker::Page(after),
        _ if assigns(&rest[word.len()..]) => Marker::Fence(at),
        _ => match Purpose::named(word) {
            Some(purpose) => Marker::Hidden(purpose, after),
            None => Marker::Misspelt(start..after, right(word)),
        },
    }
}

/// The comment that looks like a directive, in another spelling.
fn misspelt(text: &str, start: usize) -> Option<Marker> {
    let comment = &text[start..];
    let name = word(comment);
    let whole = (name, name.len());
    let part = name.find(['-', '_']).map(|length| (&name[..length], length));
    [Some(whole), part].into_iter().flatten().find_map(|(name, length)| {
        let plain = name.replace(['-', '_'], "").to_lowercase();
        if plain.len() > WORD.len() + FARTHEST || strsim::osa_distance(&plain, WORD) > FARTHEST {
            return None;
        }
        let rest = comment[length..].trim_start_matches([':', ' ', '\t', '-', '_']);
        let first = word(rest);
        let begins = start + comment.len() - rest.len();
        if is_section(first) && ends_a_marker(&rest[first.len()..]) {
            return Some(Marker::Misspelt(start..begins + first.len(), right(first)));
        }
        // Prose may begin with a word like `logbook`.
        let means = plain == WORD || nearest(first).is_some();
        let span = start..start + comment[..comment.len() - rest.len()].trim_end().len();
        (assigns(&rest[first.len()..]) && !first.is_empty() && means)
            .then(|| Marker::Misspelt(span, format!("{WORD}:")))
    })
}

/// How the beginning of a directive with this word after the colon is written.
fn right(word: &str) -> String {
    match super::nearest(&word.to_lowercase(), sections()) {
        Some(section) => format!("{WORD}:{section}"),
        None if key(word).is_some() => format!("{WORD}: {word} = …"),
        None => format!("{WORD}: KEY = VALUE"),
    }
}

fn sections() -> impl Iterator<Item = &'static str> {
    std::iter::once("page").chain(Purpose::ALL.iter().map(|purpose| purpose.name()))
}

fn is_section(word: &str) -> bool {
    sections().any(|section| section == word.to_lowercase())
}

/// Whether what follows the name of a section is a directive's, not prose.
fn ends_a_marker(rest: &str) -> bool {
    let rest = rest.trim_start_matches([' ', '\t']);
    rest.is_empty() || rest.starts_with('\n') || assigns(&rest[word(rest).len()..])
}

/// The word that a text begins with.
fn word(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_')));
    &text[..end.unwrap_or(text.len())]
}

/// Whether what follows a word gives it a value.
fn assigns(rest: &str) -> bool {
    let rest = rest.trim_start();
    rest.starts_with('.') || (rest.starts_with('=') && !rest.starts_with("=="))
}

#[cfg(test)]
mod tests {
    use super::{Marker, Purpose, marker};

    #[test]
    fn directives_begin_with_the_word_and_a_colon() {
        assert_eq!(marker(" labbook: wait = '1s' "), Some(Marker::Fence(9)));
        assert_eq!(marker("labbook:wait = '1s'"), Some(Marker::Fence(8)));
        assert_eq!(marker("\nlabbook:\nwait = '1s'"), Some(Marker::Fence(9)));
        assert_eq!(marker(" labbook:page wait = '1s'"), Some(Marker::Page(13)));
        assert_eq!(marker(" labbook:setup\nls\n"), Some(Marker::Hidden(Purpose::Setup, 14)));
        assert_eq!(marker("labbook: "), Some(Marker::Fence(8)));
    }

    #[test]
    fn what_was_meant_to_be_one_is_misspelt() {
        let seen = |text: &str| match marker(text) {
            Some(Marker::Misspelt(span, right)) => Some((text[span].to_owned(), right)),
            _ => None,
        };
        for (text, wrong, right) in [
            ("labook: wait = '1s'", "labook:", "labbook:"),
            ("Labbook: wait = '1s'", "Labbook:", "labbook:"),
            ("lab-book: wait = '1s'", "lab-book:", "labbook:"),
            (" labbook timeout=\"1s\"", "labbook", "labbook:"),
            ("labbook : unknown = 1", "labbook :", "labbook:"),
            ("labbook:setpu\nls", "labbook:setpu", "labbook:setup"),
            ("labbook:Setup\nls", "labbook:Setup", "labbook:setup"),
            ("labbook-cleanup\nls", "labbook-cleanup", "labbook:cleanup"),
            ("labbok:page wait = '1s'", "labbok:page", "labbook:page"),
            ("labbook:something", "labbook:something", "labbook: KEY = VALUE"),
            ("labbook:timeout", "labbook:timeout", "labbook: timeout = …"),
        ] {
            assert_eq!(seen(text), Some((wrong.to_owned(), right.to_owned())), "{text}");
        }
    }

    #[test]
    fn other_comments_are_none() {
        for text in [
            "",
            "prettier-ignore",
            "logbook: day = 2",
            "labbook reads this page",
            "labbook page about names",
            "the labbook: timeout = 1",
            "notebook: skip = true",
            "lab: wait = 1",
            "TODO: page two",
        ] {
            assert_eq!(marker(text), None, "{text}");
        }
    }
}
