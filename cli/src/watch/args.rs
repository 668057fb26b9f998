//! Arguments of `watch`. Nothing here does anything but validate.

use crate::args::{JudgeArgs, ShowArgs};
use crate::redaction::RedactArgs;
use clap::{Args, ValueEnum};
use dupdoctor::pegasus::{TimeDelta, parse_duration};
use dupdoctor::watch::ClockMode;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Arguments of `watch`.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches")]
#[command(
    after_help = "Ends with 0 on SIGINT, SIGTERM or when nobody reads standard output; when the input pipe ends, with diagnose's codes."
)]
pub(crate) struct WatchArgs {
    /// Log files with those that follow them, directories with everything below them, globs, named pipes, or - for standard input
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Follow this folder (or file) too, as of the source cluster. Repeatable
    #[arg(long, value_name = "DIR")]
    pub(crate) source: Vec<PathBuf>,
    /// Follow this folder (or file) too, as of the target cluster. Repeatable
    #[arg(long, value_name = "DIR")]
    pub(crate) target: Vec<PathBuf>,
    /// Where to begin in logs that are there already: start, end, or so long ago, such as 2h
    #[arg(long, value_name = "WHERE", default_value = "start", value_parser = from)]
    pub(crate) from: From,
    /// Only the duplications of this source table
    #[arg(long, value_name = "NAME")]
    pub(crate) app: Option<String>,
    /// Only the duplication with this id
    #[arg(long, value_name = "ID")]
    pub(crate) dup: Option<i64>,
    #[command(flatten)]
    pub(crate) show: ShowArgs,
    #[command(flatten)]
    pub(crate) judge: JudgeArgs,
    #[command(flatten)]
    pub(crate) redact: RedactArgs,
    /// Format of the changes on standard output
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: ChangeFormat,
    /// Show a live table of the duplications instead
    #[arg(long)]
    pub(crate) tui: bool,
    /// Tell findings for information, too
    #[arg(long)]
    pub(crate) all: bool,
    /// Keep what was told in this file, and go on from there after a restart
    #[arg(long, value_name = "FILE")]
    pub(crate) state: Option<PathBuf>,
    /// Send findings from warning on to this Alertmanager, such as <http://localhost:9093>
    #[arg(long, value_name = "URL", value_parser = url)]
    pub(crate) alertmanager: Option<String>,
    /// Run a shell command for each change, with its JSON on standard input
    #[arg(long, value_name = "CMD")]
    pub(crate) exec: Option<String>,
    /// How long such a command may take
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = length)]
    pub(crate) exec_timeout: TimeDelta,
    /// Serve metrics for Prometheus there, such as 127.0.0.1:9877
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) metrics: Option<SocketAddr>,
    /// How time passes: auto is by the clock once a line is younger than ten minutes, by the lines until then
    #[arg(long, value_name = "HOW", default_value = "auto")]
    pub(crate) clock: ClockArg,
    /// Threads to read existing logs with [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,
    /// Report nothing on standard error but errors
    #[arg(short, long)]
    pub(crate) quiet: bool,
    /// Say which files are followed, and which no more
    #[arg(short, long, conflicts_with = "quiet")]
    pub(crate) verbose: bool,
}

/// Where to begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum From {
    /// With the first line that is there.
    Start,
    /// With the next line.
    End,
    /// So long ago.
    Ago(TimeDelta),
}

/// Formats of changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ChangeFormat {
    /// For people
    Text,
    /// One object a line
    #[value(alias = "json")]
    Ndjson,
}

/// How time passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ClockArg {
    /// By the clock once a line is younger than ten minutes
    Auto,
    /// As the newest line says: for logs that are replayed
    Log,
    /// By the clock
    Wall,
}

impl core::convert::From<ClockArg> for ClockMode {
    fn from(clock: ClockArg) -> Self {
        match clock {
            ClockArg::Auto => Self::Auto,
            ClockArg::Log => Self::Log,
            ClockArg::Wall => Self::Wall,
        }
    }
}

fn from(text: &str) -> Result<From, String> {
    match text {
        "start" => Ok(From::Start),
        "end" => Ok(From::End),
        _ => parse_duration(text).map(From::Ago).ok_or_else(|| "use start, end, or a length of time such as 2h".to_owned()),
    }
}

fn length(text: &str) -> Result<TimeDelta, String> {
    parse_duration(text).filter(|n| *n > TimeDelta::ZERO).ok_or_else(|| "use a length of time such as 30s".to_owned())
}

fn url(text: &str) -> Result<String, String> {
    let fine = ["http://", "https://"].iter().any(|scheme| text.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty()));
    if fine { Ok(text.trim_end_matches('/').to_owned()) } else { Err("use a URL such as http://localhost:9093".to_owned()) }
}
