//! The first lab, as it stands, on clusters that did not exist a moment before.

use std::fs;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::bystander::Bystander;
use super::outcome::{Lab, Outcome};
use super::turns;
use super::workbook::{SEED, Workbook};

/// Where the page shows what a command printed: first and last line, counted
/// from 1.
const OUTPUTS: [(usize, usize); 10] = [
    (7, 25),
    (32, 32),
    (38, 38),
    (49, 49),
    (56, 58),
    (65, 65),
    (72, 72),
    (77, 78),
    (84, 88),
    (94, 98),
];

fn page() -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(SEED)).expect("the repository has the page")
}

#[test]
fn the_page_is_its_authors_byte_for_byte() {
    let hash = Sha256::digest(page());
    let hash = hash.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    assert_eq!(hash, "a14478f42aeb9a34918e3e0260c158513826d6d4abb5a48f0a0c0a6008a35c6e");
}

#[test]
fn verify_passes_and_changes_no_file_of_the_workbook() {
    let _turn = turns::one();
    let workbook = Workbook::of_labs();
    let bystander = Bystander::new();
    let files = workbook.files();
    let mut verify = workbook.labbook(&["verify", SEED, "--format", "json"]);
    let outcome = Outcome::of(verify.env("KUBECONFIG", bystander.kubeconfig()));
    let lab = ten_steps_pass(outcome);
    assert_eq!(workbook.files(), files, "verify changed the workbook");
    bystander.was_left_alone();
    let report =
        fs::read(workbook.path(&lab.report.to_string_lossy())).expect("the report is there");
    differs_in_outputs_only(&report);
    let record = workbook.path(&lab.record.to_string_lossy());
    let again = workbook.run(&["render", &record.to_string_lossy()]).ends_with(0);
    assert_eq!(again.stdout.as_bytes(), report, "the record renders to another page");
    let record = fs::read_to_string(record).expect("the record is text");
    let root = workbook.path("").to_string_lossy().into_owned();
    assert!(!record.contains(&root), "the record names a path of this machine");
}

#[test]
fn an_updated_page_verifies_again() {
    let _turn = turns::one();
    let workbook = Workbook::of_labs();
    let bystander = Bystander::new();
    let mut run = workbook.labbook(&["run", SEED, "--update", "--format", "json"]);
    ten_steps_pass(Outcome::of(run.env("KUBECONFIG", bystander.kubeconfig())));
    bystander.was_left_alone();
    let updated = fs::read(workbook.path(SEED)).expect("the page is there");
    assert_ne!(updated, page(), "the page has no new output");
    differs_in_outputs_only(&updated);
    ten_steps_pass(workbook.run(&["verify", SEED, "--format", "json"]));
}

#[test]
fn a_context_is_used_where_it_is_named() {
    let workbook = Workbook::of_labs();
    let bystander = Bystander::new();
    let mut run = workbook.labbook(&["run", SEED, "--context", Bystander::context()]);
    let run = run.env("KUBECONFIG", bystander.kubeconfig());
    bystander.turns_away_while(|| Outcome::of(run).ends_with(5));
}

#[test]
fn two_verifications_at_once_do_not_meet() {
    let _turn = turns::all();
    let verify = || Workbook::of_labs().run(&["verify", SEED, "--format", "json"]);
    let (first, second) = std::thread::scope(|scope| {
        let other = scope.spawn(verify);
        (verify(), other.join().expect("it only runs labbook"))
    });
    ten_steps_pass(first);
    ten_steps_pass(second);
}

#[track_caller]
fn ten_steps_pass(outcome: Outcome) -> Lab {
    let outcome = outcome.ends_with(0);
    let lab = outcome.lab();
    assert_eq!(lab.page, SEED);
    assert_eq!(lab.cluster.provider, "embedded");
    assert!(lab.cluster.version.as_deref().is_some_and(|version| version.starts_with("v1.")));
    assert_eq!(lab.steps.len(), OUTPUTS.len(), "{outcome}");
    lab.passes();
    let first = &lab.steps[0].command;
    assert_eq!((first.first_line, first.text.as_str()), (4, "kubectl get po,sts,svc,pvc"));
    lab
}

/// Holds that `report` is the page with other outputs, and every other byte as
/// it was.
#[track_caller]
fn differs_in_outputs_only(report: &[u8]) {
    let page = page();
    let lines: Vec<&[u8]> = page.split_inclusive(|&byte| byte == b'\n').collect();
    let mut rest = report;
    let mut next = 0;
    for (first, last) in OUTPUTS {
        let between = lines[next..first - 1].concat();
        let at = find(rest, &between).unwrap_or_else(|| missing(&between));
        assert!(next > 0 || at == 0, "the report begins with something else");
        rest = &rest[at + between.len()..];
        next = last;
    }
    let end = lines[next..].concat();
    assert!(rest.ends_with(&end), "the report ends with something else");
}

#[track_caller]
fn missing(between: &[u8]) -> usize {
    panic!("the report lacks:\n{}", String::from_utf8_lossy(between))
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window == wanted)
}
