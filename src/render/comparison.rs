//! What is new, still there and gone since an earlier report: for people.

use crate::pegasus::DupKey;
use crate::render::blocks::{Block, Line, code, list, reported, strong, words as own};
use crate::render::style::Tone;
use crate::render::text::flow::Part;
use crate::render::text::page::Page;
use crate::render::words::{CHANGED_FIELD, Words};
use crate::report::{ChangedDuplication, ChangedField, ComparedFinding, Comparison, DuplicationRef};
use std::fmt::Write as _;

/// So many of a kind are listed.
const MOST: usize = 40;

/// A finding of the comparison: its tone in a terminal, and what is to be said of it.
type Compared<'r> = (Tone, &'r ComparedFinding, String);

/// What is new, what is still there, what is gone; each with its name.
fn parts(words: Words, comparison: &Comparison) -> [(&'static str, Vec<Compared<'_>>); 3] {
    let new = comparison.new.iter().map(|f| (Tone::Grave(f.severity), f, words.severity(f.severity).to_owned()));
    let still = comparison.still.iter().map(|s| (Tone::Plain, &s.finding, changes(words, &s.changed)));
    let gone = comparison.gone.iter().map(|g| (Tone::Good, &g.finding, words.how_gone(g.how).to_owned()));
    [(words.known_new(), new.collect()), (words.known_still(), still.collect()), (words.known_gone(), gone.collect())]
}

/// Above all other rows of the text report: what the reader does not know yet.
pub(super) fn rows(page: &mut Page<'_>, words: Words, comparison: &Comparison) {
    page.blank();
    page.paragraph(0, Tone::Bold, &title(words, comparison));
    for (label, findings) in parts(words, comparison) {
        let head = if findings.is_empty() { words.known_nothing().to_owned() } else { findings.len().to_string() };
        page.paragraph(1, Tone::Plain, &format!("{label}{}{head}", words.colon()));
        for (tone, finding, more) in findings.iter().take(MOST) {
            let code = Part::new(*tone, &format!("   {}  ", finding.code));
            // How grave it is shows in the colour of a new one.
            let more = if more.is_empty() || matches!(tone, Tone::Grave(_)) { String::new() } else { format!(" ({more})") };
            let text = format!("{}{}{}{more}", subject(words, finding), words.colon(), finding.title);
            let indent = code.width();
            page.beside(&[code], indent, &[Part::new(Tone::Plain, &text)]);
        }
        if findings.len() > MOST {
            page.paragraph(3, Tone::Dim, &words.and_more(findings.len() - MOST));
        }
    }
    for entry in comparison.duplications.iter().take(MOST) {
        page.beside(&[Part::new(Tone::Plain, "  ")], 4, &[Part::new(Tone::Plain, &changed(words, entry))]);
    }
    if comparison.duplications.len() > MOST {
        page.paragraph(2, Tone::Dim, &words.and_more(comparison.duplications.len() - MOST));
    }
}

/// For tickets.
pub(super) fn blocks<'r>(comparison: &Comparison, words: Words) -> Vec<Block<'r>> {
    let one = |(_, finding, more): &Compared<'_>| -> Line {
        let mut line = vec![strong(finding.code.clone()), own(" "), code(&subject(words, finding)), own(words.colon())];
        line.push(reported(finding.title.clone()));
        if !more.is_empty() {
            line.extend([own(" ("), reported(more.clone()), own(")")]);
        }
        line
    };
    let mut blocks = vec![Block::Heading(3, vec![reported(title(words, comparison))])];
    let head = |label: &str, count: usize| Block::Paragraph(vec![strong(format!("{label} ({count})"))]);
    for (label, findings) in parts(words, comparison) {
        blocks.push(head(label, findings.len()));
        blocks.extend(list(words, &findings, MOST, one));
    }
    blocks.push(head(words.duplications(), comparison.duplications.len()));
    blocks.extend(list(words, &comparison.duplications, MOST, |d| vec![reported(changed(words, d))]));
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
    match (&finding.duplication, &finding.server) {
        (Some(about), _) => table(words, about),
        (None, Some(server)) => words.on_server(server),
        (None, None) => words.name_unknown().to_owned(),
    }
}

/// `orders a5d17`
fn table(words: Words, about: &DuplicationRef) -> String {
    let mut text = about.app_name.clone().unwrap_or_else(|| words.name_unknown().to_owned());
    if let Some(key) = DupKey::of(about.app_id, about.dup_id) {
        let _ = write!(text, " {key}");
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
    let state = |verdict: &Option<String>, status: &Option<String>| {
        let parts: Vec<&str> = [verdict.as_deref(), status.as_deref()].into_iter().flatten().collect();
        if parts.is_empty() { words.unknown().to_owned() } else { parts.join(" ") }
    };
    let (before, after) = (state(&entry.verdict_before, &entry.status_before), state(&entry.verdict, &entry.status));
    format!("{}{}{before} → {after}", table(words, &entry.duplication), words.colon())
}
