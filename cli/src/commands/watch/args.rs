//! Arguments of `watch`.

use crate::options::{CriteriaArgs, FilterArgs, LogArgs, RedactArgs, ShowArgs, duration, nonzero_duration};
use clap::{Args, ValueEnum};
use dupdoctor::{ClockMode, TimeDelta};
use std::net::SocketAddr;
use std::path::PathBuf;

/// The same diagnosis, live: follow logs while they are written, and report what opens, changes and clears
#[derive(Debug, Args)]
pub(crate) struct WatchArgs {
    /// Where to begin in existing logs: start, end, or that long ago, such as 2h
    #[arg(long, value_name = "WHERE", default_value = "start", value_parser = Beginning::parse)]
    pub(super) from: Beginning,
    /// Format of the changes on standard output
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) format: ChangeFormat,
    /// Show a live table of the duplications instead
    #[arg(long)]
    pub(super) tui: bool,
    /// Also report info findings
    #[arg(long)]
    pub(super) all: bool,
    /// Keep what was reported in this file, and go on from there after a restart
    #[arg(long, value_name = "FILE")]
    pub(super) state: Option<PathBuf>,
    /// Send findings of severity warning and above to this Alertmanager, such as <http://localhost:9093>
    #[arg(long, value_name = "URL", value_parser = url)]
    pub(super) alertmanager: Option<String>,
    /// Run a shell command for each change, with its JSON on standard input
    #[arg(long, value_name = "CMD")]
    pub(super) exec: Option<String>,
    /// How long such a command may take
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = nonzero_duration)]
    pub(super) exec_timeout: TimeDelta,
    /// Serve Prometheus metrics at this address, such as 127.0.0.1:9877
    #[arg(long, value_name = "ADDRESS")]
    pub(super) metrics: Option<SocketAddr>,
    /// How time passes: auto is by the clock once a line is younger than ten minutes, by the lines until then
    #[arg(long, value_name = "HOW", default_value = "auto")]
    pub(super) clock: ClockArg,
    #[command(flatten)]
    pub(super) logs: LogArgs,
    #[command(flatten)]
    pub(super) filter: FilterArgs,
    #[command(flatten)]
    pub(super) show: ShowArgs,
    #[command(flatten)]
    pub(super) criteria: CriteriaArgs,
    #[command(flatten)]
    pub(super) redact: RedactArgs,
}

/// Where to begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Beginning {
    /// With the first line that is there.
    Start,
    /// With the next line.
    End,
    Ago(TimeDelta),
}

impl Beginning {
    fn parse(text: &str) -> Result<Self, &'static str> {
        match text {
            "start" => Ok(Self::Start),
            "end" => Ok(Self::End),
            _ => duration(text).map(Self::Ago).map_err(|_| "use start, end, or a duration such as 2h"),
        }
    }
}

/// Formats of changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ChangeFormat {
    /// For people
    Text,
    /// One object per line
    #[value(alias = "json")]
    Ndjson,
}

/// How time passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ClockArg {
    /// By the clock once a line is younger than ten minutes
    Auto,
    /// By the newest line: for logs that are replayed
    Log,
    /// By the clock
    Wall,
}

impl From<ClockArg> for ClockMode {
    fn from(clock: ClockArg) -> Self {
        match clock {
            ClockArg::Auto => Self::Auto,
            ClockArg::Log => Self::Log,
            ClockArg::Wall => Self::Wall,
        }
    }
}

fn url(text: &str) -> Result<String, &'static str> {
    let has_host = ["http://", "https://"].iter().any(|scheme| text.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty()));
    if has_host { Ok(text.trim_end_matches('/').to_owned()) } else { Err("use a URL such as http://localhost:9093") }
}
