//! Books built from chapters in a temporary workbook.

use std::fs;
use std::path::Path;

use super::{BookError, Chapter, build};

fn chapter(page: &str, title: &str, markdown: &str) -> Chapter {
    Chapter {
        page: page.to_owned(),
        title: title.to_owned(),
        markdown: markdown.to_owned(),
        files: Vec::new(),
    }
}

fn workbook() -> tempfile::TempDir {
    let root = tempfile::tempdir().expect("a temporary directory");
    let src = root.path().join("book/src");
    fs::create_dir_all(&src).expect("a folder in it");
    fs::write(root.path().join("book/book.toml"), "[book]\ntitle = \"Manual\"\n").expect("a file");
    fs::write(src.join("SUMMARY.md"), "# Summary\n\n- [Start](start.md)\n").expect("a file");
    fs::write(src.join("start.md"), "# Start\n\nHello.\n").expect("a file");
    fs::write(root.path().join("secret.txt"), "the secret\n").expect("a file");
    root
}

fn read(path: impl AsRef<Path>) -> String {
    fs::read_to_string(path).expect("the book has this file")
}

#[test]
fn a_book_holds_the_manual_and_the_labs() {
    let root = workbook();
    let dest = root.path().join("public");
    let labs = [chapter("labs/a/lab.md", "Claims [a_b]", "# Claims\n\nBound.\n")];
    build(root.path(), &labs, &dest).expect("a book");
    assert!(read(dest.join("start.html")).contains("Hello."));
    let page = read(dest.join("labs/a/lab.html"));
    assert!(page.contains("Bound."), "the lab's own text is there");
    let contents = read(dest.join("toc.html"));
    assert!(contents.contains("Claims [a_b]"), "the title stands in the contents: {contents}");
    assert!(!root.path().join("book/src/labs").exists(), "the sources stay as they are");
}

#[test]
fn pictures_stand_beside_the_page_as_in_the_workbook() {
    let root = workbook();
    let dest = root.path().join("public");
    fs::create_dir_all(root.path().join("labs/a")).expect("a folder");
    fs::write(root.path().join("labs/a/pods.svg"), "<svg/>").expect("a file");
    let mut lab = chapter("labs/a/lab.md", "A", "# A\n\n![pods](pods.svg)\n");
    lab.files = vec!["labs/a/pods.svg".into()];
    build(root.path(), &[lab], &dest).expect("a book");
    assert!(read(dest.join("labs/a/lab.html")).contains("src=\"pods.svg\""));
    assert_eq!(read(dest.join("labs/a/pods.svg")), "<svg/>");
}

#[test]
fn captured_output_is_never_acted_on() {
    let root = workbook();
    let dest = root.path().join("public");
    let output = "```text\n{{#include ../../../../secret.txt}}\n{{ #include ../secret.txt }}\n\
                  \\{{#title x}}\n{{#title Renamed}}\n```\n";
    build(root.path(), &[chapter("lab.md", "Lab", output)], &dest).expect("a book");
    let page = read(dest.join("lab.html"));
    assert!(!page.contains("the secret"));
    for literal in [
        "{{#include ../../../../secret.txt}}",
        "{{ #include ../secret.txt }}",
        "\\{{#title x}}",
        "{{#title Renamed}}",
    ] {
        assert!(page.contains(literal), "{literal} stands in the page as it was printed");
    }
    assert!(page.contains("<title>Lab - Manual</title>"));
}

#[test]
fn a_summary_says_where_the_labs_stand() {
    let root = workbook();
    let summary = "# Summary\n\n<!-- labs -->\n- [Start](start.md)\n";
    fs::write(root.path().join("book/src/SUMMARY.md"), summary).expect("a file");
    let dest = root.path().join("public");
    build(root.path(), &[chapter("lab.md", "First", "text\n")], &dest).expect("a book");
    let contents = read(dest.join("toc.html"));
    let (lab, start) = (contents.find("lab.html"), contents.find("start.html"));
    assert!(lab.is_some() && lab < start, "{contents}");
}

#[test]
fn an_older_book_is_replaced_and_anything_else_is_kept() {
    let root = workbook();
    let dest = root.path().join("public");
    build(root.path(), &[chapter("gone.md", "Gone", "text\n")], &dest).expect("a book");
    build(root.path(), &[], &dest).expect("a book again");
    assert!(!dest.join("gone.html").exists());

    let other = root.path().join("documents");
    fs::create_dir(&other).expect("a directory");
    fs::write(other.join("letter.txt"), "dear").expect("a file");
    let error = build(root.path(), &[], &other).expect_err("it is not ours");
    assert!(matches!(error, BookError::Occupied { .. }), "{error}");
    assert_eq!(read(other.join("letter.txt")), "dear");
}

#[test]
fn a_workbook_without_a_manual_has_a_book_of_its_labs() {
    let root = tempfile::tempdir().expect("a temporary directory");
    let dest = root.path().join("public");
    build(root.path(), &[chapter("lab.md", "Only", "text\n")], &dest).expect("a book");
    assert!(read(dest.join("lab.html")).contains("<title>Only - Labs</title>"));
}
