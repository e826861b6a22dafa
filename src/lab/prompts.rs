//! Prompts: what a shell or another program prints before what a person types.
//!
//! A prompt is told by its shape alone here; whether that shape is a prompt on
//! this page is decided in `dialect`.

mod around;
mod bespoke;
mod shapes;

use std::sync::LazyLock;

use regex::Regex;

use super::known::subcommands;
use super::patterns::pattern;
use super::programs::begins_surely;

pub(super) use around::{announces_echo, is_above_prompt, second};
use bespoke::bespoke;
use shapes::{BEFORE, host, named, program, theme, windows};

/// A prompt at the beginning of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Prompt {
    /// Which prompt it is.
    pub(super) kind: Kind,
    /// The columns of blanks before it.
    pub(super) indent: usize,
    /// How many bytes of the line it takes, blanks on both sides included.
    pub(super) length: usize,
}

/// The prompts that are told apart.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    /// `$ `.
    Dollar,
    /// `% `, zsh's.
    Percent,
    /// `> `: a first prompt on some pages, the shell's second one on others.
    Greater,
    /// `# `: root's prompt, or a comment.
    Hash,
    /// A mark of a theme: `➜ `, `❯ `, `λ `, with what the theme shows after it.
    Theme(char),
    /// Marks put together: `>$ `, `$> `, `#> `.
    Marks(String),
    /// `user@host:dir$ `, by its user and host.
    Host(String),
    /// A name or a directory before the mark: `/ $ `, `node1 # `, `bash-5.1$ `.
    /// Directories change, so each is `/` here.
    Named(String),
    /// One that no shell or theme has: told by what stands after it.
    Own(String),
    /// What another program than a shell prints: `mysql> `, `>>> `.
    Program(String),
    /// PowerShell's or cmd.exe's: `PS C:\> `, `C:\> `.
    Windows,
}

impl Kind {
    /// Whether the prompt's mark is also common in outputs and prose (`> quoted`,
    /// `# comment`, `% Total`), so that it counts only before what is surely a
    /// command.
    pub(super) fn is_common(&self) -> bool {
        matches!(self, Self::Greater | Self::Hash | Self::Percent)
    }

    /// Whether a shell of this machine or another may print it, rather than a
    /// program with commands of its own.
    pub(super) fn is_a_shells(&self) -> bool {
        !matches!(self, Self::Program(_))
    }
}

/// The prompt that begins a line, if any does.
pub(super) fn prompt(line: &str) -> Option<Prompt> {
    let blanks = line.trim_start_matches(is_blank);
    // The key that ended the command before stands before the prompt.
    let rest = blanks.trim_start_matches("^C");
    if !may_begin(rest) {
        return None;
    }
    let (indent, key) = (line.len() - blanks.len(), blanks.len() - rest.len());
    let (kind, length) = mark(rest)
        .or_else(|| theme(rest))
        .or_else(|| after_a_note(rest))
        .or_else(|| windows(rest))
        .or_else(|| host(rest))
        .or_else(|| program(rest))
        .or_else(|| named(rest))
        .or_else(|| bespoke(rest))?;
    let blanks = rest[length..].len() - rest[length..].trim_start_matches(is_blank).len();
    Some(Prompt { kind, indent, length: indent + key + length + blanks })
}

/// A mark or a theme after the environment or the context: `(base) ➜  ~ ls`,
/// `.venv➜  app git:(main) ls`.
fn after_a_note(rest: &str) -> Option<(Kind, usize)> {
    static NOTE: LazyLock<Regex> = LazyLock::new(|| pattern(&format!("^{BEFORE}")));
    if !rest.starts_with(['(', '[']) {
        let bare =
            rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(byte));
        let length = bare.count();
        let (kind, after) = theme(&rest[length..]).filter(|_| length > 0)?;
        return Some((kind, length + after));
    }
    let note = NOTE.find(rest).map_or(0, |found| found.end());
    let (kind, length) = Some(&rest[note..])
        .filter(|_| note > 0)
        .and_then(|after| mark(after).or_else(|| theme(after)))?;
    (!kind.is_common()).then_some((kind, note + length))
}

/// The most bytes of a line that a prompt takes.
const LONGEST: usize = 240;

/// Whether a line holds a mark at all: the most lines of a page hold none, and
/// patterns cost more than a look.
fn may_begin(rest: &str) -> bool {
    let bytes = &rest.as_bytes()[..rest.len().min(LONGEST)];
    // A table's first gap ends what may be a prompt.
    let gap = bytes.windows(3).position(|three| three == b"   ").unwrap_or(bytes.len());
    let bytes = &bytes[..gap];
    let is_mark = |(at, byte): (usize, &u8)| match byte {
        b'$' | b'#' | b'%' | b'?' => {
            at == 0
                || bytes.get(at + 1).is_none_or(|next| !next.is_ascii_graphic())
                // `root@web:/#ls`: the blank was left out.
                || *byte != b'?' && bytes[..at].contains(&b'@')
        }
        // The last three are the first bytes of the marks of themes and corners.
        b'>' | 0xc2 | 0xce | 0xe2 => true,
        _ => false,
    };
    bytes.iter().enumerate().any(is_mark)
        || ["In [", "[zk:"].iter().any(|start| rest.starts_with(start))
        || bespoke::begins_with_label(rest)
}

/// Blanks, those included that copying from a web page leaves.
fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\u{a0}' | '\u{200b}' | '\u{feff}')
}

fn mark(rest: &str) -> Option<(Kind, usize)> {
    if let Some(corner) = rest.chars().next().filter(|c| matches!(c, '╰' | '└' | '┗')) {
        // What some themes show after the mark: a branch in brackets.
        static CORNER: LazyLock<Regex> = LazyLock::new(|| {
            pattern(
                r"^[╰└┗][─━╼› >]*(?:[$#%❯λ➤]|\[[$#%]\])(?:\s(?:<[^<>]{1,60}>|git:\([^()]{1,60}\)))?(?:\s|$)",
            )
        });
        let length = CORNER.find(rest)?.as_str().trim_end().len();
        return Some((Kind::Theme(corner), length));
    }
    let length = rest.bytes().take_while(|byte| b"$%>#".contains(byte)).count();
    let after = &rest[length..];
    if !after.is_empty() && !after.starts_with(is_blank) {
        // `>kubectl get pods`: the blank was left out.
        let kind = match &rest[..length] {
            "$" => Kind::Dollar,
            ">" => Kind::Greater,
            "#" => Kind::Hash,
            _ => return None,
        };
        let program = after.split(is_blank).next().unwrap_or_default();
        let known = subcommands(program).is_some() && begins_surely(after);
        return known.then_some((kind, length));
    }
    let kind = match &rest[..length] {
        "$" => Kind::Dollar,
        "%" => Kind::Percent,
        ">" => Kind::Greater,
        "#" => Kind::Hash,
        // `>>` goes on with a command, `##` is a heading.
        marks @ (">$" | "$>" | "#>" | ">#" | "$$" | "%>") if !after.is_empty() => {
            Kind::Marks(marks.to_owned())
        }
        _ => return None,
    };
    // A container's prompt was copied behind the page's own.
    if let Some(typed) = after.strip_prefix(" / # ").filter(|_| kind == Kind::Dollar)
        && begins_surely(typed)
    {
        return Some((Kind::Named("/#".to_owned()), rest.len() - typed.len()));
    }
    let named = if matches!(kind, Kind::Dollar) { user_after(after) } else { 0 };
    Some((kind, length + named))
}

/// How many bytes a user and a host take that stand after the mark: `$ me@box: `.
fn user_after(after: &str) -> usize {
    static USER: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\s+[\w.-]+@[\w.-]+:\s"));
    let bytes = &after.as_bytes()[..after.len().min(LONGEST)];
    let shaped = memchr::memchr(b'@', bytes).is_some();
    let found = shaped.then(|| USER.find(after)).flatten().map_or(0, |found| found.end() - 1);
    if found > 0 && begins_surely(after[found..].trim()) { found } else { 0 }
}

/// Whether a prompt is what a shell without settings of its own prints, as those
/// in containers do: `/ # `, `bash-5.1$ `.
pub(super) fn is_a_containers(kind: &Kind) -> bool {
    matches!(kind, Kind::Named(name)
        if name == "/#" || is_shell_and_version(name.trim_end_matches(['$', '#'])))
}

/// `bash-5.1`, `sh-4.2`: what shells without a prompt of their own show.
fn is_shell_and_version(name: &str) -> bool {
    let (shell, version) = name.split_once('-').unwrap_or((name, ""));
    matches!(shell, "bash" | "sh" | "ash" | "zsh" | "ksh")
        && version.starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::{Kind, prompt};

    fn kind(line: &str) -> Option<(Kind, &str)> {
        prompt(line).map(|prompt| (prompt.kind, &line[prompt.length..]))
    }

    fn host(name: &str) -> Kind {
        Kind::Host(name.to_owned())
    }

    fn named(name: &str) -> Kind {
        Kind::Named(name.to_owned())
    }

    #[test]
    fn each_prompt_is_told_from_its_command() {
        assert_eq!(kind("$ ls"), Some((Kind::Dollar, "ls")));
        assert_eq!(kind("$\u{a0}ls"), Some((Kind::Dollar, "ls")));
        assert_eq!(kind("$ me@box: kubectl get po"), Some((Kind::Dollar, "kubectl get po")));
        assert_eq!(kind("  >  ls"), Some((Kind::Greater, "ls")));
        assert_eq!(kind("% ls"), Some((Kind::Percent, "ls")));
        assert_eq!(kind("$"), Some((Kind::Dollar, "")));
        assert_eq!(kind(">$ ls"), Some((Kind::Marks(">$".to_owned()), "ls")));
        for (line, name) in [
            ("me@box:~/k8s$ ls", "me@box"),
            ("(venv) me@box:/srv# ls", "me@box"),
            ("me@Box-Air k8s % ls", "me@Box-Air"),
            ("me@Box-Air My Labs % ls", "me@Box-Air"),
            ("me@box ~ $ ls", "me@box"),
            ("me@box ~ ➜  ls", "me@box"),
            ("me@box ~ ✖ ls", "me@box"),
            ("^Cme@box:~$ ls", "me@box"),
            ("me@box:~/k8s (main)$ ls", "me@box"),
            ("me@box:~/k8s (main *) $ ls", "me@box"),
            ("[root@node1 ~]# ls", "root@node1"),
            ("(⎈|minikube:default) me@box:~$ ls", "me@box"),
            ("root@web-0:/usr/share# ls", "root@web-0"),
            ("me@box:~/labs|main⚡ ⇒  ls", "me@box"),
            ("I have no name!@web-0:/app$ ls", "I have no name!@web-0"),
            ("My-MacBook:~ me$ ls", "My-MacBook"),
        ] {
            assert_eq!(kind(line), Some((host(name), "ls")), "{line}");
        }
    }

    #[test]
    fn windows_and_themes_have_prompts_too() {
        for line in [
            "PS C:\\k8s> ls",
            "(venv) PS C:\\a b\\k8s> ls",
            "C:\\Users\\me>ls",
            "PS> ls",
            "labs\\k8s> ls",
        ] {
            assert_eq!(kind(line), Some((Kind::Windows, "ls")), "{line}");
        }
        for line in [
            "➜ kubectl get po",
            "➜  ~ kubectl get po",
            "➜  k8s kubectl get po",
            "➜  k8s git:(main) ✗ kubectl get po",
            "➜  k8s git:(main) kubectl get po",
            "(base) ➜  ~ kubectl get po",
            "(⎈|minikube:default)➜  ~ kubectl get po",
        ] {
            assert_eq!(kind(line), Some((Kind::Theme('➜'), "kubectl get po")), "{line}");
        }
        assert_eq!(kind("➜  ~"), Some((Kind::Theme('➜'), "")));
        assert_eq!(kind("❯ ls"), Some((Kind::Theme('❯'), "ls")));
        assert_eq!(kind("└─$ ls"), Some((Kind::Theme('└'), "ls")));
        assert_eq!(kind("labs:main* λ ls -l"), Some((named("λ"), "ls -l")));
        assert_eq!(kind("1.4 ➤ kubectl get po"), Some((named("➤"), "kubectl get po")));
        assert_eq!(kind(">kubectl get po"), Some((Kind::Greater, "kubectl get po")));
    }

    #[test]
    fn names_and_directories_are_prompts() {
        for (line, name) in [
            ("/ $ ls", "/$"),
            ("/app # ls", "/#"),
            ("~/labs $ ls", "/$"),
            ("bash-5.1$ ls", "bash-5.1$"),
            ("controlplane $ ls", "controlplane$"),
            ("controlplane:~$ ls", "controlplane$"),
            ("[node1 ~]$ ls", "node1$"),
            ("node1> ls", "node1>"),
            ("my-labs % ls", "my-labs%"),
            ("box ~ # ls", "box#"),
            ("node-a /proc/69 # ls", "node-a#"),
            ("controlplane ~ ✖ ls", "controlplane✖"),
            ("$ / # ls", "/#"),
        ] {
            assert_eq!(kind(line), Some((named(name), "ls")), "{line}");
        }
        for (line, name) in [
            ("mysql> show databases;", "mysql"),
            ("127.0.0.1:6379> get a", ""),
            (">>> print(1)", ">>>"),
            (">>> import os", ">>>"),
            (">>> a, b = 1, 2", ">>>"),
            (">>> x", ">>>"),
            ("postgres=# select 1;", "=#"),
            ("redis-cli> ping", "redis-cli"),
        ] {
            let seen = prompt(line).map(|prompt| prompt.kind);
            assert!(
                matches!(&seen, Some(Kind::Program(shown)) if name.is_empty() || shown == name),
                "{line} {seen:?}"
            );
        }
    }

    #[test]
    fn output_is_no_prompt() {
        for line in [
            "$HOME",
            "NAME READY",
            ">5",
            "#!/bin/sh",
            "git@github.com:me/repo.git",
            "50% done",
            "me@box said: 5$ each",
            "Issue # 5",
            "total> 5",
            "CPU % used",
            "--> Success",
            "https://a.b/c",
            "node1   Ready",
            "ls ~ # kubectl get pods",
            ">>> Performing hash slots allocation on 6 nodes...",
            ">>> Nodes configuration updated",
        ] {
            assert_eq!(kind(line), None, "{line}");
        }
    }
}
