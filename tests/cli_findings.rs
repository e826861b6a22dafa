//! What `labbook check` finds on a page and around it.

use insta::assert_snapshot;

use crate::support::Test;

/// A token made for this test, of nobody.
const TOKEN: &str = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJpc3MiOiJodHRwczovL2xhYi5pbnZhbGlkIiwic3ViIjoicmVhZGVyIn0.bm8tc2lnbmF0dXJlLWlzLWhlcmUtYXQtYWxs";

fn ids(test: Test) -> Vec<String> {
    let ran = test.run();
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let found = json["pages"][0]["diagnostics"].as_array().expect("diagnostics");
    found.iter().map(|found| found["id"].as_str().expect("an id").to_owned()).collect()
}

#[test]
fn what_no_program_printed_is_drawn_among_the_rest() {
    let page = "\
```console
$ kubectl create deployment web --image=nginx
deployment.apps/web created
$ kubectl get pods
NAME                  READY   STATUS    RESTARTS   AGE
web-7d4b8c9f5-abc12   1/1     Pending   0          90s30m
```
";
    assert_snapshot!(Test::new().file("lab.md", page).args("check lab.md").run().show(), @r"
    exit code 0
    --- stdout
    lab.md
        2  kubectl create deployment web --image=nginx
           compared with line 3; may change something: runs once
        4  kubectl get pods
           compared with lines 5–6

    warning[impossible-name]: no controller made the name `web-7d4b8c9f5-abc12`: a pod's suffix is five of `bcdfghjklmnpqrstvwxz2456789`, and `abc12` is not
     --> lab.md:6:1
      |
    6 | web-7d4b8c9f5-abc12   1/1     Pending   0          90s30m
      | ^^^^^^^^^^^^^^^^^^^
      |
      = help: show what the command printed, as it printed it

    warning[impossible-ready]: all containers are ready, and STATUS is `Pending`
     --> lab.md:6:23
      |
    6 | web-7d4b8c9f5-abc12   1/1     Pending   0          90s30m
      |                       ^^^
      |
      = help: show what the command printed, as it printed it

    warning[impossible-age]: kubectl prints no age `90s30m`
     --> lab.md:6:52
      |
    6 | web-7d4b8c9f5-abc12   1/1     Pending   0          90s30m
      |                                                    ^^^^^^
      |
      = help: show what the command printed, as it printed it

    lab.md  2 steps: 2 compared; 3 warnings
    ");
}

#[test]
fn programs_and_files_are_looked_for_around_the_page() {
    let page = "\
```console
$ kubectl apply -f there.yaml -f missing.yaml
$ labbook-has-no-such-program
```
";
    let test = || Test::new().file("lab.md", page).file("there.yaml", "kind: Pod\n");
    assert_eq!(ids(test().args("check lab.md --format json")), ["missing-file", "missing-program"]);
    let whole = test().file("missing.yaml", "").args("check lab.md --format json");
    assert_eq!(ids(whole), ["missing-program"]);
}

#[test]
fn a_url_without_a_mirror_is_told_unless_it_is_asked_for() {
    let page = "```console\n$ kubectl apply -f https://example.com/web.yaml\n```\n";
    let test = || Test::new().file("lab.md", page);
    assert_eq!(ids(test().args("check lab.md --format json")), ["no-mirror"]);
    assert_eq!(ids(test().args("check lab.md --format json --online")), <[String; 0]>::default());
}

#[test]
fn a_credential_is_told_and_not_shown() {
    let page = format!(
        "```console\n$ kubectl create token reader\n{TOKEN}\n\
         $ kubectl apply -f {TOKEN}\n$ docker exec -it db psql\nme=# select '{TOKEN}';\n```\n\n\
         <!-- labbook: skip = \"it needs {TOKEN}\" -->\n```console\n$ kubectl get pods\n```\n\n\
         <!-- labbook:setup\nkubectl config set-credentials me --token {TOKEN}\n-->\n"
    );
    for format in ["human", "human --explain", "github", "json"] {
        let line = format!("check lab.md --format {format}");
        let ran = Test::new().file("lab.md", &page).args(&line).run();
        assert!(ran.stdout.contains("the page holds a signed token"), "{}", ran.stdout);
        assert!(!ran.show().contains(&TOKEN[..30]), "{}", ran.stdout);
    }
}
