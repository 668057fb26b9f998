//! What was read and what was not, so that no page looks complete when it is not.

use super::{Page, plain};
use crate::report::number::{bytes, exact};
use maud::{Markup, html};

/// Inputs named one by one; of more only the sums are shown.
const NAMED: usize = 400;

/// The last section.
pub(super) fn section(page: &Page<'_>) -> Markup {
    let (words, report) = (page.words, page.report);
    let drifted: Vec<_> = report.inputs.iter().filter(|i| i.drifted > 0).collect();
    let noted: Vec<_> = report.inputs.iter().filter(|i| !i.notes.is_empty()).collect();
    let fine = report.skipped.is_empty() && drifted.is_empty() && noted.is_empty();
    html! {
        section #coverage aria-labelledby="coverage-title" {
            h2 #coverage-title { (words.coverage()) }
            @if fine { p.dim { (words.all_fine()) } }
            @if report.summary.drifted > 0 { p.note { b { (words.not_recognised()) } (words.colon()) (words.drifted(report.summary.drifted, &words.files(drifted.len()))) } }
            @if !report.skipped.is_empty() {
                p.note { b { (words.not_read()) } (words.colon()) (words.skipped(report.skipped.len())) }
                ul { @for one in report.skipped.iter().take(NAMED) { li {
                    (plain(&words.not_read_because(one)))
                } } }
            }
            @if !noted.is_empty() {
                p.note { b { (words.read_with_notes()) } (words.colon()) (words.noted(&words.files(noted.len()))) }
                ul { @for one in noted.iter().take(NAMED) { li { (plain(&one.path)) (words.colon()) (plain(&one.notes.join(words.semicolon()))) } } }
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
