//! What is said about inputs when less was read, or selected, than was asked for.

use super::inputs::{FilterArgs, InputArgs};
use super::spelling::near;
use crate::console::warn;
use anyhow::{Result, bail};
use dupdoctor::internal::report::is_binary;
use dupdoctor::internal::source::{SkippedCopy, SourceError};
use dupdoctor::report::{AppPattern, DuplicationFilter};
use dupdoctor::{Diagnosis, Identity};
use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::PathBuf;

/// What a line of a log looks like, for those who named something else.
const HINT: &str = "a server's log has lines such as \"D2024-05-24 17:21:57.120 (1716542517120000000 1a2b) meta.meta_state0.…\" and is called log.N.txt or meta.log.<time>";

/// Warns about what could not be read and what was left out; says whether all that was asked for was read.
pub(crate) fn warn_unread(
    verbose: bool,
    paths: &[PathBuf],
    problems: &[SourceError],
    notes: &[SkippedCopy],
    unrecognized: &[(String, String)],
    logs: usize,
) -> bool {
    for problem in problems {
        warn(&format!("{problem}{}", advice(problem)));
    }
    for note in notes.iter().filter(|_| verbose) {
        warn(&note.to_string());
    }
    let mut complete = problems.is_empty();
    for (path, line) in unrecognized {
        // A file that was named must be a log; in a directory other files are expected.
        let named = paths.iter().any(|p| p.to_string_lossy() == *path);
        if named || verbose {
            warn(&not_a_log(path, line, logs));
        }
        complete &= !named;
    }
    if logs == 0 && complete {
        let first = unrecognized.first().map(|(path, line)| format!(": {path} begins with {line:?}")).unwrap_or_default();
        warn(&format!("nothing here looks like a Pegasus log{first}; {HINT}"));
    }
    complete && logs > 0
}

/// What to do about an input that cannot be read, where the message does not say it.
pub(crate) fn advice(problem: &SourceError) -> &'static str {
    const AGAIN: &str = "; what precedes the damage is used, copy the file again for the rest";
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

fn not_a_log(path: &str, line: &str, logs: usize) -> String {
    match (line.is_empty(), path) {
        (true, "-") => "standard input: empty, nothing came through the pipe; name log files or directories, or pipe a log in".to_owned(),
        (true, _) => format!("{path}: empty, nothing to diagnose; name the log that the server wrote to (log.N.txt, meta.log.<time>)"),
        (false, _) => {
            let name = if path == "-" { "standard input" } else { path };
            let hint = if logs == 0 { format!("; {HINT}") } else { String::new() };
            let what = if is_binary(line) {
                " but binary data, or text in an unknown encoding".to_owned()
            } else {
                format!(", begins with {line:?}")
            };
            format!("{name}: not a Pegasus log{what}; left out{hint}")
        }
    }
}

/// A selection that leaves nothing of good logs is wrong usage; silence would look like an all-clear.
pub(crate) fn refuse_empty_selection(input: &InputArgs, filter: &FilterArgs, diagnosis: &Diagnosis) -> Result<()> {
    if diagnosis.ingested.inputs.is_empty() {
        return Ok(());
    }
    let spans = || diagnosis.ingested.inputs.iter().filter_map(|i| i.span);
    let whole = spans().map(|s| s.0).min().zip(spans().map(|s| s.1).max());
    if let (Some((first, last)), Some(since)) = (whole, diagnosis.ingested.since)
        && last < since
    {
        if input.until.is_some() {
            // One may be relative, or by the servers' clock, so that only the logs tell that they are the wrong way round.
            bail!("nothing lies between --since {} and --until: up to there the logs end at {}", since.rfc3339(), last.rfc3339());
        }
        bail!("no line from --since {} on: the logs run from {} to {}", since.rfc3339(), first.rfc3339(), last.rfc3339());
    }
    let reasons = matches_nothing(filter, diagnosis);
    if !diagnosis.report.duplications.is_empty() {
        for reason in &reasons {
            warn(reason);
        }
        return Ok(());
    }
    if !reasons.is_empty() {
        bail!("{}", reasons.join("; "));
    }
    if let Some((first, last)) = whole
        && (input.since.is_some() || input.until.is_some())
    {
        if last < first {
            bail!("no line up to --until: the logs begin at {}", first.rfc3339());
        }
        let (first, last) = (first.rfc3339(), last.rfc3339());
        bail!("no line about a duplication within --since and --until; what was read of the logs runs from {first} to {last}");
    }
    Ok(())
}

/// What was chosen and is in none of the logs, with what is.
fn matches_nothing(filter: &FilterArgs, diagnosis: &Diagnosis) -> Vec<String> {
    let known: Vec<&Identity> = diagnosis.model.stories.iter().filter(|s| !s.told.is_empty()).map(|s| &s.identity).collect();
    if known.is_empty() {
        return Vec::new();
    }
    let tables: BTreeSet<&str> = known.iter().filter_map(|k| k.app_name.as_deref()).collect();
    let mut reasons = Vec::new();
    let only_app = |app: &AppPattern| DuplicationFilter { apps: vec![app.clone()], ..DuplicationFilter::default() };
    for app in filter.app.iter().filter(|app| !known.iter().any(|k| only_app(app).wants(k))) {
        let others = match near(&app.to_string(), tables.iter().copied()) {
            Some(table) => format!("; did you mean {table}?"),
            None => format!(", but of {}", list(tables.iter().map(|t| (*t).to_owned()).collect(), "tables that they do not name")),
        };
        reasons.push(format!("--app {app}: no duplication of that table in these logs{others}"));
    }
    for dup in filter.dup.iter().filter(|dup| !known.iter().any(|k| dup.fits(k))) {
        let ids = known.iter().filter_map(|k| k.ids().or_else(|| Some(k.dup_id?.0.to_string()))).collect();
        reasons.push(format!("--dup {dup}: no such duplication in these logs, but {}", list(ids, "others whose ids they do not show")));
    }
    reasons
}

/// The first few of many names, or what stands for none.
fn list(names: BTreeSet<String>, none: &str) -> String {
    const SHOWN: usize = 8;
    let more = names.len().saturating_sub(SHOWN);
    let shown = names.into_iter().take(SHOWN).collect::<Vec<_>>().join(", ");
    match (shown.is_empty(), more) {
        (true, _) => none.to_owned(),
        (false, 0) => shown,
        (false, more) => format!("{shown} and {more} more"),
    }
}
