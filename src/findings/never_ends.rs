//! Commands that do not return by themselves.

use super::commands::{first_known, kubectl_of};
use super::shown::Shown;
use super::{Finding, place};
use crate::lab::words::{Operator, Script, Word};
use crate::lab::{Diagnostic, Severity, without_wrappers};
use crate::plan::Conduct;

pub(super) static FINDING: Finding = Finding {
    id: "never-ends",
    severity: Severity::Warning,
    summary: "\
A command does not return by itself, and nothing on the page says when it has shown enough. What \
forwards or serves goes on in the background until the page ends, and what watches or follows is \
interrupted once it has shown what the page shows; but here the page shows nothing, so it is \
interrupted as soon as it falls silent. Or the command reads what is typed, such as `cat > FILE` and \
what is pasted after it: in a run nobody types.",
    example: "\
```console
$ kubectl get pods --watch
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
    let steps = shown.commands().filter(|step| !step.flags.nested);
    let told = steps.filter_map(|step| {
        let text = &step.command.text;
        let (message, help) = if step.flags.blocking && !text.trim_end().ends_with('&') {
            // A hidden command is run to its end.
            match shown.planned(step).map(|planned| &planned.conduct) {
                None | Some(Conduct::Whole) => {
                    ("the command does not return by itself", instead(text))
                }
                Some(Conduct::Watched { until: None }) if step.outputs.is_empty() => (
                    "the command does not return by itself, and nothing says when it has shown enough",
                    format!("show what it prints, say with an until directive when it has shown enough, or {}", instead(text)),
                ),
                Some(_) => return None,
            }
        } else {
            if shown.planned(step).is_some_and(|planned| planned.stdin.is_some()) {
                return None;
            }
            ("the command reads what is typed, and nobody types", unfed(text)?)
        };
        let place = place::command(shown.document, &step.command);
        Some(FINDING.at(place, message).help(help))
    });
    told.collect()
}

/// What to write in the place of a command that reads the terminal, though it
/// opens no program of its own.
fn unfed(text: &str) -> Option<String> {
    let mut piped = false;
    for simple in Script::new(text).commands() {
        let fed = piped
            // What a whole block reads is given after it.
            || simple.block
            || simple.redirects.iter().any(|(operator, _)| {
                matches!(operator, Operator::Read | Operator::Heredoc | Operator::Herestring)
            });
        piped = simple.ended_by == Some(Operator::Pipe);
        let Some((program, arguments)) = without_wrappers(&simple.words).split_first() else {
            continue;
        };
        let operand = arguments.iter().find(|word| !word.text.starts_with('-'));
        let reads = match program.text.as_str() {
            "cat" => operand.is_none() && !asks_for_help(arguments),
            "tee" => !asks_for_help(arguments),
            _ => kubectl_of(&simple).is_some_and(|call| call.manifests().any(|file| file == "-")),
        };
        if reads && !fed {
            let written =
                simple.redirects.iter().find(|(operator, _)| *operator == Operator::Write);
            let target = written.and_then(|(_, target)| *target);
            let target = target.map_or_else(String::new, |target| format!(" > {}", target.text));
            let words: Vec<&str> =
                simple.words.iter().map(|word| &text[word.span.clone()]).collect();
            return Some(format!(
                "give it what it reads as a here-document: `{}{target} <<'EOF'`",
                words.join(" ")
            ));
        }
    }
    None
}

fn asks_for_help(arguments: &[&Word]) -> bool {
    arguments.iter().any(|word| matches!(word.text.as_str(), "--help" | "--version"))
}

/// What to write in the place of a command that does not return.
fn instead(text: &str) -> String {
    if ["while", "until", "for"].iter().any(|word| text.trim_start().starts_with(word)) {
        return "count: `for i in $(seq 10); do kubectl get pods; sleep 1; done`".to_owned();
    }
    first_known(text, of_program)
        .unwrap_or_else(|| "let it run beside the next commands: end the line with ` &`".to_owned())
}

fn of_program(name: &str, arguments: &[&str]) -> Option<String> {
    let has = |word: &str| arguments.contains(&word);
    let help = match name {
        "kubectl" | "k" | "oc" | "kubecolor" => {
            let dashes = arguments.iter().position(|word| *word == "--");
            if let Some((inner, rest)) = dashes.and_then(|at| arguments[at + 1..].split_first())
                && !rest.contains(&"--")
            {
                return of_program(inner, rest);
            }
            if has("port-forward") || has("proxy") {
                return None;
            }
            if has("logs") {
                "leave out `-f`: a run repeats what only reads until its result has come"
            } else {
                "write what is waited for, as in `kubectl wait --for=condition=Ready pod/web`, or \
                 leave out `--watch`: a run repeats what only reads until its result has come"
            }
        }
        "watch" => {
            "write the command alone: a run repeats what only reads until its result has come"
        }
        "docker" | "docker-compose" | "podman" | "nerdctl" if has("up") => {
            let compose = if name == "docker-compose" { "" } else { " compose" };
            return Some(format!("let it run in the background: `{name}{compose} up -d`"));
        }
        "sleep" => "say how long: `sleep 10`",
        "tail" if has("/dev/null") => "say how long: `sleep 10`",
        "tail" | "journalctl" | "docker" | "docker-compose" | "podman" | "nerdctl" | "stern" => {
            "leave out `-f`, and say how many lines"
        }
        "ping" | "ping6" => {
            let host = arguments.iter().rfind(|word| !word.starts_with('-'));
            return Some(format!("say how often: `{name} -c 3 {}`", host.unwrap_or(&"localhost")));
        }
        "top" | "htop" | "k9s" => "print it once: `top -b -n 1`, or `kubectl top pods`",
        "yes" => "say how many lines: `yes | head -n 3`",
        _ => return None,
    };
    Some(help.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{FINDING, instead, unfed};
    use crate::findings::tests::{checks_clean, drawn, ids_of};

    #[test]
    fn it_is_drawn() {
        insta::assert_snapshot!(drawn(FINDING.id, FINDING.example), @r"
        warning[never-ends]: the command does not return by itself, and nothing says when it has shown enough
         --> lab.md:2:1
          |
        2 | $ kubectl get pods --watch
          | ^^^^^^^^^^^^^^^^^^^^^^^^^^
          |
          = help: show what it prints, say with an until directive when it has shown enough, or write what is waited for, as in `kubectl wait --for=condition=Ready pod/web`, or leave out `--watch`: a run repeats what only reads until its result has come
        ");
    }

    #[test]
    fn what_to_write_instead_returns() {
        for (command, help) in [
            ("while true; do kubectl get pods; done", "count: "),
            ("watch kubectl get pods", "write the command alone: "),
            ("kubectl exec web -- ping db", "say how often: `ping -c 3 db`"),
            ("kubectl port-forward svc/web 80", "let it run beside the next commands: "),
            ("kubectl get pods -w", "write what is waited for, "),
            ("kubectl logs -f web", "leave out `-f`: "),
            ("docker compose up", "let it run in the background: "),
            ("sudo tail -f a.log", "leave out `-f`, "),
            ("minikube tunnel", "let it run beside the next commands: "),
            ("k9s", "print it once: "),
            ("sleep infinity", "say how long: "),
            ("yes", "say how many lines: "),
            ("tail -f /dev/null", "say how long: "),
            ("while sleep 1; do kubectl get pods; done", "count: "),
        ] {
            let said = instead(command);
            assert!(said.starts_with(help), "{said}");
            checks_clean(&said);
        }
    }

    #[test]
    fn what_reads_the_terminal_is_told() {
        for (command, help) in [
            ("cat > web.yaml", "`cat > web.yaml <<'EOF'`"),
            ("cat", "`cat <<'EOF'`"),
            ("sudo tee /etc/web.conf", "`sudo tee /etc/web.conf <<'EOF'`"),
            ("kubectl apply -f -", "`kubectl apply -f - <<'EOF'`"),
        ] {
            let said = unfed(command).expect("it reads the terminal");
            assert!(said.ends_with(help), "{said}");
            checks_clean(&said);
        }
        for command in [
            "cat web.yaml",
            "cat < web.yaml",
            "cat <<EOF | kubectl apply -f -\na\nEOF",
            "echo a | sudo tee b",
            "kubectl get pods -o yaml | kubectl replace -f -",
            "while read line; do cat; done < web.yaml",
            "{ cat; } < web.yaml",
            "cat --help",
        ] {
            assert_eq!(unfed(command), None, "{command}");
        }
        insta::assert_snapshot!(drawn(FINDING.id, "```console\n$ cat > web.yaml\n```\n"), @r"
        warning[never-ends]: the command reads what is typed, and nobody types
         --> lab.md:2:1
          |
        2 | $ cat > web.yaml
          | ^^^^^^^^^^^^^^^^
          |
          = help: give it what it reads as a here-document: `cat > web.yaml <<'EOF'`
        ");
    }

    #[test]
    fn commands_inside_commands_come_to_their_end() {
        let nested = "kubectl exec a -- ".repeat(20_000);
        let ids = ids_of(&format!("$ {nested}kubectl logs -f a\n"));
        assert!(!ids.contains(&FINDING.id));
    }

    #[test]
    fn what_returns_is_none() {
        for session in [
            "\
$ kubectl port-forward svc/web 8080:80 &
",
            "\
$ kubectl port-forward svc/web 8080:80
",
            "\
$ kubectl logs -f web
ready
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
