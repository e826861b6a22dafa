//! Whether a program that is known is used as it is used.

use super::{is_shaped_like_a_command, own_name};
use crate::lab::known::{
    is_known, is_listed, is_program, is_word, stands_alone, subcommands, takes_a_number,
};
use crate::lab::notes::is_noted;
use crate::lab::prose::{
    PROSE, has_columns, has_extension, has_note_column, is_argument, is_no_prose, is_plain_word,
    is_prose,
};
use crate::lab::words::{Operator, Script, Token, Word};

/// Whether a program's arguments are those that people give it, and make no
/// sentence of its name.
pub(super) fn is_used_as_known(
    program: &Word,
    arguments: &[&Word],
    text: &str,
    script: &Script,
) -> bool {
    let name = match own_name(&program.text) {
        // As a text's first word it is no command; with a flag, it is a misspelt one.
        "Kubectl" if arguments.iter().any(|word| word.text.starts_with('-')) => "kubectl",
        name => name,
    };
    // A comment of many lines: `: <<'END'`.
    if name == ":" {
        let heredoc = |token: &Token| matches!(token, Token::Operator(Operator::Heredoc));
        return script.tokens.iter().any(heredoc);
    }
    if is_prose(program, arguments)
        || is_noted(name, arguments)
        || is_anothers(name, arguments, text)
        || has_note_column(text, script)
    {
        return false;
    }
    if is_cmdlet(name) {
        return true;
    }
    // Flags that are given alone: a shell of root's, what may be done, the time limit.
    if name == "sudo" && arguments.iter().all(|word| word.text.starts_with('-')) {
        return arguments.iter().any(|word| {
            is_listed(
                "-i -s -l -k -K -v -V --login --shell --list --validate --version",
                &word.text,
            )
        });
    }
    if arguments.is_empty() && stands_alone(name) {
        return true;
    }
    if let Some(known) = subcommands(name) {
        if arguments.len() == 1 && lacks_arguments(name, &arguments[0].text, script) {
            return false;
        }
        return is_commanded(name, known, arguments);
    }
    if arguments.is_empty()
        && name.starts_with("~/")
        && !name.rsplit('/').next().is_some_and(has_extension)
    {
        // As likely a directory, as themes show it above their prompt.
        return false;
    }
    if arguments.is_empty() {
        let given = |token: &Token| {
            matches!(token, Token::Operator(Operator::Heredoc | Operator::Herestring))
        };
        return is_called_alone(&program.text)
            || is_program(name) && script.tokens.len() > 1
            || is_word(name) && script.tokens.iter().any(given);
    }
    if has_columns(text, script) {
        return false;
    }
    is_program(name)
        || name == "." && arguments.len() == 1 && is_no_prose(arguments[0])
        || name.strip_suffix(".sh").is_some()
            && !arguments.iter().any(|word| has_extension(&word.text))
            && is_shaped_like_a_command(name)
            && !text.contains("  ")
        || is_word(name) && writes_a_file(script)
        || is_word(name)
            && arguments.first().is_some_and(|first| {
                is_no_prose(first)
                    || takes_a_number(name) && first.text.bytes().all(|byte| byte.is_ascii_digit())
            })
        || is_path(&program.text)
}

/// Whether a line of another language begins with a program's name: Groovy, nginx,
/// TypeScript, Ruby.
pub(super) fn is_anothers(name: &str, arguments: &[&Word], text: &str) -> bool {
    let Some(first) = arguments.first() else {
        return false;
    };
    let ends = text.ends_with(';');
    // `etcd example.local {`: a block of settings.
    if arguments.last().is_some_and(|word| word.text == "{" && !word.quoted) {
        return true;
    }
    match name {
        // `sh 'kubectl apply'`: a step of a pipeline.
        "sh" | "bash" | "zsh" | "bat" | "powershell" | "pwsh" => {
            arguments.len() == 1 && first.quoted && first.text.contains(' ')
        }
        "set" => {
            ends && first.text.starts_with('$')
                || first.text == "-g"
                || arguments.get(1).is_some_and(|word| word.text == "=")
        }
        "return" => ends,
        "export" => is_listed(
            "type interface const default function class enum async abstract let var * {",
            &first.text,
        ),
        "source" => first.text.starts_with("http"),
        "gem" | "brew" | "deb" | "deb-src" => first.quoted || name.starts_with("deb"),
        "ssh" => ["/tcp", "/udp"].iter().any(|end| first.text.ends_with(end)),
        _ => false,
    }
}

/// Whether a command is only named: it does nothing without arguments.
fn lacks_arguments(name: &str, command: &str, script: &Script) -> bool {
    let needy = match name {
        "kubectl" => {
            "apply create delete describe exec run scale edit expose label annotate patch cordon drain taint cp \
             port-forward explain logs attach"
        }
        "docker" => {
            "build run exec logs rm rmi pull push stop start tag inspect save load commit cp"
        }
        "helm" => "install upgrade uninstall rollback template pull push show get",
        _ => return false,
    };
    is_listed(needy, command) && script.tokens.len() == 2
}

/// Whether a program with commands of its own is given one of them.
fn is_commanded(name: &str, known: &str, arguments: &[&Word]) -> bool {
    let Some(first) = arguments.first() else {
        return false;
    };
    if first.text == "version" {
        // `go version go1.21` and `git version 2.43` are what they print.
        return arguments[1..].iter().all(|word| word.text.starts_with('-') || word.expands);
    }
    // `docker network`, `helm get`: what they begin with is a word too.
    let plain = || arguments.iter().all(|word| is_plain_word(&word.text));
    // `a` alone may be a name.
    let spoken = |at: usize| {
        let text = arguments[at].text.as_str();
        let article = || arguments.get(at + 1).is_some_and(|next| next.text.len() > 2);
        is_listed(PROSE, text) && (text.len() > 1 || article())
    };
    let crowded = match (name, first.text.as_str()) {
        ("docker", "ps" | "images" | "info") => arguments.len() > 2,
        _ => false,
    };
    let said = arguments.iter().any(|word| matches!(&*word.text, "echo" | "printf"));
    let sentence =
        arguments.len() > 2 && !said && plain() && (crowded || (1..arguments.len()).any(spoken));
    (is_listed(known, &first.text) && !sentence)
        || (first.text.starts_with('-') && first.text.len() > 1)
        || first.expands
        || first.substitutes
        || name == "kubectl"
            && arguments.len() > 1
            && arguments.iter().any(|word| is_argument(word))
}

/// Whether what a command prints goes into what is surely a file: `free > 10` is
/// a comparison.
fn writes_a_file(script: &Script) -> bool {
    script.tokens.windows(2).any(|two| {
        matches!(two, [Token::Operator(Operator::Write), Token::Word(target)]
            if target.text.contains('/') || has_extension(&target.text))
    })
}

/// Whether all words of a command of kubectl may be names of its plug-ins and of
/// objects, and none is one of a sentence.
pub(in crate::lab) fn may_call_a_plugin(script: &Script) -> bool {
    let is_name = |word: &&Word| {
        word.text.starts_with(|c: char| c.is_ascii_lowercase())
            && word.text.bytes().all(|byte| {
                byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.".contains(&byte)
            })
            && !word.text.ends_with(['.', '-'])
            && !is_listed(PROSE, &word.text)
    };
    let mut words = script.words();
    words.next().is_some_and(|word| matches!(word.text.as_str(), "kubectl" | "k"))
        && script.tokens.len() > 3
        && script.tokens.iter().all(|token| matches!(token, Token::Word(_)))
        && words.all(|word| is_name(&word))
}

/// Whether a name is that of a command of PowerShell: `Get-Process`.
pub(in crate::lab) fn is_cmdlet(name: &str) -> bool {
    const VERBS: &str = "\
        Add Clear Compare Connect Convert ConvertFrom ConvertTo Copy Disable Disconnect Enable Enter Exit Expand \
        Export Find ForEach Format Get Import Install Invoke Join Measure Mount Move New Out Read Receive Register \
        Remove Rename Repair Reset Resolve Restart Restore Resume Save Select Send Set Show Sort Split Start Stop \
        Suspend Tee Test Trace Uninstall Unblock Unregister Update Wait Where Write";
    name.split_once('-').is_some_and(|(verb, noun)| {
        is_listed(VERBS, verb)
            && noun.starts_with(|c: char| c.is_ascii_uppercase())
            && noun.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// Whether a path without arguments is surely a program that is run: programs print
/// where others are (`/usr/bin/docker`), and texts list paths (`../foo/bar`).
fn is_called_alone(path: &str) -> bool {
    const DATA: &str = "yaml yml json md txt log conf toml tf tfvars env ini";
    let script = path.strip_suffix(".sh").is_some();
    if path.rsplit_once('.').is_some_and(|(_, extension)| is_listed(DATA, extension)) {
        return false;
    }
    is_path(path)
        && (script || path.starts_with("./") || path.starts_with(".\\") || path.starts_with("~/"))
}

/// Whether a name is a path to a program.
pub(in crate::lab) fn is_path(name: &str) -> bool {
    let path = ["./", "../", "~/", ".\\"].iter().find_map(|start| name.strip_prefix(start));
    // `./run.sh:3:` is where grep found something.
    let local =
        path.is_some_and(|path| !path.is_empty() && !name.contains(':') && !name.ends_with('/'));
    // `$GOPATH/bin/tool`, `$HOME/setup.sh`.
    let variable = name.strip_prefix('$').is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_alphabetic() || "_{".contains(c))
    }) && name.contains('/')
        && name
            .rsplit('/')
            .next()
            .is_some_and(|last| last.strip_suffix(".sh").is_some() || is_known(last));
    let system = ["/bin/", "/sbin/", "/usr/", "/opt/"]
        .iter()
        .any(|start| name.starts_with(start) && !name.ends_with([':', '/']));
    local || variable || system && name.rsplit('/').next().is_some_and(is_known)
}
