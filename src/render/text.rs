//! The report for somebody woken at night: whether it matters first, what to do next, details last.

use super::accepted;
use super::clock::Clock;
use super::comparison;
use super::coverage::coverage;
use super::finding::Findings;
use super::headline::{how_it_stands, what_was_read};
use super::page::Page;
use super::preflight::preflight;
use super::style::{Style, Tone};
use super::verdicts::verdicts;
use super::words::Words;
use crate::report::{Finding, Report};
use crate::signature::Severity;

/// Up to so many findings of one code are written out; of more, the first one only.
const ALIKE: usize = 2;

/// The report as text.
#[must_use]
pub fn text(report: &Report, style: &Style) -> String {
    if let Some(checks) = &report.checks {
        return preflight(report, checks, style);
    }
    let words = Words(style.lang);
    let clock = Clock::new(style.zone, &report.inputs, report.window.first, report.window.last);
    let mut page = Page::new(style);
    what_was_read(&mut page, words, &clock, report);
    how_it_stands(&mut page, words, report);
    verdicts(&mut page, words, report);
    if let Some(comparison) = &report.comparison {
        comparison::rows(&mut page, words, comparison);
    }
    let writer = Findings { words, clock: &clock };
    let (grave, info): (Vec<&Finding>, Vec<&Finding>) = report.findings.iter().partition(|f| f.severity > Severity::Info);
    // A consequence stands under its cause.
    let (consequences, info): (Vec<&Finding>, Vec<&Finding>) = info.into_iter().partition(|f| f.caused_by.is_some());
    write_grave(&mut page, words, &writer, &grave, &consequences);
    write_info(&mut page, words, &writer, &info);
    accepted::rows(&mut page, words, report);
    coverage(&mut page, words, report);
    page.finish()
}

fn write_grave(page: &mut Page<'_>, words: Words, writer: &Findings<'_>, findings: &[&Finding], consequences: &[&Finding]) {
    for (index, finding) in findings.iter().enumerate() {
        let alike: Vec<&Finding> = findings.iter().copied().filter(|f| f.code == finding.code).collect();
        let folds = alike.len() > ALIKE && !page.style.all;
        let first = !findings[..index].iter().any(|f| f.code == finding.code);
        if folds && !first {
            continue;
        }
        page.blank();
        let mine = |f: &&&Finding| f.caused_by.as_ref().is_some_and(|c| c.fingerprint == finding.fingerprint);
        let consequences: Vec<&Finding> = consequences.iter().filter(mine).copied().collect();
        writer.whole(page, finding, &consequences);
        if folds {
            page.blank();
            let note = format!("{} ({})", words.same_elsewhere(&finding.code, alike.len()), words.in_full_with_all());
            page.paragraph(1, Tone::Plain, &note);
            for other in &alike[1..] {
                writer.elsewhere(page, other);
            }
        }
    }
}

fn write_info(page: &mut Page<'_>, words: Words, writer: &Findings<'_>, findings: &[&Finding]) {
    if findings.is_empty() {
        return;
    }
    page.blank();
    if page.style.all || page.style.verbose {
        for finding in findings {
            writer.brief(page, finding);
        }
    } else {
        page.paragraph(0, Tone::Dim, &words.info_hidden(findings.len()));
    }
}
