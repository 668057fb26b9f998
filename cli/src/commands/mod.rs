//! The commands, each in a file of its own. Only this file lists them.

mod annotate;
mod demo;
mod diagnose;
mod events;
mod explain;
mod fix;
mod preflight;
mod schema;
mod signatures;
mod status;
mod timeline;
mod watch;
mod whois;

use crate::console::{print, warn};
use crate::exit_status::ExitStatus;
use anyhow::{Error, Result};
use clap::{Args, CommandFactory, Parser, Subcommand};
use std::ffi::OsString;
use std::io::ErrorKind;
use std::process::ExitCode;

/// Diagnoses stuck duplications of Apache Pegasus from the logs of its servers.
#[derive(Debug, Parser)]
#[command(name = "dupdoctor", version, max_term_width = 100, arg_required_else_help = true)]
#[command(
    after_help = "Exit codes: 0 nothing at or above --fail-on, 1 findings at or above it, 2 wrong usage or an input that could not be read."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// A command is a type with its arguments as fields, its help as documentation, and `run`.
macro_rules! commands {
    ($($name:ident($arguments:ty)),* $(,)?) => {
        #[derive(Debug, Subcommand)]
        enum Command {
            $($name($arguments),)*
        }

        impl Command {
            fn run(&self) -> Result<ExitStatus> {
                match self {
                    $(Self::$name(arguments) => arguments.run(),)*
                }
            }
        }
    };
}

// In the order of `dupdoctor --help`.
commands! {
    Diagnose(diagnose::DiagnoseArgs),
    Watch(watch::WatchArgs),
    Status(status::StatusArgs),
    Timeline(timeline::TimelineArgs),
    Whois(whois::WhoisArgs),
    Annotate(annotate::AnnotateArgs),
    Events(events::EventsArgs),
    Explain(explain::ExplainArgs),
    Fix(fix::FixArgs),
    Signatures(signatures::SignaturesArgs),
    Preflight(preflight::PreflightArgs),
    Demo(demo::DemoArgs),
    Schema(schema::SchemaArgs),
    Completions(CompletionsArgs),
    Man(ManArgs),
}

/// Runs the command that `args` name and says how the process ends: 0, 1 or 2.
pub(crate) fn run(args: impl Iterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() { ExitStatus::Incomplete.into() } else { ExitCode::SUCCESS };
        }
    };
    match cli.command.run() {
        Ok(status) => status.into(),
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            warn(&format!("{error:#}"));
            ExitStatus::Incomplete.into()
        }
    }
}

/// The reader of our output went away: a quiet end.
fn is_closed_pipe(error: &Error) -> bool {
    error.chain().any(|cause| cause.downcast_ref::<std::io::Error>().is_some_and(|e| e.kind() == ErrorKind::BrokenPipe))
}

/// Print a completion script for a shell
#[derive(Debug, Args)]
struct CompletionsArgs {
    /// The shell
    shell: clap_complete::Shell,
}

impl CompletionsArgs {
    fn run(&self) -> Result<ExitStatus> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "dupdoctor", &mut script);
        print(&String::from_utf8(script)?)?;
        Ok(ExitStatus::Success)
    }
}

/// Print the manual page
#[derive(Debug, Args)]
struct ManArgs;

impl ManArgs {
    #[expect(clippy::unused_self, reason = "every command is run in this way")]
    fn run(&self) -> Result<ExitStatus> {
        let mut page = Vec::new();
        let mut command = Cli::command().disable_help_subcommand(true);
        // Gives the subcommands their full names.
        command.build();
        clap_mangen::Man::new(command.clone()).render(&mut page)?;
        for sub in command.get_subcommands().filter(|c| !c.is_hide_set()) {
            clap_mangen::Man::new(sub.clone()).render(&mut page)?;
        }
        print(&String::from_utf8(page)?)?;
        Ok(ExitStatus::Success)
    }
}
