//! The `dupdoctor` command: parses arguments, runs a command, turns its result into an exit code.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run(std::env::args_os())
}
