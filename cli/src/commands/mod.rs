//! The commands, each in a file of its own. Only this file lists them.

mod annotate;
mod completions;
mod demo;
mod diagnose;
mod events;
mod explain;
mod fix;
mod man;
mod mcp;
mod preflight;
mod schema;
mod signatures;
mod status;
mod timeline;
mod watch;
mod whois;

use crate::console::warn;
use crate::exit_status::ExitStatus;
use crate::help::{dressed, translated};
use crate::options::lang_of_args;
use anyhow::{Error, Result};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use dupdoctor::Lang;
use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::Path;
use std::process::ExitCode;

/// Diagnoses stuck duplications of Apache Pegasus from the logs of its servers.
#[derive(Debug, Parser)]
#[command(name = "dupdoctor", version = env!("DUPDOCTOR_VERSION"), max_term_width = 100, arg_required_else_help = true)]
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
    Completions(completions::CompletionsArgs),
    Man(man::ManArgs),
    Mcp(mcp::McpArgs),
}

/// All commands with their help in English.
pub(crate) fn command() -> clap::Command {
    Cli::command()
}

/// Answers a shell that asks what may stand next, and ends then.
pub(crate) fn complete() {
    clap_complete::CompleteEnv::with_factory(command).var(completions::ASKED_BY).complete();
}

/// Runs the command that `args` name and says how the process ends: 0, 1, 2 or 3.
pub(crate) fn run(args: impl Iterator<Item = OsString>) -> ExitCode {
    let args = with_command(args.collect());
    let lang = lang_of_args(&args);
    let matches = dressed(command(), lang).try_get_matches_from(args).and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match matches {
        Ok(cli) => cli,
        Err(error) => {
            let told = error.render().ansi().to_string();
            let told = if lang == Lang::Zh { translated(&told) } else { told };
            if error.use_stderr() {
                anstream::eprint!("{told}");
                return ExitStatus::Incomplete.into();
            }
            anstream::print!("{told}");
            return ExitCode::SUCCESS;
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

/// Logs without a command are diagnosed.
fn with_command(mut args: Vec<OsString>) -> Vec<OsString> {
    let names_log = |word: &OsString| {
        let is_command = || command().get_subcommands().any(|c| c.get_name() == word);
        word == "-" || (Path::new(word).exists() && !is_command())
    };
    if args.get(1).is_some_and(names_log) {
        args.insert(1, "diagnose".into());
    }
    args
}

/// The reader of our output went away: a quiet end.
fn is_closed_pipe(error: &Error) -> bool {
    error.chain().any(|cause| cause.downcast_ref::<std::io::Error>().is_some_and(|e| e.kind() == ErrorKind::BrokenPipe))
}
