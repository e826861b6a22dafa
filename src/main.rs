//! The `labbook` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    if std::env::args_os()
        .nth(1)
        .is_some_and(|word| word == "__agent")
    {
        return labbook::run::agent::main();
    }
    ExitCode::SUCCESS
}
