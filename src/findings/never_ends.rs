//! Commands that do not return by themselves.

use super::shown::Shown;
use super::{Finding, place};
use crate::lab::words::Script;
use crate::lab::{Diagnostic, Severity};

pub(super) static FINDING: Finding = Finding {
    id: "never-ends",
    severity: Severity::Warning,
    summary: "\
A command does not return by itself: it watches, follows, forwards or serves until somebody stops \
it. A run stops it at the latest when its time is over, and that it was stopped is no result.",
    example: "\
```console
$ kubectl get pods --watch
NAME   READY   STATUS    RESTARTS   AGE
web    1/1     Running   0          30s
```
",
    instead: "\
```console
$ kubectl wait --for=condition=Ready pod/web
pod/web condition met
```
",
    find: Some(find),
};

fn find(shown: &Shown<'_>) -> Vec<Diagnostic> {
    let blocking = |text: &str| !text.trim_end().ends_with('&');
    let steps = shown.lab.steps.iter().filter(|step| step.flags.blocking && !step.flags.nested);
    steps
        .filter(|step| blocking(&step.command.text))
        .map(|step| {
            FINDING
                .at(
                    place::command(shown.document, &step.command),
                    "the command does not return by itself",
                )
                .help(instead(&step.command.text))
        })
        .collect()
}

/// What to write in the place of a command that does not return.
fn instead(text: &str) -> &'static str {
    let script = Script::new(text);
    for simple in script.commands() {
        let words: Vec<&str> = simple.words.iter().map(|word| word.text.as_str()).collect();
        let rest = match words.as_slice() {
            ["sudo", rest @ ..] => rest,
            all => all,
        };
        let Some((program, arguments)) = rest.split_first() else {
            continue;
        };
        let has = |word: &str| arguments.contains(&word);
        match *program {
            "while" | "until" | "for" => return "count: `for i in $(seq 10); do …; done`",
            "watch" => {
                return "write the command alone: a run repeats what only reads until its result has come";
            }
            "kubectl" | "k" | "oc" if has("port-forward") || has("proxy") => {
                return "let it run beside the next commands: end the line with ` &`";
            }
            "kubectl" | "k" | "oc" if has("logs") => {
                return "leave out `-f`: a run repeats what only reads until its result has come";
            }
            "kubectl" | "k" | "oc" => {
                return "write `kubectl wait --for=…`, or leave out `--watch`: a run repeats what \
                        only reads until its result has come";
            }
            "tail" | "journalctl" | "docker" | "stern" => {
                return "leave out `-f`, and say how many lines";
            }
            "ping" => return "say how often: `ping -c 3 HOST`",
            "top" | "htop" | "k9s" => return "show `kubectl top`, or `top -b -n 1`",
            _ => {}
        }
    }
    "let it run beside the next commands: end the line with ` &`"
}

#[cfg(test)]
mod tests {
    use super::FINDING;
    use crate::findings::tests::{drawn, ids_of};

    #[test]
    fn it_is_drawn() {
        insta::assert_snapshot!(drawn(FINDING.id, FINDING.example), @r"
        warning[never-ends]: the command does not return by itself
         --> lab.md:2:1
          |
        2 | $ kubectl get pods --watch
          | ^^^^^^^^^^^^^^^^^^^^^^^^^^
          |
          = help: write `kubectl wait --for=…`, or leave out `--watch`: a run repeats what only reads until its result has come
        ");
    }

    #[test]
    fn what_returns_is_none() {
        for session in [
            "\
$ kubectl port-forward svc/web 8080:80 &
",
            "\
$ kubectl logs web
",
            "\
$ kubectl rollout status deployment web
",
            "\
$ timeout 5 kubectl get pods -w
",
        ] {
            assert!(!ids_of(session).contains(&FINDING.id), "{session}");
        }
    }
}
