//! Answers of name servers, held against the page and the cluster.

use super::{attempt, judge, step};
use crate::compare::Page;
use crate::record::{Facts, ServiceFact, Verdict};

#[test]
fn a_failed_lookup_keeps_its_reason() {
    let failed = |reason: &str| {
        format!(
            "Server:\t\t10.0.0.10\nAddress:\t10.0.0.10#53\n\n** server can't find a.b: {reason}"
        )
    };
    let facts = Facts::default();
    let page = Page::new(&facts);
    let recorded = step(1, "nslookup a.b", &failed("NXDOMAIN"));
    assert_eq!(
        page.judge(&recorded, &attempt(&failed("NXDOMAIN"), 1, &facts)).verdict,
        Verdict::Same
    );
    assert_eq!(
        page.judge(&recorded, &attempt(&failed("SERVFAIL"), 1, &facts)).verdict,
        Verdict::Different
    );
}

#[test]
fn an_answer_for_another_name_is_told() {
    let answer = |name: &str| {
        format!(
            "Server:\t\t10.96.0.10\nAddress:\t10.96.0.10#53\n\nName:\t{name}\nAddress: 10.244.0.5"
        )
    };
    let judged = judge("nslookup a-0.a.x.svc", &answer("a-0.a.x.svc"), &answer("a-1.a.x.svc"));
    assert_eq!(judged.verdict, Verdict::Different);
    let text = "there is no answer for a-0.a.x.svc, but one for a-1.a.x.svc (10.244.0.5)";
    assert_eq!(judged.explanation[0].text, text);
}

#[test]
fn a_service_resolves_to_its_own_address_or_to_its_endpoints() {
    let answer = |addresses: &[&str]| {
        let lines: Vec<String> = addresses
            .iter()
            .map(|address| format!("Name:\tweb.x.svc.cluster.local\nAddress: {address}"))
            .collect();
        let lines = lines.join("\n");
        format!("Server:\t\t10.96.0.10\nAddress:\t10.96.0.10#53\n\n{lines}")
    };
    let service = |cluster_ip: Option<&str>| {
        let service = ServiceFact {
            namespace: "x".into(),
            name: "web".into(),
            cluster_ip: cluster_ip.map(str::to_owned),
            endpoints: vec!["10.244.0.5".into(), "10.244.0.6".into()],
        };
        Facts { services: vec![service], ..Facts::default() }
    };
    let judged = |facts: &Facts, old: &[&str], new: &[&str]| {
        let step = step(1, "nslookup web.x", &answer(old));
        Page::new(facts).judge(&step, &attempt(&answer(new), 0, facts)).verdict
    };
    let own = service(Some("10.96.7.7"));
    assert_eq!(judged(&own, &["10.96.1.1"], &["10.96.7.7"]), Verdict::Same);
    assert_eq!(judged(&own, &["10.96.1.1"], &["10.244.0.5"]), Verdict::Different);
    let headless = service(None);
    let old = ["10.244.9.1", "10.244.9.2"];
    assert_eq!(judged(&headless, &old, &["10.244.0.6", "10.244.0.5"]), Verdict::Same);
    assert_eq!(judged(&headless, &old, &["10.244.0.6", "10.244.0.7"]), Verdict::Different);
    assert_eq!(judged(&headless, &old, &["10.244.0.6"]), Verdict::Different);
}
