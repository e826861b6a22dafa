//! Fences that are not what Markdown makes of them.

use super::super::{Document, Flaw};
use super::{fence, fences, replace};

/// The flaws of each fence.
fn flaws(page: &str) -> Vec<Vec<Flaw>> {
    let document = Document::new(page.as_bytes().to_vec());
    document.fences().iter().map(|fence| fence.flaws.clone()).collect()
}

#[test]
fn a_fence_may_be_indented_too_far() {
    for page in [
        "Text\n\n    ```bash\n    a\n\n      b\n    ```\n",
        "Text\n\t```bash\n\ta\n\n\t  b\n\t```\n",
    ] {
        let open = page.lines().position(|line| line.contains("bash")).expect("it opens") + 1;
        assert_eq!(fences(page), [fence(open, open + 4, "bash", &["a", "", "  b"])]);
        assert_eq!(flaws(page), [[Flaw::Indented]]);
    }
    let shallow = "- a\n\n        ```sh\n        b\nc\n```\n\n```\nd\n```\n";
    assert_eq!(fences(shallow), [fence(3, 6, "sh", &["b", "c"]), fence(8, 10, "", &["d"])]);
    assert_eq!(
        replace("a\n\n\t```\n\tb\n\t```\n", 4, 4, "c\n\nd"),
        "a\n\n\t```\n\tc\n\n\td\n\t```\n"
    );
}

#[test]
fn a_stray_line_of_marks_opens_nothing() {
    assert_eq!(fences("a\n\n    ```\n\n```sh\nb\n```\n"), [fence(5, 7, "sh", &["b"])]);
}

#[test]
fn a_fence_may_stand_in_html() {
    let page = "<details>\n```sh\n<!-- a -->\nb\n```\n</details>\n\n<!--\n```sh\nc\n```\n-->\n\n<pre>\n```\n</pre>\n";
    assert_eq!(fences(page), [fence(2, 5, "sh", &["<!-- a -->", "b"])]);
    assert_eq!(flaws(page), [[Flaw::InHtml]]);
    let document = Document::new(page.as_bytes().to_vec());
    let comments: Vec<_> = document.comments().iter().map(|comment| &*comment.text).collect();
    assert_eq!(comments, ["```sh\nc\n```"]);
}

#[test]
fn an_invisible_character_may_stand_before_the_marks() {
    let page = "\u{200b}```sh\na\n```\n\na\n\n\u{a0}```sh\nb\n```\u{a0}\n";
    assert_eq!(fences(page), [fence(1, 3, "sh", &["a"]), fence(7, 9, "sh", &["b"])]);
    assert_eq!(flaws(page), [vec![Flaw::Invisible], vec![Flaw::Invisible, Flaw::Closer]]);
}

#[test]
fn killercodas_closing_fences_close() {
    let page = "```\na\n```{{exec}}\n\n- b\n  ```sh\n  c\n  ```{{execute T1}}\n\n```\nd\n```\n";
    assert_eq!(
        fences(page),
        [fence(1, 3, "", &["a"]), fence(6, 8, "sh", &["c"]), fence(10, 12, "", &["d"])]
    );
    assert_eq!(flaws(page), [[]; 3]);
    assert_eq!(replace("```\na\n```{{exec}}\n", 2, 2, "```"), "````\n```\n````{{exec}}\n");
}

#[test]
fn a_closing_fence_may_be_shorter_or_have_text_behind_it() {
    let page = "````sh\na\n```\n\n````sh\nb\n````\n";
    assert_eq!(fences(page), [fence(1, 3, "sh", &["a"]), fence(5, 7, "sh", &["b"])]);
    assert_eq!(flaws(page), [vec![Flaw::Closer], vec![]]);
    assert_eq!(fences("```sh\na\n``\nb"), [fence(1, 3, "sh", &["a"])]);
    for close in ["```</details>", "``` now go on", "```."] {
        let page = format!("```sh\na\n{close}\n\ntext\n\n```sh\nb\n```\n");
        assert_eq!(fences(&page), [fence(1, 3, "sh", &["a"]), fence(7, 9, "sh", &["b"])]);
        assert_eq!(flaws(&page), [vec![Flaw::Closer], vec![]]);
    }
    let long = replace("````sh\na\n```\n", 2, 2, "```\nb\n````");
    assert_eq!(long, "`````sh\n```\nb\n````\n`````\n");
    assert_eq!(fences(&long), [fence(1, 5, "sh", &["```", "b", "````"])]);
}

#[test]
fn shorter_fences_inside_a_closed_one_are_its_content() {
    let page = "````\n```sh\na\n```\n```\n````\n";
    assert_eq!(fences(page), [fence(1, 6, "", &["```sh", "a", "```", "```"])]);
    assert_eq!(flaws(page), [[]]);
}

#[test]
fn a_fence_that_was_forgotten_to_be_closed_ends_where_the_next_opens() {
    let page = "```sh\na\n\nText\n\n```sh\nb\n```\n\n<!-- c -->\n";
    assert_eq!(
        fences(page),
        [
            (1, None, "sh".to_owned(), ["a", "", "Text", ""].map(str::to_owned).to_vec()),
            fence(6, 8, "sh", &["b"])
        ]
    );
    assert_eq!(flaws(page), [vec![Flaw::Misnested { line: 6 }], vec![]]);
    assert_eq!(Document::new(page.as_bytes().to_vec()).comments().len(), 1);
}

#[test]
fn a_lost_mark_does_not_turn_the_rest_of_the_page_inside_out() {
    // The first closing fence is doubled.
    let page = "```sh\na\n```\n```\n\nText <!-- x -->\n\n```sh\nb\n```\n\n```\nc\n```\n";
    let found: Vec<_> = fences(page).into_iter().map(|fence| (fence.0, fence.1)).collect();
    assert_eq!(found, [(1, Some(3)), (4, None), (8, Some(10)), (12, Some(14))]);
}

#[test]
fn the_lines_of_a_fence_may_leave_its_list() {
    for page in ["1. a\n   ```sh\n   b\nc\n   ```\n2. d\n", "1. a\n   ```sh\n   b\nc\n```\n2. d\n"]
    {
        assert_eq!(fences(page), [fence(2, 5, "sh", &["b", "c"])]);
        assert_eq!(flaws(page), [[Flaw::Escapes]]);
    }
    // Here the fences after it pair only if it ends with its list.
    let page = "- ```sh\n  a\n\nText\n\n```\nb\n```\n";
    let found: Vec<_> = fences(page).into_iter().map(|fence| (fence.0, fence.1)).collect();
    assert_eq!(found, [(1, None), (6, Some(8))]);
    assert_eq!(fences("> ```sh\n> a\n```\n"), [fence(1, 3, "sh", &["a"])]);
}

#[test]
fn a_fence_of_markdown_may_show_fences() {
    let page = "```markdown\n# A\n```sh\na\n```\n```\n\n```sh\nb\n```\n";
    assert_eq!(
        fences(page),
        [fence(1, 6, "markdown", &["# A", "```sh", "a", "```"]), fence(8, 10, "sh", &["b"])]
    );
    assert_eq!(replace(page, 3, 5, "```sh\na\n```"), page);
}

#[test]
fn containers_far_to_the_right_are_said() {
    let deep = format!("{} a\n", ">".repeat(10_000));
    assert_eq!(Document::new(deep.into_bytes()).too_deep(), Some(1));
    assert_eq!(Document::new(b"> > - a\n".to_vec()).too_deep(), None);
}
