//! The catalogue against the cases: every signature fires somewhere, and fewer logs never give a wrong answer.

use crate::fixture::{cases, findings_of, is_about, load, report, report_of};
use dupdoctor::signature::{Catalogue, Scope, Severity};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;

/// Signatures without a case, and why.
const WITHOUT_CASE: &[(&str, &str)] = &[
    ("DUP907", "only who follows a log can tell: tests/watch"),
    ("DUP908", "only who follows a log can tell: tests/watch"),
    ("DUP909", "only who follows a log can tell: tests/watch"),
];

#[test]
fn every_signature_fires_in_a_case() {
    let mut fired: BTreeSet<String> = BTreeSet::new();
    for folder in cases() {
        let case = load(&folder);
        fired.extend(report(&folder, &case, 0).findings.into_iter().map(|f| f.code));
    }
    let catalogue = Catalogue::built_in();
    let silent: Vec<&str> = catalogue
        .iter()
        .filter(|s| s.scope != Scope::None && !fired.contains(&s.code) && !WITHOUT_CASE.iter().any(|(code, _)| *code == s.code))
        .map(|s| s.code.as_str())
        .collect();
    assert!(silent.is_empty(), "no case fires {}", silent.join(", "));
}

/// Takes the logs of each role away in turn: what is then found about a duplication may be less sure
/// and less deep, but it is nothing that the whole does not explain.
#[test]
fn fewer_logs_give_no_wrong_answer() {
    let catalogue = Catalogue::built_in();
    let mut wrong = String::new();
    for folder in cases().into_iter().filter(|f| f.file_name().unwrap().to_string_lossy().starts_with("multi-")) {
        let case = load(&folder);
        let servers = servers(&folder.join("logs"));
        let clusters: BTreeSet<&PathBuf> = servers.iter().map(|(cluster, _, _)| cluster).collect();
        for cluster in clusters {
            for role in ["meta", "replica"] {
                let left: Vec<PathBuf> = servers
                    .iter()
                    .filter(|(c, name, _)| c != cluster || !name.starts_with(role))
                    .map(|(_, _, path)| path.clone())
                    .collect();
                if left.is_empty() || left.len() == servers.len() {
                    continue;
                }
                let report = report_of(&folder, &left, &case, 0);
                for expected in &case.duplication {
                    let known: BTreeSet<&str> =
                        expected.must.iter().chain(&expected.may).chain(&expected.info).map(String::as_str).collect();
                    // What the true cause explains may stand for it, a fallback too.
                    let explained = |code: &str| {
                        known.iter().filter_map(|c| catalogue.find(c)).any(|s| s.supersedes.iter().any(|c| c == code))
                            || (!expected.must.is_empty() && catalogue.find(code).is_some_and(|s| s.fallback))
                    };
                    for entry in report.duplications.iter().filter(|d| is_about(expected, d)) {
                        for finding in findings_of(&report, entry).filter(|f| f.severity >= Severity::Error && f.active) {
                            if !known.contains(finding.code.as_str()) && !explained(&finding.code) {
                                let name = folder.file_name().unwrap().to_string_lossy();
                                let _ = writeln!(wrong, "  {name} without {}/{role}: {}", cluster.display(), finding.code);
                            }
                        }
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "found although the whole does not explain it:\n{wrong}");
}

/// Cluster, name and folder of each server below `logs`.
fn servers(logs: &std::path::Path) -> Vec<(PathBuf, String, PathBuf)> {
    let mut all = Vec::new();
    for cluster in std::fs::read_dir(logs).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_dir()) {
        for server in std::fs::read_dir(&cluster).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_dir()) {
            all.push((cluster.clone(), server.file_name().unwrap().to_string_lossy().into_owned(), server));
        }
    }
    all.sort();
    all
}
