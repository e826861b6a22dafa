//! What holds of every output: nothing is different from itself, nothing makes
//! the comparison panic, and names given anew throughout are the same result.

use proptest::prelude::*;

use super::{attempt, step};
use crate::compare::Page;
use crate::record::{Facts, Verdict};

/// Lines of the sort that programs print, in any order and cut anywhere.
fn output() -> impl Strategy<Value = String> {
    let fragment = prop::sample::select(vec![
        "NAME   READY   STATUS    RESTARTS   AGE",
        "NAME STATUS VOLUME ACCESS MODES AGE",
        "app-0  1/1  Running  2 (3m3s ago)  5s",
        "pod/web-67f77f58f8-hj279   0/1     Pending   0   <invalid>",
        "kube-proxy-x8k2d   1/1     Running   0   9y",
        "Server:\t\t10.96.0.10",
        "Address:\t10.96.0.10#53",
        "Address 1: 10.0.0.5 a.b",
        "Name:   web.default.svc.cluster.local",
        "** server can't find x: NXDOMAIN",
        ";; Got recursion not available from 10.96.0.10",
        "pod \"a\" deleted",
        "16",
        "...",
        "",
        "\u{1b}[31mred\u{1b}[0m\r",
        "web   NodePort   10.96.0.7   80:31234/TCP",
        "NAME   TYPE   CLUSTER-IP   PORT(S)",
        "Error: cannot connect",
        "curl: (7) Failed to connect",
        "cat: x: Permission denied",
        "2024-11-28T10:00:00Z pvc-ef4064c4-3d80-4a72-9f5c-28e597a8ffa1 fd00::1 é➜",
    ]);
    let line = prop_oneof![4 => fragment.prop_map(str::to_owned), 1 => any::<String>()];
    prop::collection::vec(line, 0..8).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #[test]
    fn an_output_is_the_same_as_itself(text in output(), (command, ending, code) in prop::sample::select(vec![
        ("kubectl logs a", "", 0),
        ("kubectl exec a -- cat x", "", 0),
        ("cat x", "", 0),
        ("kubectl get all", "\ndone", 0),
        ("kubectl get pods --sort-by=.x", "\nError: no", 1),
        ("kubectl exec a -- cat x", "\ncommand terminated with exit code 3", 1),
    ])) {
        let facts = Facts::default();
        let mut page = Page::new(&facts);
        let text = format!("{text}{ending}");
        let step = step(1, command, &text);
        let attempt = attempt(&text, code, &facts);
        for _ in 0..2 {
            let judged = page.judge(&step, &attempt);
            prop_assert!(
                matches!(judged.verdict, Verdict::Same | Verdict::Ran),
                "{:?}", judged.explanation
            );
            page.keep(&step, &attempt);
            prop_assert_eq!(page.follow(command), None);
        }
    }

    #[test]
    fn any_two_outputs_can_be_compared(old in output(), new in output(), code in 0..3_i32) {
        let facts = Facts::default();
        let mut page = Page::new(&facts);
        let (step, attempt) = (step(1, &old, &old), attempt(&new, code, &facts));
        let judged = page.judge(&step, &attempt);
        let breaks = judged.explanation.iter().any(|told| told.breaks);
        prop_assert_eq!(breaks, judged.verdict == Verdict::Different);
        page.keep(&step, &attempt);
        page.follow(&old);
    }

    #[test]
    fn addresses_given_anew_are_the_same_result(hosts in prop::collection::vec(0..6_u8, 1..9), shift in 1..90_u8) {
        let text = |shift: u8| {
            let lines: Vec<String> =
                hosts.iter().enumerate().map(|(row, host)| format!("peer {row} at 10.1.2.{}", host + shift)).collect();
            lines.join("\n")
        };
        let facts = Facts::default();
        let judged = Page::new(&facts).judge(&step(1, "peers", &text(100)), &attempt(&text(shift), 0, &facts));
        prop_assert_eq!(judged.verdict, Verdict::Same);
    }
}
