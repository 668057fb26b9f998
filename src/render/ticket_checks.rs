//! The checks of a preflight in a ticket: what failed or could not be told as a table, what passed folded.

use super::checks::{of, sentence};
use super::document::{Block, Inline, Mood, Row, code, prose, strong, words as plain_words};
use super::ticket_finding::TicketFinding;
use super::words::Words;
use crate::report::{CheckEntry, CheckState, Suggestion};

/// How it stands.
pub(super) fn verdict(checks: &[CheckEntry], words: Words) -> Block {
    let (tone, text) = sentence(words, checks);
    Block::Panel(Mood::of(tone), vec![strong(text)])
}

/// The checks, those that need somebody first.
pub(super) fn table(checks: &[CheckEntry], words: Words) -> Vec<Block> {
    let open: Vec<Row> = of(checks, CheckState::Failed).chain(of(checks, CheckState::Unknown)).map(|check| row(check, words)).collect();
    let mut blocks = Vec::new();
    if !open.is_empty() {
        let head = [words.column_verdict(), words.column_check(), words.column_findings()];
        blocks.push(Block::Table { head: head.iter().map(|title| vec![plain_words(*title)]).collect(), rows: open });
    }
    let passed: Vec<Vec<Inline>> = of(checks, CheckState::Passed).map(|check| prose(&check.title)).collect();
    if !passed.is_empty() {
        let folded = format!("{} · {} ({})", words.checks_title(), words.check_state(CheckState::Passed), passed.len());
        blocks.push(Block::Fold(folded, vec![Block::List(passed)]));
    }
    blocks
}

fn row(check: &CheckEntry, words: Words) -> Row {
    let mut what = prose(&check.title);
    if let Some(needed) = &check.needs {
        what.push(plain_words(words.separator()));
        what.extend(prose(&words.check_needs(needed)));
    }
    let codes = check.codes.iter().enumerate().flat_map(|(i, c)| [plain_words(if i == 0 { "" } else { " " }), code(c)]);
    vec![vec![strong(words.check_state(check.state))], what, codes.skip(1).collect()]
}

/// The steps to take until `DS_LOG`.
pub(super) fn steps(writer: &TicketFinding<'_>, steps: &[Suggestion]) -> Vec<Block> {
    if steps.is_empty() {
        return Vec::new();
    }
    let mut blocks = vec![Block::Heading(3, vec![plain_words(writer.words.steps_title())])];
    writer.steps(&mut blocks, steps);
    blocks
}
