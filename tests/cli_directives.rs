//! Directives on a page: what `check` says of them, and what `run` refuses.

use insta::assert_snapshot;

use crate::support::Test;

/// A page with a directive before its fence.
fn page(directive: &str) -> Test {
    let page = format!("<!-- labbook: {directive} -->\n```console\n$ echo one\none\n```\n");
    Test::new().file("lab.md", page)
}

#[test]
fn what_is_not_carried_out_yet_is_checked_and_not_run() {
    let check = page("timeout = '1m', expect = 'one'").args("check lab.md").run();
    assert_snapshot!(check.show(), @r"
    exit code 0
    --- stdout
    lab.md
        3  echo one
           compared with line 4

    warning[not-carried-out]: labbook does not carry out `expect` yet
     --> lab.md:1:31
      |
    1 | <!-- labbook: timeout = '1m', expect = 'one' -->
      |                               ^^^^^^
      |
      = help: the page can be checked, and is not run; to run it, take this away

    lab.md  1 step: 1 compared; 1 warning
    ");
    let run = page("timeout = '1m', expect = 'one'").args("run lab.md --cluster none").run();
    assert_snapshot!(run.show(), @r"
    exit code 3
    --- stderr
    error[not-carried-out]: labbook does not carry out `expect` yet
     --> lab.md:1:31
      |
    1 | <!-- labbook: timeout = '1m', expect = 'one' -->
      |                               ^^^^^^
      |
      = help: the page can be checked, and is not run; to run it, take this away
    ");
}

#[test]
fn a_wrong_directive_is_a_fault_of_the_page() {
    for command in ["check", "run"] {
        let args = if command == "run" { "run lab.md --cluster none" } else { "check lab.md" };
        let ran = page("timeot = '1m'").args(args).run();
        assert_eq!(ran.code, 3, "{}", ran.show());
        let all = format!("{}{}", ran.stdout, ran.stderr);
        assert!(all.contains("error[unknown-directive-key]: there is no key `timeot`"), "{all}");
        assert!(all.contains(" --> lab.md:1:15\n"), "{all}");
    }
}

#[test]
fn hidden_commands_are_shown() {
    let page = "<!-- labbook:setup\nkubectl apply -f https://example.com/a.yaml\ncat <<EOF > b\n1\nEOF\n-->\n\n\
                ```console\n$ echo one\none\n```\n\n<!-- labbook:cleanup rm b -->\n";
    let ran = Test::new()
        .file("labbook.toml", "[mirrors]\n\"https://example.com/\" = \"mirror\"\n")
        .file("mirror/a.yaml", "")
        .file("lab.md", page)
        .args("check lab.md")
        .run();
    assert_snapshot!(ran.show(), @r"
    exit code 0
    --- stdout
    lab.md
      setup    hidden on line 2 of the page
        2  kubectl apply -f https://example.com/a.yaml
           mirror https://example.com/a.yaml is read from mirror/a.yaml
      setup    hidden on lines 3–5 of the page
        3  cat <<EOF > b
           1
           EOF
        9  echo one
           compared with line 10
      cleanup  hidden on line 13 of the page
       13  rm b

    lab.md  1 step: 1 compared
    ");
}

#[test]
fn what_is_skipped_with_a_reason_is_no_fault() {
    let page = "<!-- labbook: skip = \"it is too dear\" -->\n```console\n$ exit 7\nold\n```\n\n\
                ```console\n$ echo one\none\n```\n";
    let check = Test::new().file("lab.md", page).args("check lab.md").run();
    assert_snapshot!(check.show(), @r"
    exit code 0
    --- stdout
    lab.md
        3  exit 7
           skipped: it is too dear
        8  echo one
           compared with line 9

    lab.md  2 steps: 1 compared, 1 skipped
    ");
    let ran = Test::new().file("lab.md", page).args("run lab.md --cluster none").run();
    assert_eq!(ran.code, 0, "{}", ran.show());
    assert!(ran.stdout.contains("skipped: it is too dear\n"), "{}", ran.stdout);
    assert!(ran.stdout.contains(": 1 same, 1 skipped\n"), "{}", ran.stdout);
    let summary = ran.text("labbook-out/latest/lab.summary.md");
    assert!(summary.contains("- step 1, `exit 7`: skipped: it is too dear"), "{summary}");
    assert_eq!(ran.text("labbook-out/latest/lab.md"), page);
}

#[test]
fn a_page_that_is_skipped_as_a_whole_is_no_fault() {
    let page =
        "<!-- labbook:page skip = \"it is too dear\" -->\n\n```console\n$ exit 7\nold\n```\n";
    let ran = Test::new().file("lab.md", page).args("run lab.md --cluster none").run();
    assert_eq!(ran.code, 0, "{}", ran.show());
    assert!(ran.stdout.contains("nothing was to be run"), "{}", ran.stdout);
    let check = Test::new().file("lab.md", page).args("check lab.md").run();
    assert_eq!(check.code, 0, "{}", check.show());
    assert!(check.stdout.ends_with("lab.md  1 step: 0 compared, 1 skipped\n"), "{}", check.stdout);
}

#[test]
fn what_would_be_refused_is_skipped_where_the_page_says_so() {
    let page = "<!-- labbook: step = 1, skip = \"it is too dear\" -->\n\
                ```console\n$ echo <name>\n$ echo one\none\n```\n";
    let test = || Test::new().file("lab.md", page);
    let check = test().args("check lab.md --format json").run();
    assert_eq!(check.code, 0, "{}", check.show());
    let not_run = "\"compared\":false,\"not_run\":\"skipped\",\"reason\":\"it is too dear\"";
    assert!(check.stdout.contains(not_run), "{}", check.stdout);
    let ran = test().args("run lab.md --cluster none").run();
    assert_eq!(ran.code, 0, "{}", ran.show());
    assert!(ran.stdout.contains(": 1 same, 1 skipped\n"), "{}", ran.stdout);
}

#[test]
fn a_directive_decides_what_a_fence_is() {
    let page = "<!-- labbook: read = \"commands\" -->\n```text\necho one\n```\n\n\
                <!-- labbook: read = \"output\" -->\n```bash\n$ one\n```\n\n\
                <!-- labbook: read = \"nothing\" -->\n```bash\n$ false\n```\n";
    let check = Test::new().file("lab.md", page).args("check --explain lab.md").run();
    assert_snapshot!(check.show(), @r#"
    exit code 0
    --- stdout
    lab.md
      lines 2–4 commands: a directive says so: `read = "commands"`
        3  echo one
           compared with line 8
      lines 7–9 output: a directive says so: `read = "output"` (line 3)
      lines 12–14 left alone: a directive says so: `read = "nothing"`

    lab.md  1 step: 1 compared; left alone: 1 other fence
    "#);
}
