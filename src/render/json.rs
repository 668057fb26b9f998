//! The report as JSON: the serialisation is the contract, this only lays it out.

use super::escape::json_escaped;
use crate::report::{Chapter, Report};
use serde::Serialize;

/// The report, indented, with a line end.
#[must_use]
pub fn json(report: &Report) -> String {
    pretty(report)
}

/// One finding a line.
#[must_use]
pub fn ndjson(report: &Report) -> String {
    // Plain data with string keys always serialises, so nothing is left out here.
    let lines = report.findings.iter().filter_map(|finding| serde_json::to_string(finding).ok());
    lines.flat_map(|line| [json_escaped(&line).into_owned(), "\n".to_owned()]).collect()
}

/// The histories as one array, indented, with a line end.
#[must_use]
pub fn timeline_json(chapters: &[Chapter]) -> String {
    pretty(chapters)
}

fn pretty<T: Serialize + ?Sized>(value: &T) -> String {
    // Plain data with string keys always serialises.
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    format!("{}\n", json_escaped(&text))
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;

    #[test]
    fn a_finding_is_one_line_whatever_the_log_holds() {
        let mut report = samples::stuck();
        report.findings[0].title = "a\nb\u{85}\u{2028}\u{9b}c".to_owned();
        let text = ndjson(&report);
        assert_eq!(text.lines().count(), report.findings.len());
        assert!(text.ends_with('\n'));
        assert!(!text.contains(['\u{85}', '\u{2028}', '\u{9b}']));
    }

    #[test]
    fn json_reads_back_and_ends_its_line() {
        let text = json(&samples::stuck());
        assert!(text.ends_with("}\n"));
        let value: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
        assert_eq!(value["schema_version"], "1");
        assert_eq!(value["findings"][0]["suggestions"][1]["commands"][0]["where"], "source-shell");
        assert_eq!(timeline_json(&[]), "[]\n");
    }
}
