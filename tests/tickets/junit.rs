//! `JUnit`: XML that any parser takes, of the shape that Jenkins' and GitLab's readers know.

use super::hostile::{NAME, pieces, replaced, sample};
use crate::support::STUCK;
use crate::support::case::{Case, report};
use dupdoctor::Style;
use dupdoctor::internal::render::junit;
use dupdoctor::report::{Acceptance, AcceptedBy, Day};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::BTreeMap;

/// Elements, what they may stand in, and their attributes: needed ones, then those that may be there. After Jenkins' junit-10.xsd.
const SHAPE: &[(&str, &str, &[&str], &[&str])] = &[
    ("testsuites", "", &[], &["name", "tests", "failures", "errors", "skipped", "disabled", "time"]),
    (
        "testsuite",
        "testsuites",
        &["name", "tests", "failures", "errors"],
        &["skipped", "disabled", "time", "timestamp", "hostname", "id", "package"],
    ),
    ("properties", "testsuite", &[], &[]),
    ("property", "properties", &["name", "value"], &[]),
    ("testcase", "testsuite", &["name", "classname"], &["time", "status", "assertions"]),
    ("failure", "testcase", &[], &["message", "type"]),
    ("skipped", "testcase", &[], &["message", "type"]),
    ("system-out", "testcase", &[], &[]),
];

#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    cases: usize,
    failures: usize,
    skipped: usize,
    elements: usize,
}

fn attributes(element: &BytesStart<'_>) -> BTreeMap<String, String> {
    let one = |a: quick_xml::events::attributes::Attribute<'_>| {
        let value = quick_xml::escape::unescape(std::str::from_utf8(&a.value).unwrap()).unwrap().into_owned();
        (String::from_utf8(a.key.as_ref().to_vec()).unwrap(), value)
    };
    element.attributes().map(|a| one(a.unwrap())).collect()
}

fn check(text: &str) -> Counts {
    let wrong: Vec<char> = text.chars().filter(|&c| c.is_control() && c != '\n' || matches!(c, '\u{fffe}' | '\u{ffff}')).collect();
    assert!(wrong.is_empty(), "characters that XML has not: {wrong:?}");
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    let (mut open, mut counts): (Vec<String>, Counts) = (Vec::new(), Counts::default());
    let mut said = Counts::default();
    loop {
        let (element, empty) = match reader.read_event().unwrap() {
            Event::Start(element) => (element, false),
            Event::Empty(element) => (element, true),
            Event::End(_) => {
                open.pop();
                continue;
            }
            Event::Eof => break,
            Event::Decl(_) | Event::Text(_) | Event::GeneralRef(_) => continue,
            other @ (Event::CData(_) | Event::Comment(_) | Event::PI(_) | Event::DocType(_)) => panic!("{other:?} is no part of a report"),
        };
        let name = String::from_utf8(element.name().as_ref().to_vec()).unwrap();
        let (_, parent, needed, more) = SHAPE.iter().find(|s| s.0 == name).unwrap_or_else(|| panic!("<{name}> is not known"));
        assert_eq!(open.last().map_or("", String::as_str), *parent, "<{name}> stands elsewhere");
        let given = attributes(&element);
        assert!(needed.iter().all(|n| given.contains_key(*n)), "<{name}> lacks an attribute: {given:?}");
        assert!(given.keys().all(|k| needed.contains(&k.as_str()) || more.contains(&k.as_str())), "<{name}> has another one: {given:?}");
        counts.elements += 1;
        match name.as_str() {
            "testcase" => counts.cases += 1,
            "failure" => counts.failures += 1,
            "skipped" => counts.skipped += 1,
            "testsuites" => {
                let number = |key: &str| given.get(key).and_then(|v| v.parse().ok()).unwrap_or(0);
                said = Counts { cases: number("tests"), failures: number("failures"), skipped: number("skipped"), elements: 0 };
            }
            _ => {}
        }
        if !empty {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?} is not closed");
    assert_eq!((said.cases, said.failures, said.skipped), (counts.cases, counts.failures, counts.skipped), "what it says of itself");
    counts
}

#[test]
fn every_duplication_is_a_case_and_fails_by_its_findings() {
    for case in Case::all() {
        let report = case.report();
        let counts = check(&junit(&report, &Style::default()));
        assert!(counts.cases >= report.duplications.len(), "{}", case.name);
        let fails = report.findings.iter().any(|f| f.severity > dupdoctor::Severity::Info);
        assert_eq!(counts.failures > 0, fails, "{}", case.name);
    }
}

#[test]
fn what_is_accepted_is_skipped_with_its_reason() {
    let case = Case::named(STUCK);
    let mut settings = case.settings();
    let mut rule = Acceptance::new(AcceptedBy::Config, "dupdoctor.toml:7");
    rule.code = Some("DUP301".to_owned());
    rule.reason = Some("moved \u{1b}[31m& <soon>".to_owned());
    rule.expires = Day::parse("2030-05-06");
    settings.selection.accepted = vec![rule];
    let report = report(&[case.logs()], &settings);
    let text = junit(&report, &Style::default());
    assert_eq!(check(&text), Counts { cases: 1, failures: 0, skipped: 1, elements: 9 }, "{text}");
    for part in ["dupdoctor.toml:7", "moved ", "&amp; &lt;soon&gt;", "until 2030-05-06", "type=\"DUP301\""] {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
}

#[test]
fn hostile_names_stay_within_their_attributes() {
    let report = sample();
    let wanted = check(&junit(&report, &Style::default()));
    for name in pieces() {
        assert_eq!(check(&junit(&replaced(&report, &[(NAME, &name)]), &Style::default())), wanted, "{name:?}");
    }
}
