//! Which pages `labbook check` looks at, how they are called, and those that
//! cannot be read.

use std::io::Write as _;
use std::process::Stdio;

use insta::assert_snapshot;

use crate::cli_check::{CLEAN, OPEN, PAGE, show};
use crate::support::Test;

#[test]
fn settings_that_are_wrong_are_drawn_and_other_workbooks_are_checked() {
    let ran = Test::new()
        .file("a/labbook.toml", "labs = [\"lab.md\"]\n[mirors]\n")
        .file("a/lab.md", PAGE)
        .file("b/lab.md", CLEAN)
        .args("check a b")
        .run();
    assert_snapshot!(show(&ran), @r"
    exit code 3
    --- stdout
    error[settings]: unknown field `mirors`, expected one of `labs`, `timeout`, `wait`, `lab`, `mirrors`, `images`, `environment`, `cluster`
     --> a/labbook.toml:2:2
      |
    2 | [mirors]
      |  ^^^^^^^

    b/lab.md
        2  echo a
           compared with line 3

    a/labbook.toml  not read; 1 error
    b/lab.md        1 step: 1 compared
    2 pages, 1 step: 1 compared; 1 error
    ");
    let run = ran.then("run a/lab.md");
    assert_eq!(run.code, 3);
    assert!(run.stderr.starts_with("error: a/labbook.toml:2:2: unknown field"), "{}", run.stderr);
}

#[test]
fn pages_are_called_by_their_path_from_here() {
    let test = Test::new().file("d1/lab.md", CLEAN).file("d2/lab.md", CLEAN);
    assert_snapshot!(test.args("check d2/lab.md d1").run().show(), @r"
    exit code 0
    --- stdout
    d2/lab.md  1 step: 1 compared
    d1/lab.md  1 step: 1 compared
    2 pages, 2 steps: 2 compared
    ");
}

#[test]
fn a_directory_is_walked_without_what_is_ignored_or_hidden() {
    let test = Test::new()
        .file(".gitignore", "drafts/\n")
        .file("z.md", CLEAN)
        .file("drafts/a.md", CLEAN)
        .file("sub/.hidden/a.md", CLEAN)
        .file("sub/page.MD", CLEAN)
        .file("sub/notes.txt", CLEAN)
        .file("labbook-out/1/a.md", CLEAN)
        // A workbook further below: its settings say which pages are its labs.
        .file("more/labbook.toml", "labs = [\"lab.md\"]\n")
        .file("more/lab.md", CLEAN)
        .file("more/README.md", CLEAN);
    let link = |to: &str, at: &str| {
        std::os::unix::fs::symlink(to, test.root().join(at)).expect("a link");
    };
    link("..", "sub/loop");
    link("../z.md", "sub/link.md");
    assert_snapshot!(test.args("check .").run().show(), @r"
    exit code 0
    --- stdout
    more/lab.md  1 step: 1 compared
    sub/link.md  1 step: 1 compared
    sub/page.MD  1 step: 1 compared
    z.md         1 step: 1 compared
    4 pages, 4 steps: 4 compared
    ");
}

#[test]
fn what_cannot_be_read_hides_no_other_page() {
    let test = Test::new()
        .file("binary.md", b"\x7fELF\0\0$ ls\n")
        .file("clean.md", CLEAN)
        .file("utf16.md", b"\xff\xfe#\0 \0A\0\n\0");
    std::os::unix::fs::symlink("gone", test.root().join("vanished.md")).expect("a link");
    assert_snapshot!(test.args("check . --explain").run().show(), @r"
    exit code 3
    --- stdout
    error[unreadable]: this is no page: it is a binary file, and a page is Markdown
    --> binary.md

    clean.md
      lines 1–4 commands and output: its commands stand after prompts
        2  echo a
           compared with line 3

    error[unreadable]: this is no page: it is text in UTF-16; save it as UTF-8
    --> utf16.md

    error[unreadable]: cannot read the page: No such file or directory
    --> vanished.md

    binary.md    not read; 1 error
    clean.md     1 step: 1 compared
    utf16.md     not read; 1 error
    vanished.md  not read; 1 error
    4 pages, 1 step: 1 compared; 3 errors
    ");
}

#[test]
fn a_path_that_is_not_there_hides_no_other_page() {
    let test = || Test::new().file("a.md", CLEAN).file("b.md", OPEN);
    assert_snapshot!(test().args("check none.md a.md gone/ b.md").run().show(), @r"
    exit code 2
    --- stdout
    error[unterminated-fence]: the fence is never closed: it runs to the end of its block
     --> b.md:3:1
      |
    3 | ```bash
      | ^^^^^^^
      |
      = help: close it with a line of the same marks, and at least as many

    a.md  1 step: 1 compared
    b.md  1 step: 1 compared; 1 error
    2 pages, 2 steps: 2 compared; 1 error
    nothing of a page is run while there are errors on it
    --- stderr
    error: cannot read none.md: No such file or directory
    cannot read gone/: No such file or directory
    ");
    let ran = test().args("check none.md a.md --format json").run();
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
    assert_eq!((ran.code, json["pages"][0]["page"].as_str()), (2, Some("a.md")));
    // Nothing is run where not all can be.
    let run = test().args("run a.md none.md").run();
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
}

#[test]
fn an_unreadable_page_is_an_annotation_and_an_object_too() {
    let test = || Test::new().file("utf16.md", b"\xff\xfe#\0");
    let github = test().args("check utf16.md --format github").run();
    assert_snapshot!(github.show(), @r"
    exit code 3
    --- stdout
    ::error file=utf16.md,line=1,endLine=1,col=1,endColumn=2,title=labbook unreadable::utf16.md:1:1: this is no page: it is text in UTF-16; save it as UTF-8
    ");
    let json = test().args("check utf16.md --format json").run();
    assert_snapshot!(json.show(), @r#"
    exit code 3
    --- stdout
    {"schema":1,"pages":[{"page":"utf16.md","setup":null,"cleanup":null,"mirrors":[],"images":[],"hidden":[],"fences":[],"steps":[],"diagnostics":[{"id":"unreadable","severity":"error","line":1,"column":1,"end_line":1,"end_column":1,"message":"this is no page: it is text in UTF-16; save it as UTF-8","related":[]}]}]}
    "#);
}

#[test]
fn a_page_comes_from_standard_input() {
    let test = Test::new().args("check -");
    let mut command = test.command();
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().expect("labbook can be started");
    let mut stdin = child.stdin.take().expect("it is piped");
    stdin.write_all(OPEN.as_bytes()).expect("it is read");
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(stdout.contains(" --> <stdin>:3:1"), "{stdout}");
    assert_eq!(output.status.code(), Some(3));
    let run = Test::new().args("run -").run();
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("labbook check -"), "{}", run.stderr);
}
