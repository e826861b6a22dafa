//! What is happening right now, on standard error: one line that is drawn over
//! on a terminal, a line each elsewhere.

use std::io::Write;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// How often the sign of life moves.
const TICK: Duration = Duration::from_millis(120);

/// Tells of progress until it is dropped.
pub(super) enum Progress<'a> {
    /// A terminal.
    Live(ProgressBar),
    /// A file or a pipe.
    Plain(&'a mut dyn Write),
}

impl<'a> Progress<'a> {
    pub(super) fn new(live: bool, err: &'a mut dyn Write) -> Self {
        if !live {
            return Self::Plain(err);
        }
        let style = ProgressStyle::with_template("{spinner} {msg} {elapsed:.dim}")
            .unwrap_or_else(|_| ProgressStyle::default_spinner());
        let bar = ProgressBar::new_spinner().with_style(style);
        bar.enable_steady_tick(TICK);
        Self::Live(bar)
    }

    /// What is happening from now on.
    pub(super) fn say(&mut self, message: &str) {
        match self {
            Self::Live(bar) => {
                bar.reset_elapsed();
                bar.set_message(message.to_owned());
            }
            // Progress that cannot be shown is no reason to stop.
            Self::Plain(err) => {
                let _ = writeln!(err, "{message}");
            }
        }
    }

    /// Writes results while the line of progress stands aside.
    pub(super) fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        match self {
            Self::Live(bar) => bar.suspend(write),
            Self::Plain(_) => write(),
        }
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        if let Self::Live(bar) = self {
            bar.finish_and_clear();
        }
    }
}
