//! Which commands ask for a terminal.

use super::arguments::{Arguments, KUBECTL, Valued};
use crate::lab::words::{Script, Word};
use crate::lab::{DOCKER, DOCKER_LONG};

/// Whether some part of a command is to have a terminal: `kubectl exec -it`,
/// `docker run -t` and their like.
pub(super) fn asks_for_terminal(command: &str) -> bool {
    let script = Script::new(command);
    script.commands().iter().any(|simple| {
        let words = without_runner(&simple.words);
        let Some((program, arguments)) = words.split_first() else {
            return false;
        };
        match program.text.as_str() {
            // kubectl takes its flags anywhere before `--`.
            "kubectl" | "k" | "oc" => {
                asks(arguments, KUBECTL, &["exec", "run", "attach", "debug"], usize::MAX)
            }
            // docker's end at the image or container; `exec CONTAINER` are two operands.
            "docker" | "podman" | "nerdctl" => {
                let long: Vec<&str> = DOCKER_LONG
                    .split_whitespace()
                    .map(|flag| flag.trim_start_matches('-'))
                    .collect();
                asks(arguments, Valued { short: DOCKER, long: &long }, &["exec", "run"], 2)
            }
            _ => false,
        }
    })
}

fn asks(words: &[&Word], valued: Valued<'_>, commands: &[&str], most: usize) -> bool {
    let arguments = Arguments::new(words, valued, most);
    let command = arguments.operands.first();
    command.is_some_and(|command| commands.contains(command)) && arguments.has(&["t", "tty"])
}

/// A command's words without `sudo` and the like before the program.
pub(super) fn without_runner<'s, 'w>(words: &'s [&'w Word]) -> &'s [&'w Word] {
    match words.split_first() {
        Some((first, rest))
            if first.text == "sudo"
                && rest.first().is_some_and(|word| !word.text.starts_with('-')) =>
        {
            rest
        }
        _ => words,
    }
}

#[cfg(test)]
mod tests {
    use super::asks_for_terminal;

    #[test]
    fn flags_before_the_dashes_ask_for_a_terminal() {
        for command in [
            "kubectl exec -it web-0 -- sh",
            "kubectl exec -i -t dnsutils -- nslookup a",
            "kubectl -n x exec web-0 -ti -- sh",
            "kubectl exec web-0 --stdin --tty -- sh",
            "kubectl run a --image=b --rm -it --restart=Never -- nslookup c",
            "echo a; kubectl exec -it web-0 -- cat x | wc",
            "for p in a b; do kubectl exec $p -it -- cat x; done",
            "kubectl debug node/a -it --image=b",
            "sudo docker run --name a -it busybox sh",
            "docker exec -ti a sh",
        ] {
            assert!(asks_for_terminal(command), "{command}");
        }
    }

    #[test]
    fn other_flags_do_not() {
        for command in [
            "kubectl exec web-0 -- ls -t",
            "kubectl exec -i web-0 -- sh -c 'kubectl exec -it'",
            "kubectl exec web-0 -c t -- sh",
            "kubectl exec -nt web-0 -- sh",
            "kubectl exec --tty=false web-0 -- sh",
            "kubectl get pods -t",
            "docker run busybox ls -t",
            "echo 'kubectl exec -it web-0'",
            "docker build -t app .",
        ] {
            assert!(!asks_for_terminal(command), "{command}");
        }
    }
}
