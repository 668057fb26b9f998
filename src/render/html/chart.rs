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
    let phrases = page.phrases;
    html! {
        section #chart aria-labelledby="chart-title" {
            h2 #chart-title { (phrases.chart()) }
            p.dim { (phrases.chart_text()) }
            p.note.unscripted { (phrases.chart_needs_script()) }
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
            p #how-to.dim.hint.fine hidden { (phrases.how_to()) }
            p.dim.hint.coarse { (phrases.touch()) }
            details { summary { (phrases.chart_as_table()) } (table(page)) }
        }
    }
}

fn tools(page: &Page<'_>) -> Markup {
    let (words, phrases) = (page.words, page.phrases);
    let verdicts: Vec<Verdict> = page.report.duplications.iter().map(|d| d.verdict).collect();
    let mut codes: Vec<(&str, &str)> =
        page.report.findings.iter().filter(|f| f.duplication.is_some()).map(|f| (f.code.as_str(), f.name.as_str())).collect();
    codes.sort_unstable();
    codes.dedup();
    html! {
        form #tools hidden role="search" {
            label.field { span { (phrases.table_filter()) } input #by-table type="search" autocomplete="off" spellcheck="false"; }
            fieldset #by-verdict {
                legend.sr-only { (phrases.verdict_filter()) }
                @for (verdict, count) in super::super::verdicts::counts(&verdicts) {
                    label.chip.(verdict.name()) { input type="checkbox" name="verdict" value=(verdict.name()) checked; (words.verdict(verdict)) " " span.dim { (count) } }
                }
            }
            label.field { span { (phrases.code_filter()) }
                select #by-code {
                    option value="" { (phrases.all_codes()) }
                    @for (code, name) in &codes { option value=(plain(code)) { (plain(code)) " " (plain(name)) } }
                }
            }
            div.buttons role="group" aria-label=(phrases.chart()) {
                button #earlier type="button" title=(phrases.earlier()) aria-label=(phrases.earlier()) { "←" }
                button #zoom-out type="button" title=(phrases.zoom_out()) aria-label=(phrases.zoom_out()) { "−" }
                button #zoom-in type="button" title=(phrases.zoom_in()) aria-label=(phrases.zoom_in()) { "+" }
                button #later type="button" title=(phrases.later()) aria-label=(phrases.later()) { "→" }
                button #reset type="button" { (phrases.reset()) }
            }
            output #count for="by-table by-code" {}
        }
    }
}

/// What colours and marks mean; only statuses that occur.
fn legend(page: &Page<'_>) -> Markup {
    let phrases = page.phrases;
    let occurs = |status: DupStatus| page.report.duplications.iter().any(|d| d.states.iter().any(|s| s.status == Some(status)));
    let restarts = || page.report.servers.iter().flat_map(|s| &s.restarts);
    html! {
        ul.legend aria-label=(phrases.legend()) {
            @for status in DupStatus::ALL.into_iter().filter(|s| occurs(*s)) {
                li { i.state.(status.name()) {} (status.name()) }
            }
            @if page.report.duplications.iter().any(|d| d.states.iter().any(|s| s.status.is_none())) {
                li { i.state.unknown {} (phrases.unknown()) }
            }
            li { i.density {} (phrases.errors()) }
            li { i.mark {} (phrases.mark()) }
            @if restarts().any(|r| !r.aborted) { li { i.across.restart {} (phrases.restart()) } }
            @if restarts().any(|r| r.aborted) { li { i.across.abort {} (phrases.abort()) } }
            @if !page.report.leader_changes.is_empty() { li { i.across.leader {} (phrases.leader()) } }
        }
    }
}

fn table(page: &Page<'_>) -> Markup {
    let (words, phrases) = (page.words, page.phrases);
    html! {
        div.scroll.tall tabindex="0" role="group" aria-label=(phrases.chart_as_table()) {
            table.rows {
                thead { tr {
                    th scope="col" { (phrases.duplication()) }
                    th scope="col" { (phrases.verdict()) }
                    th scope="col" { (phrases.statuses()) }
                    th.number scope="col" { (phrases.errors()) }
                    th.number scope="col" { (phrases.gap()) }
                    th scope="col" { (phrases.findings()) }
                } }
                tbody {
                    @for (lane, entry) in page.report.duplications.iter().enumerate() {
                        tr data-lane=(lane) {
                            th.who scope="row" { (page.who(entry)) }
                            td { (words.verdict(entry.verdict)) }
                            td { (states(page, entry)) }
                            td.number { (exact(entry.errors.iter().map(|e| e.count).sum())) }
                            td.number { @if let Some(lag) = entry.lag { (exact(lag.decree_gap.unsigned_abs())) " " (phrases.decrees_behind()) } }
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
    let name = |s: &StateEntry| s.status.map_or(page.phrases.unknown(), DupStatus::name);
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
    let phrases = page.phrases;
    let mut all: Vec<_> = page
        .report
        .servers
        .iter()
        .flat_map(|s| s.restarts.iter().map(move |r| (r.ended, if r.aborted { phrases.abort() } else { phrases.restart() }, &s.name)))
        .chain(page.report.leader_changes.iter().map(|c| (c.at, phrases.leader(), &c.server)))
        .collect();
    all.sort();
    html! {
        @if !all.is_empty() {
            ul.across { @for (at, what, server) in all { li { time { (page.clock.moment(at.0)) } " " (what) ": " (plain(server)) } } }
        }
    }
}
