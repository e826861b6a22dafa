//! Programs that read what is typed: each line is typed once the prompt waits, and what
//! stands between its echo and the next prompt is its answer.

use std::time::Duration;

use super::prompt::{answer, echo, ends_in, is_back, waiting_line};
use super::runner::Runner;
use super::{Call, Finished, RunError, Then, Watch};
use crate::lab::ends_a_shell;
use crate::plan::PlannedStep;
use crate::record::{Ended, Output};

impl Runner<'_> {
    /// Types a step in the program that is open, and waits for its prompt.
    pub(super) async fn converse(
        &mut self,
        planned: &PlannedStep,
        command: &str,
    ) -> Result<Finished, RunError> {
        let mut answers = Vec::new();
        let mut lines = command.lines().peekable();
        let first = self.prompt.clone();
        // The prompt in the midst of a text, once its first line was typed.
        let mut second: Option<Option<String>> = None;
        loop {
            let line = lines.next().unwrap_or_default();
            let mut finished = self.type_line(planned, line).await?;
            answers.append(&mut finished.output.0);
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
                return Ok(Finished { output: Output(answers), ..finished });
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
        let call = Call { text, terminal: true, stdin: None, timeout: Duration::MAX, watch };
        let mut finished = self.session.run(call, &mut self.stop).await?;
        if self.session.is_open() && waiting_line(&finished.output.0).is_none() {
            // The prompt was printed before kubectl listened.
            let watch = Watch { then, patience, enough: &mut enough };
            let more = self.session.type_in("", watch, &mut self.stop).await?;
            let output = Output([finished.output.0, more.output.0].concat());
            finished = Finished { output, ..more };
        }
        self.prompt = None;
        Ok(self.answered(finished, ""))
    }

    async fn type_line(&mut self, planned: &PlannedStep, line: &str) -> Result<Finished, RunError> {
        let prompt = self.prompt.clone();
        let mut enough = |output: &Output, _: bool| is_back(&output.0, prompt.as_deref());
        let (then, patience) = (Then::Converse, planned.timeout);
        let watch = Watch { then, patience, enough: &mut enough };
        let finished = self.session.type_in(line, watch, &mut self.stop).await?;
        Ok(self.answered(finished, line))
    }

    /// What came of a line, without its echo and the prompt that is back.
    fn answered(&mut self, finished: Finished, typed: &str) -> Finished {
        let output = &finished.output.0;
        let before = self.prompt.take();
        let echoed = echo(output, typed, before.as_deref());
        let rest = &output[echoed..];
        if !self.session.is_open() {
            return Finished { output: Output(rest.to_vec()), ..finished };
        }
        let waits = waiting_line(rest);
        let same = |prompt: &String| waits.as_deref().is_some_and(|line| ends_in(line, prompt));
        self.prompt = before.filter(same).or(waits);
        let output = Output(answer(rest, self.prompt.as_deref()));
        Finished { output, ..finished }
    }
}
