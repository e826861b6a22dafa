//! Commands in tabs of which a reader follows one.

use std::collections::HashMap;

use super::shown::Shown;
use super::{Finding, place};
use crate::lab::{Diagnostic, Severity};

pub(super) static FINDING: Finding = Finding {
    id: "alternatives",
    severity: Severity::Warning,
    summary: "\
Tabs hold alternatives: a reader follows the one of his system. labbook runs the commands of all \
of them, one after the other, unless the page says which are to be skipped.",
    example: "\
{{< tabs name=\"install\" >}}
{{% tab name=\"Linux\" %}}
```console
$ sudo apt-get install -y jq
```
{{% /tab %}}
{{% tab name=\"macOS\" %}}
```console
$ brew install jq
```
{{% /tab %}}
{{< /tabs >}}
",
    instead: "\
{{< tabs name=\"install\" >}}
{{% tab name=\"Linux\" %}}
```console
$ sudo apt-get install -y jq
```
{{% /tab %}}
{{% tab name=\"macOS\" %}}
<!-- labbook: skip = 'for macOS' -->

```console
$ brew install jq
```
{{% /tab %}}
{{< /tabs >}}
",
    find: Some(find),
};

fn find(shown: &Shown<'_>) -> Vec<Diagnostic> {
    let fences = shown.document.fences();
    // The first tab of each group that has commands, and its first command.
    let mut first: HashMap<usize, (&str, usize)> = HashMap::new();
    let mut found = Vec::new();
    let mut told = None;
    for (index, step) in shown.lab.steps.iter().enumerate() {
        let Some(tab) = fences.get(step.fence).and_then(|fence| fence.tab.as_ref()) else {
            continue;
        };
        // What is not run hinders nobody.
        let skipped = shown.lab.directives.of_step(index).is_some_and(|set| set.skip().is_some());
        if skipped || step.flags.powershell {
            continue;
        }
        let line = step.command.first_line;
        let (name, other) = *first.entry(tab.group).or_insert((tab.name.as_str(), line));
        // Each tab is told once, at its first command.
        let this = Some((tab.group, tab.name.as_str()));
        if name == tab.name || told == this {
            continue;
        }
        told = this;
        let at = |line: usize| place::trimmed(shown.document, line);
        let message =
            format!("tab `{}` is an alternative to tab `{name}`, and both are run", tab.name);
        found.push(
            FINDING
                .at(at(line), message)
                .related(at(other), format!("this is in tab `{name}`"))
                .help(
                    "write `<!-- labbook: skip = 'why' -->` before the fences of all tabs but one",
                ),
        );
    }
    found
}

#[cfg(test)]
mod tests {
    use super::FINDING;
    use crate::findings::tests::{drawn, ids_of, said};

    #[test]
    fn it_is_drawn() {
        insta::assert_snapshot!(drawn(FINDING.id, FINDING.example), @r"
        warning[alternatives]: tab `macOS` is an alternative to tab `Linux`, and both are run
         --> lab.md:9:1
          |
        4 | $ sudo apt-get install -y jq
          | ---------------------------- this is in tab `Linux`
        ...
        9 | $ brew install jq
          | ^^^^^^^^^^^^^^^^^
          |
          = help: write `<!-- labbook: skip = 'why' -->` before the fences of all tabs but one
        ");
    }

    #[test]
    fn one_tab_alone_is_none() {
        let page = "{{% tab name=\"Linux\" %}}\n```console\n$ ls -l\n```\n{{% /tab %}}\n";
        assert!(!said(page).1.iter().any(|found| found.id == FINDING.id));
        assert!(!ids_of("$ ls -l\n").contains(&FINDING.id));
    }
}
