//! Which part of an output each of several commands printed that were typed at
//! once.
//!
//! Of many commands the beginning of what they print is known: a table's head, a
//! line that tells what became of an object, an image's layers. Where that, and
//! the blank lines, allow one way only to part the lines, that is it.

mod expected;

use std::collections::HashSet;

use super::known::{canonical, subcommands};
use super::parts::trimmed;
use super::recognisers::{OBJECT, TABLE, recognise};
use super::typed::Typed;
use super::wrappers::without_wrappers;
pub(super) use expected::{
    Expected, begins_as, echoes_line, expected, is_surely_printed, names_objects, prints_nothing,
    stray,
};

/// The most lines, and commands, that are looked at together.
const MOST_LINES: usize = 150;
const MOST_COMMANDS: usize = 8;

/// The parts of what commands printed one after the other, as first and last lines;
/// none for a command that prints nothing. None where the lines do not tell, or
/// there is no more than one command.
pub(super) fn share(
    texts: &[&str],
    (start, end): (usize, usize),
    commands: &[Typed],
) -> Option<Vec<Option<(usize, usize)>>> {
    if commands.len() < 2 || commands.len() > MOST_COMMANDS || end - start > MOST_LINES {
        return None;
    }
    let expected: Vec<Expected> = commands.iter().map(Typed::expected).collect();
    let printing: Vec<&Typed> = commands
        .iter()
        .zip(&expected)
        .filter_map(|(command, expected)| (*expected != Expected::Silence).then_some(command))
        .collect();
    if printing.len() < 2 {
        return None;
    }
    let full: Vec<usize> = (start..=end).filter(|at| !texts[*at].trim().is_empty()).collect();
    let fits = |(at, typed): (&usize, &&Typed)| begins_as(typed, texts[*at]) != Some(false);
    let parts = if full.len() == printing.len()
        && full.iter().zip(&printing).all(fits)
        && is_a_line_each(texts, &full, &printing)
    {
        full.into_iter().map(|at| (at, at)).collect()
    } else {
        let telling: Vec<Expected> =
            expected.iter().copied().filter(|one| *one != Expected::Silence).collect();
        let words: HashSet<&str> = printing
            .iter()
            .flat_map(|typed| typed.script.words().map(|word| word.text.as_str()))
            .collect();
        by_blank_lines(texts, &full, &telling)
            .or_else(|| by_content(texts, (start, end), &telling, &words))
            .or_else(|| {
                let programs: HashSet<String> =
                    printing.iter().map(|typed| program(typed)).collect();
                by_first_word(texts, (start, end), &full, printing.len())
                    .filter(|_| programs.len() == 1)
            })?
    };
    let mut parts = parts.into_iter();
    Some(
        expected
            .iter()
            .map(|one| if *one == Expected::Silence { None } else { parts.next() })
            .collect(),
    )
}

/// The program that a command calls, by the name under which it is known.
fn program(typed: &Typed) -> String {
    let commands = typed.script.commands();
    let words = commands.first().map_or(&[][..], |simple| without_wrappers(&simple.words));
    words.first().map_or_else(String::new, |word| canonical(&word.text).to_owned())
}

/// Whether each line was printed by one of the commands: it tells what became of
/// an object, is a JSON object, or the same was asked of several objects.
fn is_a_line_each(texts: &[&str], full: &[usize], commands: &[&Typed]) -> bool {
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
pub(super) fn are_alike(one: &str, other: &str) -> bool {
    let words = |command: &str| command.split_whitespace().count();
    let word = |command: &str, at: usize| command.split_whitespace().nth(at).map(str::to_owned);
    let differ = one.split_whitespace().zip(other.split_whitespace()).filter(|(a, b)| a != b);
    let program = word(one, 0);
    // `docker start` and `docker logs` are not.
    let verbs = program.as_deref().is_some_and(|name| subcommands(name).is_some());
    words(one) == words(other)
        && program == word(other, 0)
        && (!verbs || word(one, 1) == word(other, 1))
        && differ.count() <= 2
}

/// As many parts as commands that begin with the same word, such as `NAME`.
fn by_first_word(
    texts: &[&str],
    (start, end): (usize, usize),
    full: &[usize],
    count: usize,
) -> Option<Vec<(usize, usize)>> {
    let word = |at: usize| texts[at].split_whitespace().next();
    let first = word(start);
    let is_head = first.is_some_and(|word| word.ends_with(':'));
    recognise(texts[start]).filter(|found| is_head || !found.is_common)?;
    let starts: Vec<usize> = full.iter().copied().filter(|at| word(*at) == first).collect();
    let alone = texts[start].split_whitespace().count() < 2;
    if alone || starts.len() != count {
        return None;
    }
    let stops = starts.iter().skip(1).copied().chain([end + 1]);
    starts.iter().zip(stops).map(|(start, stop)| trimmed(texts, *start, stop)).collect()
}

/// The runs of lines between blank ones, where there are as many as commands and
/// each begins as what its command prints.
fn by_blank_lines(
    texts: &[&str],
    full: &[usize],
    expected: &[Expected],
) -> Option<Vec<(usize, usize)>> {
    let runs: Vec<(usize, usize)> = full
        .chunk_by(|one, next| one + 1 == *next)
        .filter_map(|run| Some((*run.first()?, *run.last()?)))
        .collect();
    let fits = |(expected, (first, _)): (&Expected, &(usize, usize))| match expected {
        Expected::Begins(names) => begins(texts[*first]).is_some_and(|name| names.contains(&name)),
        Expected::Starts(starts) => starts.iter().any(|text| texts[*first].starts_with(text)),
        _ => false,
    };
    (runs.len() == expected.len() && expected.iter().zip(&runs).all(fits)).then_some(runs)
}

/// The only way to part the lines, if there is but one.
fn by_content(
    texts: &[&str],
    (start, end): (usize, usize),
    expected: &[Expected],
    words: &HashSet<&str>,
) -> Option<Vec<(usize, usize)>> {
    if expected.iter().all(|one| *one == Expected::Anything) {
        return None;
    }
    let lines = Lines::new(texts, (start, end), words);
    // For each command the ways in which it and those after it can have printed
    // the lines from one on, each as the line at which its part begins.
    let stop = lines.names.len();
    let mut ways = vec![vec![0_u8; stop + 1]; expected.len() + 1];
    ways[expected.len()][stop] = 1;
    let after = |command: usize| expected.get(command + 1).copied();
    for (command, one) in expected.iter().enumerate().rev() {
        let before = command.checked_sub(1).map(|before| expected[before]);
        for from in (0..stop).filter(|from| lines.may_begin(*from, *one, before)) {
            let next = &ways[command + 1];
            ways[command][from] = (from + 1..=stop)
                .filter(|to| next[*to] > 0 && lines.is_part(from, *to, *one, after(command)))
                .fold(0, |sum: u8, to| next[to].saturating_add(sum));
        }
    }
    if ways[0][0] != 1 {
        return None;
    }
    let mut from = 0;
    let mut parts = Vec::with_capacity(expected.len());
    for (command, one) in expected.iter().enumerate() {
        let next = &ways[command + 1];
        let to = (from + 1..=stop)
            .find(|to| next[*to] > 0 && lines.is_part(from, *to, *one, after(command)))?;
        parts.push(trimmed(texts, start + from, start + to)?);
        from = to;
    }
    Some(parts)
}

/// The lines of an output, and what each is known to be.
struct Lines<'l> {
    texts: &'l [&'l str],
    names: Vec<Option<&'static str>>,
    blank: Vec<bool>,
    /// Whether it is no more than a word of the commands.
    is_operand: Vec<bool>,
    is_id: Vec<bool>,
}

impl<'l> Lines<'l> {
    fn new(texts: &'l [&'l str], (start, end): (usize, usize), words: &HashSet<&str>) -> Self {
        let lines = &texts[start..=end];
        Self {
            texts: lines,
            names: lines.iter().map(|line| begins(line)).collect(),
            blank: lines.iter().map(|line| line.trim().is_empty()).collect(),
            is_operand: lines.iter().map(|line| words.contains(&line.trim())).collect(),
            is_id: lines.iter().map(|line| is_id(line.trim())).collect(),
        }
    }

    /// Whether a command's part may begin at a line, after that of another.
    fn may_begin(&self, at: usize, expected: Expected, before: Option<Expected>) -> bool {
        let Some(name) = self.names.get(at).filter(|_| !self.blank[at]) else {
            return false;
        };
        match expected {
            Expected::Begins(names) => name.is_some_and(|name| names.contains(&name)),
            Expected::Starts(texts) => self.starts(at, texts),
            Expected::Names(_) => self.is_operand[at],
            Expected::Id => true,
            // Where the part before it ends is known without a blank line.
            Expected::Anything if before == Some(Expected::Begins(&[OBJECT])) => {
                *name != Some(OBJECT)
            }
            _ => {
                at == 0
                    || self.blank[at - 1]
                    || matches!(before, Some(Expected::Names(_) | Expected::Id))
            }
        }
    }

    /// Whether a line begins with one of some texts.
    fn starts(&self, at: usize, texts: &[&str]) -> bool {
        texts.iter().any(|text| self.texts[at].trim_start().starts_with(text))
    }

    /// Whether a command may have printed the lines from one to another, and the
    /// next command what follows.
    fn is_part(&self, from: usize, to: usize, expected: Expected, next: Option<Expected>) -> bool {
        // The next part begins with a line that is not blank.
        let ends = self.blank.get(to).is_none_or(|blank| !blank);
        let lines = from..to;
        // What begins as the next one's output does is that.
        let reaches = match next {
            Some(Expected::Begins(names)) if next != Some(expected) => lines
                .clone()
                .skip(1)
                .any(|at| self.names[at].is_some_and(|name| names.contains(&name))),
            Some(Expected::Starts(texts)) if next != Some(expected) => {
                lines.clone().skip(1).any(|at| self.starts(at, texts))
            }
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
                    full.clone().count() == count && full.into_iter().all(|at| self.is_operand[at])
                }
                Expected::Id => {
                    let full: Vec<usize> = lines.filter(|at| !self.blank[*at]).collect();
                    full.iter().position(|at| self.is_id[*at]) == Some(full.len() - 1)
                }
                Expected::Begins(_) | Expected::Starts(_) | Expected::Anything => {
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
            &["docker version -f x --format y", "kind version", "kubectl version --short"],
            &["24.0.2", "kind v0.20.0", "Client Version: v1", "Server Version: v1"],
            &["24.0.2", "kind v0.20.0", "Client Version: v1|Server Version: v1"],
        );
        shared(
            &["kubectl create namespace a", "kubectl exec web -- cat /data/f"],
            &["namespace/a created", "hello"],
            &["namespace/a created", "hello"],
        );
        shared(
            &["kubectl set image deploy/web a=b:1", "kubectl rollout status deploy/web"],
            &[
                "deployment.apps/web image updated",
                "Waiting for deployment \"web\" rollout",
                "deployment \"web\" successfully rolled out",
            ],
            &[
                "deployment.apps/web image updated",
                "Waiting for deployment \"web\" rollout|deployment \"web\" successfully rolled out",
            ],
        );
        shared(
            &["helm repo update", "helm install r a/b"],
            &[
                "Hang tight while we grab",
                "...Successfully got an update from \"a\"",
                "Update Complete.",
                "NAME: r",
                "STATUS: deployed",
            ],
            &[
                "Hang tight while we grab|...Successfully got an update from \"a\"|Update Complete.",
                "NAME: r|STATUS: deployed",
            ],
        );
        shared(
            &["kubectl apply -f a.yaml", "kubectl apply -f b.yaml"],
            &["pod/a created", "pod/b created", "", "pod/c created"],
            &["pod/a created|pod/b created", "pod/c created"],
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
            (["cd app", "kubectl apply -f ."], &["pod/a created", "service/a created"]),
            (["docker start web", "docker logs web"], &["listening", "ready"]),
            (["docker pull a", "kubectl apply -f b"], &["pod/a created", "pod/b created"]),
            (
                ["sudo systemctl restart docker", "sudo docker login -u a"],
                &["WARNING! Using a", "WARNING! Your b"],
            ),
            (["./seed.sh", "./report.sh"], &["user alice", "name x", "user bob"]),
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
