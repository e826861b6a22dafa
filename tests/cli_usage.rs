//! What labbook says to a command line that it cannot carry out, and its help.

use std::io::Read as _;
use std::process::Stdio;

use insta::assert_snapshot;

use crate::support::Test;

const PAGE: &str = "```bash\n$ echo hello\nhello\n```\n";

#[test]
fn without_a_command_there_is_help_and_exit_code_2() {
    let ran = Test::new().run();
    assert_eq!(ran.code, 2);
    assert!(ran.stdout.is_empty());
    assert!(ran.stderr.contains("Usage: labbook [OPTIONS] <COMMAND>"), "{}", ran.stderr);
}

#[test]
fn help_goes_to_standard_output_and_has_examples_and_exit_codes() {
    let ran = Test::new().args("--help").run();
    assert_eq!(ran.code, 0);
    assert!(ran.stdout.contains("Exit codes: 0 the same result"), "{}", ran.stdout);
    for command in ["run", "verify", "render", "check", "publish", "book", "cluster"] {
        let help = Test::new().args(&format!("{command} --help")).run();
        assert_eq!(help.code, 0);
        assert!(help.stdout.contains("\nExample"), "{command}: {}", help.stdout);
        assert!(help.stdout.contains(&format!("labbook {command} ")), "{command}");
    }
}

#[test]
fn a_cluster_that_is_not_there_yet_is_told_with_what_is() {
    let ran = Test::new().file("lab.md", PAGE).args("run lab.md --cluster minikube").run();
    assert_snapshot!(ran.show(), @r#"
    exit code 2
    --- stderr
    error: --cluster minikube is not there yet; start the cluster with minikube and name its context with --context
    "#);
}

#[test]
fn verify_takes_a_fresh_cluster_only() {
    let ran = Test::new().file("lab.md", PAGE).args("verify lab.md --cluster embedded:dev").run();
    assert_snapshot!(ran.show(), @r#"
    exit code 2
    --- stderr
    error: verify always takes a fresh cluster; for the one that is up, say labbook run --cluster embedded:dev
    "#);
    let ran = Test::new().file("lab.md", PAGE).args("verify lab.md --cluster none").run();
    assert_snapshot!(ran.show(), @r#"
    exit code 2
    --- stderr
    error: verify always takes a fresh cluster; for a page that needs none, say labbook run --cluster none
    "#);
    let ran = Test::new().file("lab.md", PAGE).args("verify lab.md --context dev").run();
    assert_eq!(ran.code, 2);
}

#[test]
fn options_that_contradict_each_other_are_refused() {
    for line in [
        "run lab.md --accept",
        "run lab.md --cluster none --context dev",
        "run lab.md --format xml",
        "run lab.md --keep=sometimes",
        "cluster down dev --all",
    ] {
        let ran = Test::new().file("lab.md", PAGE).args(line).run();
        assert_eq!(ran.code, 2, "{line}: {}", ran.stderr);
    }
}

#[test]
fn a_path_that_is_not_there_is_a_fault_of_the_command_line() {
    for command in ["run", "verify", "check"] {
        let ran = Test::new().args(&format!("{command} nothing.md")).run();
        assert_eq!(ran.code, 2);
        assert_eq!(ran.stderr, "error: cannot read nothing.md: No such file or directory\n");
    }
}

#[test]
fn without_a_path_and_without_a_workbook_there_is_nothing_meant() {
    let ran = Test::new().file("lab.md", PAGE).args("verify").run();
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("name a page or a directory"), "{}", ran.stderr);
}

#[test]
fn nothing_to_run_is_no_pass() {
    let prose = "# A page\n\nWithout commands.\n";
    let ran = Test::new().file("lab.md", prose).args("run lab.md").run();
    assert_eq!((ran.code, ran.stdout.as_str()), (4, ""));
    assert!(ran.stderr.contains("no steps"), "{}", ran.stderr);
    assert!(!ran.root.path().join("labbook-out").exists());

    let ran = Test::new().file("empty/.keep", "").args("run empty --format json").run();
    assert_eq!(ran.code, 4);
    assert_eq!(ran.stdout, "{\"schema\":1,\"labs\":[]}\n");
}

#[test]
fn a_run_that_cannot_start_leaves_no_folder() {
    for line in ["run lab.md --context nothing", "run lab.md --cluster embedded:nothing"] {
        let ran = Test::new().file("lab.md", PAGE).args(line).run();
        assert_eq!(ran.code, 5, "{line}: {}", ran.stderr);
        assert!(!ran.root.path().join("labbook-out").exists(), "{line}");
    }
}

#[test]
fn a_context_that_is_not_there_is_told_before_and_without_what_pages_lack() {
    let page = format!("{PAGE}\n```bash\nNothing that is a command :)\n```\n");
    let test = || Test::new().file("lab.md", &page).args("run lab.md --context nothing");
    assert!(test().args("check lab.md").run().stdout.contains("warning"), "the page is warned of");
    let ran = test().run();
    let home = ran.root.path().join(".home").display().to_string();
    assert_snapshot!(ran.show().replace(&home, "HOME"), @r#"
    exit code 5
    --- stderr
    error: cannot read the kubeconfig HOME/.kube/config: No such file or directory; set KUBECONFIG to the file that has the context
    "#);
    let config = "apiVersion: v1\nkind: Config\ncontexts: [{name: dev, context: {cluster: c}}]\n";
    let ran = test().file(".home/.kube/config", config).run();
    assert_snapshot!(ran.show(), @r#"
    exit code 5
    --- stderr
    error: no context is called "nothing" in ~/.kube/config: there is "dev"
    "#);
}

#[test]
fn a_reader_that_has_gone_is_no_error() {
    let steps = "$ echo one\none\n".repeat(20_000);
    let test = Test::new().file("lab.md", format!("```bash\n{steps}```\n")).args("check lab.md");
    let mut child = test
        .command()
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("labbook can be started");
    let mut first = [0; 6];
    child.stdout.take().expect("it is piped").read_exact(&mut first).expect("its first bytes");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn colours_are_printed_when_asked_for() {
    let ran = |color: &str| {
        Test::new().file("lab.md", PAGE).args(&format!("check lab.md --color {color}")).run().stdout
    };
    assert!(ran("always").contains("\x1b[1mlab.md\x1b[0m"));
    assert!(!ran("never").contains('\x1b'));
    assert!(!ran("auto").contains('\x1b'));
}

#[test]
fn a_directory_without_pages_is_nothing_to_run() {
    for (command, what) in [("run", "run"), ("verify", "run"), ("check", "check")] {
        let ran = Test::new().file("notes/a.txt", "").args(&format!("{command} notes")).run();
        assert_eq!(ran.code, 4, "{command}");
        assert_eq!(
            ran.stderr,
            format!(
                "there is no page (a file whose name ends with .md) in notes: nothing to {what}\n"
            )
        );
    }
    let ran = Test::new().file("labbook.toml", "labs = [\"labs/*.md\"]\n").args("run").run();
    assert_eq!(ran.code, 4);
    assert_eq!(
        ran.stderr,
        "no file matches the labs of labbook.toml (labs/*.md): nothing to run\n"
    );
}

#[test]
fn a_file_that_is_no_text_is_no_page() {
    let ran = Test::new().file("program", b"\x7fELF\0\0$ ls\n").args("run program").run();
    assert_snapshot!(ran.show(), @r#"
    exit code 3
    --- stderr
    error: program: this is no page: it is a binary file, and a page is Markdown
    "#);
}

#[test]
fn where_there_is_nothing_to_build_there_is_no_book() {
    let ran = Test::new().file("labbook.toml", "").args("book build").run();
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("nothing to build a book from"), "{}", ran.stderr);
    assert!(!ran.root.path().join("book").exists());
}

#[test]
fn a_record_that_is_not_there_is_a_fault_of_the_command_line() {
    for command in ["render", "publish"] {
        let ran = Test::new().args(&format!("{command} nothing.jsonl")).run();
        assert_eq!(ran.code, 2, "{command}: {}", ran.stderr);
        assert_eq!(ran.stderr, "error: cannot read nothing.jsonl: No such file or directory\n");
    }
}
