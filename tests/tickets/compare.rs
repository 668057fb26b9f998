//! What is new, still there and gone since an earlier report.

use super::logs::{Names, copy, part, window};
use crate::support::STUCK;
use crate::support::case::Case;
use dupdoctor::Style;
use dupdoctor::internal::render::{json, markdown, text};
use dupdoctor::report::{Gone, Report, compare};
use serde_json::Value;

fn earlier(report: &Report) -> Report {
    Report::parse(&json(report)).unwrap()
}

#[test]
fn nothing_is_new_against_itself() {
    for case in Case::all() {
        let report = case.report();
        let earlier = earlier(&report);
        assert_eq!(json(&earlier), json(&report), "{}: it reads back as it was written", case.name);
        let comparison = compare(&report, &earlier, "old.json");
        assert!(comparison.new.is_empty() && comparison.gone.is_empty() && comparison.duplications.is_empty(), "{}", case.name);
        assert_eq!(comparison.still.len(), report.findings.len());
        assert!(comparison.still.iter().all(|s| s.changed.is_empty() && s.earlier_fingerprint.is_none()), "{}", case.name);
    }
}

/// Writes it as a later version might: with one more key in every object.
fn add_keys(value: &mut Value) {
    if let Some(all) = value.as_array_mut() {
        all.iter_mut().for_each(add_keys);
    }
    if let Some(all) = value.as_object_mut() {
        all.values_mut().for_each(add_keys);
        all.insert("later".to_owned(), 0.into());
    }
}

#[test]
fn keys_of_later_versions_are_passed_over() {
    for case in Case::all() {
        let mut report = serde_json::to_value(case.report()).unwrap();
        // Its counts have the members of closed sets as keys.
        report.as_object_mut().unwrap().remove("summary");
        add_keys(&mut report);
        let read = Report::parse(&report.to_string());
        assert!(read.is_ok(), "{}: {read:?}", case.name);
    }
}

#[test]
fn an_incident_that_goes_on_says_what_changed() {
    let case = Case::named(STUCK);
    let (first, last) = window(&case.logs()).unwrap();
    let desk = tempfile::tempdir().unwrap();
    copy(&case.logs(), desk.path(), Names::Kept, &|bytes| part(bytes, i64::MIN, first + (last - first) / 10 * 8));
    let (old, new) = (case.report_of(desk.path()), case.report());
    let comparison = compare(&new, &earlier(&old), "old.json");
    let still = comparison.still.iter().find(|s| s.finding.code == "DUP301").unwrap();
    let fields: Vec<&str> = still.changed.iter().map(|c| &*c.field).collect();
    assert!(fields.contains(&"occurrences") && fields.contains(&"last_seen"), "{fields:?}");
    assert!(comparison.new.is_empty() && comparison.gone.is_empty());
}

#[test]
fn what_came_and_went_is_told_in_every_format() {
    let (stuck, other) = (Case::named(STUCK).report(), Case::named("DUP302-v2.4-table-dropped").report());
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
