//! Commands that wait for a person.

use super::shown::Shown;
use super::{Finding, place};
use crate::lab::words::Script;
use crate::lab::{Diagnostic, Severity, opens_a_shell};

pub(super) static FINDING: Finding = Finding {
    id: "needs-a-person",
    severity: Severity::Error,
    summary: "\
A command waits for a person: it opens an editor, or asks for a password. It is not run. Nearly always there is a form of it that says on its own \
line what the person would do.",
    example: "\
```console
$ kubectl edit deployment web
deployment.apps/web edited
```
",
    instead: "\
```console
$ kubectl set image deployment web nginx=nginx:1.27
deployment.apps/web image updated
```
",
    find: Some(find),
};

fn find(shown: &Shown<'_>) -> Vec<Diagnostic> {
    let steps = shown.lab.steps.iter().filter(|step| {
        // The reader speaks of a shell that is opened.
        step.flags.interactive && !step.flags.nested && !opens_a_shell(&step.command.text)
    });
    steps
        .map(|step| {
            FINDING
                .at(
                    place::command(shown.document, &step.command),
                    "the command needs a person, and is not run",
                )
                .help(instead(&step.command.text))
        })
        .collect()
}

/// What to write in the place of a command that needs a person.
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
            "kubectl" | "k" | "oc" if has("edit") => {
                return "write the change on the line: `kubectl set`, `kubectl scale`, \
                        `kubectl patch -p`, or `kubectl apply -f` of the changed file";
            }
            "kubectl" | "k" | "oc"
                if has("exec") || has("attach") || has("run") || has("debug") =>
            {
                return "give the inner command on this line: `kubectl exec POD -- COMMAND`";
            }
            "docker" | "podman" | "nerdctl" if has("exec") || has("run") => {
                return "give the inner command on this line: `docker exec NAME COMMAND`";
            }
            "vi" | "vim" | "nvim" | "nano" | "emacs" | "code" | "gedit" | "pico" => {
                return "show the file's whole content in a fence, and write it with a \
                        here-document: `cat > FILE <<'EOF'`";
            }
            _ if has("login") || has("init") || *program == "passwd" => {
                return "give what it asks for by flags, or do it in the lab's setup script";
            }
            _ => {}
        }
    }
    "give what it asks for by flags or a pipe, or do it in the lab's setup script"
}

#[cfg(test)]
mod tests {
    use super::FINDING;
    use crate::findings::tests::{drawn, ids_of};

    #[test]
    fn it_is_drawn() {
        insta::assert_snapshot!(drawn(FINDING.id, FINDING.example), @r"
        error[needs-a-person]: the command needs a person, and is not run
         --> lab.md:2:1
          |
        2 | $ kubectl edit deployment web
          | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          |
          = help: write the change on the line: `kubectl set`, `kubectl scale`, `kubectl patch -p`, or `kubectl apply -f` of the changed file
        ");
    }

    #[test]
    fn what_answers_itself_is_none() {
        for session in [
            "\
$ kubectl set image deployment web nginx=nginx:1.27
",
            "\
$ helm registry login --help
",
            "\
$ cat web.yaml
",
        ] {
            assert!(!ids_of(session).contains(&FINDING.id), "{session}");
        }
    }
}
