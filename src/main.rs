//! The `labbook` command: hands its arguments to the library, and the library's
//! answer to the system.

use std::process::ExitCode;

use labbook::cluster::embedded;
use labbook::{cli, run, sandbox};

fn main() -> ExitCode {
    let arguments: Vec<String> =
        std::env::args_os().map(|word| word.to_string_lossy().into_owned()).collect();
    let words: Vec<&str> = arguments.iter().skip(1).map(String::as_str).collect();
    // labbook starts itself under these names; they are no part of its usage.
    match words[..] {
        ["__agent"] => run::agent::main(),
        ["__sandbox", spec, payload] => sandbox::boot(spec, payload),
        ["__sandbox-init", spec, root, payload] => sandbox::init(spec, root, || match payload {
            "__cluster" => embedded::supervise(),
            "__agent" => run::agent::main(),
            sandbox::TRIAL => ExitCode::SUCCESS,
            _ => ExitCode::FAILURE,
        }),
        ["__keep", request] => embedded::keep(request),
        _ => cli::main(std::env::args_os()).into(),
    }
}
