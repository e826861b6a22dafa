//! Any bytes are a page, and the laws of the reader hold for it.

#![no_main]

#[path = "../../tests/reader/laws.rs"]
mod laws;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| laws::hold(bytes));
