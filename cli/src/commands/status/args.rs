//! Arguments of `status`.

use crate::options::{CriteriaArgs, OutputArgs, RedactArgs, ShowArgs, SwitchOverArgs, TextOrJson, duration};
use clap::Args;
use dupdoctor::TimeDelta;
use std::path::PathBuf;

/// Ask the meta leader and the replica servers over HTTP: states, lag, and what is wrong with them
#[derive(Debug, Args)]
pub(crate) struct StatusArgs {
    /// Meta servers of the source cluster, as host:port or URL, comma-separated; asked in turn until one answers. Repeatable
    #[arg(long, value_name = "HOST:PORT", required = true, value_delimiter = ',')]
    pub(crate) meta: Vec<String>,
    /// Replica servers to ask for what is pending [default: those that the meta server lists]. Repeatable
    #[arg(long, value_name = "HOST:PORT", value_delimiter = ',')]
    pub(crate) replica: Vec<String>,
    /// Only the duplications of this source table [default: all tables]. Repeatable
    #[arg(long, value_name = "NAME")]
    pub(crate) app: Vec<String>,
    /// How long one request may take, redirects and a slow answer included
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = period)]
    pub(crate) timeout: TimeDelta,
    /// Ask again at this interval until interrupted; what does not move is diagnosed in time
    #[arg(long, value_name = "TIME", value_parser = period)]
    pub(crate) watch: Option<TimeDelta>,
    /// Append the answers to this file, and take those already in it into account; `diagnose` reads the file like a log
    #[arg(long, value_name = "FILE")]
    pub(crate) record: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) switch_over: SwitchOverArgs,
    /// Meta servers of the target cluster, whose data version is compared with the source's. Repeatable
    #[arg(long, value_name = "HOST:PORT", value_delimiter = ',', requires = "switch_over")]
    pub(crate) target: Vec<String>,
    /// Show all partitions, and findings that are over
    #[arg(long)]
    pub(crate) all: bool,
    #[command(flatten)]
    pub(crate) output: OutputArgs<TextOrJson>,
    #[command(flatten)]
    pub(crate) show: ShowArgs,
    #[command(flatten)]
    pub(crate) redact: RedactArgs,
    #[command(flatten)]
    pub(crate) criteria: CriteriaArgs,
}

fn period(text: &str) -> Result<TimeDelta, String> {
    // Faster is no use: replica servers report every 10 seconds.
    duration(text).and_then(|period| if period < TimeDelta::millis(100) { Err("at least 100ms".to_owned()) } else { Ok(period) })
}
