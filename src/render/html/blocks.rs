//! Blocks as HTML: labelled parts, proving lines, steps, commands.

use super::{Page, plain};
use crate::render::blocks::{Block, Inline, Line, Step};
use crate::render::content;
use crate::report::number::numbered;
use crate::report::{Evidence, Suggestion};
use crate::signature::Command;
use maud::{Markup, html};

/// Proving lines written out under a finding; JSON has all.
const LINES: usize = 8;

/// Blocks, one below the other; labelled ones are terms of a list.
pub(super) fn blocks(page: &Page<'_>, all: &[Block<'_>]) -> Markup {
    html! { @for block in all { (one(page, block)) } }
}

fn one(page: &Page<'_>, block: &Block<'_>) -> Markup {
    match block {
        Block::Labelled(label, _, body) => html! {
            dt { (label.short) }
            dd { @if let [Block::Paragraph(text)] = body.as_slice() { (line(text)) } @else { (blocks(page, body)) } }
        },
        Block::Paragraph(text) | Block::Note(text) | Block::Heading(_, text) | Block::Panel(_, text) => html! { p { (line(text)) } },
        Block::List(rows) | Block::Rows(rows) => html! { ul { @for row in rows { li { (line(row)) } } } },
        Block::Proof(evidence) => proof(page, evidence, LINES),
        Block::Consequences(all) => html! {
            ul { @for f in all { li {
                a.code href={ "#" (page.anchor(f)) } { (plain(&f.code)) } (page.words.colon()) (plain(&page.clock.in_text(&f.title)))
            } } }
        },
        Block::Steps(steps) => html! { ol.steps { @for step in steps { li { (self::step(page, step)) } } } },
        Block::Command(command) => self::command(page, command),
        Block::Code(text) => html! { pre { (text) } },
        // Nothing that the page shows has these.
        Block::Table { .. } | Block::Fold(..) | Block::Gap => html! {},
    }
}

fn line(line: &Line) -> Markup {
    let one = |inline: &Inline| match inline {
        Inline::Text(text) | Inline::Reported(text) | Inline::Code(text) => html! { (plain(text)) },
        Inline::Strong(text) => html! { b { (plain(text)) } },
        Inline::Link { text, href } => html! { a href=(plain(href)) rel="noreferrer noopener" { (plain(text)) } },
    };
    html! { @for inline in line { (one(inline)) } }
}

/// The first ones and the last one, where there are too many.
pub(super) fn proof(page: &Page<'_>, all: &[Evidence], most: usize) -> Markup {
    let head = if all.len() > most { most - 1 } else { all.len() };
    let shown = all.iter().take(head).chain(all.iter().skip(head.max(all.len().saturating_sub(1))));
    html! {
        ol.proof { @for line in shown { li {
            p.place {
                span.path { (plain(&numbered(&line.path, line.line))) }
                @if page.report.checks.is_none() { " " time datetime=(line.at.0.rfc3339()) { (page.clock.line(line.at.0, &line.path)) } }
            }
            pre { (plain(&line.text)) }
        } } }
        @if all.len() > most { p.dim { (page.words.more_evidence(all.len() - most)) } }
    }
}

/// What to do; in a runbook also what it is for, what harm it can do, for which release.
fn step(page: &Page<'_>, step: &Step) -> Markup {
    html! {
        @if let Some(kind) = step.kind { b.(if step.dangerous { "danger" } else { "calm" }) { (kind) } (page.words.colon()) }
        @if let Some(releases) = &step.releases { span.dim { "(" (releases) ") " } }
        (plain(&step.text))
        @if let Some(why) = &step.danger { p.danger { b { (page.words.danger()) } (page.words.colon()) (plain(why)) } }
        @for (releases, command) in &step.commands {
            @if let Some(releases) = releases { p.dim { (releases) } }
            (self::command(page, command))
        }
    }
}

/// What to type where, with a button that copies it.
fn command(page: &Page<'_>, command: &Command) -> Markup {
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

/// What to do, in order.
pub(super) fn steps(page: &Page<'_>, suggestions: &[Suggestion]) -> Markup {
    blocks(page, &content::steps(suggestions.iter().map(|s| (page.clock.in_text(&s.text), s.commands.as_slice()))))
}
