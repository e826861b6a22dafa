//! Programs that read what is typed: each line is typed once the prompt waits, and what
//! stands between its echo and the next prompt is its answer.

use std::ops::Range;
use std::time::Duration;

use super::prompt::{echo, ends_in, is_back, last_line, waiting_line};
use super::runner::Runner;
use super::{Call, Captured, Finished, RunError, SessionError, Then, Watch};
use crate::lab::ends_a_shell;
use crate::plan::PlannedStep;
use crate::record::{Ended, Output, Stream};

impl Runner<'_> {
    /// Types a step in the program that is open, and waits for its prompt.
    pub(super) async fn converse(
        &mut self,
        planned: &PlannedStep,
        command: &str,
    ) -> Result<Finished, RunError> {
        let mut answers = Captured::default();
        let mut lines = command.lines().peekable();
        let first = self.prompt.clone();
        // The prompt in the midst of a text, once its first line was typed.
        let mut second: Option<Option<String>> = None;
        loop {
            let line = lines.next().unwrap_or_default();
            let mut finished = self.type_line(planned, line).await?;
            add(&mut answers, &mut finished.output, 0..u64::MAX)?;
            let over = finished.interrupted || !self.session.is_open();
            let last = lines.peek().is_none();
            // A block of Python's ends with an empty line.
            let goes_on = |second: &Option<String>| *second == self.prompt && *second != first;
            if !over && last && second.take().as_ref().is_some_and(goes_on) {
                continue;
            }
            if over || last {
                // Its exit code is that of whatever was typed before.
                if ends_a_shell(command) && matches!(finished.ended, Ended::Exited(_)) {
                    finished.ended = Ended::Answered;
                }
                return Ok(Finished { output: answers, ..finished });
            }
            second.get_or_insert_with(|| self.prompt.clone());
        }
    }

    /// Opens a program that the next steps are typed in, and waits for its prompt.
    pub(super) async fn open(
        &mut self,
        planned: &PlannedStep,
        text: &str,
    ) -> Result<Finished, RunError> {
        let mut enough = |output: &Output, _: bool| is_back(&output.0, None);
        let (then, patience) = (Then::Converse, planned.timeout);
        let watch = Some(Watch { then, patience, enough: &mut enough });
        let (terminal, apart, timeout) = (true, false, Duration::MAX);
        let call = Call { text, terminal, apart, stdin: None, timeout, watch };
        let mut finished = self.session.run(call, &mut self.stop).await?;
        if self.session.is_open() && waiting_line(finished.output.ending()).is_none() {
            // The prompt was printed before kubectl listened.
            let watch = Watch { then, patience, enough: &mut enough };
            let mut more = self.session.type_in("", watch, &mut self.stop).await?;
            let mut output = finished.output;
            add(&mut output, &mut more.output, 0..u64::MAX)?;
            finished = Finished { output, ..more };
        }
        self.prompt = None;
        self.answered(finished, "")
    }

    async fn type_line(&mut self, planned: &PlannedStep, line: &str) -> Result<Finished, RunError> {
        let prompt = self.prompt.clone();
        let mut enough = |output: &Output, _: bool| is_back(&output.0, prompt.as_deref());
        let (then, patience) = (Then::Converse, planned.timeout);
        let watch = Watch { then, patience, enough: &mut enough };
        let finished = self.session.type_in(line, watch, &mut self.stop).await?;
        self.answered(finished, line)
    }

    /// What came of a line, without its echo and the prompt that is back.
    fn answered(&mut self, mut finished: Finished, typed: &str) -> Result<Finished, RunError> {
        let printed = &mut finished.output;
        let before = self.prompt.take();
        let echoed = echo(printed.bytes(), typed, before.as_deref()) as u64;
        let mut answer = Captured::default();
        if !self.session.is_open() {
            add(&mut answer, printed, echoed..u64::MAX)?;
            return Ok(Finished { output: answer, ..finished });
        }
        // What of its end is no echo.
        let length = printed.length();
        let rest = usize::try_from(length - echoed).unwrap_or(usize::MAX);
        let end = printed.ending();
        let end = &end[end.len().saturating_sub(rest)..];
        let waits = waiting_line(end);
        let same = |prompt: &String| waits.as_deref().is_some_and(|line| ends_in(line, prompt));
        self.prompt = before.filter(same).or(waits);
        let (last, unended) = last_line(end, self.prompt.as_deref());
        add(&mut answer, printed, echoed..length - last as u64)?;
        let at_ms = u64::try_from(finished.duration.as_millis()).unwrap_or(u64::MAX);
        answer.add(Stream::Both, at_ms, unended.as_bytes()).map_err(SessionError::Output)?;
        Ok(Finished { output: answer, ..finished })
    }
}

/// Adds a part of what was printed.
fn add(to: &mut Captured, from: &mut Captured, part: Range<u64>) -> Result<(), SessionError> {
    to.add_part(from, part).map_err(SessionError::Output)
}
