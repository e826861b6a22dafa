//! Decides for each fence of a page what it holds, in the order of the page.

mod classes;
mod directed;
mod outputs;
mod unfenced;
mod unprompted;

use std::collections::HashSet;

use super::captions::Introduced;
use super::captions::forbids;
use super::diagnostics::Diagnostic;
use super::dialect::Dialect;
use super::directives::{Directives, FenceDirective};
use super::edited::{goes_on_with, is_a_script_edited};
use super::flags::{Particulars, edits_a_file, particulars};
use super::inner::{ends_a_shell, opens_a_shell};
use super::languages::Class;
use super::line::{Line, is_comment};
use super::listing::{Trust, read_listing};
use super::pairing::{asks_for_line, is_forbidden, is_pasted, may_lack_its_end, named_file};
use super::prompts::Kind;
use super::recognisers::{MANIFEST, YAML, recognise};
use super::session::{read_prompted, stands_inside};
use super::typed::{Doubt, Session, Typed};
use super::variables::Variables;
use super::{Command, FenceReading, Lab, Opened, Role, Step, remarks};
use crate::document::{Document, Fence};
use classes::{class_of, has_button, is_a_jobs_log, without_label};
use outputs::recorded;
use unfenced::unfenced_commands;

/// Reads the lab on a page: its steps, what each fence was taken for, and what
/// its author should know, in the order of the page. Never fails.
pub fn read(document: &Document) -> (Lab, Vec<Diagnostic>) {
    let (directives, diagnostics) = Directives::read(document);
    let fences: Vec<Seen<'_>> = document
        .fences()
        .iter()
        .enumerate()
        .map(|(index, fence)| {
            let lines: Vec<Line<'_>> = fence
                .lines
                .iter()
                .map(|line| Line::new(line.number, document.fence_line_text(line)))
                .collect();
            let lines = without_label(fence, lines);
            let read_as = directives.of_fence(index).and_then(FenceDirective::read_as);
            let class = directed::class_of(class_of(document, fence, &lines), read_as);
            Seen { index, fence, class, lines }
        })
        .collect();
    let mut reader = Reader {
        document,
        variables: Variables::new(document),
        dialect: Dialect::new(fences.iter().map(|seen| (seen.class, seen.lines.as_slice()))),
        prompt: None,
        last: Vec::new(),
        steps: Vec::new(),
        readings: Vec::new(),
        directives,
        diagnostics,
    };
    for seen in &fences {
        reader.fence(seen);
    }
    let Reader { mut steps, readings: fences, mut directives, mut diagnostics, .. } = reader;
    diagnostics.extend(conversations(document, &mut steps));
    diagnostics.extend(remarks::page(document, !steps.is_empty()));
    diagnostics.extend(remarks::unfenced(unfenced_commands(document)));
    diagnostics.extend(directives.settle(document, &steps, &fences));
    diagnostics.retain(|diagnostic| !directives.skips(document, &steps, diagnostic));
    diagnostics.sort_by_key(|diagnostic| diagnostic.span.start);
    (Lab { steps, fences, directives }, diagnostics)
}

/// A fence, as the rules look at it.
struct Seen<'d> {
    /// Its place among the page's fences.
    index: usize,
    fence: &'d Fence,
    class: Class,
    lines: Vec<Line<'d>>,
}

impl<'d> Seen<'d> {
    fn texts(&self) -> Vec<&str> {
        self.lines.iter().map(|line| line.text.as_ref()).collect()
    }

    /// The lines that are neither blank nor comments.
    fn content(&self) -> impl Iterator<Item = &Line<'d>> {
        self.lines.iter().filter(|line| line.is_content())
    }

    /// Whether its language is that of a shell or of a terminal.
    fn is_a_shells(&self) -> bool {
        matches!(self.class, Class::Shell | Class::Windows | Class::Console)
    }

    fn trust(&self) -> Trust {
        match self.class {
            Class::Shell | Class::Console => Trust::Shell,
            Class::Windows => Trust::Windows,
            Class::Plain | Class::Data | Class::Other => Trust::Sure,
        }
    }
}

struct Reader<'d> {
    document: &'d Document,
    variables: Variables<'d>,
    dialect: Dialect,
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
    fn fence(&mut self, seen: &Seen<'_>) {
        let (document, fence) = (self.document, seen.fence);
        let before = self.steps.len();
        let (role, why) = self.decide(seen);
        self.readings.push(FenceReading { open: fence.open, close: fence.last_line(), role, why });
        if fence.close.is_none() {
            let has_steps = self.steps.len() > before;
            let cause = seen.index.checked_sub(1).map(|index| &document.fences()[index]);
            let cause = cause.filter(|fence| may_lack_its_end(document, fence));
            self.diagnostics.push(remarks::unterminated(document, fence, cause, has_steps));
        }
    }

    fn decide(&mut self, seen: &Seen<'_>) -> (Role, String) {
        let Seen { fence, class, lines, .. } = seen;
        if let Some(decided) = self.directed(seen) {
            return decided;
        }
        if class.may_prompt() && is_forbidden(self.document, fence) {
            return self.forbidden(fence.open, "the line before it says not to run it");
        }
        let is_warned_of = |line: &&Line<'_>| {
            is_comment(&line.text) && forbids(&line.text)
                || line.text.split_once(" #").is_some_and(|(_, note)| forbids(note))
        };
        if class.may_prompt()
            && let Some(line) = lines.iter().find(is_warned_of)
        {
            return self.forbidden(line.number, "a comment in it says not to run something of it");
        }
        if has_button(self.document, fence)
            && class.may_prompt()
            && self.dialect.prompt_of(*class, lines).is_none()
        {
            let session = self.commands(seen);
            let why = "the page has a button that runs it";
            return self.session(seen, session, why);
        }
        if lines.iter().all(Line::is_blank) {
            return (Role::Other, "it is empty".to_owned());
        }
        if class.may_prompt() && is_a_jobs_log(lines) {
            return match self.output_of_last(seen) {
                Some(why) => (Role::Output, why),
                None => (Role::Other, "it is what a program told of its work".to_owned()),
            };
        }
        if *class == Class::Other {
            return match self.output_of_last(seen) {
                Some(why) => (Role::Output, why),
                None => self.foreign(seen),
            };
        }
        if let Some(prompt) = self.dialect.prompt_of(*class, lines)
            && !self.is_echo_of_last(seen, &prompt.kind)
        {
            self.prompt = Some(prompt.kind.clone());
            let elsewhere = self.dialect.is_elsewhere(&prompt.kind);
            let session = read_prompted(lines, &prompt, &mut self.dialect, &self.variables);
            if let Some(first) = session.typed.first().filter(|_| elsewhere) {
                let span = self.document.line(first.command.first_line);
                self.diagnostics.push(remarks::other_machine(span));
            }
            if self.dialect.is_other(&prompt.kind) && prompt.kind.is_common() {
                let at = session.typed.first().map_or(fence.open, |typed| typed.command.first_line);
                self.diagnostics.push(remarks::other_prompt(self.document.line(at)));
            }
            return self.session(seen, session, "its commands stand after prompts");
        }
        let mut content = seen.content();
        if let (Some(only), None) = (content.next(), content.next())
            && class.may_prompt()
            && asks_for_line(self.document, fence, only.text.trim())
        {
            let session = self.commands(seen);
            return self.session(seen, session, "the line before it asks to type it");
        }
        // "Create the `a.service` unit:" also leads on to a command that does it.
        let named = named_file(self.document, fence).filter(|_| *class != Class::Data);
        if named == Some(Introduced::Script)
            || named.is_some() && read_listing(lines, Trust::Sure).is_err()
        {
            return (Role::File, "a file's name stands before it".to_owned());
        }
        if self.is_edited(seen) {
            return (Role::File, "it is what the editor before it is given".to_owned());
        }
        let output = self.output_spoken_of(seen).or_else(|| self.output_of_last(seen));
        if let Some(why) = output {
            return (Role::Output, why);
        }
        match class {
            Class::Data => self.foreign(seen),
            _ => self.unprompted(seen),
        }
    }

    /// Leaves alone what the page says not to run, on this line.
    fn forbidden(&mut self, line: usize, why: &str) -> (Role, String) {
        self.diagnostics.push(remarks::forbidden(self.document.line(line), why));
        (Role::Other, why.to_owned())
    }

    /// Whether a fence that begins with a common mark may show what the command
    /// before it printed.
    fn is_echo_of_last(&self, seen: &Seen<'_>, kind: &Kind) -> bool {
        let doubtful = kind.is_common() && self.dialect.is_other(kind)
            || matches!(kind, Kind::Own(_)) && self.prompt.as_ref() != Some(kind);
        doubtful && self.may_have_printed(seen).is_some()
    }

    /// Whether a fence is a text for the editor that the command before it opened.
    fn is_edited(&self, seen: &Seen<'_>) -> bool {
        let settings = || {
            seen.lines.iter().filter(|line| !line.is_blank()).all(|line| {
                let line = line.text.trim();
                ["export ", "alias ", "source ", "#"].iter().any(|start| line.starts_with(start))
            })
        };
        let manifest = || {
            seen.content().next().is_some_and(|line| {
                recognise(&line.text).is_some_and(|found| [MANIFEST, YAML].contains(&found.name))
            })
        };
        let editor = self.last.last().filter(|typed| {
            self.steps.last().is_some_and(|step| step.fence + 1 == seen.index)
                && edits_a_file(&typed.script)
        });
        let edits = editor.is_some();
        let script = || {
            editor.is_some_and(|editor| {
                is_a_script_edited(&editor.script)
                    && !seen.lines.iter().any(|line| goes_on_with(&editor.script, &line.text))
            })
        };
        let pasted = is_pasted(self.document, seen.fence);
        pasted && (edits || settings()) || edits && (settings() || manifest() || script())
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
    fn session(&mut self, seen: &Seen<'_>, session: Session, why: &str) -> (Role, String) {
        self.lead(seen, &session);
        // Of a broken command nothing else is doubtful.
        let is_broken = |(_, doubt): &&(usize, Doubt)| matches!(doubt, Doubt::Broken(_));
        let broken: HashSet<usize> =
            session.doubts.iter().filter(is_broken).map(|(line, _)| *line).collect();
        let doubts = session.doubts.iter();
        let doubts = doubts.filter(|one| is_broken(one) || !broken.contains(&one.0));
        for (number, doubt) in doubts {
            self.diagnostics.push(remarks::doubt(self.document.line(*number), doubt));
        }
        let windows = seen.class == Class::Windows;
        let why = match seen.content().next() {
            _ if !session.typed.is_empty() => why,
            Some(_) => "it holds no whole command",
            None => "it holds comments only",
        };
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
            let outputs =
                typed.output.map(|(first, last)| recorded(&seen.lines[first..=last], Some(&typed)));
            let outputs = outputs.into_iter().collect();
            let fence = seen.index;
            self.steps.push(Step { command, outputs, fence, flags, needs, ..Step::default() });
            last.push(typed);
        }
        if self.steps.len() > before {
            self.last = last;
        }
        (role, why.to_owned())
    }
}

/// Finds for each step the program that it is typed in; tells of those that are typed in
/// none that the page opens, and of programs in which nothing is typed.
fn conversations(document: &Document, steps: &mut [Step]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut open: Option<Opened> = None;
    for index in 0..steps.len() {
        let next = steps.get(index + 1).is_some_and(|next| next.flags.nested);
        let step = &mut steps[index];
        let line = step.command.first_line;
        let reads = step.flags.interactive && opens_a_shell(&step.command.text);
        if step.flags.nested {
            step.inside = open;
        } else {
            open = (reads && next).then_some(Opened { step: index, line });
        }
        step.opens = next && reads && open.is_some();
        let span = document.line(line).start..document.line(step.command.last_line).end;
        if step.flags.nested && step.inside.is_none() {
            found.push(remarks::nested(span));
        } else if reads && !step.flags.nested && !step.opens {
            found.push(remarks::opens_a_shell(span));
        }
    }
    found
}

/// Whether a command's bytes are no text that a shell can be given.
fn is_unreadable(document: &Document, command: &Command) -> bool {
    let span = document.line(command.first_line).start..document.line(command.last_line).end;
    let bytes = &document.bytes()[span];
    bytes.contains(&0) || std::str::from_utf8(bytes).is_err()
}
