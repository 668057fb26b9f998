//! Annotations of a GitHub workflow: one line for each finding, at the line that proves it.

use crate::render::clock::Clock;
use crate::render::escape::plain;
use crate::render::style::Style;
use crate::render::words::Words;
use crate::report::{Finding, Report};
use crate::signature::Severity;
use std::fmt::Write as _;

/// Workflow commands, which a job prints.
#[must_use]
pub(super) fn github(report: &Report, style: &Style) -> String {
    let (words, clock) = (Words(style.lang), Clock::of(report, style.zone).dated());
    let mut out = String::new();
    for finding in report.findings.iter().filter(|f| style.all || f.severity > Severity::Info) {
        let level = match finding.severity {
            Severity::Critical | Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "notice",
        };
        let place = finding.evidence.first().map(|evidence| {
            let line = evidence.line.map(|line| format!(",line={line}")).unwrap_or_default();
            format!("file={}{line},", property(&evidence.path))
        });
        let title = property(&format!("{} {}", finding.code, clock.in_text(&finding.title)));
        let _ = writeln!(out, "::{level} {}title={title}::{}", place.unwrap_or_default(), message(&told(words, &clock, finding)));
    }
    out
}

/// Whom it is about and what goes on.
fn told(words: Words, clock: &Clock, finding: &Finding) -> String {
    let table = finding.duplication.as_ref().map(|dup| words.source_table(dup.app_name.as_deref(), dup.app_id));
    let about = table.or_else(|| finding.server.clone()).map(|about| format!("{about}{}", words.colon())).unwrap_or_default();
    format!("{about}{}", clock.in_text(&finding.explanation))
}

/// No text may end the command, or begin another one.
fn message(text: &str) -> String {
    plain(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::samples::{hostile, stuck};

    #[test]
    fn each_finding_is_one_command() {
        let text = github(&stuck(), &Style::default());
        assert!(text.starts_with("::error file=meta1/meta.log.20240524_172157_120,line=17,title=DUP301 "), "{text}");
        for report in [stuck(), hostile()] {
            let text = github(&report, &Style { all: true, ..Style::default() });
            assert_eq!(text.lines().count(), report.findings.len(), "{text}");
            assert!(text.lines().all(|line| line.starts_with("::")), "{text}");
        }
    }
}
