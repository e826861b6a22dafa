//! Credentials that stand on the page.

use super::Finding;
use super::shown::Shown;
use crate::lab::{Diagnostic, Severity};
use crate::printed::secret;

pub(super) static FINDING: Finding = Finding {
    id: "secret",
    severity: Severity::Warning,
    summary: "\
The page holds what looks like a credential: a private key, a signed token (JWT), or a token or key \
of GitHub, GitLab, Slack, Google or AWS. Whoever reads the page has it. Samples, and what was cut \
or crossed out, are not meant; nor are passwords, which no shape tells from other words. In what \
labbook draws, stars stand in its place.",
    example: "\
```console
$ kubectl create token reader
eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJpc3MiOiJodHRwczovL2xhYi5pbnZhbGlkIiwic3ViIjoicmVhZGVyIn0.bm8tc2lnbmF0dXJlLWlzLWhlcmUtYXQtYWxs
```
",
    instead: "\
```console
$ kubectl create token reader
eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0...
```
",
    find: Some(find),
};

fn find(shown: &Shown<'_>) -> Vec<Diagnostic> {
    let document = shown.document;
    let found = secret::find(document.text());
    found
        .into_iter()
        .map(|secret| {
            // Of a key that goes over lines, its first.
            let start = secret.span.start;
            let text = &document.text()[secret.span.clone()];
            let blank = text.len() - text.trim_start().len();
            let start = start + blank;
            let end = document.line(document.line_of(start)).end.min(secret.span.end);
            FINDING
                .at(start..end.max(start), format!("the page holds {}", secret.what))
                .help("make it void where it is from, and write `...` in its place")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::FINDING;
    use crate::findings::tests::{drawn, ids_of};

    #[test]
    fn it_is_drawn() {
        insta::assert_snapshot!(drawn(FINDING.id, FINDING.example), @r"
        warning[secret]: the page holds a signed token (JWT)
         --> lab.md:3:1
          |
        3 | ************************************************************************************************************************************
          | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          |
          = help: make it void where it is from, and write `...` in its place
        ");
    }

    #[test]
    fn samples_are_none() {
        for session in [
            "\
$ kubectl create secret generic db --from-literal=password=s3cr3t
secret/db created
",
            "\
$ kubectl get secret db -o yaml
data:
  password: czNjcjN0
kind: Secret
",
        ] {
            assert!(!ids_of(session).contains(&FINDING.id), "{session}");
        }
    }
}
