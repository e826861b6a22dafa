//! Commands of PowerShell and cmd.exe: enough of their grammar to tell where one
//! ends, and what only they have.

use super::continuations::Taken;
use super::words::Script;

/// Takes the command that begins with `first`, and as many of the lines after it as
/// it needs: it goes on after a backtick (`^` in cmd.exe), a pipe or a comma, inside
/// brackets, quotes and here-strings, and at `>>`, the second prompt. `is_prompt`
/// tells a line that begins the next command.
pub(super) fn take(first: &str, rest: &[&str], is_prompt: impl Fn(&str) -> bool) -> Taken {
    let mut text = first.to_owned();
    let mut state = State::default();
    let mut goes_on = state.feed(first);
    let mut lines = 1;
    while let Some(line) = rest.get(lines - 1) {
        let marked = line.trim_start().strip_prefix(">>");
        if !goes_on && marked.is_none() || is_prompt(line) {
            break;
        }
        let line = marked.map_or(*line, |line| line.strip_prefix(' ').unwrap_or(line));
        goes_on = state.feed(line);
        text.push('\n');
        text.push_str(line);
        lines += 1;
    }
    let text = text.trim_end().to_owned();
    Taken { script: Script::new(&text), text, lines, broken: None }
}

/// What is open after some lines of a command.
#[derive(Debug, Default)]
struct State {
    /// The quote that is open, and whether it is a here-string's.
    quote: Option<(u8, bool)>,
    /// How many brackets are open.
    depth: usize,
}

impl State {
    /// Reads a line; tells whether the command goes on after it.
    fn feed(&mut self, line: &str) -> bool {
        let mut bytes = line.trim_end().bytes().peekable();
        if let Some((quote, true)) = self.quote {
            // Its end stands at a line's beginning.
            if !(line.as_bytes().first() == Some(&quote) && line.as_bytes().get(1) == Some(&b'@')) {
                return true;
            }
            self.quote = None;
            bytes.nth(1);
        }
        let mut last = None;
        let mut escaped = false;
        while let Some(byte) = bytes.next() {
            let before = last.replace(byte);
            if std::mem::take(&mut escaped) {
                continue;
            }
            match (byte, self.quote) {
                (b'`', None | Some((b'"', _))) => escaped = true,
                (_, Some((quote, _))) if byte == quote => self.quote = None,
                (b'"' | b'\'', None) => {
                    let here = before == Some(b'@') && bytes.peek().is_none();
                    self.quote = Some((byte, here));
                }
                (b'#', None) if before.is_none_or(|byte| byte.is_ascii_whitespace()) => break,
                (b'(' | b'{' | b'[', None) => self.depth += 1,
                (b')' | b'}' | b']', None) => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
        }
        self.quote.is_some()
            || self.depth > 0
            || escaped
            || matches!(last, Some(b'|' | b'^' | b','))
    }
}

/// Whether a line is surely of these shells alone: a variable that is given a
/// value, a method of a type, a call.
pub(super) fn is_powershell(text: &str) -> bool {
    let variable = text.strip_prefix('$').is_some_and(|rest| {
        rest.split_once('=').is_some_and(|(name, _)| {
            !name.trim().is_empty()
                && name
                    .trim()
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"_:.[]".contains(&byte))
        })
    });
    variable || text.starts_with("[System.") || text.starts_with("& ")
}

/// The first line of a command as another shell would have it: without the marks
/// that continue it, and with the other slash in its paths.
pub(super) fn as_elsewhere(text: &str) -> String {
    let joined = text.replace("`\n", " ").replace("^\n", " ");
    let line = joined.lines().next().unwrap_or_default();
    line.trim_end_matches(['`', '^', '|', ' ']).replace('\\', "/")
}

/// Whether lines hold what no other shell's do: a variable that is given a value
/// with its `$`, a command that a backtick continues with a flag.
pub(super) fn are_powershells<'l>(lines: impl Iterator<Item = &'l str>) -> bool {
    let mut before = "";
    for line in lines {
        // Only at its beginning: an output may be PHP's.
        let begins = before.is_empty() && !line.starts_with('#');
        if begins && line.starts_with('$') && !line.starts_with("$ ") && is_powershell(line) {
            return true;
        }
        if before.trim_end().ends_with(" `") && line.trim_start().starts_with('-') {
            return true;
        }
        before = line;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{are_powershells, is_powershell, take};

    fn taken(lines: &[&str]) -> usize {
        take(lines[0], &lines[1..], |line| line.starts_with("PS C:")).lines
    }

    #[test]
    fn a_command_takes_the_lines_that_it_needs() {
        assert_eq!(taken(&["kubectl get po `", "  -n a", "NAME"]), 2);
        assert_eq!(taken(&["docker run ^", "  -d a", "x"]), 2);
        assert_eq!(taken(&["ls |", "select a", "x"]), 2);
        assert_eq!(taken(&["foreach ($a in $b) {", "  echo \"}\"", "}", "x"]), 3);
        assert_eq!(taken(&["$a = @\"", "it's {", "\"@ | kubectl apply -f -", "x"]), 3);
        assert_eq!(taken(&["echo 'a` b'", "x"]), 1);
        assert_eq!(taken(&["echo a # it's", "x"]), 1);
        assert_eq!(taken(&["echo a", ">> b", "x"]), 2);
        assert_eq!(taken(&["echo (", "PS C:\\> ls"]), 1);
    }

    #[test]
    fn what_no_other_shell_has_is_known() {
        assert!(is_powershell("$a = kubectl get po") && is_powershell("& minikube ip"));
        assert!(!is_powershell("kubectl get po") && !is_powershell("$HOME/bin/a x=y"));
        assert!(are_powershells(["helm install a `", "  --set b=c"].into_iter()));
        assert!(are_powershells(["$a=kubectl get po"].into_iter()));
        assert!(!are_powershells(["echo `", "ls`"].into_iter()));
        assert!(!are_powershells(["$ A=1", "$HOME/a --b=c"].into_iter()));
    }
}
