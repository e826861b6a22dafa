//! Prompts: what a shell prints before what a person types.

use std::sync::LazyLock;

use regex::Regex;

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
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// `$ `.
    Dollar,
    /// `% `, zsh's.
    Percent,
    /// `> `: a first prompt on some pages, the shell's second one on others.
    Greater,
    /// `# `: root's prompt, or a comment.
    Hash,
    /// `user@host:dir$ `, by its user and host.
    Host(String),
    /// A prompt of a shell or a theme that is not read: `PS C:\>`, `➜ `.
    Foreign,
}

static HOST: LazyLock<Regex> = LazyLock::new(|| {
    let name = r"[A-Za-z_][\w.-]*@[\w.-]+";
    let pattern = format!(
        r"^(?:\([\w.-]+\) )?(?:(?P<a>{name}):[^\s$#%]*[$#%]|(?P<b>{name}) [^\s%$#]+ [%$#]|\[(?P<c>{name}) [^\]]+\][$#%])(?:[ \t]+|$)"
    );
    Regex::new(&pattern).expect("the pattern is a constant")
});

static FOREIGN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:\([\w.-]+\) )?(?:PS [A-Za-z]:\\[^>]*>|PS /[^>]*>|[A-Za-z]:\\[^>]*>|[➜❯λ→]\s)")
        .expect("the pattern is a constant")
});

/// The prompt that begins a line, if any does.
pub(super) fn prompt(line: &str) -> Option<Prompt> {
    let rest = line.trim_start_matches([' ', '\t']);
    let indent = line.len() - rest.len();
    let found = |kind, length: usize| Some(Prompt { kind, indent, length: indent + length });
    if let Some(captures) = HOST.captures(rest) {
        let name = ["a", "b", "c"].iter().find_map(|group| captures.name(group))?;
        return found(Kind::Host(name.as_str().to_owned()), captures[0].len());
    }
    if let Some(matched) = FOREIGN.find(rest) {
        return found(Kind::Foreign, matched.len());
    }
    let mut characters = rest.chars();
    let kind = match characters.next()? {
        '$' => Kind::Dollar,
        '%' => Kind::Percent,
        '>' => Kind::Greater,
        '#' => Kind::Hash,
        _ => return None,
    };
    let after = characters.as_str();
    let blanks = after.len() - after.trim_start_matches([' ', '\t']).len();
    (blanks > 0 || after.is_empty()).then(|| found(kind, 1 + blanks)).flatten()
}

/// What follows the shell's second prompt, where the line begins with one in the
/// column of the first.
pub(super) fn second(line: &str, indent: usize) -> Option<&str> {
    let prompt =
        prompt(line).filter(|prompt| prompt.kind == Kind::Greater && prompt.indent == indent)?;
    // Only the prompt's own blank goes: indentation after it is the text's.
    Some(line[prompt.indent + 1..].strip_prefix(' ').unwrap_or(&line[prompt.length..]))
}

/// Whether a line is a program's report of what it runs next, not a prompt:
/// `yarn run v1.22` is followed by `$ node …`, `> name@1.0.0 start` by `> node …`.
pub(super) fn announces_echo(line: &str) -> bool {
    static ECHO: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^\s*(?:yarn run v\d|> (?:@?[\w./-]+)@\d\S* \S)")
            .expect("the pattern is a constant")
    });
    ECHO.is_match(line)
}

#[cfg(test)]
mod tests {
    use super::{Kind, announces_echo, prompt, second};

    fn kind(line: &str) -> Option<(Kind, &str)> {
        prompt(line).map(|prompt| (prompt.kind, &line[prompt.length..]))
    }

    fn host(name: &str) -> Kind {
        Kind::Host(name.to_owned())
    }

    #[test]
    fn each_prompt_is_told_from_its_command() {
        assert_eq!(kind("$ ls"), Some((Kind::Dollar, "ls")));
        assert_eq!(kind("  >  ls"), Some((Kind::Greater, "ls")));
        assert_eq!(kind("% ls"), Some((Kind::Percent, "ls")));
        assert_eq!(kind("$"), Some((Kind::Dollar, "")));
        assert_eq!(kind("me@box:~/k8s$ ls -l"), Some((host("me@box"), "ls -l")));
        assert_eq!(kind("(venv) me@box:/srv# ls"), Some((host("me@box"), "ls")));
        assert_eq!(kind("me@Box-Air k8s % ls"), Some((host("me@Box-Air"), "ls")));
        assert_eq!(kind("[root@node1 ~]# ls"), Some((host("root@node1"), "ls")));
        assert_eq!(kind("PS C:\\k8s> ls"), Some((Kind::Foreign, " ls")));
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
        ] {
            assert_eq!(kind(line), None, "{line}");
        }
    }

    #[test]
    fn the_second_prompt_keeps_the_texts_own_indent() {
        assert_eq!(second(">   name: x", 0), Some("  name: x"));
        assert_eq!(second(">", 0), Some(""));
        assert_eq!(second("  > out.txt", 0), None);
    }

    #[test]
    fn script_runners_echo_what_they_run() {
        assert!(announces_echo("> app@1.0.0 start") && announces_echo("yarn run v1.22.19"));
        assert!(!announces_echo("> kubectl get pods") && !announces_echo("> ssh me@10.0.0.1 ls"));
    }
}
