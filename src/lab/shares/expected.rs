//! What is known of a command's output before it is seen.

use std::sync::LazyLock;

use regex::Regex;

use crate::lab::known::{canonical, is_listed, subcommands};
use crate::lab::patterns::pattern;
use crate::lab::printing::{is_redirected, is_silent};
use crate::lab::programs::is_likely_a_command;
use crate::lab::recognisers::{BUILD, CHART, FILES, OBJECT, TABLE, recognise};
use crate::lab::typed::Typed;
use crate::lab::words::{Operator, Script, Word};
use crate::lab::wrappers::without_wrappers;

/// What is known of a command's output before it is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::lab) enum Expected {
    /// Nothing.
    Silence,
    /// It begins with a line of one of these recognisers.
    Begins(&'static [&'static str]),
    /// It begins with a line that begins with one of these texts.
    Starts(&'static [&'static str]),
    /// A line of what was made: an identifier of many digits. Others may come first.
    Id,
    /// As many lines as objects that it names, each the name.
    Names(usize),
    /// Anything else.
    Anything,
}

/// Whether a line begins as what a command prints; none where nothing is known of that.
pub(in crate::lab) fn begins_as(typed: &Typed, line: &str) -> Option<bool> {
    match typed.expected() {
        Expected::Silence => Some(false),
        Expected::Begins(names) => Some(
            recognise(line).is_some_and(|found| names.contains(&found.name))
                && !heads_another_table(typed, line),
        ),
        Expected::Starts(texts) => Some(texts.iter().any(|text| line.starts_with(text))),
        Expected::Id | Expected::Names(_) | Expected::Anything => None,
    }
}

/// Whether a line is the head of the table of other objects than those that a command
/// asks for: a column tells pods, services, nodes and others.
fn heads_another_table(typed: &Typed, line: &str) -> bool {
    const COLUMNS: [(&str, &str); 6] = [
        (" RESTARTS ", "po pod pods"),
        (" CLUSTER-IP ", "svc service services"),
        (" UP-TO-DATE ", "deploy deployment deployments ds daemonset daemonsets"),
        (" ROLES ", "no node nodes"),
        (" RECLAIM POLICY ", "pv persistentvolume persistentvolumes"),
        ("LAST SEEN ", "ev event events"),
    ];
    const OTHERS: &str = "\
        pvc persistentvolumeclaim persistentvolumeclaims sts statefulset statefulsets rs replicaset replicasets \
        cm configmap configmaps secret secrets sa serviceaccount serviceaccounts job jobs cj cronjob cronjobs \
        ing ingress ingresses sc storageclass storageclasses ns namespace namespaces hpa ep endpoints";
    let kind =
        typed.script.words().map(|word| word.text.as_str()).skip_while(|word| *word != "get");
    let Some(kind) = kind.skip(1).find(|word| !word.starts_with('-')) else {
        return false;
    };
    let is_known = is_listed(OTHERS, kind) || COLUMNS.iter().any(|(_, own)| is_listed(own, kind));
    is_known && COLUMNS.iter().any(|(column, own)| line.contains(column) && !is_listed(own, kind))
}

/// Whether a command prints a line that stands in its own words: `echo "docker rm a"`.
pub(in crate::lab) fn echoes_line(typed: &Typed, line: &str) -> bool {
    let mut words = line.split_whitespace();
    let (Some(first), Some(second)) = (words.next(), words.next()) else {
        return false;
    };
    let text = &typed.command.text;
    // `command -v k` tells what is run under that name: `alias k=kubectl`.
    if let Some(asked) = text.strip_prefix("command -v ").filter(|name| !name.contains(' ')) {
        return first == "alias"
            && second.strip_prefix(asked).is_some_and(|on| on.starts_with('='));
    }
    if !text.contains(first) || !text.contains("echo") && !text.contains("printf") {
        return false;
    }
    let said = format!("{first} {second}");
    typed.script.commands().iter().any(|simple| {
        let arguments = simple.words.get(1..).unwrap_or_default();
        let bare: Vec<&str> = arguments.iter().map(|word| word.text.as_str()).collect();
        matches!(simple.program(), Some("echo" | "printf"))
            && simple.ended_by != Some(Operator::Pipe)
            && !is_redirected(simple, text)
            && (bare.join(" ").starts_with(&said)
                || bare.iter().any(|text| text.lines().any(|line| line.trim().starts_with(&said))))
    })
}

/// Whether a command prints what became of objects, and nothing else.
pub(in crate::lab) fn names_objects(typed: &Typed) -> bool {
    matches!(typed.expected(), Expected::Begins(names) if names.contains(&OBJECT))
}

/// Whether a command prints nothing where all goes well: what comes after it is
/// typed.
pub(in crate::lab) fn prints_nothing(typed: &Typed) -> bool {
    let commands = typed.script.commands();
    let may_speak = ["source", ".", "exit"].iter().any(|program| typed.needs(program));
    // Where it is redirected, its errors still show: those of a tool are known.
    let redirected = commands.last().is_some_and(|last| is_redirected(last, &typed.command.text));
    let is_a_tool = || {
        commands.iter().all(|simple| {
            without_wrappers(&simple.words).first().is_some_and(|word| {
                subcommands(&word.text).is_some()
                    || matches!(&*word.text, "echo" | "cat" | "printf")
            })
        })
    };
    typed.expected() == Expected::Silence && !may_speak && (!redirected || is_a_tool())
}

/// What a command prints, by its program and its words.
pub(in crate::lab) fn expected(script: &Script, text: &str) -> Expected {
    let commands = script.commands();
    let Some(last) = commands.last() else {
        return Expected::Anything;
    };
    if is_silent(script) || is_redirected(last, text) || text.trim() == "exit" {
        return Expected::Silence;
    }
    // A filter passes on some lines, and perhaps not the first.
    if commands.len() > 1 {
        return Expected::Anything;
    }
    expected_of(&texts(without_wrappers(&last.words)))
}

/// The index of the first of some lines that cannot stand in what a command prints:
/// it looks like another command that no rule knows.
pub(in crate::lab) fn stray<'l>(
    typed: &Typed,
    mut lines: impl Iterator<Item = &'l str>,
) -> Option<usize> {
    const FEWEST_WORDS: usize = 3;
    let (names, starts): (&[&str], &[&str]) = match typed.expected() {
        Expected::Begins(names) => (names, &[]),
        Expected::Starts(starts) => (&[], starts),
        _ => return None,
    };
    let mut is_first = true;
    lines.position(|line| {
        // What is not known to begin it, and reads like no message of its own.
        let is_first = std::mem::take(&mut is_first)
            && line.split_whitespace().count() >= FEWEST_WORDS
            && !line.split_whitespace().any(|word| word.ends_with(':'));
        let begins = line.starts_with(|c: char| c.is_ascii_lowercase() || "./~".contains(c));
        let is_known = || {
            starts.iter().any(|text| line.starts_with(text))
                || recognise(line)
                    .is_some_and(|found| !found.is_common || names.contains(&found.name))
        };
        let flagged = || line.contains(" -") && is_likely_a_command(line.trim());
        begins && (is_first || flagged()) && !is_known()
    })
}

/// Whether a line begins what a command surely prints: what `echo` is given, an
/// object's name, a version.
pub(in crate::lab) fn is_surely_printed(typed: &Typed, line: &str) -> bool {
    static NAME: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"^(?:[a-z]+\.[a-z0-9.-]+|pod|service|serviceaccount|configmap|secret|node|namespace|persistentvolume(?:claim)?|job)/[a-z0-9][a-z0-9.:-]*(?:\s{2,}\S.*)?$",
        )
    });
    let commands = typed.script.commands();
    let words: Vec<&str> =
        commands.last().map(|last| texts(without_wrappers(&last.words))).unwrap_or_default();
    match words[..] {
        ["echo", said, ..] => {
            let literal = said.split(['$', '`']).next().unwrap_or_default();
            literal.len() > 2 && line.starts_with(literal)
        }
        ["kubectl", ..] if NAME.is_match(line.trim_end()) => true,
        _ => matches!(typed.expected(), Expected::Starts(starts)
            if starts.iter().any(|text| line.starts_with(text))),
    }
}

/// A command's words, its program by the name under which it is known.
fn texts<'w>(words: &[&'w Word]) -> Vec<&'w str> {
    let mut texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    if let Some(program) = texts.first_mut() {
        *program = canonical(program);
    }
    texts
}

/// What a program with its arguments prints.
fn expected_of(words: &[&str]) -> Expected {
    let has =
        |flags: &[&str]| words.iter().any(|word| flags.iter().any(|flag| word.starts_with(flag)));
    let formatted = has(&["-o", "--output", "--format", "-q", "--quiet", "--template", "--raw"])
        && !words.windows(2).any(|two| two == ["-o", "wide"])
        && !has(&["-owide", "-o=wide", "--output=wide"]);
    if let Some((_, texts)) = STARTS.iter().find(|(start, _)| begins(words, start))
        && !formatted
        && !has(&["-h", "--help"])
    {
        return Expected::Starts(texts);
    }
    match *words {
        ["ls", flags, ..] if is_long_listing(flags) => Expected::Begins(&[FILES]),
        ["kubectl", ref words @ ..] if words.contains(&"--") => {
            let mut parts = words.splitn(2, |word| *word == "--");
            let runs = parts.next().is_some_and(|own| own.contains(&"exec"));
            match parts.next() {
                // Nobody asks a cluster inside one; a page may do so without end.
                Some([inner, ..]) if canonical(inner) == "kubectl" => Expected::Anything,
                Some(inner @ [_, ..]) if runs => expected_of(inner),
                _ => Expected::Anything,
            }
        }
        ["kubectl", "create", "token", ..] => Expected::Anything,
        ["kubectl", ..] if has(UNLIKE) => Expected::Anything,
        ["kubectl", ref arguments @ ..] => {
            // The first word that is no flag and no flag's value.
            let verb = arguments
                .iter()
                .enumerate()
                .filter(|(at, word)| {
                    let valued = at.checked_sub(1).is_some_and(|before| {
                        matches!(
                            arguments[before],
                            "-n" | "--namespace" | "--context" | "--kubeconfig"
                        )
                    });
                    !valued && !word.starts_with('-')
                })
                .map(|(_, word)| *word)
                .next()
                .filter(|verb| *verb != "rollout" || !arguments.contains(&"history"));
            match verb.and_then(|verb| VERBS.iter().find(|(known, _)| *known == verb)) {
                Some((_, names)) if !formatted => Expected::Begins(names),
                _ => Expected::Anything,
            }
        }
        ["docker", "ps" | "images" | "stats", ..]
        | ["docker", "image" | "container" | "network" | "volume", "ls", ..]
        | ["helm", "ls" | "list" | "history" | "search", ..]
        | ["helm", "repo", "list"]
        | ["ps", ..]
            if !formatted =>
        {
            Expected::Begins(&[TABLE])
        }
        ["docker", "pull" | "build" | "push" | "rmi", ..] => Expected::Begins(&[BUILD]),
        ["docker", "rm" | "stop" | "start" | "restart" | "kill", ref objects @ ..]
        | ["docker", "network" | "volume", "rm", ref objects @ ..] => {
            let named = objects.iter().filter(|word| !word.starts_with('-')).count();
            Expected::Names(named)
        }
        ["docker", "run", ..] if has(&["-d", "--detach"]) => Expected::Id,
        ["docker", "commit" | "create", ..] | ["docker", "network", "create", ..] => Expected::Id,
        ["docker", "tag", ..] => Expected::Silence,
        ["docker", "save" | "export", ..] if has(&["-o", "--output"]) => Expected::Silence,
        ["helm", "repo", "add" | "update", ..] => Expected::Begins(&[CHART]),
        _ => Expected::Anything,
    }
}

/// Flags and words with which kubectl prints something else than its command does.
const UNLIKE: &[&str] = &[
    "-h",
    "--help",
    "--no-headers",
    "--list",
    "--attach",
    "-i",
    "-it",
    "-ti",
    "view-last-applied",
];

/// Whether flags of `ls` ask for a line a file.
fn is_long_listing(flags: &str) -> bool {
    flags.strip_prefix('-').is_some_and(|flags| !flags.starts_with('-') && flags.contains('l'))
}

/// Whether a command begins with these words.
fn begins(words: &[&str], start: &str) -> bool {
    let mut words = words.iter();
    start.split(' ').all(|wanted| words.next().is_some_and(|word| *word == wanted))
}

/// Commands by their first words, and the texts with one of which their output
/// begins.
const STARTS: &[(&str, &[&str])] = &[
    ("kubectl version", &["Client Version", "clientVersion", "WARNING", "Flag --short"]),
    ("kubectl cluster-info", &["Kubernetes ", "\u{1b}"]),
    ("kubectl describe", &["Name:"]),
    ("kubectl explain", &["KIND:", "GROUP:"]),
    (
        "kubectl rollout status",
        &["Waiting for", "deployment \"", "daemon set", "daemonset", "statefulset", "partitioned"],
    ),
    ("helm install", &["NAME:"]),
    ("helm upgrade", &["Release \"", "NAME:"]),
    ("helm status", &["NAME:"]),
    ("helm repo add", &["\""]),
    ("helm repo update", &["Hang tight", "...Successfully", "Update Complete"]),
    ("kind version", &["kind v"]),
    ("kind --version", &["kind v"]),
    ("helm version", &["version.BuildInfo", "v2", "v3", "v4", "Client:"]),
    ("minikube version", &["minikube version"]),
    ("docker version", &["Client"]),
    ("docker --version", &["Docker version"]),
    ("docker -v", &["Docker version"]),
    ("docker compose version", &["Docker Compose version"]),
    ("docker-compose --version", &["docker-compose version", "Docker Compose version"]),
    ("kubeadm version", &["kubeadm version"]),
    ("kubelet --version", &["Kubernetes v"]),
    ("go version", &["go version"]),
    ("git --version", &["git version"]),
    ("terraform version", &["Terraform v"]),
    ("terraform -v", &["Terraform v"]),
    ("terraform --version", &["Terraform v"]),
    ("python3 --version", &["Python "]),
    ("python --version", &["Python "]),
    ("java -version", &["openjdk version", "java version"]),
    ("k3d version", &["k3d version"]),
    ("k3s --version", &["k3s version"]),
];

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
