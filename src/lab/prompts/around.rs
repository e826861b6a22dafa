//! What stands round prompts: the second ones, what themes draw above theirs, and
//! what programs print that looks like one.

use std::sync::LazyLock;

use regex::Regex;

use crate::lab::patterns::pattern;

/// What follows the shell's second prompt, where the line begins with one in the
/// column of the first: `> `, zsh's `for> `, Python's `... `,
/// mysql's `-> `.
pub(in crate::lab) fn second(line: &str, indent: usize) -> Option<&str> {
    static SECOND: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"^(?:(?:(?:for|while|until|if|then|else|do|quote|dquote|bquote|heredoc|pipe|cmdand|cmdor|cmdsubst|cursh|subsh|function|case|select|braceparam|array) ?)+>|>|\.\.\.|\s{0,4}->)(?: |$)",
        )
    });
    let blanks = line.len() - line.trim_start_matches([' ', '\t']).len();
    let at = if line.get(..indent).is_some_and(|before| before.trim().is_empty()) {
        indent
    } else {
        blanks
    };
    let rest = line.get(at..)?;
    if let Some(found) = SECOND.find(rest) {
        return Some(&rest[found.end()..]);
    }
    // A tab may stand after the mark.
    rest.strip_prefix('>').filter(|after| after.starts_with('\t'))
}

/// Whether a line is a program's report of what it runs next, not a prompt:
/// `yarn run v1.22` is followed by `$ node …`, `> name@1.0.0 start` by `> node …`.
pub(in crate::lab) fn announces_echo(line: &str) -> bool {
    static ECHO: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^\s*(?:yarn run v\d|> (?:@?[\w./-]+)@\d\S* \S)"));
    ECHO.is_match(line)
}

/// Whether a line is what a theme or a shell prints above its prompt: the
/// directory and the branch, the user and the host.
pub(in crate::lab) fn is_above_prompt(line: &str) -> bool {
    static ABOVE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"^\s*(?:(?:\([^()]{1,60}\)\s*)?[╭┌┏][─━].*|\S+@\S+ MINGW(?:32|64) \S.*|\[node\d+\] \(local\) \S+@\S+ \S+|[~/\w.-]+(?: \S+)? (?:on|via|in|at) +\S.*[\u{e000}-\u{f8ff}🐍☸⎈🅒].*|(?:~|/|\.\.?/)[\w./-]*(?: \([\w./-]+\)| git:\S+| \S*[\u{e000}-\u{f8ff}]\S*.*))\s*$",
        )
    });
    ABOVE.is_match(line)
}

#[cfg(test)]
mod tests {
    use super::{announces_echo, is_above_prompt, second};

    #[test]
    fn the_second_prompt_keeps_the_texts_own_indent() {
        assert_eq!(second(">   name: x", 0), Some("  name: x"));
        assert_eq!(second(">", 0), Some(""));
        assert_eq!(second("for> echo", 0), Some("echo"));
        assert_eq!(second("cmdand heredoc> echo", 0), Some("echo"));
        assert_eq!(second(">> hosts", 0), None);
        assert_eq!(second("  > out.txt", 0), None);
        assert_eq!(second("name> out.txt", 0), None);
    }

    #[test]
    fn lines_above_a_prompt_are_known() {
        for line in
            ["╭─me@box ~/labs", "me@PC MINGW64 ~/labs (main)", "[node1] (local) root@192.168.0.8 ~"]
        {
            assert!(is_above_prompt(line), "{line}");
        }
        for line in ["NAME   READY", "pod/a created", "Turned on by default"] {
            assert!(!is_above_prompt(line), "{line}");
        }
    }

    #[test]
    fn script_runners_echo_what_they_run() {
        assert!(announces_echo("> app@1.0.0 start") && announces_echo("yarn run v1.22.19"));
        assert!(!announces_echo("> kubectl get pods") && !announces_echo("> ssh me@10.0.0.1 ls"));
    }
}
