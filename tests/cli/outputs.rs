//! What is written: formats, files, events, timelines.

use super::{Desk, codes, told, words};
use crate::support::{self, copy, logs};
use serde_json::Value;
use std::io::Read;

#[test]
fn a_report_has_all_keys_of_the_contract() {
    let report = Desk::new().report("logs");
    let has = |value: &Value, keys: &[&str]| {
        for key in keys {
            assert!(value.get(key).is_some(), "{key} is missing in {value}");
        }
    };
    has(&report, &["schema_version", "tool", "generated_at", "window", "inputs", "duplications", "findings", "summary"]);
    assert_eq!(report["schema_version"], "1");
    has(&report["inputs"][0], &["path", "kind", "server", "bytes", "lines", "records", "events", "drifted", "first", "last", "notes"]);
    let duplication = &report["duplications"][0];
    has(
        duplication,
        &[
            "app_id",
            "dup_id",
            "app_name",
            "remote_cluster",
            "remote_app_name",
            "remote_replica_count",
            "partition_count",
            "fail_mode",
            "status",
            "verdict",
            "status_since",
            "status_seconds",
            "timeline",
            "findings",
        ],
    );
    assert_eq!((&duplication["status"], &duplication["verdict"]), (&"DS_APP".into(), &"stuck".into()));
    has(&duplication["timeline"][0], &["from", "to", "at", "at_ms", "evidence"]);
    let finding = &report["findings"][0];
    has(
        finding,
        &[
            "code",
            "name",
            "severity",
            "confidence",
            "duplication",
            "title",
            "explanation",
            "active",
            "first_seen",
            "last_seen",
            "occurrences",
            "evidence",
            "suggestions",
            "fixed_by",
            "references",
            "fingerprint",
        ],
    );
    has(&finding["evidence"][0], &["path", "line", "at", "text"]);
    has(&finding["fixed_by"], &["pull_request", "commit", "repository", "release"]);
    assert_eq!(finding["suggestions"][0]["commands"][0]["where"], "target-shell");
    assert_eq!(report["summary"]["by_verdict"]["stuck"], 1);
}

#[test]
fn one_run_writes_several_formats() {
    let desk = Desk::new();
    let told = desk.run("diagnose logs --color always --format ndjson --output report.json --output text=night.log --output lines.jsonl");
    assert_eq!((told.code, told.err.as_str()), (1, ""));
    let file = |name: &str| std::fs::read_to_string(desk.path(name)).unwrap();
    let report: Value = serde_json::from_str(&file("report.json")).unwrap();
    assert_eq!(codes(&report), ["DUP301"]);
    assert!(file("night.log").contains("DUP301") && !file("night.log").contains('\x1b'));
    assert_eq!(file("lines.jsonl"), told.out);
    for line in told.out.lines() {
        assert_eq!(serde_json::from_str::<Value>(line).unwrap()["code"], "DUP301");
    }
    assert_eq!(desk.run("timeline logs --output json=t.out").code, 0);
    assert!(file("t.out").starts_with('['));
    assert_eq!(desk.run("events logs --output e.jsonl").out, "");
    assert!(file("e.jsonl").lines().count() > 100);
}

#[test]
fn an_output_that_cannot_be_written_costs_nothing_else() {
    let desk = Desk::new();
    let told = desk.run("diagnose logs --output nowhere/report.json --output good.json");
    assert_eq!(told.code, 2);
    assert!(told.err.contains("nowhere/report.json") && told.out.contains("DUP301"), "{}", told.err);
    assert!(desk.path("good.json").exists());
}

#[test]
fn events_are_lines_of_json_in_order() {
    let desk = Desk::new();
    let told = desk.run("events logs");
    assert_eq!((told.code, told.err.as_str()), (0, ""));
    let mut last = 0;
    let mut status_changes = 0;
    for line in told.out.lines() {
        let event: Value = serde_json::from_str(line).unwrap();
        for key in ["at", "at_ns", "path", "line", "offset", "level", "role", "event", "app_id", "dup_id", "app_name", "remote_cluster"] {
            assert!(event.get(key).is_some(), "{key} is missing in {line}");
        }
        let at = event["at_ns"].as_i64().unwrap();
        assert!(at >= last, "{line}");
        last = at;
        if event["event"] == "dup_status_changed" {
            status_changes += 1;
            assert_eq!((event["app_id"].as_i64(), event["dup_id"].as_i64()), (Some(5), Some(1_716_603_063)));
            assert!(event["from_status"].is_string() && event["to_status"].is_string());
        }
    }
    assert!(status_changes >= 2);
}

#[test]
fn timeline_shows_states_and_what_lies_between() {
    let desk = Desk::new();
    let told = desk.run("timeline logs");
    assert_eq!((told.code, told.err.as_str()), (0, ""));
    for word in ["test_orders", "a5d1716603063", "DS_INIT → DS_PREPARE", "DS_PREPARE → DS_APP", "×85"] {
        assert!(told.out.contains(word), "{word} is missing in\n{}", told.out);
    }
    let json: Value = serde_json::from_str(&desk.run("timeline logs --format json").out).unwrap();
    assert_eq!(json[0]["duplication"]["app_name"], "test_orders");
}

#[test]
fn a_closed_pipe_is_a_quiet_end() {
    let desk = Desk::new();
    copy(&logs("multi-healthy-full-copy-v2.5"), &desk.path("well"));
    // Much more than a pipe holds, so that the writer notices.
    for line in ["events well", "diagnose --format json well", "timeline --format json well"] {
        let mut child = desk.command(&words(line)).spawn().unwrap();
        let mut first = [0; 64];
        let mut out = child.stdout.take().unwrap();
        if line.starts_with("events") {
            out.read_exact(&mut first).unwrap();
        }
        drop(out);
        let told = told(support::told(&child.wait_with_output().unwrap()));
        assert_eq!((told.code, told.err.as_str()), (0, ""), "{line}");
    }
}
