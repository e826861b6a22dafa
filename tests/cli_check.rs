//! `labbook check`: what would be run, what is compared, what is left alone.

use insta::assert_snapshot;

use crate::support::{Ran, Test};

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

pub(crate) const PAGE: &str = "\
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

```yaml
kind: Pod
```
";

/// A page of which nothing is to be said.
pub(crate) const CLEAN: &str = "```console\n$ echo a\na\n```\n";
/// A page with a warning.
const WARNED: &str =
    "```console\n$ echo a\na\n```\n\nText.\n\n```bash\nNothing that is a command :)\n```\n";
/// A page with an error.
pub(crate) const OPEN: &str = "# Open\n\n```bash\n$ echo one\none\n";

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

/// What was printed, with the workbook's directory as `ROOT`.
pub(crate) fn show(ran: &Ran) -> String {
    let root = ran.root.path().canonicalize().expect("it is there");
    ran.show().replace(root.to_str().expect("UTF-8"), "ROOT")
}

#[test]
fn of_one_page_each_step_is_shown() {
    assert_snapshot!(show(&workbook().args("check").run()), @r"
    exit code 0
    --- stdout
    labs/pod/lab.md
      image    app:1.0: archive app.tar
      setup    labs/pod/setup.sh
        4  kubectl apply -f https://example.com/manifests/pod.yaml
           compared with line 5; may change something: runs once
           mirror https://example.com/manifests/pod.yaml is read from labs/mirror/pod.yaml
        6  kubectl get pods
           compared with lines 10–11
       15  kubectl exec -it app -- date
           not compared: the page shows no output; gets a terminal
           lines 18–20 left alone (a file): its language is `yaml`, and no command asked for it
      cleanup  labs/pod/cleanup.sh

    labs/pod/lab.md  3 steps: 2 compared, 1 run only; left alone: 1 file
    ");
}

#[test]
fn explained_is_each_fence_and_what_is_really_executed() {
    assert_snapshot!(show(&workbook().args("check --explain").run()), @r"
    exit code 0
    --- stdout
    labs/pod/lab.md
      image    app:1.0: archive app.tar
      setup    labs/pod/setup.sh
      lines 3–7 commands and output: its commands stand after prompts
        4  kubectl apply -f https://example.com/manifests/pod.yaml
           compared with line 5; may change something: runs once
           needs kubectl
           mirror https://example.com/manifests/pod.yaml is read from labs/mirror/pod.yaml
           run as
             kubectl apply -f ROOT/labs/mirror/pod.yaml
        6  kubectl get pods
           compared with lines 10–11
           needs kubectl
      lines 9–12 output: it follows a command and holds none (line 6)
      lines 14–16 commands: its commands stand after prompts
       15  kubectl exec -it app -- date
           not compared: the page shows no output; gets a terminal
           needs kubectl
      lines 18–20 a file, left alone: its language is `yaml`, and no command asked for it
      cleanup  labs/pod/cleanup.sh

    labs/pod/lab.md  3 steps: 2 compared, 1 run only; left alone: 1 file
    ");
}

#[test]
fn online_reads_no_mirror() {
    let ran = workbook().args("check --online").run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(!ran.stdout.contains("mirror"), "{}", ran.stdout);
}

#[test]
fn json_has_all_that_is_known_of_a_page() {
    assert_snapshot!(show(&workbook().args("check labs --format json").run()), @r#"
    exit code 0
    --- stdout
    {"schema":1,"pages":[{"page":"labs/pod/lab.md","setup":"labs/pod/setup.sh","cleanup":"labs/pod/cleanup.sh","mirrors":[{"url":"https://example.com/manifests/pod.yaml","file":"labs/mirror/pod.yaml"}],"images":[{"name":"app:1.0","archive":"app.tar"}],"hidden":[],"fences":[{"open":3,"close":7,"role":"session","why":"its commands stand after prompts"},{"open":9,"close":12,"role":"output","why":"it follows a command and holds none (line 6)"},{"open":14,"close":16,"role":"command","why":"its commands stand after prompts"},{"open":18,"close":20,"role":"file","why":"its language is `yaml`, and no command asked for it"}],"steps":[{"fence":0,"command":{"first_line":4,"last_line":4,"text":"kubectl apply -f https://example.com/manifests/pod.yaml"},"executed":"kubectl apply -f ROOT/labs/mirror/pod.yaml","outputs":[{"first_line":5,"last_line":5,"elided":[],"cut":[]}],"compared":true,"flags":[],"needs":["kubectl"],"changes":true,"shell":"bash","terminal":false},{"fence":0,"command":{"first_line":6,"last_line":6,"text":"kubectl get pods"},"outputs":[{"first_line":10,"last_line":11,"elided":[],"cut":[]}],"compared":true,"flags":[],"needs":["kubectl"],"changes":false,"shell":"bash","terminal":false},{"fence":2,"command":{"first_line":15,"last_line":15,"text":"kubectl exec -it app -- date"},"outputs":[],"compared":false,"flags":[],"needs":["kubectl"],"changes":false,"shell":"bash","terminal":true}],"diagnostics":[]}]}
    "#);
}

#[test]
fn json_has_the_place_of_a_diagnostic() {
    let page = "\u{feff}``` bash\r\n$ echo äß\r\näß\r\n";
    let ran = Test::new().file("lab.md", page).args("check lab.md --format json").run();
    assert_eq!(ran.code, 3);
    let found = ran.stdout.split_once("\"diagnostics\":").expect("there are some").1;
    assert_snapshot!(found, @r#"
    [{"id":"unterminated-fence","severity":"error","line":1,"column":1,"end_line":1,"end_column":9,"message":"the fence is never closed: it runs to the end of its block","related":[],"help":"close it with a line of the same marks, and at least as many"}]}]}
    "#);
}

#[test]
fn of_many_pages_there_is_a_line_each_under_what_is_wrong() {
    let test = Test::new()
        .file("labs/clean.md", CLEAN)
        .file("labs/a-warning.md", WARNED)
        .file("labs/an-error.md", OPEN)
        .file("labs/prose.md", "Only text.\n");
    assert_snapshot!(show(&test.args("check labs").run()), @r"
    exit code 3
    --- stdout
    warning[unread-fence]: nothing of this `bash` fence is run: this line is not surely a command
     --> labs/a-warning.md:9:1
      |
    9 | Nothing that is a command :)
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: write `$ ` before each command

    error[unterminated-fence]: the fence is never closed: it runs to the end of its block
     --> labs/an-error.md:3:1
      |
    3 | ```bash
      | ^^^^^^^
      |
      = help: close it with a line of the same marks, and at least as many

    warning[no-steps]: the page has no steps: nothing is run
     --> labs/prose.md:1:1
      |
    1 | Only text.
      | ^^^^^^^^^^
      |
      = help: write each command after `$ ` in a fence whose language is `console`

    labs/a-warning.md  1 step: 1 compared; left alone: 1 other fence; 1 warning
    labs/an-error.md   1 step: 1 compared; 1 error
    labs/clean.md      1 step: 1 compared
    labs/prose.md      no steps; 1 warning
    4 pages, 3 steps: 3 compared; left alone: 1 other fence; 1 error, 2 warnings
    nothing of a page is run while there are errors on it
    ");
}

#[test]
fn github_gets_annotations_the_errors_first() {
    let test = || {
        Test::new()
            .file("labs/a.md", WARNED)
            .file("labs/b.md", OPEN)
            .file("labs/c.md", "```console\n$ echo a\n```\n")
            .args("check labs --format github")
    };
    assert_snapshot!(show(&test().run()), @r"
    exit code 3
    --- stdout
    ::error file=labs/b.md,line=3,endLine=3,col=1,endColumn=8,title=labbook unterminated-fence::labs/b.md:3:1: the fence is never closed: it runs to the end of its block%0Ahelp: close it with a line of the same marks, and at least as many
    ::warning file=labs/a.md,line=9,endLine=9,col=1,endColumn=29,title=labbook unread-fence::labs/a.md:9:1: nothing of this `bash` fence is run: this line is not surely a command%0Ahelp: write `$ ` before each command
    ::notice file=labs/c.md,title=labbook::labs/c.md: nothing of it would be compared
    ");
    // A workflow may stand in another directory than its repository.
    let test = test().args("check . --format github");
    let mut command = test.command();
    command.env("GITHUB_WORKSPACE", test.root()).current_dir(test.root().join("labs"));
    let output = command.output().expect("labbook can be started");
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(stdout.starts_with("::error file=labs/b.md,line=3"), "{stdout}");
}

#[test]
fn a_fault_of_a_page_keeps_it_from_being_run() {
    let check = Test::new().file("lab.md", OPEN).args("check lab.md").run();
    let run = Test::new().file("lab.md", OPEN).args("run lab.md --cluster none").run();
    assert_snapshot!(check.show(), @r"
    exit code 3
    --- stdout
    lab.md
        4  echo one
           compared with line 5

    error[unterminated-fence]: the fence is never closed: it runs to the end of its block
     --> lab.md:3:1
      |
    3 | ```bash
      | ^^^^^^^
      |
      = help: close it with a line of the same marks, and at least as many

    lab.md  1 step: 1 compared; 1 error
    nothing of a page is run while there are errors on it
    ");
    assert_eq!(run.code, 3, "nothing of it is run");
}

#[test]
fn warnings_are_errors_where_they_are_denied() {
    let ran = |line: &str| Test::new().file("lab.md", WARNED).args(line).run();
    assert_eq!(ran("check lab.md").code, 0);
    for format in ["human", "json", "github"] {
        assert_eq!(ran(&format!("check lab.md --deny warnings --format {format}")).code, 3);
    }
    let denied = Test::new().file("lab.md", CLEAN).args("check lab.md --deny warnings").run();
    assert_eq!(denied.code, 0, "{}", denied.show());
    let denied = ran("check lab.md --deny warnings").stderr;
    assert_eq!(denied, "the warnings are errors: --deny warnings\n");
    assert_eq!(ran("check lab.md --deny errors").code, 2);
}

#[test]
fn a_page_that_shows_no_output_is_not_checked() {
    let ran = Test::new().file("lab.md", "```bash\n$ echo one\n```\n").args("check lab.md").run();
    assert_eq!(ran.code, 4, "{}", ran.show());
}

#[test]
fn of_several_pages_the_first_exit_code_that_applies_counts() {
    let code = |pages: &[&str]| {
        let files = pages.iter().enumerate();
        let test = files.fold(Test::new(), |test, (n, page)| test.file(&format!("{n}.md"), page));
        test.args("check .").run().code
    };
    assert_eq!(code(&[CLEAN, CLEAN]), 0);
    assert_eq!(code(&[CLEAN, "```bash\n$ echo one\n```\n"]), 4);
    assert_eq!(code(&["Prose.\n", OPEN, CLEAN]), 3);
}

#[test]
fn a_mirror_without_the_file_is_drawn_at_its_command() {
    let ran = workbook().file("labs/pod/lab.md", PAGE.replace("pod.yaml", "web.yaml"));
    let ran = ran.args("check").run();
    assert_eq!(ran.code, 3);
    let drawn = show(&ran);
    assert!(drawn.contains("error[mirror-file]: the mirror of https://example.com/manifests/web.yaml has no file labs/mirror/web.yaml\n --> labs/pod/lab.md:4:1"), "{drawn}");
    assert!(drawn.contains("labs/pod/lab.md  3 steps: 2 compared, 1 run only"), "{drawn}");
    // One cause, one finding.
    assert!(!drawn.contains("no-mirror"), "{drawn}");
    let run = ran.then("run");
    assert_eq!(run.code, 3);
    assert!(run.stderr.contains("has no file"), "{}", run.stderr);
}

#[test]
fn a_large_page_with_many_diagnostics_is_checked() {
    use std::fmt::Write as _;
    let page = (0..20_000).fold(String::new(), |mut page, index| {
        let _ = write!(page, "para\n\n```sh\nNo command {index} :)\n```\n\n");
        page
    });
    let test = Test::new().file("lab.md", page);
    // Where each diagnostic looks at the whole page it takes minutes.
    let ran = test.args("check lab.md --format json").run();
    assert_eq!(ran.stdout.matches(r#""id":"unread-fence""#).count(), 20_000);
    assert!(ran.stdout.contains(r#""line":119998,"column":1"#));
    let ran = ran.then("check lab.md");
    let end = &ran.stdout[ran.stdout.len() - 300..];
    assert!(end.contains("lab.md: 19950 more of unread-fence, which --format json lists"), "{end}");
}

#[test]
fn a_page_of_one_line_with_many_places_is_checked() {
    let line = "<!-- labbook: x --> `a` ".repeat(80_000);
    let ran = Test::new().file("lab.md", line).args("check lab.md").run();
    assert!(ran.stdout.len() < 100_000, "no flood: {}", ran.stdout.len());
}
