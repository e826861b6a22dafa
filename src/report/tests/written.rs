//! What programs and files get of a run.

use std::fs;
use std::path::Path;

use insta::assert_snapshot;

use super::*;
use crate::report::{LabResult, Templates, TranscriptError, run_json};

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
