//! Which logs to read, and what of them.

use super::clock::now;
use super::completion::{dups, tables};
use super::times::{counted_from, excludes_all, moment};
use anyhow::{Result, bail};
use clap::Args;
use clap_complete::ArgValueCandidates;
use dupdoctor::report::{AppPattern, DupChoice, DuplicationFilter};
use dupdoctor::{Moment, Options, Zone};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

/// Logs, whether they are still written or not.
#[derive(Debug, Args)]
#[command(next_help_heading = "Inputs")]
pub(crate) struct LogArgs {
    /// Log files, directories (searched recursively), globs, archives, named pipes, or - for standard input
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Also read this directory or file, as the source cluster's, whatever its lines look like. Repeatable
    #[arg(long, value_name = "DIR")]
    pub(crate) source: Vec<PathBuf>,
    /// Also read this directory or file, as the target cluster's, whatever its lines look like. Repeatable
    #[arg(long, value_name = "DIR")]
    pub(crate) target: Vec<PathBuf>,
    /// Threads to read with [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Print only errors on standard error
    #[arg(short, long, help_heading = "Display")]
    pub(crate) quiet: bool,
    /// Print more: what was left out and why, which files are followed
    #[arg(short, long, conflicts_with = "quiet", help_heading = "Display")]
    pub(crate) verbose: bool,
}

/// Which duplications to show.
#[derive(Debug, Args)]
#[command(next_help_heading = "Selection")]
pub(crate) struct FilterArgs {
    /// Only the duplications of this source table, or of those that fit a glob such as 'ads_*'. Repeatable
    #[arg(long, value_name = "NAME", add = ArgValueCandidates::new(tables))]
    pub(crate) app: Vec<AppPattern>,
    /// Only this duplication: a5d1716542517, 5.1716542517 or 1716542517. Repeatable
    #[arg(long, value_name = "ID", add = ArgValueCandidates::new(dups))]
    pub(crate) dup: Vec<DupChoice>,
}

impl FilterArgs {
    pub(crate) fn only(&self) -> DuplicationFilter {
        DuplicationFilter { apps: self.app.clone(), dups: self.dup.clone() }
    }
}

/// Logs as they are now.
#[derive(Debug, Args)]
pub(crate) struct InputArgs {
    #[command(flatten)]
    pub(crate) logs: LogArgs,
    /// Only what happened from then on: 2h (before the last line), 14:45 or "yesterday 14:45" (the servers' clock, counted from the last line), "2024-05-24 17:21:57", or RFC 3339. On standard input counted from now
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, help_heading = "Selection")]
    pub(crate) since: Option<String>,
    /// Only what happened until then; same forms as --since
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, help_heading = "Selection")]
    pub(crate) until: Option<String>,
    /// Bytes that a thread reads at a time (for tests)
    #[arg(long, value_name = "BYTES", hide = true, default_value_t = 0)]
    chunk_size: usize,
}

impl LogArgs {
    /// What to read; those whose side was told first, so that their servers go by the names that were told.
    pub(crate) fn all_paths(&self, example: &str) -> Result<Vec<PathBuf>> {
        paths_or_stdin(self.source.iter().chain(&self.target).chain(&self.paths).cloned().collect(), example)
    }

    /// Whether any log is named.
    pub(crate) fn names_any(&self) -> bool {
        !(self.paths.is_empty() && self.source.is_empty() && self.target.is_empty())
    }

    pub(crate) fn start_threads(&self) {
        if let Some(threads) = self.threads {
            // Fails only when a pool is there already, which then serves as well.
            let _ = rayon::ThreadPoolBuilder::new().num_threads(usize::from(threads)).build_global();
        }
    }
}

/// The paths that were named; none of them means standard input, when that is a pipe.
pub(crate) fn paths_or_stdin(paths: Vec<PathBuf>, example: &str) -> Result<Vec<PathBuf>> {
    if !paths.is_empty() {
        return Ok(paths);
    }
    if std::io::stdin().is_terminal() {
        bail!("nothing to read: name log files or directories, or pipe a log in (`{example}`)");
    }
    Ok(vec![PathBuf::from("-")])
}

impl InputArgs {
    /// The paths to read, and how; starts the threads.
    pub(crate) fn plan(&self, zone: Zone) -> Result<(Vec<PathBuf>, Options)> {
        let LogArgs { source, target, .. } = &self.logs;
        for path in source.iter().chain(target) {
            if is_stdin(path) {
                bail!("--source and --target name directories or files; standard input cannot belong to one cluster");
            }
            if source.contains(path) && target.contains(path) {
                bail!("{} is named by both --source and --target: a server belongs to one of the clusters, name it once", path.display());
            }
        }
        let paths = self.logs.all_paths("dupdoctor diagnose /home/pegasus/meta/log")?;
        self.logs.start_threads();
        // A pipe can be read only once, so "ago" counts from now there.
        let piped = paths.iter().any(|p| is_stdin(p));
        let read = |option: &str, text: &Option<String>| -> Result<Option<Moment>> {
            let moment = text.as_deref().map(|text| moment(option, text, zone)).transpose()?;
            Ok(moment.map(|moment| if piped { counted_from(moment, now()) } else { moment }))
        };
        let (since, until) = (read("--since", &self.since)?, read("--until", &self.until)?);
        if excludes_all(since, until) {
            let typed = |text: &Option<String>| text.clone().unwrap_or_default();
            bail!("--since {} is after --until {}: nothing can lie between them; swap the two", typed(&self.since), typed(&self.until));
        }
        let options =
            Options { since, until, chunk: self.chunk_size, source: source.clone(), target: target.clone(), ..Options::default() };
        Ok((paths, options))
    }
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}
