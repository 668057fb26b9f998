//! What was read and what was not, so that no page looks complete when it is not.

use super::{Page, plain};
use crate::render::content::{in_sight, unread};
use crate::report::number::{bytes, exact};
use maud::{Markup, html};

/// Inputs named one by one; of more only the sums are shown.
const NAMED: usize = 400;

/// The last section.
pub(super) fn section(page: &Page<'_>) -> Markup {
    let (words, report) = (page.words, page.report);
    let unread = unread(words, report);
    html! {
        section #coverage aria-labelledby="coverage-title" {
            h2 #coverage-title { (words.coverage()) }
            @if unread.is_empty() { p.dim { (words.all_fine()) } }
            @if !report.coverage.is_empty() { ul { @for cluster in in_sight(words, &page.clock, report) { li { (plain(&cluster)) } } } }
            @for one in &unread {
                p.note { b { (one.label) } (words.colon()) (one.sentence) }
                ul { @for input in one.inputs.iter().take(NAMED) { li { (plain(input)) } } }
            }
            @if !report.inputs.is_empty() {
                details { summary { (words.inputs_read()) (words.colon()) (words.files(report.inputs.len())) }
                    div.scroll.tall tabindex="0" role="group" aria-label=(words.coverage()) { table.rows {
                        thead { tr {
                            th scope="col" { (words.column_input()) } th scope="col" { (words.column_server()) } th.number scope="col" { (words.column_size()) }
                            th.number scope="col" { (words.column_lines()) } th.number scope="col" { (words.column_events()) } th scope="col" { (words.column_times()) }
                        } }
                        tbody { @for input in report.inputs.iter().take(NAMED) { tr {
                            th.path scope="row" { (plain(&input.path)) } td { (plain(&input.server)) } td.number { (bytes(input.bytes)) }
                            td.number { (exact(input.lines)) } td.number { (exact(input.events)) }
                            td { @if let (Some(first), Some(last)) = (input.first, input.last) { (page.clock.range(first.0, last.0)) } }
                        } } }
                    } }
                }
            }
        }
    }
}
