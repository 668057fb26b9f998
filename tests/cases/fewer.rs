//! Takes the logs of each role away in turn: what is then found about a duplication may be less sure
//! and less deep, but it is nothing that the whole does not explain.

use crate::support::case::{Case, findings_of, report};
use dupdoctor::{Catalogue, Severity};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

pub(crate) fn differences(case: &Case) -> String {
    let catalogue = Catalogue::built_in();
    let servers = servers(&case.logs());
    let clusters: BTreeSet<&PathBuf> = servers.iter().map(|(cluster, _, _)| cluster).collect();
    let mut wrong = String::new();
    for (cluster, role) in clusters.into_iter().flat_map(|cluster| ["meta", "replica"].map(|role| (cluster, role))) {
        let left = servers.iter().filter(|(c, name, _)| c != cluster || !name.starts_with(role));
        let left: Vec<PathBuf> = left.map(|(_, _, path)| path.clone()).collect();
        if left.is_empty() || left.len() == servers.len() {
            continue;
        }
        let report = report(&left, &case.settings());
        for expected in &case.duplication {
            let known: BTreeSet<&str> = expected.must.iter().chain(&expected.may).chain(&expected.info).map(String::as_str).collect();
            // What the true cause explains may stand for it, a fallback too.
            let explained = |code: &str| {
                known.iter().filter_map(|c| catalogue.find(c)).any(|s| s.supersedes.iter().any(|c| c == code))
                    || (!expected.must.is_empty() && catalogue.find(code).is_some_and(|s| s.fallback))
            };
            for entry in report.duplications.iter().filter(|d| expected.is(d)) {
                for finding in findings_of(&report, entry).filter(|f| f.severity >= Severity::Error && f.active) {
                    if !known.contains(finding.code.as_str()) && !explained(&finding.code) {
                        let _ = writeln!(wrong, "without {}/{role}: {}", cluster.display(), finding.code);
                    }
                }
            }
        }
    }
    wrong
}

/// Cluster, name and folder of each server below `logs`.
fn servers(logs: &Path) -> Vec<(PathBuf, String, PathBuf)> {
    let mut all = Vec::new();
    for cluster in std::fs::read_dir(logs).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_dir()) {
        for server in std::fs::read_dir(&cluster).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_dir()) {
            all.push((cluster.clone(), server.file_name().unwrap().to_string_lossy().into_owned(), server));
        }
    }
    all.sort();
    all
}
