//! What Ctrl-C and its like do to a command that takes its time.

use std::thread;

use tokio::runtime::Runtime;
use tokio::sync::mpsc;

use super::error::Error;
use super::exit::ExitCode;
use crate::cluster::assets::Progress;
use crate::run::{self, Stop, Stopper};

/// Runs things until a signal asks for the end.
pub(super) struct Signals {
    /// Where signals are heard, whatever else is done.
    _runtime: Runtime,
    stop: Stop,
}

impl Signals {
    /// From now on SIGINT, SIGTERM and SIGHUP no longer end the process.
    pub(super) fn heed() -> Result<Self, Error> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .map_err(Error::internal)?;
        let (stopper, stop) = run::stopper();
        let signals = {
            let _entered = runtime.enter();
            Received::listen().map_err(Error::internal)?
        };
        runtime.spawn(signals.tell(stopper));
        Ok(Self { _runtime: runtime, stop })
    }

    /// Hears of the signals: the first asks for the end, the second for one at
    /// once; the third is nobody's to hear.
    pub(super) fn stop(&self) -> Stop {
        self.stop.clone()
    }

    /// Waits for what ends by itself when it is to stop. It has a runtime of its own, in
    /// this thread: what is heard of a lab's shell goes through no other.
    pub(super) fn block_on<T>(future: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(Error::internal)?;
        runtime.block_on(future)
    }

    /// Waits for something that is given up at the first signal.
    pub(super) fn unless_stopped<T>(
        &self,
        future: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        Self::block_on(async {
            let mut stop = self.stop();
            tokio::select! {
                biased;
                () = stop.wanted() => Err(Error::Interrupted),
                result = future => result,
            }
        })
    }

    /// Does `work` in a thread of its own, and tells of its progress. At the
    /// first signal the thread is left alone: it, and the programs that it
    /// started, end with the process, which has nothing else to do then.
    pub(super) fn aside<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Fn(Progress<'_>)) -> Result<T, Error> + Send + 'static,
        say: &mut dyn FnMut(Progress<'_>),
    ) -> Result<T, Error> {
        let (sender, mut told) = mpsc::unbounded_channel();
        // The runtime would wait for a thread of its own.
        thread::Builder::new()
            .name("prepare".to_owned())
            .spawn(move || {
                // Nobody listens any more where the process is about to end.
                let progress = |message: Progress<'_>| {
                    let _ = sender.send(Told::Progress(message.into()));
                };
                let result = work(&progress);
                let _ = sender.send(Told::Result(result));
            })
            .map_err(Error::internal)?;
        self.unless_stopped(async {
            loop {
                match told.recv().await {
                    Some(Told::Progress(message)) => message.tell(say),
                    Some(Told::Result(result)) => return result,
                    None => return Err(Error::internal("the preparation broke off")),
                }
            }
        })
    }
}

/// What a thread tells.
enum Told<T> {
    Progress(Owned),
    Result(Result<T, Error>),
}

/// Progress that can be handed from thread to thread.
enum Owned {
    Waiting(String),
    Stage(String),
    Line(String),
    Share { done: usize, total: usize },
}

impl From<Progress<'_>> for Owned {
    fn from(progress: Progress<'_>) -> Self {
        match progress {
            Progress::Waiting(what) => Self::Waiting(what.to_owned()),
            Progress::Stage(what) => Self::Stage(what.to_owned()),
            Progress::Line(line) => Self::Line(line.to_owned()),
            Progress::Share { done, total } => Self::Share { done, total },
        }
    }
}

impl Owned {
    fn tell(&self, say: &mut dyn FnMut(Progress<'_>)) {
        say(match self {
            Self::Waiting(what) => Progress::Waiting(what),
            Self::Stage(what) => Progress::Stage(what),
            Self::Line(line) => Progress::Line(line),
            Self::Share { done, total } => Progress::Share { done: *done, total: *total },
        });
    }
}

/// The signals that ask labbook to end.
struct Received([tokio::signal::unix::Signal; 3]);

impl Received {
    fn listen() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self([
            signal(SignalKind::interrupt())?,
            signal(SignalKind::terminate())?,
            signal(SignalKind::hangup())?,
        ]))
    }

    /// Passes the first two on, and ends the process with the third: all that it
    /// started ends with it, and what is left on the disk is removed by the next start.
    async fn tell(mut self, stopper: Stopper) {
        self.next().await;
        stopper.stop();
        self.next().await;
        stopper.stop_at_once();
        self.next().await;
        std::process::exit(ExitCode::Interrupted.code().into());
    }

    async fn next(&mut self) {
        let [interrupt, terminate, hangup] = &mut self.0;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_aside_tells_of_its_progress_and_result() {
        let signals = Signals::heed().expect("a runtime");
        let mut told = Vec::new();
        let work = |progress: &dyn Fn(Progress<'_>)| {
            progress(Progress::Stage("building"));
            progress(Progress::Share { done: 1, total: 2 });
            Ok(3)
        };
        let result = signals.aside(work, &mut |message| told.push(format!("{message:?}")));
        assert_eq!(result.expect("it ends"), 3);
        assert_eq!(told, ["Stage(\"building\")", "Share { done: 1, total: 2 }"]);
        let broken = signals.aside(|_| -> Result<(), _> { panic!("a fault") }, &mut |_| ());
        assert!(matches!(broken, Err(Error::Internal(_))));
    }

    #[test]
    fn what_is_done_aside_is_not_waited_for_where_the_end_is_asked_for() {
        let (stopper, stop) = run::stopper();
        let signals = Signals { stop, ..Signals::heed().expect("a runtime") };
        let (_never, wait) = std::sync::mpsc::channel::<()>();
        let work = move |progress: &dyn Fn(Progress<'_>)| {
            progress(Progress::Stage("building"));
            let _ = wait.recv();
            Ok(())
        };
        let result = signals.aside(work, &mut |_| stopper.stop());
        assert!(matches!(result, Err(Error::Interrupted)));
    }
}
