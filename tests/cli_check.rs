//! `labbook check`: what would be run, in full.

use insta::assert_snapshot;

use crate::support::Test;

const SETTINGS: &str = r#"
labs = ["labs/*/lab.md"]

[lab."labs/pod/lab.md"]
setup = "labs/pod/setup.sh"
cleanup = "labs/pod/cleanup.sh"

[mirrors]
"https://example.com/manifests/" = "labs/mirror/"

[images]
"app:1.0" = { archive = "app.tar" }
"#;

const PAGE: &str = "\
# Pods

```console
$ kubectl apply -f https://example.com/manifests/pod.yaml
pod/app created
$ kubectl get pods
```

```
NAME   READY   STATUS    RESTARTS   AGE
app    1/1     Running   0          5s
```

```bash
$ kubectl exec -it app -- date
```
";

fn workbook() -> Test {
    Test::new()
        .file("labbook.toml", SETTINGS)
        .file("labs/pod/lab.md", PAGE)
        .file("labs/pod/setup.sh", "true\n")
        .file("labs/pod/cleanup.sh", "true\n")
        .file("labs/pod/other.sh", "echo never\n")
        .file("labs/mirror/pod.yaml", "kind: Pod\n")
        .file("app.tar", "")
}

#[test]
fn all_that_would_be_run_is_shown() {
    assert_snapshot!(workbook().args("check").run().show(), @r#"
    exit code 0
    --- stdout
    labs/pod/lab.md  3 steps, 2 compared with a recorded output
      setup    labs/pod/setup.sh
      image    app:1.0: archive app.tar
        4  kubectl apply -f https://example.com/manifests/pod.yaml
           compared with line 5; may change something: runs once
           mirror https://example.com/manifests/pod.yaml is read from labs/mirror/pod.yaml
        6  kubectl get pods
           compared with lines 10–11
       15  kubectl exec -it app -- date
           not compared: the page shows no output; gets a terminal
      cleanup  labs/pod/cleanup.sh
    "#);
}

#[test]
fn online_reads_no_mirror() {
    let ran = workbook().args("check --online").run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(!ran.stdout.contains("mirror"), "{}", ran.stdout);
}

#[test]
fn json_has_commands_and_the_lines_of_their_outputs() {
    let ran = workbook().args("check labs --format json").run();
    assert_snapshot!(ran.show(), @r#"
    exit code 0
    --- stdout
    {"schema":1,"pages":[{"page":"labs/pod/lab.md","steps":[{"command":{"first_line":4,"last_line":4,"text":"kubectl apply -f https://example.com/manifests/pod.yaml"},"outputs":[{"first_line":5,"last_line":5}]},{"command":{"first_line":6,"last_line":6,"text":"kubectl get pods"},"outputs":[{"first_line":10,"last_line":11}]},{"command":{"first_line":15,"last_line":15,"text":"kubectl exec -it app -- date"},"outputs":[]}],"diagnostics":[]}]}
    "#);
}

#[test]
fn a_fault_of_a_page_is_drawn_and_ends_with_3() {
    let page = "# Open\n\n```bash\n$ echo one\none\n";
    let check = Test::new().file("lab.md", page).args("check lab.md").run();
    let run = Test::new().file("lab.md", page).args("run lab.md --cluster none").run();
    assert_snapshot!(check.show(), @r#"
    exit code 3
    --- stdout
    lab.md  1 step, 1 compared with a recorded output
        4  echo one
           compared with line 5
    error[unterminated-fence]: the fence is never closed: it runs to the end of its block
     --> lab.md:3:1
      |
    3 | ```bash
      | ^^^^^^^
      |
      = help: close it with a line of the same marks, and at least as many
    "#);
    assert_eq!(run.code, 3, "nothing of it is run");
}

#[test]
fn a_page_that_shows_no_output_is_not_checked() {
    let ran = Test::new().file("lab.md", "```bash\n$ echo one\n```\n").args("check lab.md").run();
    assert_eq!(ran.code, 4, "{}", ran.show());
}

#[test]
fn a_setting_that_is_not_known_has_its_place() {
    let ran = Test::new()
        .file("labbook.toml", "labs = [\"lab.md\"]\n[mirors]\n")
        .file("lab.md", PAGE)
        .args("check")
        .run();
    assert_eq!(ran.code, 3);
    assert!(ran.stderr.contains("labbook.toml:2:"), "{}", ran.stderr);
}

#[test]
fn pages_of_several_workbooks_are_told_apart() {
    let test = || {
        Test::new()
            .file("d1/lab.md", "```console\n$ echo a\na\n```\n")
            .file("d2/lab.md", "```console\n$ echo b\nb\n```\n")
    };
    let ran = test().args("check d1/lab.md d2/lab.md --format json").run();
    assert!(ran.stdout.contains(r#""page":"d1/lab.md""#), "{}", ran.stdout);
    assert!(ran.stdout.contains(r#""page":"d2/lab.md""#), "{}", ran.stdout);
    let ran = test().args("check d1 d2").run();
    assert!(ran.stdout.starts_with("d1/lab.md ") && ran.stdout.contains("\nd2/lab.md "));
    let ran = test().args("check d1/lab.md").run();
    assert!(ran.stdout.starts_with("lab.md "), "{}", ran.stdout);
}

#[test]
fn a_large_page_with_many_diagnostics_is_checked() {
    use std::fmt::Write as _;
    let page = (0..20_000).fold(String::new(), |mut page, index| {
        let _ = write!(page, "para\n\n```sh\nNo command {index} :)\n```\n\n");
        page
    });
    let test = Test::new().file("lab.md", page).args("check lab.md");
    let ran = test.run();
    // Where each diagnostic looks at the whole page it takes minutes.
    assert!(
        ran.stdout.contains("--> lab.md:119998:1"),
        "{}",
        &ran.stdout[ran.stdout.len() - 900..]
    );
}
