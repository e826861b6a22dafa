//! Standard output and standard error that are to be apart on a terminal.

use super::shown::Shown;
use super::{Finding, place};
use crate::lab::directives::Value;
use crate::lab::{Diagnostic, Severity};
use crate::plan::{Conduct, PlannedStep};

pub(super) static FINDING: Finding = Finding {
    id: "streams-of-a-terminal",
    severity: Severity::Error,
    summary: "\
`streams = \"apart\"` stands before a command that gets a terminal: it asks for one (`-it`), or \
`tty` gives it one. On a terminal standard output and standard error are one.",
    example: "\
<!-- labbook: streams = 'apart' -->
```console
$ kubectl exec -it web-0 -- ls /data
```
",
    instead: "\
<!-- labbook: streams = 'apart' -->
```console
$ kubectl exec web-0 -- ls /data
```
",
    find: Some(find),
};

fn find(shown: &Shown<'_>) -> Vec<Diagnostic> {
    let directives = &shown.lab.directives;
    let of_page = directives.page.get("streams");
    let mut found: Vec<Diagnostic> = Vec::new();
    for (index, planned) in shown.plan.steps.iter().enumerate() {
        let setting = directives.of_step(index).and_then(|set| set.get("streams"));
        // What the page says of all its commands holds for those that have no terminal.
        let Some(setting) = setting.filter(|setting| Some(*setting) != of_page) else {
            continue;
        };
        let apart = setting.value == Value::Choice("apart") && planned.skip.is_none();
        if !apart || !has_terminal(planned) || found.iter().any(|one| one.span == setting.key_span)
        {
            continue;
        }
        let message = "`streams` is to be \"apart\", and the command has a terminal";
        let command = place::trimmed(shown.document, planned.step.command.first_line);
        found.push(
            FINDING
                .at(setting.key_span.clone(), message)
                .related(command, "on a terminal the two are one")
                .help("take `streams` away, or let the command have no terminal (`tty = false`)"),
        );
    }
    found
}

fn has_terminal(planned: &PlannedStep) -> bool {
    planned.terminal || matches!(planned.conduct, Conduct::Opens | Conduct::Typed { .. })
}

#[cfg(test)]
mod tests {
    use super::FINDING;
    use crate::findings::tests::{drawn, said};

    #[test]
    fn it_is_drawn() {
        insta::assert_snapshot!(drawn(FINDING.id, FINDING.example), @r#"
        error[streams-of-a-terminal]: `streams` is to be "apart", and the command has a terminal
         --> lab.md:1:15
          |
        1 | <!-- labbook: streams = 'apart' -->
          |               ^^^^^^^
        2 | ```console
        3 | $ kubectl exec -it web-0 -- ls /data
          | ------------------------------------ on a terminal the two are one
          |
          = help: take `streams` away, or let the command have no terminal (`tty = false`)
        "#);
    }

    #[test]
    fn for_the_whole_page_it_is_said_of_the_commands_without_a_terminal() {
        for page in [
            "<!-- labbook:page streams = 'apart' -->\n\n```console\n$ kubectl exec -it a -- ls\n```\n",
            "<!-- labbook: streams = 'together' -->\n```console\n$ kubectl exec -it a -- ls\n```\n",
            "<!-- labbook: streams = 'apart', tty = false -->\n```console\n$ kubectl exec -it a -- ls\n```\n",
        ] {
            assert!(!said(page).1.iter().any(|found| found.id == FINDING.id), "{page}");
        }
    }
}
