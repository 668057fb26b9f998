//! The report for somebody woken at night: whether it matters first, what to do next, details last.

pub(super) mod annotation;
pub(super) mod by_server;
pub(super) mod change;
pub(super) mod coverage;
pub(super) mod coverage_bar;
pub(super) mod cut;
pub(super) mod explain;
pub(super) mod finding;
pub(super) mod flow;
pub(super) mod headline;
pub(super) mod history;
pub(super) mod hyperlinks;
pub(super) mod page;
pub(super) mod preflight;
pub(super) mod rows;
pub(super) mod signature_list;
pub(super) mod status;
pub(super) mod summary;
pub(super) mod switch_over;
pub(super) mod timeline;
pub(super) mod verdicts;
pub(super) mod whois;

use crate::render::accepted;
use crate::render::clock::Clock;
use crate::render::comparison;
use crate::render::content::{Content, Groups};
use crate::render::style::{Style, Tone};
use crate::render::text::coverage::coverage;
use crate::render::text::headline::{how_it_stands, what_was_read};
use crate::render::text::page::Page;
use crate::render::text::preflight::preflight;
use crate::render::text::switch_over::switch_over;
use crate::render::text::verdicts::verdicts;
use crate::render::words::Words;
use crate::report::Report;

/// The report as text.
#[must_use]
pub fn text(report: &Report, style: &Style) -> String {
    if let Some(checks) = &report.checks {
        return preflight(report, checks, style);
    }
    let words = Words(style.lang);
    let clock = Clock::of(report, style.zone);
    let mut page = Page::new(style);
    what_was_read(&mut page, words, &clock, report);
    how_it_stands(&mut page, words, &clock, report);
    verdicts(&mut page, words, report);
    switch_over(&mut page, words, report);
    if let Some(comparison) = &report.comparison {
        comparison::rows(&mut page, words, comparison);
    }
    findings(&mut page, &Content { words, clock: &clock, report: Some(report) }, &Groups::of(report, style.all));
    accepted::rows(&mut page, words, report);
    coverage(&mut page, words, &clock, report);
    page.finish()
}

fn findings(page: &mut Page<'_>, content: &Content<'_>, groups: &Groups<'_>) {
    let words = content.words;
    for group in &groups.grave {
        page.blank();
        content.write_whole(page, group.finding, &group.consequences);
        if !group.others.is_empty() {
            page.blank();
            let note = format!("{} ({})", words.same_elsewhere(&group.finding.code, group.others.len() + 1), words.in_full_with_all());
            page.paragraph(1, Tone::Plain, &note);
            group.others.iter().for_each(|other| content.write_elsewhere(page, other));
        }
    }
    if groups.info.is_empty() {
        return;
    }
    page.blank();
    if page.style.all || page.style.verbose {
        groups.info.iter().for_each(|finding| content.write_brief(page, finding));
    } else {
        page.paragraph(0, Tone::Dim, &words.info_hidden(groups.info.len()));
    }
}
