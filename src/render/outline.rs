//! The report as an outline of Org mode: a heading for each finding.

use crate::render::style::Style;
use crate::report::Report;

/// The report as an outline.
#[must_use]
pub fn outline(report: &Report, _style: &Style) -> String {
    report.findings.iter().map(|finding| format!("* {} {}\n", finding.code, finding.title)).collect()
}
