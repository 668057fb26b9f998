//! How many duplications are how, and one row for each, the worst first.

use super::{Page, plain};
use crate::render::content::{accepted_line, accepted_trouble, leading};
use crate::render::text::verdicts::{notes, since};
use crate::report::Verdict;
use maud::{Markup, html};

/// A tile for each verdict that occurs.
pub(super) fn counts(page: &Page<'_>) -> Markup {
    let verdicts: Vec<Verdict> = page.report.duplications.iter().map(|d| d.verdict).collect();
    html! {
        ul.tiles {
            @for (verdict, count) in crate::render::text::verdicts::counts(&verdicts) {
                li.(verdict.name()) { b { (count) } " " (page.words.verdict(verdict)) }
            }
        }
    }
}

/// The rows.
pub(super) fn table(page: &Page<'_>) -> Markup {
    let words = page.words;
    html! {
        section #verdicts aria-labelledby="verdicts-title" {
            h2 #verdicts-title { (words.duplications()) }
            div.scroll.(if page.report.duplications.len() > 12 { "tall" } else { "short" }) tabindex="0" role="group" aria-labelledby="verdicts-title" {
                table.rows {
                    thead { tr {
                        th scope="col" { (words.column_verdict()) }
                        th scope="col" { (words.column_duplication()) }
                        th scope="col" { (words.column_status()) }
                        th scope="col" { (words.leading_finding()) }
                    } }
                    tbody {
                        @for (lane, entry) in page.report.duplications.iter().enumerate() {
                            tr data-lane=(lane) {
                                td { span.pill.(entry.verdict.name()) { (words.verdict(entry.verdict)) } }
                                th.who scope="row" { (page.who(entry)) }
                                td.since { (since(words, entry)) @for note in notes(words, entry) { br; span.dim { (plain(&note)) } } }
                                td { @if let Some(accepted) = accepted_trouble(page.report, entry) { span.dim { (plain(&accepted_line(words, accepted))) } } @else if let Some(finding) = leading(page.report, entry).filter(|_| entry.verdict.needs_somebody() || entry.verdict == Verdict::Unknown) {
                                    a.code.(finding.severity.to_string()) href={ "#" (page.anchor(finding)) } { (plain(&finding.code)) }
                                    " " (plain(&finding.title))
                                } }
                            }
                        }
                    }
                }
            }
        }
    }
}
