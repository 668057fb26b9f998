//! What shells complete: codes of the catalogue, and tables and ids of the reports that the command line names.

use clap_complete::CompletionCandidate;
use dupdoctor::Catalogue;
use dupdoctor::report::{DuplicationEntry, Report};
use std::collections::BTreeSet;
use std::path::Path;

/// A shell waits for the answer.
const LARGEST_REPORT: u64 = 64 << 20;

pub(crate) fn codes() -> Vec<CompletionCandidate> {
    let candidate = |code: &str, name: &str| CompletionCandidate::new(code).help(Some(name.to_owned().into()));
    Catalogue::built_in().iter().map(|s| candidate(&s.code, &s.name)).collect()
}

pub(crate) fn tables() -> Vec<CompletionCandidate> {
    of_reports(|duplication| duplication.identity.app_name.clone())
}

pub(crate) fn dups() -> Vec<CompletionCandidate> {
    of_reports(|duplication| duplication.identity.ids())
}

/// Of the JSON reports among the words typed, else of those in the working directory.
fn of_reports(value: impl Fn(&DuplicationEntry) -> Option<String>) -> Vec<CompletionCandidate> {
    let is_report = |path: &Path| {
        path.extension().is_some_and(|extension| extension == "json")
            && path.metadata().is_ok_and(|m| m.is_file() && m.len() <= LARGEST_REPORT)
    };
    let mut files: Vec<_> = std::env::args_os().map(std::path::PathBuf::from).filter(|path| is_report(path)).collect();
    if files.is_empty() {
        files = std::fs::read_dir(".").into_iter().flatten().flatten().map(|entry| entry.path()).filter(|path| is_report(path)).collect();
    }
    let reports = files.iter().filter_map(|file| Report::parse(&std::fs::read_to_string(file).ok()?).ok());
    let values: BTreeSet<String> = reports.flat_map(|report| report.duplications.iter().filter_map(&value).collect::<Vec<_>>()).collect();
    values.into_iter().map(CompletionCandidate::new).collect()
}
