//! What is new, still there and gone since an earlier report: for people.

use super::document::{Block, Inline, code, prose, strong, words as plain_words};
use super::flow::Part;
use super::page::Page;
use super::style::Tone;
use super::words::{CHANGED_FIELD, Words};
use crate::report::{ChangedDuplication, ChangedField, ComparedFinding, Comparison, StillFinding};
use std::fmt::Write as _;

/// So many of a kind are listed.
const MOST: usize = 40;

/// Above all other rows of the text report: what the reader does not know yet.
pub(super) fn rows(page: &mut Page<'_>, words: Words, comparison: &Comparison) {
    page.blank();
    page.paragraph(0, Tone::Bold, &title(words, comparison));
    let new = comparison.new.iter().map(|f| (Tone::Grave(f.severity), f, String::new()));
    part(page, words, words.known_new(), &new.collect::<Vec<_>>());
    let still = comparison.still.iter().map(|s| (Tone::Plain, &s.finding, changes(words, &s.changed)));
    part(page, words, words.known_still(), &still.collect::<Vec<_>>());
    let gone = comparison.gone.iter().map(|g| (Tone::Good, &g.finding, words.how_gone(g.how).to_owned()));
    part(page, words, words.known_gone(), &gone.collect::<Vec<_>>());
    for entry in comparison.duplications.iter().take(MOST) {
        page.beside(&[Part::new(Tone::Plain, "  ")], 4, &[Part::new(Tone::Plain, &changed(words, entry))]);
    }
    if comparison.duplications.len() > MOST {
        page.paragraph(2, Tone::Dim, &words.and_more(comparison.duplications.len() - MOST));
    }
}

fn part(page: &mut Page<'_>, words: Words, label: &str, findings: &[(Tone, &ComparedFinding, String)]) {
    let head = if findings.is_empty() { words.known_nothing().to_owned() } else { findings.len().to_string() };
    page.paragraph(1, Tone::Plain, &format!("{label}{}{head}", words.colon()));
    for (tone, finding, more) in findings.iter().take(MOST) {
        let code = Part::new(*tone, &format!("   {}  ", finding.code));
        let mut text = format!("{}{}{}", subject(words, finding), words.colon(), finding.title);
        if !more.is_empty() {
            let _ = write!(text, " ({more})");
        }
        let indent = code.width();
        page.beside(&[code], indent, &[Part::new(Tone::Plain, &text)]);
    }
    if findings.len() > MOST {
        page.paragraph(3, Tone::Dim, &words.and_more(findings.len() - MOST));
    }
}

/// For tickets.
pub(super) fn blocks(comparison: &Comparison, words: Words) -> Vec<Block> {
    let mut blocks = vec![Block::Heading(3, prose(&title(words, comparison)))];
    let one = |finding: &ComparedFinding, more: &str| {
        let mut line: Vec<Inline> = vec![strong(finding.code.clone()), plain_words(" ")];
        line.extend([code(&subject(words, finding)), plain_words(words.colon())]);
        line.extend(prose(&finding.title));
        if !more.is_empty() {
            line.extend([plain_words(" (")].into_iter().chain(prose(more)).chain([plain_words(")")]));
        }
        line
    };
    let new: Vec<_> = comparison.new.iter().map(|f| one(f, words.severity(f.severity))).collect();
    let still: Vec<_> = comparison.still.iter().map(|s: &StillFinding| one(&s.finding, &changes(words, &s.changed))).collect();
    let gone: Vec<_> = comparison.gone.iter().map(|g| one(&g.finding, words.how_gone(g.how))).collect();
    let dups: Vec<_> = comparison.duplications.iter().map(|d| prose(&changed(words, d))).collect();
    for (label, items) in [(words.known_new(), new), (words.known_still(), still), (words.known_gone(), gone), (words.duplications(), dups)]
    {
        blocks.push(Block::Paragraph(vec![strong(format!("{label} ({})", items.len()))]));
        let more = items.len().saturating_sub(MOST);
        if !items.is_empty() {
            blocks.push(Block::List(items.into_iter().take(MOST).collect()));
        }
        if more > 0 {
            blocks.push(Block::Paragraph(vec![plain_words(words.and_more(more))]));
        }
    }
    blocks
}

fn title(words: Words, comparison: &Comparison) -> String {
    match &comparison.until {
        Some(until) => words.since_report_until(&comparison.path, until),
        None => words.since_report(&comparison.path),
    }
}

/// The table, the server or the ids.
fn subject(words: Words, finding: &ComparedFinding) -> String {
    let Some(about) = &finding.duplication else {
        return finding.server.as_ref().map_or_else(|| words.name_unknown().to_owned(), |s| words.on_server(s));
    };
    let mut text = about.app_name.clone().unwrap_or_else(|| words.name_unknown().to_owned());
    if let (Some(app), Some(dup)) = (about.app_id, about.dup_id) {
        let _ = write!(text, " a{}d{}", app.0, dup.0);
    }
    text
}

/// `severity warning → error, times 3 → 97`
fn changes(words: Words, changed: &[ChangedField]) -> String {
    let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "–".to_owned());
    let one = |c: &ChangedField| {
        format!("{} {} → {}", words.named(CHANGED_FIELD, &c.field).unwrap_or(&c.field), shown(&c.before), shown(&c.after))
    };
    changed.iter().map(one).collect::<Vec<_>>().join(words.separator())
}

/// `orders a5d17: in-progress DS_APP → stuck DS_APP`
fn changed(words: Words, entry: &ChangedDuplication) -> String {
    let about = &entry.duplication;
    let mut text = about.app_name.clone().unwrap_or_else(|| words.name_unknown().to_owned());
    if let (Some(app), Some(dup)) = (about.app_id, about.dup_id) {
        let _ = write!(text, " a{}d{}", app.0, dup.0);
    }
    let state = |verdict: &Option<String>, status: &Option<String>| {
        let parts: Vec<&str> = [verdict.as_deref(), status.as_deref()].into_iter().flatten().collect();
        if parts.is_empty() { words.unknown().to_owned() } else { parts.join(" ") }
    };
    let (before, after) = (state(&entry.verdict_before, &entry.status_before), state(&entry.verdict, &entry.status));
    format!("{text}{}{before} → {after}", words.colon())
}
