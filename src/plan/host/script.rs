//! What the commands of a script change of the machine: those in blocks, substitutions and
//! other scripts included, in the directory in which each is run.

use super::files;
use super::place::{Act, Shell};
use super::programs::changes;
use super::temporary::Names;
use crate::lab::words::{Operator, Script, Word};
use crate::lab::{Simple, ends_valued, without_wrappers};
use crate::plan::arguments::{Arguments, Valued};
use crate::plan::effect::DEEPEST;

/// Programs that run the one that their arguments name, and that `without_wrappers` leaves:
/// values of their own flags may stand before it.
const RUNNERS: [&str; 11] = [
    "busybox",
    "chronic",
    "ionice",
    "parallel",
    "pkexec",
    "setsid",
    "stdbuf",
    "strace",
    "systemd-run",
    "toybox",
    "unbuffer",
];

/// Programs that print what others wrote elsewhere.
const FETCHERS: [&str; 2] = ["curl", "wget"];

/// How many commands of a pipe are looked at before one that reads it.
const LONGEST_PIPE: usize = 8;

/// sudo's flags that take a value.
const SUDO: Valued<'_> = Valued {
    short: "ugCDhpRrTtU",
    long: &["user", "group", "host", "chdir", "chroot", "prompt", "role", "type"],
};
const SU: Valued<'_> = Valued {
    short: "cgGsw",
    long: &["command", "group", "supp-group", "shell", "whitelist-environment", "session-command"],
};

/// A walk through a script.
pub(super) struct Walk<'n> {
    /// Where the shell stands that runs it.
    pub(super) shell: Shell,
    /// The names of the page.
    pub(super) names: &'n Names,
}

/// What a program may read on its standard input.
#[derive(Clone, Copy)]
struct Input<'a, 'w> {
    /// The script's text, in which its here-documents stand.
    text: &'a str,
    own: &'a Simple<'w>,
    /// The commands of the pipe before it.
    pipe: &'a [&'a Simple<'w>],
}

impl Walk<'_> {
    /// What a script changes of the machine; none where nothing is known. The shell stands
    /// afterwards where the script leaves it.
    pub(super) fn text(&mut self, text: &str, depth: usize) -> Option<String> {
        self.script(&Script::new(text), text, depth)
    }

    /// The same of another shell's script: this one stays where it is.
    fn aside(&mut self, text: &str, depth: usize) -> Option<String> {
        let before = self.shell.clone();
        let found = self.text(text, depth);
        self.shell = before;
        found
    }

    fn script(&mut self, script: &Script, text: &str, depth: usize) -> Option<String> {
        if depth >= DEEPEST {
            return None;
        }
        let commands = script.commands();
        let mut outer = Vec::new();
        let mut pipe: Vec<&Simple<'_>> = Vec::new();
        let mut surely = true;
        for own in &commands {
            let first = pipe.len().saturating_sub(LONGEST_PIPE);
            let input = Input { text, own, pipe: &pipe[first..] };
            if let Some(found) = self.simple(input, depth) {
                return Some(found);
            }
            let ended_by = own.ended_by;
            if pipe.is_empty() && !matches!(ended_by, Some(Operator::Pipe | Operator::Background)) {
                self.go(own, surely);
            }
            match ended_by {
                Some(Operator::Pipe) => pipe.push(own),
                _ => pipe.clear(),
            }
            match ended_by {
                Some(Operator::Open) => outer.push(self.shell.clone()),
                Some(Operator::Close) => self.shell = outer.pop().unwrap_or(self.shell.clone()),
                _ => {}
            }
            surely = ended_by != Some(Operator::Or);
        }
        script.substituted.iter().find_map(|inner| {
            let before = self.shell.clone();
            let found = self.script(inner, text, depth + 1);
            self.shell = before;
            found
        })
    }

    /// Follows `cd`.
    fn go(&mut self, command: &Simple<'_>, surely: bool) {
        let Some((first, rest)) = without_wrappers(&command.words).split_first() else { return };
        if matches!(first.text.as_str(), "cd" | "pushd" | "popd") {
            let mut operands = rest.iter().filter(|word| !is_flag(word));
            self.shell.go(&first.text, operands.next().map(|word| word.text.as_str()), surely);
        }
    }

    fn simple(&mut self, input: Input<'_, '_>, depth: usize) -> Option<String> {
        let redirected = input.own.redirects.iter().find_map(|(operator, target)| {
            let target = target.map(|word| word.text.as_str())?;
            // `2>&1` and `>&-` write no file.
            let is_number = target == "-" || target.bytes().all(|byte| byte.is_ascii_digit());
            let writes = match operator {
                Operator::Write => true,
                Operator::Duplicate => !is_number,
                _ => false,
            };
            writes.then(|| self.shell.of_machine(target, Act::Writes, self.names))?
        });
        redirected.or_else(|| self.program(without_wrappers(&input.own.words), Some(input), depth))
    }

    /// What a program with these arguments changes.
    fn program(
        &mut self,
        words: &[&Word],
        input: Option<Input<'_, '_>>,
        depth: usize,
    ) -> Option<String> {
        let (first, arguments) = words.split_first().filter(|_| depth < DEEPEST)?;
        let name = base(&first.text);
        let started = |at: usize| arguments.get(at..).unwrap_or_default();
        match name {
            "sh" | "bash" | "dash" | "zsh" | "ash" | "ksh" => {
                return self.shell_program(name, arguments, input, depth);
            }
            "eval" => {
                let fetched = arguments.iter().find_map(|word| fetched(word, name));
                return fetched.or_else(|| self.text(&joined(arguments), depth + 1));
            }
            "source" | "." => return arguments.first().and_then(|word| fetched(word, name)),
            "trap" => return self.aside(&arguments.first()?.text, depth + 1),
            "sudo" => {
                let at = operand(arguments, SUDO);
                return match at {
                    Some(at) => self.program(without_wrappers(started(at)), input, depth + 1),
                    None => self.shell_program("sudo", &[], input, depth),
                };
            }
            "su" | "runuser" => {
                let given = Arguments::new(arguments, SU, usize::MAX);
                let command = given.values(&["c", "command", "session-command"]).next();
                return match command {
                    Some(command) => self.aside(command, depth + 1),
                    None => self.shell_program(name, &[], input, depth),
                };
            }
            "watch" => {
                let at = operand(arguments, Valued { short: "nq", long: &["interval"] })?;
                return self.aside(&joined(started(at)), depth + 1);
            }
            "xargs" => {
                let mut words = arguments.to_vec();
                words.extend(input.into_iter().flat_map(|input| listed(input.pipe)));
                return self.one_of(&words, arguments.len(), depth);
            }
            _ if RUNNERS.contains(&name) => {
                return self.one_of(arguments, arguments.len(), depth);
            }
            _ => {}
        }
        if arguments.iter().any(|word| matches!(word.text.as_str(), "--help" | "--version")) {
            return None;
        }
        if changes(name, arguments) {
            return Some(name.to_owned());
        }
        let done = files::done(name, arguments);
        let file =
            done.into_iter().find_map(|(act, path)| self.shell.of_machine(path, act, self.names));
        file.or_else(|| if name == "find" { self.found(arguments, depth) } else { None })
    }

    /// What the program changes that begins with one of the first two operands of these:
    /// the value of a flag may stand before it.
    fn one_of(&mut self, words: &[&Word], own: usize, depth: usize) -> Option<String> {
        let starts = (0..own).filter(|&at| !is_flag(words[at])).take(2);
        let starts: Vec<usize> = starts.collect();
        starts.into_iter().find_map(|at| self.program(&words[at..], None, depth + 1))
    }

    /// What a shell changes: by its script, or by what it reads on its standard input.
    fn shell_program(
        &mut self,
        name: &str,
        arguments: &[&Word],
        input: Option<Input<'_, '_>>,
        depth: usize,
    ) -> Option<String> {
        let is_given = |word: &&Word| !word.text.starts_with("--") && word.text.contains('c');
        if let Some(given) = arguments.iter().position(|word| is_flag(word) && is_given(word)) {
            let script = arguments.get(given + 1)?;
            return fetched(script, name).or_else(|| self.aside(&script.text, depth + 1));
        }
        let reads = |word: &&Word| matches!(word.text.as_str(), "-s" | "-" | "/dev/stdin");
        let script = arguments.iter().find(|word| !is_flag(word) && !reads(word));
        if let Some(script) = script.filter(|_| !arguments.iter().any(reads)) {
            return fetched(script, name);
        }
        let input = input?;
        if let Some(text) = given_text(input.text, input.own) {
            return self.aside(&text, depth + 1);
        }
        let names = input.pipe.iter().filter_map(|one| without_wrappers(&one.words).first());
        if let Some(fetcher) =
            names.map(|word| base(&word.text)).find(|name| FETCHERS.contains(name))
        {
            return Some(format!("{fetcher} | {name}"));
        }
        let last = input.pipe.last()?;
        let (first, printed) = without_wrappers(&last.words).split_first()?;
        let text = match base(&first.text) {
            "echo" => joined(&without_flags(printed)),
            "printf" => joined(&without_flags(printed)).replace("\\n", "\n"),
            "cat" | "tee" => given_text(input.text, last)?,
            _ => return None,
        };
        self.aside(&text, depth + 1)
    }

    /// What the programs change that `find` runs for each file.
    fn found(&mut self, arguments: &[&Word], depth: usize) -> Option<String> {
        let runs = |word: &&Word| matches!(&*word.text, "-exec" | "-execdir" | "-ok" | "-okdir");
        let at = arguments.iter().position(runs)?;
        let program = &arguments[at + 1..];
        let ends = |word: &&Word| matches!(word.text.as_str(), ";" | "+");
        let end = program.iter().position(ends).unwrap_or(program.len());
        files::starts(arguments).into_iter().find_map(|start| {
            let words: Vec<Word> = program[..end]
                .iter()
                .map(|word| Word { text: word.text.replace("{}", start), ..(*word).clone() })
                .collect();
            let words: Vec<&Word> = words.iter().collect();
            self.program(without_wrappers(&words), None, depth + 1)
        })
    }
}

/// The shell of this machine that a command opens for what is typed next, from where
/// another one stands.
pub(super) fn opened(command: &str, from: &Shell) -> Option<Shell> {
    const SHELLS: [&str; 6] = ["sh", "bash", "dash", "zsh", "ash", "ksh"];
    let script = Script::new(command);
    script.commands().iter().find_map(|simple| {
        let (first, arguments) = without_wrappers(&simple.words).split_first()?;
        let given = |valued| Arguments::new(arguments, valued, usize::MAX);
        match base(&first.text) {
            "sudo" => {
                let given = given(SUDO);
                let login = given.has(&["i", "login"]);
                let user = given.values(&["u", "user"]).next().unwrap_or("root");
                let opens = given.operands.is_empty() && (login || given.has(&["s", "shell"]));
                opens.then(|| from.of_user(user, login))
            }
            "su" => {
                let given = given(SU);
                let login = given.has(&["l", "login"]) || arguments.iter().any(|it| it.text == "-");
                let user = given.operands.iter().find(|operand| **operand != "-");
                let opens = !given.has(&["c", "command"]);
                opens.then(|| from.of_user(user.unwrap_or(&"root"), login))
            }
            name => {
                let opens = SHELLS.contains(&name) && arguments.iter().all(|word| is_flag(word));
                opens.then(|| from.clone())
            }
        }
    })
}

/// A script that a program fetches for a shell in one of its words: `$(curl …)`.
fn fetched(word: &Word, shell: &str) -> Option<String> {
    if !word.substitutes {
        return None;
    }
    let script = Script::new(&word.text);
    let fetcher = script.substituted.iter().find_map(|inner| {
        let commands = inner.commands();
        let mut names = commands.iter().filter_map(|one| without_wrappers(&one.words).first());
        names.find_map(|word| FETCHERS.into_iter().find(|fetcher| *fetcher == base(&word.text)))
    });
    fetcher.map(|fetcher| format!("{fetcher} | {shell}"))
}

/// The files that the commands of a pipe list.
fn listed<'w>(pipe: &[&Simple<'w>]) -> Vec<&'w Word> {
    let mut listed = Vec::new();
    for command in pipe {
        let words = without_wrappers(&command.words);
        let Some((first, arguments)) = words.split_first() else { continue };
        match base(&first.text) {
            "find" => {
                let starts = files::starts(arguments);
                let is_start = |word: &&&Word| starts.contains(&word.text.as_str());
                listed.extend(arguments.iter().filter(is_start));
            }
            "ls" | "echo" | "printf" => listed.extend(without_flags(arguments)),
            // After the pattern.
            "grep" | "egrep" | "fgrep" | "rg" => {
                listed.extend(without_flags(arguments).into_iter().skip(1));
            }
            _ => {}
        }
    }
    listed
}

/// The text that a here-document or here-string of a command gives it.
fn given_text(text: &str, command: &Simple<'_>) -> Option<String> {
    command.redirects.iter().rev().find_map(|(operator, target)| {
        let target = (*target)?;
        match operator {
            Operator::Herestring => Some(target.text.clone()),
            Operator::Heredoc => here_document(text, target),
            _ => None,
        }
    })
}

/// The lines from the one after a word up to the one that is the word.
fn here_document(text: &str, end: &Word) -> Option<String> {
    let rest = text.get(end.span.end..)?;
    let (_, lines) = rest.split_once('\n')?;
    let ends = |line: &&str| line.trim_start_matches('\t').trim_end_matches('\r') != end.text;
    Some(lines.lines().take_while(ends).collect::<Vec<_>>().join("\n"))
}

/// The index of the first operand.
fn operand(words: &[&Word], valued: Valued<'_>) -> Option<usize> {
    let mut at = 0;
    while let Some(word) = words.get(at) {
        if word.text == "--" {
            return (at + 1 < words.len()).then_some(at + 1);
        }
        let Some(flag) = word.text.strip_prefix('-').filter(|flag| !flag.is_empty()) else {
            return Some(at);
        };
        let takes = match flag.strip_prefix('-') {
            Some(long) => valued.long.contains(&long),
            None => ends_valued(flag, valued.short),
        };
        at += 1 + usize::from(takes);
    }
    None
}

fn joined(words: &[&Word]) -> String {
    words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
}

fn without_flags<'w>(words: &[&'w Word]) -> Vec<&'w Word> {
    words.iter().copied().filter(|word| !is_flag(word)).collect()
}

fn is_flag(word: &Word) -> bool {
    word.text.len() > 1 && word.text.starts_with('-')
}

/// A program's name without its directory.
fn base(program: &str) -> &str {
    program.rsplit('/').next().unwrap_or_default()
}
