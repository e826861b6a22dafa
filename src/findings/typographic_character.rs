//! Characters of a word processor in a command.

use super::Finding;
use super::shown::Shown;
use crate::lab::{Command, Diagnostic, Severity};

pub(super) static FINDING: Finding = Finding {
    id: "typographic-character",
    severity: Severity::Error,
    summary: "\
A command holds a character that looks like one of the shell's and is none: quotes such as `“` and \
`’`, a dash such as `–` at the beginning of a flag, a blank that does not part words, or a character \
of no width. Word processors and web pages put them in. To the shell they are letters.",
    example: "\
```console
$ kubectl get pods –n kube-system
```
",
    instead: "\
```console
$ kubectl get pods -n kube-system
```
",
    find: Some(find),
};

fn find(shown: &Shown<'_>) -> Vec<Diagnostic> {
    shown.commands().filter_map(|step| first(shown, &step.command)).collect()
}

/// The first such character of a command.
fn first(shown: &Shown<'_>, command: &Command) -> Option<Diagnostic> {
    let mut quote: Option<char> = None;
    let mut before = ' ';
    for number in command.first_line..=command.last_line {
        let line = shown.document.line(number);
        let text = &shown.document.text()[line.clone()];
        let in_heredoc = number > command.first_line && command.text.contains("<<");
        let indent = text.len() - text.trim_start().len();
        for (at, char) in text.char_indices() {
            // A comment; at the beginning of a line it may be root's prompt.
            if char == '#' && quote.is_none() && before.is_whitespace() && at > indent + 2 {
                break;
            }
            let quoted = quote.is_some() || in_heredoc;
            match (quote, char) {
                (None, '\'' | '"') if before != '\\' => quote = Some(char),
                (Some(open), char) if open == char && (before != '\\' || open == '\'') => {
                    quote = None;
                }
                _ => {}
            }
            if let Some((what, instead)) = kind(char, before, quoted) {
                let start = line.start + at;
                let code = u32::from(char);
                return Some(
                    FINDING
                        .at(
                            start..start + char.len_utf8(),
                            format!("the command holds {what} (U+{code:04X})"),
                        )
                        .help(instead),
                );
            }
            before = char;
        }
        before = ' ';
    }
    None
}

/// What a character is and what to write instead; none where it may be meant.
/// Between quotes is text, in which only what cannot be seen is surely wrong.
fn kind(char: char, before: char, quoted: bool) -> Option<(&'static str, &'static str)> {
    match char {
        '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' if !is_joined(before) => {
            Some(("a character of no width", "take it away; typing the line again does"))
        }
        _ if quoted => None,
        '\u{a0}' | '\u{202f}' | '\u{2007}' | '\u{3000}' => {
            Some(("a blank that does not part words", "write a plain blank"))
        }
        '“' | '”' | '„' | '‟' => Some(("a typographic quote", "write `\"`")),
        '‘' | '’' | '‚' | '‛' => Some(("a typographic quote", "write `'`")),
        '‐' | '‑' | '–' | '—' | '−' if before.is_whitespace() || is_dash(before) => {
            Some(("a typographic dash", "write `-`, or `--` before a long flag's name"))
        }
        _ => None,
    }
}

fn is_dash(char: char) -> bool {
    matches!(char, '-' | '‐' | '‑' | '–' | '—' | '−')
}

/// Whether a character without width may join this one to the next: emoji and
/// some scripts need it.
fn is_joined(before: char) -> bool {
    !before.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::FINDING;
    use crate::findings::tests::{drawn, ids_of};

    #[test]
    fn it_is_drawn() {
        insta::assert_snapshot!(drawn(FINDING.id, FINDING.example), @r"
        error[typographic-character]: the command holds a typographic dash (U+2013)
         --> lab.md:2:20
          |
        2 | $ kubectl get pods –n kube-system
          |                    ^
          |
          = help: write `-`, or `--` before a long flag's name
        ");
    }

    #[test]
    fn letters_that_are_meant_are_none() {
        for session in [
            "\
$ echo \"it’s “ready” – at last\"
",
            "\
$ kubectl annotate pod web note='größe – 5 m²' 
",
            "\
$ kubectl get pods # don’t look – yet
",
            "\
$ kubectl create configmap a--b --from-literal=k=v
",
            "\
$ cat > notes.txt <<EOF
It’s “ready” – at last.
EOF
",
        ] {
            assert!(!ids_of(session).contains(&FINDING.id), "{session}");
        }
    }

    #[test]
    fn each_kind_is_told() {
        for command in [
            "echo “hello”",
            "echo ‘hello’",
            "kubectl get pods —namespace a",
            "kubectl get pods -–watch",
            "kubectl\u{a0}get pods",
            "kubectl get\u{200b} pods",
            "echo 'a\u{feff}'",
        ] {
            assert_eq!(ids_of(&format!("$ {command}")), [FINDING.id], "{command}");
        }
    }
}
