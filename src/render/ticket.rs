//! What a ticket says, whatever it is written in: summary, a section a finding, what was read.

use crate::render::accepted;
use crate::render::blocks::{Block, Inline, PanelKind, Row, code, codes, lines, list, reported, strong, words as own};
use crate::render::checks;
use crate::render::clock::Clock;
use crate::render::comparison;
use crate::render::content::{Content, Groups, steps, unread};
use crate::render::simple::{Labels, simple};
use crate::render::style::Style;
use crate::render::text::headline;
use crate::render::text::verdicts::{counts, notes, since};
use crate::render::words::Words;
use crate::report::{DuplicationEntry, Finding, Report, Verdict};

/// Rows of a table at most: of five hundred duplications that are stuck nobody reads all in a ticket.
const ROWS: usize = 40;

/// Subjects listed under a finding that others have, too.
const SUBJECTS: usize = 20;

/// The report as a document with at most about so many characters.
pub(super) fn ticket<'r>(report: &'r Report, clock: &'r Clock, style: &Style, most: usize) -> Vec<Block<'r>> {
    let words = Words(style.lang);
    let content = Content { words, clock, report: Some(report) };
    let mut blocks = vec![Block::Heading(2, vec![own(words.report_title())])];
    let (tone, sentence, hints) = headline::verdict(words, clock, report);
    blocks.push(Block::Panel(PanelKind::of(tone), vec![strong(sentence)]));
    if !hints.is_empty() && !report.inputs.is_empty() && !report.duplications.is_empty() {
        blocks.push(lines(hints.iter().map(String::as_str)));
    }
    match &report.checks {
        Some(checks) => blocks.extend(checks::blocks(words, checks)),
        None => blocks.extend(table(report, &content)),
    }
    blocks.extend(report.comparison.iter().flat_map(|c| comparison::blocks(c, words)));
    let mut end = Vec::new();
    let way = steps(report.steps.iter().flatten().map(|s| (clock.in_text(&s.text), s.commands.as_slice())));
    if !way.is_empty() {
        end.push(Block::Heading(3, vec![own(words.steps_title())]));
        end.extend(simple(&content, Labels::Inline, way));
    }
    end.extend(closing(report, words, clock));
    let left = most.saturating_sub(size(&blocks) + size(&end));
    blocks.extend(findings(report, &content, style, left));
    blocks.extend(end);
    blocks
}

/// The duplications that need somebody; the others are counted.
fn table<'r>(report: &'r Report, content: &Content<'r>) -> Vec<Block<'r>> {
    let words = content.words;
    let (shown, others): (Vec<&DuplicationEntry>, Vec<&DuplicationEntry>) =
        report.duplications.iter().partition(|d| d.verdict.needs_somebody() || d.verdict == Verdict::Unknown);
    let mut blocks = Vec::new();
    if !shown.is_empty() {
        let head =
            [words.column_verdict(), words.column_duplication(), words.column_target(), words.column_status(), words.column_findings()];
        let head: Row = head.iter().map(|title| vec![own(*title)]).collect();
        let rows = shown.iter().take(ROWS).map(|entry| row(entry, content)).collect();
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
        blocks.push(Block::Paragraph(vec![own(rest.join(words.separator()))]));
    }
    blocks
}

fn row(entry: &DuplicationEntry, content: &Content<'_>) -> Row {
    let words = content.words;
    let mut who = vec![entry.identity.app_name.as_deref().map_or_else(|| own(words.name_unknown()), code)];
    if let Some(key) = entry.identity.key() {
        who.extend([own(" "), code(&key.to_string())]);
    }
    vec![
        vec![strong(words.verdict(entry.verdict))],
        who,
        content.target(entry),
        vec![reported(std::iter::once(since(words, entry)).chain(notes(words, entry)).collect::<Vec<_>>().join(words.semicolon()))],
        codes(&entry.findings),
    ]
}

fn findings<'r>(report: &'r Report, content: &Content<'r>, style: &Style, mut left: usize) -> Vec<Block<'r>> {
    let words = content.words;
    let groups = Groups::of(report, style.all);
    let mut blocks = Vec::new();
    let mut brief: Vec<&Finding> = Vec::new();
    for group in &groups.grave {
        let finding = group.finding;
        let mut section = section(content, finding, &group.consequences);
        if !group.others.is_empty() {
            section.push(Block::Paragraph(vec![own(words.same_elsewhere(&finding.code, group.others.len() + 1))]));
            section.extend(list(words, &group.others, SUBJECTS, |f| content.subject_line(f)));
        }
        match left.checked_sub(size(&section)) {
            Some(rest) => {
                left = rest;
                blocks.extend(section);
            }
            None => brief.push(finding),
        }
    }
    for (title, findings) in [(words.in_short(), brief), (words.for_information(), groups.info)] {
        if !findings.is_empty() {
            let body = list(words, &findings, ROWS, |f| content.title_line(f));
            blocks.push(Block::Fold(format!("{title} ({})", findings.len()), body));
        }
    }
    blocks
}

/// All there is to say about a finding.
fn section<'r>(content: &Content<'r>, finding: &'r Finding, consequences: &[&'r Finding]) -> Vec<Block<'r>> {
    let words = content.words;
    let title = vec![own(format!("{}{}", finding.code, words.colon())), reported(content.clock.in_text(&finding.title))];
    let mut about = content.subject_line(finding);
    about.extend([own(words.separator()), own("fingerprint "), code(&finding.fingerprint)]);
    let mut blocks = vec![Block::Heading(3, title), Block::Paragraph(vec![strong(content.how(finding))]), Block::Paragraph(about)];
    blocks.extend(simple(content, Labels::Inline, content.finding(finding, consequences)));
    blocks
}

/// What is accepted, what was read and what was not.
fn closing<'r>(report: &Report, words: Words, clock: &Clock) -> Vec<Block<'r>> {
    let mut blocks = accepted::blocks(report, words);
    let mut first = vec![own(words.read(&report.summary))];
    if let (Some(from), Some(to)) = (report.window.first, report.window.last) {
        first.extend([own(words.separator()), code(&clock.window(from.0, to.0))]);
    }
    let mut body = vec![Block::Paragraph(first)];
    let more = |count: usize| (count > ROWS).then(|| Block::Paragraph(vec![own(words.and_more(count - ROWS))]));
    if !report.inputs.is_empty() {
        body.push(lines(report.inputs.iter().take(ROWS).map(|i| i.path.as_str())));
    }
    body.extend(more(report.inputs.len()));
    for one in unread(words, report) {
        let label = strong(format!("{}{}", one.label, words.colon().trim_end()));
        body.push(Block::Paragraph(vec![label, own(format!(" {}", one.sentence))]));
        body.push(lines(one.inputs.iter().take(ROWS).map(String::as_str)));
    }
    blocks.push(Block::Fold(words.logs_read().to_owned(), body));
    blocks.push(Block::Paragraph(vec![own(words.made_by(&report.tool.version))]));
    blocks
}

/// About how many characters it comes to.
fn size(blocks: &[Block<'_>]) -> usize {
    let inlines = |parts: &[Inline]| -> usize {
        let one = |part: &Inline| match part {
            Inline::Text(text) | Inline::Strong(text) | Inline::Reported(text) | Inline::Code(text) => text.chars().count() + 4,
            Inline::Link { text, href } => text.len() + href.len() + 6,
        };
        parts.iter().map(one).sum()
    };
    let row = |row: &Row| row.iter().map(|cell| inlines(cell) + 3).sum::<usize>() + 2;
    let one = |block: &Block<'_>| match block {
        Block::Heading(_, text) | Block::Paragraph(text) | Block::Note(text) | Block::Panel(_, text) => inlines(text) + 8,
        Block::List(items) | Block::Rows(items) => items.iter().map(|item| inlines(item) + 3).sum(),
        Block::Table { head, rows } => row(head) + rows.iter().map(row).sum::<usize>() + 40,
        Block::Code(text) => text.chars().count() + 16,
        Block::Fold(title, body) => title.chars().count() + 50 + size(body),
        Block::Labelled(..) | Block::Proof(_) | Block::Consequences(_) | Block::Steps(_) | Block::Command(_) | Block::Gap => 0,
    };
    blocks.iter().map(one).sum()
}
