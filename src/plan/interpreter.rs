//! Which shell runs a step: bash, unless the language of its fence names another.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::document::Document;
use crate::lab::directives::Settings;
use crate::lab::words::{Operator, Script, Token, Word};
use crate::lab::{Lab, Step};

/// A shell that runs commands.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Interpreter {
    /// GNU bash.
    #[default]
    Bash,
    /// The system's `sh`, whatever that is.
    Sh,
    /// Debian's Almquist shell.
    Dash,
    /// zsh.
    Zsh,
}

impl Interpreter {
    /// The program's name.
    pub fn program(self) -> &'static str {
        match self {
            Self::Bash => "bash",
            Self::Sh => "sh",
            Self::Dash => "dash",
            Self::Zsh => "zsh",
        }
    }

    /// The one that a fence's language or a directive's value names.
    fn named(name: &str) -> Option<Self> {
        let all = [Self::Bash, Self::Sh, Self::Dash, Self::Zsh];
        all.into_iter().find(|one| one.program() == name)
    }
}

impl fmt::Display for Interpreter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.program())
    }
}

/// The shells of a page's steps.
pub(super) struct Interpreters<'a> {
    document: &'a Document,
    /// What is called sh on this page is bash.
    sh: Interpreter,
}

impl<'a> Interpreters<'a> {
    /// Authors call a fence `sh` in which they typed what only bash understands. Where
    /// one step of the page shows that, bash is the shell of all that are called so: one
    /// session held them all.
    pub(super) fn new(document: &'a Document, lab: &Lab) -> Self {
        let own = Self { document, sh: Interpreter::Sh };
        let bash = lab
            .steps
            .iter()
            .filter(|step| own.by_language(step) == Interpreter::Sh)
            .any(|step| is_of_bash(&step.command.text) || shows_bash(step));
        Self { sh: if bash { Interpreter::Bash } else { Interpreter::Sh }, ..own }
    }

    /// The shell of a step, for which the page sets this.
    pub(super) fn of(&self, step: &Step, set: Option<&Settings>) -> Interpreter {
        set.and_then(|set| set.choice("shell"))
            .and_then(Interpreter::named)
            .unwrap_or_else(|| self.by_language(step))
    }

    fn by_language(&self, step: &Step) -> Interpreter {
        let fence = self.document.fences().get(step.fence);
        let language = fence.map(|fence| fence.language.as_str());
        match language.and_then(Interpreter::named) {
            Some(Interpreter::Sh) => self.sh,
            named => named.unwrap_or_default(),
        }
    }
}

/// Whether a step shows a message of bash's own.
fn shows_bash(step: &Step) -> bool {
    step.outputs.iter().flat_map(|output| output.text.lines()).any(|line| {
        let line = line.strip_prefix('-').unwrap_or(line);
        line.starts_with("bash: ") || line.starts_with("/bin/bash: ")
    })
}

/// What no word of POSIX's shell holds outside of quotes.
const BARE: &[&str] =
    &["&>", "|&", "<(", ">(", "=(", "((", "+=", "$(<", "]=", "**/", "!(", "?(", "@(", ";&"];
/// What no arithmetic of POSIX's has.
const ARITHMETIC: &[&str] = &["**", "++", "--"];
/// Variables that bash makes.
const SPECIAL: &[&str] = &[
    "RANDOM",
    "BASH",
    "SECONDS",
    "HOSTNAME",
    "UID",
    "EUID",
    "PIPESTATUS",
    "OSTYPE",
    "SHLVL",
    "EPOCH",
    "HOSTTYPE",
    "MACHTYPE",
    "GROUPS",
    "FUNCNAME",
    "DIRSTACK",
];

/// Builtins that POSIX's shell does not have, or that do there what nobody expects.
const OF_BASH: &[&str] = &[
    "[[",
    "builtin",
    "caller",
    "compgen",
    "complete",
    "coproc",
    "declare",
    "dirs",
    "disown",
    "enable",
    "function",
    "help",
    "history",
    "let",
    "logout",
    "mapfile",
    "popd",
    "pushd",
    "readarray",
    "select",
    "shopt",
    "source",
    "suspend",
    "time",
    "typeset",
];

/// Whether a command is surely not meant for POSIX's shell. What it takes for bash's too
/// much is run as it would be in a fence that is called `bash`.
fn is_of_bash(text: &str) -> bool {
    is_script_of_bash(&Script::new(text), text)
}

fn is_script_of_bash(script: &Script, text: &str) -> bool {
    let commands = script.commands();
    let by_name = commands.iter().any(|simple| {
        let words: Vec<&str> = simple.words.iter().map(|word| word.text.as_str()).collect();
        match words[..] {
            [name, ..] if OF_BASH.contains(&name) => true,
            // What they do to `-e` and to backslashes is not the same.
            ["echo", ref rest @ ..] => rest
                .iter()
                .any(|word| word.contains('\\') || matches!(*word, "-e" | "-E" | "-ne" | "-en")),
            ["set", ref rest @ ..] => rest.contains(&"pipefail") || rest.contains(&"-o"),
            ["trap", ref rest @ ..] => {
                let own = |word: &&str| matches!(*word, "ERR" | "DEBUG" | "RETURN");
                rest.iter().any(|word| own(word) || word.starts_with("SIG"))
            }
            ["kill", signal, ..] if signal.starts_with("-SIG") => true,
            ["type" | "readonly" | "export", flag, ..] if flag.starts_with('-') && flag != "-p" => {
                true
            }
            ["test" | "[", ref rest @ ..] => rest.contains(&"==") || rest.contains(&"-v"),
            ["read", ref rest @ ..] => {
                rest.iter().any(|word| word.starts_with('-') && !matches!(*word, "-r" | "-p"))
            }
            ["printf", format, ..] => {
                ["-v", "%q", "\\x", "\\u"].iter().any(|form| format.contains(form))
            }
            ["local" | "bind", ..] | ["wait", "-n", ..] | ["kill", "%%" | "%+", ..] => true,
            _ => false,
        }
    });
    by_name
        || script.tokens.iter().any(|token| match token {
            Token::Operator(operator) => *operator == Operator::Herestring,
            Token::Word(word) => has_form_of_bash(word, text),
        })
        || BARE.iter().any(|form| stands_bare(script, text, form))
        || ARITHMETIC.iter().any(|form| text.contains("$((") && text.contains(form))
        || script.substituted.iter().any(|inner| is_script_of_bash(inner, ""))
}

/// Whether a word has an expansion that only bash makes.
fn has_form_of_bash(word: &Word, text: &str) -> bool {
    let written = text.get(word.span.clone()).unwrap_or_default();
    let braces = !word.quoted
        && written.match_indices('{').any(|(at, _)| {
            let inside = written[at + 1..].split('}').next().unwrap_or_default();
            !written[..at].ends_with('$') && (inside.contains("..") || inside.contains(','))
        });
    let expands = word.expands || word.substitutes;
    let parameter = expands
        && written.split("${").skip(1).any(|rest| {
            let name = rest.find(|char: char| !char.is_ascii_alphanumeric() && char != '_');
            rest.starts_with('!')
                || rest.starts_with('#') && rest.contains('[')
                || name.is_some_and(|at| {
                    let rest = &rest[at..];
                    let offset = rest.strip_prefix(':');
                    rest.starts_with(['/', '^', ',', '[', '@'])
                        || offset.is_some_and(|rest| !rest.starts_with(['-', '=', '+', '?']))
                })
        });
    let special = SPECIAL.iter().flat_map(|name| [format!("${name}"), format!("${{{name}")]);
    braces
        || parameter
        || expands && special.into_iter().any(|name| written.contains(&name))
        || written.contains("$'")
}

/// Whether these characters stand outside of all words that quote.
fn stands_bare(script: &Script, text: &str, form: &str) -> bool {
    text.match_indices(form).any(|(at, _)| {
        !text[..at].ends_with('$')
            && !script.words().any(|word| word.quoted && word.span.contains(&at))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::read;

    fn shells(page: &str) -> Vec<String> {
        let document = Document::new(page.as_bytes().to_vec());
        let (lab, _) = read(&document);
        let interpreters = Interpreters::new(&document, &lab);
        let settings = |index| lab.directives.of_step(index);
        let of = |(index, step)| interpreters.of(step, settings(index)).to_string();
        lab.steps.iter().enumerate().map(of).collect()
    }

    #[test]
    fn a_fence_names_its_shell() {
        for (language, shell) in
            [("bash", "bash"), ("sh", "sh"), ("dash", "dash"), ("zsh", "zsh"), ("shell", "bash")]
        {
            assert_eq!(shells(&format!("```{language}\n$ echo hi\n```\n")), [shell], "{language}");
        }
        let directed = "<!-- labbook: shell = \"zsh\" -->\n```sh\n$ echo hi\n```\n";
        assert_eq!(shells(directed), ["zsh"]);
    }

    #[test]
    fn what_only_bash_understands_makes_sh_bash_for_the_page() {
        let page = "```sh\n$ echo hi\n```\n\n```sh\n$ source env.sh\n```\n\n```dash\n$ echo\n```\n";
        assert_eq!(shells(page), ["bash", "bash", "dash"]);
        let shown = "```sh\n$ nope\n-bash: nope: command not found\n```\n";
        assert_eq!(shells(shown), ["bash"]);
    }

    #[test]
    fn what_is_of_bash() {
        for text in [
            "[[ -f x ]]",
            "source <(kubectl completion bash)",
            "a=(1 2)",
            "echo {1..3}",
            "cat <<<hi",
            "echo -e 'a\\tb'",
            "echo 'a\\nb'",
            "x=$(echo ${y//a/b})",
            "echo ${x:0:3}",
            "echo ${x^^}",
            "set -o pipefail",
            "make &> log",
            "kubectl get po |& tee log",
            "for ((i=0; i<3; i++)); do echo $i; done",
            "touch {a,b}.txt",
            "[ a == b ]",
            "echo $RANDOM",
            "function f { echo hi; }",
            "diff <(sort a) <(sort b)",
            "printf %s $'a\\n'",
            "read -a words",
            "x=$(<file)",
            "echo ${RANDOM} ${a}{1,2}",
            "PATH+=:/x",
            "a[0]=1",
            "echo $((2**3)) $((i++))",
            "trap 'rm x' SIGINT",
            "kill -SIGTERM $pid",
            "type -t ls",
            "echo ${#x[@]}",
        ] {
            assert!(is_of_bash(text), "{text}");
        }
        for text in [
            "kubectl get pods",
            "export A=1; echo \"$A ${B:-x} ${C:=y} ${D%.yaml} ${E##*/}\"",
            "kubectl get po -o jsonpath='{.items[0].metadata.name}{\"\\n\"}'",
            "kubectl get po -o jsonpath=\"{.items[*]['a','b']}\"",
            "for i in 1 2 3; do echo $i; done",
            "if [ \"$a\" = b ]; then echo hi; fi",
            "f() { echo hi; }",
            "cat <<EOF > x\n[[ {1..3}\nEOF",
            "echo \"a &> b <( c\"",
            "curl -s 'http://a/?b={1,2}'",
            "echo $((1+2))",
            "kubectl run x --image=nginx 2>&1 | tail -1",
            "set -e",
            "trap 'rm x' EXIT INT",
            "read -r line < file",
            "awk '{print $1}' x",
        ] {
            assert!(!is_of_bash(text), "{text}");
        }
    }
}
