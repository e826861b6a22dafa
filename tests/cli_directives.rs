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
    let check = page("timeout = '1m', until = 'one'").args("check lab.md").run();
    assert_snapshot!(check.show(), @r"
    exit code 0
    --- stdout
    lab.md  1 step, 1 compared with a recorded output
        3  echo one
           compared with line 4
    warning[not-carried-out]: labbook does not carry out `until` yet
     --> lab.md:1:31
      |
    1 | <!-- labbook: timeout = '1m', until = 'one' -->
      |                               ^^^^^
      |
      = help: the page can be checked, and is not run; to run it, take this away
    ");
    let run = page("timeout = '1m', until = 'one'").args("run lab.md --cluster none").run();
    assert_snapshot!(run.show(), @r"
    exit code 3
    --- stderr
    error[not-carried-out]: labbook does not carry out `until` yet
     --> lab.md:1:31
      |
    1 | <!-- labbook: timeout = '1m', until = 'one' -->
      |                               ^^^^^
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
    lab.md  1 step, 1 compared with a recorded output
      setup    line 2: kubectl apply -f https://example.com/a.yaml
           mirror https://example.com/a.yaml is read from mirror/a.yaml
      setup    line 3: cat <<EOF > b
               1
               EOF
        9  echo one
           compared with line 10
      cleanup  line 13: rm b
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
    lab.md  2 steps, 1 compared with a recorded output
        3  exit 7
           skipped: it is too dear
        8  echo one
           compared with line 9
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
}
