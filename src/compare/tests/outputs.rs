//! Exit codes and lines: what must and what must not make a difference in them.

use super::{attempt, judge, kinds, step};
use crate::compare::{Expectation, Page};
use crate::record::{Ended, Facts, Verdict};

#[test]
fn an_output_is_the_same_as_itself() {
    for text in [
        "16",
        "No resources found in default namespace.",
        "NAME   READY   STATUS   RESTARTS   AGE\na      1/1     Running   0   3s",
        "Server:  10.0.0.10\nAddress 1: 10.0.0.10\n\nnslookup: can't resolve 'kubernetes.default'",
        "pod/a created\nservice/a unchanged",
        "Hello, world!\n\n  Version: 1.0.0\n",
        "...",
    ] {
        let facts = Facts::default();
        let code = i32::from(text.contains("can't resolve"));
        let judged = Page::new(&facts)
            .judge(&step(1, "kubectl get all", text), &attempt(text, code, &facts));
        assert_eq!(judged.verdict, Verdict::Same, "{text}: {:?}", judged.explanation);
    }
}

#[test]
fn nothing_recorded_is_not_compared() {
    let facts = Facts::default();
    let page = Page::new(&facts);
    assert_eq!(page.judge(&step(1, "true", ""), &attempt("x", 0, &facts)).verdict, Verdict::Ran);
    let failed = page.judge(&step(1, "false", ""), &attempt("boom", 1, &facts));
    assert_eq!(failed.verdict, Verdict::Different);
    assert_eq!(failed.explanation[0].line, Some(1));
    assert_eq!(kinds(&failed), ["exit-code"]);
}

#[test]
fn a_time_out_is_another_result() {
    let facts = Facts::default();
    let mut attempt = attempt("x", 0, &facts);
    attempt.ended = Ended::TimedOut;
    let judged = Page::new(&facts).judge(&step(1, "kubectl get x", "x"), &attempt);
    assert_eq!((judged.verdict, kinds(&judged)), (Verdict::Different, vec!["time-out"]));
}

#[test]
fn an_expected_error_is_the_same_result() {
    let facts = Facts::default();
    let text = "Error from server (NotFound): pods \"x\" not found";
    let page = Page::new(&facts);
    let step = step(1, "kubectl get pod x", text);
    assert_eq!(page.judge(&step, &attempt(text, 1, &facts)).verdict, Verdict::Same);
    let other = page.judge(&step, &attempt("Error from server (Forbidden): no", 1, &facts));
    assert_eq!((other.verdict, kinds(&other)), (Verdict::Different, vec!["line"]));
    assert_eq!(
        page.judge(&step, &attempt("NAME   AGE\nx      3s", 0, &facts)).verdict,
        Verdict::Different
    );
}

#[test]
fn a_success_is_not_the_failure_that_the_page_shows() {
    let text = "Error from server (NotFound): pods \"x\" not found";
    for command in ["kubectl get pods x", "kubectl get pods x # a|b; c", "true && kubectl get po x"]
    {
        let judged = judge(command, text, text);
        assert_eq!((judged.verdict, kinds(&judged)), (Verdict::Different, vec!["exit-code"]));
    }
}

#[test]
fn an_error_in_a_log_is_the_applications() {
    for (command, text) in [
        ("kubectl logs a", "Error: cannot connect"),
        ("kubectl exec a -- cat log", "started\ncurl: (7) Failed to connect"),
        ("kubectl describe pod a", "Error: first\nStatus: Running"),
    ] {
        assert_eq!(judge(command, text, text).verdict, Verdict::Same, "{command}");
    }
}

#[test]
fn counts_are_literals_and_readings_are_not() {
    assert_eq!(judge("kubectl get pods | wc -l", "3", "4").verdict, Verdict::Different);
    assert_eq!(judge("kubectl exec a -- cat visits", "3", "4").verdict, Verdict::Same);
    assert_eq!(
        judge("kubectl exec a -- cat visits", "visits: 3", "visits: 4").verdict,
        Verdict::Same
    );
    assert_eq!(judge("kubectl exec a -- cat visits", "3", "none").verdict, Verdict::Different);
    assert_eq!(judge("kubectl exec a -- cat visits", "3", "").verdict, Verdict::Different);
}

#[test]
fn deeds_must_be_the_same() {
    for (old, new, verdict) in [
        ("pod/a created", "pod/a created", Verdict::Same),
        ("pod/a created", "pod/a unchanged", Verdict::Different),
        ("pod/a created", "pod/a configured", Verdict::Different),
        ("pod \"a\" created", "pod/a created", Verdict::Drift),
        ("pod \"a\" deleted", "pod \"a\" deleted from x namespace", Verdict::Drift),
        (
            "pod \"a\" deleted from x namespace",
            "pod \"a\" deleted from y namespace",
            Verdict::Different,
        ),
        ("pod/a created\npod/b created", "pod/a created", Verdict::Different),
    ] {
        assert_eq!(judge("kubectl apply -f x", old, new).verdict, verdict, "{old} → {new}");
    }
}

#[test]
fn the_exit_codes_that_a_page_names_are_right() {
    let facts = Facts::default();
    let step = step(1, "grep x a", "");
    let expected = Expectation { step: &step, exit: Some(&[1, 2]) };
    let judged = |code| Page::new(&facts).judge(expected, &attempt("", code, &facts));
    assert_eq!((judged(1).verdict, judged(2).verdict), (Verdict::Ran, Verdict::Ran));
    let wrong = judged(0);
    assert_eq!(wrong.verdict, Verdict::Different);
    assert!(
        wrong.explanation[0].text.ends_with("; `exit` says 1 or 2; it printed nothing"),
        "{wrong:?}"
    );
}

#[test]
fn remarks_on_one_side_are_drift() {
    let judged = judge("kubectl apply -f x", "pod/a created", "Warning: deprecated\npod/a created");
    assert_eq!((judged.verdict, kinds(&judged)), (Verdict::Drift, vec!["remark"]));
    let opened = "BusyBox v1.35.0 (Debian) built-in shell (ash)\nEnter 'help' for a list of built-in \
                  commands.\n\nIf you don't see a command prompt, try pressing enter.";
    let asked = "If you don't see a command prompt, try pressing enter.";
    assert_eq!(judge("kubectl run a --image=b -it -- sh", asked, opened).verdict, Verdict::Drift);
    let judged = judge("kubectl logs x", "started", "Warning: deprecated\nstarted");
    assert_eq!(judged.verdict, Verdict::Different, "an application wrote it");
}

#[test]
fn lines_that_differ_are_told_one_by_one() {
    let judged = judge("kubectl logs x", "a\nb\nc\nd", "a\nB\nd\ne");
    assert_eq!(kinds(&judged), ["line", "missing-line", "extra-line"]);
    let lines: Vec<_> = judged.explanation.iter().map(|told| told.line).collect();
    assert_eq!(lines, [Some(3), Some(4), Some(5)]);
}

#[test]
fn lines_that_the_page_leaves_out_are_not_extra() {
    let old = "started\n...\nready";
    assert_eq!(judge("kubectl logs x", old, "started\na\nb\nready").verdict, Verdict::Same);
    assert_eq!(judge("kubectl logs x", old, old).verdict, Verdict::Same);
    let judged = judge("kubectl logs x", old, "started\na\nready\nstopped");
    assert_eq!(kinds(&judged), ["extra-line"]);
    let judged = judge("kubectl logs x", old, "started\na");
    assert_eq!(judged.verdict, Verdict::Different);
}

#[test]
fn a_period_in_a_text_is_a_literal() {
    for (old, new) in
        [("gave up after 30s", "gave up after 1s"), ("restart in 10s", "restart in 99s")]
    {
        assert_eq!(judge("kubectl logs a", old, new).verdict, Verdict::Different);
    }
}

#[test]
fn what_the_clock_and_the_store_gave_is_free() {
    for (old, new) in [
        (
            "Start Time:   Thu, 28 Nov 2024 10:00:00 +0000",
            "Start Time:   Mon, 2 Mar 2026 01:02:03 +0300",
        ),
        ("LAST DEPLOYED: Thu Nov 28 10:00:00 2024", "LAST DEPLOYED: Mon Mar  2 01:02:03 2026"),
        ("  resourceVersion: \"512\"", "  resourceVersion: \"99120\""),
        (
            "  Normal  Pulled  3s (x2 over 10s)  kubelet  Image is there",
            "  Normal  Pulled  41s   kubelet  Image is there",
        ),
    ] {
        let judged = judge("kubectl describe pod a", old, new);
        assert_eq!(judged.verdict, Verdict::Same, "{old}: {:?}", judged.explanation);
    }
    let judged = judge(
        "kubectl describe pod a",
        "  Normal  Pulled  3s  kubelet  x",
        "  Warning  Failed  3s  kubelet  x",
    );
    assert_eq!(judged.verdict, Verdict::Different);
}

#[test]
fn long_outputs_are_judged() {
    let lines =
        |word: &str| (0..20_000).map(|at| format!("{word}-{at}")).collect::<Vec<_>>().join("\n");
    let judged = judge("kubectl logs a", &lines("a"), &lines("b"));
    assert_eq!(judged.verdict, Verdict::Different);
}

#[test]
fn many_remarks_are_matched() {
    let lines =
        |word: &str| (0..20_000).map(|at| format!("{word}-{at}")).collect::<Vec<_>>().join("\n");
    let judged = judge("kubectl apply -f x", &lines("Warning: a"), &lines("Warning: b"));
    assert_eq!(judged.verdict, Verdict::Drift);
}

#[test]
fn how_a_rollout_was_waited_for_is_free() {
    let waiting = |updated: &str| {
        format!(
            "Waiting for deployment \"web\" rollout to finish: {updated} of 3 updated replicas are available...\n"
        )
    };
    let done = "deployment \"web\" successfully rolled out";
    let command = "kubectl rollout status deployment web";
    let verdict = |old: &str, new: &str| judge(command, old, new).verdict;
    let recorded = format!("{}{}{done}", waiting("0"), waiting("2"));
    let other = format!("{}{}{done}", waiting("1"), waiting("2"));
    assert_eq!(verdict(&recorded, &other), Verdict::Same);
    assert_eq!(kinds(&judge(command, &recorded, done)), ["waiting"]);
    assert_eq!(verdict(&recorded, done), Verdict::Drift);
    assert_eq!(verdict(&recorded, &waiting("1")), Verdict::Different);
    assert_eq!(verdict(&waiting("1"), &recorded), Verdict::Different, "it was stuck");
    assert_eq!(verdict(&waiting("1"), &waiting("0")), Verdict::Different);
}

#[test]
fn what_the_command_itself_is_wrong_with_stays_so() {
    let hopeless = |command: &str, recorded: &str, printed: &str, code: i32| {
        let attempt = attempt(printed, code, &Facts::default());
        Page::default().judge(&step(1, command, recorded), &attempt).hopeless
    };
    let unknown = "error: the server doesn't have a resource type \"pdos\"";
    assert!(hopeless("kubectl get pdos", "NAME\na", unknown, 1));
    assert!(hopeless("kubectl get pdos | grep a", "a", unknown, 1));
    assert!(hopeless("kubectl get pdos | wc -l", "2", &format!("{unknown}\n0"), 0));
    assert!(!hopeless("kubectl logs a", "started", unknown, 0), "the application wrote it");
    assert!(!hopeless("kubectl get x; ls", &format!("{unknown}\na"), &format!("{unknown}\nb"), 0));
    assert!(!hopeless("kubectl get pods", "NAME\na", "No resources found", 0));
}
