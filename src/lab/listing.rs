//! Fences without prompts that hold commands only.

use super::Command;
use super::blocks::assigned_name;
use super::commented::{may_be_shown_below, may_be_shown_by};
use super::continuations::{Taken, goes_on_with_flags, take_meant};
use super::edited::{is_written_into, opens_a_shells_file};
use super::line::{Line, is_comment};
use super::notes::{is_alternative, is_aside};
use super::parts::commented_output;
use super::placeholders::{assigned, templated};
use super::powershell;
use super::printing::{Printing, is_a_script, is_listed_by};
use super::programs::{
    begins_surely, is_likely, is_likely_a_command, is_sure_of, is_surely_a_command,
    may_call_a_plugin,
};
use super::recognisers::recognise;
use super::shares::{begins_as, echoes_line, prints_nothing};
use super::typed::{Session, Typed};
use super::variables::Variables;
use super::words::{Script, Word};

/// How far a fence is trusted to hold commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trust {
    /// Each line must surely be a command.
    Sure,
    /// A shell's fence: what may be a command of any program is one.
    Shell,
    /// A fence of PowerShell or cmd.exe.
    Windows,
}

/// Reads a fence without prompts, if each of its lines is part of a command.
/// Otherwise gives the number of the first line that is not, or nothing where the
/// fence is a script.
pub(super) fn read_listing(lines: &[Line<'_>], trust: Trust) -> Result<Session, Option<usize>> {
    let texts: Vec<&str> = lines.iter().map(|line| line.text.as_ref()).collect();
    if texts.iter().find(|line| !line.trim().is_empty()).is_some_and(|line| is_scripts(line)) {
        return Err(None);
    }
    let has_functions = texts.iter().any(|line| line.contains("()"));
    let mut session = Session::default();
    let mut ends: Vec<(usize, usize)> = Vec::new();
    // What stands above a line: nothing that may have printed it; an editor that it is
    // written in; a comment that calls it an output.
    let (mut quiet, mut writing, mut called_output) = (true, false, false);
    let mut at = 0;
    while at < lines.len() {
        if texts[at].starts_with("#!") {
            return Err(Some(lines[at].number));
        }
        if texts[at].trim().is_empty() {
            (quiet, writing, called_output) = (true, false, false);
            at += 1;
            continue;
        }
        let aside = || {
            quiet && is_aside(texts[at])
                || is_alternative(texts[at])
                    && !session.typed.is_empty()
                    && texts.get(at + 1).is_some_and(|next| begins_surely(next.trim()))
        };
        if is_comment(texts[at]) || aside() {
            // What is printed stands in comments, too.
            called_output &= !is_comment(texts[at]);
            called_output |=
                session.typed.last().is_some_and(|typed| may_be_shown_below(typed, texts[at]));
            at += 1;
            continue;
        }
        if let Some(typed) = session.typed.last().filter(|_| writing)
            && is_written_into(&typed.script, texts[at])
        {
            at += 1;
            continue;
        }
        if called_output || session.typed.last().is_some_and(|typed| echoes_line(typed, texts[at]))
        {
            return Err(Some(lines[at].number));
        }
        let windows = trust == Trust::Windows;
        let (first, rest) = (texts[at].trim_start(), &texts[at + 1..]);
        let filled_in = assigned(first.trim_end()).is_some();
        let taken = if windows {
            powershell::take(first, rest, |_| false)
        } else if filled_in {
            let text = first.trim_end().to_owned();
            Taken { script: Script::new(&text), text, lines: 1, broken: None }
        } else {
            take_meant(first, rest, |line, _| Some(line))
        };
        let Taken { text, script, lines: count, broken } = taken;
        let before = session.typed.last();
        let listed = before.is_some_and(|typed| {
            is_listed_by(&typed.script, &text) || prints_commands(&typed.command.text)
        });
        // A script that is shown holds commands, too.
        let shown =
            before.is_some_and(shows_a_script) && at == ends.last().map_or(0, |(_, end)| *end);
        let commented = at.checked_sub(1).is_some_and(|above| may_be_shown_by(texts[above], &text));
        let listed = listed || shown || commented;
        let cut = texts.get(at + count).is_some_and(|line| goes_on_with_flags(line));
        if listed || cut {
            return Err(Some(lines[at].number));
        }
        let is_command =
            filled_in || is_a_listings_own(before, &script, &text, (trust, &texts[at + count..]));
        if broken.is_some() || !is_command {
            return Err(Some(lines[at].number));
        }
        if !has_functions && takes_parameters(&script) {
            return Err(None);
        }
        let (first_line, last_line) = (lines[at].number, lines[at + count - 1].number);
        writing = opens_a_shells_file(&script);
        let typed = Typed::new(Command { first_line, last_line, text }, script);
        quiet = begins_as(&typed, "").is_some();
        session.typed.push(typed);
        ends.push((at, at + count));
        at += count;
    }
    for (index, typed) in session.typed.iter_mut().enumerate() {
        let stop = ends.get(index + 1).map_or(texts.len(), |(start, _)| *start);
        typed.output = commented_output(&texts, (ends[index].1, stop), typed);
    }
    Ok(session)
}

/// Whether a text is a command of such a fence: after the command `before`, and with these
/// lines below.
fn is_a_listings_own(
    before: Option<&Typed>,
    script: &Script,
    text: &str,
    (trust, below): (Trust, &[&str]),
) -> bool {
    if trust == Trust::Windows {
        let shown = powershell::as_elsewhere(text);
        powershell::is_powershell(text)
            || is_surely_a_command(&shown)
            || is_likely_a_command(&shown) && recognise(&shown).is_none()
    } else {
        templated(text).is_some_and(|name| {
            trust == Trust::Shell && is_surely_a_command(&format!("kubectl{}", &text[name.len()..]))
        }) || is_sure_of(script, text)
            || trust == Trust::Shell && may_follow(before, script, text)
            || trust == Trust::Shell && is_a_target(script, text)
            || trust == Trust::Shell && is_used_below(text, below)
            || (trust != Trust::Sure || is_flagged(script) || before.is_some_and(prints_nothing))
                && is_likely(script, text)
                && recognise(text).is_none()
    }
}

/// How many values that are set together are asked for.
const MOST_VALUES: usize = 40;

/// The line of the first `NAME=value` that nothing after it on the page uses: it
/// may be the content of a file, or the output of `env`. So may `export NAME=value`
/// be, where the command before it shows a text.
pub(super) fn unused_variable(typed: &[Typed], variables: &Variables<'_>) -> Option<usize> {
    let unused = |script: &Script, line: usize| {
        script.commands().into_iter().filter(|simple| simple.words.is_empty()).any(|simple| {
            let literal =
                simple.assignments.into_iter().filter(|word| !word.expands && !word.substitutes);
            literal
                .filter_map(|word| assigned_name(&word.text))
                .any(|name| !variables.is_used_after(name, line - 1))
        })
    };
    // Of values that are set together before commands, one that is used shows why.
    let name = |typed: &Typed| assigned_name(&typed.command.text).map(str::to_owned);
    let set = typed.iter().map_while(|typed| name(typed).map(|name| (name, typed)));
    let is_used =
        |(name, typed): (String, &Typed)| variables.is_used_after(&name, typed.command.first_line);
    if typed.last().is_some_and(|typed| name(typed).is_none())
        && set.take(MOST_VALUES).any(is_used)
        && typed.iter().skip_while(|typed| name(typed).is_some()).all(|typed| name(typed).is_none())
    {
        return None;
    }
    let mut before: Option<&Typed> = None;
    for typed in typed {
        let Command { first_line, text, .. } = &typed.command;
        let shown = before.replace(typed).is_some_and(|before| {
            before.command.last_line + 1 == *first_line && before.prints() == Printing::Text
        });
        let exported = text.strip_prefix("export ").filter(|_| shown);
        let assigns = |text: &str| assigned_name(text).is_some();
        if assigns(text) && unused(&typed.script, *first_line)
            || exported.is_some_and(|text| assigns(text) && unused(&Script::new(text), *first_line))
        {
            return Some(*first_line);
        }
    }
    None
}

/// Whether one of the first arguments of a command is a long flag, as in no line but a
/// command: `tool --all`, `tool get a --all`.
fn is_flagged(script: &Script) -> bool {
    const FIRST: usize = 6;
    let is_long = |word: &Word| {
        !word.quoted
            && word.text.strip_prefix("--").is_some_and(|name| {
                name.starts_with(|c: char| c.is_ascii_lowercase()) && name.len() > 1
            })
    };
    script.words().take(FIRST).skip(1).any(is_long)
}

/// Whether a line asks a runner of tasks for one of its targets: `just apps-status`,
/// `task test  # all of them`.
fn is_a_target(script: &Script, text: &str) -> bool {
    let words: Vec<&str> = script.words().map(|word| word.text.as_str()).collect();
    let is_name = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_lowercase())
            && word.bytes().all(|byte| {
                byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_:".contains(&byte)
            })
    };
    match words[..] {
        ["make" | "just" | "task" | "mage" | "rake" | "invoke", target] => {
            is_name(target)
                && !target.ends_with(':')
                && (target.contains(['-', '_', ':']) || text.contains(" # "))
        }
        _ => false,
    }
}

/// Whether a line gives a variable a value that the lines below it in a fence use.
fn is_used_below(text: &str, below: &[&str]) -> bool {
    const MOST_LINES: usize = 40;
    let Some(name) = assigned_name(text).filter(|_| !text.contains(' ')) else {
        return false;
    };
    let uses = |line: &&str| {
        line.split('$').skip(1).any(|after| {
            let after = after.strip_prefix('{').unwrap_or(after);
            after.strip_prefix(name).is_some_and(|rest| {
                !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
            })
        })
    };
    below.iter().take(MOST_LINES).any(uses)
}

/// Whether a fence's first line is that of a script's file.
fn is_scripts(line: &str) -> bool {
    line.starts_with("#!") || line.trim_start().starts_with("set -e")
}

/// Whether a command reads the parameters of the script that it stands in.
fn takes_parameters(script: &Script) -> bool {
    const PARAMETERS: [&str; 6] = ["$1", "${1", "$@", "$#", "${@", "$*"];
    script.words().any(|word| {
        word.expands && PARAMETERS.iter().any(|parameter| word.text.contains(parameter))
    })
}

/// Whether a command prints what surely is a script.
fn shows_a_script(typed: &Typed) -> bool {
    typed.prints() == Printing::Text
        && typed.script.words().last().is_some_and(|word| is_a_script(&word.text))
}

/// Programs that install other programs.
const INSTALLERS: [&str; 12] = [
    "apt", "apt-get", "apk", "yum", "dnf", "microdnf", "zypper", "brew", "choco", "snap", "pip",
    "npm",
];

/// Whether a line of a shell's fence, among those that surely are commands, may be
/// one: a plug-in of kubectl, or the name of what the command before it installs.
fn may_follow(before: Option<&Typed>, script: &Script, text: &str) -> bool {
    before.is_some_and(|before| {
        let installs = INSTALLERS.iter().any(|program| before.needs(program))
            && before.script.words().any(|word| matches!(&*word.text, "install" | "add"));
        may_call_a_plugin(script) || installs && before.script.words().any(|word| word.text == text)
    })
}

/// Whether a command prints commands: those to be typed next, or those that are
/// known under other names.
pub(super) fn prints_commands(text: &str) -> bool {
    const SIGNS: [&str; 6] = [
        "docker-env",
        "podman-env",
        "print-join-command",
        "shellenv",
        "ssh-agent -s",
        "docker-machine env",
    ];
    // By their first words, they tell what was set, or what would be done.
    const TELLING: [&[&str]; 9] = [
        &["alias"],
        &["export", "-p"],
        &["declare", "-p"],
        &["crontab", "-l"],
        &["trap", "-p"],
        &["complete", "-p"],
        &["fg"],
        &["ufw", "show"],
        &["make", "-n"],
    ];
    let taken =
        ["$", "`", ">", "eval", "Invoke-Expression", "iex"].iter().any(|mark| text.contains(mark));
    let tells = TELLING.iter().any(|words| {
        let mut said = text.split_whitespace().skip_while(|word| *word == "sudo");
        words.iter().all(|word| said.next() == Some(*word)) && !text.contains(['=', ';', '|', '&'])
    });
    !taken && (SIGNS.iter().any(|sign| text.contains(sign)) || tells)
}
