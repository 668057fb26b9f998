//! What can be typed. Nothing here does anything but validate.

use super::formats::{ColorWhen, EventFormat, ExplainFormat, FailOn, LangArg, PlainFormat, ReportFormat, SchemaOf};
use super::pager::PagerArgs;
use super::redaction::RedactArgs;
use clap::{Args, Parser, Subcommand};
use dupdoctor::pegasus::{TimeDelta, parse_duration};
use dupdoctor::render::Zone;
use dupdoctor::report::Runbooks;
use std::path::PathBuf;

/// Diagnoses stuck duplications of Apache Pegasus from the logs of its servers.
#[derive(Debug, Parser)]
#[command(name = "dupdoctor", version, about, max_term_width = 100, arg_required_else_help = true)]
#[command(
    after_help = "Exit codes: 0 nothing at or above --fail-on, 1 findings at or above it, 2 wrong usage or an input that could not be read."
)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Say which duplications are in trouble, since when, why, and what to type
    Diagnose(DiagnoseArgs),
    /// The same, live: follow logs while they are written, and tell what opens, changes and clears
    Watch(super::watch::WatchArgs),
    /// Ask the meta leader and the replica servers over HTTP: states, lag, and what is wrong with them
    Status(super::status::StatusArgs),
    /// Show each duplication's states over time, and what happened in between
    Timeline(TimelineArgs),
    /// Look up what belongs together: table, ids, target, partitions, servers, and the lines that say so
    Whois(super::whois::WhoisArgs),
    /// Pass log lines through and write beside them whom they are about and what they mean
    Annotate(super::annotate::AnnotateArgs),
    /// Print the recognised events as NDJSON, one per line
    Events(EventsArgs),
    /// Explain a finding: what it means, why, look-alikes, fix; without a code, list them all
    Explain(ExplainArgs),
    /// Print the runbook of a finding: what to check, change, verify and undo, with the commands filled in; it runs nothing
    Fix(super::fix::FixArgs),
    /// Work with signatures, the files that say what a failure looks like: list, show, check, test
    #[command(subcommand)]
    Signatures(SignaturesCommand),
    /// Check a planned duplication before it is added, from configurations, shell output and the plan
    Preflight(super::preflight::PreflightArgs),
    /// Diagnose a sample incident that is inside the binary
    Demo(DemoArgs),
    /// Print the JSON Schema of an output
    Schema {
        /// Of what
        of: SchemaOf,
    },
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
}

/// What to read.
#[derive(Debug, Args)]
pub(crate) struct InputArgs {
    /// Log files, directories (searched recursively), globs, archives, or - for standard input
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Read this folder (or file) too, as of the source cluster, whatever its lines look like. Repeatable
    #[arg(long, value_name = "DIR")]
    pub(crate) source: Vec<PathBuf>,
    /// Read this folder (or file) too, as of the target cluster, whatever its lines look like. Repeatable
    #[arg(long, value_name = "DIR")]
    pub(crate) target: Vec<PathBuf>,
    /// Only what happened from then on: RFC 3339, "2024-05-24 17:21:57" (the servers' clock), or 2h (before the last line; on standard input, before now)
    #[arg(long, value_name = "TIME")]
    pub(crate) since: Option<String>,
    /// Only what happened until then; same forms as --since
    #[arg(long, value_name = "TIME")]
    pub(crate) until: Option<String>,
    /// Only the duplications of this source table
    #[arg(long, value_name = "NAME")]
    pub(crate) app: Option<String>,
    /// Only the duplication with this id
    #[arg(long, value_name = "ID")]
    pub(crate) dup: Option<i64>,
    /// Threads to read with [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,
    /// Bytes that a thread reads at a time (for tests)
    #[arg(long, value_name = "BYTES", hide = true, default_value_t = 0)]
    pub(crate) chunk_size: usize,
    /// Report nothing on standard error but errors
    #[arg(short, long)]
    pub(crate) quiet: bool,
    /// Say what was left out, and why
    #[arg(short, long, conflicts_with = "quiet")]
    pub(crate) verbose: bool,
}

/// How to show it.
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// Time zone of the times shown: log (the servers' own), utc, local, or an offset such as +08:00
    #[arg(long, value_name = "ZONE", default_value = "log", value_parser = zone)]
    pub(crate) tz: Zone,
    /// When to use colour
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: ColorWhen,
    /// Language of the report [default: from the locale]
    #[arg(long, value_name = "LANG")]
    pub(crate) lang: Option<LangArg>,
}

/// Arguments of `diagnose`.
#[derive(Debug, Args)]
pub(crate) struct DiagnoseArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    #[command(flatten)]
    pub(crate) show: ShowArgs,
    #[command(flatten)]
    pub(crate) judge: JudgeArgs,
    /// Format on standard output
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: ReportFormat,
    /// Write the report to a file, too; the format is told by the prefix or by the file's extension. Repeatable
    #[arg(long, value_name = "[FORMAT=]FILE")]
    pub(crate) output: Vec<String>,
    /// Show healthy and removed duplications and overcome findings, too
    #[arg(long)]
    pub(crate) all: bool,
    /// Show only one line for each duplication
    #[arg(long)]
    pub(crate) summary: bool,
    /// Write the whole runbook of each finding in place of the suggestions, for a release or for all of them
    #[arg(long, value_name = "RELEASE", num_args = 0..=1, default_missing_value = "all", require_equals = true, value_parser = super::fix::runbook_release)]
    pub(crate) runbook: Option<Runbooks>,
    #[command(flatten)]
    pub(crate) redact: RedactArgs,
    /// Say what is new, still there and gone since an earlier JSON report
    #[arg(long, value_name = "OLD.json")]
    pub(crate) compare: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) pager: PagerArgs,
}

/// What counts.
#[derive(Debug, Args)]
pub(crate) struct JudgeArgs {
    /// Exit with 1 when a finding is at least so grave
    #[arg(long, value_name = "SEVERITY", default_value = "warning")]
    pub(crate) fail_on: FailOn,
    /// Change how long something may take: prepare=30m, or by code DUP304=10m. Repeatable
    #[arg(long, value_name = "NAME=TIME", value_parser = expectation)]
    pub(crate) expect: Vec<(String, TimeDelta)>,
    /// Add the signature files (*.toml) of a folder to the built-in ones
    #[arg(long, value_name = "DIR")]
    pub(crate) signatures: Vec<PathBuf>,
    /// Leave out a finding, everywhere or for one table. Repeatable
    #[arg(long, value_name = "CODE[:TABLE]")]
    pub(crate) ignore: Vec<String>,
    /// Leave out the findings of an earlier JSON report
    #[arg(long, value_name = "REPORT.json")]
    pub(crate) baseline: Option<PathBuf>,
    /// Read accepted findings, thresholds and signature folders from this file [default: the nearest dupdoctor.toml upwards]
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub(crate) config: Option<PathBuf>,
    /// Read no dupdoctor.toml
    #[arg(long)]
    pub(crate) no_config: bool,
}

/// Arguments of `timeline`.
#[derive(Debug, Args)]
pub(crate) struct TimelineArgs {
    #[command(flatten)]
    pub(crate) view: super::timeline::ViewArgs,
    #[command(flatten)]
    pub(crate) input: InputArgs,
    #[command(flatten)]
    pub(crate) show: ShowArgs,
    #[command(flatten)]
    pub(crate) redact: RedactArgs,
    #[command(flatten)]
    pub(crate) pager: PagerArgs,
    /// Format on standard output
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: PlainFormat,
    /// Write to a file, too
    #[arg(long, value_name = "[FORMAT=]FILE")]
    pub(crate) output: Vec<String>,
}

/// Arguments of `events`.
#[derive(Debug, Args)]
pub(crate) struct EventsArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    #[command(flatten)]
    pub(crate) show: ShowArgs,
    #[command(flatten)]
    pub(crate) redact: RedactArgs,
    /// Format: only NDJSON
    #[arg(long, value_name = "FORMAT", default_value = "ndjson")]
    pub(crate) format: EventFormat,
    /// Write to a file instead of standard output
    #[arg(long, value_name = "[FORMAT=]FILE")]
    pub(crate) output: Vec<String>,
}

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// A code such as DUP301, or a name such as follower-table-missing
    #[arg(value_name = "CODE|NAME")]
    pub(crate) code: Option<String>,
    /// Explain a log line instead: which event it is, and which findings it can belong to; - reads it from standard input
    #[arg(long, value_name = "LOG LINE", conflicts_with = "code", allow_hyphen_values = true)]
    pub(crate) line: Option<String>,
    /// Format: text, markdown, json
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: ExplainFormat,
    #[command(flatten)]
    pub(crate) show: ShowArgs,
    #[command(flatten)]
    pub(crate) pager: PagerArgs,
    /// Explain the signatures of a folder, too
    #[arg(long, value_name = "DIR")]
    pub(crate) signatures: Vec<PathBuf>,
}

/// What to do with signatures.
#[derive(Debug, Subcommand)]
pub(crate) enum SignaturesCommand {
    /// List them: code, severity, title, what each is tried on, where it comes from
    List {
        #[command(flatten)]
        show: ShowArgs,
        /// Those of a folder, too
        #[arg(long, value_name = "DIR")]
        signatures: Vec<PathBuf>,
    },
    /// Print the file of a signature as it is; a good beginning for one of your own
    Show {
        /// A code such as DUP301, or a name such as follower-table-missing
        #[arg(value_name = "CODE|NAME")]
        code: String,
        /// Look in a folder, too
        #[arg(long, value_name = "DIR")]
        signatures: Vec<PathBuf>,
    },
    /// Read the signature files of a folder and say what is wrong with them
    Check {
        /// The folder
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        #[command(flatten)]
        show: ShowArgs,
    },
    /// Diagnose the sample logs of a folder, CODE*.log or CODE*/, and say whether each shows its code
    #[command(after_help = "Exit codes: 0 all passed, 1 a sample failed, 2 nothing to test, or a file that is wrong.")]
    Test {
        /// The folder
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        #[command(flatten)]
        show: ShowArgs,
    },
}

/// Arguments of `demo`.
#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    #[command(flatten)]
    pub(crate) show: ShowArgs,
    /// Format on standard output
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: ReportFormat,
}

fn zone(text: &str) -> Result<Zone, String> {
    Zone::parse(text).ok_or_else(|| "use log, utc, local, or an offset such as +08:00".to_owned())
}

fn expectation(text: &str) -> Result<(String, TimeDelta), String> {
    let (name, length) = text.split_once('=').ok_or("use NAME=TIME, for example prepare=30m")?;
    let delta = parse_duration(length).ok_or_else(|| format!("{length:?} is no length of time; use for example 90s, 30m, 2h"))?;
    Ok((name.to_owned(), delta))
}
