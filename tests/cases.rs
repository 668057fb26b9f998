//! Every case under `fixtures/`: what must be found is found, nothing else, and the report is as it was.
//!
//! `DUPDOCTOR_ACCEPT=1 cargo test --test cases` writes the reports anew; what must be found stands
//! in `case.toml` by hand, so that accepting a report cannot accept a miss.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

use dupdoctor::diagnose::{Settings, diagnose};
use dupdoctor::ingest::{Moment, Options};
use dupdoctor::pegasus::{LogTime, parse_duration};
use dupdoctor::report::{DuplicationEntry, Finding, Report};
use dupdoctor::signature::{Catalogue, Severity};
use serde::Deserialize;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    #[expect(dead_code, reason = "for the reader of the case")]
    title: String,
    #[expect(dead_code, reason = "for the reader of the case")]
    release: String,
    #[serde(default)]
    args: Vec<String>,
    #[serde(default)]
    duplication: Vec<Expected>,
    #[serde(default)]
    finding: Vec<Loose>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    app_name: Option<String>,
    app_id: Option<i64>,
    dup_id: Option<i64>,
    status: Option<String>,
    verdict: String,
    #[serde(default)]
    must: Vec<String>,
    #[serde(default)]
    may: Vec<String>,
    #[serde(default)]
    info: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Loose {
    code: String,
    app_name: Option<String>,
}

fn cases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut all: Vec<PathBuf> = std::fs::read_dir(root).unwrap().map(|e| e.unwrap().path()).filter(|p| p.join("case.toml").exists()).collect();
    all.sort();
    assert!(all.len() >= 30, "only {} cases", all.len());
    all
}

fn load(folder: &Path) -> Case {
    let text = std::fs::read_to_string(folder.join("case.toml")).unwrap();
    toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", folder.display()))
}

fn report(folder: &Path, case: &Case, chunk: usize) -> Report {
    let mut settings = Settings { catalogue: Catalogue::built_in(), ..Settings::default() };
    settings.options = Options { chunk, ..Options::default() };
    let mut args = case.args.iter();
    while let Some(name) = args.next() {
        let value = args.next().unwrap_or_else(|| panic!("{name} without a value"));
        match name.as_str() {
            "--until" | "--since" => {
                let at = chrono::DateTime::parse_from_rfc3339(value).unwrap().timestamp_nanos_opt().unwrap();
                let slot = if name == "--until" { &mut settings.options.until } else { &mut settings.options.since };
                *slot = Some(Moment::At(LogTime(at)));
            }
            "--expect" => {
                let (name, length) = value.split_once('=').unwrap();
                settings.expectations.by_name.insert(name.to_owned(), parse_duration(length).unwrap());
            }
            other => panic!("cases know no {other}"),
        }
    }
    // Paths in reports are relative to the case, wherever the repository lies.
    let logs = folder.join("logs");
    let mut report = diagnose(&[logs.clone()], &settings, &|_, _| ()).report;
    let prefix = format!("{}/", logs.display());
    let text = serde_json::to_string(&report.skipped).unwrap();
    let relative = |path: &mut String| *path = path.replace(&prefix, "");
    report.inputs.iter_mut().for_each(|i| {
        relative(&mut i.path);
        relative(&mut i.server);
    });
    for duplication in &mut report.duplications {
        duplication.timeline.iter_mut().for_each(|t| relative(&mut t.evidence.path));
    }
    for finding in &mut report.findings {
        finding.server.iter_mut().for_each(relative);
        finding.evidence.iter_mut().for_each(|e| relative(&mut e.path));
        for text in [&mut finding.title, &mut finding.explanation, &mut finding.cause] {
            relative(text);
        }
        finding.suggestions.iter_mut().for_each(|s| {
            relative(&mut s.text);
            s.commands.iter_mut().for_each(|c| relative(&mut c.run));
        });
        if finding.duplication.is_none() {
            // Fingerprints of servers and inputs contain their paths here.
            finding.fingerprint.clear();
        }
    }
    report.skipped.iter_mut().for_each(|s| {
        relative(&mut s.path);
        relative(&mut s.reason);
    });
    drop(text);
    report
}

fn is_about(expected: &Expected, entry: &DuplicationEntry) -> bool {
    expected.app_name.as_ref().is_none_or(|n| entry.app_name.as_ref() == Some(n))
        && expected.app_id.is_none_or(|n| entry.app_id.map(|a| a.0) == Some(n))
        && expected.dup_id.is_none_or(|n| entry.dup_id.map(|d| d.0) == Some(n))
}

fn findings_of<'a>(report: &'a Report, entry: &'a DuplicationEntry) -> impl Iterator<Item = &'a Finding> {
    report.findings.iter().filter(move |f| {
        f.duplication.as_ref().is_some_and(|d| (d.app_id, d.dup_id, &d.app_name) == (entry.app_id, entry.dup_id, &entry.app_name))
    })
}

/// What differs between a case's expectations and its report, one line each.
fn differences(case: &Case, report: &Report) -> String {
    let mut wrong = String::new();
    let mut allowed: Vec<(String, Option<String>)> = case.finding.iter().map(|f| (f.code.clone(), f.app_name.clone())).collect();
    for expected in &case.duplication {
        let name = expected.app_name.clone().unwrap_or_default();
        let Some(entry) = report.duplications.iter().find(|d| is_about(expected, d)) else {
            let _ = writeln!(wrong, "  {name}: not in the report");
            continue;
        };
        let status = entry.status.map(|s| s.name().to_owned());
        if status != expected.status {
            let _ = writeln!(wrong, "  {name}: status {status:?}, expected {:?}", expected.status);
        }
        if entry.verdict.name() != expected.verdict {
            let _ = writeln!(wrong, "  {name}: verdict {}, expected {}", entry.verdict, expected.verdict);
        }
        for code in &expected.must {
            if !findings_of(report, entry).any(|f| f.code == *code && f.active && f.severity >= Severity::Error) {
                let _ = writeln!(wrong, "  {name}: {code} is missing at error or critical");
            }
        }
        for code in &expected.info {
            if !findings_of(report, entry).any(|f| f.code == *code) {
                let _ = writeln!(wrong, "  {name}: {code} is missing");
            }
        }
        for finding in findings_of(report, entry).filter(|f| f.severity > Severity::Info) {
            let known = expected.must.contains(&finding.code) || expected.may.contains(&finding.code);
            let loose = case.finding.iter().any(|f| f.code == finding.code);
            if !known && !loose {
                let _ = writeln!(wrong, "  {name}: {} at {} is not expected", finding.code, finding.severity);
            }
        }
        let unexpected = |f: &Finding| f.active && f.severity >= Severity::Error && !case.finding.iter().any(|l| l.code == f.code);
        if expected.must.is_empty() && expected.may.is_empty() && findings_of(report, entry).any(unexpected) {
            let _ = writeln!(wrong, "  {name}: blamed although nothing is wrong");
        }
    }
    for finding in &case.finding {
        let about = |f: &Finding| finding.app_name.is_none() || f.duplication.as_ref().and_then(|d| d.app_name.as_ref()) == finding.app_name.as_ref();
        if !report.findings.iter().any(|f| f.code == finding.code && about(f)) {
            let _ = writeln!(wrong, "  finding {} is missing", finding.code);
        }
    }
    allowed.sort();
    for finding in report.findings.iter().filter(|f| f.severity > Severity::Info) {
        let of_known = case.duplication.iter().any(|e| {
            report.duplications.iter().any(|d| {
                is_about(e, d) && finding.duplication.as_ref().is_some_and(|r| (r.app_id, r.dup_id, &r.app_name) == (d.app_id, d.dup_id, &d.app_name))
            })
        });
        if !of_known && !case.finding.iter().any(|f| f.code == finding.code) {
            let _ = writeln!(wrong, "  {} at {} (about no expected duplication) is not expected", finding.code, finding.severity);
        }
    }
    wrong
}

#[test]
fn every_case_is_found_right() {
    let mut wrong = String::new();
    for folder in cases() {
        let case = load(&folder);
        let report = report(&folder, &case, 0);
        let differences = differences(&case, &report);
        if !differences.is_empty() {
            let _ = write!(wrong, "{}\n{differences}", folder.file_name().unwrap().to_string_lossy());
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn every_report_is_as_it_was() {
    let accept = std::env::var_os("DUPDOCTOR_ACCEPT").is_some();
    let mut changed = String::new();
    for folder in cases() {
        let case = load(&folder);
        let now = serde_json::to_string_pretty(&report(&folder, &case, 0)).unwrap() + "\n";
        let file = folder.join("report.json");
        if accept {
            std::fs::write(&file, &now).unwrap();
        } else if std::fs::read_to_string(&file).unwrap_or_default() != now {
            let _ = writeln!(changed, "  {}", folder.display());
        }
    }
    assert!(changed.is_empty(), "reports changed; read the difference, then run with DUPDOCTOR_ACCEPT=1:\n{changed}");
}

#[test]
fn pieces_and_threads_do_not_matter() {
    let sizes = [1 << 30, 4096, 64 << 10, 333];
    let mut wrong = String::new();
    for folder in cases() {
        let case = load(&folder);
        let texts: Vec<String> = [1, 2, 8]
            .iter()
            .zip(sizes.iter().cycle())
            .chain([8].iter().zip(&sizes[3..]))
            .map(|(&threads, &size)| {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
                pool.install(|| serde_json::to_string(&report(&folder, &case, size)).unwrap())
            })
            .collect();
        if texts.iter().any(|t| *t != texts[0]) {
            let _ = writeln!(wrong, "  {}", folder.display());
        }
    }
    assert!(wrong.is_empty(), "the report depends on threads or pieces:\n{wrong}");
}
