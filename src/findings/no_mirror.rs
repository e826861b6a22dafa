//! URLs that are applied and are read from the network.

use super::commands::Kubectl;
use super::shown::Shown;
use super::{Finding, place};
use crate::lab::{Diagnostic, Severity};

pub(super) static FINDING: Finding = Finding {
    id: "no-mirror",
    severity: Severity::Warning,
    summary: "\
A command applies a manifest from the network, and the workbook has no mirror of it: the run needs \
the network, and whoever has the URL can change what the lab does. `[mirrors]` in `labbook.toml` \
names a directory of the workbook for all URLs that begin alike; the page keeps the URL. With \
`--online` it is not said.",
    example: "\
```console
$ kubectl apply -f https://example.com/manifests/web.yaml
deployment.apps/web created
```
",
    instead: "\
```console
$ kubectl apply -f web.yaml
deployment.apps/web created
```
",
    find: Some(find),
};

fn find(shown: &Shown<'_>) -> Vec<Diagnostic> {
    if shown.surroundings.online {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (index, planned) in shown.plan.steps.iter().enumerate() {
        let applying = shown.calls[index].iter().filter(|call| {
            matches!(call.verb.as_str(), "apply" | "create" | "replace" | "run" | "set")
        });
        for url in applying.flat_map(Kubectl::manifests) {
            let remote = url.starts_with("http://") || url.starts_with("https://");
            if !remote || planned.mirrored.iter().any(|mirrored| mirrored.url == url) {
                continue;
            }
            let directory = url.rfind('/').map_or(url, |at| &url[..=at]);
            found.push(
                FINDING
                    .at(
                        place::word(shown.document, &planned.step.command, url),
                        "the manifest is read from the network: no mirror stands for its URL",
                    )
                    .help(format!(
                        "keep a copy, and name it in labbook.toml: `[mirrors]` \
                         `\"{directory}\" = \"mirror/\"`"
                    )),
            );
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::FINDING;
    use crate::findings::tests::{drawn, ids_of};

    #[test]
    fn it_is_drawn() {
        insta::assert_snapshot!(drawn(FINDING.id, FINDING.example), @r#"
        warning[no-mirror]: the manifest is read from the network: no mirror stands for its URL
         --> lab.md:2:20
          |
        2 | $ kubectl apply -f https://example.com/manifests/web.yaml
          |                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          |
          = help: keep a copy, and name it in labbook.toml: `[mirrors]` `"https://example.com/manifests/" = "mirror/"`
        "#);
    }

    #[test]
    fn what_is_not_fetched_is_none() {
        for session in [
            "\
$ kubectl apply -f web.yaml
",
            "\
$ kubectl get pods -o jsonpath='{.items[0].status.podIP}' 
",
            "\
$ curl https://example.com/web.yaml
",
        ] {
            assert!(!ids_of(session).contains(&FINDING.id), "{session}");
        }
    }
}
