//! Which command printed what a fence of its own shows.

use super::{Reader, Seen};
use crate::document::Fence;
use crate::lab::captions::announces_output;
use crate::lab::elisions::{cut_lines, is_elision};
use crate::lab::flags::{edits, needs};
use crate::lab::known::canonical;
use crate::lab::languages::{Class, asks_for, is_plain};
use crate::lab::line::Line;
use crate::lab::listing::{Trust, read_listing, unused_variable};
use crate::lab::pairing::{
    Between, MOST_LINES, asks_for_a_command, begins_a_step, between, speaks_of_another, spoken_of,
};
use crate::lab::parts::{trimmed, uncommented};
use crate::lab::printing::Printing;
use crate::lab::programs::begins_surely;
use crate::lab::prompts::prompt;
use crate::lab::recognisers::{ERROR, MANIFEST, VALUE, printed_by, recognise};
use crate::lab::shares::{begins_as, is_surely_printed, names_objects, prints_nothing, share};
use crate::lab::typed::{Session, Typed};
use crate::lab::words::Script;
use crate::lab::{RecordedOutput, Role, Step};

/// The most fences from that of a command to that of its output.
const MOST_FENCES: usize = 8;

/// How many commands of one fence are asked what they may have printed.
pub(super) const MOST_COMMANDS: usize = 60;

impl Reader<'_> {
    /// What stands before the first command of a fence is the output of the
    /// command before it, where that has none and nothing else stands between.
    pub(super) fn lead(&mut self, seen: &Seen<'_>, session: &Session) {
        let Some((first, last)) = session.leading else {
            return;
        };
        let Some(step) = self
            .steps
            .last_mut()
            .filter(|step| step.fence + 1 == seen.index && step.outputs.is_empty())
        else {
            return;
        };
        let between = between(self.document, &self.document.fences()[step.fence], seen.fence);
        if matches!(between, Between::Blank | Between::Caption) {
            step.outputs.push(recorded(&seen.lines[first..=last], None));
        }
    }

    /// The line of a command of the fence before, if a fence of commands without
    /// prompts may be what it printed.
    pub(super) fn may_have_printed(&self, seen: &Seen<'_>) -> Option<usize> {
        let last = self.steps.last().filter(|step| step.fence + 1 == seen.index)?;
        if !last.outputs.is_empty() {
            return None;
        }
        let before = &self.document.fences()[last.fence];
        if asks_for_a_command(self.document, seen.fence)
            || begins_a_step(self.document, before, seen.fence)
        {
            return None;
        }
        // Where prose stands between, doubt only what surely prints text.
        let most = match between(self.document, before, seen.fence) {
            Between::Blank | Between::Caption => Printing::Report,
            Between::Leads | Between::Text => Printing::Unknown,
            Between::Section => return None,
        };
        // What opens a program prints nothing: the next fence is typed in it.
        let unsure = |typed: &&Typed| {
            typed.prints() > most
                && !typed.opens_a_shell()
                && (self.last.len() > MOST_COMMANDS || may_pass(&typed.script, &seen.lines))
        };
        self.last.iter().rev().find(unsure).map(|typed| typed.command.first_line)
    }

    /// Whether the page says that another command than the last ones printed a fence.
    fn is_of_another(&self, seen: &Seen<'_>) -> bool {
        let typed: Vec<&str> = self.last.iter().map(|last| last.command.text.as_str()).collect();
        typed.len() <= MOST_COMMANDS && speaks_of_another(self.document, seen.fence, &typed)
    }

    /// Takes a fence for the output of the fence before it, where it is that.
    pub(super) fn output_of_last(&mut self, seen: &Seen<'_>) -> Option<String> {
        let Seen { fence, lines, .. } = seen;
        let class = seen.class;
        let step = self.steps.last().filter(|step| self.may_follow(step, seen))?;
        let before = &self.document.fences()[seen.index - 1];
        let between = between(self.document, before, seen.fence);
        // A file's text is an output only where the page says so.
        if class == Class::Other && between != Between::Caption {
            return None;
        }
        // A second part of an output is announced.
        if !step.outputs.is_empty() && (between != Between::Caption || step.outputs.len() > 1) {
            return None;
        }
        let texts = seen.texts();
        let last = self.last.last()?;
        let own =
            seen.content().next().is_some_and(|line| begins_as(last, &line.text) == Some(true));
        if !own && self.is_of_another(seen) {
            return None;
        }
        let begins_anew = || {
            let opens = last.opens_a_shell() && between != Between::Blank;
            let fits =
                seen.content().next().is_some_and(|line| begins_as(last, &line.text) == Some(true));
            opens || !fits && begins_a_step(self.document, before, seen.fence)
        };
        if between != Between::Caption && (cannot_be_of(last, seen) || begins_anew())
            || watches_another(last, seen)
        {
            return None;
        }
        let content = || texts.iter().copied().filter(|line| !line.trim_start().starts_with("# "));
        let begins = content()
            .find(|line| !line.trim().is_empty())
            .is_some_and(|line| begins_surely(line.trim()) && recognise(line).is_none());
        let data = matches!(class, Class::Data | Class::Other);
        let printed = if data || begins {
            None
        } else {
            let programs = needs(&last.script.commands(), &last.command.text);
            let programs: Vec<&str> = programs.iter().map(String::as_str).collect();
            printed_by(&programs, content())
        };
        let shell = matches!(class, Class::Shell | Class::Windows);
        let asked = class == Class::Data && asks_for(&step.command.text, &fence.language);
        if !step.outputs.is_empty() && printed.is_none() {
            return None;
        }
        // `kubectl apply` prints no manifest: that is the file.
        let is_manifest = || {
            content()
                .find(|line| !line.trim().is_empty())
                .and_then(recognise)
                .is_some_and(|found| found.name == MANIFEST)
        };
        if between != Between::Caption && is_manifest() && names_objects(last) {
            return None;
        }
        let why = match between {
            Between::Caption => "it follows a command and a phrase that announces an output",
            Between::Blank => "it follows a command and holds none",
            Between::Leads | Between::Text if asked => "a command before it asked for such data",
            // A file's text reads like what a program prints.
            Between::Leads if printed.is_some() || is_plain(&fence.language) => {
                "prose leads on from a command to it"
            }
            Between::Text if printed.is_some() && (class == Class::Plain || shell) => {
                "it reads like what the command before it prints"
            }
            _ => return None,
        };
        let prints = last.prints();
        let prints_text = matches!(prints, Printing::Text | Printing::Notes);
        let may_be_commands = !matches!(class, Class::Data | Class::Other)
            && (between != Between::Caption || shell)
            && (!prints_text || !matches!(between, Between::Blank | Between::Caption));
        // On a page with prompts, a plain fence without one is what was printed.
        let surely_printed = class == Class::Plain
            && self.dialect.has_prompts()
            && prints > Printing::Report
            && matches!(between, Between::Blank | Between::Caption);
        let variables = &self.variables;
        let is_listing = |session: &Session| unused_variable(&session.typed, variables).is_none();
        if may_be_commands
            && printed.is_none()
            && !surely_printed
            && read_listing(lines, seen.trust()).is_ok_and(|session| is_listing(&session))
        {
            return None;
        }
        // Even where some of its lines look like what is printed; not `NAME=value`.
        if may_be_commands
            && !surely_printed
            && read_listing(lines, Trust::Sure).is_ok_and(|session| is_listing(&session))
        {
            return None;
        }
        // It begins with a command: a session.
        if !prints_text && !surely_printed && begins && class != Class::Other {
            return None;
        }
        // Nobody writes JSON at once after what shows a text, but as that text.
        let shown = prints > Printing::Report && fence.language == "json";
        if class == Class::Data && between == Between::Blank && !asked && !shown {
            return None;
        }
        let line = self.show(seen)?;
        Some(format!("{why} (line {line})"))
    }

    /// Takes a fence for the output of that command of the last ones of which the line
    /// before it speaks.
    pub(super) fn output_spoken_of(&mut self, seen: &Seen<'_>) -> Option<String> {
        if !matches!(seen.class, Class::Plain | Class::Data) || self.last.len() > MOST_COMMANDS {
            return None;
        }
        // Only outputs stand between, and no more than a few lines before it.
        let commands = self.steps.last()?.fence;
        let index = self.readings.len();
        let outputs = self.readings[commands + 1..].iter();
        let before = self.document.fences()[index - 1].last_line();
        if outputs.clone().any(|fence| fence.role != Role::Output)
            || seen.fence.open - before > MOST_LINES
        {
            return None;
        }
        let texts: Vec<&str> = self.last.iter().map(|typed| typed.command.text.as_str()).collect();
        let at = spoken_of(self.document, seen.fence, &texts)?;
        let from = self.steps.len() - self.last.len();
        let step = self.steps.get_mut(from + at).filter(|step| step.outputs.is_empty())?;
        let texts = seen.texts();
        let (first, last) = trimmed(&texts, 0, texts.len())?;
        step.outputs.push(recorded(&seen.lines[first..=last], None));
        let line = step.command.first_line;
        Some(format!("the line before it speaks of the command (line {line})"))
    }

    /// Takes a fence's lines for what the last command printed, or for a part of
    /// each of several that were typed at once. Gives the line of the last
    /// command; none without a command, or a line.
    pub(super) fn show(&mut self, seen: &Seen<'_>) -> Option<usize> {
        let (texts, lines) = (seen.texts(), &seen.lines);
        let (mut first, last) = trimmed(&texts, 0, texts.len())?;
        // `# Output:` is the author's.
        if first < last && texts[first].trim().strip_prefix('#').is_some_and(announces_output) {
            (first, _) = trimmed(&texts, first + 1, texts.len())?;
        }
        let step = self.steps.last()?;
        let (line, of) = (step.command.first_line, step.fence);
        let alone = self.steps.iter().rev().take_while(|step| step.fence == of);
        let silent = alone.skip(1).all(|step| step.outputs.is_empty());
        let from = self.steps.len() - self.last.len();
        if let Some(parts) = share(&texts, (first, last), &self.last).filter(|_| silent) {
            for (step, part) in self.steps[from..].iter_mut().zip(parts) {
                step.outputs.extend(part.map(|(first, last)| recorded(&lines[first..=last], None)));
            }
        } else if let Some(step) = self.own_step(seen, texts[first]) {
            let step = &mut self.steps[step];
            step.outputs.push(recorded(&lines[first..=last], None));
            return Some(step.command.first_line);
        }
        Some(line)
    }

    /// Whether a fence may show what a command printed: it comes next, or after other
    /// outputs and files, where the page says that it is an output, or shows several.
    fn may_follow(&self, step: &Step, seen: &Seen<'_>) -> bool {
        let shown = &self.readings[step.fence + 1..];
        let Some(previous) = shown.last() else {
            return true;
        };
        let fences = &self.document.fences()[step.fence..=seen.index];
        if fences.len() > MOST_FENCES || !step.outputs.is_empty() {
            return false;
        }
        let parts: Vec<Between> =
            fences.windows(2).map(|two| between(self.document, &two[0], &two[1])).collect();
        let between = parts.last().copied().unwrap_or(Between::Blank);
        !parts.contains(&Between::Section)
            && matches!(seen.class, Class::Plain | Class::Console | Class::Shell)
            && shown.iter().all(|fence| matches!(fence.role, Role::Output | Role::File))
            && (between == Between::Caption
                || between == Between::Blank && previous.role == Role::Output)
    }

    /// The step of the last commands that printed what a fence of their outputs shows
    /// which begins with this line: the last, but where several outputs stand one
    /// after the other, or it prints something else and another one this.
    fn own_step(&self, seen: &Seen<'_>, first: &str) -> Option<usize> {
        let end = self.steps.len();
        let steps = end - self.last.len()..end;
        let mut open = steps
            .zip(&self.last)
            .filter(|(step, typed)| self.steps[*step].outputs.is_empty() && !prints_nothing(typed));
        let fits = |typed: &Typed| begins_as(typed, first);
        let after = self.outputs_after(seen);
        if after > 0 {
            let open: Vec<(usize, &Typed)> = open.collect();
            let own = open.get(open.len().saturating_sub(after + 1)).copied();
            return own
                .filter(|(_, typed)| fits(typed) != Some(false))
                .map(|(step, _)| step)
                .or(end.checked_sub(1));
        }
        let other = self.last.last().is_some_and(|last| fits(last) == Some(false));
        let fitting = open.rfind(|(_, typed)| other && fits(typed) == Some(true));
        fitting.map(|(step, _)| step).or(end.checked_sub(1))
    }

    /// How many outputs stand after a fence with nothing between.
    fn outputs_after(&self, seen: &Seen<'_>) -> usize {
        let fences = &self.document.fences()[seen.index..];
        let is_output = |pair: &&[Fence]| {
            let first = pair[1].lines.iter().map(|line| self.document.fence_line_text(line));
            let first = first.map(|text| text.trim().to_owned()).find(|text| !text.is_empty());
            pair[1].language == pair[0].language
                && between(self.document, &pair[0], &pair[1]) == Between::Blank
                && first.is_some_and(|text| prompt(&text).is_none() && !begins_surely(&text))
        };
        fences.windows(2).take(MOST_COMMANDS).take_while(is_output).count()
    }
}

/// Whether a command prints nothing, or only what became of objects, or opens an editor,
/// and a fence begins otherwise: the text of a file after `mv a b`.
fn cannot_be_of(last: &Typed, seen: &Seen<'_>) -> bool {
    let may_print = || !edits(&last.script) && !prints_nothing(last) && !names_objects(last);
    if seen.class == Class::Console || may_print() {
        return false;
    }
    seen.content().next().is_some_and(|first| {
        recognise(&first.text)
            .is_none_or(|found| found.name == MANIFEST || found.is_common && found.name != ERROR)
    })
}

/// Whether a fence shows what `watch` does, and not of this command: its head names
/// another one.
fn watches_another(last: &Typed, seen: &Seen<'_>) -> bool {
    let watched = seen.content().next().and_then(|first| {
        let (every, command) = first.text.trim_start().strip_prefix("Every ")?.split_once("s: ")?;
        every.parse::<f32>().is_ok().then(|| command.split("  ").next().unwrap_or_default().trim())
    });
    // `k` is kubectl, and `watch` cuts what does not fit into a line.
    let words: Vec<&str> = last
        .command
        .text
        .split_whitespace()
        .map(|word| canonical(word.trim_matches(['\'', '"'])))
        .collect();
    watched.is_some_and(|command| {
        !command.split_whitespace().take(2).all(|word| words.contains(&canonical(word)))
    })
}

/// Whether all lines may have come through the filter that a command ends in: each
/// holds what `grep` looks for, where that is a plain text.
fn may_pass(script: &Script, lines: &[Line<'_>]) -> bool {
    let commands = script.commands();
    let Some([program, arguments @ ..]) = commands.last().map(|last| last.words.as_slice()) else {
        return true;
    };
    let flagged =
        arguments.iter().any(|word| word.text.starts_with('-') && word.text.contains('v'));
    let mut texts = arguments.iter().filter(|word| !word.text.starts_with('-'));
    let sought = texts.next().filter(|word| {
        word.text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-|".contains(&byte))
    });
    let Some(sought) = sought.filter(|_| program.text == "grep" && commands.len() > 1 && !flagged)
    else {
        return true;
    };
    let sought = sought.text.to_lowercase();
    lines.iter().filter(|line| !line.is_blank()).all(|line| {
        let line = line.text.to_lowercase();
        sought.split('|').any(|text| line.contains(text))
    })
}

/// Lines of a fence as an output of the page, that of a command of the same fence
/// where it is given. There is at least one.
pub(super) fn recorded(lines: &[Line<'_>], typed: Option<&Typed>) -> RecordedOutput {
    // An output that stands in comments keeps them apart from its text.
    let commented = lines.iter().all(|line| uncommented(&line.text).is_some())
        && lines.iter().enumerate().any(|(at, line)| {
            uncommented(&line.text).is_some_and(|text| {
                at == 0 && typed.is_some_and(|typed| is_surely_printed(typed, text))
                    || recognise(text).is_some_and(|found| !found.is_common || found.name == VALUE)
            })
        });
    let texts: Vec<&str> = lines
        .iter()
        .map(|line| line.text.as_ref())
        .map(|text| if commented { uncommented(text).unwrap_or(text) } else { text })
        .collect();
    let prefix = if commented { "# ".to_owned() } else { String::new() };
    let elisions =
        lines.iter().filter(|line| is_elision(&line.text)).map(|line| line.number).collect();
    let cut = cut_lines(texts.iter().copied()).into_iter().map(|at| lines[at].number).collect();
    RecordedOutput {
        first_line: lines.first().map_or(0, |line| line.number),
        last_line: lines.last().map_or(0, |line| line.number),
        text: texts.join("\n"),
        prefix,
        elisions,
        cut,
    }
}
