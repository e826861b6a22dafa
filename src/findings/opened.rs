//! What to write in the place of a program that is opened, and in which nothing is typed:
//! its words, with a command behind them.

use crate::document::Document;
use crate::lab::words::{Script, Word};
use crate::lab::{Diagnostic, Simple, Step, is_listed, without_wrappers};

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

/// Words, for what the reader said of programs in which nothing is typed, what to write in
/// their place.
pub(super) fn help(read: &mut [Diagnostic], document: &Document, steps: &[Step]) {
    let mut steps = steps.iter().peekable();
    for found in read.iter_mut().filter(|found| found.id == "opens-a-shell") {
        let line = document.line_of(found.span.start);
        while let Some(step) = steps.next_if(|step| step.command.first_line <= line) {
            if step.command.first_line == line {
                found.help = instead(&step.command.text).or(found.help.take());
            }
        }
    }
}

/// What to write in the place of a command that opens a program.
fn instead(opening: &str) -> Option<String> {
    if opening.len() > 2 * LONGEST {
        return None;
    }
    let script = Script::new(opening);
    let commands = script.commands();
    let opener = commands.iter().find_map(|simple| Opener::of(simple, opening))?;
    match opener.asked() {
        Given::Here => {
            Some("leave it out: the commands after it are run in the lab's own shell".to_owned())
        }
        Given::As(user) => Some(format!("write `{user}` before each command that needs it")),
        Given::Command(command) => {
            let fits = command.len() <= LONGEST && !command.contains(['`', '\n']);
            fits.then(|| {
                format!("show after it what is typed, or give it on this line, as in `{command}`")
            })
        }
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

/// How what is to be done is given.
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

    /// The command with something that its program is asked.
    fn asked(&self) -> Given {
        let name = self.inner.first().map_or("", |name| base(name));
        if let Some((_, flag, question)) = ASKED.iter().find(|(asked, ..)| *asked == name) {
            let asked = if flag.is_empty() {
                (*question).to_owned()
            } else {
                format!("{flag} {}", quoted(question))
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
                // One word, which a shell there reads.
                let one_word = self.outer.starts_with("vagrant");
                let look = if one_word { quoted(LOOK) } else { LOOK.to_owned() };
                Given::Command(format!("{} {look}", self.outer))
            }
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
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::instead;
    use crate::findings::tests::{checks_clean, drawn};

    fn command(opening: &str) -> String {
        let help = instead(opening).expect("it opens a program");
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
            assert_eq!(command(opening), given, "{opening}");
        }
        assert!(command("bash").starts_with("leave it out: "));
    }

    #[test]
    fn the_reader_is_told() {
        let page = "```console\n$ docker exec -it db psql -U me\n```\n";
        insta::assert_snapshot!(drawn("opens-a-shell", page), @r"
        error[opens-a-shell]: the command opens a program that reads what is typed next, and nothing is
         --> lab.md:2:1
          |
        2 | $ docker exec -it db psql -U me
          | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          |
          = help: show after it what is typed, or give it on this line, as in `docker exec -it db psql -U me -c 'select version();'`
        ");
    }
}
