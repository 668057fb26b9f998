//! Hand-made reports and histories for the tests of this layer.

use crate::ingest::InputKind;
use crate::pegasus::{AppId, DupId, DupStatus, FailMode, Identity, LogTime};
use crate::report::{
    Chapter, DuplicationEntry, DuplicationRef, Evidence, Finding, Happening, InputEntry, LookAlikeEntry, Place, Report, SCHEMA_VERSION,
    Skipped, StateEntry, Suggestion, Summary, Time, Tool, TransitionEntry, Verdict, Window,
};
use crate::signature::{Command, Confidence, FixedBy, Severity};
use std::collections::BTreeMap;

/// What an attacker would call a table.
pub(super) const HOSTILE: &str = "t\x1b[2J\x1b]0;owned\x07\u{202e}lbat\u{9b}31m\r\n\tDUP999 <b>";

/// A moment as reports write it.
pub(super) fn at(rfc3339: &str) -> Time {
    let parsed = chrono::DateTime::parse_from_rfc3339(rfc3339).ok().and_then(|t| t.timestamp_nanos_opt());
    Time(LogTime(parsed.unwrap_or(0)))
}

const META: &str = "meta1/meta.log.20240524_172157_120";

fn input(path: &str, server: &str, kind: InputKind) -> InputEntry {
    InputEntry {
        path: path.to_owned(),
        kind,
        server: server.to_owned(),
        bytes: 68_157_440,
        lines: 201_733,
        records: 201_733,
        events: 912,
        drifted: 0,
        first: Some(at("2024-05-24T09:21:57.120Z")),
        last: Some(at("2024-05-24T11:36:07.001Z")),
        utc_offset_minutes: Some(480),
        notes: Vec::new(),
    }
}

/// A proving line.
pub(super) fn line(line: Option<u64>, time: &str, body: &str) -> Evidence {
    Evidence {
        path: META.into(),
        line,
        at: at(time),
        text: format!(
            "E2024-05-24 17:22:18.004 (1716542538004000000 121543) meta.meta_state0.0102000500000411: duplication_info.cpp:1:f(): {body}"
        )
        .into(),
    }
}

pub(super) fn entry(name: &str, id: i64, status: DupStatus, verdict: Verdict) -> DuplicationEntry {
    DuplicationEntry {
        identity: Identity {
            app_id: Some(AppId(id)),
            dup_id: Some(DupId(1_716_542_512 + id)),
            app_name: Some(name.to_owned()),
            remote_cluster: Some("target_cluster".to_owned()),
            remote_app_name: Some(name.to_owned()),
        },
        remote_replica_count: Some(3),
        partition_count: Some(8),
        with_checkpoint: Some(true),
        switch_over: None,
        fail_mode: Some(FailMode::FailSlow),
        status: Some(status),
        verdict,
        status_since: Some(at("2024-05-24T09:22:18.004Z")),
        status_seconds: Some(8_028),
        status_seconds_are: Some(crate::timeline::Exactness::Exact),
        timeline: vec![TransitionEntry {
            from: None,
            to: status,
            at: at("2024-05-24T09:22:18.004Z"),
            at_ms: 1_716_542_538_004,
            evidence: line(Some(44), "2024-05-24T09:22:18.004Z", "change duplication status"),
        }],
        states: vec![StateEntry { status: Some(status), since: at("2024-05-24T09:22:18.004Z"), until: None, seen: true }],
        partitions: Vec::new(),
        lag: None,
        disk: None,
        errors: Vec::new(),
        history: None,
        quiet: false,
        others: 0,
        perhaps_same_as: None,
        findings: Vec::new(),
    }
}

pub(super) fn finding(code: &str, severity: Severity, entry: &DuplicationEntry) -> Finding {
    Finding {
        code: code.to_owned(),
        name: "follower-queried-by-source-name".to_owned(),
        severity,
        confidence: Confidence::Certain,
        duplication: Some(entry.reference()),
        server: None,
        status: entry.status,
        title: "the readiness check asks for the source's table name".to_owned(),
        explanation: "The target table new1_test is there, but since 2024-05-24T09:22:18.004Z the source's meta server asks the target for \"test_dup1\" and is told that no such table exists.".to_owned(),
        cause: "Builds between pull requests #1960 and #2026 ask for the wrong name.".into(),
        details: Vec::new(),
        loss: None,
        affected: Some("master builds from 2024-04 to 2024-06; no release".to_owned()),
        active: true,
        first_seen: Some(at("2024-05-24T09:22:18.004Z")),
        last_seen: Some(at("2024-05-24T11:36:07.001Z")),
        occurrences: 803,
        evidence: vec![
            line(Some(17), "2024-05-24T09:21:57.124Z", "add duplication succeed [app: test_dup1, remote app name is new1_test]"),
            line(Some(44), "2024-05-24T09:22:18.004Z", "query follower app[target_cluster.test_dup1] replica configuration completed, result: duplication_status = DS_APP, query_err = ERR_OBJECT_NOT_FOUND, update_err = ERR_NO_NEED_OPERATE"),
        ],
        suggestions: vec![
            Suggestion { text: "Upgrade the source's meta servers to a build with commit 4683a78a3; the duplication then moves on by itself.".into(), commands: Vec::new() },
            Suggestion {
                text: "Or, without an upgrade, add it again under one name on both sides:".into(),
                commands: vec![
                    Command { at: "source-shell".to_owned(), run: "remove_dup test_dup1 1716542517".to_owned() },
                    Command { at: "config".to_owned(), run: "target_cluster = meta1.a-rather-long-host-name.example.org:34601,meta2:34601".to_owned() },
                ],
            },
        ],
        runbook: None,
        fixed_by: Some(FixedBy { pull_request: Some(2026), commit: Some("4683a78a3".to_owned()), repository: None, release: None }),
        caused_by: None,
        consequences: Vec::new(),
        missing_logs: Vec::new(),
        alternatives: Vec::new(),
        look_alikes: vec![LookAlikeEntry { code: "DUP302".to_owned(), text: "the table is missing; then both names would be the same".into() }],
        references: vec!["https://github.com/apache/incubator-pegasus/pull/2026".to_owned()],
        about_logs: false,
        fingerprint: "00".to_owned(),
    }
}

/// A report of these duplications and findings.
pub(super) fn report(duplications: Vec<DuplicationEntry>, findings: Vec<Finding>) -> Report {
    let mut by_verdict = BTreeMap::new();
    for entry in &duplications {
        *by_verdict.entry(entry.verdict).or_insert(0) += 1;
    }
    let mut by_severity = BTreeMap::new();
    for finding in &findings {
        *by_severity.entry(finding.severity).or_insert(0) += 1;
    }
    Report {
        schema_version: SCHEMA_VERSION.into(),
        tool: Tool { name: "dupdoctor".into(), version: "0.1.0".into() },
        generated_at: None,
        window: Window { first: Some(at("2024-05-24T09:21:57.120Z")), last: Some(at("2024-05-24T11:36:07.001Z")) },
        inputs: vec![
            input(META, "meta1", InputKind::MetaLog),
            input("replica1/replica.log.20240524_172000_000", "replica1", InputKind::ReplicaLog),
        ],
        skipped: Vec::new(),
        servers: Vec::new(),
        leader_changes: Vec::new(),
        coverage: Vec::new(),
        missing_logs: Vec::new(),
        accepted: Vec::new(),
        expired: Vec::new(),
        comparison: None,
        summary: Summary {
            duplications: duplications.len(),
            by_verdict,
            by_severity,
            servers: 2,
            inputs: 2,
            bytes: 2_600_000_000,
            lines: 9_130_000,
            events: 1_824,
            drifted: 0,
        },
        checks: None,
        steps: None,
        duplications,
        findings,
    }
}

/// One stuck duplication, one in progress, one healthy, one removed.
pub(super) fn stuck() -> Report {
    let mut stuck = entry("test_dup1", 5, DupStatus::DsApp, Verdict::Stuck);
    stuck.identity.remote_app_name = Some("new1_test".to_owned());
    stuck.findings = vec!["DUP301".to_owned(), "DUP901".to_owned()];
    let mut moving = entry("orders", 6, DupStatus::DsPrepare, Verdict::InProgress);
    moving.status_seconds = Some(75);
    let well = entry("users", 7, DupStatus::DsLog, Verdict::Healthy);
    let gone = entry("old", 8, DupStatus::DsRemoved, Verdict::Removed);
    let grave = finding("DUP301", Severity::Critical, &stuck);
    let info = Finding {
        about_logs: true,
        name: "log-starts-midway".to_owned(),
        title: "the logs begin after the duplication".to_owned(),
        occurrences: 1,
        last_seen: grave.first_seen,
        active: false,
        ..finding("DUP901", Severity::Info, &moving)
    };
    let mut report = report(vec![stuck, moving, well, gone], vec![grave, info]);
    report.skipped = vec![Skipped {
        path: "meta1/notes.txt".to_owned(),
        reason: "not a Pegasus log, begins with \"hello\"".to_owned(),
        harmless: false,
    }];
    report.inputs[1].drifted = 17;
    report.summary.drifted = 17;
    report
}

/// Two healthy duplications.
pub(super) fn healthy() -> Report {
    report(
        vec![entry("users", 7, DupStatus::DsLog, Verdict::Healthy), entry("orders", 6, DupStatus::DsPrepare, Verdict::InProgress)],
        Vec::new(),
    )
}

/// Everything that can come from logs is hostile.
pub(super) fn hostile() -> Report {
    let mut report = stuck();
    for entry in &mut report.duplications {
        entry.identity.app_name = Some(HOSTILE.to_owned());
        entry.identity.remote_cluster = Some(HOSTILE.repeat(2));
        entry.identity.remote_app_name = Some("表".repeat(30));
    }
    for finding in &mut report.findings {
        finding.duplication = Some(DuplicationRef { app_id: None, dup_id: None, app_name: Some(HOSTILE.to_owned()) });
        finding.server = Some(HOSTILE.to_owned());
        finding.title.push_str(HOSTILE);
        finding.explanation.push_str(HOSTILE);
        finding.evidence[1].text = format!("{}{}", finding.evidence[1].text, HOSTILE.repeat(20)).into();
        finding.evidence[0].path = HOSTILE.repeat(9).into();
        finding.suggestions[1].commands[0].run.push_str(HOSTILE);
        finding.references.push(HOSTILE.to_owned());
    }
    report.skipped.push(Skipped { path: HOSTILE.to_owned(), reason: HOSTILE.repeat(2), harmless: false });
    report.inputs[0].notes = vec![HOSTILE.to_owned()];
    report.inputs[1].path = HOSTILE.to_owned();
    report
}

/// One history over midnight.
pub(super) fn chapters() -> Vec<Chapter> {
    let happening = |time: &str, level, from, to, text: &str| Happening {
        at: at(time),
        until: at(time),
        count: 1,
        event: "duplication_status_changed",
        level,
        server: "meta1".to_owned(),
        from,
        to,
        text: text.to_owned(),
        evidence: Place { path: META.into(), line: Some(17) },
        shared: false,
        routine: false,
        errors: BTreeMap::new(),
        partition: None,
        restart: None,
    };
    let mut failing = happening(
        "2024-05-24T09:22:18.004Z",
        'E',
        None,
        None,
        "query follower app[target_cluster.test_dup1] replica configuration completed, result: query_err = ERR_OBJECT_NOT_FOUND",
    );
    failing.count = 803;
    failing.until = at("2024-05-24T11:36:07.001Z");
    failing.evidence.line = Some(44);
    let mut shared = happening("2024-05-24T18:00:00.000Z", 'I', None, None, "start to restore all duplications");
    shared.shared = true;
    shared.evidence = Place { path: "meta2/meta.log.20240525_020000_000".into(), line: Some(3) };
    shared.server = "meta2".to_owned();
    vec![Chapter {
        duplication: DuplicationRef { app_id: Some(AppId(5)), dup_id: Some(DupId(1_716_542_517)), app_name: Some("test_dup1".to_owned()) },
        remote_cluster: Some("target_cluster".to_owned()),
        remote_app_name: Some("new1_test".to_owned()),
        verdict: Verdict::Stuck,
        left_out: 0,
        happenings: vec![
            happening("2024-05-24T09:21:57.124Z", 'I', Some(DupStatus::DsInit), Some(DupStatus::DsPrepare), "change duplication status"),
            happening("2024-05-24T09:22:18.001Z", 'I', Some(DupStatus::DsPrepare), Some(DupStatus::DsApp), "change duplication status"),
            failing,
            shared,
        ],
    }]
}
