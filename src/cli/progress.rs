//! What is happening right now: one line on standard error that is drawn over, for a
//! person at a terminal. A file or a pipe is told nothing of it.

use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use crate::cluster::{assets, embedded};

/// How often the sign of life moves.
const TICK: Duration = Duration::from_millis(120);

/// The lines of what is done at once. A clone is the same board.
#[derive(Clone)]
pub(super) struct Board(Option<MultiProgress>);

impl Board {
    pub(super) fn new(live: bool) -> Self {
        Self(live.then(MultiProgress::new))
    }

    /// Whether a person sees it.
    pub(super) fn is_live(&self) -> bool {
        self.0.is_some()
    }

    /// One more line, which begins with the name of what it is about where it has one.
    pub(super) fn line(&self, name: Option<&str>) -> Progress {
        let Some(lines) = &self.0 else { return Progress::Quiet };
        let prefix = name.map(|name| format!("{}: ", plain(name))).unwrap_or_default();
        Progress::begin(lines.add(spinner().with_prefix(prefix)))
    }

    /// Writes results while the lines stand aside.
    pub(super) fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        match &self.0 {
            Some(lines) => lines.suspend(write),
            None => write(),
        }
    }
}

/// Tells of progress until it is dropped.
pub(super) enum Progress {
    /// To a person, with the stage.
    Live(ProgressBar, String),
    /// To nobody.
    Quiet,
}

impl Progress {
    pub(super) fn new(live: bool) -> Self {
        if live { Self::begin(spinner()) } else { Self::Quiet }
    }

    fn begin(bar: ProgressBar) -> Self {
        bar.enable_steady_tick(TICK);
        Self::Live(bar, String::new())
    }

    /// What is happening from now on.
    pub(super) fn say(&mut self, stage: &str) {
        if let Self::Live(bar, current) = self {
            let stage = plain(stage);
            bar.reset_elapsed();
            bar.set_message(stage.clone());
            *current = stage;
        }
    }

    /// How far it is, or what it waits for.
    pub(super) fn detail(&self, detail: &str) {
        if let Self::Live(bar, stage) = self {
            bar.set_message(format!("{stage}: {}", plain(detail)));
        }
    }

    /// What is built or installed.
    pub(super) fn building(&mut self, progress: assets::Progress<'_>) {
        match progress {
            assets::Progress::Waiting(what) => {
                self.say(&format!("waiting for another labbook that is {what}"));
            }
            assets::Progress::Stage(what) => self.say(what),
            assets::Progress::Line(line) => self.detail(line),
            assets::Progress::Share { done, total } => self.detail(&format!("{done} of {total}")),
        }
    }

    /// How far a cluster's start is.
    pub(super) fn starting(&self, progress: &embedded::Progress) {
        let embedded::Progress::Phase { name, .. } = progress else { return };
        let sentence = match name.as_str() {
            "certificates" => "the certificates are written",
            "network" => "the network is there",
            "API server" => "the API server is ready",
            "base objects" => "its first objects are made",
            "roles" => "its roles are there",
            "node" => "the node is ready",
            "service account" => "the service account is there",
            "DNS" => "DNS answers",
            other => other,
        };
        self.detail(sentence);
    }

    /// Writes results while the line of progress stands aside.
    pub(super) fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        match self {
            Self::Live(bar, _) => bar.suspend(write),
            Self::Quiet => write(),
        }
    }
}

fn spinner() -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner} {elapsed:>3.dim} {prefix}{wide_msg}")
        .unwrap_or_else(|_| ProgressStyle::default_spinner());
    ProgressBar::new_spinner().with_style(style)
}

/// One line without what a terminal would act on.
fn plain(text: &str) -> String {
    let text = anstream::adapter::strip_str(text).to_string();
    text.chars().map(|symbol| if symbol.is_control() { ' ' } else { symbol }).collect()
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Self::Live(bar, _) = self {
            bar.finish_and_clear();
        }
    }
}
