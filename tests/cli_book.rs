//! `labbook book build`, from published records.

use std::fs;
use std::process::Command;

use labbook::record::Verdict;

use crate::support::Test;

const PAGE: &str = "# Echo & co\n\n```bash\n$ echo one\nold\n```\n";

fn workbook() -> Test {
    Test::new()
        .file("labbook.toml", "labs = [\"labs/*/lab.md\"]\n")
        .file("secret.txt", "the secret\n")
        .file("labs/a/lab.md", PAGE)
}

#[test]
fn a_lab_is_shown_with_its_published_output_and_status() {
    let output = "{{#include ../../secret.txt}}\n<script>alert(1)</script>\n";
    let ran = workbook()
        .record("labs/a/lab.md", "labs/a/lab.record.jsonl", Verdict::Drift, &[output])
        .args("book build --dest public")
        .run();
    assert_eq!(ran.show(), "exit code 0\n--- stdout\nbuilt public/index.html\n");
    let page = ran.text("public/labs/a/lab.html");
    assert!(page.contains("{{#include ../../secret.txt}}"), "it stands as it was printed");
    assert!(!page.contains("the secret"));
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert!(page.contains("<strong>Verified</strong> on 2026-11-23 against Kubernetes v1.36.3"));
    assert!(ran.text("public/toc.html").contains("Echo &amp; co"));
    assert_eq!(ran.text("labs/a/lab.md"), PAGE);
}

#[test]
fn without_a_record_there_is_no_book() {
    let ran = workbook().args("book build").run();
    assert_eq!(ran.code, 3);
    assert!(
        ran.stderr.starts_with("error: labs/a/lab.md has no published record: run `labbook run"),
        "{}",
        ran.stderr
    );
    assert!(!ran.root.path().join("book").exists());
}

#[test]
fn a_record_older_than_its_page_is_stale() {
    let ran = workbook()
        .record("labs/a/lab.md", "labs/a/lab.record.jsonl", Verdict::Same, &["one\n"])
        .file("labs/a/lab.md", PAGE.replace("echo one", "echo two"))
        .args("book build")
        .run();
    assert_eq!(ran.code, 3);
    assert!(
        ran.stderr.starts_with("error: the published record of labs/a/lab.md is stale"),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_directory_with_other_files_is_not_built_into() {
    let ran = workbook()
        .record("labs/a/lab.md", "labs/a/lab.record.jsonl", Verdict::Same, &["one\n"])
        .file("public/letter.txt", "dear")
        .args("book build --dest public")
        .run();
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert_eq!(ran.text("public/letter.txt"), "dear");
    let ran = ran.then("book build --dest other").then("book build --dest other");
    assert_eq!(ran.code, 0, "a book of its own is replaced: {}", ran.stderr);
}

#[test]
fn this_repository_has_a_book_with_its_labs() {
    let dest = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory");
    let book = dest.path().join("book");
    let built = Command::new(env!("CARGO_BIN_EXE_labbook"))
        .args(["book", "build", "--dest"])
        .arg(&book)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("labbook can be started");
    let words = String::from_utf8_lossy(&built.stderr);
    assert!(built.status.success(), "{words}");
    let page = fs::read_to_string(book.join("labs/statefulset/lab.html")).expect("the chapter");
    assert!(page.contains("<strong>Verified</strong> on "), "its status is at the top");
    assert!(!page.contains("app-python-67f77f58f8-hj279"), "the outputs are those of a run");
}

#[test]
fn without_a_workbook_there_is_no_book() {
    let ran = Test::new()
        .file("book/book.toml", "[book]\ntitle = \"Another\"\n")
        .file("book/src/SUMMARY.md", "# Summary\n")
        .args("book build --dest public")
        .run();
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.starts_with("error: there is no workbook here"), "{}", ran.stderr);
    assert!(!ran.root.path().join("public").exists());
}
