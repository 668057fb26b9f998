//! What `case.toml` says must be found is found, and nothing else above `info`.

use crate::support::case::{Case, findings_of};
use dupdoctor::Severity;
use dupdoctor::report::Finding;
use std::fmt::Write as _;

/// What differs between a case's expectations and its report, one line each.
pub(crate) fn differences(case: &Case) -> String {
    let report = &case.report();
    let mut wrong = String::new();
    for expected in &case.duplication {
        let name = expected.app_name.clone().unwrap_or_default();
        let Some(entry) = report.duplications.iter().find(|d| expected.is(d)) else {
            let _ = writeln!(wrong, "{name}: not in the report");
            continue;
        };
        let status = entry.status.map(|s| s.name().to_owned());
        if status != expected.status {
            let _ = writeln!(wrong, "{name}: status {status:?}, expected {:?}", expected.status);
        }
        if entry.verdict.name() != expected.verdict {
            let _ = writeln!(wrong, "{name}: verdict {}, expected {}", entry.verdict, expected.verdict);
        }
        for code in &expected.must {
            if !findings_of(report, entry).any(|f| f.code == *code && f.active && f.severity >= Severity::Error) {
                let _ = writeln!(wrong, "{name}: {code} is missing at error or critical");
            }
        }
        for code in &expected.info {
            if !findings_of(report, entry).any(|f| f.code == *code) {
                let _ = writeln!(wrong, "{name}: {code} is missing");
            }
        }
        for finding in findings_of(report, entry).filter(|f| f.severity > Severity::Info) {
            let known = expected.must.contains(&finding.code) || expected.may.contains(&finding.code);
            let loose = case.finding.iter().any(|f| f.code == finding.code);
            if !known && !loose {
                let _ = writeln!(wrong, "{name}: {} at {} is not expected", finding.code, finding.severity);
            }
        }
        let unexpected = |f: &Finding| f.active && f.severity >= Severity::Error && !case.finding.iter().any(|l| l.code == f.code);
        if expected.must.is_empty() && expected.may.is_empty() && findings_of(report, entry).any(unexpected) {
            let _ = writeln!(wrong, "{name}: blamed although nothing is wrong");
        }
    }
    for finding in &case.finding {
        let about = |f: &Finding| {
            finding.app_name.is_none() || f.duplication.as_ref().and_then(|d| d.app_name.as_ref()) == finding.app_name.as_ref()
        };
        if !report.findings.iter().any(|f| f.code == finding.code && about(f)) {
            let _ = writeln!(wrong, "finding {} is missing", finding.code);
        }
    }
    for finding in report.findings.iter().filter(|f| f.severity > Severity::Info) {
        let of_known = case.duplication.iter().any(|e| report.duplications.iter().any(|d| e.is(d) && finding.is_about(&d.identity)));
        if !of_known && !case.finding.iter().any(|f| f.code == finding.code) {
            let _ = writeln!(wrong, "{} at {} (about no expected duplication) is not expected", finding.code, finding.severity);
        }
    }
    wrong
}
