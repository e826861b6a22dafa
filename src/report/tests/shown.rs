//! What a person sees of a run.

use insta::assert_snapshot;

use super::*;
use crate::record::{Script, ScriptEnded};

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
