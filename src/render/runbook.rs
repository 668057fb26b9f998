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

/// The words of this page.
#[derive(Clone, Copy)]
pub(super) struct Said(pub(super) Lang);

impl Said {
    pub(super) fn kind(self, kind: Option<StepKind>) -> &'static str {
        match kind {
            Some(StepKind::Check) => self.0.pick("Check", "检查"),
            Some(StepKind::Change) => self.0.pick("Change", "变更"),
            Some(StepKind::Verify) => self.0.pick("Verify", "验证"),
            Some(StepKind::Undo) => self.0.pick("Undo", "回退"),
            Some(StepKind::Note) => self.0.pick("Note", "说明"),
            None => self.0.pick("Do", "处理"),
        }
    }

    pub(super) fn danger(self) -> &'static str {
        self.0.pick("DANGER", "危险")
    }

    pub(super) fn releases(self, releases: &[Release]) -> String {
        let names: Vec<&str> = releases.iter().map(|r| r.name()).collect();
        match self.0 {
            Lang::En => format!("on {}", names.join(", ")),
            Lang::Zh => format!("适用 {}", names.join("、")),
        }
    }

    fn for_release(self, release: Option<Release>) -> String {
        match (release, self.0) {
            (None, Lang::En) => "for all releases; --release 2.4, 2.5 or master narrows it".to_owned(),
            (None, Lang::Zh) => "适用于所有版本；用 --release 2.4、2.5 或 master 缩小范围".to_owned(),
            (Some(release), Lang::En) => format!("for {release}"),
            (Some(release), Lang::Zh) => format!("适用于 {release}"),
        }
    }

    fn found(self, subject: &RunbookSubject, code: &str) -> Option<String> {
        match (subject.found?, self.0) {
            (true, _) => None,
            (false, Lang::En) => {
                Some(format!("The report has no {code} here; make sure that it is this failure before you follow the steps."))
            }
            (false, Lang::Zh) => Some(format!("报告中没有 {code}；按步骤操作之前，先确认确实是这个问题。")),
        }
    }

    fn open(self) -> &'static str {
        self.0.pick(
            "Words in <…> are to be filled in by you: give logs (PATH) or a report (--report) to have them filled in.",
            "<…> 中的内容需要自行填写；提供日志（PATH）或报告（--report）即可自动填入。",
        )
    }

    fn runs_nothing(self) -> &'static str {
        self.0.pick("dupdoctor runs none of this.", "dupdoctor 不会执行其中任何命令。")
    }
}

/// `test_dup1  a5d1716542517`
fn label(subject: &RunbookSubject) -> Option<String> {
    let key = match (subject.app_id, subject.dup_id) {
        (Some(app), Some(dup)) => Some(format!("a{app}d{dup}")),
        (None, Some(dup)) => Some(format!("d{dup}")),
        (_, None) => None,
    };
    let parts: Vec<String> = [subject.app_name.clone(), key, subject.server.clone()].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join("  "))
}

/// The runbook for a terminal.
#[must_use]
pub fn runbook_text(runbook: &Runbook<'_>, style: &Style) -> String {
    let (said, words) = (Said(style.lang), Words(style.lang));
    let mut page = Page::new(style);
    let code = Part::new(Tone::Grave(runbook.signature.severity), &runbook.signature.code);
    let title = fill(&style.lang.pick_text(runbook.signature).title, &runbook.subject.values);
    page.beside(&[code], runbook.signature.code.width() + 2, &[Part::new(Tone::Bold, &title)]);
    if let Some(subject) = label(runbook.subject) {
        page.paragraph(1, Tone::Bold, &subject);
    }
    page.paragraph(1, Tone::Dim, &said.for_release(runbook.release));
    if let Some(doubt) = said.found(runbook.subject, &runbook.signature.code) {
        page.paragraph(1, Tone::Plain, &doubt);
    }
    page.blank();
    steps(&mut page, words, 0, runbook.steps);
    page.blank();
    if has_open(runbook.steps) {
        page.paragraph(1, Tone::Dim, said.open());
    }
    page.paragraph(1, Tone::Dim, said.runs_nothing());
    page.finish()
}

/// The steps, numbered, each with what it is for.
pub(super) fn steps(page: &mut Page<'_>, words: Words, before: usize, steps: &[RunbookStep]) {
    let said = Said(words.0);
    let head = |index: usize, step: &RunbookStep| format!("{:>2} {}", index + 1, said.kind(step.kind));
    let indent = before + 3 + steps.iter().enumerate().map(|(i, s)| head(i, s).width()).max().unwrap_or(0);
    for (index, step) in steps.iter().enumerate() {
        let tone = if step.dangerous { Tone::Grave(crate::signature::Severity::Critical) } else { Tone::Dim };
        let lead = margin(&format!("{}{}", " ".repeat(before), head(index, step)), indent).map(|part| Part { tone, ..part });
        let mut body = Vec::new();
        if !step.releases.is_empty() {
            body.push(Part::new(Tone::Dim, &format!("({}) ", said.releases(&step.releases))));
        }
        body.push(Part::new(Tone::Plain, &step.text));
        if index > 0 && step.kind == Some(StepKind::Check) && steps[index - 1].kind != Some(StepKind::Check) {
            page.blank();
        }
        page.beside(&lead, indent, &body);
        // Where there is no reason apart, the text itself says DANGER.
        if let Some(why) = &step.danger {
            page.paragraph(indent, tone, &format!("{}{}{why}", said.danger(), words.colon()));
        }
        for command in &step.commands {
            if !command.releases.is_empty() {
                page.paragraph(indent, Tone::Dim, &format!("{}{}", said.releases(&command.releases), words.colon().trim_end()));
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
    let (said, words) = (Said(lang), Words(lang));
    let title = fill(&lang.pick_text(runbook.signature).title, &runbook.subject.values);
    let mut out = format!("# {}{}{}\n\n", runbook.signature.code, words.colon(), escaped(&title));
    if let Some(subject) = label(runbook.subject) {
        let _ = writeln!(out, "**{}**\n", escaped(&subject));
    }
    let _ = writeln!(out, "{}\n", said.for_release(runbook.release));
    if let Some(doubt) = said.found(runbook.subject, &runbook.signature.code) {
        let _ = writeln!(out, "{}\n", escaped(&doubt));
    }
    for (index, step) in runbook.steps.iter().enumerate() {
        let releases = if step.releases.is_empty() { String::new() } else { format!("({}) ", said.releases(&step.releases)) };
        let _ = writeln!(out, "{}. **{}**{}{releases}{}", index + 1, said.kind(step.kind), words.colon(), escaped(&step.text));
        if let Some(why) = &step.danger {
            let _ = writeln!(out, "\n   **{}**{}{}", said.danger(), words.colon(), escaped(why));
        }
        if !step.commands.is_empty() {
            out.push_str("\n   ```text\n");
            for command in &step.commands {
                if !command.releases.is_empty() {
                    let _ = writeln!(out, "   # {}", said.releases(&command.releases));
                }
                let _ = writeln!(out, "   {} {}", words.prompt(&command.at), super::escape::plain(&command.run));
            }
            out.push_str("   ```\n");
        }
        out.push('\n');
    }
    if has_open(runbook.steps) {
        let _ = writeln!(out, "{}\n", escaped(said.open()));
    }
    let _ = writeln!(out, "{}", said.runs_nothing());
    out
}

/// The runbook for programs.
#[must_use]
pub fn runbook_json(runbook: &Runbook<'_>, lang: Lang) -> String {
    let subject = runbook.subject;
    let duplication = (subject.app_name.is_some() || subject.dup_id.is_some())
        .then(|| json!({"app_id": subject.app_id, "dup_id": subject.dup_id, "app_name": subject.app_name}));
    let value = json!({
        "schema_version": crate::report::SCHEMA_VERSION,
        "code": runbook.signature.code,
        "name": runbook.signature.name,
        "title": fill(&lang.pick_text(runbook.signature).title, &subject.values),
        "duplication": duplication,
        "server": subject.server,
        "found": subject.found,
        "release": runbook.release,
        "steps": runbook.steps,
    });
    format!("{}\n", json_escaped(&serde_json::to_string_pretty(&value).unwrap_or_default()))
}
