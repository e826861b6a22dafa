//! What a command is, as far as that decides how its output is compared.

use crate::lab::words::{Operator, Script};
use crate::lab::{Simple, without_wrappers};

/// Where the number that a command prints comes from: the command apart from
/// the object that it reads. None where a number it prints is a literal, as it
/// is where the command counts or selects.
pub(crate) fn number_scope(command: &str) -> Option<String> {
    let commands = commands(&Script::new(command));
    let [words] = commands.as_slice() else {
        return None;
    };
    if program(words) == Some("kubectl") {
        let (before, inner) = exec(words)?;
        let reads = match inner {
            [shell, flag, script] if is_shell(shell) && flag.ends_with('c') => {
                number_scope(script)?
            }
            _ => state_reader(inner)?,
        };
        return Some(format!("{before} -- {reads}"));
    }
    state_reader(words)
}

/// Whether the command decides the order of what it prints.
pub(crate) fn sorts(command: &str) -> bool {
    commands(&Script::new(command)).iter().any(|words| {
        program(words) == Some("sort")
            || words.iter().any(|word| word == "--sort-by" || word.starts_with("--sort-by="))
    })
}

/// Whether the exit code of the command tells nothing of the command that
/// printed: a later one of the line gives it, or it is stopped from outside.
pub(crate) fn hides_exit_code(command: &str) -> bool {
    let script = Script::new(command);
    let simples = script.commands();
    let Some((last, others)) = simples.split_last() else {
        return false;
    };
    // What fails before `&&` is the end of the whole line.
    others.iter().any(|simple| simple.ended_by != Some(Operator::And))
        || last.ended_by == Some(Operator::Background)
        || simples.iter().any(|simple| {
            // The program's own end covers that of what gave its arguments.
            simple.block || simple.words.iter().any(|word| word.substitutes) || is_stopped(simple)
        })
}

/// Whether a program that ends others runs it.
fn is_stopped(simple: &Simple<'_>) -> bool {
    let inner = without_wrappers(&simple.words).len();
    simple.words[..simple.words.len() - inner]
        .iter()
        .any(|word| word.text.rsplit('/').next() == Some("timeout"))
}

/// Whether the last command of the line ends with 1 for a plain "no".
pub(crate) fn asks(command: &str) -> bool {
    let commands = commands(&Script::new(command));
    let last = commands.last().and_then(|words| program(words));
    matches!(last, Some("grep" | "egrep" | "fgrep" | "diff" | "cmp" | "test" | "[" | "pgrep"))
        || commands.last().is_some_and(|words| verb(words) == Some("diff"))
}

/// Whether the command prints what an application wrote: what looks like a
/// tool's remark there is the application's.
pub(crate) fn prints_foreign_text(command: &str) -> bool {
    commands(&Script::new(command)).iter().any(|words| {
        matches!(program(words), Some("cat" | "head" | "tail" | "echo" | "printf"))
            || matches!(verb(words), Some("logs" | "log"))
    })
}

/// Whether what the command prints may be an application's, also where it says
/// that something failed.
pub(crate) fn relays(command: &str) -> bool {
    prints_foreign_text(command)
        || commands(&Script::new(command)).iter().any(|words| match program(words) {
            Some("kubectl") => {
                matches!(verb(words), Some("exec" | "run" | "attach" | "debug"))
            }
            Some("docker" | "podman" | "nerdctl" | "crictl") => {
                words.iter().any(|word| matches!(word.as_str(), "logs" | "exec" | "run" | "attach"))
            }
            Some("curl" | "wget" | "http" | "less" | "more" | "journalctl" | "stern" | "ssh") => {
                true
            }
            _ => false,
        })
}

/// The words of the simple commands, from left to right, without assignments,
/// redirections and what runs the program (`sudo`, `timeout 5`).
fn commands(script: &Script) -> Vec<Vec<String>> {
    let words = |simple: Simple<'_>| -> Vec<String> {
        without_wrappers(&simple.words).iter().map(|word| word.text.clone()).collect()
    };
    script.commands().into_iter().map(words).filter(|words| !words.is_empty()).collect()
}

/// The program of a simple command, without its folder; `k` and `minikube kubectl --` are kubectl.
fn program(words: &[String]) -> Option<&str> {
    let mut rest = words.iter().map(String::as_str);
    let name = rest.next()?;
    let name = name.rsplit('/').next().unwrap_or(name);
    let name = name.strip_suffix(".exe").unwrap_or(name);
    match name {
        "k" => Some("kubectl"),
        "minikube" | "microk8s" if rest.next() == Some("kubectl") => Some("kubectl"),
        _ => Some(name),
    }
}

/// kubectl's own verb (`get`, `exec`); none where the command is not kubectl.
fn verb(words: &[String]) -> Option<&str> {
    if program(words) != Some("kubectl") {
        return None;
    }
    let mut rest = words
        .iter()
        .map(String::as_str)
        .skip_while(|word| !word.ends_with("kubectl") && *word != "k")
        .skip(1);
    while let Some(word) = rest.next() {
        if takes_value(word) {
            rest.next();
        } else if !word.starts_with('-') {
            return Some(word);
        }
    }
    None
}

/// Flags of kubectl that are followed by a value of their own word.
fn takes_value(flag: &str) -> bool {
    matches!(
        flag,
        "-n" | "--namespace"
            | "-c"
            | "--container"
            | "--context"
            | "--kubeconfig"
            | "--cluster"
            | "--user"
            | "-s"
            | "--server"
            | "--pod-running-timeout"
    )
}

/// `kubectl exec` without the object that it names, and what runs inside.
fn exec(words: &[String]) -> Option<(String, &[String])> {
    if verb(words) != Some("exec") {
        return None;
    }
    let at = words.iter().position(|word| word == "exec")?;
    let mut scope = vec!["kubectl exec".to_owned()];
    let mut object = false;
    let mut index = at + 1;
    while index < words.len() {
        let word = words[index].as_str();
        if word == "--" {
            index += 1;
            break;
        } else if takes_value(word) {
            let value = words.get(index + 1).map_or("", String::as_str);
            scope.push(format!("{word} {value}"));
            index += 2;
        } else if word.starts_with('-') {
            index += 1;
        } else if object {
            // Before 1.30 the `--` could be left out.
            break;
        } else {
            object = true;
            scope.push("<object>".to_owned());
            index += 1;
        }
    }
    Some((scope.join(" "), &words[index..]))
}

fn is_shell(program: &str) -> bool {
    matches!(program.rsplit('/').next(), Some("sh" | "bash" | "ash" | "dash" | "zsh"))
}

/// A command that reads what an application keeps, without the host that it
/// asks; none for any other.
fn state_reader(words: &[String]) -> Option<String> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (name, arguments) = words.split_first()?;
    match name.rsplit('/').next()? {
        "cat" | "head" | "tail" => {
            // What the kernel or the system configures is no application's.
            let configured = |path: &&str| {
                ["/proc/", "/sys/", "/etc/"].iter().any(|root| path.starts_with(root))
            };
            (!arguments.iter().any(configured)).then(|| words.join(" "))
        }
        "redis-cli" | "etcdctl" | "psql" | "mysql" | "mongosh" | "memcached-tool" => {
            Some(words.join(" "))
        }
        "curl" | "wget" | "http" => {
            let selects = arguments.iter().any(|word| {
                matches!(*word, "-w" | "--write-out" | "-I" | "--head" | "-i")
                    || word.contains("http_code")
            });
            let shown: Vec<String> = words.iter().map(|word| without_host(word)).collect();
            (!selects).then(|| shown.join(" "))
        }
        _ => None,
    }
}

/// A URL without the host that it names; any other word as it is.
fn without_host(word: &str) -> String {
    let Some((scheme, rest)) = word.split_once("://") else {
        return word.to_owned();
    };
    let path = rest.find('/').map_or("", |at| &rest[at..]);
    format!("{scheme}://<host>{path}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_of_state_is_scoped_apart_from_its_object() {
        let scope = number_scope("kubectl exec pod/app-python-0 -- cat visits/visits.txt");
        assert_eq!(scope.as_deref(), Some("kubectl exec <object> -- cat visits/visits.txt"));
        for other in [
            "kubectl exec pod/app-python-1 -- cat visits/visits.txt",
            "kubectl exec -it app-python-1 -- cat visits/visits.txt",
            "kubectl exec app-python-1 -i -- sh -c 'cat visits/visits.txt'",
            "minikube kubectl -- exec app-python-1 -- cat visits/visits.txt",
        ] {
            assert_eq!(number_scope(other), scope, "{other}");
        }
        assert_ne!(number_scope("kubectl exec a -- cat other.txt"), scope);
        assert_ne!(number_scope("kubectl exec -n x a -- cat visits/visits.txt"), scope);
        assert_eq!(
            number_scope("curl -s http://10.0.0.1:80/visits"),
            number_scope("curl -s http://10.0.0.2/visits")
        );
        assert!(number_scope("kubectl exec redis-0 -- redis-cli get hits").is_some());
    }

    #[test]
    fn what_counts_or_selects_prints_literals() {
        for command in [
            "kubectl get pods | wc -l",
            "kubectl exec a -- cat x | wc -l",
            "kubectl exec a -- sh -c 'cat x | grep -c y'",
            "kubectl get sts app -o jsonpath='{.spec.replicas}'",
            "kubectl exec a -- ls",
            "curl -s -o /dev/null -w '%{http_code}' http://a/",
            "kubectl exec a -- cat /sys/fs/cgroup/memory.max",
            "",
        ] {
            assert_eq!(number_scope(command), None, "{command}");
        }
    }

    #[test]
    fn lines_are_split_as_a_shell_does() {
        assert!(sorts("kubectl get pods --sort-by=.metadata.name"));
        assert!(sorts("kubectl get pods | sort -k 2"));
        assert!(!sorts("kubectl get pods -l 'a=--sort-by'"));
        assert!(hides_exit_code("kubectl get x | cat"));
        assert!(hides_exit_code("kubectl get x || true"));
        assert!(!hides_exit_code("kubectl get 'a|b' 2>&1"));
        assert!(!hides_exit_code("kubectl get a \\\n  -o wide;"));
        assert!(!hides_exit_code("kubectl get pods # a|b; c"));
        assert!(!hides_exit_code("kubectl apply -f - <<E\na | b; c\nE\n"));
        assert!(!hides_exit_code("X=$(kubectl get a | cat)"));
        assert!(hides_exit_code("echo $(kubectl get a)"));
        assert!(!hides_exit_code("kubectl get a && kubectl get b"));
        assert!(hides_exit_code("kubectl get a &"));
        assert!(hides_exit_code("if kubectl get a; then b; fi"));
        assert!(!asks("kubectl get pods # | grep x"));
        assert!(asks("kubectl get pods | grep x"));
        assert!(asks("kubectl -n x diff -f a.yaml"));
        assert!(prints_foreign_text("kubectl -n x logs a"));
        assert!(!prints_foreign_text("kubectl get logs"));
    }
}
