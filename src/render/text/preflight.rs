//! The report of a preflight as text: what failed and could not be told, what to do about it, then the steps in order.

use crate::render::blocks::{Block, Label, Weight};
use crate::render::checks;
use crate::render::clock::Clock;
use crate::render::content::{Content, steps};
use crate::render::style::{Style, Tone};
use crate::render::text::flow::Part;
use crate::render::text::headline;
use crate::render::text::page::Page;
use crate::render::text::rows::{Rows, indent};
use crate::render::words::Words;
use crate::report::{CheckEntry, Report};
use crate::signature::Severity;

/// The report as text.
pub(in crate::render) fn preflight(report: &Report, checks: &[CheckEntry], style: &Style) -> String {
    let words = Words(style.lang);
    let mut page = Page::new(style);
    page.paragraph(0, Tone::Dim, &checks::what_was_read(words, report, checks));
    let clock = Clock::new(style.zone, &[], None, None);
    headline::how_it_stands(&mut page, words, &clock, report);
    checks::rows(&mut page, words, checks, &report.findings);
    let content = Content { words, clock: &clock, report: Some(report) };
    for finding in report.findings.iter().filter(|f| f.severity > Severity::Info || style.all) {
        page.blank();
        content.write_whole(&mut page, finding, &[]);
    }
    let way = steps(report.steps.iter().flatten().map(|s| (s.text.to_string(), s.commands.as_slice())));
    if !way.is_empty() {
        page.blank();
        page.rule();
        page.paragraph(0, Tone::Bold, words.steps_title());
        page.blank();
        let label = Label { short: words.remedy(), title: words.remedy() };
        let way = [Block::Labelled(label, Weight::Always, way)];
        Rows { page: &mut page, content: &content, left: 0, least: indent(words) }.write(&way);
    }
    noted(&mut page, words, report);
    page.finish()
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
