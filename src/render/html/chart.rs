//! The frame of the chart, its filters and buttons, and the same as a table.

use super::{Page, plain};
use crate::pegasus::DupStatus;
use crate::report::number::{duration, exact};
use crate::report::{DuplicationEntry, StateEntry, Verdict};
use maud::{Markup, html};

/// Statuses of a duplication named in the table.
const STATES: usize = 12;

/// The chart.
pub(super) fn section(page: &Page<'_>) -> Markup {
    let words = page.words;
    html! {
        section #chart aria-labelledby="chart-title" {
            h2 #chart-title { (words.chart()) }
            p.dim { (words.chart_text()) }
            p.note.unscripted { (words.chart_needs_script()) }
            (tools(page))
            (legend(page))
            div #board hidden {
                canvas #overview aria-hidden="true" {}
                div #lanes {
                    div #tall {}
                    canvas #drawing tabindex="0" role="application" aria-labelledby="chart-title" aria-describedby="how-to spoken" {}
                }
                aside #card hidden aria-labelledby="card-title" {}
            }
            p #spoken.sr-only aria-live="polite" {}
            p #how-to.dim.hint.fine hidden { (words.how_to()) }
            p.dim.hint.coarse { (words.touch()) }
            details { summary { (words.chart_as_table()) } (table(page)) }
        }
    }
}

fn tools(page: &Page<'_>) -> Markup {
    let words = page.words;
    let verdicts: Vec<Verdict> = page.report.duplications.iter().map(|d| d.verdict).collect();
    let mut codes: Vec<(&str, &str)> =
        page.report.findings.iter().filter(|f| f.duplication.is_some()).map(|f| (f.code.as_str(), f.name.as_str())).collect();
    codes.sort_unstable();
    codes.dedup();
    html! {
        form #tools hidden role="search" {
            label.field { span { (words.table_filter()) } input #by-table type="search" autocomplete="off" spellcheck="false"; }
            fieldset #by-verdict {
                legend.sr-only { (words.verdict_filter()) }
                @for (verdict, count) in crate::render::text::verdicts::counts(&verdicts) {
                    label.chip.(verdict.name()) { input type="checkbox" name="verdict" value=(verdict.name()) checked; (words.verdict(verdict)) " " span.dim { (count) } }
                }
            }
            label.field { span { (words.code_filter()) }
                select #by-code {
                    option value="" { (words.all_codes()) }
                    @for (code, name) in &codes { option value=(plain(code)) { (plain(code)) " " (plain(name)) } }
                }
            }
            div.buttons role="group" aria-label=(words.chart()) {
                button #earlier type="button" title=(words.earlier()) aria-label=(words.earlier()) { "←" }
                button #zoom-out type="button" title=(words.zoom_out()) aria-label=(words.zoom_out()) { "−" }
                button #zoom-in type="button" title=(words.zoom_in()) aria-label=(words.zoom_in()) { "+" }
                button #later type="button" title=(words.later()) aria-label=(words.later()) { "→" }
                button #reset type="button" { (words.reset()) }
            }
            output #count for="by-table by-code" {}
        }
    }
}

/// What colours and marks mean; only statuses that occur.
fn legend(page: &Page<'_>) -> Markup {
    let words = page.words;
    let occurs = |status: DupStatus| page.report.duplications.iter().any(|d| d.states.iter().any(|s| s.status == Some(status)));
    let restarts = || page.report.servers.iter().flat_map(|s| &s.restarts);
    html! {
        ul.legend aria-label=(words.legend()) {
            @for status in DupStatus::ALL.iter().filter(|s| occurs(**s)) {
                li { i.state.(status.name()) {} (status.name()) }
            }
            @if page.report.duplications.iter().any(|d| d.states.iter().any(|s| s.status.is_none())) {
                li { i.state.unknown {} (words.unknown()) }
            }
            li { i.density {} (words.errors()) }
            li { i.mark {} (words.mark()) }
            @if restarts().any(|r| !r.aborted) { li { i.across.restart {} (words.restart()) } }
            @if restarts().any(|r| r.aborted) { li { i.across.abort {} (words.abort()) } }
            @if !page.report.leader_changes.is_empty() { li { i.across.leader {} (words.leader()) } }
        }
    }
}

fn table(page: &Page<'_>) -> Markup {
    let words = page.words;
    html! {
        div.scroll.tall tabindex="0" role="group" aria-label=(words.chart_as_table()) {
            table.rows {
                thead { tr {
                    th scope="col" { (words.column_duplication()) }
                    th scope="col" { (words.column_verdict()) }
                    th scope="col" { (words.column_statuses()) }
                    th.number scope="col" { (words.errors()) }
                    th.number scope="col" { (words.column_behind()) }
                    th scope="col" { (words.findings()) }
                } }
                tbody {
                    @for (lane, entry) in page.report.duplications.iter().enumerate() {
                        tr data-lane=(lane) {
                            th.who scope="row" { (page.who(entry)) }
                            td { (words.verdict(entry.verdict)) }
                            td { (states(page, entry)) }
                            td.number { (exact(entry.errors.iter().map(|e| e.count).sum())) }
                            td.number {
                                @if let Some(lag) = entry.lag { (exact(lag.decree_gap.unsigned_abs())) " " (words.decrees_behind()) }
                                @else if entry.status.is_some_and(DupStatus::ships) { (words.lag_unknown()) }
                            }
                            td { (plain(&entry.findings.join(words.separator()))) }
                        }
                    }
                }
            }
        }
        (across(page))
    }
}

/// Each status with its time; of very many the last ones.
fn states(page: &Page<'_>, entry: &DuplicationEntry) -> Markup {
    let name = |s: &StateEntry| s.status.map_or(page.words.unknown(), DupStatus::name);
    let skipped = entry.states.len().saturating_sub(STATES);
    let lasted = |s: &StateEntry| s.until.map(|until| duration(until.0.since(s.since.0).as_secs(), page.words.0));
    html! {
        ol.states {
            @if skipped > 0 { li.dim { "… " (skipped) } }
            @for state in entry.states.iter().skip(skipped) {
                li { b { (name(state)) } " " (page.clock.moment(state.since.0)) @if let Some(lasted) = lasted(state) { span.dim { " · " (lasted) } } }
            }
        }
    }
}

/// Restarts and changes of leader.
fn across(page: &Page<'_>) -> Markup {
    let words = page.words;
    let mut all: Vec<_> = page
        .report
        .servers
        .iter()
        .flat_map(|s| s.restarts.iter().map(move |r| (r.ended, if r.aborted { words.abort() } else { words.restart() }, &s.name)))
        .chain(page.report.leader_changes.iter().map(|c| (c.at, words.leader(), &c.server)))
        .collect();
    all.sort();
    html! {
        @if !all.is_empty() {
            ul.across { @for (at, what, server) in all { li { time { (page.clock.moment(at.0)) } " " (what) ": " (plain(server)) } } }
        }
    }
}
