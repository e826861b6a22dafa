//! What is known of a command's output before it is seen.

use crate::lab::printing::{is_redirected, is_silent, without_wrappers};
use crate::lab::recognisers::{BUILD, CHART, OBJECT, RELEASE, TABLE, recognise};
use crate::lab::typed::Typed;

/// What is known of a command's output before it is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expected {
    /// Nothing.
    Silence,
    /// It begins with a line of one of these recognisers.
    Begins(&'static [&'static str]),
    /// A line of what was made: an identifier of many digits. Others may come first.
    Id,
    /// As many lines as objects that it names, each the name.
    Names(usize),
    /// Anything else.
    Anything,
}

/// What a command prints, by its program and its words.
pub(super) fn expected(typed: &Typed) -> Expected {
    let commands = typed.script.commands();
    let Some(last) = commands.last() else {
        return Expected::Anything;
    };
    if is_silent(&typed.script)
        || is_redirected(last, &typed.command.text)
        || typed.command.text.trim() == "exit"
    {
        return Expected::Silence;
    }
    // A filter passes on some lines, and perhaps not the first.
    if commands.len() > 1 {
        return Expected::Anything;
    }
    let words: Vec<&str> =
        without_wrappers(&last.words).iter().map(|word| word.text.as_str()).collect();
    expected_of(&words)
}

/// Whether a line cannot begin what a command of kubectl prints.
pub(in crate::lab) fn is_surely_not_printed(typed: &Typed, line: &str) -> bool {
    let of_kubectl = typed.needs("kubectl") || typed.needs("k");
    let bare = typed.script.words().any(|word| word.text == "--no-headers");
    matches!(expected(typed), Expected::Begins(names) if of_kubectl
        && !bare
        && recognise(line).is_none_or(|found| {
            found.is_common && !names.contains(&found.name)
        })
        && line.starts_with(|c: char| c.is_ascii_lowercase() || "./~".contains(c)))
}

/// What a program with its arguments prints.
fn expected_of(words: &[&str]) -> Expected {
    let has =
        |flags: &[&str]| words.iter().any(|word| flags.iter().any(|flag| word.starts_with(flag)));
    let formatted = has(&["-o", "--output", "--format", "-q", "--quiet", "--template"])
        && !words.windows(2).any(|two| two == ["-o", "wide"])
        && !has(&["-owide", "-o=wide", "--output=wide"]);
    match *words {
        ["kubectl" | "k" | "oc", .., "--", program] => expected_of(&[program]),
        ["kubectl" | "k" | "oc", .., "--", program, argument] => expected_of(&[program, argument]),
        ["kubectl" | "k" | "oc", ..] if has(&["-h", "--help"]) => Expected::Anything,
        ["kubectl" | "k" | "oc", ref arguments @ ..] => {
            let mut verbs = arguments.iter().copied();
            let verb = verbs.find(|word| VERBS.iter().any(|(verb, _)| verb == word));
            match verb.and_then(|verb| VERBS.iter().find(|(known, _)| *known == verb)) {
                Some((_, names)) if !formatted => Expected::Begins(names),
                _ => Expected::Anything,
            }
        }
        ["docker" | "podman" | "nerdctl", "ps" | "images" | "stats", ..]
        | [
            "docker" | "podman" | "nerdctl",
            "image" | "container" | "network" | "volume",
            "ls",
            ..,
        ]
        | ["helm", "ls" | "list" | "history" | "search", ..]
        | ["helm", "repo", "list"]
        | ["ps", ..]
            if !formatted =>
        {
            Expected::Begins(&[TABLE])
        }
        ["docker", "pull" | "build" | "push" | "rmi", ..] => Expected::Begins(&[BUILD]),
        ["docker" | "podman", "rm" | "stop" | "start" | "restart" | "kill", ref objects @ ..]
        | ["docker" | "podman", "network" | "volume", "rm", ref objects @ ..] => {
            let named = objects.iter().filter(|word| !word.starts_with('-')).count();
            Expected::Names(named)
        }
        ["docker" | "podman", "run", ..] if has(&["-d", "--detach"]) => Expected::Id,
        ["docker" | "podman", "commit" | "create", ..]
        | ["docker" | "podman", "network", "create", ..] => Expected::Id,
        ["docker" | "podman", "tag", ..] => Expected::Silence,
        ["docker" | "podman", "save" | "export", ..] if has(&["-o", "--output"]) => {
            Expected::Silence
        }
        ["helm", "install" | "upgrade" | "status", ..] => Expected::Begins(&[RELEASE, CHART]),
        ["helm", "repo", "add" | "update", ..] => Expected::Begins(&[CHART]),
        _ => Expected::Anything,
    }
}

/// kubectl's commands whose output begins in a way that is known.
const VERBS: &[(&str, &[&str])] = &[
    ("get", &[TABLE]),
    ("top", &[TABLE]),
    ("api-resources", &[TABLE]),
    ("apply", &[OBJECT]),
    ("create", &[OBJECT]),
    ("delete", &[OBJECT]),
    ("scale", &[OBJECT]),
    ("label", &[OBJECT]),
    ("annotate", &[OBJECT]),
    ("patch", &[OBJECT]),
    ("expose", &[OBJECT]),
    ("run", &[OBJECT]),
    ("set", &[OBJECT]),
    ("rollout", &[OBJECT]),
    ("wait", &[OBJECT]),
    ("taint", &[OBJECT]),
    ("cordon", &[OBJECT]),
    ("uncordon", &[OBJECT]),
];
