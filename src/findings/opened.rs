//! What to write in the place of what is typed inside another program: the words of
//! that program, with the command behind them.

use super::commands::first_known;
use crate::document::Document;
use crate::lab::words::{Script, Word};
use crate::lab::{Diagnostic, Simple, Step, is_listed, opens_a_shell, without_wrappers};

/// Shells, which are given any program's words.
const SHELLS: &str = "sh bash ash zsh dash ksh fish csh tcsh";

/// Programs that take what is typed in them as an argument: after which flag, and
/// something that each can be asked.
const ASKED: [(&str, &str, &str); 9] = [
    ("psql", "-c", "select version();"),
    ("mysql", "-e", "show databases;"),
    ("mariadb", "-e", "show databases;"),
    ("mongosh", "--eval", "db.version()"),
    ("mongo", "--eval", "db.version()"),
    ("python", "-c", "print(1)"),
    ("python3", "-c", "print(1)"),
    ("node", "-e", "console.log(1)"),
    ("redis-cli", "", "ping"),
];

/// What a shell in a container is asked, where the page does not say.
const LOOK: &str = "ls /";

/// Longer commands are not shown in a help line.
const LONGEST: usize = 100;

/// Words, for what the reader said of programs that are opened, what to write in
/// their place.
pub(super) fn help(read: &mut [Diagnostic], document: &Document, steps: &[Step]) {
    let mut steps = steps.iter().peekable();
    let mut open: Option<&Step> = None;
    for found in read {
        if !matches!(found.id, "opens-a-shell" | "nested-command") {
            continue;
        }
        let line = document.line_of(found.span.start);
        while let Some(step) = steps.next_if(|step| step.command.first_line <= line) {
            let opens = !step.flags.nested && step.flags.interactive;
            if opens && opens_a_shell(&step.command.text) {
                open = Some(step);
            }
            if step.command.first_line == line {
                let flags = step.flags;
                let whole =
                    !flags.nested || !flags.placeholder && !flags.blocking && !flags.interactive;
                let typed = flags.nested.then_some(step.command.text.as_str());
                let instead = open.and_then(|open| instead(&open.command.text, typed, whole));
                found.help = instead.or(found.help.take());
            }
        }
    }
}

/// What to write in the place of a command that opens a program, or of what is
/// typed in it. `whole` where that is run as it stands.
fn instead(opening: &str, typed: Option<&str>, whole: bool) -> Option<String> {
    if typed.is_some_and(|typed| is_listed("exit quit logout \\q", typed.trim_end_matches(';'))) {
        return Some("leave it out, with the command that opens the program".to_owned());
    }
    if opening.len() > 2 * LONGEST {
        return None;
    }
    let script = Script::new(opening);
    let commands = script.commands();
    let opener = commands.iter().find_map(|simple| Opener::of(simple, opening))?;
    let shown = |command: String| {
        Some(match typed {
            Some(_) => format!("give it to the program as an argument: `{command}`"),
            None => format!("give the inner command on this line, as in `{command}`"),
        })
    };
    let fits = |command: &String| command.len() <= LONGEST && !command.contains(['`', '\n']);
    match opener.with(typed) {
        Given::Here => Some(match typed {
            Some(_) => "leave out the command that opens the shell, and the prompt of that shell"
                .to_owned(),
            None => "leave it out: the commands after it are run in the lab's own shell".to_owned(),
        }),
        Given::As(user) => Some(format!("write `{user}` before each command that needs it")),
        Given::Command(command) if whole && fits(&command) => shown(command),
        Given::Command(_) => match opener.with(None) {
            Given::Command(command) if fits(&command) => {
                Some(format!("give it to the program as an argument, as in `{command}`"))
            }
            _ => None,
        },
    }
}

/// A command that opens a program, in the parts that stay.
struct Opener {
    /// The words before the program inside, or all where it has none.
    outer: String,
    /// The program that reads what is typed, with its arguments; empty where it is
    /// a shell that nobody named.
    inner: Vec<String>,
}

/// How what was typed is given.
enum Given {
    Command(String),
    /// To the lab's own shell.
    Here,
    /// To the lab's own shell, each behind these words.
    As(String),
}

impl Opener {
    fn of(simple: &Simple<'_>, text: &str) -> Option<Self> {
        let words = without_wrappers(&simple.words);
        let (program, rest) = words.split_first()?;
        let written = |words: &[&Word]| -> Vec<String> {
            words.iter().map(|word| text[word.span.clone()].to_owned()).collect()
        };
        let name = base(&program.text);
        if is_program(name) {
            return Some(Self { outer: String::new(), inner: written(words) });
        }
        let dashes = rest.iter().position(|word| word.text == "--").map(|at| at + 1);
        let inside = rest.iter().rposition(|word| is_program(base(&word.text))).map(|at| at + 1);
        let (outer, inner) = match (name, dashes, inside) {
            ("kubectl" | "k" | "oc", Some(dashes), _) => {
                let inner = &words[dashes + 1..];
                let at = inner.iter().position(|word| is_program(base(&word.text)));
                let at = dashes + 1 + at.unwrap_or(inner.len());
                (written(&words[..at]), written(&words[at..]))
            }
            ("kubectl" | "k" | "oc", None, at) => {
                let mut outer = written(&words[..at.unwrap_or(words.len())]);
                // What is attached to is asked by another command.
                for word in &mut outer {
                    if word == "attach" {
                        "exec".clone_into(word);
                    }
                }
                outer.push("--".to_owned());
                (outer, at.map_or_else(Vec::new, |at| written(&words[at..])))
            }
            ("docker" | "podman" | "nerdctl" | "docker-compose", _, at) => (
                written(&words[..at.unwrap_or(words.len())]),
                at.map_or_else(Vec::new, |at| written(&words[at..])),
            ),
            ("ssh" | "minikube" | "limactl", ..) => (written(words), Vec::new()),
            ("vagrant", ..) => ([written(words), vec!["-c".to_owned()]].concat(), Vec::new()),
            ("multipass", ..) => {
                let vm = rest.get(1).map_or("primary", |word| word.text.as_str());
                (["multipass", "exec", vm, "--"].map(str::to_owned).to_vec(), Vec::new())
            }
            ("su", ..) => (Vec::new(), written(words)),
            ("sudo", ..) => (Vec::new(), vec![name.to_owned()]),
            _ => return None,
        };
        Some(Self { outer: outer.join(" "), inner })
    }

    fn with(&self, typed: Option<&str>) -> Given {
        let name = self.inner.first().map_or("", |name| base(name));
        if let Some((_, flag, question)) = ASKED.iter().find(|(asked, ..)| *asked == name) {
            let typed = typed.unwrap_or(question);
            let asked = if flag.is_empty() {
                typed.to_owned()
            } else {
                format!("{flag} {}", quoted(typed))
            };
            let command = format!("{} {} {asked}", self.outer, self.inner.join(" "));
            return Given::Command(command.trim().to_owned());
        }
        match (name, self.outer.is_empty()) {
            ("sudo" | "su", _) => {
                let user = self.inner.last().filter(|user| {
                    self.inner.len() > 1 && !user.starts_with('-') && *user != "root"
                });
                Given::As(user.map_or("sudo".to_owned(), |user| format!("sudo -u {user}")))
            }
            (_, true) => Given::Here,
            _ => {
                Given::Command(format!("{} {}", self.outer, self.for_shell(typed.unwrap_or(LOOK))))
            }
        }
    }

    /// What is typed at a shell, as words of the command that opened it.
    fn for_shell(&self, typed: &str) -> String {
        /// What has an effect only on the shell that it is typed in.
        const KEPT: &str = "cd export set unset alias source . umask ulimit";
        let of_shell = first_known(typed, |name, _| is_listed(KEPT, name).then_some(()));
        let words = Script::new(typed);
        let plain = words.commands().len() == 1
            && words.words().all(|word| !word.expands && !word.substitutes)
            && !typed.contains(['\n', '#', '*', '?', '<', '>', '|', '&', ';', '~'])
            && words.commands().iter().all(|simple| simple.assignments.is_empty());
        // Each is given one word, which a shell there reads.
        let one_word = self.outer.starts_with("vagrant");
        let remote = self.outer.starts_with("ssh") || self.outer.starts_with("minikube");
        match (of_shell, plain) {
            (Some(()), _) if one_word || remote => quoted(&format!("{typed} && ls")),
            (Some(()), _) => format!("sh -c {}", quoted(&format!("{typed} && ls"))),
            (None, true) if !one_word => typed.to_owned(),
            _ if one_word || remote => quoted(typed),
            _ => format!("sh -c {}", quoted(typed)),
        }
    }
}

fn base(word: &str) -> &str {
    word.rsplit('/').next().unwrap_or_default()
}

/// Whether a program reads what is typed next.
fn is_program(name: &str) -> bool {
    is_listed(SHELLS, name) || ASKED.iter().any(|(asked, ..)| *asked == name)
}

/// A text as one word of a shell.
fn quoted(text: &str) -> String {
    if text.contains('\'') && !text.contains(['"', '$', '`', '\\', '!']) {
        return format!("\"{text}\"");
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::instead;
    use crate::findings::tests::{checks_clean, drawn};

    fn command(opening: &str, typed: Option<&str>) -> String {
        let help = instead(opening, typed, true).expect("it opens a program");
        checks_clean(&help);
        help.split('`').nth(1).unwrap_or(&help).to_owned()
    }

    #[test]
    fn each_program_is_given_a_command_in_its_own_way() {
        for (opening, given) in [
            (
                "kubectl exec -it web-0 -n shop -- /bin/bash",
                "kubectl exec -it web-0 -n shop -- ls /",
            ),
            ("kubectl exec -it web sh", "kubectl exec -it web -- ls /"),
            ("kubectl attach web -it", "kubectl exec web -it -- ls /"),
            (
                "kubectl exec -it db -- psql -U me",
                "kubectl exec -it db -- psql -U me -c 'select version();'",
            ),
            (
                "sudo docker exec -it db mysql -uroot",
                "docker exec -it db mysql -uroot -e 'show databases;'",
            ),
            ("podman run -it ubuntu", "podman run -it ubuntu ls /"),
            ("docker compose exec -it web bash", "docker compose exec -it web ls /"),
            ("ssh -i key ubuntu@10.0.0.1", "ssh -i key ubuntu@10.0.0.1 ls /"),
            ("minikube ssh", "minikube ssh ls /"),
            ("vagrant ssh", "vagrant ssh -c 'ls /'"),
            ("multipass shell vm", "multipass exec vm -- ls /"),
            ("redis-cli -h a", "redis-cli -h a ping"),
            ("python3", "python3 -c 'print(1)'"),
            ("sudo -i", "sudo"),
            ("sudo su -", "sudo"),
            ("su - postgres", "sudo -u postgres"),
        ] {
            assert_eq!(command(opening, None), given, "{opening}");
        }
        assert!(command("bash", None).starts_with("leave it out: "));
    }

    #[test]
    fn what_was_typed_is_given_as_it_stands() {
        let shell = "kubectl exec -it vault-0 -- /bin/sh";
        for (opening, typed, given) in [
            (shell, "vault status", "kubectl exec -it vault-0 -- vault status"),
            (shell, "ls | wc -l", "kubectl exec -it vault-0 -- sh -c 'ls | wc -l'"),
            (shell, "echo $HOME", "kubectl exec -it vault-0 -- sh -c 'echo $HOME'"),
            (shell, "cd /tmp", "kubectl exec -it vault-0 -- sh -c 'cd /tmp && ls'"),
            ("vagrant ssh", "echo 'a'", "vagrant ssh -c \"echo 'a'\""),
            ("ssh a", "ls | wc -l", "ssh a 'ls | wc -l'"),
            ("psql", "select 'a';", "psql -c \"select 'a';\""),
            ("kubectl exec -it r -- redis-cli", "get a", "kubectl exec -it r -- redis-cli get a"),
        ] {
            assert_eq!(command(opening, Some(typed)), given, "{typed}");
        }
        assert!(command(shell, Some("exit")).starts_with("leave it out, "));
        let example = instead(shell, Some("ping <ip>"), false);
        let example = example
            .is_some_and(|help| help.ends_with(", as in `kubectl exec -it vault-0 -- ls /`"));
        assert!(example);
        let long = format!("echo {}", "a".repeat(200));
        assert_eq!(command(shell, Some(&long)), "kubectl exec -it vault-0 -- ls /");
    }

    #[test]
    fn the_reader_is_told() {
        let page = "\
```console
$ docker exec -it db psql -U me
me=# select 1;
```
";
        let opens = drawn("opens-a-shell", page);
        assert!(
            opens.contains(
                "give the inner command on this line, as in `docker exec -it db psql -U me -c '"
            ),
            "{opens}"
        );
        insta::assert_snapshot!(drawn("nested-command", page), @r"
        error[nested-command]: this is typed inside another program, which is not carried out yet
         --> lab.md:3:1
          |
        3 | me=# select 1;
          | ^^^^^^^^^^^^^^
          |
          = help: give it to the program as an argument: `docker exec -it db psql -U me -c 'select 1;'`
        ");
    }
}
