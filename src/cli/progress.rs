//! What is happening right now, on standard error: one line that is drawn over
//! on a terminal, a line each elsewhere.

use std::io::Write;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::cluster::{assets, embedded};

/// How often the sign of life moves.
const TICK: Duration = Duration::from_millis(120);
/// How often a file or a pipe is told how far a long stage is.
const REMINDER: Duration = Duration::from_secs(15);

/// Tells of progress until it is dropped.
pub(super) enum Progress<'a> {
    /// A terminal.
    Live(ProgressBar, String),
    /// A file or a pipe.
    Plain(Plain<'a>),
}

/// Progress that stays: each stage has a line, and a long one more.
pub(super) struct Plain<'a> {
    err: &'a mut dyn Write,
    stage: String,
    begun: Instant,
    told: Instant,
}

impl<'a> Progress<'a> {
    pub(super) fn new(live: bool, err: &'a mut dyn Write) -> Self {
        if !live {
            let now = Instant::now();
            return Self::Plain(Plain { err, stage: String::new(), begun: now, told: now });
        }
        let style = ProgressStyle::with_template("{spinner} {elapsed:>3.dim} {wide_msg}")
            .unwrap_or_else(|_| ProgressStyle::default_spinner());
        let bar = ProgressBar::new_spinner().with_style(style);
        bar.enable_steady_tick(TICK);
        Self::Live(bar, String::new())
    }

    /// What is happening from now on.
    pub(super) fn say(&mut self, stage: &str) {
        let stage = plain(stage);
        match self {
            Self::Live(bar, current) => {
                bar.reset_elapsed();
                bar.set_message(stage.clone());
                *current = stage;
            }
            // Progress that cannot be shown is no reason to stop.
            Self::Plain(to) => {
                let _ = writeln!(to.err, "{stage}");
                (to.begun, to.told) = (Instant::now(), Instant::now());
                to.stage = stage;
            }
        }
    }

    /// How far what is happening is: always shown on a terminal, and now and
    /// then elsewhere, with the time that it takes already.
    pub(super) fn detail(&mut self, detail: &str) {
        let detail = plain(detail);
        match self {
            Self::Live(bar, stage) => bar.set_message(format!("{stage}: {detail}")),
            Self::Plain(to) if to.told.elapsed() >= REMINDER => {
                let seconds = to.begun.elapsed().as_secs();
                let _ = writeln!(to.err, "{}: {detail} (after {seconds} s)", to.stage);
                to.told = Instant::now();
            }
            Self::Plain(_) => {}
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
    pub(super) fn starting(&mut self, progress: &embedded::Progress) {
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
        match self {
            Self::Live(..) => self.detail(sentence),
            Self::Plain(to) => {
                let _ = writeln!(to.err, "cluster: {sentence}");
            }
        }
    }

    /// Writes results while the line of progress stands aside.
    pub(super) fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        match self {
            Self::Live(bar, _) => bar.suspend(write),
            Self::Plain(_) => write(),
        }
    }
}

/// One line without what a terminal would act on.
fn plain(text: &str) -> String {
    let text = anstream::adapter::strip_str(text).to_string();
    text.chars().map(|symbol| if symbol.is_control() { ' ' } else { symbol }).collect()
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        if let Self::Live(bar, _) = self {
            bar.finish_and_clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Progress;
    use crate::cluster::{assets, embedded};

    #[test]
    fn a_file_is_told_of_stages_and_not_of_every_line_of_a_build() {
        let mut told = Vec::new();
        let mut progress = Progress::new(false, &mut told);
        progress.building(assets::Progress::Stage("building the cluster's programs"));
        for done in 0..5000 {
            progress.building(assets::Progress::Share { done, total: 5000 });
            progress.building(assets::Progress::Line("k8s.io/api"));
        }
        let phase = |name: &str| embedded::Progress::Phase { name: name.to_owned(), ms: 1 };
        progress.starting(&phase("API server"));
        progress.say("step 1 of 2: echo \u{1b}[31mred\u{1b}[0m");
        drop(progress);
        assert_eq!(
            String::from_utf8(told).expect("text"),
            "building the cluster's programs\ncluster: the API server is ready\n\
             step 1 of 2: echo red\n"
        );
    }
}
