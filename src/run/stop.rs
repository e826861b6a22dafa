//! The wish to end a run before its page does.

use tokio::sync::watch;

/// How urgent the wish is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Wish {
    /// The run goes on to its end.
    None,
    /// It ends, and cleans up.
    Stop,
    /// It ends, and its cleanup does too.
    AtOnce,
}

/// Asks a run to stop: the running step is interrupted, cleanup runs, the
/// record is closed.
#[derive(Debug)]
pub struct Stopper(watch::Sender<Wish>);

/// A run's view of whether it shall stop.
#[derive(Debug, Clone)]
pub struct Stop {
    wish: watch::Receiver<Wish>,
    /// What is less urgent is not heard.
    from: Wish,
}

/// A stopper and what hears of it.
pub fn stopper() -> (Stopper, Stop) {
    let (sender, wish) = watch::channel(Wish::None);
    (Stopper(sender), Stop { wish, from: Wish::Stop })
}

impl Stopper {
    /// Asks for the stop. A second time changes nothing.
    pub fn stop(&self) {
        self.raise(Wish::Stop);
    }

    /// Asks for the stop and for the end of what is done after it: a cleanup
    /// script is interrupted like a step. The record is closed all the same.
    pub fn stop_at_once(&self) {
        self.raise(Wish::AtOnce);
    }

    fn raise(&self, to: Wish) {
        self.0.send_if_modified(|wish| {
            let raised = *wish < to;
            *wish = to.max(*wish);
            raised
        });
    }
}

impl Stop {
    /// A run that goes on to its end.
    pub fn never() -> Self {
        stopper().1
    }

    /// What hears only of [`Stopper::stop_at_once`]; for what is done where the
    /// run shall stop.
    #[must_use]
    pub fn at_once(&self) -> Self {
        Self { wish: self.wish.clone(), from: Wish::AtOnce }
    }

    /// Whether the run shall stop.
    pub fn is_wanted(&self) -> bool {
        *self.wish.borrow() >= self.from
    }

    /// Returns once the run shall stop; never, where nobody can ask any more.
    pub async fn wanted(&mut self) {
        let from = self.from;
        if self.wish.wait_for(|wish| *wish >= from).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wish_has_two_grades_and_is_never_taken_back() {
        let (stopper, stop) = stopper();
        let at_once = stop.at_once();
        assert!(!stop.is_wanted() && !at_once.is_wanted());
        stopper.stop();
        assert!(stop.is_wanted() && !at_once.is_wanted());
        stopper.stop_at_once();
        assert!(stop.is_wanted() && at_once.is_wanted());
        stopper.stop();
        assert!(at_once.is_wanted());
    }
}
