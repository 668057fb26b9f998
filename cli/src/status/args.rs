//! What can be typed after `dupdoctor status`.

use crate::args::{JudgeArgs, ShowArgs};
use clap::{Args, ValueEnum};
use dupdoctor::pegasus::{TimeDelta, parse_duration};
use std::path::PathBuf;

/// Arguments of `status`.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 nothing at or above --fail-on, 1 findings at or above it, 2 no meta server could be asked, or wrong usage."
)]
pub(crate) struct StatusArgs {
    /// Meta servers of the source cluster, as host:port or URL, with commas; asked in turn until one answers. Repeatable
    #[arg(long, value_name = "HOST:PORT", required = true, value_delimiter = ',')]
    pub(crate) meta: Vec<String>,
    /// Replica servers to ask for what is pending [default: those that the meta server names]. Repeatable
    #[arg(long, value_name = "HOST:PORT", value_delimiter = ',')]
    pub(crate) replica: Vec<String>,
    /// Only the duplications of this source table [default: of all tables]. Repeatable
    #[arg(long, value_name = "NAME")]
    pub(crate) app: Vec<String>,
    /// How long one request may take, redirects and a slow answer included
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = length)]
    pub(crate) timeout: TimeDelta,
    /// Ask again so often, until interrupted; what does not move is diagnosed in time
    #[arg(long, value_name = "TIME", value_parser = length)]
    pub(crate) watch: Option<TimeDelta>,
    /// Write the answers down, and count those that stand there already; `diagnose` reads the file like a log
    #[arg(long, value_name = "FILE")]
    pub(crate) record: Option<PathBuf>,
    /// Format: text; json, one object, or one a line with --watch
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: StatusFormat,
    /// Show all partitions, and findings that are over
    #[arg(long)]
    pub(crate) all: bool,
    #[command(flatten)]
    pub(crate) show: ShowArgs,
    #[command(flatten)]
    pub(crate) judge: JudgeArgs,
}

/// Formats of a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum StatusFormat {
    /// For people
    Text,
    /// For programs
    Json,
}

fn length(text: &str) -> Result<TimeDelta, String> {
    /// Faster is no use: replica servers report every 10 seconds.
    const SHORTEST: TimeDelta = TimeDelta::millis(100);
    let nanos = parse_duration(text).ok_or_else(|| "use a length of time such as 500ms, 5s, 30s, 2m".to_owned())?;
    if nanos < SHORTEST { Err("at least 100ms".to_owned()) } else { Ok(nanos) }
}
