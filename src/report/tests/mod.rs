//! Reports of hand-written records: whole outputs, without styles.

use std::fs;
use std::path::Path;

use insta::assert_snapshot;

use super::{LabResult, Templates, Terminal, Transcript, TranscriptError, run_json};
use crate::lab::{Command, RecordedOutput, Step};
use crate::record::{
    AttemptEnded, Closing, ClusterFact, Ended, Event, Explanation, Facts, Header, Output, Script,
    ScriptEnded, StandIn, StepEnded, StepStarted, Verdict,
};

const PAGE: &str = "\
# Claims

```bash
$ kubectl get pods
NAME   READY   STATUS    RESTARTS   AGE
app    1/1     Running   4          30s
```

```bash
$ kubectl get pvc
NAME   STATUS   CAPACITY
data   Bound    1Gi
```

```bash
$ kubectl delete pod app
pod \"app\" deleted
```
";

fn step(line: usize, text: &str, output: (usize, usize)) -> Step {
    let lines: Vec<&str> = PAGE.lines().collect();
    Step {
        command: Command { first_line: line, last_line: line, text: text.to_owned() },
        outputs: vec![RecordedOutput {
            first_line: output.0,
            last_line: output.1,
            text: lines[output.0 - 1..output.1].join("\n"),
            ..RecordedOutput::default()
        }],
        ..Step::default()
    }
}

fn steps() -> Vec<Step> {
    vec![
        step(4, "kubectl get pods", (5, 6)),
        step(10, "kubectl get pvc", (11, 12)),
        step(16, "kubectl delete pod app", (17, 17)),
    ]
}

fn header() -> Header {
    Header {
        schema: 1,
        labbook: "0.1.0".to_owned(),
        page: "labs/claims/lab.md".to_owned(),
        sha256: String::new(),
        inputs: String::new(),
        cluster: ClusterFact {
            provider: "embedded".to_owned(),
            version: Some("v1.36.3".to_owned()),
        },
        started: "2026-11-23T10:00:00Z".parse().expect("a time"),
    }
}

fn ran(index: usize, output: &str, verdict: Verdict, explanation: Vec<Explanation>) -> Vec<Event> {
    let command = &steps()[index].command;
    vec![
        Event::StepStarted(StepStarted {
            step: index,
            first_line: command.first_line,
            last_line: command.last_line,
            text: command.text.clone(),
            executed: None,
        }),
        Event::AttemptEnded(AttemptEnded {
            step: index,
            attempt: 1,
            ended: Ended::Exited(0),
            output: Output(output.as_bytes().to_vec()),
            terminal: false,
            duration_ms: 120,
            facts: Facts::default(),
        }),
        Event::StepEnded(StepEnded {
            step: index,
            verdict,
            kept: Some(1),
            attempts: 1,
            took_ms: 120,
            explanation,
        }),
    ]
}

fn closing(verdict: Verdict, reason: Option<&str>) -> Event {
    Event::Closing(Closing {
        verdict,
        ended: "2026-11-23T10:01:12.5Z".parse().expect("a time"),
        reason: reason.map(str::to_owned),
        stand_ins: vec![StandIn {
            image: "busybox:1.36".to_owned(),
            note: "the distribution's busybox-static".to_owned(),
        }],
    })
}

fn reason(kind: &str, line: usize, column: &str, old: &str, new: &str, text: &str) -> Explanation {
    Explanation {
        kind: kind.to_owned(),
        breaks: kind == "cell",
        line: Some(line),
        column: Some(column.to_owned()),
        old: Some(old.to_owned()),
        new: Some(new.to_owned()),
        text: text.to_owned(),
    }
}

fn failing_run() -> Vec<Event> {
    let restarts =
        reason("restarts", 6, "RESTARTS", "4", "0", "app was restarted 0 times, 4 on the page");
    let status = reason("cell", 12, "STATUS", "Bound", "Pending", "STATUS of data is not the same");
    let mut events = ran(0, "NAME …\n", Verdict::Drift, vec![restarts]);
    let pending = "NAME   STATUS    CAPACITY\ndata   Pending\n";
    events.extend(ran(1, pending, Verdict::Different, vec![status]));
    events.push(closing(Verdict::Different, Some("interrupted")));
    events
}

fn plain(write: impl FnOnce(&mut dyn std::io::Write) -> std::io::Result<()>) -> String {
    let mut stream = anstream::StripStream::new(Vec::new());
    write(&mut stream).expect("writing to memory");
    String::from_utf8(stream.into_inner()).expect("text")
}

fn terminal(events: &[Event], width: Option<usize>) -> String {
    let transcript = Transcript::new(&header(), events, &steps()).expect("a transcript");
    let terminal = Terminal::new(width);
    plain(|mut out| {
        terminal.heading(&mut out, &transcript.header.page, &transcript.header)?;
        for step in &transcript.steps {
            terminal.step(&mut out, step)?;
        }
        terminal.differences(&mut out, &transcript.header.page, &transcript, PAGE)?;
        terminal.summary(&mut out, &transcript)
    })
}

#[test]
fn a_failing_run_is_drawn_over_the_page() {
    assert_snapshot!(terminal(&failing_run(), None), @r#"
    labs/claims/lab.md  embedded, Kubernetes v1.36.3
      drift       0.12 s     4  kubectl get pods
                                app was restarted 0 times, 4 on the page
      different   0.12 s    10  kubectl get pvc
      not run               16  kubectl delete pod app

    error: step 2 is different: kubectl get pvc
      --> labs/claims/lab.md:12:8
       |
    12 | data   Bound    1Gi
       |        ^^^^^ STATUS of data is not the same: now `Pending`
      it printed:
        NAME   STATUS    CAPACITY
        data   Pending

    a different result: 3 steps in 1 m 12 s: 1 drift, 1 different, 1 not run
    the run ended early: interrupted
    stand-in: busybox:1.36 is the distribution's busybox-static
    "#);
}

#[test]
fn long_lines_are_cut_to_the_terminal() {
    let text = terminal(&failing_run(), Some(48));
    assert!(text.lines().next().is_some_and(|line| line.contains("labs/claims/lab.md")));
    assert!(text.contains("app was restarted 0…"), "{text}");
}

#[test]
fn what_does_not_fit_beside_its_place_stands_below() {
    let text = terminal(&failing_run(), Some(48));
    assert!(text.contains("12 | data   Bound    1Gi\n   |        ^^^^^ now `Pending`\n"), "{text}");
    assert!(text.contains("= note: STATUS of data is not the same: now `Pending`\n"), "{text}");
}

#[test]
fn what_is_said_of_a_command_is_drawn_over_all_of_it() {
    let exit = reason("exit", 10, "", "0", "1", "the command failed");
    let mut events = failing_run();
    events.truncate(3);
    let exit = Explanation { breaks: true, column: None, ..exit };
    events.extend(ran(1, "no\n", Verdict::Different, vec![exit]));
    let text = terminal(&events, None);
    assert!(
        text.contains("^ the command failed: now `1`") && text.contains("| ^^^^^^^^"),
        "{text}"
    );
}

#[test]
fn of_much_that_was_printed_the_two_ends_are_shown() {
    let lines: Vec<String> = (1..=40).map(|line| format!("line {line}\n")).collect();
    let reason = reason("cell", 12, "STATUS", "Bound", "Pending", "it is not the same");
    let text = terminal(&ran(1, &lines.concat(), Verdict::Different, vec![reason]), None);
    assert!(
        text.contains("    line 24\n    … 8 lines that are in the record\n    line 33\n"),
        "{text}"
    );
    assert!(text.contains("    line 40\n"), "{text}");
}

#[test]
fn a_setup_that_failed_shows_the_end_of_its_output() {
    let lines: Vec<String> = (1..=22).map(|line| format!("line {line}")).collect();
    let events = [
        Event::ScriptEnded(ScriptEnded {
            script: Script::Setup,
            path: "labs/claims/setup.sh".to_owned(),
            exit_code: Some(3),
            output: Output(
                format!("{}\n\x1b[31mno such image\x1b[0m\n", lines.join("\n")).into_bytes(),
            ),
            duration_ms: 10,
        }),
        closing(Verdict::Error, Some("setup failed")),
    ];
    let text = terminal(&events, None);
    assert!(text.contains("error: setup labs/claims/setup.sh ended with exit code 3"), "{text}");
    assert!(text.contains("(3 earlier lines are in the record)\n  | line 4\n"), "{text}");
    assert!(text.contains("  | no such image\n"), "{text}");
    assert!(text.contains("\nsetup failed: 3 steps in 1 m 12 s: 3 not run\n"), "{text}");
}

#[test]
fn json_has_every_step_of_the_page() {
    let transcript = Transcript::new(&header(), &failing_run(), &steps()).expect("a transcript");
    let lab = LabResult {
        page: "labs/claims/lab.md",
        transcript: &transcript,
        report: Path::new("labbook-out/R/labs/claims/lab.md"),
        record: Path::new("labbook-out/R/labs/claims/lab.record.jsonl"),
    };
    let mut out = Vec::new();
    run_json(&mut out, &[lab]).expect("writing to memory");
    let value: serde_json::Value = serde_json::from_slice(&out).expect("one object");
    assert_snapshot!(serde_json::to_string_pretty(&value).expect("JSON"), @r#"
    {
      "labs": [
        {
          "cluster": {
            "provider": "embedded",
            "version": "v1.36.3"
          },
          "page": "labs/claims/lab.md",
          "record": "labbook-out/R/labs/claims/lab.record.jsonl",
          "report": "labbook-out/R/labs/claims/lab.md",
          "stand_ins": [
            {
              "image": "busybox:1.36",
              "note": "the distribution's busybox-static"
            }
          ],
          "steps": [
            {
              "attempts": 1,
              "command": {
                "first_line": 4,
                "last_line": 4,
                "text": "kubectl get pods"
              },
              "duration_ms": 120,
              "exit_code": 0,
              "explanation": [
                {
                  "breaks": false,
                  "column": "RESTARTS",
                  "kind": "restarts",
                  "line": 6,
                  "new": "0",
                  "old": "4",
                  "text": "app was restarted 0 times, 4 on the page"
                }
              ],
              "verdict": "drift"
            },
            {
              "attempts": 1,
              "command": {
                "first_line": 10,
                "last_line": 10,
                "text": "kubectl get pvc"
              },
              "duration_ms": 120,
              "exit_code": 0,
              "explanation": [
                {
                  "breaks": true,
                  "column": "STATUS",
                  "kind": "cell",
                  "line": 12,
                  "new": "Pending",
                  "old": "Bound",
                  "text": "STATUS of data is not the same"
                }
              ],
              "verdict": "different"
            },
            {
              "attempts": 0,
              "command": {
                "first_line": 16,
                "last_line": 16,
                "text": "kubectl delete pod app"
              },
              "duration_ms": 0,
              "exit_code": null,
              "explanation": [
                {
                  "breaks": true,
                  "kind": "not-reached",
                  "text": "the run ended before this step: interrupted"
                }
              ],
              "verdict": "not_run"
            }
          ],
          "verdict": "different"
        }
      ],
      "schema": 1
    }
    "#);
}

#[test]
fn a_record_that_was_cut_short_is_no_pass() {
    let mut events = failing_run();
    events.truncate(1);
    let transcript = Transcript::new(&header(), &events, &steps()).expect("a transcript");
    assert_eq!(transcript.verdict(), Verdict::Error);
    assert_eq!(transcript.steps[0].verdict, Verdict::Error);
    assert_eq!(transcript.steps[0].explanation[0].kind, "cut-short");
    assert_eq!(
        transcript.steps[2].explanation[0].text,
        "the run ended before this step: the run was cut short"
    );
}

#[test]
fn events_of_another_page_are_no_transcript() {
    let error =
        Transcript::new(&header(), &failing_run(), &steps()[..1]).expect_err("step 2 is not there");
    assert_eq!(error, TranscriptError::NoSuchStep { step: 2, steps: 1 });
}

#[test]
fn a_summary_lists_steps_and_reasons() {
    let transcript = Transcript::new(&header(), &failing_run(), &steps()).expect("a transcript");
    let root = tempfile::tempdir().expect("a directory");
    let templates = Templates::load(root.path()).expect("the built-in templates");
    assert_snapshot!(templates.summary(&transcript).expect("a summary"), @r#"
    # labs/claims/lab.md: different

    embedded cluster, Kubernetes v1.36.3, 2026-11-23, 1 m 12 s, labbook 0.1.0

    The run ended early: interrupted

    | step | line | command | verdict | time | attempts |
    | ---: | ---: | --- | --- | ---: | ---: |
    | 1 | 4 | `kubectl get pods` | drift | 0.12 s | 1 |
    | 2 | 10 | `kubectl get pvc` | different | 0.12 s | 1 |
    | 3 | 16 | `kubectl delete pod app` | not run |  | 0 |

    ## What failed

    - step 2, `kubectl get pvc`: STATUS of data is not the same
    - step 3, `kubectl delete pod app`: the run ended before this step: interrupted

    ## What changed, and is the same result

    - step 1, `kubectl get pods`: app was restarted 0 times, 4 on the page

    ## Images that stood in for public ones

    - `busybox:1.36`: the distribution's busybox-static
    "#);
    assert_snapshot!(templates.status(&transcript).expect("a status"), @r#"
    > **Not verified: different** on 2026-11-23 against Kubernetes v1.36.3 (embedded cluster). The outputs on this page are those of that run.
    >
    > What failed:
    >
    > - step 2, `kubectl get pvc`: STATUS of data is not the same
    > - step 3, `kubectl delete pod app`: the run ended before this step: interrupted
    >
    > <details><summary>What changed since the page was first written, and is the same result</summary>
    >
    > - step 1, `kubectl get pods`: app was restarted 0 times, 4 on the page
    >
    > </details>
    >
    > <details><summary>Images that stood in for public ones</summary>
    >
    > - `busybox:1.36`: the distribution's busybox-static
    >
    > </details>
    "#);
}

#[test]
fn a_workbook_overrides_a_template_and_a_misspelt_name_is_an_error() {
    let transcript = Transcript::new(&header(), &failing_run(), &steps()).expect("a transcript");
    let root = tempfile::tempdir().expect("a directory");
    fs::create_dir(root.path().join("templates")).expect("a directory");
    let template = root.path().join("templates/status.md.hbs");
    fs::write(&template, "{{page}} <{{verdict}}>").expect("a file");
    let templates = Templates::load(root.path()).expect("templates");
    assert_eq!(templates.status(&transcript).expect("text"), "labs/claims/lab.md <different>");

    fs::write(&template, "{{verdickt}}").expect("a file");
    let templates = Templates::load(root.path()).expect("templates");
    let error = templates.status(&transcript).expect_err("there is no such name").to_string();
    assert!(error.starts_with("cannot render status.md.hbs:"), "{error}");
    assert!(error.contains("verdickt"), "{error}");
}

#[test]
fn a_line_without_end_does_not_flood_the_terminal() {
    let flood = "x".repeat(5_000_000);
    let page = format!("```\n$ yes\n{flood}\n```\n");
    let command = Command { first_line: 2, last_line: 2, text: format!("yes {flood}") };
    let output = RecordedOutput {
        first_line: 3,
        last_line: 3,
        text: flood.clone(),
        ..RecordedOutput::default()
    };
    let steps = [Step { command, outputs: vec![output], ..Step::default() }];
    let text = format!("`{flood}` is missing");
    let mut events = ran(
        0,
        &format!("{flood}y\n"),
        Verdict::Different,
        vec![reason("cell", 3, "none", &flood, &format!("{flood}y"), &text)],
    );
    events.push(closing(Verdict::Different, Some(&flood)));
    let transcript = Transcript::new(&header(), &events, &steps).expect("a transcript");
    let drawn = plain(|mut out| {
        let terminal = Terminal::new(None);
        terminal.step(&mut out, &transcript.steps[0])?;
        terminal.differences(&mut out, &transcript.header.page, &transcript, &page)?;
        terminal.summary(&mut out, &transcript)
    });
    assert!(drawn.len() < 4000, "{} bytes", drawn.len());
    assert!(drawn.contains("… (5000001 characters)\n"), "what it printed: {drawn}");
    assert!(drawn.contains("… (5000000 characters)"), "the page's line: {drawn}");
}
