//! Runs the command that was typed and turns its result into an exit code.

use crate::args::{Cli, Command};
use crate::{annotate, demo, diagnose, events, explain, fix, output, preflight, schema, signatures, status, timeline, watch, whois};
use anyhow::Result;
use clap::{CommandFactory, Parser};
use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Nothing at or above `--fail-on`.
    Quiet,
    /// Findings at or above `--fail-on`.
    Findings,
    /// An input could not be read; what could be was diagnosed.
    Unread,
}

/// Runs the command that `args` name and says how the process ends: 0, 1 or 2.
pub(crate) fn run(args: impl Iterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let result = match cli.command {
        Command::Diagnose(args) => diagnose::run(&args),
        Command::Timeline(args) => timeline::run(&args),
        Command::Watch(args) => watch::run(&args),
        Command::Whois(args) => whois::run(&args),
        Command::Annotate(args) => annotate::run(&args),
        Command::Events(args) => events::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Fix(args) => fix::run(&args),
        Command::Status(args) => status::run(&args),
        Command::Signatures(command) => signatures::run(&command),
        Command::Preflight(args) => preflight::run(&args),
        Command::Demo(args) => demo::run(&args),
        Command::Schema { of } => schema::run(of),
        Command::Completions { shell } => completions(shell),
        Command::Man => man(),
    };
    match result {
        Ok(Ending::Quiet) => ExitCode::SUCCESS,
        Ok(Ending::Findings) => ExitCode::from(1),
        Ok(Ending::Unread) => ExitCode::from(2),
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            output::complain(&format!("{error:#}"));
            ExitCode::from(2)
        }
    }
}

/// The reader of our output went away: a quiet end.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| cause.downcast_ref::<std::io::Error>().is_some_and(|e| e.kind() == std::io::ErrorKind::BrokenPipe))
}

fn completions(shell: clap_complete::Shell) -> Result<Ending> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "dupdoctor", &mut script);
    std::io::stdout().write_all(&script)?;
    Ok(Ending::Quiet)
}

fn man() -> Result<Ending> {
    let mut page = Vec::new();
    let mut command = Cli::command().disable_help_subcommand(true);
    // Gives the subcommands their full names.
    command.build();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    for sub in command.get_subcommands().filter(|c| !c.is_hide_set()) {
        clap_mangen::Man::new(sub.clone()).render(&mut page)?;
    }
    std::io::stdout().write_all(&page)?;
    Ok(Ending::Quiet)
}
