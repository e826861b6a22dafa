//! Which command opens a program that reads what is typed next.

use super::blocks::Simple;
use super::known::is_listed;
use super::words::{Operator, Script, Word};
use super::wrappers::without_wrappers;

/// Programs that read commands from the terminal where they are given none.
const SHELLS: [&str; 9] = ["sh", "bash", "ash", "zsh", "dash", "ksh", "fish", "csh", "tcsh"];

/// Programs that read a language from the terminal: each with its flags that
/// give the text, or are all it does.
const PROMPTING: [(&str, &str); 8] = [
    ("python", "-c -m -V --version -h --help"),
    ("python3", "-c -m -V --version -h --help"),
    ("node", "-e -p -v --eval --print --version --help"),
    ("mysql", "-e --execute -V --version --help"),
    ("mariadb", "-e --execute -V --version --help"),
    ("psql", "-c --command -f --file -l --list -V --version --help"),
    ("mongosh", "--eval --file -f --version --help"),
    ("mongo", "--eval --version --help"),
];

/// Programs that do their work without arguments and end.
const ONE_SHOT: &str = "\
    ls env printenv date hostname ps whoami pwd id df uname mount uptime true ip netstat ss free \
    lscpu";

/// What people type has fewer words before the program that reads the terminal.
/// Each may be a program that runs the next.
const MOST_WORDS: usize = 200;

/// ssh's flags that take a value.
const SSH: &str = "BbcDEeFIiJLlmOopQRSWw";

/// docker's flags that take a value.
pub(crate) const DOCKER: &str = "aceHhlmpuvw";
pub(crate) const DOCKER_LONG: &str = "\
    --add-host --cpus --detach-keys --entrypoint --env --env-file --expose --gpus --hostname \
    --label --memory --mount --name --network --net --pid --platform --publish --pull --restart \
    --user --volume --volumes-from --workdir --config --context --host --log-level";

/// Whether a command opens a shell or another program that reads what is typed
/// next. What reads a pipe or a file does not.
pub(crate) fn opens_a_shell(text: &str) -> bool {
    opens(&Script::new(text).commands())
}

/// The same of a command that was taken apart.
pub(super) fn opens(commands: &[Simple<'_>]) -> bool {
    let mut piped = false;
    for simple in commands {
        let fed = piped
            || simple.redirects.iter().any(|(operator, _)| {
                matches!(operator, Operator::Read | Operator::Heredoc | Operator::Herestring)
            });
        if !fed && reads_the_terminal(without_wrappers(&simple.words)) {
            return true;
        }
        piped = simple.ended_by == Some(Operator::Pipe);
    }
    false
}

/// Whether a command is one of the machine on which clusters are made and asked,
/// never typed inside a container.
pub(super) fn is_of_the_outer_machine(script: &Script) -> bool {
    const OUTER: [&str; 8] =
        ["kubectl", "k", "helm", "minikube", "kind", "k3d", "kubectx", "kubens"];
    script.commands().iter().any(|simple| {
        let words = without_wrappers(&simple.words);
        words.first().is_some_and(|word| OUTER.contains(&word.text.as_str()))
    })
}

/// Whether a line typed in such a program leaves it.
pub(crate) fn ends_a_shell(text: &str) -> bool {
    const WORDS: &str = "exit quit logout \\q .exit .quit :q QUIT EXIT bye";
    let word = text.trim().trim_end_matches([';', '(', ')']);
    let code = word.strip_prefix("exit ").map(str::trim);
    is_listed(WORDS, word) || code.is_some_and(|code| code.parse::<u8>().is_ok())
}

fn reads_the_terminal(words: &[&Word]) -> bool {
    let words: Vec<&str> = words.iter().take(MOST_WORDS).map(|word| word.text.as_str()).collect();
    program_reads(&words)
}

fn program_reads(words: &[&str]) -> bool {
    let Some((program, arguments)) = words.split_first() else {
        return false;
    };
    let name = program.rsplit('/').next().unwrap_or_default();
    let all_flags = arguments.iter().all(|word| word.starts_with('-') && *word != "-c");
    let ends = arguments.iter().any(|word| matches!(*word, "--version" | "--help"));
    if SHELLS.contains(&name) {
        let given = |word: &&str| !word.starts_with("--") && word.contains('c');
        return all_flags && !ends && !arguments.iter().any(given);
    }
    if let Some((_, flags)) = PROMPTING.iter().find(|(program, _)| *program == name) {
        let is_script = |word: &&str| {
            matches!(name, "python" | "python3" | "node" | "mongosh" | "mongo")
                && !word.starts_with('-')
                && (!name.starts_with("mongo") || word.rsplit('.').next() == Some("js"))
        };
        let is_given = |word: &&str| {
            flags.split_whitespace().any(|flag| {
                *word == flag
                    || (flag.len() == 2 && !word.starts_with("--") && word.starts_with(flag))
                    || word.strip_prefix(flag).is_some_and(|value| value.starts_with('='))
            })
        };
        return !arguments.iter().any(|word| is_script(word) || is_given(word));
    }
    match name {
        "kubectl" | "k" | "oc" => kubectl_reads(arguments),
        "docker" | "podman" | "nerdctl" | "docker-compose" => docker_reads(arguments),
        "sqlite3" => !ends && operands(arguments, "", "").len() < 2,
        "sftp" | "ftp" | "irb" | "gdb" | "ghci" | "iex" | "telnet" => {
            !ends && !arguments.iter().any(|word| matches!(*word, "-b" | "-e" | "-batch"))
        }
        "redis-cli" => !ends && operands(arguments, "hpanurid", "--user --pass").is_empty(),
        "ssh" => {
            let (_, flags) = split(arguments, SSH, "");
            operands(arguments, SSH, "").len() == 1
                && !flags.iter().any(|flag| matches!(flag, 'N' | 'f' | 'V' | 'G' | 'W' | 'O'))
        }
        "minikube" | "vagrant" | "multipass" | "limactl" => {
            let inner = operands(arguments, "np", "--node --profile --ssh-key");
            let most = usize::from(name != "minikube") + 1;
            matches!(inner.first(), Some(&("ssh" | "shell")))
                && inner.len() <= most
                && !ends
                && !arguments.iter().any(|word| *word == "-c" || word.starts_with("--command"))
        }
        "gcloud" | "aws" | "docker-machine" => {
            let opened = match name {
                "gcloud" => arguments.windows(2).any(|two| two == ["compute", "ssh"]),
                "aws" => arguments.starts_with(&["ssm", "start-session"]),
                _ => arguments.first() == Some(&"ssh") && arguments.len() == 2,
            };
            opened
                && !ends
                && !arguments.iter().any(|word| {
                    *word == "--"
                        || ["--command", "--document-name"]
                            .iter()
                            .any(|flag| word.starts_with(flag))
                })
        }
        // Only with its own flags for a shell: others were taken away.
        "sudo" => {
            let valued = "ugCDhpRrTtU";
            operands(arguments, valued, "").is_empty()
                && arguments.iter().any(|word| matches!(*word, "-i" | "-s" | "--login" | "--shell"))
        }
        "su" => !arguments.iter().any(|word| *word == "-c" || word.starts_with("--command")),
        _ => false,
    }
}

fn kubectl_reads(arguments: &[&str]) -> bool {
    let dashes = arguments.iter().position(|word| *word == "--");
    let (before, inner) = arguments.split_at(dashes.unwrap_or(arguments.len()));
    let within = before.iter().find(|word| matches!(**word, "exec" | "run" | "debug" | "attach"));
    let Some(within) = within.filter(|_| before.iter().any(|word| is_input(word))) else {
        return false;
    };
    match inner.get(1..) {
        Some(inner) => inner_reads(inner),
        // `exec POD COMMAND`, as it was once written.
        None if *within == "exec" => before.last().is_some_and(|last| program_reads(&[last])),
        None => true,
    }
}

fn docker_reads(arguments: &[&str]) -> bool {
    let (rest, _) = split(arguments, DOCKER, DOCKER_LONG);
    let Some((command, arguments)) = rest.split_first() else {
        return false;
    };
    // `docker container run`, `docker compose exec`.
    if matches!(*command, "container" | "compose") {
        return docker_reads(arguments);
    }
    let (inner, _) = split(arguments, DOCKER, DOCKER_LONG);
    let flags = &arguments[..arguments.len() - inner.len()];
    let is_detached = |word: &&str| {
        *word == "--detach"
            || (word.starts_with('-') && !word.starts_with("--") && word.contains('d'))
    };
    if !flags.iter().any(|word| is_input(word)) || flags.iter().any(is_detached) {
        return *command == "attach";
    }
    match (*command, inner.get(1..)) {
        ("run" | "exec", Some(inner)) => inner.is_empty() || inner_reads(inner),
        _ => false,
    }
}

/// Whether the program inside, whose input is the terminal, reads it. One that
/// is not known does where it is given nothing to do.
fn inner_reads(words: &[&str]) -> bool {
    let Some((program, arguments)) = words.split_first() else {
        return true;
    };
    let name = program.rsplit('/').next().unwrap_or_default();
    let one_shot = ONE_SHOT.split_ascii_whitespace().any(|known| known == name);
    if name == "env" && !arguments.is_empty() {
        let rest = arguments.iter().position(|word| !word.contains('='));
        return rest.is_some_and(|rest| inner_reads(&arguments[rest..]));
    }
    program_reads(words) || (arguments.is_empty() && !one_shot)
}

/// Whether a flag connects the input: `-i`, `-it`, `--stdin`, `--interactive`.
fn is_input(word: &str) -> bool {
    if let Some(long) = word.strip_prefix("--") {
        return matches!(long, "stdin" | "stdin=true" | "interactive" | "interactive=true");
    }
    word.strip_prefix('-').is_some_and(|letters| {
        letters == "i=true"
            || (letters.contains('i') && letters.chars().all(|letter| "itdqP".contains(letter)))
    })
}

/// The words from the first operand on, and the single letters of the flags
/// before it.
fn split<'w, 'a>(words: &'w [&'a str], valued: &str, long: &str) -> (&'w [&'a str], Vec<char>) {
    let mut letters = Vec::new();
    let mut at = 0;
    while let Some(word) = words.get(at).filter(|word| word.starts_with('-') && word.len() > 1) {
        at += 1;
        if word.starts_with("--") {
            at += usize::from(long.split_whitespace().any(|flag| flag == *word));
            continue;
        }
        for (place, letter) in word.char_indices().skip(1) {
            letters.push(letter);
            if valued.contains(letter) {
                at += usize::from(place + letter.len_utf8() == word.len());
                break;
            }
        }
    }
    (words.get(at..).unwrap_or_default(), letters)
}

/// What is no flag and no flag's value.
fn operands<'a>(words: &[&'a str], valued: &str, long: &str) -> Vec<&'a str> {
    let mut found = Vec::new();
    let mut rest = words;
    while let Some((first, after)) = split(rest, valued, long).0.split_first() {
        found.push(*first);
        rest = after;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{ends_a_shell, opens_a_shell};

    #[test]
    fn a_shell_is_left_by_its_own_words() {
        assert!(["exit", "quit", "\\q", "exit;", "exit()"].into_iter().all(ends_a_shell));
        assert!(!["exit codes", "ls", ""].into_iter().any(ends_a_shell));
    }

    #[test]
    fn a_shell_inside_is_known() {
        for text in [
            "kubectl exec -it web-0 -- /bin/bash",
            "kubectl exec web-0 -i -t -- sh",
            "kubectl exec -it web -- /bin/bash -l",
            "kubectl exec --stdin=true --tty=true web -- sh",
            "kubectl exec -it mysql-0 -- mysql -uroot",
            "kubectl exec -it web -- env A=1 sh",
            "kubectl exec -it web bash",
            "kubectl run -i --tty load --image=busybox -- /bin/sh",
            "kubectl attach web -it",
            "docker run -it ubuntu",
            "docker-compose exec -it web bash",
            "docker run --rm -it -v a:b --name c ubuntu bash",
            "sudo docker exec -it a sh",
            "minikube ssh",
            "minikube ssh -n minikube-m02",
            "vagrant ssh",
            "gcloud --project x compute ssh node-0",
            "gcloud beta compute ssh node-0",
            "ssh -i key ubuntu@10.0.0.1",
            "sudo -i",
            "sudo su -",
            "gcloud compute ssh me@node-0 --zone a",
            "aws ssm start-session --target i-0a",
            "docker-machine ssh node-0",
            "bash",
            "python3",
            "psql -h db -U me",
            "redis-cli -h a",
            "sqlite3 a.db",
            "sftp me@a",
        ] {
            assert!(opens_a_shell(text), "{text}");
        }
    }

    #[test]
    fn what_is_given_its_work_opens_none() {
        for text in [
            "kubectl exec -it web-0 -- sh -c 'cat x'",
            "kubectl exec -it web-0 -- bash -lc 'cat x'",
            "kubectl exec -it dnsutils -- nslookup a",
            "kubectl exec -it web -- env",
            "kubectl exec -it db -- psql -U me -c 'select 1'",
            "kubectl exec web-0 -- sh",
            "docker run -itd ubuntu",
            "docker run -it busybox ls /",
            "bash run.sh",
            "python3 -m http.server",
            "ssh me@a uptime",
            "gcloud compute ssh node-0 --command ls",
            "gcloud compute ssh node-0 -- -L 80:a:80",
            "aws ssm start-session --target i-0a --document-name a",
            "docker-machine ssh node-0 ls",
            "minikube ssh -- ls",
            "minikube ssh 'ls /'",
            "vagrant ssh -c ls",
            "redis-cli -h a get b",
            "sqlite3 a.db .tables",
            "curl -fsSL http://a | bash",
            "curl -fsSL http://a | sudo sh -",
            "cat <<X | sh\nls\nX",
            "psql -h db < dump.sql",
            "kubectl exec -i db -- mysql -uroot < dump.sql",
            "su me -c ls",
        ] {
            assert!(!opens_a_shell(text), "{text}");
        }
    }
}
