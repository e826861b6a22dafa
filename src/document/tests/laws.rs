//! What holds for every page.

use proptest::prelude::*;

use super::super::{Document, Fence, Replacement};

/// Pieces that pages with fences in every container, whole and broken, are made of.
const PIECES: [&str; 46] = [
    "```",
    "````",
    "``",
    "~~~",
    "~~~~",
    "sh",
    "bash",
    "markdown",
    "{{exec}}",
    " title=\"x\"",
    " now go",
    "\n",
    "\n",
    "\n",
    "\n",
    "\r\n",
    "\r",
    "\n\n",
    " ",
    "  ",
    "    ",
    "\t",
    "> ",
    ">",
    "- ",
    "1. ",
    "* ",
    "a",
    "$ a",
    "\u{e9}",
    "\u{200b}",
    "\u{a0}",
    "\u{feff}",
    "\0",
    "<details>",
    "</details>",
    "<pre>",
    "<!--",
    "-->",
    "---\n",
    "=== \"A\"",
    "<Tab title=\"A\">",
    "</Tab>",
    "{{< tab >}}",
    ":::",
    "[^1]: ",
];

fn page() -> impl Strategy<Value = String> {
    proptest::collection::vec(proptest::sample::select(&PIECES[..]), 0..60)
        .prop_map(|pieces| pieces.concat())
}

/// New content for a fence, which may look like a fence.
fn output() -> impl Strategy<Value = String> {
    proptest::sample::select(vec![
        "a",
        "a\n\nb",
        "```",
        "```\na",
        "````bash\na\n````",
        "```bash",
        "- ```bash\na",
        "a\n``` now go",
        "~~~\na",
        "    ```",
        "  a\n   ```",
        "```{{exec}}",
        "\u{200b}```",
        "> ```",
        "<!-- a -->",
    ])
    .prop_map(str::to_owned)
}

proptest! {
    #![proptest_config(ProptestConfig::default())]

    #[test]
    fn splicing_nothing_is_identity(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert_eq!(Document::new(bytes.clone()).splice(&[]), bytes);
    }

    #[test]
    fn splicing_what_is_there_is_identity(page in page()) {
        let document = Document::new(page.clone().into_bytes());
        for fence in document.fences() {
            for line in fence.lines.iter().filter(|line| !line.content.is_empty() && line.padding == 0) {
                let text = document.bytes()[line.content.clone()].to_vec();
                let same = Replacement { first_line: line.number, last_line: line.number, text };
                prop_assert_eq!(document.splice(&[same]), page.as_bytes());
            }
        }
    }

    #[test]
    fn what_is_put_into_a_fence_is_its_content(page in page(), output in output()) {
        let document = Document::new(page.into_bytes());
        // Where lines of marks do not pair, what was meant is a guess, which a new line
        // may change.
        let sound = |fence: &Fence| fence.flaws.is_empty() && fence.close.is_some();
        if !document.fences().iter().all(sound) {
            return Ok(());
        }
        let Some(fence) = document.fences().iter().find(|fence| !fence.lines.is_empty()) else {
            return Ok(());
        };
        let text = output.clone().into_bytes();
        let (first_line, last_line) = (fence.lines[0].number, fence.lines[fence.lines.len() - 1].number);
        let again = Document::new(document.splice(&[Replacement { first_line, last_line, text }]));
        let new = again.fences().iter().find(|new| new.open == fence.open);
        let lines = new.map(|new| {
            let lines: Vec<_> = new.lines.iter().map(|line| again.fence_line_text(line)).collect();
            lines.join("\n")
        });
        prop_assert_eq!(lines, Some(output));
    }

    #[test]
    fn spans_are_ordered_and_inside(page in page()) {
        let document = Document::new(page.clone().into_bytes());
        prop_assert_eq!(document.text().len(), page.len());
        let mut after = 0;
        for fence in document.fences() {
            prop_assert!(fence.open > after);
            prop_assert!(fence.close.is_none_or(|close| close == fence.open + fence.lines.len() + 1));
            for (index, line) in fence.lines.iter().enumerate() {
                prop_assert_eq!(line.number, fence.open + 1 + index);
                let whole = document.line(line.number);
                prop_assert!(whole.start <= line.content.start && line.content.end == whole.end);
                prop_assert!(document.text().get(line.content.clone()).is_some());
            }
            after = fence.last_line();
        }
        prop_assert!(after <= document.line_count());
        let mut end = 0;
        for comment in document.comments() {
            prop_assert!(comment.span.start >= end);
            end = comment.span.end;
            prop_assert!(document.text().get(comment.span.clone()).is_some());
        }
    }
}
