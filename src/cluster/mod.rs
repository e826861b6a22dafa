//! Clusters: how labbook gets one, and what it asks of it. This room knows no
//! Markdown.

mod access;
pub mod assets;
pub mod doctor;
pub mod embedded;
mod observer;
mod provider;

pub use access::{Access, AccessError, Network};
pub use observer::{Observer, ObserverError};
pub use provider::{Cluster, ProviderError, Source};
