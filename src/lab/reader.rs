//! Decides for each fence of a page what it holds, in the order of the page.

use std::ops::Range;

use super::diagnostics::Diagnostic;
use super::fences::{Class, asks_for, class};
use super::pairing::{Between, between};
use super::programs::{is_surely_a_command, opens_a_shell, prints_text};
use super::prompts::{Kind, Prompt};
use super::session::{
    Doubt, Line, Session, first_prompt, is_comment, read_listing, read_prompted, trimmed,
};
use super::words::Script;
use super::{FenceReading, Lab, RecordedOutput, Role, Step};
use crate::document::{Document, Fence};

/// Reads the lab on a page: its steps, what each fence was taken for, and what
/// its author should know. Never fails.
pub fn read(document: &Document) -> (Lab, Vec<Diagnostic>) {
    let fences: Vec<(Class, Vec<Line>)> = document
        .fences()
        .iter()
        .map(|fence| {
            let lines = fence
                .lines
                .iter()
                .map(|line| (line.number, document.fence_line_text(line)));
            (class(&fence.language), lines.collect())
        })
        .collect();
    let prompts = fences
        .iter()
        .any(|(class, lines)| class.may_prompt() && has_sure_prompt(lines));
    let mut reader = Reader {
        document,
        prompts,
        ..Reader::new(document)
    };
    for (index, (class, lines)) in fences.iter().enumerate() {
        reader.fence(index, *class, lines);
    }
    reader.finish()
}

struct Reader<'d> {
    document: &'d Document,
    /// Whether the page shows prompts other than root's.
    prompts: bool,
    /// The user and host of the page's own prompt.
    host: Option<String>,
    /// A step opened a shell: a new prompt may be the inner one's.
    inside: bool,
    steps: Vec<Step>,
    readings: Vec<FenceReading>,
    diagnostics: Vec<Diagnostic>,
}

impl<'d> Reader<'d> {
    fn new(document: &'d Document) -> Self {
        Self {
            document,
            prompts: false,
            host: None,
            inside: false,
            steps: Vec::new(),
            readings: Vec::new(),
            diagnostics: Vec::new(),
        }
    }

    fn fence(&mut self, index: usize, class: Class, lines: &[Line]) {
        let fence = &self.document.fences()[index];
        let before = self.steps.len();
        let (role, why) = self.decide(index, fence, class, lines);
        self.readings.push(FenceReading {
            open: fence.open,
            close: fence.last_line(),
            role,
            why,
        });
        if fence.close.is_none() {
            let span = self.document.line(fence.open);
            let message = "the fence is never closed: it runs to the end of its block";
            let diagnostic = if self.steps.len() > before {
                Diagnostic::error("unterminated-fence", span, message)
            } else {
                Diagnostic::warning("unterminated-fence", span, message)
            };
            self.diagnostics.push(
                diagnostic.help("close it with a line of the same marks, and at least as many"),
            );
        }
    }

    fn decide(
        &mut self,
        index: usize,
        fence: &Fence,
        class: Class,
        lines: &[Line],
    ) -> (Role, String) {
        if lines.iter().all(|(_, line)| line.trim().is_empty()) {
            return (Role::Other, "it is empty".to_owned());
        }
        if class == Class::Other {
            return (Role::File, format!("its language is `{}`", fence.language));
        }
        if class.may_prompt()
            && let Some((prompt, rest)) = first_prompt_of(lines, class, self.prompts)
        {
            if self.accepts(&prompt.kind, rest, class) {
                return self.session(
                    index,
                    &read_prompted(lines, &prompt),
                    lines,
                    "its commands stand after prompts",
                );
            }
            if prompt.kind == Kind::Foreign {
                self.unread_prompt(lines, fence);
                return (
                    Role::Other,
                    "its prompt is of a style that is not read yet".to_owned(),
                );
            }
        }
        if let Some(why) = self.output_of_last(index, fence, class, lines) {
            return (Role::Output, why);
        }
        if class == Class::Data {
            return (
                Role::File,
                format!(
                    "its language is `{}`, and no command asked for it",
                    fence.language
                ),
            );
        }
        if class != Class::Shell {
            return (Role::Other, "it has no prompt".to_owned());
        }
        if self.prompts {
            self.unread_fence(
                fence,
                fence.open,
                "it has no prompt, and other fences of the page have",
            );
            return (
                Role::Other,
                "it has no prompt, and other fences of the page have".to_owned(),
            );
        }
        match read_listing(lines) {
            Ok(session) => self.session(
                index,
                &session,
                lines,
                "each of its lines is surely a command",
            ),
            Err(Some(number)) => {
                self.unread_fence(fence, number, "this line is not surely a command");
                (
                    Role::Other,
                    format!("line {number} is not surely a command"),
                )
            }
            Err(None) => (
                Role::File,
                "it is a script or only sets variables".to_owned(),
            ),
        }
    }

    /// Whether a fence's first prompt is the page's own shell's.
    fn accepts(&mut self, kind: &Kind, rest: &str, class: Class) -> bool {
        match kind {
            Kind::Dollar | Kind::Percent => {
                class != Class::Plain
                    || rest.starts_with(|c: char| c.is_ascii_lowercase() || "./~".contains(c))
            }
            Kind::Greater | Kind::Hash => true,
            Kind::Host(host) => match &self.host {
                Some(own) => own == host,
                None => {
                    let own = !self.inside;
                    if own {
                        self.host = Some(host.clone());
                    }
                    own
                }
            },
            Kind::Foreign => false,
        }
    }

    /// Adds the steps of a fence that holds commands.
    fn session(
        &mut self,
        index: usize,
        session: &Session,
        lines: &[Line],
        why: &str,
    ) -> (Role, String) {
        let texts: Vec<&str> = lines.iter().map(|(_, text)| text.as_str()).collect();
        for (number, doubt) in &session.doubts {
            self.doubt(*number, doubt);
        }
        for typed in &session.typed {
            let outputs = typed
                .output
                .map(|(first, last)| recorded(lines, &texts, first, last));
            self.steps.push(Step {
                command: typed.command.clone(),
                outputs: outputs.into_iter().collect(),
                fence: index,
            });
            self.look_at_command();
        }
        let role = if session.typed.is_empty() {
            Role::Other
        } else if session.typed.iter().any(|typed| typed.output.is_some()) {
            Role::Session
        } else {
            Role::Command
        };
        (role, why.to_owned())
    }

    /// Takes a fence for the output of the fence before it, where it is that.
    fn output_of_last(
        &mut self,
        index: usize,
        fence: &Fence,
        class: Class,
        lines: &[Line],
    ) -> Option<String> {
        let step = self
            .steps
            .last_mut()
            .filter(|step| step.fence + 1 == index && step.outputs.is_empty())?;
        let between = between(self.document, &self.document.fences()[step.fence], fence);
        let texts: Vec<&str> = lines.iter().map(|(_, text)| text.as_str()).collect();
        let why = match between {
            Between::Text => return None,
            Between::Caption => "it follows a command and a phrase that announces an output",
            Between::Blank => "it follows a command and holds none",
        };
        let may_be_listing = between == Between::Blank && class == Class::Shell && !self.prompts;
        if may_be_listing && !prints_text(&step.command.text) && read_listing(lines).is_ok() {
            return None;
        }
        if class == Class::Data
            && between == Between::Blank
            && !asks_for(&step.command.text, &fence.language)
        {
            return None;
        }
        let (first, last) = trimmed(&texts, 0, texts.len())?;
        step.outputs.push(recorded(lines, &texts, first, last));
        Some(format!("{why} (line {})", step.command.first_line))
    }

    /// What is certain about the last command from its text alone.
    fn look_at_command(&mut self) {
        let Some(step) = self.steps.last() else {
            return;
        };
        let span = self.span(step.command.first_line, step.command.last_line);
        if let Some(placeholder) = placeholder(&step.command.text) {
            let message = format!("the command holds the placeholder `{placeholder}`");
            let help = "write what the page's own cluster has there";
            self.diagnostics
                .push(Diagnostic::error("placeholder", span.clone(), message).help(help));
        }
        if opens_a_shell(&step.command.text) {
            self.inside = true;
            let message = "the command opens a shell, and what is typed in it is not read yet";
            let help = "give the inner command on this line, as in `kubectl exec POD -- COMMAND`";
            self.diagnostics
                .push(Diagnostic::error("opens-a-shell", span, message).help(help));
        }
    }

    fn doubt(&mut self, number: usize, doubt: &Doubt) {
        let span = self.document.line(number);
        self.diagnostics.push(match doubt {
            Doubt::Broken(broken) => {
                Diagnostic::error("unfinished-command", span, broken.message())
                    .help("nothing of it is run; write the whole command")
            }
            Doubt::Unsure => Diagnostic::warning(
                "unsure-command",
                span,
                "this line stands after a prompt, but is not surely a command",
            )
            .help("it is not run; if it is a command, write `$ ` before it"),
        });
    }

    fn unread_prompt(&mut self, lines: &[Line], fence: &Fence) {
        let number = lines
            .iter()
            .find(|(_, line)| !line.trim().is_empty())
            .map_or(fence.open, |(number, _)| *number);
        let span = self.document.line(number);
        let message = "the prompt is of a style that is not read yet: nothing of this fence is run";
        self.diagnostics.push(
            Diagnostic::warning("unread-prompt", span, message)
                .help("write `$ ` before each command"),
        );
    }

    fn unread_fence(&mut self, fence: &Fence, number: usize, why: &str) {
        let span = self.document.line(number);
        let message = format!("nothing of this `{}` fence is run: {why}", fence.language);
        self.diagnostics.push(
            Diagnostic::warning("unread-fence", span, message)
                .help("write `$ ` before each command"),
        );
    }

    fn span(&self, first_line: usize, last_line: usize) -> Range<usize> {
        self.document.line(first_line).start..self.document.line(last_line).end
    }

    fn finish(mut self) -> (Lab, Vec<Diagnostic>) {
        for comment in self.document.comments() {
            if comment.text.starts_with("labbook:") {
                let message = "directives are not read yet";
                let help = "take the comment away, or the page would run without what it asks for";
                self.diagnostics.push(
                    Diagnostic::error("unread-directive", comment.span.clone(), message).help(help),
                );
            }
        }
        if self.steps.is_empty() {
            let span = self.document.line(1);
            let help = "write each command after `$ ` in a fence whose language is `console`";
            self.diagnostics.push(
                Diagnostic::warning("no-steps", span, "the page has no steps: nothing is run")
                    .help(help),
            );
        }
        self.diagnostics
            .sort_by_key(|diagnostic| diagnostic.span.start);
        (
            Lab {
                steps: self.steps,
                fences: self.readings,
            },
            self.diagnostics,
        )
    }
}

/// Whether a fence shows, at its beginning, a prompt that is no comment's mark.
fn has_sure_prompt(lines: &[Line]) -> bool {
    first_prompt(lines).is_some_and(|(prompt, rest)| match prompt.kind {
        Kind::Greater => is_surely_a_command(rest),
        Kind::Hash => false,
        _ => true,
    })
}

/// The prompt of a fence. `> ` and `# ` count only before what is surely a
/// command, and `# ` only where nothing else on the page is a prompt and every
/// such line of the fence is a command, while no other line is.
fn first_prompt_of(lines: &[Line], class: Class, prompts: bool) -> Option<(Prompt, &str)> {
    let found = first_prompt(lines).filter(|(prompt, rest)| {
        // The first line of a command may not be all of it.
        let text = rest.strip_suffix('\\').unwrap_or(rest);
        prompt.kind != Kind::Greater || is_surely_a_command(text) || is_begun(rest)
    });
    if found.is_some() || prompts || class == Class::Shell {
        return found;
    }
    let mut root = None;
    for (_, line) in lines.iter().filter(|(_, line)| !line.trim().is_empty()) {
        if is_comment(line) {
            let prompt = super::prompts::prompt(line)?;
            let rest = line[prompt.length..].trim_end();
            if !is_surely_a_command(rest) {
                return None;
            }
            root = root.or(Some((prompt, rest)));
        } else if root.is_none() || is_surely_a_command(line.trim()) {
            return None;
        }
    }
    root
}

/// Whether a line begins a command of several lines with a known program.
fn is_begun(text: &str) -> bool {
    let script = Script::new(text);
    let first = script.commands().first().map(|simple| {
        let end = simple.words.last().map_or(0, |word| word.span.end);
        text.get(..end.min(text.len()))
            .unwrap_or_default()
            .to_owned()
    });
    script.open.is_some() && first.is_some_and(|first| is_surely_a_command(&first))
}

/// Lines of a fence as an output of the page.
fn recorded(lines: &[Line], texts: &[&str], first: usize, last: usize) -> RecordedOutput {
    RecordedOutput {
        first_line: lines[first].0,
        last_line: lines[last].0,
        text: texts[first..=last].join("\n"),
    }
}

/// The first `<name>` of a command that stands for something to be filled in.
/// To a shell it is two redirections.
fn placeholder(text: &str) -> Option<&str> {
    let script = Script::new(text);
    let words: Vec<_> = script.words().collect();
    let bytes = text.as_bytes();
    for (index, word) in words.iter().enumerate() {
        let start = word.span.start;
        let opens =
            start > 0 && bytes[start - 1] == b'<' && (start < 2 || bytes[start - 2] != b'<');
        if !opens || !word.text.starts_with(|c: char| c.is_alphabetic()) {
            continue;
        }
        let closes = words[index..]
            .iter()
            .find(|word| bytes.get(word.span.end) == Some(&b'>'));
        let found = closes.and_then(|word| text.get(start - 1..=word.span.end));
        if let Some(found) =
            found.filter(|found| !found.contains('\n') && found.matches(' ').count() < 5)
        {
            return Some(found);
        }
    }
    None
}
