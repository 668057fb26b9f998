//! Takes evidence away: the logs of each role, all but one server, the beginning of all logs, what is before a window. What is then
//! said about a duplication may be less sure and less deep, but it is nothing that the whole does not explain, and no all-clear.

use crate::support::case::{Case, Expected, findings_of, report};
use dupdoctor::report::{DuplicationEntry, Report, Verdict};
use dupdoctor::{Catalogue, LogTime, Moment, Severity, Side};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Beginnings are cut, and windows begin, at so many quarters of the logs.
const QUARTERS: [i64; 3] = [1, 2, 3];

pub(crate) fn differences(case: &Case) -> String {
    let (whole, settings) = (case.report(), case.settings());
    let mut wrong = String::new();
    let servers = servers(&case.logs());
    let clusters: BTreeSet<&PathBuf> = servers.iter().map(|(cluster, _, _)| cluster).collect();
    let without = clusters.into_iter().flat_map(|cluster| ["meta", "replica"].map(|role| (cluster, role))).map(|(cluster, role)| {
        let left = servers.iter().filter(|(c, name, _)| c != cluster || !name.starts_with(role));
        (format!("without {}/{role}", cluster.display()), left.map(|(_, _, path)| path.clone()).collect::<Vec<_>>())
    });
    let only = servers.iter().map(|(_, _, path)| (format!("only {}", path.display()), vec![path.clone()]));
    for (how, left) in without.chain(only).filter(|(_, left)| !left.is_empty() && left.len() < servers.len()) {
        let reduced = report(&left, &settings);
        wrong += &compared(case, &reduced, &how);
        let leading = |path: &PathBuf| {
            let sources = whole.coverage.iter().filter(|c| c.side == Some(Side::Source));
            sources.flat_map(|c| &c.meta_servers).any(|server| Path::new(server) == path)
        };
        if !left.iter().any(leading) {
            wrong += &all_clear(&reduced, &how);
        }
    }
    let Some((first, last)) = whole.window.first.zip(whole.window.last) else { return wrong };
    for quarter in QUARTERS {
        let at = LogTime(first.0.0 + (last.0.0 - first.0.0) / 4 * quarter);
        let folder = tempfile::tempdir().unwrap();
        if cut(&case.logs(), folder.path(), at) {
            wrong += &compared(case, &report(&[folder.path().to_owned()], &settings), &format!("from {quarter}/4"));
        }
        if settings.options.since.is_none() && settings.options.until.is_none() {
            let mut windowed = case.settings();
            windowed.options.since = Some(Moment::At(at));
            let shown = report(&[case.logs()], &windowed);
            if states(&shown) != states(&whole) {
                let _ = writeln!(wrong, "--since {quarter}/4: {:?}, the whole log says {:?}", states(&shown), states(&whole));
            }
        }
    }
    wrong
}

/// What is wrong with what is said of the expected duplications.
fn compared(case: &Case, reduced: &Report, how: &str) -> String {
    let catalogue = Catalogue::built_in();
    let mut wrong = String::new();
    for expected in &case.duplication {
        let entries: Vec<&DuplicationEntry> = reduced.duplications.iter().filter(|d| expected.is(d)).collect();
        if entries.len() > 1 && entries.iter().any(|d| d.perhaps_same_as.is_none()) {
            let _ = writeln!(wrong, "{how}: {:?} is listed {} times", expected.app_name, entries.len());
        }
        let finding = |code: &str| case.finding.iter().any(|f| f.code == code);
        for entry in entries {
            for found in findings_of(reduced, entry).filter(|f| f.severity >= Severity::Error && f.active) {
                if !explained(&catalogue, expected, &found.code) && !finding(&found.code) {
                    let _ = writeln!(wrong, "{how}: {} for {:?}", found.code, expected.app_name);
                }
            }
        }
    }
    wrong
}

/// What the true cause explains may stand for it, a fallback too.
fn explained(catalogue: &Catalogue, expected: &Expected, code: &str) -> bool {
    let known = || expected.must.iter().chain(&expected.may).chain(&expected.info);
    known().any(|c| c == code)
        || known().filter_map(|c| catalogue.find(c)).any(|s| s.supersedes.iter().any(|c| c == code))
        || (!expected.must.is_empty() && catalogue.find(code).is_some_and(|s| s.fallback))
}

/// Without the logs of the source's meta servers nobody can tell that anything is well.
fn all_clear(reduced: &Report, how: &str) -> String {
    let green = |d: &&DuplicationEntry| matches!(d.verdict, Verdict::Healthy | Verdict::InProgress | Verdict::Paused);
    let mut wrong = String::new();
    for entry in reduced.duplications.iter().filter(green) {
        let _ = writeln!(wrong, "{how}: {} for {:?}", entry.verdict, entry.identity.app_name);
    }
    if !reduced.cannot_tell() && reduced.findings.iter().all(|f| f.severity < Severity::Warning) {
        let _ = writeln!(wrong, "{how}: an all-clear");
    }
    wrong
}

/// Status, verdict and leading finding of each duplication.
fn states(report: &Report) -> Vec<String> {
    let leading = |d: &DuplicationEntry| d.findings.first().filter(|_| matches!(d.verdict, Verdict::Stuck | Verdict::Failed)).cloned();
    report.duplications.iter().map(|d| format!("{:?} {:?} {} {:?}", d.identity.app_name, d.status, d.verdict, leading(d))).collect()
}

/// Copies logs without the lines before a moment; lines without a time go with the one before. False where nothing has a time.
fn cut(from: &Path, to: &Path, at: LogTime) -> bool {
    let mut any = false;
    for entry in std::fs::read_dir(from).unwrap().map(|e| e.unwrap().path()) {
        let copy = to.join(entry.file_name().unwrap());
        if entry.is_dir() {
            std::fs::create_dir(&copy).unwrap();
            any |= cut(&entry, &copy, at);
            continue;
        }
        let bytes = std::fs::read(&entry).unwrap();
        let mut kept = Vec::new();
        let mut keep = true;
        for line in bytes.split_inclusive(|&b| b == b'\n') {
            if let Some(nanos) = nanos(line) {
                (keep, any) = (nanos >= at.0, true);
            }
            if keep {
                kept.extend_from_slice(line);
            }
        }
        std::fs::write(&copy, kept).unwrap();
    }
    any
}

/// The nanoseconds in a header's parenthesis.
fn nanos(line: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(line).ok()?;
    let digits = text.split('(').skip(1).find_map(|rest| rest.get(..19).filter(|d| d.bytes().all(|b| b.is_ascii_digit())))?;
    digits.parse().ok()
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
