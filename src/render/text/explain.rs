//! What findings and lines mean, and what to do, for a terminal.

use crate::pegasus::Zone;
use crate::render::blocks::Block;
use crate::render::clock::Clock;
use crate::render::content::{self, Content, Explanation, Runbook};
use crate::render::style::{Style, Tone};
use crate::render::text::flow::Part;
use crate::render::text::page::{Page, padded};
use crate::render::text::rows::{Rows, indent};
use crate::render::words::Words;
use crate::signature::{Catalogue, Signature, fill};
use unicode_width::UnicodeWidthStr;

/// The explanation for a terminal.
pub(in crate::render) fn explain(what: &Explanation<'_>, style: &Style) -> String {
    match what {
        Explanation::Signature(signature, catalogue) => one(signature, catalogue, style),
        Explanation::Signatures(catalogue) => list(&content::by_heading(Words(style.lang), catalogue), catalogue, style),
        Explanation::Symptom(signatures, catalogue) => list(&content::likeliest(Words(style.lang), signatures), catalogue, style),
        Explanation::Line(line) => written(Page::new(style), Words(style.lang), 0, 0, &content::line(Words(style.lang), line)),
        Explanation::Runbook(book) => runbook(book, style),
    }
}

fn one(signature: &Signature, catalogue: &Catalogue, style: &Style) -> String {
    let words = Words(style.lang);
    let mut page = Page::new(style);
    let tone = Tone::Grave(signature.severity);
    let head = [Part::new(tone, &signature.code), Part::new(Tone::Dim, &format!("  {}", signature.name))];
    page.sides(&[], 0, &head, &[Part::new(tone, words.severity(signature.severity))]);
    page.paragraph(0, Tone::Bold, &content::open(&signature.text(style.lang).title));
    page.blank();
    let beside = indent(words).max(3 + words.over_others().width());
    written(page, words, 0, beside, &content::signature(words, signature, catalogue))
}

fn list(sections: &[(&str, Vec<&Signature>)], catalogue: &Catalogue, style: &Style) -> String {
    let words = Words(style.lang);
    let mut page = Page::new(style);
    let code = catalogue.iter().map(|s| s.code.width()).max().unwrap_or(0) + 2;
    let severity = catalogue.iter().map(|s| words.severity(s.severity).width()).max().unwrap_or(0) + 2;
    for (heading, signatures) in sections {
        page.blank();
        page.paragraph(0, Tone::Bold, heading);
        for signature in signatures {
            let mut lead = padded(Tone::Plain, &format!(" {}", signature.code), code + 1).to_vec();
            lead.extend(padded(Tone::Grave(signature.severity), words.severity(signature.severity), severity));
            let indent = code + 1 + severity;
            page.beside(&lead, indent, &[Part::new(Tone::Plain, &signature.name)]);
            page.paragraph(indent, Tone::Dim, &content::open(&signature.text(style.lang).title));
        }
    }
    page.finish()
}

fn runbook(runbook: &Runbook<'_>, style: &Style) -> String {
    let words = Words(style.lang);
    let mut page = Page::new(style);
    let code = Part::new(Tone::Grave(runbook.signature.severity), &runbook.signature.code);
    let title = fill(&runbook.signature.text(style.lang).title, &runbook.subject.values);
    page.beside(&[code], runbook.signature.code.width() + 2, &[Part::new(Tone::Bold, &title)]);
    written(page, words, 1, 0, &content::runbook(words, runbook))
}

/// The blocks below what the page has already.
fn written(mut page: Page<'_>, words: Words, left: usize, least: usize, blocks: &[Block<'_>]) -> String {
    let clock = Clock::new(Zone::Utc, &[], None, None);
    let content = Content { words, clock: &clock, report: None };
    Rows { page: &mut page, content: &content, left, least }.write(blocks);
    page.finish()
}
