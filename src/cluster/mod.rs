//! Clusters: how labbook gets one, and what it asks of it. This room knows no
//! Markdown.

pub mod assets;
pub mod embedded;
