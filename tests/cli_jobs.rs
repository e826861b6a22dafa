//! Labs that run at once.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::support::{Test, timeless, wait_until};

/// What the first page of a test waits for the end of.
struct Held(String);

impl Held {
    /// Something of which no other test has the like.
    fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        Self(format!("{}.{number}", 10_000_000 + std::process::id()))
    }

    /// Its process, where that runs.
    fn process(&self) -> Option<Pid> {
        let command = format!("sleep\0{}\0", self.0);
        let mut processes = fs::read_dir("/proc").expect("there is /proc").flatten();
        let process = processes.find(|process| {
            fs::read(process.path().join("cmdline")).is_ok_and(|line| line == command.as_bytes())
        })?;
        process.file_name().to_str()?.parse().ok().map(Pid::from_raw)
    }

    /// Three pages, and labbook that runs them in this order: the first is in its step until
    /// it is let go.
    fn test(&self) -> Test {
        Test::new()
            .file("a.md", format!("```console\n$ sleep {} || echo let go\nlet go\n```\n", self.0))
            .file("b.md", "```console\n$ echo b\nb\n```\n")
            .file("c.md", "```console\n$ echo c\nd\n```\n")
    }

    /// Runs it to its end, and lets the first page go when `others` have a closed record.
    fn run_until(&self, test: &Test, others: usize) -> Output {
        let mut command = test.command();
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let child = child.expect("it starts");
        wait_until("the others have ended", || {
            let records = records(test.root());
            records.iter().filter(|record| record.contains(r#""event":"closing""#)).count()
                == others
        });
        let mut process = None;
        wait_until("the first goes on meanwhile", || {
            process = self.process();
            process.is_some()
        });
        // Of a child that ended so, bash says nothing.
        kill(process.expect("it was found"), Signal::SIGPIPE).expect("it is root's");
        child.wait_with_output().expect("it ends")
    }
}

#[test]
fn labs_run_at_once_and_are_told_of_in_the_order_of_their_pages() {
    let held = Held::new();
    let test = held.test().args("run --cluster none --jobs 2 a.md b.md c.md");
    let output = held.run_until(&test, 2);
    assert_eq!(output.status.code(), Some(10));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    let told = timeless(&String::from_utf8_lossy(&output.stdout)).replace(&held.0, "FOREVER");
    insta::assert_snapshot!(told, @r"
    a.md  without a cluster
      same TIME     2  sleep FOREVER || echo let go

    the same result: 1 step in TIME: 1 same
    report: labbook-out/ TIME/a.md

    b.md  without a cluster
      same TIME     2  echo b

    the same result: 1 step in TIME: 1 same
    report: labbook-out/ TIME/b.md

    c.md  without a cluster
      different TIME     2  echo c

    error: step 1 is different: echo c
     --> c.md:3:1
      |
    3 | d
      | ^ line 3: this run printed `c`; the page shows `d`
      it printed:
        c

    a different result: 1 step in TIME: 1 different
    report: labbook-out/ TIME/c.md
    to take the new results as right: labbook run c.md --cluster none --update --accept
    ");
}

#[test]
fn the_object_of_labs_that_ran_at_once_has_them_in_the_order_of_their_pages() {
    let held = Held::new();
    let test = held.test().args("run --cluster none -j 3 --format json a.md c.md b.md");
    let output = held.run_until(&test, 2);
    let object: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one object");
    let labs = object["labs"].as_array().expect("a list");
    let results: Vec<_> =
        labs.iter().map(|lab| (lab["page"].as_str(), lab["verdict"].as_str())).collect();
    assert_eq!(
        results,
        [("a.md", "same"), ("c.md", "different"), ("b.md", "same")]
            .map(|(page, verdict)| (Some(page), Some(verdict)))
    );
}

/// The records of a run's pages, those that there are.
fn records(root: &Path) -> Vec<String> {
    let runs = fs::read_dir(root.join("labbook-out")).into_iter().flatten().flatten();
    let Some(run) = runs.map(|run| run.path()).find(|path| !path.is_symlink()) else {
        return Vec::new();
    };
    let paths = |name: &str| -> PathBuf { run.join(name).with_extension("record.jsonl") };
    ["a", "b", "c", "d"].iter().filter_map(|name| fs::read_to_string(paths(name)).ok()).collect()
}

#[test]
fn one_signal_ends_all_that_run_with_their_cleanup_and_begins_no_other() {
    let endless = "```console\n$ echo first\nfirst\n$ cat /dev/zero >/dev/null\n```\n";
    let lab = |page: &str| format!("[lab.\"{page}.md\"]\ncleanup = \"clean.sh\"\n");
    let pages = ["a", "b", "c", "d"];
    let mut test = Test::new()
        .file("labbook.toml", pages.map(lab).concat())
        .file("clean.sh", "echo cleaned\n")
        .args("run --cluster none --jobs 3 a.md b.md c.md d.md");
    for page in pages {
        test = test.file(&format!("{page}.md"), endless);
    }
    let mut command = test.command();
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let running = r#""event":"step_started","step":1"#;
    wait_until("three labs are in their second step", || {
        records(test.root()).iter().filter(|record| record.contains(running)).count() == 3
    });
    let pid = i32::try_from(child.id()).expect("process numbers are small");
    kill(Pid::from_raw(pid), Signal::SIGINT).expect("it was not waited for");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(130));

    let records = records(test.root());
    assert_eq!(records.len(), 3, "the fourth was not begun");
    for record in records {
        let ends: Vec<_> = record.lines().rev().take(2).collect();
        assert!(ends[0].contains(r#""event":"closing""#), "{record}");
        assert!(ends[1].contains(r#""event":"script_ended","script":"cleanup""#), "{record}");
    }
    let told = String::from_utf8(output.stdout).expect("text");
    let headings: Vec<_> =
        told.lines().filter_map(|line| line.strip_suffix("  without a cluster")).collect();
    assert_eq!(headings, ["a.md", "b.md", "c.md"], "{told}");
    assert_eq!(told.matches("\nreport: ").count(), 3, "{told}");
}

#[test]
fn a_lab_that_cannot_be_run_is_told_in_its_turn_and_ends_none_that_runs() {
    let held = Held::new();
    let test = held
        .test()
        .file("other/labbook.toml", "")
        .file("other/templates/summary.md.hbs", "{{#if}}")
        .file("other/lab.md", "```console\n$ echo lab\nlab\n```\n")
        .args("run --cluster none --jobs 3 a.md b.md other/lab.md");
    let output = held.run_until(&test, 1);
    assert_eq!(output.status.code(), Some(3));
    let (told, said) =
        [&output.stdout, &output.stderr].map(|it| String::from_utf8_lossy(it)).into();
    assert!(said.starts_with("error: ") && said.contains("summary.md"), "{said}");
    assert_eq!(told.matches("\nreport: ").count(), 2, "{told}");
}

#[test]
fn labs_that_would_share_a_place_are_not_run_at_once() {
    let shown =
        ["--jobs 0", "--jobs 2 --in-place", "-j 2 --context mine", "-j 2 --cluster embedded:dev"]
            .map(|options| {
                let test = Test::new().file("lab.md", "```console\n$ echo lab\nlab\n```\n");
                test.args(&format!("run lab.md {options}")).run().show()
            });
    insta::assert_snapshot!(shown.concat(), @r"
    exit code 2
    --- stderr
    error: invalid value '0' for '--jobs <N>': it is a number of labs, from 1 on

    For more information, try '--help'.
    exit code 2
    --- stderr
    error: --jobs 2: labs that run at once would share their folders, with --in-place; run them one after the other, or leave that option away
    exit code 2
    --- stderr
    error: --jobs 2: labs that run at once would share the cluster of --context mine; run them one after the other, or leave that option away
    exit code 2
    --- stderr
    error: --jobs 2: labs that run at once would share the cluster embedded:dev; run them one after the other, or leave that option away
    ");
}
