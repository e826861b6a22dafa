//! Has labbook compiled again when a source of the embedded cluster changes:
//! they are carried inside the binary, and a new file is no change of a known
//! one.

fn main() {
    println!("cargo::rerun-if-changed=cluster");
}
