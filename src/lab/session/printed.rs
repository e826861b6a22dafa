//! Where a fence shows what each of its commands printed.

use super::{Doubt, Reading};
use crate::lab::captions::announces_output;
use crate::lab::flags::edits;
use crate::lab::line::is_comment;
use crate::lab::parts::{commented_output, is_terminals_name, trimmed};
use crate::lab::printing::is_silent;
use crate::lab::programs::begins_surely;
use crate::lab::prompts::{Kind, is_above_prompt};
use crate::lab::recognisers::{OBJECT, recognise};
use crate::lab::shares::{begins_as, share, stray};

/// How many lines of an output are asked whether they are commands.
const MOST_LINES: usize = 200;

impl Reading<'_, '_> {
    /// Lines after a command that prints nothing are commands that no rule knows.
    fn doubt_after_silence(&mut self, start: usize, stop: usize) {
        let unread = (start..stop)
            .find(|at| !self.texts[*at].trim().is_empty() && !is_comment(self.texts[*at]));
        if let Some(at) = unread {
            self.session.doubts.push((self.lines[at].number, Doubt::Unsure));
        }
    }

    /// Lines without a prompt among what a command printed that cannot be its: the
    /// first of them is told.
    fn doubt_strays(&mut self, command: usize, start: usize, stop: usize) {
        if self.first.is_some() {
            return;
        }
        let content: Vec<usize> = (start..stop)
            .filter(|at| !self.texts[*at].trim().is_empty() && !is_comment(self.texts[*at]))
            .take(MOST_LINES)
            .collect();
        let texts = content.iter().map(|at| self.texts[*at]);
        if let Some(place) = stray(&self.session.typed[command], texts) {
            self.session.doubts.push((self.lines[content[place]].number, Doubt::Unsure));
        }
    }

    /// Beside a fuller prompt of root's, `# ` may be one too.
    pub(super) fn doubt_roots_mark(&mut self, at: usize) {
        let line = &self.lines[at];
        let told = || self.session.doubts.iter().any(|(_, doubt)| *doubt == Doubt::RootsMark);
        let doubtful = self.is_roots
            && line.prompt().is_some_and(|found| {
                found.kind == Kind::Hash && begins_surely(line.text[found.length..].trim_end())
            });
        if doubtful && !told() {
            self.session.doubts.push((line.number, Doubt::RootsMark));
        }
    }

    /// Gives each of several commands that were typed at once what it printed.
    pub(super) fn share_outputs(&mut self) {
        let mut group = 0;
        for last in 0..self.session.typed.len() {
            let Some((start, end)) = self.session.typed[last].output else {
                continue;
            };
            // What follows a prompt has its output before the next prompt.
            let prompted = (group..=last).rev().find(|at| self.prompted[*at]);
            let commands = prompted.unwrap_or(group)..=last;
            group = last + 1;
            let typed = &self.session.typed[commands.clone()];
            if let Some(parts) = share(&self.texts, (start, end), typed) {
                for (command, part) in commands.zip(parts) {
                    self.session.typed[command].output = part;
                }
            }
        }
    }

    /// An output without what its author wrote above it: comments, and a rule. None where
    /// what comes then is surely none of this command's.
    fn without_head(&self, command: usize, begin: usize, last: usize) -> Option<(usize, usize)> {
        let typed = &self.session.typed[command];
        let is_head = |at: &usize| {
            let line = self.texts[*at];
            line.trim().is_empty() || is_rule(line) || self.first.is_none() && is_comment(line)
        };
        let Some(first) = (begin..=last).find(|at| !is_head(at)).filter(|first| *first > begin)
        else {
            return Some((begin, last));
        };
        match begins_as(typed, self.texts[first]) {
            Some(true) => Some((first, last)),
            Some(false) if recognise(self.texts[first]).is_none_or(|found| found.is_common) => None,
            _ => Some((begin, last)),
        }
    }

    /// What a command printed: not the comments that introduce the next one, nor
    /// what a theme draws above its prompt.
    pub(super) fn output(&mut self, command: usize) -> Option<(usize, usize)> {
        let (start, end) = self.ends[command];
        let stop = end.unwrap_or(self.texts.len());
        if self.first.is_none() && is_silent(&self.session.typed[command].script) {
            self.doubt_after_silence(start, stop);
            return None;
        }
        // What follows an editor is what is to be written in it, but for what became of
        // the object.
        let edited =
            |at: usize| recognise(self.texts[at]).is_some_and(|found| found.name == OBJECT);
        let is_edited = edits(&self.session.typed[command].script);
        if is_edited && !(start..stop).take(MOST_LINES).any(edited) {
            return None;
        }
        self.doubt_strays(command, start, stop);
        if let Some(commented) =
            commented_output(&self.texts, (start, stop), &self.session.typed[command])
        {
            return Some(commented);
        }
        let (mut begin, mut last) = trimmed(&self.texts, start, stop)?;
        // `# Output:` is the author's.
        if begin < last && announces(self.texts[begin]) {
            (begin, last) = trimmed(&self.texts, begin + 1, stop)?;
        }
        (begin, last) = self.without_head(command, begin, last)?;
        let is_left = |line: &str| {
            end.is_some() && is_above_prompt(line)
                || line.starts_with("^C")
                || self.is_own_name(line)
        };
        while is_left(self.texts[last]) {
            (_, last) = trimmed(&self.texts, begin, last)?;
        }
        let root = self.first.as_ref().is_some_and(|first| first.kind == Kind::Hash);
        // `#1 [internal] …` is what a build prints.
        let numbered = |line: &str| {
            line.trim_start().trim_start_matches('#').starts_with(|c: char| c.is_ascii_digit())
        };
        let comment = |line: &str| !root && is_comment(line) && !numbered(line);
        let introduces = |line: &str| comment(line) || is_terminals_name(line);
        let comments = (begin..=last).rev().take_while(|&at| introduces(self.texts[at])).count();
        let before = last + 1 - comments;
        if comments > 0 && before > begin {
            return trimmed(&self.texts, begin, before);
        }
        if comments > 0 {
            return None;
        }
        Some((begin, last))
    }

    /// Whether a line is a prompt of the fence's own user and host that waits, or
    /// that the terminal broke.
    fn is_own_name(&self, line: &str) -> bool {
        let Some(Kind::Host(name)) = self.first.as_ref().map(|first| &first.kind) else {
            return false;
        };
        line.trim_start().strip_prefix(name.as_str()).is_some_and(|rest| rest.starts_with(':'))
    }
}

/// Whether a line is a rule that an author drew.
fn is_rule(line: &str) -> bool {
    const SHORTEST: usize = 8;
    let line = line.trim();
    line.len() >= SHORTEST && line.bytes().all(|byte| b"-=*_~#".contains(&byte))
}

/// Whether a comment leads on to an output.
fn announces(line: &str) -> bool {
    let line = line.trim();
    line.starts_with("===") && announces_output(line)
        || line.strip_prefix('#').is_some_and(|text| announces_output(text) || text.ends_with(':'))
}
