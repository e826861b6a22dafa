//! The wish to end a run before its page does.

use tokio::sync::watch;

/// Asks a run to stop: the running step is interrupted, cleanup runs, the
/// record is closed.
#[derive(Debug)]
pub struct Stopper(watch::Sender<bool>);

/// A run's view of whether it shall stop.
#[derive(Debug, Clone)]
pub struct Stop(watch::Receiver<bool>);

/// A stopper and what hears of it.
pub fn stopper() -> (Stopper, Stop) {
    let (sender, receiver) = watch::channel(false);
    (Stopper(sender), Stop(receiver))
}

impl Stopper {
    /// Asks for the stop. A second time changes nothing.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

impl Stop {
    /// A run that goes on to its end.
    pub fn never() -> Self {
        stopper().1
    }

    /// Whether the run shall stop.
    pub fn is_wanted(&self) -> bool {
        *self.0.borrow()
    }

    /// Returns once the run shall stop; never, where nobody can ask any more.
    pub async fn wanted(&mut self) {
        if self.0.wait_for(|wanted| *wanted).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
