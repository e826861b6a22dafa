//! Decides for each fence of a page what it holds, in the order of the page.

mod classes;
mod directed;
mod outputs;

use super::blocks::assigned_name;
use super::captions::Introduced;
use super::diagnostics::Diagnostic;
use super::dialect::Dialect;
use super::directives::{Directives, FenceDirective};
use super::flags::{Particulars, needs, particulars};
use super::inner::ends_a_shell;
use super::languages::Class;
use super::line::Line;
use super::listing::{Trust, read_listing, unused_variable};
use super::pairing::{asks_for_line, is_a_makefile, is_called_output, is_pasted, named_file};
use super::printing::Printing;
use super::prompts::Kind;
use super::recognisers::{MANIFEST, YAML, printed_by, recognise};
use super::session::{begins_a_command, read_prompted, read_unprompted, stands_inside};
use super::typed::{Session, Typed};
use super::variables::Variables;
use super::words::Script;
use super::{Command, FenceReading, Lab, Role, Step, remarks};
use crate::document::{Document, Fence};
use classes::{class_of, has_button, holds_commands, is_a_jobs_log};
use outputs::recorded;

/// Reads the lab on a page: its steps, what each fence was taken for, and what
/// its author should know, in the order of the page. Never fails.
pub fn read(document: &Document) -> (Lab, Vec<Diagnostic>) {
    let (directives, diagnostics) = Directives::read(document);
    let fences: Vec<(Class, Vec<Line<'_>>)> = document
        .fences()
        .iter()
        .enumerate()
        .map(|(index, fence)| {
            let lines: Vec<Line<'_>> = fence
                .lines
                .iter()
                .map(|line| Line::new(line.number, document.fence_line_text(line)))
                .collect();
            let read_as = directives.of_fence(index).and_then(FenceDirective::read_as);
            (directed::class_of(class_of(document, fence, &lines), read_as), lines)
        })
        .collect();
    let mut reader = Reader {
        document,
        variables: Variables::new(document),
        dialect: Dialect::new(fences.iter().map(|(class, lines)| (*class, lines.as_slice()))),
        class: Class::Plain,
        prompt: None,
        last: Vec::new(),
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
    variables: Variables<'d>,
    dialect: Dialect,
    /// What the fence is that is being read.
    class: Class,
    /// The prompt of the last fence that has one.
    prompt: Option<Kind>,
    /// The commands of the last fence that has some, as they are in `steps`.
    last: Vec<Typed>,
    steps: Vec<Step>,
    readings: Vec<FenceReading>,
    directives: Directives,
    diagnostics: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn fence(&mut self, index: usize, class: Class, lines: &[Line<'_>]) {
        let document = self.document;
        let fence = &document.fences()[index];
        let before = self.steps.len();
        self.class = class;
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
        lines: &[Line<'_>],
    ) -> (Role, String) {
        if let Some(decided) = self.directed(index, fence, class, lines) {
            return decided;
        }
        if has_button(self.document, fence)
            && class.may_prompt()
            && self.dialect.prompt_of(class, lines).is_none()
        {
            let session = self.commands(class, lines);
            let why = "the page has a button that runs it";
            return self.session(index, fence, session, lines, why);
        }
        if lines.iter().all(Line::is_blank) {
            return (Role::Other, "it is empty".to_owned());
        }
        if class.may_prompt() && is_a_jobs_log(lines) {
            return match self.output_of_last(index, fence, class, lines) {
                Some(why) => (Role::Output, why),
                None => (Role::Other, "it is what a program told of its work".to_owned()),
            };
        }
        if class == Class::Other {
            return match self.output_of_last(index, fence, class, lines) {
                Some(why) => (Role::Output, why),
                None => self.foreign(index, fence, class, lines),
            };
        }
        if let Some(prompt) = self.dialect.prompt_of(class, lines)
            && !self.is_echo_of_last(index, fence, lines, &prompt.kind)
        {
            self.prompt = Some(prompt.kind.clone());
            let session = read_prompted(lines, &prompt, &mut self.dialect, &self.variables);
            if self.dialect.is_other(&prompt.kind) && prompt.kind.is_common() {
                let at = session.typed.first().map_or(fence.open, |typed| typed.command.first_line);
                self.diagnostics.push(remarks::other_prompt(self.document.line(at)));
            }
            return self.session(index, fence, session, lines, "its commands stand after prompts");
        }
        let mut content = lines.iter().filter(|line| line.is_content());
        if let (Some(only), None) = (content.next(), content.next())
            && class.may_prompt()
            && asks_for_line(self.document, fence, only.text.trim())
        {
            let session = self.commands(class, lines);
            return self.session(
                index,
                fence,
                session,
                lines,
                "the line before it asks to type it",
            );
        }
        // "Create the `a.service` unit:" also leads on to a command that does it.
        let named = named_file(self.document, fence).filter(|_| class != Class::Data);
        if named == Some(Introduced::Script)
            || named.is_some() && read_listing(lines, Trust::Sure).is_err()
        {
            return (Role::File, "a file's name stands before it".to_owned());
        }
        if self.is_edited(index, fence, lines) {
            return (Role::File, "it is what the editor before it is given".to_owned());
        }
        let output = self
            .output_spoken_of(fence, class, lines)
            .or_else(|| self.output_of_last(index, fence, class, lines));
        if let Some(why) = output {
            return (Role::Output, why);
        }
        match class {
            Class::Data => self.foreign(index, fence, class, lines),
            _ => self.unprompted(index, fence, class, lines),
        }
    }

    /// Reads a fence of a language that no terminal shows: a file, or commands that
    /// the page has under a wrong name.
    fn foreign(
        &mut self,
        index: usize,
        fence: &Fence,
        class: Class,
        lines: &[Line<'_>],
    ) -> (Role, String) {
        if holds_commands(lines)
            && named_file(self.document, fence).is_none()
            && !is_pasted(self.document, fence)
            && self.may_have_printed(index, fence, lines).is_none()
        {
            let session = self.commands(class, lines);
            let why = "each of its lines is surely a command, whatever its language";
            return self.session(index, fence, session, lines, why);
        }
        let asked = if class == Class::Data { ", and no command asked for it" } else { "" };
        (Role::File, format!("its language is `{}`{asked}", fence.language))
    }

    /// Whether a fence that begins with a common mark may show what the command
    /// before it printed.
    fn is_echo_of_last(
        &self,
        index: usize,
        fence: &Fence,
        lines: &[Line<'_>],
        kind: &Kind,
    ) -> bool {
        let doubtful = kind.is_common() && self.dialect.is_other(kind)
            || matches!(kind, Kind::Own(_)) && self.prompt.as_ref() != Some(kind);
        doubtful && self.may_have_printed(index, fence, lines).is_some()
    }

    /// Reads a fence without a prompt.
    fn unprompted(
        &mut self,
        index: usize,
        fence: &Fence,
        class: Class,
        lines: &[Line<'_>],
    ) -> (Role, String) {
        let shell = matches!(class, Class::Shell | Class::Windows | Class::Console);
        if is_a_makefile(lines.iter().map(|line| line.text.as_ref())) {
            return (Role::File, "it holds the rules of a Makefile".to_owned());
        }
        let listing = read_listing(lines, trust(class));
        let doubtful = match &listing {
            Ok(session) => unused_variable(&session.typed, &self.variables),
            Err(None) => return (Role::File, "it is a script".to_owned()),
            Err(Some(number)) => Some(*number),
        };
        // Whatever printed it, on a page that does not show the command. "Output as
        // JSON:" may speak of the command that gives it.
        if listing.is_ok()
            && is_called_output(self.document, fence)
            && !(shell && holds_commands(lines))
        {
            let why = "the line before it calls it an output";
            let span = self.document.line(fence.open);
            self.diagnostics.push(remarks::unread_fence(span, &fence.language, why));
            return (Role::Other, why.to_owned());
        }
        if let (Ok(_), None) = (&listing, doubtful)
            && let Some(line) = self.may_have_printed(index, fence, lines)
        {
            let span = self.document.line(fence.open);
            self.diagnostics.push(remarks::unsure_fence(span, line));
            let why = format!("it may be what the command on line {line} printed");
            return (Role::Other, why);
        }
        if let (Ok(mut session), None) = (listing, doubtful) {
            self.follow(&mut session);
            let why = if shell {
                "each of its lines is a command"
            } else {
                "each of its lines is surely a command"
            };
            return self.session(index, fence, session, lines, why);
        }
        let drawn = lines.iter().any(|line| line.text.trim_start().starts_with(['→', '↓', '↳']));
        if let Some(first) = lines.iter().find(|line| line.is_content())
            && !drawn
            && begins_a_command(first.text.trim(), class == Class::Windows)
            && assigned_name(first.text.trim()).is_none()
            && doubtful != Some(first.number)
            && (self.may_have_printed(index, fence, lines).is_none()
                || self.shows_what_it_prints(lines))
        {
            let levels = self.dialect.levels();
            let session = read_unprompted(lines, class, &mut self.dialect, &self.variables);
            if unused_variable(&session.typed, &self.variables).is_none() {
                let why = "it begins with a command, and goes on with what that printed";
                return self.session(index, fence, session, lines, why);
            }
            self.dialect.go_back_to(levels);
        }
        if !shell {
            return (
                Role::Other,
                "it holds no prompt, and does not begin with a command".to_owned(),
            );
        }
        let number = doubtful.unwrap_or(fence.open);
        let why = "this line is not surely a command";
        self.diagnostics.push(remarks::unread_fence(
            self.document.line(number),
            &fence.language,
            why,
        ));
        (Role::Other, format!("line {number} is not surely a command"))
    }

    /// Whether a fence that begins with a command goes on with what only that prints:
    /// no log and no answer of a service holds both. A file may.
    fn shows_what_it_prints(&self, lines: &[Line<'_>]) -> bool {
        let mut content = lines.iter().filter(|line| line.is_content());
        let Some(first) = content.next() else {
            return false;
        };
        let script = Script::new(first.text.trim());
        let needs = needs(&script.commands(), &first.text);
        let programs: Vec<&str> = needs.iter().map(String::as_str).collect();
        let next = content.next().map(|line| line.text.as_ref());
        self.last.iter().all(|typed| typed.prints() < Printing::Text)
            && next.is_some_and(|next| {
                recognise(next).is_some_and(|found| !found.is_common)
                    && printed_by(&programs, std::iter::once(next)).is_some()
            })
    }

    /// Whether a fence is a text for the editor that the command before it opened.
    fn is_edited(&self, index: usize, fence: &Fence, lines: &[Line<'_>]) -> bool {
        let settings = || {
            lines.iter().filter(|line| !line.is_blank()).all(|line| {
                let line = line.text.trim();
                ["export ", "alias ", "source ", "#"].iter().any(|start| line.starts_with(start))
            })
        };
        let manifest = || {
            lines.iter().find(|line| line.is_content()).is_some_and(|line| {
                recognise(&line.text).is_some_and(|found| [MANIFEST, YAML].contains(&found.name))
            })
        };
        let edits = self.steps.last().is_some_and(|step| {
            step.fence + 1 == index && super::flags::opens_an_editor(&step.command.text)
        });
        let pasted = is_pasted(self.document, fence);
        pasted && (edits || settings()) || edits && (settings() || manifest())
    }

    /// Follows the commands of a fence into the programs that they open.
    fn follow(&mut self, session: &mut Session) {
        for typed in &mut session.typed {
            typed.nested |= stands_inside(&typed.script, &mut self.dialect);
            if ends_a_shell(&typed.command.text) {
                self.dialect.leave();
            } else if typed.opens_a_shell() {
                self.dialect.enter(None);
            }
        }
    }

    /// Adds the steps of a fence that holds commands.
    fn session(
        &mut self,
        index: usize,
        fence: &Fence,
        session: Session,
        lines: &[Line<'_>],
        why: &str,
    ) -> (Role, String) {
        self.lead(index, fence, &session, lines);
        for (number, doubt) in &session.doubts {
            self.diagnostics.push(remarks::doubt(self.document.line(*number), doubt));
        }
        let windows = self.class == Class::Windows;
        let role = if session.typed.is_empty() {
            Role::Other
        } else if session.typed.iter().any(|typed| typed.output.is_some()) {
            Role::Session
        } else {
            Role::Command
        };
        let before = self.steps.len();
        let mut last = Vec::with_capacity(session.typed.len());
        for typed in session.typed {
            let command = typed.command.clone();
            let span = self.document.line(command.first_line).start
                ..self.document.line(command.last_line).end;
            if is_unreadable(self.document, &command) {
                self.diagnostics.push(remarks::unreadable(span));
                continue;
            }
            let windows = windows || typed.windows;
            let found = particulars(&typed.script, &command.text, typed.nested, windows);
            self.diagnostics.extend(remarks::command(&span, &found));
            let Particulars { flags, needs, .. } = found;
            let outputs = typed.output.map(|(first, last)| recorded(&lines[first..=last]));
            let outputs = outputs.into_iter().collect();
            self.steps.push(Step { command, outputs, fence: index, flags, needs });
            last.push(typed);
        }
        if self.steps.len() > before {
            self.last = last;
        }
        (role, why.to_owned())
    }
}

fn trust(class: Class) -> Trust {
    match class {
        Class::Shell | Class::Console => Trust::Shell,
        Class::Windows => Trust::Windows,
        Class::Plain | Class::Data | Class::Other => Trust::Sure,
    }
}

/// Whether a command's bytes are no text that a shell can be given.
fn is_unreadable(document: &Document, command: &Command) -> bool {
    let span = document.line(command.first_line).start..document.line(command.last_line).end;
    let bytes = &document.bytes()[span];
    bytes.contains(&0) || std::str::from_utf8(bytes).is_err()
}
