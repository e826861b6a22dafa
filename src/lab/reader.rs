//! Decides for each fence of a page what it holds, in the order of the page.

use super::diagnostics::Diagnostic;
use super::dialect::Dialect;
use super::directives::Directives;
use super::fences::{Class, asks_for, class};
use super::inner::opens_a_shell;
use super::pairing::{Between, between, is_named_file};
use super::printing::{Printing, printing};
use super::prompts::Kind;
use super::session::{Line, Session, read_listing, read_prompted, trimmed};
use super::{Command, FenceReading, Lab, RecordedOutput, Role, Step, remarks};
use crate::document::{Document, Fence};

/// Reads the lab on a page: its steps, what each fence was taken for, and what
/// its author should know, in the order of the page. Never fails.
pub fn read(document: &Document) -> (Lab, Vec<Diagnostic>) {
    let (directives, diagnostics) = Directives::read(document);
    let fences: Vec<(Class, Vec<Line>)> = document
        .fences()
        .iter()
        .map(|fence| {
            let lines =
                fence.lines.iter().map(|line| (line.number, document.fence_line_text(line)));
            (class(&fence.language), lines.collect())
        })
        .collect();
    let mut reader = Reader {
        document,
        dialect: Dialect::new(&fences),
        steps: Vec::new(),
        readings: Vec::new(),
        directives,
        diagnostics,
    };
    for (index, (class, lines)) in fences.iter().enumerate() {
        reader.fence(index, *class, lines);
    }
    let Reader { steps, readings: fences, mut directives, mut diagnostics, .. } = reader;
    diagnostics.extend(remarks::page(document, !steps.is_empty()));
    diagnostics.extend(directives.settle(document, &steps, &fences));
    diagnostics.retain(|diagnostic| !directives.skips(document, &steps, diagnostic));
    diagnostics.sort_by_key(|diagnostic| diagnostic.span.start);
    (Lab { steps, fences, directives }, diagnostics)
}

struct Reader<'d> {
    document: &'d Document,
    dialect: Dialect,
    steps: Vec<Step>,
    readings: Vec<FenceReading>,
    directives: Directives,
    diagnostics: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn fence(&mut self, index: usize, class: Class, lines: &[Line]) {
        let document = self.document;
        let fence = &document.fences()[index];
        let before = self.steps.len();
        let (role, why) = self.decide(index, fence, class, lines);
        self.readings.push(FenceReading { open: fence.open, close: fence.last_line(), role, why });
        if fence.close.is_none() {
            self.diagnostics.push(remarks::unterminated(
                document,
                fence,
                self.steps.len() > before,
            ));
        }
    }

    fn decide(
        &mut self,
        index: usize,
        fence: &Fence,
        class: Class,
        lines: &[Line],
    ) -> (Role, String) {
        let Some((_, first)) = lines.iter().find(|(_, line)| !line.trim().is_empty()) else {
            return (Role::Other, "it is empty".to_owned());
        };
        if class == Class::Other {
            return (Role::File, format!("its language is `{}`", fence.language));
        }
        let mut other_prompt = None;
        if let Some(prompt) = self.dialect.prompt_of(class, lines) {
            other_prompt = lines.iter().find(|(_, line)| line == first).map(|(number, _)| *number);
            if self.dialect.owns(&prompt.kind) {
                return self.session(
                    index,
                    &read_prompted(lines, &prompt),
                    lines,
                    "its commands stand after prompts",
                );
            }
            if prompt.kind == Kind::Foreign {
                let number = other_prompt.unwrap_or(fence.open);
                self.diagnostics.push(remarks::unread_prompt(self.document.line(number)));
                return (Role::Other, "its prompt is of a style that is not read yet".to_owned());
            }
        }
        if class == Class::Shell && is_named_file(self.document, fence) {
            return (Role::File, "a file's name stands before it".to_owned());
        }
        if let Some(why) = self.output_of_last(index, fence, class, lines) {
            return (Role::Output, why);
        }
        if let Some(number) = other_prompt {
            self.diagnostics.push(remarks::other_prompt(self.document.line(number)));
            return (Role::Other, "its prompt is not that of the page's first commands".to_owned());
        }
        match class {
            Class::Data => (
                Role::File,
                format!("its language is `{}`, and no command asked for it", fence.language),
            ),
            Class::Shell => self.unprompted(index, fence, lines),
            _ => (Role::Other, "it has no prompt".to_owned()),
        }
    }

    /// Reads a shell's fence without a prompt of the page's own.
    fn unprompted(&mut self, index: usize, fence: &Fence, lines: &[Line]) -> (Role, String) {
        let mut unread = |number: usize, why: &str| {
            self.diagnostics.push(remarks::unread_fence(
                self.document.line(number),
                &fence.language,
                why,
            ));
        };
        if self.dialect.prompts {
            let why = "it has no prompt of the page's own shell, and other fences have";
            unread(fence.open, why);
            return (Role::Other, why.to_owned());
        }
        match read_listing(lines) {
            Ok(session) => {
                if let Some(line) = self.may_have_printed(index, fence) {
                    let span = self.document.line(fence.open);
                    self.diagnostics.push(remarks::unsure_fence(span, line));
                    let why = format!("it may be what the command on line {line} printed");
                    return (Role::Other, why);
                }
                self.session(index, &session, lines, "each of its lines is surely a command")
            }
            Err(Some(number)) => {
                unread(number, "this line is not surely a command");
                (Role::Other, format!("line {number} is not surely a command"))
            }
            Err(None) => (Role::File, "it is a script".to_owned()),
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
        for (number, doubt) in &session.doubts {
            self.diagnostics.push(remarks::doubt(self.document.line(*number), doubt));
        }
        for typed in &session.typed {
            let command = typed.command.clone();
            let span = self.document.line(command.first_line).start
                ..self.document.line(command.last_line).end;
            if is_unreadable(self.document, &command) {
                self.diagnostics.push(remarks::unreadable(span));
                continue;
            }
            self.diagnostics.extend(remarks::command(&span, &command));
            self.dialect.inside |= opens_a_shell(&command.text);
            let outputs = typed.output.map(|(first, last)| recorded(&lines[first..=last]));
            self.steps.push(Step {
                command,
                outputs: outputs.into_iter().collect(),
                fence: index,
                ..Step::default()
            });
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

    /// The line of a command of the fence before, if a fence of commands without
    /// prompts may be what it printed.
    fn may_have_printed(&self, index: usize, fence: &Fence) -> Option<usize> {
        let last = self.steps.last().filter(|step| step.fence + 1 == index)?;
        if !last.outputs.is_empty() {
            return None;
        }
        let before = &self.document.fences()[last.fence];
        let steps = self.steps.iter().rev().take_while(|step| step.fence == last.fence);
        let between = between(self.document, before, fence);
        // Where prose stands between, doubt only what surely prints text.
        let most = if between == Between::Text { Printing::Unknown } else { Printing::Report };
        let mut unsure = steps.filter(|step| printing(&step.command.text) > most);
        unsure.next().map(|step| step.command.first_line)
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
        let why = match between {
            Between::Text => return None,
            Between::Caption => "it follows a command and a phrase that announces an output",
            Between::Blank => "it follows a command and holds none",
        };
        let may_be_listing =
            between == Between::Blank && class == Class::Shell && !self.dialect.prompts;
        let prints_text =
            || matches!(printing(&step.command.text), Printing::Text | Printing::Notes);
        if may_be_listing && !prints_text() && read_listing(lines).is_ok() {
            return None;
        }
        if class == Class::Data
            && between == Between::Blank
            && !asks_for(&step.command.text, &fence.language)
        {
            return None;
        }
        let texts: Vec<&str> = lines.iter().map(|(_, text)| text.as_str()).collect();
        let (first, last) = trimmed(&texts, 0, texts.len())?;
        step.outputs.push(recorded(&lines[first..=last]));
        Some(format!("{why} (line {})", step.command.first_line))
    }
}

/// Whether a command's bytes are no text that a shell can be given.
fn is_unreadable(document: &Document, command: &Command) -> bool {
    let span = document.line(command.first_line).start..document.line(command.last_line).end;
    let bytes = &document.bytes()[span];
    bytes.contains(&0) || std::str::from_utf8(bytes).is_err()
}

/// Lines of a fence as an output of the page. There is at least one.
fn recorded(lines: &[Line]) -> RecordedOutput {
    let texts: Vec<&str> = lines.iter().map(|(_, text)| text.as_str()).collect();
    RecordedOutput {
        first_line: lines.first().map_or(0, |(number, _)| *number),
        last_line: lines.last().map_or(0, |(number, _)| *number),
        text: texts.join("\n"),
        ..RecordedOutput::default()
    }
}
