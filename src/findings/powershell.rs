//! Commands that only PowerShell and cmd.exe know how to run.

use super::shown::Shown;
use super::{Finding, place};
use crate::lab::{Diagnostic, Severity};

pub(super) static FINDING: Finding = Finding {
    id: "powershell",
    severity: Severity::Warning,
    summary: "\
A command stands after a prompt of PowerShell or cmd.exe, or in a fence of theirs. labbook runs a \
page in bash, and does not run it.",
    example: "\
```powershell
PS C:\\lab> kubectl get namespace shop
NAME   STATUS   AGE
shop   Active   5s
```
",
    instead: "\
```console
$ kubectl get namespace shop
NAME   STATUS   AGE
shop   Active   5s
```
",
    find: Some(find),
};

fn find(shown: &Shown<'_>) -> Vec<Diagnostic> {
    let mut fence = None;
    let steps = shown.lab.steps.iter().filter(|step| step.flags.powershell);
    // Each fence is told once, at its first command.
    let firsts = steps.filter(|step| fence.replace(step.fence) != Some(step.fence));
    firsts
        .map(|step| {
            let place = place::trimmed(shown.document, step.command.first_line);
            FINDING
                .at(place, "this is typed in PowerShell or cmd.exe, and is not run")
                .help("write it for bash, after `$ `, if the lab is to be run")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::FINDING;
    use crate::findings::tests::{drawn, ids_of};

    #[test]
    fn it_is_drawn() {
        insta::assert_snapshot!(drawn(FINDING.id, FINDING.example), @r"
        warning[powershell]: this is typed in PowerShell or cmd.exe, and is not run
         --> lab.md:2:1
          |
        2 | PS C:\lab> kubectl get namespace shop
          | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          |
          = help: write it for bash, after `$ `, if the lab is to be run
        ");
    }

    #[test]
    fn commands_of_bash_are_none() {
        assert!(!ids_of("$ kubectl get pods\nweb\n").contains(&FINDING.id));
    }
}
