//! A run as it is seen while it happens: what goes on now, and for a person a line a
//! step on standard output.

use std::io::{self, Write};
use std::path::Path;

use super::args::Format;
use super::labs::LabPage;
use super::progress::Progress;
use super::streams::Streams;
use crate::cluster::{assets, embedded};
use crate::lab::Step;
use crate::plan::{Conduct, PlannedStep};
use crate::record::Event;
use crate::report::{Terminal, Transcript};

/// Follows the events of one lab.
pub(super) struct Live<'a> {
    page: &'a str,
    steps: &'a [Step],
    planned: &'a [PlannedStep],
    setup: Option<&'a Path>,
    cleanup: Option<&'a Path>,
    format: Format,
    terminal: Terminal,
    out: &'a mut dyn Write,
    progress: Progress,
    transcript: Option<Transcript>,
    failed: Option<io::Error>,
    left: Vec<String>,
}

impl<'a> Live<'a> {
    pub(super) fn new(
        page: &'a LabPage,
        format: Format,
        progress: Progress,
        streams: &'a mut Streams,
    ) -> Self {
        let inside = |path: &'a Path| path.strip_prefix(&page.plan.root).unwrap_or(path);
        Self {
            page: &page.name,
            steps: &page.lab.steps,
            planned: &page.plan.steps,
            setup: page.plan.setup.as_deref().map(inside),
            cleanup: page.plan.cleanup.as_deref().map(inside),
            format,
            terminal: Terminal::new(streams.width),
            out: &mut streams.out,
            progress,
            transcript: None,
            failed: None,
            left: Vec::new(),
        }
    }

    /// What is happening outside the page: a build, the start of a cluster.
    pub(super) fn say(&mut self, message: &str) {
        self.progress.say(message);
    }

    /// What is built or installed for the cluster.
    pub(super) fn building(&mut self, progress: assets::Progress<'_>) {
        self.progress.building(progress);
    }

    /// How far the cluster's start is.
    pub(super) fn starting(&mut self, progress: &embedded::Progress) {
        self.progress.starting(progress);
    }

    /// What the user must know afterwards.
    pub(super) fn leave(&mut self, message: String) {
        self.left.push(message);
    }

    /// What happened on the page.
    pub(super) fn event(&mut self, event: &Event) {
        if let Err(error) = self.show(event) {
            self.failed.get_or_insert(error);
        }
    }

    /// The end: what the user must know; an error where standard output could
    /// not be written.
    pub(super) fn end(self) -> io::Result<Vec<String>> {
        self.failed.map_or(Ok(self.left), Err)
    }

    fn show(&mut self, event: &Event) -> io::Result<()> {
        match event {
            Event::Header(header) => {
                self.transcript = Some(Transcript::begin(header, self.steps));
                if self.format == Format::Human {
                    self.terminal.heading(self.out, self.page, header)?;
                    self.out.flush()?;
                }
                if let Some(setup) = self.setup {
                    self.progress.say(&format!("setup: {}", setup.display()));
                }
                return Ok(());
            }
            Event::StepStarted(started) => {
                let (number, steps) = (started.step + 1, self.steps.len());
                let command = started.text.lines().next().unwrap_or_default();
                self.progress.say(&format!("step {number} of {steps}: {}", cut(command)));
                if let Some(planned) = self.planned.get(started.step) {
                    self.progress.detail(awaited(planned));
                }
            }
            Event::AttemptEnded(attempt) => {
                let times = match attempt.attempt {
                    1 => "once".to_owned(),
                    times => format!("{times} times"),
                };
                self.progress.detail(&format!("tried {times}, waiting for the recorded result"));
            }
            _ => {}
        }
        let Some(transcript) = &mut self.transcript else {
            return Ok(());
        };
        // What was printed is shown from the record, at the end.
        let bare = match event {
            Event::AttemptEnded(attempt) => Some(Event::AttemptEnded(attempt.without_output())),
            _ => None,
        };
        transcript.add(bare.as_ref().unwrap_or(event)).map_err(io::Error::other)?;
        if let (Event::StepEnded(ended), Format::Human) = (event, self.format)
            && let Some(step) = transcript.steps.get(ended.step)
        {
            self.terminal.step(self.out, step)?;
            self.out.flush()?;
        }
        if let (Event::StepEnded(ended), Some(cleanup)) = (event, self.cleanup)
            && ended.step + 1 == self.steps.len()
        {
            self.progress.say(&format!("cleanup: {}", cleanup.display()));
        }
        Ok(())
    }
}

/// As much of a command as leaves place for what it waits for.
fn cut(command: &str) -> String {
    const LONGEST: usize = 48;
    if command.chars().count() <= LONGEST {
        return command.to_owned();
    }
    command.chars().take(LONGEST - 1).chain(['…']).collect()
}

/// What a step's command is waited for.
fn awaited(planned: &PlannedStep) -> &'static str {
    match &planned.conduct {
        Conduct::Whole => "waiting for its end",
        Conduct::Background { .. } => "waiting until it is ready",
        Conduct::Opens | Conduct::Typed { .. } => "waiting for the program's prompt",
        Conduct::Watched { until: None } => "waiting for what the page shows",
        Conduct::Watched { until: Some(_) } => "waiting for what `until` looks for",
    }
}
