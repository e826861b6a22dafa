//! What tells a program's arguments from the rest of a sentence, and from the
//! cells of a table.

use std::net::Ipv4Addr;
use std::sync::LazyLock;

use regex::Regex;

use super::known::{is_known, is_listed, subcommands, takes_a_number};
use super::patterns::pattern;
use super::programs::is_path;
use super::words::{Script, Word};

/// Words that follow a program's name in a sentence, never as its argument.
pub(super) const PROSE: &str = "\
    is are was were has have had will would can could should must may might does did the a an of \
    as that which not already and or it this these there when while because since but also only \
    says said returns returned failed succeeded";

/// Programs that are given what they look for: `grep Events:`.
pub(super) const SEARCHING: &str = "grep egrep fgrep zgrep rg awk gawk sed cut";

/// Programs whose arguments may be prose.
const SPEAKING: &str = "echo printf export alias git say";

/// Whether what follows a program's name makes a sentence of it, or its version.
pub(super) fn is_prose(program: &Word, arguments: &[&Word]) -> bool {
    static VERSION: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^\(?v?\d+\.\d+(?:[.\w+-]*)[),:]?$"));
    if program.text.ends_with([':', ',']) {
        return true;
    }
    let Some(first) = arguments.first() else {
        return false;
    };
    let name = program.text.as_str();
    if is_order(name, arguments) {
        return true;
    }
    if is_listed(SPEAKING, name) {
        return false;
    }
    // A flag's value may be a name in any language.
    let foreign = |at: usize| {
        let valued = at > 0 && arguments[at - 1].text.starts_with('-');
        let word = arguments[at];
        !valued
            && !word.quoted
            && !word.text.starts_with('-')
            && word.text.chars().any(|c| c.is_alphabetic() && !c.is_ascii())
    };
    // `kubelet set on hold.`
    let stops = |word: &&Word| {
        !word.quoted
            && word.text.strip_suffix('.').is_some_and(is_plain_word)
            && word.text.len() > 2
    };
    if is_version_told(arguments) {
        return true;
    }
    // `make fmt : Run it`, `true && true // true`: a note of what it does.
    let notes = |word: &&Word| !word.quoted && matches!(word.text.as_str(), ":" | "//");
    // `cp a b` is no sentence.
    let commanded = subcommands(name).is_some_and(|known| is_listed(known, &first.text));
    !commanded && is_listed(PROSE, &first.text) && (first.text.len() > 1 || arguments.len() > 2)
        || (0..arguments.len()).any(foreign)
        || arguments.len() > 2
            && arguments.last().is_some_and(stops)
            && arguments[..arguments.len() - 1].iter().all(|word| is_plain_word(&word.text))
        || arguments.iter().any(notes)
        || matches!(first.text.as_str(), "=" | "==" | "%" | "->" | "=>" | "–" | "—" | "-" | "@")
            && !matches!(name, "cd" | "cat" | "test" | "[" | "su" | "tee")
        || VERSION.is_match(&first.text)
            && !is_address(&first.text)
            && !takes_a_number(name)
            && !is_path(name)
        || first.text.ends_with(':')
            && arguments.len() > 1
            && !first.text.contains('/')
            && !is_listed(SEARCHING, name)
}

/// Whether a program's name is the verb of an order: `install docker on the node`, `export
/// the variables`, `go to http://localhost`, `type yes`.
fn is_order(name: &str, arguments: &[&Word]) -> bool {
    const ARTICLES: &str = "the your this";
    const LINKS: &str = "the your this these it on to in of for from until";
    let first = arguments.first().map_or("", |word| word.text.as_str());
    let links = match name {
        "go" | "open" => return first == "to",
        "type" => return arguments.len() == 1 && is_listed("yes no y n exit quit", first),
        // Its targets are words, too.
        "make" => ARTICLES,
        "install" | "export" | "test" | "wait" | "find" | "read" | "set" | "stop" | "start" => {
            LINKS
        }
        _ => return false,
    };
    let linked = arguments.iter().any(|word| is_listed(links, &word.text));
    arguments.len() > 1
        && arguments.iter().all(|word| !word.quoted && is_plain_word(&word.text))
        && (linked || arguments.len() > 2 && matches!(first, "a" | "an"))
}

/// Whether a program tells its version by these words after its own name: `version
/// 1.28.2, build 6763`, `version: &version.Info{…}`, `github.com/a/b v1.6.4 212e8b6f`.
fn is_version_told(arguments: &[&Word]) -> bool {
    static NUMBER: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(?:go|v)?\d+(?:\.\d+)+"));
    let text = |at: usize| arguments.get(at).map_or("", |word| word.text.as_str());
    let is_hash = |word: &str| {
        (7..=40).contains(&word.len())
            && word.bytes().all(|byte| byte.is_ascii_hexdigit())
            && word.bytes().any(|byte| byte.is_ascii_digit())
    };
    match arguments.len() {
        _ if matches!(text(0), "version:" | "Version:") => true,
        0 | 1 => false,
        _ if text(0) == "version" => NUMBER.is_match(text(1)),
        2 => {
            NUMBER.is_match(text(0)) && is_hash(text(1))
                || NUMBER.is_match(text(1)) && text(0).starts_with("github.com/")
        }
        3 => is_hash(text(2)) && NUMBER.is_match(text(1)) && !text(0).starts_with('-'),
        _ => false,
    }
}

/// Whether a word stands in a synopsis for what may be given: `[flags]`, `[ARG...]`.
pub(super) fn is_synopsis(word: &Word) -> bool {
    static SHAPE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"^[A-Z_]+\[:[A-Z_]+\]$|^\[(?:<?[\w-]+>?\.\.\.|--[\w-]+(?:=\S*)?|(?i:global[ -]?)?(?i:flags?|options?|commands?|args?|arguments?|subcommands?))\](?:\.\.\.)?$",
        )
    });
    !word.quoted && word.text.contains('[') && SHAPE.is_match(&word.text)
}

/// Whether a word is an address of IPv4, which no version is.
fn is_address(word: &str) -> bool {
    word.parse::<Ipv4Addr>().is_ok()
}

/// Programs that are given two files.
const COPYING: &str = "cp mv ln scp rsync";

/// Whether cells of a table stand in a text: gaps of blanks or tabs before what
/// is no flag, operator or comment.
pub(super) fn has_columns(text: &str, script: &Script) -> bool {
    let mut before = None;
    let mut after_flag = false;
    // People align the files that these are given.
    let is_file = |word: &Word| word.text.contains('/') || has_extension(&word.text);
    let called = || script.words().skip_while(|word| word.text == "sudo");
    let aligned = called().next().is_some_and(|word| is_listed(COPYING, &word.text))
        && called().skip(1).all(|word| word.text.starts_with('-') || is_file(word));
    for word in script.words() {
        // A flag's value may stand apart from it.
        let valued = std::mem::replace(&mut after_flag, word.text.starts_with('-'));
        if let Some(end) = before.replace(word.span.end)
            && !valued
            && !aligned
            && let Some(gap) = text.get(end..word.span.start)
        {
            let wide = gap.len() > 2 && gap.bytes().all(|byte| byte == b' ') || gap.contains('\t');
            if wide && !word.quoted && !word.text.starts_with('-') {
                return true;
            }
        }
    }
    false
}

/// Whether a note stands in a column of its own behind a command: after a wide gap a
/// capital, or words of prose alone.
pub(super) fn has_note_column(text: &str, script: &Script) -> bool {
    if !text.contains("   ") && !text.contains('\t') {
        return false;
    }
    let words: Vec<&Word> = script.words().collect();
    if words.first().is_some_and(|first| is_listed(SPEAKING, &first.text)) {
        return false;
    }
    let plain = words.iter().rev().take_while(|word| !word.quoted && is_plain_word(&word.text));
    let first_plain = (words.len() - plain.count()).max(1);
    (first_plain..words.len()).any(|at| {
        let gap = text.get(words[at - 1].span.end..words[at].span.start).unwrap_or_default();
        let wide = gap.len() > 2 && gap.bytes().all(|byte| byte == b' ') || gap.contains('\t');
        let capital = words[at].text.starts_with(|c: char| c.is_ascii_uppercase());
        let flagged = words[at - 1].text.starts_with('-');
        wide && !flagged && !gap.contains('\n') && (capital || words.len() - at > 2)
    })
}

/// Whether a word is what programs are given and sentences do not hold.
pub(super) fn is_argument(word: &Word) -> bool {
    static SHAPE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"^(?:--?[A-Za-z][\w-]*(?:=.*)?|[\w.-]*/[\w./:@-]+|[\w.-]+=\S+|https?://\S+|[\w-]+\.(?:ya?ml|json|sh|py|tf|toml|conf|txt|tgz|tar|gz|zip|go|js|ts|md|env|hcl|rego|ps1))$",
        )
    });
    word.expands || word.substitutes || word.quoted || SHAPE.is_match(&word.text)
}

pub(super) fn is_no_prose(word: &Word) -> bool {
    let begins_as_argument = word.text.starts_with(['-', '/', '.', '~', '+', '%'])
        && word.text.len() > 1
        || word.text == ".";
    word.quoted
        || word.expands
        || word.substitutes
        || begins_as_argument
        || word.text.contains(['/', '=', '_'])
        || has_extension(&word.text)
        || is_known(&word.text) && !is_listed(PROSE, &word.text)
}

pub(super) fn has_extension(text: &str) -> bool {
    text.rsplit_once('.').is_some_and(|(stem, extension)| {
        !stem.is_empty()
            && (1..=8).contains(&extension.len())
            && extension.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && !stem.bytes().all(|byte| byte.is_ascii_digit())
    })
}

pub(super) fn is_plain_word(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphabetic())
}
