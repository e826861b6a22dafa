//! Commands that open a browser.

use super::commands::first_known;
use super::shown::Shown;
use super::{Finding, place};
use crate::lab::{Diagnostic, Severity};

pub(super) static FINDING: Finding = Finding {
    id: "opens-a-browser",
    severity: Severity::Warning,
    summary: "\
A command opens a browser, which a run does not have, and whose page it could not compare.",
    example: "\
```console
$ minikube service web
```
",
    instead: "\
```console
$ curl -s $(minikube service web --url)
ready
```
",
    find: Some(find),
};

fn find(shown: &Shown<'_>) -> Vec<Diagnostic> {
    let steps = shown.commands().filter(|step| opens_a_browser(&step.command.text));
    steps
        .map(|step| {
            FINDING
                .at(
                    place::command(shown.document, &step.command),
                    "the command opens a browser, which a run does not have",
                )
                .help("ask for the address instead, and fetch the page with `curl`")
        })
        .collect()
}

fn opens_a_browser(text: &str) -> bool {
    let opens = |name: &str, arguments: &[&str]| {
        let has = |word: &str| arguments.contains(&word);
        let is_url = |word: &&str| word.starts_with("http://") || word.starts_with("https://");
        let opens = match (name, arguments.first().copied().unwrap_or_default()) {
            (
                "open" | "start" | "xdg-open" | "sensible-browser" | "explorer" | "x-www-browser",
                _,
            ) => arguments.iter().any(is_url),
            ("firefox" | "google-chrome" | "chromium", _) => true,
            ("minikube", "dashboard") => !has("--url"),
            ("minikube", "service") => !has("list") && !has("--url") && !has("--url=true"),
            ("istioctl", "dashboard" | "dash" | "d") => {
                !arguments.iter().any(|word| word.starts_with("--browser=false"))
            }
            ("linkerd", _) => has("dashboard"),
            _ => false,
        };
        opens.then_some(())
    };
    first_known(text, opens).is_some()
}

#[cfg(test)]
mod tests {
    use super::FINDING;
    use crate::findings::tests::{drawn, ids_of};

    #[test]
    fn it_is_drawn() {
        insta::assert_snapshot!(drawn(FINDING.id, FINDING.example), @r"
        warning[opens-a-browser]: the command opens a browser, which a run does not have
         --> lab.md:2:1
          |
        2 | $ minikube service web
          | ^^^^^^^^^^^^^^^^^^^^^^
          |
          = help: ask for the address instead, and fetch the page with `curl`
        ");
    }

    #[test]
    fn addresses_alone_are_none() {
        for session in [
            "\
$ minikube service web --url
",
            "\
$ minikube service list
",
            "\
$ curl http://localhost:8080
",
            "\
$ minikube dashboard --url &
",
        ] {
            assert!(!ids_of(session).contains(&FINDING.id), "{session}");
        }
    }
}
