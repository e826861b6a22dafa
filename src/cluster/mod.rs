//! cluster
mod observer;

pub use observer::{Observer, ObserverError};
