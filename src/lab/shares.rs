//! Which part of an output each of several commands printed that were typed at
//! once.
//!
//! Of many commands the beginning of what they print is known: a table's head, a
//! line that tells what became of an object, an image's layers. Where that, and
//! the blank lines, allow one way only to part the lines, that is it.

use super::parts::trimmed;
use super::printing::{is_redirected, without_wrappers};
use super::recognisers::{BUILD, CHART, OBJECT, RELEASE, TABLE, recognise};
use super::session::is_silent;
use super::typed::Typed;

/// The most lines, and commands, that are looked at together.
const MOST_LINES: usize = 400;
const MOST_COMMANDS: usize = 12;

/// The parts of what commands printed one after the other, as first and last lines;
/// none for a command that prints nothing. None where the lines do not tell, or
/// there is no more than one command.
pub(super) fn share(
    texts: &[&str],
    (start, end): (usize, usize),
    commands: &[Typed],
) -> Option<Vec<Option<(usize, usize)>>> {
    if commands.len() < 2 {
        return None;
    }
    let full: Vec<usize> = (start..=end).filter(|at| !texts[*at].trim().is_empty()).collect();
    if full.len() == commands.len() && is_a_line_each(texts, &full, commands) {
        return Some(full.into_iter().map(|at| Some((at, at))).collect());
    }
    by_content(texts, (start, end), commands)
        .or_else(|| by_first_word(texts, (start, end), &full, commands.len()))
}

/// Whether each line was printed by one of the commands: it tells what became of
/// an object, is a JSON object, or the same was asked of several objects.
fn is_a_line_each(texts: &[&str], full: &[usize], commands: &[Typed]) -> bool {
    let name = |at: &usize| recognise(texts[*at]).filter(|found| !found.is_common);
    let tells = |at: &usize| name(at).is_some_and(|found| found.name == OBJECT);
    let is_object = |at: &usize| {
        let line = texts[*at].trim();
        line.starts_with('{') && line.ends_with('}') && line.len() > 2
    };
    // A table's head and its only row are one output.
    let alike = || {
        commands.windows(2).all(|two| are_alike(&two[0].command.text, &two[1].command.text))
            && full.iter().all(|at| name(at).is_none())
    };
    full.iter().all(tells) || full.iter().all(is_object) || alike()
}

/// Whether two commands differ in no more than an object's name or two.
fn are_alike(one: &str, other: &str) -> bool {
    let words = |command: &str| command.split_whitespace().count();
    let differ = one.split_whitespace().zip(other.split_whitespace()).filter(|(a, b)| a != b);
    words(one) == words(other)
        && one.split_whitespace().next() == other.split_whitespace().next()
        && differ.count() <= 2
}

/// As many parts as commands that begin with the same word, such as `NAME`.
fn by_first_word(
    texts: &[&str],
    (start, end): (usize, usize),
    full: &[usize],
    count: usize,
) -> Option<Vec<Option<(usize, usize)>>> {
    let word = |at: usize| texts[at].split_whitespace().next();
    let first = word(start);
    let starts: Vec<usize> = full.iter().copied().filter(|at| word(*at) == first).collect();
    let alone = texts[start].split_whitespace().count() < 2;
    if alone || starts.len() != count {
        return None;
    }
    let stops = starts.iter().skip(1).copied().chain([end + 1]);
    Some(starts.iter().zip(stops).map(|(start, stop)| trimmed(texts, *start, stop)).collect())
}

/// What is known of a command's output before it is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expected {
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

/// The only way to part the lines, if there is but one.
fn by_content(
    texts: &[&str],
    (start, end): (usize, usize),
    commands: &[Typed],
) -> Option<Vec<Option<(usize, usize)>>> {
    let expected: Vec<Expected> = commands.iter().map(expected).collect();
    let untold = |one: &&Expected| matches!(one, Expected::Silence | Expected::Anything);
    let telling = expected.len() - expected.iter().filter(untold).count();
    let printing = expected.iter().filter(|one| **one != Expected::Silence).count();
    if telling == 0 || printing < 2 || end - start > MOST_LINES || commands.len() > MOST_COMMANDS {
        return None;
    }
    let lines = Lines::new(texts, start, end);
    // For each command the ways in which it and those after it can have printed
    // the lines from one on, each as the line at which its part begins.
    let stop = lines.names.len();
    let mut ways = vec![vec![0_u8; stop + 1]; expected.len() + 1];
    ways[expected.len()][stop] = 1;
    // The command before that prints something, and the next one.
    let before = |command: usize| {
        let mut rest = expected[..command].iter().rev().copied();
        rest.find(|one| *one != Expected::Silence).unwrap_or(Expected::Silence)
    };
    let after = |command: usize| {
        let mut rest = expected[command + 1..].iter().copied();
        rest.find(|one| *one != Expected::Silence).unwrap_or(Expected::Silence)
    };
    for (command, expected) in expected.iter().enumerate().rev() {
        for from in 0..=stop {
            let next = &ways[command + 1];
            ways[command][from] = match expected {
                Expected::Silence => next[from],
                _ if !lines.may_begin(from, *expected, before(command)) => 0,
                _ => (from + 1..=stop)
                    .filter(|to| {
                        next[*to] > 0 && lines.is_part(from, *to, *expected, after(command))
                    })
                    .fold(0, |sum, to| next[to].saturating_add(sum)),
            };
        }
    }
    if ways[0][0] != 1 {
        return None;
    }
    let mut from = 0;
    let mut parts = Vec::with_capacity(expected.len());
    for (command, expected) in expected.iter().enumerate() {
        if *expected == Expected::Silence {
            parts.push(None);
            continue;
        }
        let next = &ways[command + 1];
        let to = (from + 1..=stop)
            .find(|to| next[*to] > 0 && lines.is_part(from, *to, *expected, after(command)))?;
        parts.push(trimmed(texts, start + from, start + to));
        from = to;
    }
    Some(parts)
}

/// The lines of an output, and what each is known to be.
struct Lines {
    names: Vec<Option<&'static str>>,
    blank: Vec<bool>,
    /// How many words each has.
    words: Vec<usize>,
    is_id: Vec<bool>,
}

impl Lines {
    fn new(texts: &[&str], start: usize, end: usize) -> Self {
        let lines = &texts[start..=end];
        Self {
            names: lines.iter().map(|line| begins(line)).collect(),
            blank: lines.iter().map(|line| line.trim().is_empty()).collect(),
            words: lines.iter().map(|line| line.split_whitespace().count()).collect(),
            is_id: lines.iter().map(|line| is_id(line.trim())).collect(),
        }
    }

    /// Whether a command's part may begin at a line, after that of another.
    fn may_begin(&self, at: usize, expected: Expected, before: Expected) -> bool {
        let Some(name) = self.names.get(at).filter(|_| !self.blank[at]) else {
            return false;
        };
        match expected {
            Expected::Begins(names) => name.is_some_and(|name| names.contains(&name)),
            Expected::Names(_) => self.words[at] == 1,
            Expected::Id => true,
            // Where the part before it ends is known without a blank line.
            _ => {
                at == 0 || self.blank[at - 1] || matches!(before, Expected::Names(_) | Expected::Id)
            }
        }
    }

    /// Whether a command may have printed the lines from one to another, and the
    /// next command what follows.
    fn is_part(&self, from: usize, to: usize, expected: Expected, next: Expected) -> bool {
        // The next part begins with a line that is not blank.
        let ends = self.blank.get(to).is_none_or(|blank| !blank);
        let lines = from..to;
        // What begins as the next one's output does is that.
        let reaches = match next {
            Expected::Begins(names) if next != expected => lines
                .clone()
                .skip(1)
                .any(|at| self.names[at].is_some_and(|name| names.contains(&name))),
            _ => false,
        };
        ends && !reaches
            && match expected {
                Expected::Begins(names) if names == [OBJECT] => {
                    lines.into_iter().all(|at| self.blank[at] || self.names[at] == Some(OBJECT))
                }
                // Each table has a head.
                Expected::Begins(names) if names == [TABLE] => lines.clone().all(|at| {
                    let begins = at > from && self.blank[at - 1] && !self.blank[at];
                    !begins || self.names[at] == Some(TABLE)
                }),
                Expected::Names(count) => {
                    let full = lines.clone().filter(|at| !self.blank[*at]);
                    full.clone().count() == count && full.into_iter().all(|at| self.words[at] == 1)
                }
                Expected::Id => {
                    let full: Vec<usize> = lines.filter(|at| !self.blank[*at]).collect();
                    full.iter().position(|at| self.is_id[*at]) == Some(full.len() - 1)
                }
                Expected::Begins(_) | Expected::Anything => {
                    lines.into_iter().skip(1).all(|at| self.names[at] != Some(TABLE))
                }
                Expected::Silence => false,
            }
    }
}

/// What a line is known to begin: of a table only its head.
fn begins(line: &str) -> Option<&'static str> {
    let name = recognise(line)?.name;
    let is_row = name == TABLE && !line.trim_start().starts_with(|c: char| c.is_ascii_uppercase());
    (!is_row).then_some(name)
}

/// What a command prints, by its program and its words.
fn expected(typed: &Typed) -> Expected {
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
        ["curl", ..] if !has(&["-v", "-i", "-I", "-o", "-O"]) && !formatted => Expected::Anything,
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

/// Whether a line is an identifier of an object that was made.
fn is_id(line: &str) -> bool {
    let digits = line.strip_prefix("sha256:").unwrap_or(line);
    digits.len() >= 12 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::share;
    use crate::lab::Command;
    use crate::lab::typed::Typed;
    use crate::lab::words::Script;

    /// The part of each command, as its lines joined by `|`.
    fn parts(commands: &[&str], output: &[&str]) -> Option<Vec<String>> {
        let typed: Vec<Typed> = commands
            .iter()
            .map(|text| {
                let command = Command { first_line: 1, last_line: 1, text: (*text).to_owned() };
                Typed::new(command, Script::new(text))
            })
            .collect();
        let shown = |part: Option<(usize, usize)>| {
            part.map_or_else(String::new, |(first, last)| output[first..=last].join("|"))
        };
        let parts = share(output, (0, output.len() - 1), &typed)?;
        Some(parts.into_iter().map(shown).collect())
    }

    #[test]
    fn what_an_output_begins_with_tells_whose_it_is() {
        let shared = |commands: &[&str], output: &[&str], expected: &[&str]| {
            let expected = expected.iter().map(|part| (*part).to_owned()).collect();
            assert_eq!(parts(commands, output), Some(expected), "{commands:?}");
        };
        shared(
            &["kubectl apply -f a.yaml", "kubectl get po"],
            &["pod/a created", "service/a created", "NAME   READY", "a      1/1"],
            &["pod/a created|service/a created", "NAME   READY|a      1/1"],
        );
        shared(
            &["docker rm a", "docker run -d --name b c", "curl http://localhost"],
            &["a", "0123456789abcdef", "Hello", "there"],
            &["a", "0123456789abcdef", "Hello|there"],
        );
        shared(
            &["cd a", "helm repo update", "helm ls"],
            &["Hang tight while we grab", "Update Complete.", "NAME\tNAMESPACE", "a\tdefault"],
            &["", "Hang tight while we grab|Update Complete.", "NAME\tNAMESPACE|a\tdefault"],
        );
        shared(
            &["kubectl exec a -- cat /etc/os-release", "kubectl exec a -- ps aux", "exit"],
            &["ID=a", "", "USER  PID  COMMAND", "root  1    a"],
            &["ID=a", "USER  PID  COMMAND|root  1    a", ""],
        );
        shared(
            &["kubectl exec a-0 -- cat /id", "kubectl exec a-1 -- cat /id"],
            &["7", "8"],
            &["7", "8"],
        );
    }

    #[test]
    fn what_may_be_parted_in_two_ways_is_not() {
        for (commands, output) in [
            (["kubectl get po", "kubectl get po,svc"], &["NAME   READY", "a      1/1"][..]),
            (
                ["kubectl apply -f a", "kubectl apply -f b"],
                &["pod/a created", "pod/b created", "pod/c created"],
            ),
            (["./a.sh", "./b.sh"], &["one", "", "two"]),
            (["kubectl get sts/a", "kubectl get po"], &["NAME   READY", "a-0    1/1"]),
            (
                ["kubectl exec a -- env", "kubectl exec a -- nslookup b"],
                &["Server:  10.0.0.10", "", "Name: b"],
            ),
        ] {
            assert_eq!(parts(&commands, output), None, "{commands:?}");
        }
    }
}
