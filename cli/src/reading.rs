//! What to read and how, from what was typed; and what is said about it when less was read than asked for.

use super::args::{InputArgs, ShowArgs};
use super::moment::{self, now};
use super::output::complain;
use anyhow::{Result, bail};
use dupdoctor::diagnose::Diagnosis;
use dupdoctor::ingest::{Moment, Options};
use dupdoctor::source::{Note, SourceError};
use std::collections::BTreeSet;
use std::io::{ErrorKind, IsTerminal};
use std::path::{Path, PathBuf};

/// What a line of a log looks like, for those who named something else.
const HINT: &str = "a server's log has lines such as \"D2024-05-24 17:21:57.120 (1716542517120000000 1a2b) meta.meta_state0.…\" and is called log.N.txt or meta.log.<time>";

/// The paths to read: standard input when it is a pipe and nothing is named.
pub(super) fn paths(input: &InputArgs) -> Result<Vec<PathBuf>> {
    let told = || input.source.iter().chain(&input.target);
    for path in told() {
        if is_stdin(path) {
            bail!("--source and --target name folders or files; standard input is no part of one cluster");
        }
        if input.source.contains(path) && input.target.contains(path) {
            bail!("{} is named by both --source and --target: a server is of one of the clusters, name it once", path.display());
        }
    }
    // First, so that their servers go by the names that were told.
    let all: Vec<PathBuf> = told().chain(&input.paths).cloned().collect();
    if !all.is_empty() {
        return Ok(all);
    }
    if std::io::stdin().is_terminal() {
        bail!("nothing to read: name log files or directories, or pipe a log in (`dupdoctor diagnose /home/pegasus/meta/log`)");
    }
    Ok(vec![PathBuf::from("-")])
}

/// What and how to read; makes the thread pool.
pub(super) fn options(input: &InputArgs, show: &ShowArgs, paths: &[PathBuf]) -> Result<Options> {
    if let Some(threads) = input.threads {
        // Fails only when a pool is there already, which then serves as well.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(usize::from(threads)).build_global();
    }
    // A pipe can be read only once, so "ago" counts from now there.
    let piped = paths.iter().any(|p| is_stdin(p));
    let moment = |option: &str, text: &Option<String>| -> Result<Option<Moment>> {
        let Some(text) = text else { return Ok(None) };
        let moment = moment::parse(option, text, show.tz)?;
        let ago = if let Moment::Ago(ago) = moment { Some(ago) } else { None };
        Ok(Some(ago.filter(|_| piped).map_or(moment, |ago| Moment::At(now() - ago))))
    };
    let (since, until) = (moment("--since", &input.since)?, moment("--until", &input.until)?);
    if moment::excludes_all(since, until) {
        let typed = |text: &Option<String>| text.clone().unwrap_or_default();
        bail!("--since {} is after --until {}: nothing can lie between them; swap the two", typed(&input.since), typed(&input.until));
    }
    Ok(Options { since, until, chunk: input.chunk_size, source: input.source.clone(), target: input.target.clone(), ..Options::default() })
}

/// Tells what could not be read and what was left out; says whether all that was asked for was read.
pub(super) fn tell_unread(
    input: &InputArgs,
    paths: &[PathBuf],
    problems: &[SourceError],
    notes: &[Note],
    strangers: &[(String, String)],
    logs: usize,
) -> bool {
    for problem in problems {
        complain(&format!("{problem}{}", advice(problem)));
    }
    if input.verbose {
        for note in notes {
            complain(&note.to_string());
        }
    }
    let mut complete = problems.is_empty();
    for (path, line) in strangers {
        // A file that was named must be a log; in a directory other files are expected.
        let named = paths.iter().any(|p| p.to_string_lossy() == *path);
        if named || input.verbose {
            complain(&stranger(path, line, logs));
        }
        complete &= !named;
    }
    if logs == 0 {
        if complete {
            let first = strangers.first().map(|(path, line)| format!(": {path} begins with {line:?}")).unwrap_or_default();
            complain(&format!("nothing here looks like a Pegasus log{first}; {HINT}"));
        }
        return false;
    }
    complete
}

/// What to do about an input that cannot be read, where the message does not say it.
pub(super) fn advice(problem: &SourceError) -> &'static str {
    const AGAIN: &str = "; what stands before the damage is used, copy the file anew for the rest";
    match problem {
        SourceError::NotFound { .. } | SourceError::GlobWithoutMatch { .. } | SourceError::BadGlob { .. } => {
            "; check the spelling, or name the directory that holds the logs"
        }
        SourceError::BrokenLink { .. } => "; name the file itself",
        SourceError::EmptyDirectory { .. } => "; name the directory that the server logs to",
        SourceError::NotAFile { .. } => "; name log files or their directory",
        SourceError::DamagedArchive { .. } => AGAIN,
        SourceError::Unreadable { cause, .. } if matches!(cause.kind(), ErrorKind::UnexpectedEof | ErrorKind::InvalidData) => AGAIN,
        SourceError::Unreadable { .. } => "; copy it to where it can be read",
        // The messages of the others say it.
        SourceError::PermissionDenied { .. } | SourceError::Unsupported { .. } | SourceError::IsArchive { .. } | _ => "",
    }
}

fn stranger(path: &str, line: &str, logs: usize) -> String {
    let name = if path == "-" { "standard input" } else { path };
    let hint = if logs == 0 { format!("; {HINT}") } else { String::new() };
    match (line.is_empty(), path) {
        (true, "-") => format!("{name}: empty, nothing came through the pipe; name log files or directories, or pipe a log in"),
        (true, _) => format!("{name}: empty, nothing to diagnose; name the log that the server wrote to (log.N.txt, meta.log.<time>)"),
        (false, _) => format!("{name}: no Pegasus log, begins with {line:?}; left out{hint}"),
    }
}

/// Says why there is nothing to show when the logs are fine and the selection leaves nothing.
pub(super) fn tell_unfitting(input: &InputArgs, diagnosis: &Diagnosis) {
    if input.quiet || diagnosis.ingested.inputs.is_empty() || !diagnosis.report.duplications.is_empty() {
        return;
    }
    let stories = || diagnosis.world.stories.iter().filter(|s| !s.told.is_empty());
    let spans = || diagnosis.ingested.inputs.iter().filter_map(|i| i.span);
    if stories().next().is_some() {
        let tables: BTreeSet<&str> = stories().filter_map(|s| s.app_name.as_deref()).collect();
        let ids: BTreeSet<String> = stories().filter_map(|s| Some(s.dup_id?.0.to_string())).collect();
        if let Some(app) = &input.app {
            complain(&format!(
                "--app {app}: no duplication of that table in these logs, but of {}",
                list(tables, "tables that they do not name")
            ));
        }
        if let Some(dup) = input.dup {
            complain(&format!(
                "--dup {dup}: no such duplication in these logs, but {}",
                list(ids.iter().map(String::as_str), "others whose ids they do not tell")
            ));
        }
    } else if let (Some(first), Some(last)) = (spans().map(|s| s.0).min(), spans().map(|s| s.1).max())
        && (input.since.is_some() || input.until.is_some())
    {
        complain(&format!(
            "no line about a duplication within --since and --until; the logs run from {} to {}",
            first.rfc3339(),
            last.rfc3339()
        ));
    }
}

/// The first few of many names, or what stands for none.
fn list<'a>(names: impl IntoIterator<Item = &'a str>, none: &str) -> String {
    const SHOWN: usize = 8;
    let names: Vec<&str> = names.into_iter().collect();
    match names.len() {
        0 => none.to_owned(),
        n if n <= SHOWN => names.join(", "),
        n => format!("{} and {} more", names[..SHOWN].join(", "), n - SHOWN),
    }
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}
