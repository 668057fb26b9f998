//! The checks of a preflight: what failed and what could not be told, what passed, and the steps until `DS_LOG`.

use super::blocks::steps;
use super::{Page, plain};
use crate::render::checks::of;
use crate::report::{CheckEntry, CheckState, Suggestion};
use maud::{Markup, html};

/// The checks.
pub(super) fn section(page: &Page<'_>, checks: &[CheckEntry]) -> Markup {
    let open: Vec<&CheckEntry> = of(checks, CheckState::Failed).chain(of(checks, CheckState::Unknown)).collect();
    let passed: Vec<&CheckEntry> = of(checks, CheckState::Passed).collect();
    html! {
        section #checks aria-labelledby="checks-title" {
            h2 #checks-title { (page.words.checks_title()) }
            @if !open.is_empty() {
                div.scroll.short tabindex="0" role="group" aria-labelledby="checks-title" {
                    table.rows {
                        thead { tr {
                            th scope="col" { (page.words.column_verdict()) }
                            th scope="col" { (page.words.column_check()) }
                            th scope="col" { (page.words.leading_finding()) }
                        } }
                        tbody { @for check in open { (row(page, check)) } }
                    }
                }
            }
            @if !passed.is_empty() {
                details.quiet {
                    summary { (page.words.check_state(CheckState::Passed)) " (" (passed.len()) ")" }
                    ul { @for check in passed { li { (plain(&check.title)) } } }
                }
            }
        }
    }
}

fn row(page: &Page<'_>, check: &CheckEntry) -> Markup {
    let pill = if check.state == CheckState::Failed { "failed" } else { "unknown" };
    html! {
        tr {
            td { span.pill.(pill) { (page.words.check_state(check.state)) } }
            th scope="row" {
                (plain(&check.title))
                @if let Some(needed) = &check.needs { p.dim { (plain(&page.words.check_needs(needed))) } }
            }
            td { @for code in &check.codes { (self::code(page, code)) " " } }
        }
    }
}

/// A link to the finding with that code, where there is one.
fn code(page: &Page<'_>, code: &str) -> Markup {
    let finding = page.report.findings.iter().find(|f| f.code == code);
    html! {
        @match finding {
            Some(finding) => a.code.(finding.severity.to_string()) href={ "#" (page.anchor(finding)) } { (plain(code)) },
            None => span.code { (plain(code)) },
        }
    }
}

/// The steps to take until `DS_LOG`.
pub(super) fn way(page: &Page<'_>, all: &[Suggestion]) -> Markup {
    html! {
        section #way aria-labelledby="way-title" {
            h2 #way-title { (page.words.steps_title()) }
            (steps(page, all))
        }
    }
}
