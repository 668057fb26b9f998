//! What a ticket says, whatever it is written in: summary, a section a finding, what was read.

use super::accepted;
use super::clock::Clock;
use super::comparison;
use super::document::{Block, Inline, Mood, Row, code, lines, prose, strong, words as plain_words};
use super::headline;
use super::style::Style;
use super::ticket_checks;
use super::ticket_finding::TicketFinding;
use super::verdicts::{counts, needs_somebody, since};
use super::words::Words;
use crate::report::number::bytes;
use crate::report::{DuplicationEntry, Finding, Report, Verdict};
use crate::signature::Severity;

/// Rows of a table at most: of five hundred duplications that are stuck nobody reads all in a ticket.
const ROWS: usize = 40;

/// Subjects listed under a finding that others have, too.
const SUBJECTS: usize = 20;

/// Findings of one code that are written out: the others differ in their subject only.
const ALIKE: usize = 1;

/// The report as a document with at most about so many characters.
pub(super) fn ticket(report: &Report, style: &Style, most: usize) -> Vec<Block> {
    let words = Words(style.lang);
    let clock = Clock::new(style.zone, &report.inputs, report.window.first, report.window.last);
    let mut blocks = vec![Block::Heading(2, vec![plain_words(words.report_title())])];
    if let Some(checks) = &report.checks {
        blocks.push(ticket_checks::verdict(checks, words));
        blocks.extend(ticket_checks::table(checks, words));
    } else {
        blocks.push(verdict(report, words));
        blocks.extend(table(report, words));
    }
    if let Some(comparison) = &report.comparison {
        blocks.extend(comparison::blocks(comparison, words));
    }
    let writer = TicketFinding { report, words, clock: &clock };
    let mut end = ticket_checks::steps(&writer, report.steps.as_deref().unwrap_or_default());
    end.extend(closing(report, words, &clock));
    let mut left = most.saturating_sub(size(&blocks) + size(&end));
    blocks.extend(findings(report, words, &clock, style, &mut left));
    blocks.extend(end);
    blocks
}

/// How it stands in one sentence.
fn verdict(report: &Report, words: Words) -> Block {
    let (tone, text, _) = headline::verdict(words, report);
    Block::Panel(Mood::of(tone), vec![strong(text)])
}

/// The duplications that need somebody; the others are counted.
fn table(report: &Report, words: Words) -> Vec<Block> {
    let (shown, others): (Vec<&DuplicationEntry>, Vec<&DuplicationEntry>) =
        report.duplications.iter().partition(|d| needs_somebody(d.verdict) || d.verdict == Verdict::Unknown);
    let mut blocks = Vec::new();
    if !shown.is_empty() {
        let head =
            [words.column_verdict(), words.column_duplication(), words.column_target(), words.column_status(), words.column_findings()];
        let head: Row = head.iter().map(|title| vec![plain_words(*title)]).collect();
        let rows = shown.iter().take(ROWS).map(|entry| row(entry, words)).collect();
        blocks.push(Block::Table { head, rows });
    }
    let mut rest: Vec<String> = Vec::new();
    if shown.len() > ROWS {
        rest.push(words.and_more(shown.len() - ROWS));
    }
    if !others.is_empty() {
        rest.push(words.and_others(&words.census(&counts(&others.iter().map(|d| d.verdict).collect::<Vec<_>>()))));
    }
    if !rest.is_empty() && !report.inputs.is_empty() {
        blocks.push(Block::Paragraph(vec![plain_words(rest.join(words.separator()))]));
    }
    blocks
}

fn row(entry: &DuplicationEntry, words: Words) -> Row {
    let mut who = vec![entry.app_name.as_deref().map_or_else(|| plain_words(words.name_unknown()), code)];
    if let (Some(app), Some(dup)) = (entry.app_id, entry.dup_id) {
        who.extend([plain_words(" "), code(&format!("a{}d{}", app.0, dup.0))]);
    }
    let codes: Vec<Inline> =
        entry.findings.iter().enumerate().flat_map(|(i, c)| [plain_words(if i == 0 { "" } else { " " }), code(c)]).skip(1).collect();
    vec![vec![strong(words.verdict(entry.verdict))], who, target(entry, words), prose(&since(words, entry)), codes]
}

/// The follower's cluster and table.
pub(super) fn target(entry: &DuplicationEntry, words: Words) -> Vec<Inline> {
    match (&entry.remote_cluster, &entry.remote_app_name) {
        (Some(cluster), Some(table)) => vec![code(cluster), plain_words(" / "), code(table)],
        (Some(one), None) | (None, Some(one)) => vec![code(one)],
        (None, None) => vec![plain_words(words.follower_unknown())],
    }
}

fn findings(report: &Report, words: Words, clock: &Clock, style: &Style, left: &mut usize) -> Vec<Block> {
    let (grave, info): (Vec<&Finding>, Vec<&Finding>) = report.findings.iter().partition(|f| f.severity > Severity::Info);
    let (consequences, info): (Vec<&Finding>, Vec<&Finding>) = info.into_iter().partition(|f| f.caused_by.is_some());
    let writer = TicketFinding { report, words, clock };
    let mut blocks = Vec::new();
    let mut brief: Vec<&Finding> = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for finding in &grave {
        let alike: Vec<&Finding> = grave.iter().copied().filter(|f| f.code == finding.code).collect();
        let folds = alike.len() > ALIKE + 1 && !style.all;
        if folds && seen.contains(&finding.code.as_str()) {
            continue;
        }
        seen.push(&finding.code);
        let mine = |f: &&&Finding| f.caused_by.as_ref().is_some_and(|c| c.fingerprint == finding.fingerprint);
        let consequences: Vec<&Finding> = consequences.iter().filter(mine).copied().collect();
        let mut section = writer.section(finding, &consequences);
        if folds {
            let items = alike[1..].iter().take(SUBJECTS).map(|f| writer.subject_line(f)).collect();
            section.push(Block::Paragraph(vec![plain_words(words.same_elsewhere(&finding.code, alike.len()))]));
            section.push(Block::List(items));
            if alike.len() - 1 > SUBJECTS {
                section.push(Block::Paragraph(vec![plain_words(words.and_more(alike.len() - 1 - SUBJECTS))]));
            }
        }
        let size = size(&section);
        if size <= *left {
            *left -= size;
            blocks.extend(section);
        } else {
            brief.push(finding);
        }
    }
    for (title, list) in [(words.in_short(), brief), (words.for_information(), info)] {
        let items: Vec<Vec<Inline>> = list.iter().take(ROWS).map(|f| writer.title_line(f)).collect();
        let mut body = vec![Block::List(items)];
        if list.len() > ROWS {
            body.push(Block::Paragraph(vec![plain_words(words.and_more(list.len() - ROWS))]));
        }
        if !list.is_empty() {
            blocks.push(Block::Fold(format!("{title} ({})", list.len()), body));
        }
    }
    blocks
}

/// What is accepted, what was read and what was not.
fn closing(report: &Report, words: Words, clock: &Clock) -> Vec<Block> {
    let summary = &report.summary;
    let mut blocks = accepted::blocks(report, words);
    let read = [words.servers(summary.servers), words.files(summary.inputs), bytes(summary.bytes), words.lines(summary.lines)];
    let mut first = vec![plain_words(read.join(words.separator()))];
    if let (Some(from), Some(to)) = (report.window.first, report.window.last) {
        first.extend([plain_words(words.separator()), code(&clock.window(from.0, to.0))]);
    }
    let mut body = vec![Block::Paragraph(first)];
    let inputs = report.inputs.iter().take(ROWS).map(|i| i.path.as_str());
    if !report.inputs.is_empty() {
        body.push(lines(inputs));
    }
    if report.inputs.len() > ROWS {
        body.push(Block::Paragraph(vec![plain_words(words.and_more(report.inputs.len() - ROWS))]));
    }
    if !report.skipped.is_empty() {
        body.push(Block::Paragraph(vec![
            strong(format!("{}{}", words.not_read(), words.colon().trim_end())),
            plain_words(format!(" {}", words.skipped(report.skipped.len()))),
        ]));
        let reasons: Vec<String> = report
            .skipped
            .iter()
            .take(ROWS)
            .map(|s| [s.path.as_str(), s.reason.as_str()].join(if s.path.is_empty() { "" } else { ": " }))
            .collect();
        body.push(lines(reasons.iter().map(String::as_str)));
    }
    if summary.drifted > 0 {
        let files = report.inputs.iter().filter(|i| i.drifted > 0).count();
        body.push(Block::Paragraph(vec![plain_words(words.drifted(summary.drifted, &words.files(files)))]));
    }
    blocks.push(Block::Fold(words.logs_read().to_owned(), body));
    blocks.push(Block::Paragraph(vec![plain_words(words.made_by(&report.tool.version))]));
    blocks
}

/// About how many characters it comes to.
fn size(blocks: &[Block]) -> usize {
    let inlines = |parts: &[Inline]| -> usize {
        let one = |part: &Inline| match part {
            Inline::Text(text) | Inline::Strong(text) | Inline::Code(text) => text.chars().count() + 4,
            Inline::Link { text, href } => text.len() + href.len() + 6,
        };
        parts.iter().map(one).sum()
    };
    let row = |row: &Row| row.iter().map(|cell| inlines(cell) + 3).sum::<usize>() + 2;
    let one = |block: &Block| match block {
        Block::Heading(_, text) | Block::Paragraph(text) | Block::Panel(_, text) => inlines(text) + 8,
        Block::List(items) => items.iter().map(|item| inlines(item) + 3).sum(),
        Block::Table { head, rows } => row(head) + rows.iter().map(row).sum::<usize>() + 40,
        Block::Code(text) => text.chars().count() + 16,
        Block::Fold(title, body) => title.chars().count() + 50 + size(body),
    };
    blocks.iter().map(one).sum()
}
