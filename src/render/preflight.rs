//! The report of a preflight as text: what failed and could not be told, what to do about it, then the steps in order.

use super::checks::{of, sentence};
use super::clock::Clock;
use super::finding::{Step, fixed, indent, margin, place, remedy, section};
use super::flow::Part;
use super::page::{Page, spaces};
use super::style::{Style, Tone};
use super::words::Words;
use crate::ingest::InputKind;
use crate::report::{CheckEntry, CheckState, Finding, Report, Suggestion};
use crate::signature::Severity;
use unicode_width::UnicodeWidthStr;

/// So many proving lines are shown.
const LINES: usize = 4;

/// The report as text.
pub(super) fn preflight(report: &Report, checks: &[CheckEntry], style: &Style) -> String {
    let words = Words(style.lang);
    let mut page = Page::new(style);
    headline(&mut page, words, report, checks);
    list(&mut page, words, checks, &report.findings);
    let clock = Clock::new(style.zone, &[], None, None);
    for finding in report.findings.iter().filter(|f| f.severity > Severity::Info || style.all) {
        page.blank();
        whole(&mut page, words, &clock, finding);
    }
    steps(&mut page, words, report.steps.as_deref().unwrap_or_default());
    noted(&mut page, words, report);
    page.finish()
}

fn headline(page: &mut Page<'_>, words: Words, report: &Report, checks: &[CheckEntry]) {
    let configs = report.inputs.iter().filter(|i| i.kind == InputKind::Config).count();
    let answers = report.inputs.len() - configs;
    let read = [words.configs(configs), words.answer_files(answers), words.checks(checks.len())].join(words.separator());
    page.paragraph(0, Tone::Dim, &read);
    let (tone, text) = sentence(words, checks);
    page.paragraph(0, tone, &text);
}

/// What failed, what could not be told and what for, and how many passed.
fn list(page: &mut Page<'_>, words: Words, checks: &[CheckEntry], findings: &[Finding]) {
    let labels = [CheckState::Failed, CheckState::Unknown, CheckState::Passed].map(|s| words.check_state(s));
    let column = labels.iter().map(|l| l.width()).max().unwrap_or(0) + 3;
    let lead = |tone: Tone, label: &str| [Part::new(tone, &format!(" {label}")), spaces(column.saturating_sub(label.width() + 1))];
    page.blank();
    for check in of(checks, CheckState::Failed) {
        let worst = findings.iter().filter(|f| check.codes.contains(&f.code)).map(|f| f.severity).max().unwrap_or(Severity::Warning);
        let codes = Part::new(Tone::Dim, &format!("  {}", check.codes.join(" ")));
        page.beside(&lead(Tone::Grave(worst), labels[0]), column, &[Part::new(Tone::Plain, &check.title), codes]);
    }
    for check in of(checks, CheckState::Unknown) {
        page.beside(&lead(Tone::Grave(Severity::Warning), labels[1]), column, &[Part::new(Tone::Plain, &check.title)]);
        if let Some(needed) = &check.needs {
            page.beside(&[], column + 1, &[Part::new(Tone::Dim, &words.check_needs(needed))]);
        }
    }
    let passed: Vec<&CheckEntry> = of(checks, CheckState::Passed).collect();
    if page.style.all {
        for check in passed {
            page.beside(&lead(Tone::Good, labels[2]), column, &[Part::new(Tone::Plain, &check.title)]);
        }
    } else if !passed.is_empty() {
        page.beside(&lead(Tone::Good, labels[2]), column, &[Part::new(Tone::Plain, &words.checks_folded(passed.len()))]);
    }
}

fn whole(page: &mut Page<'_>, words: Words, clock: &Clock, finding: &Finding) {
    let indent = indent(words);
    let tone = Tone::Grave(finding.severity);
    page.rule();
    page.beside(&[Part::new(tone, &finding.code), spaces(2)], finding.code.width() + 2, &[Part::new(Tone::Bold, &finding.title)]);
    let how = [words.severity(finding.severity), words.confidence(finding.confidence)].join(words.separator());
    page.sides(&[], 1, &[Part::new(Tone::Dim, &finding.name)], &[Part::new(tone, &how)]);
    page.blank();
    section(page, indent, words.what(), &finding.explanation);
    section(page, indent, words.check_leads_to(), &finding.cause);
    let all = finding.evidence.len();
    let most = if page.style.verbose { all } else { LINES };
    for (index, evidence) in finding.evidence.iter().take(most).enumerate() {
        let room = page.columns() - indent;
        let label = if index == 0 { words.proof() } else { "" };
        page.beside(&margin(label, indent), indent, &[Part::new(Tone::Dim, &place(evidence, room))]);
        page.beside(&[], indent + 2, &[Part::new(Tone::Plain, &evidence.text)]);
    }
    if all > most {
        page.paragraph(indent, Tone::Dim, &words.more_evidence(all - most));
    }
    let steps: Vec<Step<'_>> = finding.suggestions.iter().map(|s| Step { text: clock.in_text(&s.text), commands: &s.commands }).collect();
    remedy(page, words, indent, &steps);
    if let Some(fixed_by) = &finding.fixed_by {
        fixed(page, words, indent, fixed_by, &finding.references);
    }
}

fn steps(page: &mut Page<'_>, words: Words, steps: &[Suggestion]) {
    if steps.is_empty() {
        return;
    }
    page.blank();
    page.rule();
    page.paragraph(0, Tone::Bold, words.steps_title());
    page.blank();
    let all: Vec<Step<'_>> = steps.iter().map(|s| Step { text: s.text.to_string(), commands: &s.commands }).collect();
    remedy(page, words, indent(words), &all);
}

/// What could not be used of the files, and what is neither configuration nor answer.
fn noted(page: &mut Page<'_>, words: Words, report: &Report) {
    let notes = report.inputs.iter().flat_map(|i| i.notes.iter().map(move |n| (i.path.as_str(), n.as_str())));
    let skipped = report.skipped.iter().map(|s| (s.path.as_str(), s.reason.as_str()));
    for (index, (path, what)) in notes.chain(skipped).enumerate() {
        if index == 0 {
            page.blank();
        }
        page.beside(&[Part::new(Tone::Dim, " -")], 3, &[Part::new(Tone::Dim, &format!("{path}{}{what}", words.colon()))]);
    }
}
