//! Tests at the binary's edge.

mod session;
