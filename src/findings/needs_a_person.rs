//! Commands that wait for a person.

use super::commands::first_known;
use super::shown::Shown;
use super::{Finding, place};
use crate::lab::{Diagnostic, Severity, Step, opens_a_shell};

pub(super) static FINDING: Finding = Finding {
    id: "needs-a-person",
    severity: Severity::Error,
    summary: "\
A command waits for a person: it opens an editor, or asks for a password. It is not run. Nearly \
always there is a form of it that says on its own line what the person would do.",
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
    let is_given = |step: &Step| shown.planned(step).is_some_and(|planned| planned.stdin.is_some());
    let steps = shown.commands().filter(|step| !is_given(step));
    let steps = steps.filter(|step| {
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
fn instead(text: &str) -> String {
    first_known(text, of_program).unwrap_or_else(|| OTHERWISE.to_owned())
}

const OTHERWISE: &str =
    "give what it asks for by flags or a pipe, or do it in the lab's setup script";

fn of_program(name: &str, arguments: &[&str]) -> Option<String> {
    let has = |word: &str| arguments.contains(&word);
    let help = match name {
        "kubectl" | "k" | "oc" if has("edit") || has("edit-last-applied") => {
            "write the change on the line, as in `kubectl set image deployment/web web=nginx:1.27`, \
             or apply the changed file"
        }
        "helm" if has("edit") => {
            "show the file's whole content in a fence, and encrypt it with `helm secrets encrypt`"
        }
        "vi" | "vim" | "nvim" | "nano" | "emacs" | "pico" | "micro" | "joe" | "mcedit" | "ed" => {
            let file = arguments.iter().rfind(|word| !word.starts_with(['-', '+']));
            return Some(format!(
                "show the file's whole content in a fence, and write it with a here-document: \
                 `cat > {} <<'EOF'`",
                file.unwrap_or(&"notes.txt")
            ));
        }
        "less" | "more" => "print the file with `cat`",
        "man" => "end the line with ` | cat`",
        "top" | "htop" | "k9s" => "print it once: `top -b -n 1`, or `kubectl top pods`",
        "gpg" | "gpg2" => {
            "make the key without questions: \
             `gpg --batch --passphrase '' --quick-generate-key alice@example.com`"
        }
        "sops" => {
            "show the file's whole content in a fence, and encrypt it: \
             `sops --encrypt --in-place secrets.yaml`"
        }
        "ssh-keygen" => "say all on the line: `ssh-keygen -t ed25519 -N '' -f key`",
        "docker" | "podman" => {
            return Some(format!(
                "give the password by a pipe: \
                 `echo \"$PASSWORD\" | {name} login -u alice --password-stdin`"
            ));
        }
        "passwd" => "give the password by a pipe: `echo alice:secret | sudo chpasswd`",
        "aws" => "set each value on the line: `aws configure set region eu-central-1`",
        "read" | "select" => "write the value on the line, as in `NAME=web`",
        _ => return None,
    };
    Some(help.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{FINDING, OTHERWISE, instead};
    use crate::findings::tests::{checks_clean, drawn, ids_of};

    #[test]
    fn it_is_drawn() {
        insta::assert_snapshot!(drawn(FINDING.id, FINDING.example), @r"
        error[needs-a-person]: the command needs a person, and is not run
         --> lab.md:2:1
          |
        2 | $ kubectl edit deployment web
          | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          |
          = help: write the change on the line, as in `kubectl set image deployment/web web=nginx:1.27`, or apply the changed file
        ");
    }

    #[test]
    fn what_to_write_instead_needs_nobody() {
        for command in [
            "kubectl edit svc web",
            "helm secrets edit secrets.yaml",
            "sudo vim +3 web.yaml",
            "less web.yaml",
            "man kubectl",
            "htop",
            "gpg --gen-key",
            "sops secrets.yaml",
            "ssh-keygen",
            "docker login",
            "sudo passwd alice",
            "aws configure",
            "read NAME",
            "gcloud login",
        ] {
            assert!(ids_of(&format!("$ {command}")).contains(&FINDING.id), "{command}");
            let help = instead(command);
            assert_eq!(help == OTHERWISE, command.starts_with("gcloud"), "{command}");
            checks_clean(&help);
        }
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
            "\
$ kubectl edit -h
",
            "\
$ KUBE_EDITOR='sed -i s/1/2/' kubectl edit deployment web
",
        ] {
            assert!(!ids_of(session).contains(&FINDING.id), "{session}");
        }
    }
}
