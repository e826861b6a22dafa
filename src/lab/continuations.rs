//! Commands of more than one line: backslashes, quotes, here-documents, loops.

use super::blocks::Waiting;
use super::known::is_listed;
use super::lexer::Lexed;
use super::words::{Open, Script};

/// A command and the lines that it takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Taken {
    /// The text for the shell, without blanks at its end.
    pub(super) text: String,
    /// The text, taken apart.
    pub(super) script: Script,
    /// How many lines it takes.
    pub(super) lines: usize,
    /// Why it is no whole command, where it is none.
    pub(super) broken: Option<Broken>,
}

/// Why a command is not whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Broken {
    /// The lines end before it does.
    Unfinished(Open),
    /// A backslash at a line's end is followed by blanks.
    StrayBackslash,
    /// The next line begins with a flag, and no backslash joins it.
    Unjoined,
    /// A comment among the lines that backslashes join ends the command.
    Commented,
}

/// Whether a line goes on with a command's flags although nothing joins it.
pub(super) fn goes_on_with_flags(line: &str) -> bool {
    let line = line.trim_start();
    let name = line.trim_start_matches('-');
    let dashes = line.len() - name.len();
    let word = name.split([' ', '=', '\t']).next().unwrap_or_default();
    let is_name = word.starts_with(|c: char| c.is_ascii_lowercase())
        && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    // `-rw-r--r--` is a file's mode.
    dashes == 2 && is_name && word.len() > 1 || dashes == 1 && is_name && word.len() == 1
}

/// No command that people write has more lines, but for a here-document; what has
/// is an open quote.
const MOST_LINES: usize = 500;

/// How many bytes may be taken apart for a command, those again that a line after
/// them may give another meaning.
const MOST_WORK: usize = 1 << 20;

/// Takes the command that begins with `first`, and as many of the lines after it
/// as it needs. `continued` gives a line's text as a continuation; none where the
/// line cannot be one, as it begins with the first prompt.
pub(super) fn take<'a>(
    first: &str,
    rest: &[&'a str],
    continued: impl Fn(&'a str, &Open) -> Option<&'a str>,
) -> Taken {
    let mut command = Growing::new(first);
    let mut lines = 1;
    loop {
        let broken = if command.lexed.script.stray_backslash {
            Some(Broken::StrayBackslash)
        } else if let Some(open) = command.open() {
            let document = matches!(open, Open::Heredoc(_));
            let broken = Some(Broken::Unfinished(open.clone()));
            if lines >= MOST_LINES && !document || command.work >= MOST_WORK {
                // What it is cut off from is no surer than it is.
                return command.taken(rest.len() + 1, broken);
            }
            let after = &rest[(lines - 1).min(rest.len())..];
            let next = after.first().and_then(|line| continued(line, open));
            if *open == Open::Backslash && next.is_some_and(is_comment_joined) {
                let joined =
                    after.iter().take_while(|line| line.trim_end().ends_with('\\')).count();
                let end = lines + (joined + 1).min(after.len());
                return command.taken(end, Some(Broken::Commented));
            }
            if let Some(next) = next {
                command.push(next);
                lines += 1;
                continue;
            }
            broken
        } else {
            None
        };
        return command.taken(lines, broken);
    }
}

/// Whether a line that goes on with a command is a comment that means to go on, too: to
/// a shell the command ends there.
fn is_comment_joined(line: &str) -> bool {
    line.trim_start().starts_with('#') && line.trim_end().ends_with('\\')
}

/// As [`take`], but blanks after a backslash, which nobody sees, do not end the
/// command that its author meant.
pub(super) fn take_meant<'a>(
    first: &str,
    rest: &[&'a str],
    continued: impl Fn(&'a str, &Open) -> Option<&'a str>,
) -> Taken {
    if let Some(doubled) = take_doubled(first, rest) {
        return doubled;
    }
    let taken = take(first, rest, &continued);
    if let Some(joined) = joined_with_its_file(&taken, rest) {
        return joined;
    }
    if taken.broken != Some(Broken::StrayBackslash) {
        return taken;
    }
    let trimmed = |line: &'a str| {
        let bare = line.trim_end();
        if bare.ends_with('\\') { bare } else { line }
    };
    let bare = first.trim_end();
    let first = if bare.ends_with('\\') { bare } else { first };
    take(first, rest, |line, open| continued(line, open).map(trimmed))
}

/// A command whose lines end in two backslashes, as some converters write one, and go
/// on with flags.
fn take_doubled(first: &str, rest: &[&str]) -> Option<Taken> {
    const END: &str = "\\\\";
    if !first.trim_end().ends_with(END)
        || !rest.first().is_some_and(|line| goes_on_with_flags(line))
    {
        return None;
    }
    let mut text = first.trim_end().strip_suffix(END)?.to_owned();
    let mut lines = 1;
    for line in rest.iter().take_while(|line| goes_on_with_flags(line)) {
        text.push_str("\\\n");
        lines += 1;
        let bare = line.trim_end();
        let more = bare.strip_suffix(END);
        text.push_str(more.unwrap_or(bare));
        if more.is_none() {
            break;
        }
    }
    let script = Script::new(&text);
    (script.open.is_none()).then_some(Taken { text, script, lines, broken: None })
}

/// A command that ends in the flag `-f` for a file, and the file or the address alone on
/// the next line: the terminal or the page broke the line there.
fn joined_with_its_file(taken: &Taken, rest: &[&str]) -> Option<Taken> {
    if taken.broken.is_some() || !taken.text.ends_with(" -f") || !takes_a_file(&taken.script) {
        return None;
    }
    let file = rest.get(taken.lines - 1)?.trim();
    let named =
        file.contains("://") || [".yaml", ".yml", ".json"].iter().any(|end| file.ends_with(end));
    if !named || file.contains(char::is_whitespace) {
        return None;
    }
    let text = format!("{} {file}", taken.text);
    let script = Script::new(&text);
    Some(Taken { text, script, lines: taken.lines + 1, broken: None })
}

/// Whether a command's `-f` names a file: elsewhere it follows a log, or forces.
fn takes_a_file(script: &Script) -> bool {
    const OTHERS: &str = "logs log tail journalctl stern kail rm rmi rmdir";
    let commands = script.commands();
    commands
        .last()
        .is_some_and(|last| !last.words.iter().take(6).any(|word| is_listed(OTHERS, &word.text)))
}

/// A command that lines are added to. Each is taken apart once, and not all lines
/// before it again.
struct Growing {
    text: String,
    lexed: Lexed,
    /// What the tokens wait for that are taken apart for good.
    blocks: Waiting,
    /// How many bytes were taken apart.
    work: usize,
}

impl Growing {
    fn new(first: &str) -> Self {
        let (lexed, blocks) = (Lexed::default(), Waiting::default());
        let mut growing = Self { text: first.to_owned(), lexed, blocks, work: 0 };
        growing.go_on();
        growing
    }

    /// What the command waits for; none where it is whole.
    fn open(&self) -> Option<&Open> {
        self.lexed.script.open.as_ref()
    }

    /// The command as it is now.
    fn taken(self, lines: usize, broken: Option<Broken>) -> Taken {
        let Self { mut text, lexed, .. } = self;
        let blanks = text.split_off(text.trim_end().len());
        // To a shell only these are blanks.
        let same = blanks.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'\r'));
        let script = if same { lexed.script } else { Script::new(&text) };
        Taken { text, script, lines, broken }
    }

    fn push(&mut self, line: &str) {
        self.text.push('\n');
        self.text.push_str(line);
        let same = match self.open() {
            Some(Open::Heredoc(delimiter)) => line.trim_start_matches('\t') != delimiter,
            Some(Open::Quote('\'')) => !line.contains('\''),
            Some(Open::Quote(_)) => !line.contains(['"', '$', '`', '\\']),
            _ => false,
        };
        if !same {
            self.go_on();
        }
    }

    fn go_on(&mut self) {
        let (at, tokens) = self.lexed.stable();
        self.work += self.text.len() - at;
        self.lexed.go_on(&self.text);
        let (_, stable) = self.lexed.stable();
        let script = &mut self.lexed.script;
        for token in &script.tokens[tokens..stable] {
            self.blocks.feed(token);
        }
        if script.open.is_none() {
            let mut blocks = self.blocks.clone();
            for token in &script.tokens[stable..] {
                blocks.feed(token);
            }
            script.open = blocks.open();
        }
    }
}

impl Broken {
    /// What is wrong, as a fragment.
    pub(super) fn message(&self) -> String {
        match self {
            Self::StrayBackslash => {
                "a backslash that should continue the command is followed by blanks".to_owned()
            }
            Self::Unjoined => {
                "the next line begins with a flag, and no backslash joins it".to_owned()
            }
            Self::Commented => {
                "a comment among its lines ends the command: no backslash joins what follows"
                    .to_owned()
            }
            Self::Unfinished(Open::Backslash) => {
                "the command ends in a backslash, and no line follows".to_owned()
            }
            Self::Unfinished(Open::Quote(quote)) => {
                format!("the command's {quote} is never closed")
            }
            Self::Unfinished(Open::Heredoc(delimiter)) => {
                format!("the here-document's last line `{delimiter}` is missing")
            }
            Self::Unfinished(Open::Substitution) => {
                "the command's substitution is never closed".to_owned()
            }
            Self::Unfinished(Open::Block(end)) => format!("the command's `{end}` is missing"),
            Self::Unfinished(Open::Operator) => {
                "the command after the last operator is missing".to_owned()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::words::Script;
    use super::{Broken, Growing, Open, take};

    fn taken(lines: &[&str]) -> (usize, Option<Broken>) {
        let taken = take(lines[0], &lines[1..], |line, _| Some(line));
        (taken.lines, taken.broken)
    }

    #[test]
    fn a_command_takes_the_lines_that_it_needs() {
        assert_eq!(taken(&["ls", "NAME"]), (1, None));
        assert_eq!(taken(&["ls \\", "  -l", "NAME"]), (2, None));
        assert_eq!(taken(&["cat <<'EOF' | wc", "it's", "EOF", "1"]), (3, None));
        assert_eq!(taken(&["echo 'a", "b' \"c", "d\"", "a"]), (3, None));
        assert_eq!(taken(&["for i in 1 2; do", "echo $i", "done", "1"]), (3, None));
        assert_eq!(taken(&["if true", "then case a in", "a) ls;;", "esac", "fi", "x"]), (5, None));
        assert_eq!(taken(&["f() {", "ls", "}", "x"]), (3, None));
        assert_eq!(taken(&["kubectl get pods |", "wc -l", "3"]), (2, None));
        assert_eq!(taken(&["POD=$(kubectl get pods", ")", "3"]), (2, None));
        assert_eq!(taken(&["echo $((1 << 2)) done", "4"]), (1, None));
        assert_eq!(taken(&["((x=1<<2)); echo $x", "4"]), (1, None));
        assert_eq!(taken(&["for ((i=0; i<(1<<2); i++)); do", "ls", "done", "4"]), (3, None));
        assert_eq!(taken(&["((ls); cat <<E)", "a", "E", "4"]), (3, None));
        assert_eq!(taken(&["echo a # it's", "a"]), (1, None));
    }

    #[test]
    fn lines_of_any_number_are_taken_in_one_go() {
        // Each line again for each line after it would take hours.
        let long = "x".repeat(1000);
        for (first, line, last) in [
            ("cat <<E", long.as_str(), "E"),
            ("echo '", &long, "'"),
            ("for i in 1; do", &long, "done"),
        ] {
            let mut lines = vec![first];
            lines.extend(std::iter::repeat_n(line, 200));
            lines.push(last);
            for _ in 0..20 {
                assert_eq!(taken(&lines), (202, None));
            }
        }
    }

    proptest! {
        #[test]
        fn adding_lines_is_reading_them_together(text in "([a-z ]|[$`'\"\\\\(){}|&;<>#=\n-]|\n|<<E|\nE\n|for |done|do|\\$\\(){0,40}") {
            let mut lines = text.split('\n');
            let mut growing = Growing::new(lines.next().unwrap_or_default());
            for line in lines {
                growing.push(line);
                let whole = Script::new(&growing.text);
                prop_assert_eq!(growing.open(), whole.open.as_ref());
                if whole.stray_backslash {
                    break;
                }
            }
        }
    }

    #[test]
    fn what_is_never_finished_is_said() {
        assert_eq!(taken(&["ls \\"]), (1, Some(Broken::Unfinished(Open::Backslash))));
        assert_eq!(taken(&["ls \\  ", "-l"]), (1, Some(Broken::StrayBackslash)));
        assert_eq!(
            taken(&["cat <<EOF", "x"]),
            (2, Some(Broken::Unfinished(Open::Heredoc("EOF".to_owned()))))
        );
        assert_eq!(taken(&["echo 'a", "b"]), (2, Some(Broken::Unfinished(Open::Quote('\'')))));
    }

    #[test]
    fn substitutions_without_end_are_no_crash() {
        let deep = "$(".repeat(10_000);
        let open = Some(Broken::Unfinished(Open::Substitution));
        assert_eq!(taken(&[&deep]), (1, open.clone()));
        assert_eq!(taken(&[&format!("{deep}{}", ")".repeat(10_000))]), (1, open.clone()));
        assert_eq!(taken(&[&"<(".repeat(10_000)]), (1, open));
        assert_eq!(taken(&[&format!("{}ls{}", "$(".repeat(50), ")".repeat(50))]), (1, None));
    }

    #[test]
    fn a_comment_ends_what_backslashes_join() {
        let lines = ["  --a b \\", "  #--c d \\", "  chart", "next"];
        let taken = take("helm install x \\", &lines, |line, _| Some(line));
        assert_eq!((taken.lines, taken.broken), (4, Some(Broken::Commented)));
        let taken = take("helm install x \\", &["  # the last one"], |line, _| Some(line));
        assert_eq!((taken.lines, taken.broken), (2, None));
    }
}
