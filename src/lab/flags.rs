//! What is particular about a command: whether it returns, needs a person, holds
//! something to be filled in; and which programs it calls.

mod needs;

use std::sync::LazyLock;

use regex::Regex;

use super::Flags;
use super::blocks::Simple;
use super::inner::opens;
use super::known::{canonical, is_listed};
use super::patterns::pattern;
use super::placeholders::placeholder;
use super::programs::is_cmdlet;
use super::words::{Operator, Script, Word};
use super::wrappers::without_wrappers;
pub(super) use needs::needs;

/// Editors of the terminal.
const EDITORS: &str = "vi vim nvim nano emacs ed pico micro joe mcedit";

/// Editors with a window of their own: the command may return at once.
const WINDOWED: &str = "code subl gedit kate notepad";

/// Programs that fill the terminal and read its keys.
const SCREENS: &str = "visudo vipw k9s htop top less more man";

/// What reading a command tells of it.
#[derive(Debug)]
pub(super) struct Particulars<'t> {
    pub(super) flags: Flags,
    /// The programs that it calls, each once, in order; none where it is nested.
    pub(super) needs: Vec<String>,
    /// The first part that stands for something to be filled in.
    pub(super) placeholder: Option<&'t str>,
}

/// What is particular about a command. `windows` where it stands after a prompt of
/// PowerShell or cmd.exe, or in a fence of theirs.
pub(super) fn particulars<'t>(
    script: &Script,
    text: &'t str,
    nested: bool,
    windows: bool,
) -> Particulars<'t> {
    let commands = script.commands();
    let windows_only = windows_only(text);
    let placeholder = placeholder(script, &commands, text);
    let flags = Flags {
        nested,
        blocking: !windows_only && blocks(&commands, text),
        interactive: opens(&commands) || needs_a_person(&commands),
        placeholder: placeholder.is_some(),
        powershell: windows || windows_only,
    };
    let mut needs = if nested { Vec::new() } else { needs::needs(&commands, text) };
    for inner in script.substituted.iter().filter(|_| !nested) {
        let called = needs::needs(&inner.commands(), text);
        let new: Vec<String> = called.into_iter().filter(|name| !needs.contains(name)).collect();
        needs.extend(new);
    }
    Particulars { flags, needs, placeholder }
}

/// Whether a command opens a file in an editor.
pub(super) fn opens_an_editor(text: &str) -> bool {
    edits_a_file(&Script::new(text))
}

/// Whether a command opens a file or an object in an editor.
pub(super) fn edits(script: &Script) -> bool {
    let commands = script.commands();
    let opens = |simple: &Simple<'_>| match texts(without_wrappers(&simple.words)).as_slice() {
        ["crontab", arguments @ ..] => arguments.contains(&"-e"),
        [program, arguments @ ..] => canonical(program) == "kubectl" && arguments.contains(&"edit"),
        [] => false,
    };
    edits_a_file(script) || commands.iter().any(opens) && !edits_itself(&commands)
}

/// Whether a command opens a file in an editor.
pub(super) fn edits_a_file(script: &Script) -> bool {
    script.commands().iter().any(|simple| {
        let words = texts(without_wrappers(&simple.words));
        let edits = |name: &&str| is_listed(EDITORS, name) || is_listed(WINDOWED, name);
        words.first().is_some_and(edits) && words.len() > 1
    })
}

/// Whether a command holds what only PowerShell has: a variable that is given a
/// value, a type, a command of its own.
fn windows_only(text: &str) -> bool {
    static BEGINNING: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^(?:\$[A-Za-z_]\w* = |\$env:|\[System\.|\[Convert\]|\[Text\.)"));
    let first = |part: &str| part.split_whitespace().next().is_some_and(is_cmdlet);
    text.starts_with(['$', '[']) && BEGINNING.is_match(text)
        || text.contains('-') && text.split(['|', '(', ';', '\n']).any(first)
}

/// Whether a command does not return by itself.
fn blocks(commands: &[Simple<'_>], text: &str) -> bool {
    let endless = {
        let loops = text.trim_start().starts_with("while true")
            || text.trim_start().starts_with("while :")
            || text.trim_start().starts_with("while sleep")
            || text.contains("for ((;;))");
        loops && !text.contains("break")
    };
    if endless && !text.trim_end().ends_with('&') {
        return true;
    }
    commands.iter().any(|simple| {
        // `yes` ends with what reads it.
        let read = simple.ended_by == Some(Operator::Pipe) && simple.program() == Some("yes");
        simple.ended_by != Some(Operator::Background)
            && !read
            && program_blocks(&texts(without_wrappers(&simple.words)))
            && simple.words.first().is_none_or(|word| word.text != "timeout")
    })
}

/// What people type has fewer words; each may be a program that runs the next.
const MOST_WORDS: usize = 200;

fn texts<'w>(words: &[&'w Word]) -> Vec<&'w str> {
    words.iter().take(MOST_WORDS).map(|word| word.text.as_str()).collect()
}

fn has(words: &[&str], flags: &[&str]) -> bool {
    words.iter().any(|word| {
        flags
            .iter()
            .any(|flag| word == flag || word.strip_prefix(flag).is_some_and(|rest| rest == "=true"))
    })
}

fn program_blocks(words: &[&str]) -> bool {
    let Some((program, arguments)) = words.split_first() else {
        return false;
    };
    let name = program.rsplit('/').next().unwrap_or(program);
    let given = |command: &str| arguments.contains(&command);
    let follows = |short: &str| {
        has(arguments, &["--follow", short])
            || arguments.iter().any(|word| {
                word.strip_prefix('-').is_some_and(|letters| {
                    !letters.starts_with('-')
                        && letters.len() < 4
                        && letters.contains('f')
                        && letters.bytes().all(|byte| byte.is_ascii_alphabetic())
                })
            })
    };
    match name {
        "kubectl" | "k" | "oc" | "kubecolor" => {
            if let Some(dashes) = arguments.iter().position(|word| *word == "--") {
                // One program in a container, no more: `exec -- kubectl exec -- …`.
                let inner = &arguments[dashes + 1..];
                return given("exec") && !inner.contains(&"--") && program_blocks(inner);
            }
            given("port-forward")
                || given("proxy")
                || (given("logs") && follows("-f"))
                || (!given("apply")
                    && !given("rollout")
                    && has(arguments, &["-w", "--watch", "--watch-only", "-Aw"]))
                || given("get") && arguments.iter().any(|word| *word == "-wA" || *word == "-ow")
        }
        "minikube" => given("tunnel") || given("dashboard") && !given("--url") || given("mount"),
        "docker" | "podman" | "nerdctl" | "docker-compose" => {
            let up = given("up") && !has(arguments, &["-d", "--detach", "--wait"]);
            (given("logs") && follows("-f")) || up && (given("compose") || name == "docker-compose")
        }
        "watch" | "stern" | "kubetail" | "kail" | "k9s" | "htop" | "nodemon" | "tcpdump"
        | "flask" | "uvicorn" | "gunicorn" | "kubeshark" | "ngrok" => !given("--version"),
        "top" => {
            !has(arguments, &["-b", "-bn1", "-n"])
                && !arguments.iter().any(|w| w.starts_with("-bn"))
        }
        "tail" | "journalctl" => follows("-f") || given("-F"),
        "sleep" => given("infinity") || given("inf"),
        "yes" => !given("--help") && !given("--version"),
        "ping" | "ping6" => {
            !arguments.iter().any(|word| word.starts_with("-c") || word.starts_with("-w"))
        }
        "istioctl" | "linkerd" | "cilium" | "dapr" => given("dashboard") || given("port-forward"),
        "argo" | "argocd" | "hubble" => given("--follow") || given("--watch"),
        "npm" | "yarn" | "pnpm" => given("start") || given("dev") || given("serve"),
        "python" | "python3" => given("http.server") || given("runserver"),
        "skaffold" | "tilt" => given("dev") || given("up"),
        "vault" => given("server"),
        _ => false,
    }
}

/// Whether a command names a program as its editor that asks nobody:
/// `KUBE_EDITOR='sed -i s/a/b/' kubectl edit`.
fn edits_itself(commands: &[Simple<'_>]) -> bool {
    const VARIABLES: [&str; 3] = ["KUBE_EDITOR", "EDITOR", "VISUAL"];
    // `export` and `env` have them among their words.
    let words = commands.iter().flat_map(|simple| simple.assignments.iter().chain(&simple.words));
    let mut editors = words.filter_map(|word| {
        let (name, value) = word.text.split_once('=')?;
        VARIABLES.contains(&name).then_some((*word, value))
    });
    editors.next_back().is_some_and(|(word, value)| {
        let program = value.split_whitespace().next().unwrap_or_default();
        let name = program.rsplit('/').next().unwrap_or_default();
        let asks = name.is_empty()
            || [EDITORS, WINDOWED, SCREENS].iter().any(|list| is_listed(list, name));
        !asks && !word.expands && !word.substitutes
    })
}

/// Whether a command cannot go on without somebody at the keyboard or a browser.
fn needs_a_person(commands: &[Simple<'_>]) -> bool {
    let edits_itself = edits_itself(commands);
    commands.iter().any(|simple| {
        let words = texts(without_wrappers(&simple.words));
        let Some((program, arguments)) = words.split_first() else {
            return false;
        };
        let name = program.rsplit('/').next().unwrap_or(program);
        let given = |command: &str| arguments.contains(&command);
        let starts = |flag: &str| arguments.iter().any(|word| word.starts_with(flag));
        if given("-h") || given("--help") {
            return false;
        }
        let editor = is_listed(EDITORS, name) || is_listed(SCREENS, name);
        if editor && simple.ended_by != Some(Operator::Pipe) {
            return !given("--version") && !starts("-b");
        }
        match name {
            "kubectl" | "k" | "oc" => {
                !edits_itself && (given("edit") && !given("rollout") || given("edit-last-applied"))
            }
            "helm" => !edits_itself && given("secrets") && given("edit"),
            "crontab" => !edits_itself && given("-e"),
            "git" => {
                let picks =
                    given("-i") || given("--interactive") || given("-p") || given("--patch");
                let short = |word: &&str| {
                    word.strip_prefix('-').is_some_and(|letters| {
                        !letters.starts_with('-') && letters.contains(['m', 'F', 'C'])
                    })
                };
                let told =
                    ["--message", "--file", "--no-edit", "--fixup"].iter().any(|flag| starts(flag))
                        || arguments.iter().any(short);
                let first = arguments.first().copied().unwrap_or_default();
                !edits_itself
                    && (matches!(first, "rebase" | "add") && picks || first == "commit" && !told)
            }
            "gpg" | "gpg2" => {
                (starts("--gen-key") || starts("--full-gen") || starts("--edit-key"))
                    && !given("--batch")
            }
            "sops" => {
                let acts = [
                    "-d",
                    "-e",
                    "--decrypt",
                    "--encrypt",
                    "--version",
                    "decrypt",
                    "encrypt",
                    "-v",
                    "--help",
                ];
                !edits_itself && !acts.iter().any(|act| given(act)) && !arguments.is_empty()
            }
            "ssh-keygen" => !starts("-N") && !starts("-R") && !starts("-l") && !starts("-y"),
            "docker" | "podman" => given("login") && !starts("-p") && !starts("--password"),
            "az" | "gcloud" | "ibmcloud" | "doctl" | "gh" | "heroku" | "npm" | "oc-login" => {
                given("login")
                    && !starts("--service-principal")
                    && !starts("--apikey")
                    && !starts("--with-token")
            }
            "gcloud-init" | "passwd" | "su" => arguments.is_empty() || name == "passwd",
            "read" | "select" => true,
            "aws" => given("configure") && arguments.len() == 1,
            _ => false,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::Flags;
    use crate::lab::words::Script;

    fn flags(text: &str, nested: bool, windows: bool) -> Flags {
        super::particulars(&Script::new(text), text, nested, windows).flags
    }

    fn needs(text: &str) -> Vec<String> {
        super::particulars(&Script::new(text), text, false, false).needs
    }

    fn placeholder(text: &str) -> Option<&str> {
        super::particulars(&Script::new(text), text, false, false).placeholder
    }

    #[test]
    fn what_does_not_return_is_blocking() {
        for text in [
            "kubectl get pods -w",
            "kubectl get pods --watch",
            "kubectl port-forward svc/a 80:80",
            "kubectl logs -f web-0",
            "kubectl logs web-0 --follow",
            "minikube tunnel",
            "watch kubectl get pods",
            "docker compose up",
            "tail -f a.log",
            "kubectl exec -it a -- ping b",
            "while true; do curl http://a; done",
        ] {
            assert!(flags(text, false, false).blocking, "{text}");
        }
        for text in [
            "kubectl get pods",
            "kubectl apply -f a.yaml",
            "kubectl logs web-0",
            "kubectl port-forward svc/a 80:80 &",
            "timeout 5 kubectl get pods -w",
            "docker compose up -d",
            "ping -c 3 a",
            "kubectl rollout status deploy/a --watch=false",
            &"kubectl exec a -- ".repeat(20_000),
        ] {
            assert!(!flags(text, false, false).blocking, "{text}");
        }
    }

    #[test]
    fn what_asks_is_interactive() {
        for text in [
            "kubectl edit deploy a",
            "vim a.yaml",
            "sudo crontab -e",
            "git rebase -i HEAD~2",
            "git add -p",
            "git commit",
            "kubectl exec -it a -- sh",
            "gpg --gen-key",
            "sops secrets.yaml",
            "docker login",
            "EDITOR=nano kubectl edit deploy a",
            "EDITOR= kubectl edit deploy a",
            "KUBE_EDITOR=\"code --wait\" kubectl edit deploy a",
            "EDITOR=$MINE kubectl edit deploy a",
        ] {
            assert!(flags(text, false, false).interactive, "{text}");
        }
        for text in [
            "kubectl get pods",
            "sops -d secrets.yaml",
            "gpg --list-keys",
            "ls | less x.y -b",
            "kubectl edit --help",
            "crontab -l",
            "git commit -am 'a'",
            "git commit --amend --no-edit",
            "git rebase main",
            "docker login -h",
            "vim --help",
            "KUBE_EDITOR='sed -i s/a/b/' kubectl edit deploy a",
            "export EDITOR=true; kubectl edit deploy a",
            "sudo env EDITOR=/bin/cat sops secrets.yaml",
        ] {
            assert!(!flags(text, false, false).interactive, "{text}");
        }
    }

    #[test]
    fn placeholders_are_told_from_redirections() {
        assert_eq!(placeholder("kubectl logs <pod name> -c a"), Some("<pod name>"));
        assert_eq!(placeholder("kubectl apply -f a-{version}.yaml"), None);
        assert_eq!(placeholder("kubectl get {name}"), Some("{name}"));
        assert_eq!(placeholder("docker login -u YOUR_NAME"), Some("YOUR_NAME"));
        assert_eq!(placeholder("a --from-literal=password=..."), Some("..."));
        assert_eq!(placeholder("curl [POD IP ADDRESS]:80"), Some("[POD IP ADDRESS]"));
        assert_eq!(placeholder("kill -9 [pid]"), Some("[pid]"));
        assert_eq!(placeholder("kubectl logs POD_NAME -c a"), Some("POD_NAME"));
        assert_eq!(placeholder("kubectl get pod/WEB_POD_NAME"), Some("WEB_POD_NAME"));
        assert_eq!(placeholder("gcloud x --zone=COMPUTE_ZONE"), Some("COMPUTE_ZONE"));
        assert_eq!(placeholder("kubectl logs web-5d4f-xxxxx"), Some("web-5d4f-xxxxx"));
        assert_eq!(placeholder("kubectl logs {{ pod_name }}"), Some("{{ pod_name }}"));
        assert_eq!(placeholder("sudo docker logs CONTAINER_ID"), Some("CONTAINER_ID"));
        for own in [
            "kubectl exec a -- printenv HOST_NAME",
            "docker exec web printenv DB_HOST",
            "docker build --build-arg=APP_VERSION .",
            "docker run --env=DB_HOST a",
            "docker cp web:/app/BUILD_VERSION .",
            "docker inspect -f \"{{range .Mounts}}{{.Source}} {{end}}\" web",
            "mktemp -d /tmp/lab-XXXXXX",
        ] {
            assert_eq!(placeholder(own), None, "{own}");
        }
        let inspected = "docker inspect -f '{{range .Mounts}}{{.Source}} {{end}}' YOUR_CONTAINER";
        assert_eq!(placeholder(inspected), Some("YOUR_CONTAINER"));
        assert_eq!(placeholder("docker run -e HOST_NAME a"), None);
        assert_eq!(placeholder("kubectl set env a HOST_NAME=b"), None);
        assert_eq!(placeholder("kubectl create cm a --from-literal=HOST_NAME=b"), None);
        assert_eq!(placeholder("docker ps --format '{{ json . }} {{.Names}}'"), None);
        assert_eq!(placeholder("cd [your path to]/app"), Some("[your path to]"));
        assert_eq!(placeholder("kubeadm token create [[TOKEN]] --ttl 0"), Some("[[TOKEN]]"));
        assert_eq!(placeholder("kubectl apply -f [ファイル]"), Some("[ファイル]"));
        for text in [
            "ls [a-z]* pod-[0-9]",
            "kubectl get po -o custom-columns=A:.spec.containers[*].image",
            "sort <in.txt >out.txt",
            "kubectl get po -o jsonpath='{.items}'",
            "echo ${NAME} $POD_NAME",
            "awk '{print}' a",
            "go test ./...",
            "grep '<none>'",
            "sed -i 's/<IMAGE>/nginx/' a",
            "cat <<E\n<b>\nE",
        ] {
            assert_eq!(placeholder(text), None, "{text}");
        }
    }

    #[test]
    fn a_command_needs_its_programs() {
        assert_eq!(
            needs("sudo apt-get install -y jq && curl a | jq ."),
            ["sudo", "apt-get", "curl", "jq"]
        );
        assert_eq!(needs("for i in 1 2; do kubectl get pods; done"), ["kubectl"]);
        assert_eq!(needs("export A=1; cd b"), [""; 0]);
        assert_eq!(needs("kubectl exec a -- cat b"), ["kubectl"]);
        assert_eq!(needs("A=$(kubectl get po | head -1)"), ["kubectl", "head"]);
        assert_eq!(
            needs("echo \"$(date) `hostname -f`\" $(cat $(ls))"),
            ["date", "hostname", "ls", "cat"]
        );
    }

    #[test]
    fn powershell_is_known_by_its_words() {
        assert!(flags("$a = (kubectl get pods)", false, false).powershell);
        assert!(flags("kubectl get pods | Select-String a", false, false).powershell);
        assert!(flags("ls", false, true).powershell && !flags("ls -l", false, false).powershell);
    }
}
