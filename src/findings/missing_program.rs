//! Programs that commands call and this machine does not have.

use std::collections::BTreeSet;

use super::shown::Shown;
use super::{Finding, place};
use crate::lab::words::Script;
use crate::lab::{Diagnostic, Severity};

pub(super) static FINDING: Finding = Finding {
    id: "missing-program",
    severity: Severity::Warning,
    summary: "\
A command calls a program that is not installed where labbook looks for programs, so that its step \
will fail on this machine. It is said once a program, and not where a command before names it, as \
one that installs it does. kubectl comes with labbook's clusters.",
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
    let mut named: BTreeSet<String> = BTreeSet::new();
    let mut found = Vec::new();
    for step in &shown.lab.steps {
        for program in &step.needs {
            let missing = shown.surroundings.missing_programs.contains(program) && is_name(program);
            if !missing || step.flags.nested || step.flags.powershell || named.contains(program) {
                continue;
            }
            named.insert(program.clone());
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
