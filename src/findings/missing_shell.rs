//! Shells that fences are written for and this machine does not have.

use std::collections::BTreeSet;

use super::shown::Shown;
use super::{Finding, place};
use crate::lab::{Diagnostic, Severity};

pub(super) static FINDING: Finding = Finding {
    id: "missing-shell",
    severity: Severity::Warning,
    summary: "\
A fence's language, or a directive, names the shell that runs its commands, and that shell is not \
installed on this machine: they are not run. It is said once a shell.",
    example: "\
```dash
echo $0
```
",
    instead: "\
```bash
echo $0
```
",
    find: Some(find),
};

fn find(shown: &Shown<'_>) -> Vec<Diagnostic> {
    let mut told = BTreeSet::new();
    let steps = shown.plan.steps.iter().filter(|planned| {
        let program = planned.interpreter.program();
        planned.skip.is_none()
            && planned.step.inside.is_none()
            && !planned.step.flags.powershell
            && shown.surroundings.missing_programs.contains(program)
            && told.insert(program)
    });
    steps
        .map(|planned| {
            let shell = planned.interpreter;
            FINDING
                .at(
                    place::command(shown.document, &planned.step.command),
                    format!("the command is run by `{shell}`, which is not installed on this machine"),
                )
                .help(format!(
                    "install {shell}, or have bash run the page by `<!-- labbook:page shell = \"bash\" -->`"
                ))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::FINDING;
    use crate::findings::tests::{drawn, said};

    #[test]
    fn it_is_drawn() {
        insta::assert_snapshot!(drawn(FINDING.id, FINDING.example), @r#"
        warning[missing-shell]: the command is run by `dash`, which is not installed on this machine
         --> lab.md:2:1
          |
        2 | echo $0
          | ^^^^^^^
          |
          = help: install dash, or have bash run the page by `<!-- labbook:page shell = "bash" -->`
        "#);
    }

    #[test]
    fn it_is_said_once_and_not_of_what_is_not_run() {
        let ids = |page: &str| {
            let (_, said) = said(page);
            said.iter().filter(|diagnostic| diagnostic.id == FINDING.id).count()
        };
        assert_eq!(ids("```zsh\n$ echo a\n$ echo b\n```\n\n```zsh\n$ echo c\n```\n"), 1);
        assert_eq!(ids("```sh\n$ echo a\n```\n\n```bash\n$ echo c\n```\n"), 0);
        assert_eq!(ids("<!-- labbook:page shell = \"bash\" -->\n\n```zsh\n$ echo a\n```\n"), 0);
        assert_eq!(ids("<!-- labbook: skip = \"why\" -->\n```zsh\n$ echo a\n```\n"), 0);
    }
}
