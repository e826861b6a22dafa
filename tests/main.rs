//! Tests at the binary's edge.

mod api;
mod observer;
mod run;
mod session;
