//! Reads a report back from its JSON.

use super::{Report, SCHEMA_VERSION};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use thiserror::Error;

/// Why a file cannot be used as a report.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReadError {
    /// Nothing is in it.
    #[error("it is empty")]
    Empty,
    /// It ends in the middle.
    #[error("line {line}: the file is truncated here; copy it again")]
    CutOff {
        /// The line, from 1.
        line: usize,
    },
    /// It is not JSON, or more than one JSON value.
    #[error("line {line}: not a dupdoctor report, not even JSON: {reason}")]
    NoJson {
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// It is JSON of something else.
    #[error("line {line}: not a dupdoctor report: {reason}")]
    NoReport {
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// A report whose fields mean something else.
    #[error("line {line}: its schema_version is {found}, this program reads {SCHEMA_VERSION:?}")]
    Version {
        /// The line, from 1.
        line: usize,
        /// The version in the file, as it stands there.
        found: String,
    },
}

impl Report {
    /// Reads the text of a JSON report.
    ///
    /// # Errors
    /// When it is not a whole report with a `schema_version` that is known; the error names the line.
    pub fn parse(text: &str) -> Result<Self, ReadError> {
        from_json(text)
    }
}

/// Reads the text of a report of any kind.
pub(super) fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, ReadError> {
    #[derive(Deserialize)]
    struct Version {
        schema_version: Option<serde_json::Value>,
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim().is_empty() {
        return Err(ReadError::Empty);
    }
    // Whatever it is, it must be sound JSON before it can be said what else is wrong.
    let sound = serde_json::from_str::<serde::de::IgnoredAny>(text);
    if let Err(error) = sound {
        let line = error.line().max(1);
        let reason = without_place(&error);
        return Err(if error.is_eof() { ReadError::CutOff { line } } else { ReadError::NoJson { line, reason } });
    }
    let no_report = |error: &serde_json::Error| ReadError::NoReport { line: error.line().max(1), reason: without_place(error) };
    let version = serde_json::from_str::<Version>(text).map_err(|e| no_report(&e))?.schema_version;
    match version {
        Some(serde_json::Value::String(version)) if version == SCHEMA_VERSION => {}
        Some(version) => return Err(ReadError::Version { line: line_of(text, "\"schema_version\""), found: version.to_string() }),
        None => return Err(ReadError::NoReport { line: 1, reason: "it has no \"schema_version\"".to_owned() }),
    }
    serde_json::from_str(text).map_err(|e| no_report(&e))
}

/// The message of an error that already names its line.
fn without_place(error: &serde_json::Error) -> String {
    let message = error.to_string();
    message.rsplit_once(" at line ").map_or(message.clone(), |(what, _)| what.to_owned())
}

fn line_of(text: &str, key: &str) -> usize {
    text.find(key).map_or(1, |at| text[..at].matches('\n').count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = "{\n \"schema_version\": \"1\",\n \"generated_at\": null,\n \"window\": {\"first\": null, \"last\": null},\n \"duplications\": [],\n \"findings\": []\n}\n";

    #[test]
    fn a_report_is_read_whole_or_not_at_all() {
        assert!(Report::parse(REPORT).is_ok());
        assert!(Report::parse(&format!("\u{feff}{REPORT}")).is_ok());
        for cut in 1..REPORT.trim_end().len() {
            let error = Report::parse(&REPORT[..cut]);
            let line = REPORT[..cut].matches('\n').count() + 1;
            assert!(matches!(error, Err(ReadError::CutOff { line: l }) if l.abs_diff(line) <= 1), "{cut}: {error:?}");
        }
    }

    #[test]
    fn each_wrong_file_is_told_its_line() {
        let said = |text: &str| Report::parse(text).map_err(|e| e.to_string()).err().unwrap_or_default();
        assert_eq!(said(" \n"), "it is empty");
        assert_eq!(said("D2024-05-24 17:21:57"), "line 1: not a dupdoctor report, not even JSON: expected value");
        assert_eq!(said(&REPORT.replace("\"1\"", "\"2\"")), "line 2: its schema_version is \"2\", this program reads \"1\"");
        assert_eq!(said(&REPORT.replace("\"1\"", "1")), "line 2: its schema_version is 1, this program reads \"1\"");
        assert_eq!(said("{\n}"), "line 1: not a dupdoctor report: it has no \"schema_version\"");
        assert_eq!(
            said(&REPORT.replace("\"findings\": []", "\"findings\": [{\"code\": 3}]")),
            "line 6: not a dupdoctor report: invalid type: integer `3`, expected a string"
        );
        // Findings one a line are several values.
        assert!(said("{\"code\": \"DUP301\"}\n{\"code\": \"DUP302\"}\n").starts_with("line 2: not a dupdoctor report, not even JSON: "));
        assert!(said("[]").starts_with("line 1: not a dupdoctor report"));
    }
}
