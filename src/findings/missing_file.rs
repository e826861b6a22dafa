//! Files that a command reads, and nothing made.

use std::collections::BTreeSet;

use super::files::{Touched, touched};
use super::shown::Shown;
use super::{Finding, place};
use crate::lab::{Diagnostic, Role, Severity, Step};

pub(super) static FINDING: Finding = Finding {
    id: "missing-file",
    severity: Severity::Warning,
    summary: "\
A command reads a file that does not lie in the page's directory and that no command before it made, \
on its own line or above, so that its step will fail. It is said once a file, and no more after a \
command that may make any file: one that changes the directory, clones, downloads, unpacks, or is a script. A manifest that \
the page only shows is no file.",
    example: "\
```yaml
kind: Namespace
apiVersion: v1
metadata:
  name: shop
```

```console
$ kubectl apply -f namespace.yaml
namespace/shop created
```
",
    instead: "\
```console
$ cat > namespace.yaml <<'EOF'
> kind: Namespace
> apiVersion: v1
> metadata:
>   name: shop
> EOF
$ kubectl apply -f namespace.yaml
namespace/shop created
```
",
    find: Some(find),
};

fn find(shown: &Shown<'_>) -> Vec<Diagnostic> {
    // What a setup script makes is not known.
    if shown.plan.setup.is_some() {
        return Vec::new();
    }
    let mut made = Made::default();
    let mut found = Vec::new();
    let mut fences = 0;
    for step in shown.commands() {
        if step.flags.nested {
            continue;
        }
        for fence in fences..step.fence {
            let directive = shown.lab.directives.of_fence(fence);
            made.add(Some(
                directive
                    .and_then(|it| it.all.text("file"))
                    .map(str::to_owned)
                    .into_iter()
                    .collect(),
            ));
        }
        fences = fences.max(step.fence);
        let is_run = !step.flags.powershell && !step.flags.placeholder;
        for Touched { reads, makes } in touched(&step.command.text) {
            for file in reads.into_iter().filter(|_| is_run) {
                if shown.surroundings.missing_files.contains(&file) && !made.has(&file) {
                    found.push(missing(shown, step, &file));
                    made.add(Some(vec![file]));
                }
            }
            if !made.add(makes) {
                return found;
            }
        }
    }
    found
}

fn missing(shown: &Shown<'_>, step: &Step, file: &str) -> Diagnostic {
    let found = FINDING.at(
        place::word(shown.document, &step.command, file),
        format!("nothing makes the file `{file}` that the command reads"),
    );
    match shown_before(shown, step.fence, file) {
        Some(open) => found
            .related(place::trimmed(shown.document, open), "this is shown, and not written")
            .help(format!(
                "write it in a command: `cat > {file} <<'EOF'`, or put it into the page's directory"
            )),
        None => found.help(
            "put it into the page's directory, make it with a command before, or in the lab's \
             setup script",
        ),
    }
}

/// The files that commands made.
#[derive(Default)]
struct Made(BTreeSet<String>);

impl Made {
    /// Adds what a command makes; false where it may have made any file.
    fn add(&mut self, files: Option<Vec<String>>) -> bool {
        let known = files.is_some();
        self.0.extend(files.into_iter().flatten().map(|file| plain(&file).to_owned()));
        known
    }

    /// Whether a file is one of them, or a directory that holds one.
    fn has(&self, file: &str) -> bool {
        let inside = format!("{}/", plain(file));
        let first = self.0.range(inside.clone()..).next();
        self.0.contains(plain(file)) || first.is_some_and(|made| made.starts_with(&inside))
    }
}

fn plain(file: &str) -> &str {
    file.strip_prefix("./").unwrap_or(file).trim_end_matches('/')
}

/// The line of the last fence before another that shows a file of this file's
/// language.
fn shown_before(shown: &Shown<'_>, fence: usize, file: &str) -> Option<usize> {
    let extension = file.rsplit_once('.')?.1;
    let named = |language: &str| if language == "yml" { "yaml" } else { language }.to_owned();
    let fences = shown.document.fences()[..fence].iter().zip(&shown.lab.fences);
    let mut files = fences.filter(|(fence, reading)| {
        reading.role == Role::File && named(&fence.language) == named(extension)
    });
    files.next_back().map(|(fence, _)| fence.open)
}

#[cfg(test)]
mod tests {
    use super::FINDING;
    use crate::findings::tests::{drawn, ids_of};

    #[test]
    fn it_is_drawn() {
        insta::assert_snapshot!(drawn(FINDING.id, FINDING.example), @r"
        warning[missing-file]: nothing makes the file `namespace.yaml` that the command reads
         --> lab.md:9:20
          |
        1 | ```yaml
          | ------- this is shown, and not written
        ...
        9 | $ kubectl apply -f namespace.yaml
          |                    ^^^^^^^^^^^^^^
          |
          = help: write it in a command: `cat > namespace.yaml <<'EOF'`, or put it into the page's directory
        ");
    }

    #[test]
    fn what_is_made_too_late_is_told() {
        for line in [
            "kubectl apply -f web.yaml && kubectl get pod web -o yaml > web.yaml",
            "sh web.yaml; git clone https://example.com/lab.git",
        ] {
            assert!(ids_of(&format!("$ {line}")).contains(&FINDING.id), "{line}");
        }
    }

    #[test]
    fn what_a_directive_writes_is_there() {
        let fence = "```yaml\nkind: Pod\n```\n\n```console\n$ kubectl apply -f web.yaml\n```\n";
        assert_ne!(drawn(FINDING.id, fence), "");
        assert_eq!(
            drawn(FINDING.id, &format!("<!-- labbook: file = \"web.yaml\" -->\n{fence}")),
            ""
        );
    }

    #[test]
    fn what_may_be_made_is_none() {
        for session in [
            "\
$ cat > web.yaml <<'EOF'
> kind: Pod
> EOF
$ kubectl apply -f ./web.yaml
",
            "\
$ git clone https://example.com/lab.git
$ kubectl apply -f lab/web.yaml
",
            "\
$ cd lab
$ kubectl apply -f web.yaml
",
            "\
$ kubectl get pod web -o yaml > web.yaml
$ kubectl replace -f web.yaml
",
            "\
$ kubectl apply -f https://example.com/web.yaml
",
            "\
$ kubectl logs -f web
",
            "\
$ kubectl create deployment web --image=nginx --dry-run=client -o yaml > web.yaml && kubectl apply -f web.yaml
",
            "\
$ git clone https://example.com/lab.git && cd lab && kubectl apply -f web.yaml
",
            "\
$ curl -so get.sh https://example.com/get.sh; sh get.sh
",
            "\
$ mkdir -p web && echo 'kind: Pod' > web/pod.yaml
$ kubectl apply -f web
",
            "\
$ cp ../web.yaml . && kubectl apply -f web.yaml
",
            "\
$ git clone https://example.com/<your-name>/lab.git
$ kubectl apply -f lab/web.yaml
",
            "\
$ test -f web.yaml && kubectl apply -f web.yaml
",
        ] {
            assert!(!ids_of(session).contains(&FINDING.id), "{session}");
        }
    }
}
