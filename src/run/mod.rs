//! run
pub mod agent;
mod environment;
mod protocol;
mod session;
mod stop;

pub use environment::Environment;
pub use session::{Finished, Session, SessionError};
pub use stop::{Stop, Stopper, stopper};
