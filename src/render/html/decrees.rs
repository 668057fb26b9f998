//! The frame of the line charts: confirmed decrees and lag by partition.

use super::{Page, key, plain, source, target};
use crate::report::DuplicationEntry;
use maud::{Markup, html};

/// Whether its decrees are known at more than one moment.
pub(super) fn drawable(entry: &DuplicationEntry) -> bool {
    entry.history.as_ref().is_some_and(|h| h.at.len() > 1)
}

/// The line charts.
pub(super) fn section(page: &Page<'_>) -> Markup {
    let phrases = page.phrases;
    let shown: Vec<_> = page.report.duplications.iter().enumerate().filter(|(_, d)| drawable(d)).collect();
    html! {
        section #decrees aria-labelledby="decrees-title" {
            h2 #decrees-title { (phrases.decrees()) }
            @if shown.is_empty() {
                p.dim { (phrases.decrees_none()) }
            } @else {
                p.dim { (phrases.decrees_text()) }
                p.note.unscripted { (phrases.decrees_need_script()) }
                div #decree-charts hidden {
                    label.field { span { (phrases.duplication()) }
                        select #decrees-of {
                            @for (lane, entry) in shown {
                                option value=(lane) { (plain(&source(page.words, entry))) " → " (plain(&target(page.words, entry))) @if let Some(key) = key(entry) { " " (key) } }
                            }
                        }
                    }
                    p #decrees-note.dim {}
                    figure { figcaption { (phrases.confirmed()) } canvas #confirmed tabindex="0" role="img" aria-label=(phrases.confirmed()) {} }
                    figure { figcaption { (phrases.lag()) } canvas #lag tabindex="0" role="img" aria-label=(phrases.lag()) {} p #no-lag.dim hidden {} }
                    p #reading.reading aria-live="polite" {}
                    details #decrees-rows { summary { (phrases.chart_as_table()) } div.scroll.tall tabindex="0" role="group" aria-label=(phrases.chart_as_table()) {} }
                }
            }
        }
    }
}
