//! The checks of a preflight: how they stand, as rows of text and in a ticket.

use crate::ingest::InputKind;
use crate::render::blocks::{Block, Line, Row, codes, reported, strong, words as own};
use crate::render::style::Tone;
use crate::render::text::flow::Part;
use crate::render::text::page::{Page, spaces};
use crate::render::words::Words;
use crate::report::{CheckEntry, CheckState, Finding, Report};
use crate::signature::Severity;
use unicode_width::UnicodeWidthStr;

/// How it stands in one sentence.
pub(super) fn sentence(words: Words, checks: &[CheckEntry]) -> (Tone, String) {
    match (of(checks, CheckState::Failed).count(), of(checks, CheckState::Unknown).count()) {
        (0, 0) => (Tone::Good, words.checks_passed().to_owned()),
        (0, unknown) => (Tone::Good, words.checks_unknown(unknown)),
        (failed, 0) => (Tone::Grave(Severity::Critical), words.checks_failed(failed, checks.len())),
        (failed, unknown) => (Tone::Grave(Severity::Critical), words.checks_failed_or_unknown(failed, checks.len(), unknown)),
    }
}

/// Those of a state, in the order of the report.
pub(super) fn of(checks: &[CheckEntry], state: CheckState) -> impl Iterator<Item = &CheckEntry> {
    checks.iter().filter(move |c| c.state == state)
}

/// What failed, what could not be told and what for, and how many passed.
pub(super) fn rows(page: &mut Page<'_>, words: Words, checks: &[CheckEntry], findings: &[Finding]) {
    let states = [CheckState::Failed, CheckState::Unknown, CheckState::Passed];
    let column = 3 + states.iter().map(|s| words.check_state(*s).width()).max().unwrap_or(0);
    let lead = |tone: Tone, state: CheckState| {
        let label = words.check_state(state);
        [Part::new(tone, &format!(" {label}")), spaces(column.saturating_sub(label.width() + 1))]
    };
    page.blank();
    for check in of(checks, CheckState::Failed) {
        let worst = findings.iter().filter(|f| check.codes.contains(&f.code)).map(|f| f.severity).max().unwrap_or(Severity::Warning);
        let codes = Part::new(Tone::Dim, &format!("  {}", check.codes.join(" ")));
        page.beside(&lead(Tone::Grave(worst), check.state), column, &[Part::new(Tone::Plain, &check.title), codes]);
    }
    for check in of(checks, CheckState::Unknown) {
        page.beside(&lead(Tone::Grave(Severity::Warning), check.state), column, &[Part::new(Tone::Plain, &check.title)]);
        if let Some(needed) = &check.needs {
            page.beside(&[], column + 1, &[Part::new(Tone::Dim, &words.check_needs(needed))]);
        }
    }
    let mut passed: Vec<String> = of(checks, CheckState::Passed).map(|check| check.title.clone()).collect();
    if !page.style.all && !passed.is_empty() {
        passed = vec![words.checks_folded(passed.len())];
    }
    for text in passed {
        page.beside(&lead(Tone::Good, CheckState::Passed), column, &[Part::new(Tone::Plain, &text)]);
    }
}

/// For tickets: what failed or could not be told as a table, what passed folded.
pub(super) fn blocks<'r>(words: Words, checks: &[CheckEntry]) -> Vec<Block<'r>> {
    let open: Vec<Row> = of(checks, CheckState::Failed).chain(of(checks, CheckState::Unknown)).map(|check| row(check, words)).collect();
    let mut blocks = Vec::new();
    if !open.is_empty() {
        let head = [words.column_verdict(), words.column_check(), words.column_findings()];
        blocks.push(Block::Table { head: head.iter().map(|title| vec![own(*title)]).collect(), rows: open });
    }
    let passed: Vec<Line> = of(checks, CheckState::Passed).map(|check| vec![reported(check.title.clone())]).collect();
    if !passed.is_empty() {
        let folded = format!("{} · {} ({})", words.checks_title(), words.check_state(CheckState::Passed), passed.len());
        blocks.push(Block::Fold(folded, vec![Block::List(passed)]));
    }
    blocks
}

fn row(check: &CheckEntry, words: Words) -> Row {
    let mut what = vec![reported(check.title.clone())];
    if let Some(needed) = &check.needs {
        what.extend([own(words.separator()), reported(words.check_needs(needed))]);
    }
    vec![vec![strong(words.check_state(check.state))], what, codes(&check.codes)]
}

/// How many configurations and answers were read, and how many checks were made.
pub(super) fn what_was_read(words: Words, report: &Report, checks: &[CheckEntry]) -> String {
    let configs = report.inputs.iter().filter(|i| i.kind == InputKind::Config).count();
    [words.configs(configs), words.answer_files(report.inputs.len() - configs), words.checks(checks.len())].join(words.separator())
}
