//! The labbook binary: hands its arguments to the library and its answer to the
//! system.

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[1..] {
        ["__sandbox", spec, payload] => labbook::sandbox::boot(spec, payload),
        ["__sandbox-init", spec, root, payload] => {
            labbook::sandbox::init(spec, root, || { std::process::Command::new("bash").arg("-c").arg(payload).status().unwrap(); ExitCode::SUCCESS })
        }
        _ => ExitCode::from(2),
    }
}
