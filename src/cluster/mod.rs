//! cluster

pub mod assets;
