//! The command line: what was typed, what it means, and which exit code tells
//! what came of it. Each command is a few calls of the library's stages; nothing
//! is decided here about pages, clusters or results.

mod args;
mod book;
mod check;
mod cluster;
mod error;
mod exit;
mod help;
mod lab;
mod labs;
mod live;
mod pages;
mod parallel;
mod place;
mod progress;
mod publish;
mod render;
mod run;
mod settings;
mod signals;
mod streams;
mod surroundings;
mod turns;

use std::ffi::OsString;
use std::io::Write as _;

use anstyle::{AnsiColor, Style};
use clap::Parser as _;

pub use args::{Format, Keep};
pub use error::Error;
pub use exit::ExitCode;
pub use settings::{ClusterChoice, RunSettings, Update};

use args::{BookCommand, Cli, Command};
use streams::Streams;

const RED: Style = AnsiColor::Red.on_default().bold();

/// Carries out a command line, the program's name first. Results go to standard
/// output; progress and errors to standard error.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // A closed pipe on the way is no error, nor is a request for help.
            let _ = error.print();
            return if error.use_stderr() { ExitCode::Usage } else { ExitCode::Success };
        }
    };
    let mut streams = Streams::new(cli.color, !cli.no_progress);
    let result = carry_out(cli.command, &mut streams);
    let result = result.and_then(|code| {
        streams.out.flush()?;
        Ok(code)
    });
    result.unwrap_or_else(|error| {
        tell(&error, &mut streams);
        error.exit_code()
    })
}

/// Tells of an error. Where standard error cannot be written, the exit code
/// still tells.
fn tell(error: &Error, streams: &mut Streams) {
    let _ = writeln!(streams.err, "{RED}error{RED:#}: {}", error.sentence());
}

fn carry_out(command: Command, streams: &mut Streams) -> Result<ExitCode, Error> {
    match command {
        Command::Run(args) => run::run(&RunSettings::of_run(args)?, streams),
        Command::Verify(args) => run::run(&RunSettings::of_verify(args)?, streams),
        Command::Render(args) => render::render(&args),
        Command::Check(args) => check::check(&args, streams),
        Command::Publish(args) => publish::publish(&args, streams),
        Command::Book(BookCommand::Build { dest }) => book::build(dest, streams),
        Command::Cluster(command) => cluster::carry_out(command, streams),
    }
}
