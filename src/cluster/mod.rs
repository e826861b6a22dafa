//! cluster

pub mod assets;
pub mod doctor;
