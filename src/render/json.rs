//! The report as JSON: the serialisation is the contract, this only lays it out.

use crate::render::escape::json_escaped;
use crate::report::{Chapter, Report, finding_lines};
use serde::Serialize;
use std::io::{self, BufWriter, Write};

/// The report, indented, with a line end.
#[must_use]
pub fn json(report: &Report) -> String {
    pretty(report)
}

/// The report as [`json`] gives it, written piece by piece: that of 100,000 duplications has some 600 MB.
///
/// # Errors
///
/// When `out` cannot be written to.
pub fn write_json(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut out = Escaping(BufWriter::with_capacity(1 << 16, out));
    serde_json::to_writer_pretty(&mut out, report)?;
    out.write_all(b"\n")?;
    out.flush()
}

/// Escapes what passes through. `serde_json` writes the parts of a text in one piece each, so that no character is cut.
struct Escaping<W: Write>(W);

impl<W: Write> Write for Escaping<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        // Nearly all parts are a few such characters.
        if bytes.iter().all(|byte| matches!(byte, b' '..=b'~' | b'\n')) {
            return self.0.write_all(bytes);
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => self.0.write_all(json_escaped(text).as_bytes()),
            Err(_) => self.0.write_all(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// One finding a line, each with all that is needed to understand it alone.
#[must_use]
pub fn ndjson(report: &Report) -> String {
    // Plain data with string keys always serialises, so nothing is left out here.
    let lines = finding_lines(report).filter_map(|line| serde_json::to_string(&line).ok());
    lines.flat_map(|line| [json_escaped(&line).into_owned(), "\n".to_owned()]).collect()
}

/// The histories as one array, indented, with a line end.
#[must_use]
pub fn timeline_json(chapters: &[Chapter]) -> String {
    pretty(chapters)
}

pub(super) fn pretty<T: Serialize + ?Sized>(value: &T) -> String {
    // Plain data with string keys always serialises.
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    format!("{}\n", json_escaped(&text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::samples;

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
    fn json_written_piece_by_piece_is_the_same() {
        let mut report = samples::stuck();
        report.findings[0].title = "a\nb\u{85}\u{2028}\u{9b}c \"多个\" \u{1b}[31m\u{7f}".to_owned();
        let mut written = Vec::new();
        assert!(write_json(&report, &mut written).is_ok());
        assert_eq!(String::from_utf8_lossy(&written), json(&report));
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
