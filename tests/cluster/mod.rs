//! The tests that need a real cluster, through the built binary.
//!
//! Each takes its turn ([`turns`]), so that no more clusters run than the
//! machine bears, and cleans up after itself also where it fails.

mod bystander;
mod containment;
mod conversations;
mod disk;
mod faults;
mod jobs;
mod killed;
mod outcome;
mod outside;
mod pull;
mod registry;
mod replaced;
mod running;
mod seed;
mod shell;
mod traces;
mod turns;
mod workbook;
