//! A runbook as text, Markdown and JSON. It is read by people; nothing runs it.

use super::escape::json_escaped;
use super::explain_markdown::escaped;
use super::finding::{margin, type_it};
use super::flow::Part;
use super::page::Page;
use super::style::{Style, Tone};
use super::words::Words;
use crate::pegasus::Release;
use crate::report::RunbookSubject;
use crate::signature::{Lang, RunbookStep, Signature, StepKind, fill};
use serde_json::json;
use std::fmt::Write as _;
use unicode_width::UnicodeWidthStr;

/// A runbook and whom it is for.
#[derive(Debug)]
pub struct Runbook<'a> {
    /// The failure.
    pub signature: &'a Signature,
    /// Whom it is for.
    pub subject: &'a RunbookSubject,
    /// The release at hand, if it was named.
    pub release: Option<Release>,
    /// What to do, in order.
    pub steps: &'a [RunbookStep],
}

fn for_release(words: Words, release: Option<Release>) -> String {
    release.map_or_else(|| words.for_all_releases().to_owned(), |release| words.for_release(release.name()))
}

/// What to do first where the report does not show the failure.
fn doubt(words: Words, runbook: &Runbook<'_>) -> Option<String> {
    (runbook.subject.found == Some(false)).then(|| words.not_found_here(&runbook.signature.code))
}

/// `test_dup1  a5d1716542517`
fn label(subject: &RunbookSubject) -> Option<String> {
    let parts: Vec<String> =
        [subject.identity.app_name.clone(), subject.identity.ids(), subject.server.clone()].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join("  "))
}

/// The runbook for a terminal.
#[must_use]
pub fn runbook_text(runbook: &Runbook<'_>, style: &Style) -> String {
    let words = Words(style.lang);
    let mut page = Page::new(style);
    let code = Part::new(Tone::Grave(runbook.signature.severity), &runbook.signature.code);
    let title = fill(&runbook.signature.text(style.lang).title, &runbook.subject.values);
    page.beside(&[code], runbook.signature.code.width() + 2, &[Part::new(Tone::Bold, &title)]);
    if let Some(subject) = label(runbook.subject) {
        page.paragraph(1, Tone::Bold, &subject);
    }
    page.paragraph(1, Tone::Dim, &for_release(words, runbook.release));
    if let Some(doubt) = doubt(words, runbook) {
        page.paragraph(1, Tone::Plain, &doubt);
    }
    page.blank();
    steps(&mut page, words, 0, runbook.steps);
    page.blank();
    if has_open(runbook.steps) {
        page.paragraph(1, Tone::Dim, words.to_fill_in());
    }
    page.paragraph(1, Tone::Dim, words.runs_nothing());
    page.finish()
}

/// The steps, numbered, each with what it is for.
pub(super) fn steps(page: &mut Page<'_>, words: Words, before: usize, steps: &[RunbookStep]) {
    let head = |index: usize, step: &RunbookStep| format!("{:>2} {}", index + 1, words.step_kind(step.kind));
    let indent = before + 3 + steps.iter().enumerate().map(|(i, s)| head(i, s).width()).max().unwrap_or(0);
    for (index, step) in steps.iter().enumerate() {
        let tone = if step.dangerous { Tone::Grave(crate::signature::Severity::Critical) } else { Tone::Dim };
        let lead = margin(&format!("{}{}", " ".repeat(before), head(index, step)), indent).map(|part| Part { tone, ..part });
        let mut body = Vec::new();
        if !step.releases.is_empty() {
            body.push(Part::new(Tone::Dim, &format!("({}) ", words.on_releases(&step.releases))));
        }
        body.push(Part::new(Tone::Plain, &step.text));
        if index > 0 && step.kind == Some(StepKind::Check) && steps[index - 1].kind != Some(StepKind::Check) {
            page.blank();
        }
        page.beside(&lead, indent, &body);
        // Where there is no reason apart, the text itself says DANGER.
        if let Some(why) = &step.danger {
            page.paragraph(indent, tone, &format!("{}{}{why}", words.danger(), words.colon()));
        }
        for command in &step.commands {
            if !command.releases.is_empty() {
                page.paragraph(indent, Tone::Dim, &format!("{}{}", words.on_releases(&command.releases), words.colon().trim_end()));
            }
            type_it(page, words, indent, &crate::signature::Command { at: command.at.clone(), run: command.run.clone() });
        }
    }
}

fn has_open(steps: &[RunbookStep]) -> bool {
    steps.iter().flat_map(|s| &s.commands).any(|c| c.run.contains('<'))
}

/// The runbook for a ticket or a wiki.
#[must_use]
pub fn runbook_markdown(runbook: &Runbook<'_>, lang: Lang) -> String {
    let words = Words(lang);
    let title = fill(&runbook.signature.text(lang).title, &runbook.subject.values);
    let mut out = format!("# {}{}{}\n\n", runbook.signature.code, words.colon(), escaped(&title));
    if let Some(subject) = label(runbook.subject) {
        let _ = writeln!(out, "**{}**\n", escaped(&subject));
    }
    let _ = writeln!(out, "{}\n", for_release(words, runbook.release));
    if let Some(doubt) = doubt(words, runbook) {
        let _ = writeln!(out, "{}\n", escaped(&doubt));
    }
    for (index, step) in runbook.steps.iter().enumerate() {
        let releases = if step.releases.is_empty() { String::new() } else { format!("({}) ", words.on_releases(&step.releases)) };
        let _ = writeln!(out, "{}. **{}**{}{releases}{}", index + 1, words.step_kind(step.kind), words.colon(), escaped(&step.text));
        if let Some(why) = &step.danger {
            let _ = writeln!(out, "\n   **{}**{}{}", words.danger(), words.colon(), escaped(why));
        }
        if !step.commands.is_empty() {
            out.push_str("\n   ```text\n");
            for command in &step.commands {
                if !command.releases.is_empty() {
                    let _ = writeln!(out, "   # {}", words.on_releases(&command.releases));
                }
                let _ = writeln!(out, "   {} {}", words.prompt(&command.at), super::escape::plain(&command.run));
            }
            out.push_str("   ```\n");
        }
        out.push('\n');
    }
    if has_open(runbook.steps) {
        let _ = writeln!(out, "{}\n", escaped(words.to_fill_in()));
    }
    let _ = writeln!(out, "{}", words.runs_nothing());
    out
}

/// The runbook for programs.
#[must_use]
pub fn runbook_json(runbook: &Runbook<'_>, lang: Lang) -> String {
    let subject = runbook.subject;
    let about = &subject.identity;
    let duplication = (about.app_name.is_some() || about.dup_id.is_some())
        .then(|| json!({"app_id": about.app_id, "dup_id": about.dup_id, "app_name": about.app_name}));
    let value = json!({
        "schema_version": crate::report::SCHEMA_VERSION,
        "code": runbook.signature.code,
        "name": runbook.signature.name,
        "title": fill(&runbook.signature.text(lang).title, &subject.values),
        "duplication": duplication,
        "server": subject.server,
        "found": subject.found,
        "release": runbook.release,
        "steps": runbook.steps,
    });
    format!("{}\n", json_escaped(&serde_json::to_string_pretty(&value).unwrap_or_default()))
}
