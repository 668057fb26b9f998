//! Proving lines, steps and commands of a finding.

use super::{Page, plain};
use crate::report::number::numbered;
use crate::report::{Evidence, Finding, Suggestion};
use crate::signature::{Command, RunbookStep};
use maud::{Markup, html};

/// Proving lines written out under a finding; JSON has all.
const LINES: usize = 8;

/// The first ones and the last one, where there are too many.
pub(super) fn proof(page: &Page<'_>, finding: &Finding, most: usize) -> Markup {
    let most = most.clamp(1, LINES);
    let all = &finding.evidence;
    let head = if all.len() > most { most - 1 } else { all.len() };
    let shown: Vec<&Evidence> = all.iter().take(head).chain(all.iter().skip(head.max(all.len().saturating_sub(1)))).collect();
    html! {
        ol.proof { @for line in shown { li { (self::line(page, line)) } } }
        @if all.len() > most { p.dim { (page.words.more_evidence(all.len() - most)) } }
    }
}

fn line(page: &Page<'_>, line: &Evidence) -> Markup {
    html! {
        p.place { span.path { (plain(&numbered(&line.path, line.line))) } " " time datetime=(line.at.0.rfc3339()) { (page.clock.line(line.at.0, &line.path)) } }
        pre { (plain(&line.text)) }
    }
}

/// What to do, in order.
pub(super) fn steps(page: &Page<'_>, suggestions: &[Suggestion]) -> Markup {
    html! {
        ol.steps {
            @for step in suggestions {
                li { (plain(&page.clock.in_text(&step.text))) @for command in &step.commands { (self::command(page, command)) } }
            }
        }
    }
}

/// The whole runbook, where it was asked for: what each step is for, what harm it can do, for which release.
pub(super) fn runbook(page: &Page<'_>, steps: &[RunbookStep]) -> Markup {
    html! {
        ol.steps {
            @for step in steps {
                li {
                    b.(if step.dangerous { "danger" } else { "calm" }) { (page.words.step_kind(step.kind)) } (page.words.colon())
                    @if !step.releases.is_empty() { span.dim { "(" (page.words.on_releases(&step.releases)) ") " } }
                    (plain(&page.clock.in_text(&step.text)))
                    @if let Some(why) = &step.danger { p.danger { b { (page.words.danger()) } (page.words.colon()) (plain(why)) } }
                    @for typed in &step.commands {
                        @if !typed.releases.is_empty() { p.dim { (page.words.on_releases(&typed.releases)) } }
                        (command(page, &Command { at: typed.at.clone(), run: typed.run.clone() }))
                    }
                }
            }
        }
    }
}

/// What to type where, with a button that copies it.
pub(super) fn command(page: &Page<'_>, command: &Command) -> Markup {
    html! {
        div.command {
            span.prompt { (plain(&page.words.prompt(&command.at))) }
            code { @for (index, row) in command.run.lines().enumerate() { @if index > 0 { "\n" } (plain(row)) } }
            button.copy type="button" hidden { (page.words.copy()) }
        }
    }
}

/// What to type, and nothing else.
pub(super) fn commands(page: &Page<'_>, suggestions: &[Suggestion]) -> Markup {
    html! { @for command in suggestions.iter().flat_map(|s| &s.commands) { (self::command(page, command)) } }
}
