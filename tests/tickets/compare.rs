//! What is new, still there and gone since an earlier report.

use crate::fixture::{load, settings};
use crate::logs::{Names, copy, part, window};
use dupdoctor::diagnose::diagnose;
use dupdoctor::render::{Style, json, markdown, text};
use dupdoctor::report::{EarlierReport, Gone, Report, compare};
use std::path::{Path, PathBuf};

fn case(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("fixtures").join(name)
}

fn report(logs: &Path) -> Report {
    diagnose(&[logs.to_path_buf()], &settings(&load(&case("DUP301-dev-asked-for-source-name")), 0), &|_, _| ()).report
}

fn earlier(report: &Report) -> EarlierReport {
    EarlierReport::parse(&json(report)).unwrap()
}

#[test]
fn nothing_is_new_against_itself() {
    for folder in crate::fixture::cases() {
        // Not the snapshot's: there the fingerprints that depend on its folder are left out.
        let report = diagnose(&[folder.join("logs")], &settings(&load(&folder), 0), &|_, _| ()).report;
        let comparison = compare(&report, &earlier(&report), "old.json");
        assert!(comparison.new.is_empty() && comparison.gone.is_empty() && comparison.duplications.is_empty(), "{}", folder.display());
        assert_eq!(comparison.still.len(), report.findings.len());
        assert!(comparison.still.iter().all(|s| s.changed.is_empty() && s.earlier_fingerprint.is_none()), "{}", folder.display());
    }
}

#[test]
fn an_incident_that_goes_on_says_what_changed() {
    let logs = case("DUP301-dev-asked-for-source-name").join("logs");
    let (first, last) = window(&logs).unwrap();
    let desk = tempfile::tempdir().unwrap();
    copy(&logs, desk.path(), Names::Kept, &|bytes| part(bytes, i64::MIN, first + (last - first) / 10 * 8));
    let (old, new) = (report(desk.path()), report(&logs));
    let comparison = compare(&new, &earlier(&old), "old.json");
    let still = comparison.still.iter().find(|s| s.finding.code == "DUP301").unwrap();
    let fields: Vec<&str> = still.changed.iter().map(|c| c.field).collect();
    assert!(fields.contains(&"occurrences") && fields.contains(&"last_seen"), "{fields:?}");
    assert!(comparison.new.is_empty() && comparison.gone.is_empty());
}

#[test]
fn what_came_and_went_is_told_in_every_format() {
    let (stuck, other) =
        (report(&case("DUP301-dev-asked-for-source-name").join("logs")), report(&case("DUP302-v2.4-table-dropped").join("logs")));
    let mut now = other.clone();
    now.comparison = Some(compare(&other, &earlier(&stuck), "old.json"));
    let comparison = now.comparison.clone().unwrap();
    assert!(comparison.new.iter().any(|f| f.code == "DUP302"));
    assert!(comparison.gone.iter().any(|g| g.finding.code == "DUP301" && g.how == Gone::NotFound));
    assert_eq!(comparison.duplications.len(), stuck.duplications.len() + other.duplications.len());
    for told in [text(&now, &Style::default()), markdown(&now, &Style::default()), json(&now)] {
        assert!(told.contains("old.json") && told.contains("DUP301") && told.contains("test_orders"), "{told}");
    }
}
