//! Each finding on its own example, and what holds of all.

use std::path::{Path, PathBuf};

use super::{FINDINGS, Page, Questions, Surroundings, all};
use crate::document::Document;
use crate::lab::{self, Diagnostic};
use crate::plan::{self, Plan, Sources};
use crate::workbook::{Config, Workbook};

/// The programs of the tests' machine.
const INSTALLED: [&str; 8] =
    ["bash", "sh", "kubectl", "sudo", "apt-get", "curl", "cat", "minikube"];

/// All that labbook says of a page, in the order of the page, where few programs
/// are installed and no file lies beside the page.
pub(super) fn said(text: &str) -> (Document, Vec<Diagnostic>) {
    let document = Document::new(text.as_bytes().to_vec());
    let (lab, mut diagnostics) = lab::read(&document);
    // It does not exist, so that no file of this machine decides anything.
    let root = PathBuf::from("/labbook-test-workbook");
    let workbook = Workbook { root: root.clone(), config: Config::default() };
    let plan = Plan::new(&workbook, &root.join("lab.md"), &document, &lab, Sources::Mirrors)
        .expect("a page without mirrors");
    let asked = Questions::of(&lab, &plan);
    let surroundings = Surroundings {
        missing_programs: asked
            .programs
            .into_iter()
            .filter(|name| !INSTALLED.contains(&name.as_str()))
            .collect(),
        missing_files: asked.files,
        online: false,
    };
    let page = Page { document: &document, lab: &lab, plan: &plan, surroundings: &surroundings };
    diagnostics.extend(plan.not_carried_out.iter().cloned());
    let said = all(diagnostics, &page);
    (document, said)
}

/// The diagnostics of one id that a page has, drawn one under the other.
pub(super) fn drawn(id: &str, text: &str) -> String {
    let (document, said) = said(text);
    let of_id = said.iter().filter(|diagnostic| diagnostic.id == id);
    let drawings: Vec<String> =
        of_id.map(|diagnostic| diagnostic.draw("lab.md", &document)).collect();
    drawings.join("\n\n")
}

/// The ids of what is said of a console fence.
pub(super) fn ids_of(session: &str) -> Vec<&'static str> {
    let (_, said) = said(&format!("```console\n{session}\n```\n"));
    said.iter().map(|diagnostic| diagnostic.id).collect()
}

/// Fails where a command that a help line shows would itself be found fault with.
pub(super) fn checks_clean(help: &str) {
    let is_command = |shown: &&str| {
        shown.split_once(' ').is_some_and(|(program, _)| {
            program.starts_with(|char: char| char.is_ascii_lowercase()) && !program.contains(':')
        })
    };
    for shown in help.split('`').skip(1).step_by(2).filter(is_command) {
        // A here-document is begun only.
        let end = if shown.ends_with("<<'EOF'") { "\n> kind: Pod\n> EOF" } else { "" };
        let (_, said) = said(&format!("```console\n$ {shown}{end}\n```\n"));
        let said = said.iter().filter(|found| !matches!(found.id, "missing-program" | "no-steps"));
        assert_eq!(said.map(|found| found.id).collect::<Vec<_>>(), [""; 0], "{shown}");
    }
}

#[test]
fn each_example_has_its_finding_and_each_correction_has_not() {
    let mut wrong = Vec::new();
    for finding in FINDINGS.iter().filter(|finding| !finding.example.is_empty()) {
        let (_, found) = said(finding.example);
        let mut of_id = found.iter().filter(|found| found.id == finding.id);
        if !of_id.any(|found| found.severity == finding.severity) {
            wrong.push(format!("{} is not found in its example: {found:?}", finding.id));
        }
        let (_, found) = said(finding.instead);
        let found: Vec<&str> = found.iter().map(|found| found.id).collect();
        if !found.is_empty() {
            wrong.push(format!("the correction of {} has {found:?}", finding.id));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_help_lines_show_checks_clean() {
    for finding in FINDINGS {
        let (_, found) = said(finding.example);
        found.iter().filter_map(|found| found.help.as_deref()).for_each(checks_clean);
    }
}

#[test]
fn every_diagnostic_has_a_finding_and_each_id_is_once() {
    let mut ids: Vec<&str> = FINDINGS.iter().map(|finding| finding.id).collect();
    ids.sort_unstable();
    assert!(ids.contains(&plan::NOT_CARRIED_OUT));
    assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "{ids:?}");
    let pattern = r#"(?:\b(?:error|warning|new)\(\s*|\bid: )"([a-z]+(?:-[a-z]+)*)""#;
    let made = regex::Regex::new(pattern).expect("the pattern is a constant");
    let mut sources = Vec::new();
    for room in ["src/lab", "src/document", "src/plan", "src/findings", "src/cli/pages.rs"] {
        files(&Path::new(env!("CARGO_MANIFEST_DIR")).join(room), &mut sources);
    }
    for path in sources.iter().filter(|path| !path.ends_with("findings/tests.rs")) {
        let source = std::fs::read_to_string(path).expect("a source");
        let code = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        for captures in made.captures_iter(code) {
            let id = &captures[1];
            assert!(ids.contains(&id), "{}: {id} is not in FINDINGS", path.display());
        }
    }
}

fn files(directory: &Path, found: &mut Vec<PathBuf>) {
    if directory.is_file() {
        return found.push(directory.to_owned());
    }
    for entry in std::fs::read_dir(directory).expect("a room") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

#[test]
fn a_page_whose_steps_are_not_read_is_not_told_that_it_has_none() {
    let ids = |page: &str| said(page).1.iter().map(|found| found.id).collect::<Vec<_>>();
    assert_eq!(ids("Text.\n"), ["no-steps"]);
    assert_eq!(ids("```bash\nNo command :)\n```\n"), ["unread-fence"]);
    assert_eq!(ids("```\nText.\n"), ["unterminated-fence"]);
    assert_eq!(
        ids("<!-- labbook: skipp = 'why' -->\n```yaml\na: b\n```\n"),
        ["unknown-directive-key"]
    );
}

#[test]
fn what_is_skipped_needs_nothing() {
    let fence = "```console\n$ kubectl edit pod web\n$ helm list\n```\n";
    let ids = |page: &str| said(page).1.iter().map(|found| found.id).collect::<Vec<_>>();
    assert_eq!(ids(fence), ["needs-a-person", "missing-program"]);
    assert_eq!(ids(&format!("<!-- labbook: skip = 'too dear' -->\n{fence}")), [""; 0]);
}

#[test]
fn hidden_commands_are_commands() {
    let page = "\
<!-- labbook:setup
kubectl create namespace <name>
kubectl get pods –n kube-system
kubectl apply -f web.yaml
helm list
kubectl apply -f https://example.com/web.yaml
-->

```console
$ kubectl get pods
```

<!-- labbook:cleanup
docker exec -it db psql
kubectl edit pod web
kubectl get pods -w
-->
";
    let ids: Vec<_> = said(page).1.into_iter().map(|found| (found.id, found.help)).collect();
    assert_eq!(
        ids.iter().map(|(id, _)| *id).collect::<Vec<_>>(),
        [
            "placeholder",
            "typographic-character",
            "missing-file",
            "missing-program",
            "no-mirror",
            "opens-a-shell",
            "missing-program",
            "needs-a-person",
            "never-ends"
        ]
    );
    assert!(ids[5].1.as_deref().is_some_and(|help| help.contains("psql -c")), "{ids:?}");
}

#[test]
fn what_hidden_commands_make_is_there() {
    let page = |hidden: &str| {
        let fence = "```console\n$ kubectl apply -f web.yaml\npod/web created\n$ jq . a\n1\n```\n";
        let (_, said) = said(&format!("<!-- labbook:setup\n{hidden}\n-->\n\n{fence}"));
        said.iter().map(|found| found.id).collect::<Vec<_>>()
    };
    assert_eq!(page("true"), ["missing-file", "missing-program"]);
    assert_eq!(page("cat > web.yaml < /dev/null"), ["missing-program"]);
    assert_eq!(page("sudo apt-get install -y jq"), [""; 0]);
}

#[test]
fn places_are_inside_the_page() {
    for finding in FINDINGS {
        // Line ends and prefixes of another kind, and a page that is cut.
        for text in [
            finding.example.replace('\n', "\r\n"),
            format!("> {}", finding.example.replace('\n', "\n> ")),
            finding.example[..finding.example.len() / 2].to_owned(),
        ] {
            let (document, said) = said(&text);
            for diagnostic in said {
                let places = diagnostic.related.iter().map(|(place, _)| place);
                for place in places.chain([&diagnostic.span]) {
                    assert!(document.text().get(place.clone()).is_some(), "{diagnostic:?}");
                }
            }
        }
    }
}
