//! Fences without prompts: what they hold is told by what their lines surely are.

use super::classes::holds_commands;
use super::outputs::MOST_COMMANDS;
use super::{Reader, Seen};
use crate::document::Fence;
use crate::lab::blocks::assigned_name;
use crate::lab::flags::needs;
use crate::lab::languages::Class;
use crate::lab::listing::{Trust, read_listing, unused_variable};
use crate::lab::pairing::{
    Between, between, is_a_makefile, is_called_output, is_pasted, named_file,
};
use crate::lab::printing::Printing;
use crate::lab::programs::begins_surely;
use crate::lab::recognisers::{printed_by, recognise};
use crate::lab::session::{begins_a_command, read_unprompted, takes_an_answer};
use crate::lab::shares::{are_alike, begins_as};
use crate::lab::typed::Typed;
use crate::lab::words::Script;
use crate::lab::{Command, Role, remarks};

impl Reader<'_> {
    /// Reads a fence of a language that no terminal shows: a file, or commands that
    /// the page has under a wrong name.
    pub(super) fn foreign(&mut self, seen: &Seen<'_>) -> (Role, String) {
        let Seen { fence, class, lines, .. } = seen;
        if holds_commands(lines)
            && named_file(self.document, fence).is_none()
            && !is_pasted(self.document, fence)
            && self.may_have_printed(seen).is_none()
        {
            let session = self.commands(seen);
            let why = "each of its lines is surely a command, whatever its language";
            return self.session(seen, session, why);
        }
        let asked = if *class == Class::Data { ", and no command asked for it" } else { "" };
        (Role::File, format!("its language is `{}`{asked}", fence.language))
    }

    /// Reads a fence without a prompt.
    pub(super) fn unprompted(&mut self, seen: &Seen<'_>) -> (Role, String) {
        let Seen { fence, class, lines, .. } = seen;
        let (class, shell) = (*class, seen.is_a_shells());
        if is_a_makefile(lines.iter().map(|line| line.text.as_ref())) {
            return (Role::File, "it holds the rules of a Makefile".to_owned());
        }
        let trust = if self.is_shown_next(seen) { Trust::Shell } else { seen.trust() };
        let listing = read_listing(lines, trust);
        let doubtful = match &listing {
            Ok(session) => unused_variable(&session.typed, &self.variables),
            Err(None) => return (Role::File, "it is a script".to_owned()),
            Err(Some(number)) => Some(*number),
        };
        // Whatever printed it, on a page that does not show the command. "Output as
        // JSON:" may speak of the command that gives it.
        let called = is_called_output(self.document, fence);
        let typed = shell || !self.steps.is_empty() && self.may_have_printed(seen).is_none();
        if listing.is_ok() && called && !(typed && holds_commands(lines)) {
            return self.called_output(seen);
        }
        if let (Ok(_), None) = (&listing, doubtful)
            && let Some(line) = self.may_have_printed(seen)
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
            return self.session(seen, session, why);
        }
        // What is called an output begins with a command only where that is shown again.
        if called
            && self.last.len() <= MOST_COMMANDS
            && let Some(first) = seen.content().next()
            && let text = first.text.trim()
            && begins_surely(text)
            && !self.last.iter().any(|last| are_alike(&last.command.text, text))
            && (self.may_have_printed(seen).is_some() || !self.shows_what_it_prints(seen))
        {
            return match self.output_of_last(seen) {
                Some(why) => (Role::Output, why),
                None => self.called_output(seen),
            };
        }
        let drawn = lines.iter().any(|line| line.text.trim_start().starts_with(['→', '↓', '↳']));
        if let Some(first) = seen.content().next()
            && !drawn
            && begins_a_command(first.text.trim(), class == Class::Windows)
            && (assigned_name(first.text.trim()).is_none() || takes_an_answer(&first.text))
            && doubtful != Some(first.number)
            && (self.may_have_printed(seen).is_none() || self.shows_what_it_prints(seen))
        {
            let levels = self.dialect.levels();
            let session = read_unprompted(lines, class, &mut self.dialect, &self.variables);
            if unused_variable(&session.typed, &self.variables).is_none() {
                let why = "it begins with a command, and goes on with what that printed";
                return self.session(seen, session, why);
            }
            self.dialect.go_back_to(levels);
        }
        if !shell {
            let is_output = seen
                .content()
                .next()
                .is_some_and(|first| recognise(&first.text).is_some_and(|found| !found.is_common));
            let why = if is_output {
                "it reads like an output, and no command right before it prints that"
            } else {
                "it holds no prompt, and does not begin with a command"
            };
            return (Role::Other, why.to_owned());
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

    /// Whether a plain fence of one line stands before a fence that the page calls an
    /// output, and that reads like one: its command need not be known.
    fn is_shown_next(&self, seen: &Seen<'_>) -> bool {
        let fences = self.document.fences();
        let mut content = seen.content();
        let alone = content.next().is_some() && content.next().is_none();
        let reads_so = |next: &Fence| {
            let mut lines = next.lines.iter().map(|line| self.document.fence_line_text(line));
            let first = lines.find(|line| !line.trim().is_empty());
            first.is_some_and(|line| recognise(&line).is_some_and(|found| !found.is_common))
        };
        seen.class == Class::Plain
            && alone
            && fences.get(seen.index + 1).is_some_and(|next| {
                is_called_output(self.document, next)
                    && between(self.document, seen.fence, next) == Between::Caption
                    && reads_so(next)
            })
    }

    /// Leaves alone what the page calls an output, and does not show the command of.
    fn called_output(&mut self, seen: &Seen<'_>) -> (Role, String) {
        let why = "the line before it calls it an output";
        let span = self.document.line(seen.fence.open);
        self.diagnostics.push(remarks::unread_fence(span, &seen.fence.language, why));
        (Role::Other, why.to_owned())
    }

    /// Whether a fence that begins with a command goes on with what only that prints:
    /// no log and no answer of a service holds both. A file may.
    fn shows_what_it_prints(&self, seen: &Seen<'_>) -> bool {
        let mut content = seen.content();
        let Some(first) = content.next() else {
            return false;
        };
        let script = Script::new(first.text.trim());
        let needs = needs(&script.commands(), &first.text);
        let programs: Vec<&str> = needs.iter().map(String::as_str).collect();
        let next = content.next().map(|line| line.text.as_ref());
        let command = Command { first_line: 0, last_line: 0, text: first.text.trim().to_owned() };
        let typed = Typed::new(command, script);
        self.last.iter().all(|typed| typed.prints() < Printing::Text)
            && next.is_some_and(|next| {
                if begins_as(&typed, next) == Some(true) {
                    return true;
                }
                recognise(next).is_some_and(|found| !found.is_common)
                    && printed_by(&programs, std::iter::once(next)).is_some()
            })
    }
}
