//! `labbook render` and `labbook publish`: pages from records, byte for byte.

use labbook::record::Verdict;

use crate::support::Test;

/// CR LF, a byte order mark, trailing blanks, a byte that is no UTF-8, a fence in
/// a list and one in a quote, no line end at the end.
const PAGE: &[u8] = b"\xef\xbb\xbf# Caf\xe9 \xc3\xa2\xe2\x82\xac\xe2\x84\xa2  \r\n\r\n```bash\r\n$ echo one\r\nold one\r\n```\r\n\r\n- item\r\n\r\n  ```console\r\n  $ echo two\r\n  old\r\n  two\r\n  ```\r\n\r\n> ```sh\r\n> $ echo three\r\n> ```\r\n>\r\n> ```\r\n> old three\r\n> ```\r\nend";

const OUTPUTS: [&str; 3] = ["new one\r\nand more\r\n", "\x1b[32mtwo\x1b[0m\n\n", "new\nthree\n"];

fn replaced(page: &[u8], old: &str, new: &str) -> Vec<u8> {
    let at =
        page.windows(old.len()).position(|bytes| bytes == old.as_bytes()).expect("it is there");
    [&page[..at], new.as_bytes(), &page[at + old.len()..]].concat()
}

fn expected() -> Vec<u8> {
    let page = replaced(PAGE, "old one\r\n", "new one\r\nand more\r\n");
    let page = replaced(&page, "  old\r\n  two\r\n", "  two\r\n");
    replaced(&page, "> old three\r\n", "> new\r\n> three\r\n")
}

#[test]
fn every_byte_that_is_no_output_stays() {
    let ran = Test::new()
        .file("lab.md", PAGE)
        .record("lab.md", "out.record.jsonl", Verdict::Same, &OUTPUTS)
        .args("render out.record.jsonl --output new.md")
        .run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let page = ran.read("new.md");
    assert_eq!(String::from_utf8_lossy(&page), String::from_utf8_lossy(&expected()));
    assert!(page == expected());
    assert!(ran.read("lab.md") == PAGE, "the page itself is not touched");
}

#[test]
fn what_is_rendered_to_standard_output_is_only_the_page() {
    let page = "```bash\n$ echo one\nold\n```\n";
    let ran = Test::new()
        .file("lab.md", page)
        .record("lab.md", "out.record.jsonl", Verdict::Same, &["one\n"])
        .args("render out.record.jsonl")
        .run();
    assert_eq!(ran.show(), "exit code 0\n--- stdout\n```bash\n$ echo one\none\n```\n");
}

#[test]
fn an_output_that_would_close_its_fence_stays_inside() {
    let page = "```bash\n$ cat README.md\nold\n```\n\nprose\n";
    let ran = Test::new()
        .file("lab.md", page)
        .record("lab.md", "out.record.jsonl", Verdict::Same, &["```\ncode\n```\n"])
        .args("render out.record.jsonl")
        .run();
    assert_eq!(ran.stdout, "````bash\n$ cat README.md\n```\ncode\n```\n````\n\nprose\n");
}

#[test]
fn a_page_that_changed_since_is_not_rendered() {
    let page = "Before.\n\n```bash\n$ echo one\nold\n```\n";
    let ran = Test::new()
        .file("lab.md", page)
        .record("lab.md", "out.record.jsonl", Verdict::Same, &["one\n"])
        .file("lab.md", page.replace("Before", "After"))
        .args("render out.record.jsonl")
        .run();
    assert_eq!((ran.code, ran.stdout.as_str()), (3, ""));
    assert!(
        ran.stderr.contains("has changed since out.record.jsonl was written"),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_page_whose_outputs_alone_changed_is_rendered() {
    let page = "```bash\n$ echo one\nold\n```\n";
    let ran = Test::new()
        .file("lab.md", page)
        .record("lab.md", "out.record.jsonl", Verdict::Same, &["one\n"])
        .file("lab.md", page.replace("old", "much\nlonger"))
        .args("render out.record.jsonl")
        .run();
    assert_eq!(ran.stdout, "```bash\n$ echo one\none\n```\n", "{}", ran.stderr);
}

#[test]
fn what_is_no_record_is_said_to_be_none() {
    for text in
        ["", "hello\n", "{\"event\":\"closing\"}\n", "{\"event\":\"header\",\"schema\":99}\n"]
    {
        let ran = Test::new().file("some.jsonl", text).args("render some.jsonl").run();
        assert_eq!(ran.code, 3, "{text:?}: {}", ran.show());
        assert!(ran.stderr.contains("some.jsonl"), "{}", ran.stderr);
    }
}

#[test]
fn a_run_with_the_same_result_is_published_beside_its_page() {
    let ran = Test::new()
        .file("labbook.toml", "labs = [\"labs/*/lab.md\"]\n")
        .file("labs/a/lab.md", "```bash\n$ echo one\nold\n```\n")
        .record(
            "labs/a/lab.md",
            "labbook-out/R/labs/a/lab.record.jsonl",
            Verdict::Drift,
            &["one\n"],
        )
        .args("publish labbook-out/R")
        .run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let record = ran.read("labbook-out/R/labs/a/lab.record.jsonl");
    assert!(ran.read("labs/a/lab.record.jsonl") == record);
}

#[test]
fn another_result_is_not_published() {
    let ran = Test::new()
        .file("lab.md", "```bash\n$ echo one\nold\n```\n")
        .record("lab.md", "run.record.jsonl", Verdict::Different, &["one\n"])
        .args("publish run.record.jsonl")
        .run();
    assert_eq!(ran.code, 3);
    assert!(ran.stderr.contains("did not end with the same result"), "{}", ran.stderr);
    assert!(!ran.root.path().join("lab.record.jsonl").exists());
}
