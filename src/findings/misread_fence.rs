//! Fences that Markdown reads otherwise than their author meant.

use super::shown::Shown;
use super::{Finding, place};
use crate::document::{Fence, Flaw};
use crate::lab::{Diagnostic, Severity};

pub(super) static FINDING: Finding = Finding {
    id: "misread-fence",
    severity: Severity::Warning,
    summary: "\
labbook reads a fence as its author meant it, and Markdown does not: its closing line has fewer \
marks or text after them, another fence opens inside it, its lines leave their list, it is \
indented too far, it stands in HTML without a blank line, or an invisible character stands before \
it. GitHub and the book show something else than labbook runs.",
    example: "\
````console
$ kubectl get namespace shop
NAME   STATUS   AGE
shop   Active   5s
```

Then look at its services.
",
    instead: "\
```console
$ kubectl get namespace shop
NAME   STATUS   AGE
shop   Active   5s
```

Then look at its services.
",
    find: Some(find),
};

fn find(shown: &Shown<'_>) -> Vec<Diagnostic> {
    let fences = shown.document.fences().iter();
    fences
        .flat_map(|fence| fence.flaws.iter().map(move |flaw| (fence, *flaw)))
        .filter_map(|(fence, flaw)| told(shown, fence, flaw))
        .collect()
}

fn told(shown: &Shown<'_>, fence: &Fence, flaw: Flaw) -> Option<Diagnostic> {
    let document = shown.document;
    let place = |line: usize| place::trimmed(document, line);
    let at = |line: usize, message: &str, help: &str| FINDING.at(place(line), message).help(help);
    let found = match flaw {
        Flaw::Indented => at(
            fence.open,
            "the fence is indented so far that Markdown takes it for text",
            "indent it as the text around it, three blanks more at most",
        ),
        Flaw::InHtml => at(
            fence.open,
            "the fence stands in HTML, where Markdown shows its marks",
            "leave a line blank between the tag and the fence",
        ),
        Flaw::Invisible => at(
            fence.open,
            "an invisible character stands before the fence, which Markdown takes for text",
            "take the character away; typing the line again does",
        ),
        Flaw::Closer => {
            let close = fence.close?;
            // Platforms have their own words after it.
            if document.text()[document.line(close)].contains("{{") {
                return None;
            }
            at(
                close,
                "this closes no fence: it has fewer marks than the opening line, or text after them",
                "write as many marks as in the opening line, and nothing else",
            )
            .related(place(fence.open), "the fence")
        }
        Flaw::Escapes => at(
            fence.open,
            "the fence's lines leave its list or quote, which ends the fence there",
            "indent all its lines as far as the opening line",
        ),
        Flaw::Misnested { line } => at(
            fence.open,
            "the fence is not closed where another one opens",
            "close it, or give it more marks than the ones inside it",
        )
        .related(place(line), "the other one"),
    };
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::FINDING;
    use crate::findings::tests::{drawn, said};

    #[test]
    fn it_is_drawn() {
        insta::assert_snapshot!(drawn(FINDING.id, FINDING.example), @r"
        warning[misread-fence]: this closes no fence: it has fewer marks than the opening line, or text after them
         --> lab.md:5:1
          |
        1 | ````console
          | ----------- the fence
        ...
        5 | ```
          | ^^^
          |
          = help: write as many marks as in the opening line, and nothing else
        ");
    }

    #[test]
    fn fences_that_markdown_reads_too_are_none() {
        for page in [
            "1. List\n\n   ```sh\n   ls\n   ```\n",
            "> ```sh\n> ls\n> ```\n",
            "````markdown\n```sh\nls\n```\n````\n",
            "~~~sh\nls\n~~~~\n",
            "```sh\nls\n```{{exec}}\n",
            "<details>\n\n```sh\nls\n```\n\n</details>\n",
        ] {
            assert!(said(page).1.iter().all(|found| found.id != FINDING.id), "{page}");
        }
    }

    #[test]
    fn each_flaw_is_told() {
        for (page, words) in [
            ("text\n\n    ```sh\n    ls\n    ```\n", "indented"),
            ("<details>\n```sh\nls\n```\n</details>\n", "HTML"),
            ("\u{200b}```sh\nls\n```\n", "invisible"),
            ("1. a\n\n   ```sh\nls\n   ```\n", "leave"),
            ("```sh\nls\n\n```yaml\na: 1\n```\n\ntext\n", "another"),
        ] {
            let found = drawn(FINDING.id, page);
            assert!(found.contains(words), "{page}: {found}");
        }
    }
}
