//! Programs that commands call and this machine does not have.

use std::collections::BTreeSet;

use super::shown::Shown;
use super::{Finding, place};
use crate::lab::words::{Script, Word};
use crate::lab::{Diagnostic, Severity, without_wrappers};

pub(super) static FINDING: Finding = Finding {
    id: "missing-program",
    severity: Severity::Warning,
    summary: "\
A command calls a program that is not installed where labbook looks for programs, so that its step \
will fail on this machine. It is said once a program, and not where a command before names it, as \
one that installs it does, nor where the lab has a setup script, which may. kubectl comes with labbook's clusters.",
    example: "\
```console
$ argocd app list
NAME  CLUSTER  NAMESPACE  STATUS
```
",
    instead: "\
```console
$ sudo apt-get install -y argocd
$ argocd app list
NAME  CLUSTER  NAMESPACE  STATUS
```
",
    find: Some(find),
};

fn find(shown: &Shown<'_>) -> Vec<Diagnostic> {
    // What a setup script installs is not known.
    if shown.plan.setup.is_some() {
        return Vec::new();
    }
    let mut named: BTreeSet<String> = BTreeSet::new();
    let mut found = Vec::new();
    for step in shown.commands() {
        for program in &step.needs {
            let missing = shown.surroundings.missing_programs.contains(program) && is_name(program);
            let elsewhere = step.flags.nested || step.flags.powershell;
            if !missing || elsewhere || is_named(&named, program) || !named.insert(program.clone())
            {
                continue;
            }
            if is_argument(&step.command.text, program) {
                continue;
            }
            found.push(
                FINDING
                    .at(
                        place::word(shown.document, &step.command, program),
                        format!("the program `{program}` is not installed on this machine"),
                    )
                    .help("install it, or let the lab's setup script do so"),
            );
        }
        named.extend(names(&step.command.text));
    }
    found
}

/// Whether it can be a program's name: a path is a file's, and what has other
/// characters was not read as it was meant.
fn is_name(program: &str) -> bool {
    program.starts_with(|char: char| char.is_ascii_alphanumeric())
        && program.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._+-".contains(&byte))
}

/// Patterns that people write are shorter.
const LONGEST_PATTERN: usize = 40;

/// Whether a command before named it, by a pattern as in `mv etcd* /usr/local/bin`
/// too.
fn is_named(named: &BTreeSet<String>, program: &str) -> bool {
    let starts = program.char_indices().skip(1).take(LONGEST_PATTERN);
    let mut starts = starts.map(|(at, _)| format!("{}*", &program[..at]));
    named.contains(program) || starts.any(|start| named.contains(&start))
}

/// Whether a command names the program as an argument, as in
/// `apt-get install jq && jq .`.
fn is_argument(text: &str, program: &str) -> bool {
    let script = Script::new(text);
    let names = |word: &&Word| word.text == program;
    script.commands().iter().any(|simple| {
        without_wrappers(&simple.words).iter().copied().skip(1).any(|word| names(&word))
    })
}

/// The parts of all words of a command: `jq` of `apt-get install jq`, of
/// `https://…/jq` and of `alias jq=…`.
fn names(text: &str) -> BTreeSet<String> {
    let script = Script::new(text);
    script
        .words()
        .flat_map(|word| word.text.split(['/', '=', '@', ':', ',', ' ']))
        .filter(|part| !part.is_empty())
        .flat_map(|part| [part, part.split(['.', '_']).next().unwrap_or_default()])
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::FINDING;
    use crate::findings::tests::{drawn, ids_of};

    #[test]
    fn it_is_drawn() {
        insta::assert_snapshot!(drawn(FINDING.id, FINDING.example), @r"
        warning[missing-program]: the program `argocd` is not installed on this machine
         --> lab.md:2:3
          |
        2 | $ argocd app list
          |   ^^^^^^
          |
          = help: install it, or let the lab's setup script do so
        ");
    }

    #[test]
    fn what_is_made_before_is_none() {
        for session in [
            "\
$ sudo apt-get install -y ./packages/etcd*
$ sudo ETCDCTL_API=3 etcdctl member list
",
            "\
$ curl -Lo argocd https://example.com/argocd-linux-amd64
$ argocd app list
",
            "\
$ alias k=kubectl
$ k get pods
",
            "\
$ sudo apt-get install -y jq && jq --version
",
            "\
$ ./setup.sh
",
        ] {
            assert!(!ids_of(session).contains(&FINDING.id), "{session}");
        }
    }
}
