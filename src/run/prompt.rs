//! What a program shows that reads what is typed: its prompt, the echo of what was typed,
//! and between them its answer.

use std::time::Duration;

use super::Enough;
use crate::terminal_text;

/// How long a line that looks like a prompt must be the last one.
const LIKELY: Duration = Duration::from_millis(200);
/// The same of a line that does not, and has no end.
const UNLIKELY: Duration = Duration::from_secs(2);
/// The same where the program's prompt is known, and is another one.
const VERY_UNLIKELY: Duration = Duration::from_secs(10);

/// What kubectl says where a prompt may have been printed before it listened.
const TRY_ENTER: &str = "If you don't see a command prompt, try pressing enter.";

/// The last line of what was printed, as it stands on the terminal, where it has no end.
pub(super) fn waiting_line(output: &[u8]) -> Option<String> {
    let start = output.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let line = String::from_utf8_lossy(&terminal_text::shown(&output[start..])).into_owned();
    (!line.trim().is_empty()).then_some(line)
}

/// Whether the program waits for what is typed next, by what it printed since the last
/// line was typed, and the prompt at which that was; none where that is the first.
pub(super) fn is_back(output: &[u8], prompt: Option<&str>) -> Enough {
    let Some(line) = waiting_line(output) else {
        let asks = String::from_utf8_lossy(output).trim_end().ends_with(TRY_ENTER);
        return if asks { Enough::WhenQuiet(UNLIKELY) } else { Enough::NotYet };
    };
    if prompt.is_some_and(|prompt| ends_in(&line, prompt)) {
        return Enough::Now;
    }
    let unlikely = if prompt.is_some() { VERY_UNLIKELY } else { UNLIKELY };
    Enough::WhenQuiet(if looks_like_a_prompt(&line) { LIKELY } else { unlikely })
}

/// Whether a line ends in a prompt: what has no line end of its own may stand before it. A
/// mark alone ends other prompts, too.
pub(super) fn ends_in(line: &str, prompt: &str) -> bool {
    line == prompt || prompt.trim().chars().count() > 1 && line.ends_with(prompt)
}

fn looks_like_a_prompt(line: &str) -> bool {
    let line = line.trim_end();
    // `45%` tells of progress.
    let progress =
        line.strip_suffix('%').is_some_and(|line| line.ends_with(|c: char| c.is_ascii_digit()));
    !progress && line.ends_with(['$', '#', '%', '>', '❯', '➜', '»', 'λ']) || line == "..."
}

/// The last line of an answer, behind which the prompt came back: how many bytes it and the
/// prompt take, and what of them is the answer's, as it stands on the terminal.
pub(super) fn last_line(rest: &[u8], prompt: Option<&str>) -> (usize, String) {
    let start = rest.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let last = String::from_utf8_lossy(&terminal_text::shown(&rest[start..])).into_owned();
    // What has no line end of its own stands before the prompt.
    let unended = prompt.and_then(|prompt| last.strip_suffix(prompt)).unwrap_or_default();
    (rest.len() - start, unended.to_owned())
}

/// How many bytes the echo of a line that was typed takes, with its line end; 0 where the
/// program does not echo. Some draw their prompt again with each key.
pub(super) fn echo(output: &[u8], typed: &str, prompt: Option<&str>) -> usize {
    let end = output.iter().position(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let line = String::from_utf8_lossy(&terminal_text::shown(&output[..end])).into_owned();
    let shown = prompt.and_then(|prompt| line.strip_prefix(prompt)).unwrap_or(&line);
    if shown.trim() == typed.trim() {
        end
    } else if typed.trim().is_empty() {
        0
    } else {
        wrapped_echo(output, typed)
    }
}

/// The same of a line that the terminal wraps or colours.
fn wrapped_echo(output: &[u8], typed: &str) -> usize {
    let mut left = typed.bytes().filter(|byte| !byte.is_ascii_whitespace()).peekable();
    let mut at = 0;
    while let Some(wanted) = left.peek() {
        match output.get(at) {
            Some(0x1b) => at += sequence(&output[at..]),
            Some(byte) if byte == wanted => {
                left.next();
                at += 1;
            }
            Some(byte) if byte.is_ascii_whitespace() || *byte == 0x08 => at += 1,
            None | Some(_) => return 0,
        }
    }
    output[at..].iter().position(|byte| *byte == b'\n').map_or(0, |end| at + end + 1)
}

/// How long the control sequence is that stands at the beginning (ECMA-48: `ESC [`,
/// parameters, a final byte from `@`).
fn sequence(bytes: &[u8]) -> usize {
    if bytes.get(1) != Some(&b'[') {
        return bytes.len().min(2);
    }
    let end = bytes.iter().skip(2).position(|byte| (0x40..=0x7e).contains(byte));
    end.map_or(bytes.len(), |end| end + 3)
}

#[cfg(test)]
mod tests {
    use super::{Enough, echo, is_back, last_line};

    fn text(output: &str, typed: &str, prompt: &str) -> String {
        let rest = &output[echo(output.as_bytes(), typed, Some(prompt))..];
        let (length, unended) = last_line(rest.as_bytes(), Some(prompt));
        rest[..rest.len() - length].to_owned() + &unended
    }

    #[test]
    fn between_echo_and_prompt_stands_the_answer() {
        assert_eq!(text("ls\r\na  b\r\n/ # ", "ls", "/ # "), "a  b\r\n");
        assert_eq!(text("cat x\r\nno end/ # ", "cat x", "/ # "), "no end");
        assert_eq!(text("a  b\r\n/ # ", "ls", "/ # "), "a  b\r\n", "nothing is echoed");
        assert_eq!(text("\u{1b}[1ml\u{1b}[0ms\r\n\u{1b}[6n/ # ", "ls", "/ # "), "");
        assert_eq!(text("echo 1234567 \r890\r\n1\r\n> ", "echo 1234567890", "> "), "1\r\n");
        assert_eq!(text("hello\r\n/ # ", "", "/ # "), "hello\r\n");
        let redrawn = "g\r> ge\r> get a\r\n1\r\n> ";
        assert_eq!(text(redrawn, "get a", "> "), "1\r\n");
        assert_eq!(text("cd /tmp\r\nroot@a:/tmp# ", "cd /tmp", "root@a:/# "), "");
    }

    #[test]
    fn a_prompt_is_back_where_the_line_has_no_end() {
        let back = |output: &str| is_back(output.as_bytes(), Some("/ # "));
        assert_eq!(back("ls\r\na\r\n/ # "), Enough::Now);
        assert_eq!(back("ls\r\na\r\n"), Enough::NotYet);
        assert_eq!(back(""), Enough::NotYet);
        assert!(matches!(back("psql\r\npostgres=# "), Enough::WhenQuiet(_)));
        assert!(matches!(back("read x\r\nname"), Enough::WhenQuiet(_)));
        let root = |output: &str| is_back(output.as_bytes(), Some("# "));
        assert_eq!(root("ls\r\n# "), Enough::Now);
        assert!(matches!(root("psql\r\npostgres=# "), Enough::WhenQuiet(_)));
        assert_ne!(back("apt\r\n45%"), back("psql\r\npostgres=# "));
        assert_ne!(back("psql\r\npostgres=# "), back("read x\r\nname"));
    }
}
