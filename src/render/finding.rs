//! One finding: what, why, the proof, what to do, and what it is not.

use super::clock::Clock;
use super::cut;
use super::escape::plain;
use super::flow::{Part, rows, width_of};
use super::page::{Page, padded, spaces};
use super::style::{Tone, level_tone};
use super::words::Words;
use crate::record::{find_header, header};
use crate::report::number::numbered;
use crate::report::{Evidence, Finding};
use crate::signature::{Command, FixedBy};
use unicode_width::UnicodeWidthStr;

/// So many proving lines are shown.
const LINES: usize = 3;

/// So many rows of one proving line are shown.
const ROWS: usize = 3;

/// Writes findings.
pub(super) struct Findings<'a> {
    pub(super) words: Words,
    pub(super) clock: &'a Clock,
}

impl Findings<'_> {
    /// All there is to say about it.
    pub(super) fn whole(&self, page: &mut Page<'_>, finding: &Finding, consequences: &[&Finding]) {
        let words = self.words;
        let indent = self.indent();
        page.rule();
        self.title(page, finding);
        page.blank();
        self.section(page, words.what(), &finding.explanation);
        self.section(page, words.why(), &finding.cause);
        for (index, detail) in finding.details.iter().enumerate() {
            self.section(page, if index == 0 { words.numbers() } else { "" }, detail);
        }
        self.proof(page, finding);
        self.consequences(page, consequences);
        self.missing_logs(page, finding);
        let steps: Vec<Step<'_>> =
            finding.suggestions.iter().map(|s| Step { text: self.clock.in_text(&s.text), commands: &s.commands }).collect();
        match &finding.runbook {
            Some(runbook) => super::runbook::steps(page, words, 0, runbook),
            None => remedy(page, words, indent, &steps),
        }
        if let Some(affected) = &finding.affected {
            self.section(page, words.affects(), affected);
        }
        if let Some(fixed_by) = &finding.fixed_by {
            fixed(page, words, indent, fixed_by, &finding.references);
        }
        let others: Vec<(&str, &str)> = finding.look_alikes.iter().map(|l| (l.code.as_str(), &*l.text)).collect();
        look_alikes(page, words, indent, &others);
        if page.style.verbose {
            references(page, words, indent, &finding.references);
        }
    }

    /// What follows from it: one line each, with the place that proves it.
    fn consequences(&self, page: &mut Page<'_>, consequences: &[&Finding]) {
        let indent = self.indent();
        for (index, consequence) in consequences.iter().enumerate() {
            let mut lead = margin(if index == 0 { self.words.leads_to() } else { "" }, indent).to_vec();
            let code = Part::new(Tone::Plain, &format!("{}{}", consequence.code, self.words.colon()));
            let inner = indent + code.width();
            lead.push(code);
            page.beside(&lead, inner, &[Part::new(Tone::Plain, &consequence.title)]);
            page.beside(&[], inner, &[Part::new(Tone::Dim, &self.how_often(consequence))]);
            if let Some(evidence) = consequence.evidence.last() {
                page.beside(&[], inner, &[Part::place(Tone::Dim, &place(evidence, page.columns() - inner), &evidence.path)]);
            }
        }
    }

    /// Which logs are not there, and how to collect them.
    fn missing_logs(&self, page: &mut Page<'_>, finding: &Finding) {
        let indent = self.indent();
        for (index, missing) in finding.missing_logs.iter().enumerate() {
            let lead = margin(if index == 0 { self.words.needs() } else { "" }, indent).to_vec();
            let window = match (missing.window.first, missing.window.last) {
                (Some(first), Some(last)) => format!("{} ({})", self.clock.range(first.0, last.0), self.clock.label(first.0)),
                _ => String::new(),
            };
            let text = self.words.missing_logs_of(missing.role, missing.cluster.as_deref(), &missing.servers, &window);
            page.beside(&lead, indent, &[Part::new(Tone::Plain, &text)]);
            type_it(page, self.words, indent, &missing.command);
        }
    }

    /// Severity, code, subject and title in a row; for information, and for what is just like the one before.
    pub(super) fn brief(&self, page: &mut Page<'_>, finding: &Finding) {
        let tone = Tone::Grave(finding.severity);
        let code = Part::new(tone, &format!(" {}", finding.code));
        let indent = code.width() + 2;
        let mut left = self.subject(finding);
        left.push(Part::new(Tone::Plain, &format!("{}{}", self.words.colon(), finding.title)));
        page.beside(&[code], indent, &left);
        page.beside(&[], indent, &[Part::new(Tone::Dim, &self.how_often(finding))]);
    }

    /// Severity and subject, for a finding whose text was written out for another subject.
    pub(super) fn elsewhere(&self, page: &mut Page<'_>, finding: &Finding) {
        let mut lead = vec![Part::new(Tone::Plain, " ")];
        lead.extend(self.subject(finding));
        page.sides(&[], 0, &lead, &[Part::new(Tone::Dim, &self.how_often(finding))]);
        if let Some(evidence) = finding.evidence.first() {
            page.beside(&[], 3, &[Part::place(Tone::Dim, &place(evidence, page.columns() - 3), &evidence.path)]);
        }
    }

    fn title(&self, page: &mut Page<'_>, finding: &Finding) {
        let words = self.words;
        let tone = Tone::Grave(finding.severity);
        let lead = [Part::new(tone, &finding.code), spaces(2)];
        page.beside(&lead, finding.code.width() + 2, &[Part::new(Tone::Bold, &finding.title)]);
        let state = if finding.active { words.still_going_on() } else { words.over() };
        let how = [words.severity(finding.severity), words.confidence(finding.confidence), state].join(words.separator());
        page.sides(&[], 1, &[Part::new(Tone::Dim, &finding.name)], &[Part::new(tone, &how)]);
        page.sides(&[], 1, &self.subject(finding), &[Part::new(Tone::Dim, &self.how_often(finding))]);
    }

    /// Which duplication or server it is about.
    fn subject(&self, finding: &Finding) -> Vec<Part> {
        let words = self.words;
        let mut parts = Vec::new();
        if let Some(dup) = &finding.duplication {
            let name = dup.app_name.as_deref().unwrap_or_else(|| words.name_unknown());
            parts.push(Part::new(Tone::Bold, name));
            let key = match (dup.app_id, dup.dup_id) {
                (Some(app), Some(id)) => format!("a{}d{}", app.0, id.0),
                (None, Some(id)) => format!("d{}", id.0),
                (_, None) => words.id_unknown().to_owned(),
            };
            parts.push(Part::new(Tone::Plain, &format!("  {key}")));
        }
        if let Some(status) = finding.status {
            parts.push(Part::new(Tone::Plain, &format!("  {status}")));
        }
        if let Some(server) = &finding.server {
            let gap = if parts.is_empty() { "" } else { "  " };
            parts.push(Part::new(Tone::Plain, &format!("{gap}{}", words.on_server(server))));
        }
        parts
    }

    /// `803 times, 17:22:18 … 19:36:07 (+08:00)`
    fn how_often(&self, finding: &Finding) -> String {
        let times = self.words.times(finding.occurrences);
        match (finding.first_seen, finding.last_seen) {
            (Some(first), Some(last)) => {
                let when = format!("{} ({})", self.clock.range(first.0, last.0), self.clock.label(first.0));
                // What lasts without a line for it is not said to have happened once.
                if finding.occurrences == 1 && first != last { when } else { format!("{times}{}{when}", self.words.separator()) }
            }
            _ => times,
        }
    }

    fn section(&self, page: &mut Page<'_>, label: &str, text: &str) {
        section(page, self.indent(), label, &self.clock.in_text(text));
    }

    fn proof(&self, page: &mut Page<'_>, finding: &Finding) {
        let indent = self.indent();
        let all = finding.evidence.len();
        let most = if page.style.verbose { all } else { LINES };
        let mut label = self.words.proof();
        let mut before = None;
        for (index, evidence) in finding.evidence.iter().enumerate() {
            // From both ends: what it began with and what it came to.
            if all > most && (most - 1..all - 1).contains(&index) {
                if index == most - 1 {
                    page.paragraph(indent, Tone::Dim, &self.words.more_evidence(all - most));
                }
                continue;
            }
            let message = message(&evidence.text);
            self.line(page, label, evidence, (before != Some(message)).then_some(message));
            before = Some(message);
            label = "";
        }
    }

    /// A place and what stands there; `None` is for the message just shown.
    fn line(&self, page: &mut Page<'_>, label: &str, evidence: &Evidence, message: Option<(Option<char>, &str)>) {
        let indent = self.indent();
        let room = page.columns() - indent;
        page.beside(&margin(label, indent), indent, &[Part::place(Tone::Dim, &place(evidence, room), &evidence.path)]);
        let time = Part::new(Tone::Dim, &self.clock.line(evidence.at.0, &evidence.path));
        let Some((level, message)) = message else {
            page.row(&[spaces(indent + 2), time, Part::new(Tone::Dim, &format!(" {}", self.words.the_same()))]);
            return;
        };
        let mut head = vec![time, spaces(1)];
        if let Some(letter) = level {
            head.extend([Part::new(level_tone(letter), &letter.to_string()), spaces(1)]);
        }
        let message = plain(message.trim());
        let inner = indent + 4;
        let columns = page.columns() - inner;
        let text = if page.style.verbose { message.into_owned() } else { fitted(&head, &message, columns) };
        head.push(Part::new(Tone::Plain, &text));
        // The time stands two columns before the rows that go on with the message.
        let mut rows = rows(&head, columns).into_iter();
        let first: Vec<Part> = std::iter::once(spaces(indent + 2)).chain(rows.next().unwrap_or_default()).collect();
        page.row(&first);
        for row in rows {
            let row: Vec<Part> = std::iter::once(spaces(inner)).chain(row).collect();
            page.row(&row);
        }
    }

    fn indent(&self) -> usize {
        indent(self.words)
    }
}

/// Where the text beside the labels begins.
pub(super) fn indent(words: Words) -> usize {
    let labels = [
        words.what(),
        words.why(),
        words.numbers(),
        words.proof(),
        words.remedy(),
        words.affects(),
        words.fixed(),
        words.not_it(),
        words.see(),
    ];
    1 + labels.iter().map(|l| l.width()).max().unwrap_or(0) + 2
}

/// A label in the margin.
pub(super) fn margin(label: &str, indent: usize) -> [Part; 2] {
    padded(Tone::Dim, &format!(" {label}"), indent)
}

/// A label and a paragraph.
pub(super) fn section(page: &mut Page<'_>, indent: usize, label: &str, text: &str) {
    if !text.is_empty() {
        page.beside(&margin(label, indent), indent, &[Part::new(Tone::Plain, text)]);
    }
}

/// A step of the remedy.
pub(super) struct Step<'a> {
    pub(super) text: String,
    pub(super) commands: &'a [Command],
}

/// The steps, numbered, with their commands.
pub(super) fn remedy(page: &mut Page<'_>, words: Words, indent: usize, steps: &[Step<'_>]) {
    for (index, step) in steps.iter().enumerate() {
        let mut lead = margin(if index == 0 { words.remedy() } else { "" }, indent).to_vec();
        let number = format!("{}. ", index + 1);
        let inner = indent + number.len();
        lead.push(Part::new(Tone::Plain, &number));
        page.beside(&lead, inner, &[Part::new(Tone::Plain, &step.text)]);
        for command in step.commands {
            type_it(page, words, inner, command);
        }
    }
}

/// A command stays in one piece, however long, so that it can be copied.
pub(super) fn type_it(page: &mut Page<'_>, words: Words, indent: usize, command: &Command) {
    let prompt = Part::new(Tone::Dim, &words.prompt(&command.at));
    let run = Part::new(Tone::Command, &command.run);
    if indent + prompt.width() + 1 + run.width() <= page.columns() {
        page.row(&[spaces(indent), prompt, spaces(1), run]);
    } else {
        page.row(&[spaces(indent), prompt]);
        page.row(&[spaces(indent + 2), run]);
    }
}

/// What fixes it for good.
pub(super) fn fixed(page: &mut Page<'_>, words: Words, indent: usize, fixed_by: &FixedBy, references: &[String]) {
    let mut parts = Vec::new();
    if let Some(number) = fixed_by.pull_request {
        let text = words.pull_request(&number.to_string());
        // Old ones are of XiaoMi/rdsn; only the references know.
        let address = references.iter().find(|r| r.ends_with(&format!("/pull/{number}")));
        parts.push(address.map_or_else(|| Part::new(Tone::Plain, &text), |link| Part::linked(Tone::Plain, &text, link)));
    }
    parts.extend(fixed_by.commit.as_ref().map(|c| Part::new(Tone::Plain, &words.commit(c))));
    let release = words.released(fixed_by.release.as_deref());
    parts.push(Part::new(Tone::Plain, &release));
    let mut body = Vec::new();
    for part in parts {
        if !body.is_empty() {
            body.push(Part::new(Tone::Plain, words.separator()));
        }
        body.push(part);
    }
    page.beside(&margin(words.fixed(), indent), indent, &body);
}

/// Other codes and how to tell them apart.
pub(super) fn look_alikes(page: &mut Page<'_>, words: Words, indent: usize, others: &[(&str, &str)]) {
    for (index, (code, text)) in others.iter().enumerate() {
        let label = if index == 0 { words.not_it() } else { "" };
        let body = [Part::new(Tone::Plain, &format!("{code}{}{text}", words.colon()))];
        page.beside(&margin(label, indent), indent, &body);
    }
}

/// Links, one a row and in one piece.
pub(super) fn references(page: &mut Page<'_>, words: Words, indent: usize, references: &[String]) {
    for (index, reference) in references.iter().enumerate() {
        let mut row = margin(if index == 0 { words.see() } else { "" }, indent).to_vec();
        if reference.starts_with("http") {
            row.push(Part::linked(Tone::Dim, reference, reference));
            page.row(&row);
        } else {
            page.beside(&row, indent, &[Part::new(Tone::Dim, reference)]);
        }
    }
}

/// `path:line`, the folders cut before the file.
pub(super) fn place(evidence: &Evidence, columns: usize) -> String {
    cut::start(&plain(&numbered(&evidence.path, evidence.line)), columns)
}

/// The level letter and the message, without the long header that says who and when.
pub(super) fn message(line: &str) -> (Option<char>, &str) {
    let found = header(line.as_bytes()).or_else(|| find_header(line.as_bytes()).map(|(_, h)| h));
    let Some(found) = found else {
        return (None, line);
    };
    let body = line.len().checked_sub(found.body.len()).and_then(|at| line.get(at..)).unwrap_or(line);
    (Some(char::from(found.level)), body)
}

/// The message in as many rows as a proof may have, its middle left out when it is too long.
fn fitted(head: &[Part], message: &str, columns: usize) -> String {
    let mut text = message.to_owned();
    let mut budget = (columns * ROWS).saturating_sub(width_of(head));
    let count = |text: &str| {
        let parts: Vec<Part> = head.iter().cloned().chain([Part::new(Tone::Plain, text)]).collect();
        rows(&parts, columns).len()
    };
    while count(&text) > ROWS && budget > columns {
        text = cut::middle(message, budget);
        budget -= 3;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_has_no_header() {
        let line = "E2024-05-24 17:22:18.004 (1716542538004000000 121543) meta.meta_state0.0102000500000411: duplication_info.cpp:1:f(): it failed";
        assert_eq!(message(line), (Some('E'), "it failed"));
        assert_eq!(message("no header"), (None, "no header"));
    }

    #[test]
    fn a_long_message_keeps_its_end() {
        let long = format!("query follower {}, update_err = ERR_OBJECT_NOT_FOUND", "x ".repeat(300));
        let text = fitted(&[], &long, 40);
        assert!(text.starts_with("query follower"), "{text}");
        assert!(text.ends_with("ERR_OBJECT_NOT_FOUND"), "{text}");
        assert!(rows(&[Part::new(Tone::Plain, &text)], 40).len() <= ROWS);
    }
}
