//! Which command opens a program that reads what is typed next.

use super::words::Script;

/// Whether a command opens a shell or another program that reads what is typed
/// next.
pub(super) fn opens_a_shell(text: &str) -> bool {
    const SHELLS: [&str; 7] = ["sh", "bash", "ash", "zsh", "dash", "redis-cli", "psql"];
    let script = Script::new(text);
    script.commands().iter().any(|simple| {
        let words: Vec<&str> = simple.words.iter().map(|word| word.text.as_str()).collect();
        let Some((program, arguments)) = words.split_first() else {
            return false;
        };
        let last = arguments.last().map_or("", |last| last.rsplit('/').next().unwrap_or(last));
        match *program {
            "kubectl" | "k" | "docker" | "podman" | "nerdctl" | "oc" => {
                let within = arguments
                    .iter()
                    .any(|word| matches!(*word, "exec" | "run" | "debug" | "attach"));
                let typed = arguments
                    .iter()
                    .take_while(|word| **word != "--")
                    .any(|word| matches!(*word, "-i" | "-it" | "-ti" | "--stdin" | "-itd"));
                within && typed && (SHELLS.contains(&last) || last == "--")
            }
            "minikube" => arguments == ["ssh"],
            "ssh" => arguments.len() == 1,
            "sudo" => matches!(arguments, ["-i" | "-s" | "su" | "bash" | "sh", ..]),
            "su" => true,
            program => arguments.is_empty() && SHELLS.contains(&program),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::opens_a_shell;

    #[test]
    fn a_shell_inside_is_known() {
        for text in [
            "kubectl exec -it web-0 -- /bin/bash",
            "kubectl exec web-0 -i -t -- sh",
            "minikube ssh",
            "sudo -i",
        ] {
            assert!(opens_a_shell(text), "{text}");
        }
        for text in [
            "kubectl exec -it web-0 -- sh -c 'cat x'",
            "kubectl exec -it dnsutils -- nslookup a",
            "bash run.sh",
        ] {
            assert!(!opens_a_shell(text), "{text}");
        }
    }
}
