//! Every form in which lines reach an operator says what the plain log says.

mod envelopes;

use crate::support::{fed, fixture, logs, outcome, program};
use dupdoctor::report::{DuplicationEntry, Report};
use dupdoctor::{Catalogue, Settings, Severity, diagnose};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Of all kinds: stuck, failed, paused, on their way, healthy; of all releases' headers.
const CASES: &[&str] = &[
    "DUP301-dev-asked-for-source-name",
    "DUP301-dev-dotted-names",
    "DUP302-v2.4-table-dropped",
    "DUP202-v2.5-name-taken",
    "DUP201-v2.4-create-timeout-then-exists",
    "DUP503-private-log-lost-by-learning-v2.2",
    "DUP604-v2.5-status-write-hangs",
    "healthy-v2.0-log-only",
    "healthy-v2.5-full-copy",
    "healthy-v2.5-paused-and-resumed",
    "in-progress-v2.5-prepare",
];

/// The only log of a case.
fn log_of(case: &str) -> String {
    let mut waiting = vec![logs(case)];
    let mut found: Vec<PathBuf> = Vec::new();
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            if entry.path().is_dir() { waiting.push(entry.path()) } else { found.push(entry.path()) }
        }
    }
    assert_eq!(found.len(), 1, "{case}");
    std::fs::read_to_string(&found[0]).unwrap()
}

fn report(name: &str, text: &[u8]) -> Report {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("meta1").join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, text).unwrap();
    let settings = Settings { catalogue: Catalogue::built_in(), ..Settings::default() };
    diagnose(&[path], &settings, &|_, _| ()).report
}

/// Verdicts, statuses, and the codes of what is found; when the log begins is another matter where lines are out of order.
fn said(report: &Report) -> (Vec<String>, Vec<String>) {
    let entry = |d: &DuplicationEntry| format!("{:?} {:?} {:?} {}", d.identity.app_id, d.identity.dup_id, d.status, d.verdict);
    let mut entries: Vec<String> = report.duplications.iter().map(entry).collect();
    let mut codes: Vec<String> = report
        .findings
        .iter()
        .filter(|f| f.severity > Severity::Info)
        .map(|f| format!("{} {} {}", f.code, f.active, f.confidence))
        .collect();
    entries.sort();
    codes.sort();
    (entries, codes)
}

/// The lines that prove what is found.
fn places(report: &Report) -> Vec<Option<u64>> {
    report.findings.iter().filter(|f| f.severity > Severity::Info).flat_map(|f| f.evidence.iter().map(|e| e.line)).collect()
}

#[test]
fn every_envelope_says_what_the_plain_log_says() {
    let mut wrong = Vec::new();
    for case in CASES {
        let log = log_of(case);
        let lines: Vec<&str> = log.lines().collect();
        let of_plain = report("meta.log", log.as_bytes());
        let plain = said(&of_plain);
        assert!(!plain.0.is_empty(), "{case}");
        for (name, file, envelope) in envelopes::ALL {
            let text = envelope(&lines);
            let report = report(file, &text);
            // Where each line has its own, it is the one named.
            let alike = text.split(|&b| b == b'\n').count() == lines.len() + 1;
            let first = text.windows(40).position(|w| lines[0].as_bytes().get(1..41) == Some(w));
            let in_order = first.is_some_and(|at| !text[..at].contains(&b'\n'));
            if alike && in_order && places(&report) != places(&of_plain) {
                wrong.push(format!("{case} in {name}: {:?} is proof, not {:?}", places(&report), places(&of_plain)));
            }
            let said = said(&report);
            if said != plain {
                wrong.push(format!("{case} in {name}:\n    {said:?}\n    {plain:?}"));
            }
            let odd = report.servers.iter().find(|s| s.name.contains(['{', '"', '>', '`', '[']) || s.name.contains("2024-"));
            if let Some(odd) = odd {
                wrong.push(format!("{case} in {name}: a server is called {}", odd.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), CASES.len() * envelopes::ALL.len(), wrong.join("\n"));
}

/// Its words are cut, or stand in a text whose lines all begin with a header.
const WITHOUT_LAST_WORDS: &[&str] = &["level cut off", "header cut off"];

#[test]
fn a_signal_is_a_crash_in_every_envelope() {
    let log = log_of("healthy-v2.5-log-only");
    let mut wrong = Vec::new();
    for (words, aborted) in [("got signal id: 11", true), ("got signal id: 15", false)] {
        let lines: Vec<&str> = log.lines().chain([words]).collect();
        for (name, file, envelope) in envelopes::ALL.iter().filter(|(name, ..)| !WITHOUT_LAST_WORDS.contains(name)) {
            let report = report(file, &envelope(&lines));
            let found = report.findings.iter().filter(|f| f.code == "DUP519").map(|f| f.occurrences).collect::<Vec<_>>();
            let ends: Vec<bool> = report.servers.iter().flat_map(|s| &s.restarts).map(|r| r.aborted).collect();
            let expected = if aborted { (vec![1], vec![true]) } else { (vec![], vec![]) };
            if (found.clone(), ends.clone()) != expected || report.duplications.iter().any(|d| d.verdict.name() != "healthy") {
                wrong.push(format!("{words} in {name}: DUP519 {found:?}, aborted {ends:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn servers_of_one_export_are_told_apart() {
    let meta = log_of("healthy-v2.5-full-copy");
    let replica = log_of("DUP503-private-log-lost-by-learning-v2.2");
    let of = |host: &str, log: &str| log.lines().map(|line| json!({"message": line, "host": {"name": host}})).collect::<Vec<_>>();
    let documents = [of("replica-1", &replica), of("meta-0", &meta)].concat();
    let text: String = documents.iter().map(|d| d.to_string() + "\n").collect();
    for text in [text, Value::from(documents.clone()).to_string()] {
        let report = report("export.json", text.as_bytes());
        let servers: Vec<(&str, Option<&str>)> =
            report.servers.iter().map(|s| (s.name.rsplit('/').next().unwrap(), s.role.map(dupdoctor::ServerRole::name))).collect();
        assert_eq!(servers, [("meta-0", Some("meta")), ("replica-1", Some("replica"))]);
    }
}

/// Inputs from public reports, names invented.
fn public(name: &str) -> PathBuf {
    fixture("forms").join(name)
}

fn run(args: &[&str], path: &Path) -> (i32, String, String) {
    outcome(program(args).arg(path).arg("--no-config"))
}

#[test]
fn all_commands_read_what_diagnose_reads() {
    for name in
        ["plain.log", "ansi.log", "backtick.md", "kibana.csv", "aliyun-sls.json", "elastic-response.json", "indented.log", "wrapped.txt"]
    {
        let path = public(name);
        let (code, out, err) = outcome(program(&["events"]).arg(&path));
        let events: Vec<String> =
            out.lines().map(|l| serde_json::from_str::<Value>(l).unwrap()["event"].as_str().unwrap().to_owned()).collect();
        assert_eq!(
            (code, err.as_str(), events),
            (0, "", vec!["dup_status_changed".to_owned(), "follower_app_check_failed".to_owned()]),
            "{name}"
        );
        let plain = run(&["diagnose", "--summary", "-q"], &public("plain.log"));
        assert_eq!(run(&["diagnose", "--summary", "-q"], &path), plain, "{name}");
        let (code, out, err) = outcome(program(&["timeline"]).arg(&path));
        assert!(code == 0 && out.contains("DS_APP"), "{name}: {out}{err}");
        let (code, out, err) = outcome(program(&["whois", "a5d1716603063"]).arg(&path));
        assert!(code == 0 && out.contains("1716603063"), "{name}: {out}{err}");
        let (code, out, err) = fed(&mut program(&["watch", "-"]), &std::fs::read(&path).unwrap());
        assert_eq!(code, fed(&mut program(&["watch", "-"]), &std::fs::read(public("plain.log")).unwrap()).0, "{name}: {out}{err}");
        let (code, out, _) = fed(&mut program(&["explain", "--line", "-"]), &std::fs::read(&path).unwrap());
        assert!(code == 0 && out.starts_with("dup_status_changed"), "{name}: {out}");
    }
}

#[test]
fn a_cut_header_is_explained_and_counted() {
    let path = public("cut.txt");
    for line in std::fs::read_to_string(&path).unwrap().lines() {
        let (code, out, _) = outcome(&mut program(&["explain", "--line", line]));
        assert!(code == 0 && out.starts_with("follower_app_check_failed"), "{line}: {out}");
    }
    let (code, out, _) = run(&["diagnose", "-q"], &path);
    assert!(out.contains("4 duplication-related lines were not recognized") && out.contains("DUP904"), "{out}");
    assert_eq!(code, 3);
    assert_eq!(outcome(program(&["events"]).arg(&path)).0, 0);
}

#[test]
fn blank_or_foreign_lines_first_do_not_hide_a_log() {
    let log = log_of("DUP301-dev-asked-for-source-name");
    let plain = said(&report("meta.log", log.as_bytes()));
    for lead in ["\n".repeat(5_000), "another program's line\n".repeat(20_000)] {
        for trail in ["", &"and its last one\n".repeat(20_000)] {
            assert_eq!(said(&report("meta.log", format!("{lead}{log}{trail}").as_bytes())), plain);
        }
    }
}

/// Envelopes of envelopes, torn and damaged: nothing panics, and no event is there that was not.
#[test]
fn random_envelopes_make_nothing_up() {
    use crate::support::random::Random;
    let log = log_of("DUP301-dev-dotted-names");
    let lines: Vec<&str> = log.lines().collect();
    let mut random = Random(11);
    let known: std::collections::BTreeSet<String> = said(&report("meta.log", log.as_bytes())).0.into_iter().collect();
    let mut pick = |bound: usize| usize::try_from(random.below(bound as u64)).unwrap();
    for round in 0..300 {
        let mut text = envelopes::ALL[pick(envelopes::ALL.len())].2(&lines);
        if round % 2 == 0
            && let Ok(inner) = std::str::from_utf8(&text)
        {
            let inner: Vec<&str> = inner.lines().collect();
            text = envelopes::ALL[pick(envelopes::ALL.len())].2(&inner);
        }
        if round % 3 == 0 {
            text.truncate(pick(text.len()));
        }
        if round % 5 == 0 && !text.is_empty() {
            let at = pick(text.len());
            text[at] = b"\\\"{}[](),\n\0\xff"[pick(12)];
        }
        let report = report("x.json", &text);
        for d in report.duplications.iter().filter(|d| d.identity.app_id.is_some() && d.identity.dup_id.is_some()) {
            let ids = format!("{:?} {:?}", d.identity.app_id, d.identity.dup_id);
            assert!(
                round % 5 == 0 || known.iter().any(|k| k.starts_with(&ids)),
                "{round}: {ids}\n{}",
                String::from_utf8_lossy(&text[..text.len().min(600)])
            );
        }
    }
}
