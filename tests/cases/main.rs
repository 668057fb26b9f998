//! Every case under `fixtures/`: what must be found is found, nothing else, and the report is as it was.
//!
//! `DUPDOCTOR_ACCEPT=1 cargo test --test cases` writes the reports anew; what must be found stands
//! in `case.toml` by hand, so that accepting a report cannot accept a miss.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

mod catalogue;
mod fixture;
mod watch;

use dupdoctor::report::{Finding, Report};
use dupdoctor::signature::Severity;
use fixture::{Case, cases, findings_of, is_about, load, report};
use std::fmt::Write as _;

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
        let about = |f: &Finding| {
            finding.app_name.is_none() || f.duplication.as_ref().and_then(|d| d.app_name.as_ref()) == finding.app_name.as_ref()
        };
        if !report.findings.iter().any(|f| f.code == finding.code && about(f)) {
            let _ = writeln!(wrong, "  finding {} is missing", finding.code);
        }
    }
    allowed.sort();
    for finding in report.findings.iter().filter(|f| f.severity > Severity::Info) {
        let of_known = case.duplication.iter().any(|e| {
            report.duplications.iter().any(|d| {
                is_about(e, d)
                    && finding.duplication.as_ref().is_some_and(|r| (r.app_id, r.dup_id, &r.app_name) == (d.app_id, d.dup_id, &d.app_name))
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
