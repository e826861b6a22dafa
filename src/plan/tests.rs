//! Plans of pages of workbooks on disk.

use std::fs;

use super::{Effect, HiddenCommand, Plan, PlanError, Sources};
use crate::document::Document;
use crate::lab;
use crate::workbook::Workbook;

const PAGE: &str = "```bash\n> kubectl apply -f https://k8s.io/examples/a/dns.yaml\npod/dns created\n```\n\n```bash\n> kubectl exec -it dns -- cat x\n```\n```\n16\n```\n";

const SETTINGS: &str = "wait = \"2s\"\n[lab.\"lab.md\"]\nsetup = \"setup.sh\"\n[mirrors]\n\"https://k8s.io/examples/\" = \"it's a mirror\"\n";

/// A workbook with this page.
fn workbook(page: &str) -> tempfile::TempDir {
    let directory = tempfile::tempdir().expect("a temporary directory");
    fs::create_dir_all(directory.path().join("it's a mirror/a")).expect("a directory");
    let files = [
        ("labbook.toml", SETTINGS),
        ("lab.md", page),
        ("setup.sh", "true\n"),
        ("it's a mirror/a/dns.yaml", "kind: Pod\n"),
    ];
    for (path, content) in files {
        fs::write(directory.path().join(path), content).expect("a file");
    }
    directory
}

fn plan_of(directory: &tempfile::TempDir, sources: Sources) -> Result<Plan, PlanError> {
    let workbook = Workbook::find(directory.path()).expect("the settings are right");
    let path = workbook.root.join("lab.md");
    let document = Document::new(fs::read(&path).expect("the page"));
    let (lab, _) = lab::read(&document);
    Plan::new(&workbook, &path, &document, &lab, sources)
}

fn planned(page: &str) -> Plan {
    plan_of(&workbook(page), Sources::Mirrors).expect("it can be planned")
}

/// The commands of a page of one command, as they are run, with the root as ROOT.
fn command(text: &str) -> Result<String, String> {
    let directory = workbook(&format!("```bash\n$ {text}\n```\n"));
    let root = directory.path().canonicalize().expect("it is there");
    let root = root.to_str().expect("UTF-8");
    let plan = plan_of(&directory, Sources::Mirrors)
        .map_err(|error| error.to_string().replace(root, "ROOT"))?;
    Ok(plan.steps[0].command.replace(root, "ROOT"))
}

#[test]
fn a_plan_holds_what_the_workbook_decides() {
    let plan = planned(PAGE);
    assert_eq!(plan.page, "lab.md");
    assert_eq!(plan.setup, Some(plan.root.join("setup.sh")));
    let steps: Vec<_> =
        plan.steps.iter().map(|step| (step.effect, step.terminal, step.wait.as_secs())).collect();
    assert_eq!(steps, [(Effect::Changes, false, 2), (Effect::Reads, true, 2)]);
    assert_eq!(plan.steps[0].mirrored[0].url, "https://k8s.io/examples/a/dns.yaml");
    assert_eq!(plan.steps[0].mirrored[0].file, plan.root.join("it's a mirror/a/dns.yaml"));
    assert_eq!(
        plan.steps[0].step.command.text,
        "kubectl apply -f https://k8s.io/examples/a/dns.yaml"
    );
}

#[test]
fn a_pages_directives_overrule_its_workbook() {
    let plan = planned(
        "<!-- labbook:page timeout = '9m' -->\n\n<!-- labbook: wait = '1s' -->\n```bash\n$ ls\n```\n\n```bash\n$ ls\n```\n",
    );
    let times: Vec<_> =
        plan.steps.iter().map(|step| (step.timeout.as_secs(), step.wait.as_secs())).collect();
    assert_eq!(times, [(540, 1), (540, 2)]);
    assert_eq!(plan.not_carried_out, []);
}

#[test]
fn what_is_not_carried_out_is_said() {
    let plan = planned(
        "<!-- labbook:page exact = [\"column:AGE\"] -->\n\n<!-- labbook: step = 1, unordered = true, exit = 1, wait = '1s' -->\n```bash\n$ ls\n```\n",
    );
    let said: Vec<_> = plan.not_carried_out.iter().map(|found| found.message.as_str()).collect();
    assert_eq!(
        said,
        ["labbook does not carry out `exact` yet", "labbook does not carry out `unordered` yet"]
    );
}

#[test]
fn a_directive_that_the_way_of_running_does_not_allow_is_said() {
    let said = |page: &str| -> Vec<String> {
        let plan = planned(page);
        plan.not_carried_out.iter().map(|found| found.message.clone()).collect()
    };
    let typed = "<!-- labbook: exit = 2, stdin = 'x' -->\n```console\n$ kubectl exec -it web -- sh\n/ # ls\nbin\n```\n";
    assert_eq!(
        said(typed),
        [
            "`exit` has no use here: the command is typed in the program that line 3 opens",
            "`stdin` has no use here: the command opens the program in which the next ones are typed",
        ]
    );
    let watched = "<!-- labbook: exit = 1 -->\n```console\n$ kubectl get po --watch\n```\n";
    assert_eq!(said(watched), ["`exit` has no use here: the command is interrupted"]);
    let whole = "<!-- labbook:page tty = true -->\n\n<!-- labbook: exit = 1, timeout = '1s' -->\n```console\n$ false\n```\n\n<!-- labbook: until = 'x' -->\n```console\n$ tail -f log\n```\n";
    assert_eq!(said(whole), [""; 0]);
}

#[test]
fn hidden_commands_are_planned_by_their_purpose() {
    let page = "<!-- labbook:cleanup rm a -->\n\n<!-- labbook:setup\ntouch a\nkubectl apply -f https://k8s.io/examples/a/dns.yaml\n-->\n\n<!-- labbook:verify ls a -->\n\n```bash\n$ ls\n```\n";
    let directory = workbook(page);
    let plan = plan_of(&directory, Sources::Mirrors).expect("it can be planned");
    let shown = |hidden: &[HiddenCommand]| -> Vec<_> {
        hidden.iter().map(|hidden| (hidden.written.first_line, hidden.mirrored.len())).collect()
    };
    assert_eq!(shown(&plan.hidden_setup), [(4, 0), (5, 1)]);
    assert_eq!(shown(&plan.hidden_cleanup), [(1, 0)]);
    assert!(plan.hidden_setup[1].command.contains("/it'"), "{}", plan.hidden_setup[1].command);
    let said: Vec<_> = plan.not_carried_out.iter().map(|found| found.message.as_str()).collect();
    assert_eq!(said, ["labbook does not carry out `labbook:verify` yet"]);
    // A mirrored file of a hidden command is an input too.
    fs::write(directory.path().join("it's a mirror/a/dns.yaml"), "kind: Job\n").expect("a file");
    let again = plan_of(&directory, Sources::Mirrors).expect("it can be planned");
    assert_ne!(again.inputs, plan.inputs);
    let page = page.replace("a/dns.yaml", "none.yaml");
    let error = plan_of(&workbook(&page), Sources::Mirrors).expect_err("there is no such file");
    assert!(error.to_string().starts_with("lab.md:5: the mirror of"), "{error}");
}

#[test]
fn mirrored_urls_are_read_from_files() {
    let file = r"'ROOT/it'\''s a mirror/a/dns.yaml'";
    assert_eq!(
        command("kubectl apply -f https://k8s.io/examples/a/dns.yaml"),
        Ok(format!("kubectl apply -f {file}"))
    );
    assert_eq!(
        command("kubectl apply --filename=https://k8s.io/examples/a/dns.yaml -n x"),
        Ok(r"kubectl apply '--filename=ROOT/it'\''s a mirror/a/dns.yaml' -n x".to_owned())
    );
    assert_eq!(
        command("curl -s \"https://k8s.io/examples/a/dns.yaml?raw=true\" | kubectl apply -f -"),
        Ok(r"curl -s 'file://ROOT/it'\''s a mirror/a/dns.yaml' | kubectl apply -f -".to_owned())
    );
    for text in [
        "kubectl exec a -- curl https://k8s.io/examples/a/dns.yaml",
        "echo 'see https://k8s.io/examples/a/dns.yaml'",
        "kubectl apply -f https://example.org/a/dns.yaml",
    ] {
        assert_eq!(command(text), Ok(text.to_owned()));
    }
}

#[test]
fn for_a_record_mirrored_files_are_named_from_the_root() {
    let text = "kubectl apply -f https://k8s.io/examples/a/dns.yaml -n x";
    let plan = planned(&format!("```bash\n$ {text}\n$ kubectl get pods\n```\n"));
    let [apply, get] = &plan.steps[..] else { panic!("{plan:?}") };
    assert_eq!(apply.portable, r"kubectl apply -f 'it'\''s a mirror/a/dns.yaml' -n x");
    assert_eq!((&get.portable, &get.command), (&get.step.command.text, &get.command));
}

#[test]
fn a_file_that_the_mirror_does_not_hold_is_an_error() {
    assert_eq!(
        command("kubectl apply -f https://k8s.io/examples/b.yaml"),
        Err("lab.md:2: the mirror of https://k8s.io/examples/b.yaml has no file ROOT/it's a mirror/b.yaml: add it, or run with --online".to_owned())
    );
    assert_eq!(
        command("kubectl apply -f https://k8s.io/examples/../setup.sh"),
        Err("lab.md:2: https://k8s.io/examples/../setup.sh leads out of its mirror: write it without `..`, and the file without links".to_owned())
    );
}

#[test]
fn online_reads_what_the_page_says() {
    let plan = plan_of(&workbook(PAGE), Sources::Online).expect("it can be planned");
    assert_eq!(
        (plan.steps[0].command.as_str(), plan.steps[0].mirrored.len()),
        (plan.steps[0].step.command.text.as_str(), 0)
    );
}

#[test]
fn the_inputs_change_with_what_decides_a_run_and_not_with_outputs() {
    let directory = workbook(PAGE);
    let hash = |path: &str, content: &str| {
        let before = fs::read(directory.path().join(path)).expect("the file");
        fs::write(directory.path().join(path), content).expect("a file");
        let plan = plan_of(&directory, Sources::Mirrors).expect("it can be planned");
        fs::write(directory.path().join(path), before).expect("a file");
        (plan.sha256, plan.inputs)
    };
    let first = hash("setup.sh", "true\n");
    let outputs = hash("lab.md", &PAGE.replace("16\n", "17\nand more\n"));
    assert_ne!(outputs.0, first.0);
    assert_eq!(outputs.1, first.1);
    for (path, content) in [
        ("lab.md", PAGE.replace("cat x", "cat y")),
        ("lab.md", format!("<!-- labbook:page wait = '3s' -->\n\n{PAGE}")),
        ("setup.sh", "false\n".to_owned()),
        ("labbook.toml", SETTINGS.replace("2s", "3s")),
        ("it's a mirror/a/dns.yaml", "kind: Job\n".to_owned()),
    ] {
        assert_ne!(hash(path, &content).1, first.1, "{path}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_does_not_lead_out_of_a_mirror() {
    let directory =
        workbook("```bash\n$ kubectl apply -f https://k8s.io/examples/link.yaml\n```\n");
    let link = directory.path().join("it's a mirror/link.yaml");
    std::os::unix::fs::symlink("../setup.sh", link).expect("a link");
    let error = plan_of(&directory, Sources::Mirrors).expect_err("it leads out");
    assert!(matches!(error, PlanError::MirrorOutside { line: 2, .. }), "{error}");
}
