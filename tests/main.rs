//! Tests at the binary's edge.

mod run;
mod session;
