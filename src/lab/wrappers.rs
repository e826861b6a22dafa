//! Programs that run the one that their arguments name: `sudo`, `env`, `time`.

use super::blocks::assigned_name;
use super::words::Word;

/// A program that runs another.
struct Wrapper {
    name: &'static str,
    /// The letters of its flags whose value is the next word.
    valued: &'static str,
    /// How many words of its own stand before the program.
    operands: usize,
    /// What the other program prints is not shown once and as it is.
    repeats: bool,
}

const fn of(name: &'static str, valued: &'static str) -> Wrapper {
    Wrapper { name, valued, operands: 0, repeats: false }
}

const WRAPPERS: [Wrapper; 12] = [
    of("sudo", "ugCDhpRrTtU"),
    of("doas", "uC"),
    of("env", "uCS"),
    of("time", "fo"),
    of("nohup", ""),
    of("command", ""),
    of("builtin", ""),
    of("exec", "a"),
    of("winpty", ""),
    of("nice", "n"),
    Wrapper { operands: 1, ..of("timeout", "ks") },
    Wrapper { repeats: true, ..of("watch", "nq") },
];

/// Their long flags whose value is the next word.
const VALUED: [&str; 10] = [
    "user",
    "group",
    "host",
    "chdir",
    "unset",
    "signal",
    "kill-after",
    "adjustment",
    "interval",
    "format",
];

/// Whether a word may stand before a program and run it.
pub(super) fn is_wrapper(word: &str) -> bool {
    WRAPPERS.iter().any(|wrapper| wrapper.name == word)
}

/// A command's words without `sudo`, `env`, `time` and the like before the program.
/// Their own flags go too.
pub(crate) fn without_wrappers<'s, 'w>(words: &'s [&'w Word]) -> &'s [&'w Word] {
    without(words, |wrapper| !wrapper.repeats)
}

/// The same, without `watch` too: the words of the program that is run in the end.
pub(super) fn without_runners<'s, 'w>(words: &'s [&'w Word]) -> &'s [&'w Word] {
    without(words, |_| true)
}

fn without<'s, 'w>(words: &'s [&'w Word], is_meant: impl Fn(&Wrapper) -> bool) -> &'s [&'w Word] {
    let mut words = words;
    while let Some(rest) = without_one(words, &is_meant) {
        words = rest;
    }
    words
}

fn without_one<'s, 'w>(
    words: &'s [&'w Word],
    is_meant: impl Fn(&Wrapper) -> bool,
) -> Option<&'s [&'w Word]> {
    let (first, mut rest) = words.split_first()?;
    let name = first.text.rsplit('/').next().unwrap_or_default();
    let wrapper = WRAPPERS.iter().find(|wrapper| wrapper.name == name && is_meant(wrapper))?;
    let flags = rest;
    while let Some((word, after)) = rest.split_first() {
        if let Some(letters) = word.text.strip_prefix('-') {
            let long = letters.strip_prefix('-').is_some_and(|name| VALUED.contains(&name));
            let takes = long || !letters.starts_with('-') && ends_valued(letters, wrapper.valued);
            rest = if takes { after.get(1..).unwrap_or_default() } else { after };
        } else if assigned_name(&word.text).is_some() {
            rest = after;
        } else {
            break;
        }
    }
    let rest = rest.get(wrapper.operands..).unwrap_or_default();
    // `env` alone prints variables; `sudo -i` is a program of its own; `command -v` only
    // says where one is.
    let asks = || flags.first().is_some_and(|flag| matches!(flag.text.as_str(), "-v" | "-V"));
    let own = rest.is_empty() || name == "sudo" && opens(flags) || name == "command" && asks();
    (!own).then_some(rest)
}

/// Whether the first flag of these letters that takes a value is the last: the value is the
/// next word.
pub(crate) fn ends_valued(letters: &str, valued: &str) -> bool {
    letters.find(|letter| valued.contains(letter))
        == letters.char_indices().last().map(|(at, _)| at)
}

/// Whether sudo's flags ask for a shell.
fn opens(flags: &[&Word]) -> bool {
    flags.iter().map_while(|word| word.text.strip_prefix('-')).any(|letters| {
        let own = letters.split(|letter| "ugCDhpRrTtU".contains(letter)).next().unwrap_or_default();
        matches!(letters, "-login" | "-shell") || !own.starts_with('-') && own.contains(['i', 's'])
    })
}

#[cfg(test)]
mod tests {
    use super::{without_runners, without_wrappers};
    use crate::lab::words::{Script, Word};

    fn left(text: &str, strip: for<'s, 'w> fn(&'s [&'w Word]) -> &'s [&'w Word]) -> String {
        let script = Script::new(text);
        let commands = script.commands();
        let words = strip(&commands[0].words);
        words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_is_run_is_left() {
        for text in [
            "sudo -u me ls -l",
            "sudo -nu me ls -l",
            "sudo -uroot ls -l",
            "env A=b ls -l",
            "timeout -s INT 5 ls -l",
            "time ls -l",
        ] {
            assert_eq!(left(text, without_wrappers), "ls -l", "{text}");
        }
        assert_eq!(left("watch -n 1 ls -l", without_wrappers), "watch -n 1 ls -l");
        assert_eq!(left("sudo watch -n 1 ls -l", without_runners), "ls -l");
        for text in ["env", "sudo -i", "sudo -iu me ls", "timeout 5"] {
            assert_eq!(left(text, without_wrappers), text);
        }
    }
}
