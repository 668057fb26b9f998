//! The frame of the line charts: confirmed decrees and lag by partition.

use super::{Page, plain, source, target};
use crate::report::DuplicationEntry;
use maud::{Markup, html};

/// Whether its decrees are known at more than one moment.
pub(super) fn drawable(entry: &DuplicationEntry) -> bool {
    entry.history.as_ref().is_some_and(|h| h.at.len() > 1)
}

/// The line charts.
pub(super) fn section(page: &Page<'_>) -> Markup {
    let words = page.words;
    let shown: Vec<_> = page.report.duplications.iter().enumerate().filter(|(_, d)| drawable(d)).collect();
    html! {
        section #decrees aria-labelledby="decrees-title" {
            h2 #decrees-title { (words.decrees()) }
            @if shown.is_empty() {
                p.dim { (words.decrees_none()) }
            } @else {
                p.dim { (words.decrees_text()) }
                p.note.unscripted { (words.decrees_need_script()) }
                div #decree-charts hidden {
                    label.field { span { (words.column_duplication()) }
                        select #decrees-of {
                            @for (lane, entry) in shown {
                                option value=(lane) { (plain(&source(page.words, entry))) " → " (plain(&target(page.words, entry))) @if let Some(key) = entry.identity.ids() { " " (key) } }
                            }
                        }
                    }
                    p #decrees-note.dim {}
                    figure { figcaption { (words.confirmed()) } canvas #confirmed tabindex="0" role="img" aria-label=(words.confirmed()) {} }
                    figure { figcaption { (words.lag()) } canvas #lag tabindex="0" role="img" aria-label=(words.lag()) {} p #no-lag.dim hidden {} }
                    p #reading.reading aria-live="polite" {}
                    details #decrees-rows { summary { (words.chart_as_table()) } div.scroll.tall tabindex="0" role="group" aria-label=(words.chart_as_table()) {} }
                }
            }
        }
    }
}
