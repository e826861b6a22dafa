//! Which text is surely a command: it begins with a program that is known, used
//! as that program is used.

mod calls;
mod prompted;
mod usage;

use std::sync::LazyLock;

use regex::Regex;

use super::blocks::{Simple, assigned_name};
use super::known::{is_known, is_listed, is_program};
use super::notes::{is_annotated, is_noted};
use super::patterns::pattern;
use super::prose::{SEARCHING, has_columns, is_argument, is_plain_word, is_prose, is_synopsis};
use super::recognisers::{OBJECT, VARIABLES, recognise};
use super::words::{Open, Operator, Script, Word};
use super::wrappers::{is_wrapper, without_runners};
use calls::calls_as_known;
pub(super) use prompted::may_be_typed;
use usage::{is_anothers, is_used_as_known};
pub(super) use usage::{is_cmdlet, is_path, may_call_a_plugin};

/// Words that begin a block.
const KEYWORDS: [&str; 8] = ["for", "while", "until", "if", "case", "select", "function", "time"];

/// Whether a text is surely a command: whole, and each rule of this module says
/// so. What is not sure is not run.
pub(super) fn is_surely_a_command(text: &str) -> bool {
    // Most lines of a page begin with no program: they are not taken apart.
    if !is_shaped_like_a_command(text) || !may_begin(text) {
        return false;
    }
    is_whole_and_sure(&Script::new(text), text)
}

/// The same of a command that was taken apart.
pub(super) fn is_sure_of(script: &Script, text: &str) -> bool {
    is_shaped_like_a_command(text) && may_begin(text) && is_whole_and_sure(script, text)
}

fn is_whole_and_sure(script: &Script, text: &str) -> bool {
    script.open.is_none()
        && !script.stray_backslash
        && is_sure(script, text)
        && !is_known_output(text)
}

/// Whether the first word may be a program's name or begin a command otherwise.
fn may_begin(text: &str) -> bool {
    let word = text.split([' ', '\t', '\n', ';', '|', '&', '<', '>']).next().unwrap_or_default();
    let Some(first) = word.bytes().next() else {
        return text.starts_with(['<', '>', '&']);
    };
    is_known(own_name(word))
        || word == "Kubectl"
        || !first.is_ascii_alphanumeric()
        || is_wrapper(word)
        || KEYWORDS.contains(&word)
        || word.contains(['=', '/', '\\', '(', '"', '\'', '$', '`'])
        || word.strip_suffix(".sh").is_some()
        || is_cmdlet(word)
}

/// A program's name without what Windows adds to it.
fn own_name(word: &str) -> &str {
    [".exe", ".cmd"].iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word)
}

/// Whether the first line is known as what programs print: `service "a" deleted`.
fn is_known_output(text: &str) -> bool {
    let line = text.lines().next().unwrap_or_default();
    // `[ "$a" = b ] && …` is no JSON.
    if line.starts_with("[ ") && line.contains(" ]") {
        return false;
    }
    let timed = line.ends_with(" total") && line.contains("% cpu ");
    // `{` also begins a group of commands.
    timed
        || line.len() > 1
            && recognise(line).is_some_and(|found| !found.is_common && found.name != VARIABLES)
}

/// Whether a line is surely a command, or the first line of one.
pub(super) fn begins_surely(text: &str) -> bool {
    if !is_shaped_like_a_command(text) || !may_begin(text) {
        return false;
    }
    let script = Script::new(text);
    match &script.open {
        None => !script.stray_backslash && is_sure(&script, text) && !is_known_output(text),
        // The word that is open at the line's end may be an apostrophe of prose.
        Some(Open::Quote(_) | Open::Substitution) => {
            let commands = script.commands();
            let end = commands
                .first()
                .and_then(|first| first.words.last())
                .map_or(0, |word| word.span.start);
            let begun = text.get(..end).unwrap_or_default().trim_end();
            is_surely_a_command(begun) && begun.contains(' ')
                || commands.first().is_some_and(|first| !first.assignments.is_empty())
                    && assigned_name(text).is_some_and(is_variable_name)
                || commands.first().is_some_and(|first| {
                    first.program().is_some_and(is_program) && first.words.len() > 1
                })
        }
        Some(Open::Block(_)) if text.trim() == "{" || text.trim() == "(" => false,
        Some(Open::Block(_)) => opens_a_block(&script) || is_sure(&script, text),
        Some(Open::Backslash | Open::Heredoc(_) | Open::Operator) => is_sure(&script, text),
    }
}

fn opens_a_block(script: &Script) -> bool {
    script.commands().first().is_some_and(|first| {
        first.block && first.program().is_some_and(|name| matches!(name, "for" | "select" | "case"))
    })
}

/// Whether a text may be a command of a program that is not known: a program's
/// name and at least one argument that no sentence has. Enough in a shell's fence
/// where nothing says otherwise.
pub(super) fn is_likely_a_command(text: &str) -> bool {
    is_surely_a_command(text) || is_likely(&Script::new(text), text)
}

/// Whether what was taken apart, and is not surely a command, is likely one.
pub(super) fn is_likely(script: &Script, text: &str) -> bool {
    static NAME: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"^(?:[a-z][\w.+-]*|(?:\.{0,2}|~|\$\w+|\$\{\w+\}|[A-Za-z]:)?[/\\][\w./\\${}+-]+)$")
    });
    if !is_shaped_like_a_command(text) || text.starts_with('/') && !text.contains(' ') {
        return false;
    }
    if script.open.is_some() || script.stray_backslash || has_columns(text, script) {
        return false;
    }
    let commands = script.commands();
    let Some(first) = commands.first() else {
        return false;
    };
    // `sum(total) by (pod)`, `{ 'sources': […] }` are of other languages.
    if first.ended_by == Some(Operator::Open) && !first.words.is_empty()
        || text.starts_with(['{', '('])
        || script.words().any(is_synopsis)
        || is_annotated(text)
    {
        return false;
    }
    let words = without_runners(&first.words);
    let Some((program, arguments)) = words.split_first() else {
        // `name="value"`: whether something uses it is asked elsewhere.
        let told = |word: &&Word| word.quoted || word.substitutes;
        return commands.len() == 1
            && first.assignments.len() == 1
            && first.assignments.iter().all(told);
    };
    NAME.is_match(&program.text)
        && !is_a_digest(&program.text)
        && !is_prose(program, arguments)
        && !is_anothers(&program.text, arguments, text)
        && !is_noted(&program.text, arguments)
        && (first.block
            || arguments.iter().any(|word| is_argument(word) && !word.quoted)
            || arguments.iter().any(|word| word.quoted && (word.expands || word.substitutes)))
}

/// Whether a word is the digest of a file, as `md5sum` and its like print it.
fn is_a_digest(word: &str) -> bool {
    const SHORTEST: usize = 32;
    word.len() >= SHORTEST && word.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether a command's text has the shape of one.
pub(super) fn is_shaped_like_a_command(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphanumeric() || "._/~$\"'({[!:\\".contains(c))
        || text.starts_with("& ")
}

/// Whether a text is no command though it may begin as one: JSON, a heading, bold text, a
/// command with a note or with what it printed.
fn is_more_than_a_command(script: &Script, text: &str) -> bool {
    static JSON: LazyLock<Regex> = LazyLock::new(|| pattern(r#"^\{\s*["}]"#));
    // `… | grep Events:`, `grep -A 3 Events: a`
    let searches = |commands: &[Simple<'_>]| {
        commands.last().is_some_and(|simple| {
            let words = without_runners(&simple.words);
            let named = words.first().is_some_and(|program| is_listed(SEARCHING, &program.text));
            named && (words.len() > 2 || commands.len() > 1)
        })
    };
    let heads = !text.contains('\n')
        && script.words().last().is_some_and(|word| !word.quoted && word.text.ends_with(':'))
        && !searches(&script.commands());
    // `apply -f a.yamlpod "a" created`: its output begins in the midst of a word.
    let glued = || {
        let third = text.rmatch_indices(' ').nth(2).map(|(at, _)| at + 1);
        third.and_then(|at| recognise(&text[at..])).is_some_and(|found| found.name == OBJECT)
    };
    // `[developer | admin]`
    let chooses = text.contains('|')
        && script.words().any(|word| {
            !word.quoted
                && word.text.starts_with('[')
                && word.text.len() > 1
                && !word.text.contains(']')
        })
        && text.trim_end().ends_with(']');
    heads
        || chooses
        || text.ends_with('d') && glued()
        || JSON.is_match(text)
        || is_annotated(text)
        || script.words().any(is_synopsis)
        || text.ends_with("**")
}

fn is_sure(script: &Script, text: &str) -> bool {
    let commands = script.commands();
    let Some(first) = commands.first() else {
        return false;
    };
    if is_more_than_a_command(script, text) {
        return false;
    }
    // Data has braces, too: a group's first line is a command.
    if let Some(inner) = text.strip_prefix('{') {
        let first = inner.trim_start().lines().next().unwrap_or_default();
        return !inner.trim_start().starts_with(['{', '(']) && begins_surely(first.trim());
    }
    // `(optional)` is a note; `(cd a && ls)` a subshell.
    if text.starts_with('(') && !text.starts_with("((") {
        // PowerShell asks an object's member so: `(Get-NetAdapter).Name`.
        let name = text[1..].split([' ', ')']).next().unwrap_or_default();
        if is_cmdlet(name) && text.contains(").") {
            return true;
        }
        let inner = text[1..].trim_start();
        let inner = inner.strip_suffix(')').unwrap_or(inner).trim_end();
        // Nobody types a subshell at once in a subshell: each would be taken apart.
        return !inner.starts_with('(') && is_surely_a_command(inner);
    }
    // `gpg (GnuPG) 2.4`: only a function's name or an array stands before `(`.
    let named = !first.words.is_empty() || !first.assignments.is_empty();
    if named && first.ended_by == Some(Operator::Open) {
        let at = text.find('(').unwrap_or_default();
        return if first.words.is_empty() {
            text[..at].ends_with('=')
        } else {
            let body = text[at..].strip_prefix("()").map(str::trim_start);
            first.words.len() == 1 && body.is_some_and(|body| body.starts_with(['{', '(']))
        };
    }
    if first.words.is_empty() {
        // `POD=$(…) && kubectl …`: what follows must be known, too.
        let known = |simple: &Simple<'_>| {
            let words = without_runners(&simple.words);
            words.split_first().is_some_and(|(program, arguments)| {
                is_used_as_known(program, arguments, text, script)
            })
        };
        let named = |word: &&Word| {
            word.substitutes || assigned_name(&word.text).is_some_and(is_variable_name)
        };
        return first.block
            || first.assignments.len() == 1
                && first.assignments.iter().all(named)
                && commands.get(1).is_none_or(known);
    }
    if matches!(first.program(), Some("[" | "[[")) {
        let closes =
            first.words.last().is_some_and(|word| matches!(word.text.as_str(), "]" | "]]"));
        return closes && first.words.len() > 2 && commands.len() > 1;
    }
    if first.block && begins_a_condition(text) {
        let condition = first.program().is_some_and(|name| {
            matches!(name, "true" | ":" | "[" | "[[" | "test" | "sleep" | "read")
                || name.starts_with("((")
        });
        return condition
            || commands.iter().any(|simple| {
                let words = without_runners(&simple.words);
                words.split_first().is_some_and(|(program, arguments)| {
                    is_used_as_known(program, arguments, text, script)
                })
            });
    }
    // `| List pods`, `pods|services`: what is piped goes into a program.
    let into = |two: &[Simple<'_>]| {
        let name = two[1].program().unwrap_or_default();
        let piped = two[0].ended_by == Some(Operator::Pipe);
        let capital = name.starts_with(|c: char| c.is_ascii_uppercase()) && !is_cmdlet(name);
        // `<pod|deployment>` is to be filled in.
        let unknown = two[1].words.len() == 1
            && !is_known(name)
            && is_plain_word(name)
            && !(text.contains('<') && text.contains('>'));
        piped && !name.is_empty() && !two[1].block && (capital || unknown && !text.contains(" |"))
    };
    if commands.windows(2).any(into) {
        return false;
    }
    calls_as_known(&commands, text, script)
}

fn begins_a_condition(text: &str) -> bool {
    ["while ", "until ", "if "].iter().any(|word| text.trim_start().starts_with(word))
}

/// Names of variables as people write them at a shell: programs' logs have
/// `time="…"` and `level=info`, which are none.
fn is_variable_name(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::{begins_surely, is_likely_a_command, is_surely_a_command};

    #[test]
    fn commands_are_known() {
        for text in [
            "kubectl get pods",
            "kubectl -n x get pods | grep y",
            "kubectl argo rollouts get rollout a",
            "kubectl myplugin --flag x",
            "sudo apt-get install -y jq",
            "sudo -u postgres psql",
            "sudo -i",
            "grep image: a.yaml",
            "kubectl describe pod a | grep -A 5 Events:",
            "awk -F: '{print $1}' /etc/passwd",
            "command -v kubectl",
            "ip a show eth1 | grep 10.1.0.1",
            "watch 'kubectl get pods'",
            "$PGOROOT/deploy/gen-keys.sh",
            "${HOME}/bin/kubectl get pods",
            "cp a.yaml     b.yaml",
            "watch -n 1 kubectl get pods",
            "for i in 1 2; do echo $i; done",
            "while true; do curl http://a; done",
            "while true; do wget -q -O- http://a; done",
            "until [ -f a ]; do sleep 1; done",
            "if kubectl get ns a; then echo yes; fi",
            "sleep 0.5",
            "[ $(uname -m) = x86_64 ] && curl -Lo a http://b",
            "gcloud x --zone      us-west2-a",
            "NS=default kubectl get pods",
            "POD=$(kubectl get pods -o name)",
            "./deploy.sh",
            "./mvnw clean package",
            "cat <<EOF\nx\nEOF",
            "(cd app && ls)",
            "source .env",
            "sh run.sh",
            "exit",
            "kubectl create secret generic a     --from-literal=b=c     --from-literal=d=e",
            "git commit -m \"first\"",
            "docker build -t me/app:1 .",
            "echo the end",
            "make build",
            "head -5 a",
            "exit 1",
            "EDITOR='nano' sops -p a secrets.yaml",
            "f() { ls; }",
            "setup-tool.sh install",
            "./deploy/install.sh v4.9.0 local",
            "{\n  mv a b\n}",
            "Enable-NetAdapter -Name 'a b'",
            "(Get-NetAdapter).Name",
            "cp a b",
            "make",
            ". ./env",
            "wget -O - http://a # as before:",
        ] {
            assert!(is_surely_a_command(text), "{text}");
        }
    }

    #[test]
    fn output_and_prose_are_not() {
        for text in [
            "",
            "NAME   READY   STATUS",
            "pod/dnsutils created",
            "pod \"app-python-0\" deleted",
            "minikube is running",
            "minikube",
            "vault",
            "kind",
            "redis   ClusterIP   10.96.0.1",
            "vault-0   1/1   Running",
            "vault\tdefault\t1",
            "vault   1/1   Running",
            "go version go1.21.1 linux/amd64",
            "git version 2.43.0",
            "curl 7.88.1 (x86_64-pc-linux-gnu)",
            "curl is already the newest version",
            "kubectl controls the Kubernetes cluster manager.",
            "node \"worker\" cordoned",
            "node/worker cordoned",
            "time=\"2024-01-01\" level=info msg=\"ready\"",
            "kind: Pod",
            "make sure that it runs",
            "kubectl apply -f a.yamlservice.serving.knative.dev \"a\" created",
            "kubectl get pods result =>=>",
            "ls   a   b",
            "for example",
            "if you see this",
            "kubectl get pods \\",
            "echo 'open",
            "16",
            "Server:         10.96.0.10",
            "... more",
            "-rw-r--r-- 1 root root 0 file",
            "top - 10:22:01 up 1 day",
            "test passed",
            "host not found",
            "docker.service - Docker",
            "curl: (7) Failed to connect",
            "ls: cannot access 'a'",
            "docker network is not there",
            "gpg (GnuPG) 2.4.4; Copyright (C) 2024 g10 Code GmbH",
            "profile a flags=(b) {\n}",
            "{\n    \"UserId\": \"a\"\n}",
            "(or)",
            "(wait until it runs)",
            "git log output looks like this:",
            "docker exec syntax:",
            "&& kubectl get nodes",
            "__entrypoint.sh  app.jar",
            "install.sh uninstall.sh",
            "install cert-manager",
            "First()  Move to the first key.",
            "uid=0(root) gid=0(root) groups=0(root)",
            "service \"a\" deleted",
            "nginx is running",
            "etcd cluster healthy",
            "containerd shim exited",
            "kubelet сервис запущен",
        ] {
            assert!(!is_surely_a_command(text), "{text}");
        }
    }

    #[test]
    fn a_first_line_may_be_open() {
        for text in
            ["kubectl get \\", "cat <<EOF | kubectl apply -f -", "for i in 1 2; do", "helm a b 'c"]
        {
            assert_eq!(begins_surely(text), !text.starts_with("helm a"), "{text}");
        }
        assert!(!begins_surely("he said \\"));
    }

    #[test]
    fn unknown_programs_may_be_commands() {
        for text in ["mycli app --name x", "hyperctl a/b", "acorn run ./app", "foo -x"] {
            assert!(is_likely_a_command(text), "{text}");
        }
        for text in [
            "hello world",
            "myvalue",
            "secret/a created",
            "data from a",
            "level=info msg=x",
            "Name: x",
        ] {
            assert!(!is_likely_a_command(text), "{text}");
        }
    }
}
