//! Pages with directives: what they set, and what is said about wrong ones.

mod drawn;
mod values;

use std::time::Duration;

use proptest::prelude::*;

use super::{Directives, Purpose, Value};
use crate::document::Document;
use crate::lab::{Lab, RecordedOutput, Role, read};

fn lab(page: &str) -> Lab {
    read(&Document::new(page.as_bytes().to_vec())).0
}

fn directives(page: &str) -> Directives {
    lab(page).directives
}

/// Each diagnostic of a page, drawn.
fn drawn(page: &str) -> String {
    let document = Document::new(page.as_bytes().to_vec());
    let found: Vec<String> =
        read(&document).1.iter().map(|found| found.draw("lab.md", &document)).collect();
    found.join("\n\n")
}

fn ids(page: &str) -> Vec<&'static str> {
    read(&Document::new(page.as_bytes().to_vec())).1.iter().map(|found| found.id).collect()
}

/// A directive before a fence of two commands.
fn before(directive: &str) -> String {
    format!("<!-- labbook: {directive} -->\n```console\n$ kubectl get po\n$ kubectl get svc\n```\n")
}

#[test]
fn keys_concern_each_command_or_the_last() {
    let directives = directives(&before("timeout = '90s', wait = '1m30s', exit = [0, 1]"));
    let [first, last] = [0, 1].map(|step| directives.of_step(step).expect("a step"));
    let time = Some(Duration::from_secs(90));
    assert_eq!((first.timeout(), first.wait(), first.get("exit")), (time, time, None));
    assert_eq!((last.timeout(), last.wait()), (time, time));
    assert_eq!(last.get("exit").map(|set| &set.value), Some(&Value::ExitCodes(vec![0, 1])));
}

#[test]
fn one_step_overrules_its_fence_and_a_fence_its_page() {
    let page = format!(
        "<!-- labbook:page timeout = '1m', wait = '1m', tags = ['slow'] -->\n\n\
         <!-- labbook: step = 2, timeout = '3m', exit = 1 -->\n{}\n```console\n$ kubectl get po\n```\n",
        before("timeout = '2m'")
    );
    assert_eq!(drawn(&page), "");
    let directives = directives(&page);
    let timeouts = [0, 1, 2].map(|step| {
        let timeout = directives.of_step(step).and_then(super::Settings::timeout);
        timeout.map_or(0, |time| time.as_secs() / 60)
    });
    assert_eq!(timeouts, [2, 3, 1]);
    assert_eq!(
        directives.written().iter().map(|set| set.key).collect::<Vec<_>>(),
        ["timeout", "wait", "tags", "timeout", "exit", "timeout"]
    );
}

#[test]
fn before_an_outputs_fence_the_command_is_meant() {
    let page = "```console\n$ kubectl get po\n$ kubectl get svc\n```\n\n\
                <!-- labbook: match = \"none\", exit = 1 -->\n```\nNAME\n```\n";
    let document = Document::new(page.as_bytes().to_vec());
    let mut lab = lab(page);
    // However the reader joins the two fences.
    lab.steps[1].outputs =
        vec![RecordedOutput { first_line: 8, last_line: 8, ..RecordedOutput::default() }];
    lab.fences[1].role = Role::Output;
    let (mut directives, _) = Directives::read(&document);
    assert_eq!(directives.settle(&document, &lab.steps, &lab.fences), []);
    let keys = |step: usize| -> Vec<_> {
        directives.of_step(step).expect("a step").iter().map(|set| set.key).collect()
    };
    assert_eq!((keys(0), keys(1)), (vec![], vec!["exit", "match"]));
}

#[test]
fn directives_are_found_in_every_container() {
    for page in [
        "> <!-- labbook: timeout = '1m',\n> wait = '''2m''' -->\n> ```sh\n> $ ls\n> ```\n",
        "- x\n\n  <!-- labbook: timeout = '1m', # why\n  wait = '2m' # why -->\n  ```sh\n  $ ls\n  ```\n",
        "text\n<!--\r\nlabbook:\r\ntimeout = \"1m\",\r\nwait = \"2m\",\r\n-->\r\n```sh\r\n$ ls\r\n```\r\n",
        "<!-- labbook: timeout = '1m' --> <!-- why --> <!-- labbook:wait = '2m'-->\n\n```sh\n$ ls\n```\n",
    ] {
        assert_eq!(drawn(page), "");
        let directives = directives(page);
        let step = directives.of_step(0).expect("a step");
        assert_eq!(step.timeout(), Some(Duration::from_secs(60)), "{page}");
        assert_eq!(step.wait(), Some(Duration::from_secs(120)), "{page}");
    }
}

#[test]
fn hidden_commands_have_their_lines() {
    let page = "<!-- labbook:setup\n# first\nkubectl create ns a\n\nkubectl apply -f - <<EOF\n  a: 1\nEOF\n-->\n\n\
                > <!-- labbook:cleanup kubectl delete ns \\\n>   a -->\n\n```sh\n$ ls\n```\n";
    let hidden = directives(page).hidden;
    let shown: Vec<_> = hidden
        .iter()
        .flat_map(|hidden| {
            let of = (hidden.purpose, hidden.first_line, hidden.last_line);
            hidden.commands.iter().map(move |command| {
                (of, command.first_line, command.last_line, command.text.as_str())
            })
        })
        .collect();
    let (setup, cleanup) = ((Purpose::Setup, 1, 8), (Purpose::Cleanup, 10, 11));
    assert_eq!(
        shown,
        [
            (setup, 3, 3, "kubectl create ns a"),
            (setup, 5, 7, "kubectl apply -f - <<EOF\n  a: 1\nEOF"),
            (cleanup, 10, 11, "kubectl delete ns \\\n  a"),
        ]
    );
}

#[test]
fn a_fence_can_be_read_as_its_author_says() {
    let of = |directive: &str| {
        let directives = directives(&before(directive));
        directives.of_fence(0).and_then(super::FenceDirective::read_as)
    };
    assert_eq!(of("read = 'nothing'"), Some("nothing"));
    assert_eq!(of("file = 'a/b.yaml'"), Some("file"));
    assert_eq!(of("wait = '1s'"), None);
}

#[test]
fn what_is_wrong_with_a_skipped_command_hinders_nobody() {
    let page = "```console\n$ kubectl logs <pod name> -c a\n```\n";
    assert_eq!(ids(page), ["placeholder"]);
    assert_eq!(ids(&format!("<!-- labbook: skip = 'no pod' -->\n{page}")), [""; 0]);
    assert_eq!(ids(&format!("<!-- labbook:page skip = 'no pod' -->\n\n{page}")), [""; 0]);
}

#[test]
fn tables_without_end_are_no_crash() {
    for text in ["a.".repeat(50_000), "a={".repeat(50_000), "a=[".repeat(50_000)] {
        assert!(!ids(&before(&text)).is_empty());
    }
    let many = "<!-- labbook:page wait='1s' -->\n".repeat(5_000);
    assert_eq!(ids(&format!("{many}```sh\n$ ls\n```\n")).len(), 4_999);
}

proptest! {
    #[test]
    fn spans_are_on_the_page(
        container in "(|> |- |1\\. > )",
        text in "([ \n=,.{}'\"#\\\\\u{e9}\r\u{0}]|step|wait|let|expect|labbook|'1s'|\"1m\"|1|\\(a\\)|-->|<!--|setup|:|[a-z]){0,30}",
        begins in "(labbook:|labbook: |labbook:page |labbook:setup\n|labook: )",
    ) {
        let inside = format!("<!-- {begins}{text} -->\n```sh\n$ ls\n```\n");
        let lines: Vec<_> = inside.split('\n').map(|line| format!("{container}{line}")).collect();
        let document = Document::new(lines.join("\n").into_bytes());
        let (lab, found) = read(&document);
        for found in &found {
            let spans = std::iter::once(&found.span).chain(found.related.iter().map(|(span, _)| span));
            for span in spans {
                prop_assert!(document.text().get(span.clone()).is_some(), "{found:?}");
            }
            prop_assert!(!found.draw("lab.md", &document).is_empty());
        }
        for setting in lab.directives.written() {
            prop_assert!(document.text().get(setting.value_span.clone()).is_some());
            let written = &document.text()[setting.key_span.clone()];
            prop_assert_eq!(written.trim_matches(['"', '\'']), setting.key);
        }
    }
}
