//! Whole pages: what is found in them, and what splicing leaves alone.

mod authors;
mod laws;
mod tabs;

use super::{Document, Replacement};

/// The fences as `(open, close, language, lines)`.
fn fences(page: &str) -> Vec<(usize, Option<usize>, String, Vec<String>)> {
    let document = Document::new(page.as_bytes().to_vec());
    let seen = document.fences().iter().map(|fence| {
        let lines =
            fence.lines.iter().map(|line| document.fence_line_text(line).into_owned()).collect();
        (fence.open, fence.close, fence.language.clone(), lines)
    });
    seen.collect()
}

fn fence(
    open: usize,
    close: usize,
    language: &str,
    lines: &[&str],
) -> (usize, Option<usize>, String, Vec<String>) {
    (open, Some(close), language.to_owned(), lines.iter().map(ToString::to_string).collect())
}

fn replace(page: &str, first_line: usize, last_line: usize, text: &str) -> String {
    let document = Document::new(page.as_bytes().to_vec());
    let text = text.as_bytes().to_vec();
    String::from_utf8(document.splice(&[Replacement { first_line, last_line, text }]))
        .expect("the page is UTF-8")
}

#[test]
fn fences_are_found_in_every_container() {
    assert_eq!(fences("```bash\n$ a\n\n  b\n```\n"), [fence(1, 5, "bash", &["$ a", "", "  b"])]);
    assert_eq!(
        fences("- x\n\n  ~~~~ sh\n  a\n\n  b\n  ~~~~\n"),
        [fence(3, 7, "sh", &["a", "", "b"])]
    );
    assert_eq!(fences("> ```\n> a\n>\n> b\n> ```\n"), [fence(1, 5, "", &["a", "", "b"])]);
    assert_eq!(fences("<details>\n\n```\na\n```\n\n</details>\n"), [fence(3, 5, "", &["a"])]);
    assert_eq!(fences("1. ```\n   a\n   ```\n"), [fence(1, 3, "", &["a"])]);
    assert_eq!(fences("  ```\n  a\n    b\n  ```\n"), [fence(1, 4, "", &["a", "  b"])]);
    assert_eq!(fences("```\n```\n"), [fence(1, 2, "", &[])]);
}

#[test]
fn line_ends_and_encodings_do_not_move_a_fence() {
    assert_eq!(fences("```bash\r\na\r\n\r\nb\r\n```\r\n"), [fence(1, 5, "bash", &["a", "", "b"])]);
    assert_eq!(
        fences("- x\r\n  ```\r\n  a\r\n\r\n  b\r\n  ```\r\n"),
        [fence(2, 6, "", &["a", "", "b"])]
    );
    assert_eq!(fences("\u{feff}```bash\na\n```\n"), [fence(1, 3, "bash", &["a"])]);
    assert_eq!(fences("a\rb\n```\nc\rd\n```"), [fence(2, 4, "", &["c\rd"])]);
    let document = Document::new(b"\xff\xfe\n```\n\xc3(\n```\n".to_vec());
    let line = &document.fences()[0].lines[0];
    assert_eq!((line.number, document.fence_line_text(line).as_ref()), (3, "\u{fffd}("));
}

#[test]
fn front_matter_and_code_spans_hold_no_fence() {
    assert_eq!(fences("---\nx: |\n  ```\n---\n\n```\na\n```\n"), [fence(6, 8, "", &["a"])]);
    // Further down, and before text, the same line is a rule.
    assert_eq!(fences("# A\n---\nb\n```\na\n```\n---\n"), [fence(4, 6, "", &["a"])]);
    assert_eq!(fences("---\nText here.\n```\na\n```\n---\n"), [fence(3, 5, "", &["a"])]);
    assert_eq!(fences("---\nx: y\n---\n---\nz\n```\na\n```\n---\n"), [fence(6, 8, "", &["a"])]);
    assert_eq!(fences("use ```a``` here\n"), []);
}

#[test]
fn a_tab_that_the_container_took_in_part_leaves_spaces() {
    assert_eq!(fences("- x\n\n\t```\n\ta\n\t```\n"), [fence(3, 5, "", &["a"])]);
    assert_eq!(fences("- x\n\n  ```\n\ta\n  ```\n"), [fence(3, 5, "", &["  a"])]);
    assert_eq!(
        replace("- x\n\n  ```\n\ta\n  ```\n", 4, 4, "b\nc"),
        "- x\n\n  ```\n  b\n  c\n  ```\n"
    );
}

#[test]
fn an_unterminated_fence_runs_to_the_end_of_its_container() {
    let page = "```bash\na\nb";
    let document = Document::new(page.as_bytes().to_vec());
    assert_eq!((document.fences()[0].close, document.fences()[0].last_line()), (None, 3));
    assert_eq!(replace(page, 3, 3, "c\nd"), "```bash\na\nc\nd");
    let quoted = Document::new(b"> ```\n> a\n\nafter\n".to_vec());
    assert_eq!((quoted.fences()[0].close, quoted.fences()[0].last_line()), (None, 2));
}

#[test]
fn comments_are_found_wherever_html_is() {
    let page = "<!-- one -->\n\n<details>\n<!-- two\nlines -->\n</details>\n\ntext <!-- three --> text\n\n```\n<!-- no -->\n```\n";
    let document = Document::new(page.as_bytes().to_vec());
    let comments: Vec<_> =
        document.comments().iter().map(|comment| comment.text.as_str()).collect();
    assert_eq!(comments, ["one", "two\nlines", "three"]);
    assert_eq!(&page[document.comments()[2].span.clone()], "<!-- three -->");
}

#[test]
fn new_lines_get_the_prefix_and_line_end_of_their_place() {
    assert_eq!(
        replace("> ```\r\n> a\r\n> ```\r\n", 2, 2, "b\n\nc"),
        "> ```\r\n> b\r\n>\r\n> c\r\n> ```\r\n"
    );
    assert_eq!(replace("- ```\n  a\n  b\n  ```\n", 2, 3, "c"), "- ```\n  c\n  ```\n");
    assert_eq!(replace("```\na\nb\nc\n```\n", 2, 3, ""), "```\nc\n```\n");
    assert_eq!(replace("- ```\n\n  ```\n", 2, 2, "c"), "- ```\n  c\n  ```\n");
}

#[test]
fn a_line_that_would_close_the_fence_makes_the_fence_longer() {
    let page = replace("```\na\n```\n", 2, 2, "x\n````\ny");
    assert_eq!(page, "`````\nx\n````\ny\n`````\n");
    assert_eq!(fences(&page), [fence(1, 5, "", &["x", "````", "y"])]);
}

#[test]
fn indented_marks_close_nothing() {
    let page = "```\n\t```\n    ```\n```\n";
    assert_eq!(replace(page, 2, 3, "\t```\n    ```"), page);
}

#[test]
fn many_fences_are_replaced_in_one_walk() {
    const FENCES: usize = 20_000;
    let page = "```\nold\n```\n".repeat(FENCES);
    let document = Document::new(page.into_bytes());
    let replacements: Vec<Replacement> = document
        .fences()
        .iter()
        .map(|fence| Replacement {
            first_line: fence.open + 1,
            last_line: fence.open + 1,
            text: b"```".to_vec(),
        })
        .collect();
    // A scan of all fences for each replacement would take a minute and more.
    let spliced = document.splice(&replacements);
    assert_eq!(spliced, "````\n```\n````\n".repeat(FENCES).into_bytes());
}
