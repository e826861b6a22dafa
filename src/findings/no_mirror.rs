//! URLs that are applied and are read from the network.

use std::collections::BTreeSet;

use super::commands::kubectl_of;
use super::shown::Shown;
use super::{Finding, place};
use crate::lab::words::{Operator, Script, Word};
use crate::lab::{Diagnostic, Severity, without_wrappers};
use crate::plan::HiddenCommand;
use crate::plan::arguments::{Arguments, Valued};

pub(super) static FINDING: Finding = Finding {
    id: "no-mirror",
    severity: Severity::Warning,
    summary: "\
A command applies a manifest from the network, or installs a chart from it, and the workbook has no \
mirror of it: the run needs the network, and whoever has the URL can change what the lab does. \
`[mirrors]` in `labbook.toml` names a directory of the workbook for all URLs that begin alike; the \
page keeps the URL. A mirror stands for a file that kubectl, helm or curl reads by its whole URL; \
where none can, a copy beside the page does. It is said once a URL, and not with `--online`.",
    example: "\
```console
$ kubectl apply -f https://example.com/manifests/shop.yaml
namespace/shop created
```
",
    instead: "\
```console
$ kubectl create namespace shop
namespace/shop created
```
",
    find: Some(find),
};

fn find(shown: &Shown<'_>) -> Vec<Diagnostic> {
    if shown.surroundings.online {
        return Vec::new();
    }
    let hidden = |hidden: &'_ HiddenCommand| (hidden.written.clone(), hidden.mirrored.clone());
    let plan = shown.plan;
    let steps = plan.steps.iter().map(|step| (step.step.command.clone(), step.mirrored.clone()));
    let all = plan.hidden_setup.iter().map(hidden).chain(steps);
    let mut told = BTreeSet::new();
    let mut found = Vec::new();
    for (command, mirrored) in all.chain(plan.hidden_cleanup.iter().map(hidden)) {
        for Fetched { url, what, way } in fetched(&command.text) {
            let is_mirrored = mirrored.iter().any(|mirrored| mirrored.url == url);
            if !is_mirrored && told.insert(url.clone()) {
                let message = format!("{what} is read from the network: {}", way.why());
                let span = place::word(shown.document, &command, &url);
                found.push(FINDING.at(span, message).help(way.help(&url)));
            }
        }
    }
    found
}

/// What a command reads from the network and gives to the cluster.
struct Fetched {
    url: String,
    what: &'static str,
    way: Way,
}

/// How it is read, which decides whether a mirror can stand for it.
#[derive(Clone, Copy)]
enum Way {
    /// As a file.
    File,
    /// As a file whose URL holds variables.
    Variable,
    /// By wget, which reads no files.
    Wget,
    /// With all that is around it.
    Repository,
}

impl Way {
    fn of(url: &str) -> Self {
        if url.contains(['$', '`']) { Self::Variable } else { Self::File }
    }

    fn why(self) -> &'static str {
        match self {
            Self::File => "no mirror stands for its URL",
            Self::Variable => "no mirror can stand for a URL that holds variables",
            Self::Wget => "no mirror can stand for what wget reads",
            Self::Repository => "no mirror can stand for a repository",
        }
    }

    fn help(self, url: &str) -> String {
        let path = url.split(['?', '#']).next().unwrap_or_default();
        let directory = path.rfind('/').map_or(path, |at| &path[..=at]);
        let mirror = format!(
            "keep a copy, and name it in labbook.toml: `[mirrors]` `\"{directory}\" = \"mirror/\"`"
        );
        match self {
            Self::File => mirror,
            Self::Variable => {
                "write the whole URL, or keep a copy beside the page and name that".to_owned()
            }
            Self::Wget => format!("read it with `curl -sL`, and {mirror}"),
            Self::Repository => "keep a copy beside the page, and name that".to_owned(),
        }
    }
}

/// What a command line reads from the network for the cluster, from left to right.
fn fetched(text: &str) -> Vec<Fetched> {
    let mut found = Vec::new();
    // What goes into the next command of a pipe.
    let mut piped: Vec<Fetched> = Vec::new();
    for simple in Script::new(text).commands() {
        if let Some((program, arguments)) = without_wrappers(&simple.words).split_first() {
            let name = program.text.rsplit('/').next().unwrap_or_default();
            let words = arguments;
            let arguments: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
            match name {
                "curl" => piped.extend(urls(&arguments).map(|url| manifest(url, Way::of(url)))),
                "wget" => piped.extend(urls(&arguments).map(|url| manifest(url, Way::Wget))),
                "kustomize" => piped.extend(remote(&arguments)),
                "helm" if installs(words) => found.extend(charts(&arguments)),
                _ => {}
            }
        }
        if let Some(call) = kubectl_of(&simple) {
            if call.verb == "kustomize" {
                let operands: Vec<&str> = call.operands.iter().map(String::as_str).collect();
                piped.extend(remote(&operands));
            }
            if matches!(&*call.verb, "apply" | "create" | "replace" | "run" | "set") {
                if call.manifests().any(|file| file == "-") {
                    found.append(&mut piped);
                }
                let files = call.values(&["f", "filename"]).flat_map(|value| value.split(','));
                found.extend(
                    files.filter(|file| is_url(file)).map(|url| manifest(url, Way::of(url))),
                );
                found.extend(remote(&call.values(&["k", "kustomize"]).collect::<Vec<_>>()));
            }
        }
        if simple.ended_by != Some(Operator::Pipe) {
            piped.clear();
        }
    }
    found
}

fn manifest(url: &str, way: Way) -> Fetched {
    Fetched { url: url.to_owned(), what: "the manifest", way }
}

fn is_url(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://")
}

fn urls<'a>(words: &[&'a str]) -> impl Iterator<Item = &'a str> {
    words.iter().copied().filter(|word| is_url(word))
}

/// The kustomizations that lie in repositories elsewhere, by the forms that
/// kustomize knows.
fn remote(words: &[&str]) -> Vec<Fetched> {
    const STARTS: [&str; 6] =
        ["github.com/", "gitlab.com/", "bitbucket.org/", "git@", "git::", "ssh://"];
    let is_remote = |word: &&&str| {
        is_url(word) || STARTS.iter().any(|start| word.starts_with(start)) || word.contains("?ref=")
    };
    let found = words.iter().filter(is_remote);
    found
        .map(|url| Fetched { what: "the kustomization", ..manifest(url, Way::Repository) })
        .collect()
}

/// Whether helm with these arguments installs a chart; plug-ins are none.
fn installs(words: &[&Word]) -> bool {
    let long = ["namespace", "kube-context", "kubeconfig"];
    let arguments = Arguments::new(words, Valued { short: "n", long: &long }, 2);
    // `helm secrets install`.
    let command = arguments.operands.iter().find(|word| **word != "secrets");
    command.is_some_and(|command| matches!(*command, "install" | "upgrade"))
}

/// The charts, and the files of values, that are given by URLs.
fn charts(words: &[&str]) -> Vec<Fetched> {
    let mut found = Vec::new();
    for (index, word) in words.iter().enumerate() {
        let (flag, url) = match word.split_once('=') {
            Some((flag, url)) if flag.starts_with("--") => (flag, url),
            _ => (index.checked_sub(1).map_or("", |before| words[before]), *word),
        };
        let (what, way) = match flag {
            "--repo" => ("the chart", Way::Repository),
            "-f" | "--values" => ("the file of values", Way::of(url)),
            // A value of the chart's own.
            flag if flag.starts_with("--set") => continue,
            _ if url.starts_with("oci://") => ("the chart", Way::Repository),
            _ => ("the chart", Way::of(url)),
        };
        if is_url(url) || url.starts_with("oci://") {
            found.push(Fetched { what, ..manifest(url, way) });
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
        2 | $ kubectl apply -f https://example.com/manifests/shop.yaml
          |                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          |
          = help: keep a copy, and name it in labbook.toml: `[mirrors]` `"https://example.com/manifests/" = "mirror/"`
        "#);
    }

    #[test]
    fn each_way_is_told_with_what_can_stand_for_it() {
        insta::assert_snapshot!(drawn(FINDING.id, "\
```console
$ curl -sL https://example.com/web.yaml | sed s/a/b/ | kubectl apply -f -
$ wget -qO- https://example.com/db.yaml | kubectl apply -f -
$ kubectl apply -k github.com/example/web//deploy?ref=v1
$ kubectl apply -f https://example.com/$VERSION/web.yaml
$ helm install web https://example.com/web-1.0.tgz
$ helm install db db --repo https://example.com/charts
$ helm install cache oci://example.com/charts/cache
$ kubectl apply -f https://example.com/web.yaml
```
"), @r#"
warning[no-mirror]: the manifest is read from the network: no mirror stands for its URL
 --> lab.md:2:12
  |
2 | $ curl -sL https://example.com/web.yaml | sed s/a/b/ | kubectl apply -f -
  |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: keep a copy, and name it in labbook.toml: `[mirrors]` `"https://example.com/" = "mirror/"`

warning[no-mirror]: the manifest is read from the network: no mirror can stand for what wget reads
 --> lab.md:3:13
  |
3 | $ wget -qO- https://example.com/db.yaml | kubectl apply -f -
  |             ^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: read it with `curl -sL`, and keep a copy, and name it in labbook.toml: `[mirrors]` `"https://example.com/" = "mirror/"`

warning[no-mirror]: the kustomization is read from the network: no mirror can stand for a repository
 --> lab.md:4:20
  |
4 | $ kubectl apply -k github.com/example/web//deploy?ref=v1
  |                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: keep a copy beside the page, and name that

warning[no-mirror]: the manifest is read from the network: no mirror can stand for a URL that holds variables
 --> lab.md:5:20
  |
5 | $ kubectl apply -f https://example.com/$VERSION/web.yaml
  |                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: write the whole URL, or keep a copy beside the page and name that

warning[no-mirror]: the chart is read from the network: no mirror stands for its URL
 --> lab.md:6:20
  |
6 | $ helm install web https://example.com/web-1.0.tgz
  |                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: keep a copy, and name it in labbook.toml: `[mirrors]` `"https://example.com/" = "mirror/"`

warning[no-mirror]: the chart is read from the network: no mirror can stand for a repository
 --> lab.md:7:29
  |
7 | $ helm install db db --repo https://example.com/charts
  |                             ^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: keep a copy beside the page, and name that

warning[no-mirror]: the chart is read from the network: no mirror can stand for a repository
 --> lab.md:8:22
  |
8 | $ helm install cache oci://example.com/charts/cache
  |                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: keep a copy beside the page, and name that
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
            "\
$ curl https://example.com/web.yaml | head -n 3; kubectl apply -f - < web.yaml
",
            "\
$ helm upgrade --install web ./web --set url=https://example.com/
",
            "\
$ helm plugin install https://example.com/plugin
",
            "\
$ kubectl apply -k web
",
        ] {
            assert!(!ids_of(session).contains(&FINDING.id), "{session}");
        }
    }
}
