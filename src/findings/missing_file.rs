//! Files that a command reads, and nothing made.

use std::collections::BTreeSet;

use super::shown::Shown;
use super::{Finding, files, place};
use crate::lab::{Diagnostic, Role, Severity};

pub(super) static FINDING: Finding = Finding {
    id: "missing-file",
    severity: Severity::Warning,
    summary: "\
A command reads a file that does not lie in the page's directory and that no command before made, \
so that its step will fail. It is said once a file, and no more after a command that may make any \
file: one that changes the directory, clones, downloads, unpacks, or is a script. A manifest that \
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
    let mut made: BTreeSet<String> = BTreeSet::new();
    for hidden in &shown.plan.hidden_setup {
        let Some(files) = files::made_by(&hidden.written.text) else { return Vec::new() };
        made.extend(files.iter().map(|file| plain(file).to_owned()));
    }
    let mut found = Vec::new();
    for step in &shown.lab.steps {
        let text = &step.command.text;
        if step.flags.nested || step.flags.powershell || step.flags.placeholder {
            continue;
        }
        for file in files::read_by(text) {
            if !shown.surroundings.missing_files.contains(&file) || made.contains(plain(&file)) {
                continue;
            }
            let manifest = shown_before(shown, step.fence, &file);
            let mut diagnostic = FINDING.at(
                place::word(shown.document, &step.command, &file),
                format!("nothing makes the file `{file}` that the command reads"),
            );
            diagnostic = match manifest {
                Some(open) => diagnostic
                    .related(place::trimmed(shown.document, open), "this is shown, and not written")
                    .help(format!(
                        "write it in a command: `cat > {file} <<'EOF'`, or put it into the page's directory"
                    )),
                None => diagnostic.help(
                    "put it into the page's directory, make it with a command before, or in the lab's \
                     setup script",
                ),
            };
            found.push(diagnostic);
            made.insert(plain(&file).to_owned());
        }
        match files::made_by(text) {
            Some(files) => made.extend(files.iter().map(|file| plain(file).to_owned())),
            None => break,
        }
    }
    found
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
        ] {
            assert!(!ids_of(session).contains(&FINDING.id), "{session}");
        }
    }
}
