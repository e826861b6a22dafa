//! What a fence is by its language alone.

use super::words::Script;

/// The classes of languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// A shell's own: its lines may be commands without a prompt.
    Shell,
    /// A terminal's: commands have prompts.
    Console,
    /// PowerShell's or cmd.exe's.
    Windows,
    /// None, plain text, or a word of the author's own: anything.
    Plain,
    /// Data that a command may print when it is asked to.
    Data,
    /// A file's content, or something that labbook knows nothing of.
    Other,
}

/// Languages that programs and files are written in, and that no terminal shows.
const FILES: &str = "\
    ada apache apacheconf applescript asm awk bicep bpf c c# c++ cfg clojure cmake coffee conf config cpp \
    cs csharp css cue cypher d dart default diff docker dockerfile dot editorconfig ejs elixir elm erb \
    erlang excalidraw fsharp gherkin gitignore go go-template golang gotemplate gotmpl gradle graphql \
    graphviz groovy handlebars haskell hbs hcl hcl2 helm helmfile http ignore java javascript jenkins \
    jenkinsfile jinja jinja2 jq js jsonnet jsx julia k8s kotlin kt kts kubernetes kusto kql latex less \
    lisp lua makefile make markdown math md mdx mermaid mmd mustache mysql nginx nginxconf nix nomad nu nushell \
    objective-c objectivec ocaml pascal patch perl pgsql php pl plantuml postgres postgresql prolog \
    promql logql traceql proto protobuf puml puppet py py3 python python3 python2 r rb regex rego rs rst \
    ruby rust sass scala scheme scss sentinel smarty solidity sparql spl sql ssh-config starlark svg svelte \
    swift systemd tex tf terraform thrift tpl ts tsx twig typescript v vb vbnet verilog vhdl vim viml \
    vue wasm webidl yang zig flow sequence chart ebnf bnf abnf gnuplot vega desktop service unit";

/// The class of a fence's language, given in lower case.
pub(super) fn class(language: &str) -> Class {
    match language {
        "bash"
        | "sh"
        | "shell"
        | "zsh"
        | "dash"
        | "ksh"
        | "fish"
        | "shellscript"
        | "shell-script"
        | "bash+"
        | "command"
        | "commands"
        | "commandline"
        | "command-line"
        | "cli"
        | "execute"
        | "exec"
        | "linux"
        | "unix"
        | "azurecli"
        | "azurecli-interactive" => Class::Shell,
        "console" | "shell-session" | "shellsession" | "sh-session" | "bash-session"
        | "zsh-session" | "terminal" | "term" | "session" | "shell_session" | "bash_session"
        | "konsole" => Class::Console,
        "powershell"
        | "pwsh"
        | "ps"
        | "ps1"
        | "posh"
        | "cmd"
        | "bat"
        | "batch"
        | "batchfile"
        | "dos"
        | "dosbatch"
        | "doscon"
        | "powershell-interactive"
        | "azurepowershell"
        | "azurepowershell-interactive" => Class::Windows,
        "json" | "yaml" | "yml" | "xml" | "html" | "toml" | "csv" | "ini" | "properties"
        | "jsonc" | "json5" | "env" | "dotenv" => Class::Data,
        _ if FILES.split_ascii_whitespace().any(|known| known == language) => Class::Other,
        // No language, plain text, or a word of the author's own.
        _ => Class::Plain,
    }
}

/// Whether a language says that the fence is plain text, or nothing.
pub(super) fn is_plain(language: &str) -> bool {
    matches!(
        language,
        "" | "text"
            | "txt"
            | "plain"
            | "plaintext"
            | "none"
            | "output"
            | "out"
            | "log"
            | "logs"
            | "stdout"
    )
}

impl Class {
    /// Whether a fence of this class may hold commands after prompts.
    pub(super) fn may_prompt(self) -> bool {
        matches!(self, Self::Shell | Self::Console | Self::Windows | Self::Plain)
    }
}

/// Whether a command's output is data in this language: it asked for it by
/// `-o`, it shows a file of it, or it is a program that prints it.
pub(super) fn asks_for(command: &str, language: &str) -> bool {
    let format = if language == "yml" { "yaml" } else { language };
    let script = Script::new(command);
    script.commands().iter().any(|simple| {
        let words: Vec<&str> = simple.words.iter().map(|word| word.text.as_str()).collect();
        // What a container's program prints is what kubectl and docker print.
        let inner = words.iter().position(|word| *word == "--").map_or(0, |at| at + 1);
        let words = words[inner..].to_vec();
        let prints = match words[..] {
            ["curl" | "wget" | "jq", ..] => format == "json",
            ["helm", "template" | "get" | "show", ..] | ["yq" | "kustomize", ..] => {
                format == "yaml"
            }
            ["cat", ..] => words.iter().any(|word| word.ends_with(&format!(".{language}"))),
            _ => false,
        };
        prints || has_output_flag(&words, format)
    })
}

fn has_output_flag(words: &[&str], format: &str) -> bool {
    words.iter().enumerate().any(|(index, word)| {
        let joined = ["--output=", "-o=", "-o"].iter().find_map(|flag| word.strip_prefix(flag));
        let next = words.get(index + 1).copied().unwrap_or_default();
        joined == Some(format) || (matches!(*word, "-o" | "--output") && next == format)
    })
}

#[cfg(test)]
mod tests {
    use super::{Class, asks_for, class};

    #[test]
    fn a_language_has_a_class() {
        assert_eq!(
            ["bash", "console", "", "output", "yml", "python", "powershell"].map(class),
            [
                Class::Shell,
                Class::Console,
                Class::Plain,
                Class::Plain,
                Class::Data,
                Class::Other,
                Class::Windows
            ]
        );
    }

    #[test]
    fn data_is_output_where_it_was_asked_for() {
        assert!(
            ["-o yaml", "-oyaml", "-o=yaml", "--output yaml"]
                .iter()
                .all(|o| asks_for(&format!("kubectl get po {o}"), "yml"))
        );
        assert!(asks_for("curl -s http://a/b | jq .", "json") && asks_for("cat pod.yaml", "yaml"));
        assert!(
            !asks_for("kubectl apply -f pod.yaml", "yaml") && !asks_for("cat pod.json", "yaml")
        );
    }
}
