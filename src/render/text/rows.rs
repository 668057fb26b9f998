//! Blocks as rows of text: labels in the margin, what they label beside it.

use crate::pegasus::LogTime;
use crate::record::{header, unwrap};
use crate::render::blocks::{Block, Inline, Step, Weight, text};
use crate::render::content::Content;
use crate::render::escape::plain;
use crate::render::style::{Tone, level_tone};
use crate::render::text::cut;
use crate::render::text::flow::{Part, rows, width_of};
use crate::render::text::page::{Page, padded, spaces};
use crate::render::words::Words;
use crate::report::number::numbered;
use crate::report::{Evidence, Finding};
use crate::signature::Severity;
use std::borrow::Cow;
use unicode_width::UnicodeWidthStr;

/// So many proving lines are shown.
const LINES: usize = 3;

/// So many rows of one proving line are shown.
const ROWS: usize = 3;

/// Where the text beside the labels of findings begins.
pub(in crate::render) fn indent(words: Words) -> usize {
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
    3 + labels.iter().map(|l| l.width()).max().unwrap_or(0)
}

/// A label in the margin.
pub(in crate::render) fn margin(label: &str, indent: usize) -> [Part; 2] {
    padded(Tone::Dim, &format!(" {label}"), indent)
}

/// `path:line`, the folders cut before the file.
pub(in crate::render) fn place(path: &str, line: Option<u64>, columns: usize) -> Part {
    Part::place(Tone::Dim, &cut::start(&plain(&numbered(path, line)), columns), path)
}

/// What blocks are written with.
pub(in crate::render) struct Rows<'p, 's, 'c> {
    pub(in crate::render) page: &'p mut Page<'s>,
    pub(in crate::render) content: &'c Content<'c>,
    /// Where the text begins that is not labelled, and that beside labels at least.
    pub(in crate::render) left: usize,
    pub(in crate::render) least: usize,
}

impl Rows<'_, '_, '_> {
    /// All of them, one below the other.
    pub(in crate::render) fn write(&mut self, blocks: &[Block<'_>]) {
        let width = |block: &Block<'_>| if let Block::Labelled(label, ..) = block { label.short.width() + 3 } else { 0 };
        let indent = blocks.iter().map(width).max().unwrap_or(0).max(self.least);
        for block in blocks {
            let Block::Labelled(label, weight, body) = block else {
                self.block(self.left, "", block);
                continue;
            };
            if *weight == Weight::Rarely && !self.page.style.verbose {
                continue;
            }
            let mut label = label.short;
            for block in body {
                self.block(indent, std::mem::take(&mut label), block);
            }
        }
    }

    fn block(&mut self, indent: usize, label: &str, block: &Block<'_>) {
        match block {
            Block::Heading(_, line) => self.beside(indent, label, &[Part::new(Tone::Bold, &text(line))]),
            Block::Note(line) => self.beside(indent, label, &[Part::new(Tone::Dim, &text(line))]),
            Block::Paragraph(line) | Block::Panel(_, line) => self.beside(indent, label, &parts(line)),
            Block::Rows(lines) => self.lines(indent, label, lines.iter().map(|line| parts(line))),
            Block::List(lines) => {
                for line in lines {
                    self.page.beside(&[spaces(indent), Part::new(Tone::Dim, "- ")], indent + 2, &parts(line));
                }
            }
            Block::Code(text) => self.lines(indent, label, text.lines().map(|line| vec![Part::new(Tone::Dim, line)])),
            Block::Proof(evidence) => self.proof(indent, label, evidence),
            Block::Consequences(all) => self.consequences(indent, label, all),
            Block::Steps(steps) if steps.iter().any(|s| s.kind.is_some()) => self.runbook(steps),
            Block::Steps(steps) => self.steps(indent, label, steps),
            Block::Command(command) => self.page.command(indent, self.content.words, command),
            Block::Gap => self.page.blank(),
            // Nothing that is written in rows has these.
            Block::Table { .. } | Block::Fold(..) | Block::Labelled(..) => {}
        }
    }

    fn beside(&mut self, indent: usize, label: &str, body: &[Part]) {
        let lead = if label.is_empty() { Vec::new() } else { margin(label, indent).to_vec() };
        self.page.beside(&lead, indent, body);
    }

    fn lines(&mut self, indent: usize, mut label: &str, lines: impl Iterator<Item = Vec<Part>>) {
        for line in lines {
            // An address stays in one piece, so that it can be clicked.
            if let [Part { link: Some(_), .. }] = line.as_slice() {
                self.page.row(&margin(label, indent).into_iter().chain(line).collect::<Vec<_>>());
            } else {
                self.beside(indent, label, &line);
            }
            label = "";
        }
    }

    /// What follows from it: one line each, with the place that proves it.
    fn consequences(&mut self, indent: usize, mut label: &str, all: &[&Finding]) {
        for consequence in all {
            let code = Part::new(Tone::Plain, &format!("{}{}", consequence.code, self.content.words.colon()));
            let inner = indent + code.width();
            let lead: Vec<Part> = margin(std::mem::take(&mut label), indent).into_iter().chain([code]).collect();
            self.page.beside(&lead, inner, &[Part::new(Tone::Plain, &consequence.title)]);
            self.page.beside(&[], inner, &[Part::new(Tone::Dim, &text(&self.content.how_often(consequence)))]);
            if let Some(evidence) = consequence.evidence.last() {
                let place = place(&evidence.path, evidence.line, self.page.columns() - inner);
                self.page.beside(&[], inner, &[place]);
            }
        }
    }

    /// The steps, numbered, with their commands.
    fn steps(&mut self, indent: usize, mut label: &str, steps: &[Step]) {
        for (index, step) in steps.iter().enumerate() {
            let number = format!("{}. ", index + 1);
            let inner = indent + number.len();
            let mut lead = margin(std::mem::take(&mut label), indent).to_vec();
            lead.push(Part::new(Tone::Plain, &number));
            self.page.beside(&lead, inner, &warned(self.content.words, &step.text));
            for (_, command) in &step.commands {
                self.page.command(inner, self.content.words, command);
            }
        }
    }

    /// The steps of a runbook: in the margin what each is for.
    fn runbook(&mut self, steps: &[Step]) {
        let words = self.content.words;
        let head = |(index, step): (usize, &Step)| format!("{:>2} {}", index + 1, step.kind.unwrap_or_default());
        let indent = 3 + steps.iter().enumerate().map(|s| head(s).width()).max().unwrap_or(0);
        for (index, step) in steps.iter().enumerate() {
            let tone = if step.dangerous { Tone::Grave(Severity::Critical) } else { Tone::Dim };
            let mut body: Vec<Part> = step.releases.iter().map(|r| Part::new(Tone::Dim, &format!("{} ", words.aside(r)))).collect();
            body.extend(warned(words, &step.text));
            if step.begins {
                self.page.blank();
            }
            self.page.beside(&padded(tone, &format!(" {}", head((index, step))), indent), indent, &body);
            if let Some(why) = &step.danger {
                self.page.paragraph(indent, tone, &format!("{}{}{why}", words.danger(), words.colon()));
            }
            for (releases, command) in &step.commands {
                if let Some(releases) = releases {
                    self.page.paragraph(indent, Tone::Dim, &format!("{releases}{}", words.colon().trim_end()));
                }
                self.page.command(indent, self.content.words, command);
            }
        }
    }

    /// Neighbours that say the same stand once, with when the last of them was written.
    fn proof(&mut self, indent: usize, mut label: &str, evidence: &[Evidence]) {
        let mut alike: Vec<(&Evidence, Option<&Evidence>)> = Vec::new();
        for line in evidence {
            match alike.last_mut() {
                Some((first, last)) if message(&first.text) == message(&line.text) => *last = Some(line),
                _ => alike.push((line, None)),
            }
        }
        let all = alike.len();
        let most = if self.page.style.verbose { all } else { LINES };
        for (index, (first, last)) in alike.into_iter().enumerate() {
            // From both ends: what it began with and what it came to.
            if all > most && (most - 1..all - 1).contains(&index) {
                if index == most - 1 {
                    self.page.paragraph(indent, Tone::Dim, &self.content.words.more_evidence(all - most));
                }
                continue;
            }
            self.line(indent, std::mem::take(&mut label), first);
            if let Some(last) = last {
                let (time, words) = (self.time(last), self.content.words);
                let told = if time.is_empty() { words.again_undated().to_owned() } else { words.again(&time) };
                self.page.paragraph(indent + 2, Tone::Dim, &told);
            }
        }
    }

    /// When a line was written; of what is planned and of a line whose beginning was cut off that is not known.
    fn time(&self, evidence: &Evidence) -> String {
        let undated = self.content.plans() || evidence.at.0 == LogTime::default();
        if undated { String::new() } else { self.content.clock.line(evidence.at.0, &evidence.path) }
    }

    /// A place and what stands there.
    fn line(&mut self, indent: usize, label: &str, evidence: &Evidence) {
        let place = place(&evidence.path, evidence.line, self.page.columns() - indent);
        self.page.beside(&margin(label, indent), indent, &[place]);
        let time = self.time(evidence);
        let (level, message) = message(&evidence.text);
        let mut head = if time.is_empty() { Vec::new() } else { vec![Part::new(Tone::Dim, &time), spaces(1)] };
        if let Some(letter) = level {
            head.extend([Part::new(level_tone(letter), &letter.to_string()), spaces(1)]);
        }
        let message = plain(message.trim());
        let inner = indent + 4;
        let columns = self.page.columns() - inner;
        let text = if self.page.style.verbose { message.into_owned() } else { fitted(&head, &message, columns) };
        head.push(Part::new(Tone::Plain, &text));
        // The time stands two columns before the rows that go on with the message.
        for (index, row) in rows(&head, columns).into_iter().enumerate() {
            let begin = spaces(if index == 0 { indent + 2 } else { inner });
            self.page.row(&std::iter::once(begin).chain(row).collect::<Vec<_>>());
        }
    }
}

/// A text in which warnings of harm stand out.
fn warned(words: Words, text: &str) -> Vec<Part> {
    let mut pieces = text.split(words.danger());
    let mut parts = vec![Part::new(Tone::Plain, pieces.next().unwrap_or_default())];
    for piece in pieces {
        parts.extend([Part::new(Tone::Grave(Severity::Critical), words.danger()), Part::new(Tone::Plain, piece)]);
    }
    parts
}

fn parts(line: &[Inline]) -> Vec<Part> {
    let one = |inline: &Inline| match inline {
        Inline::Text(text) | Inline::Reported(text) | Inline::Code(text) => Part::new(Tone::Plain, text),
        Inline::Strong(text) => Part::new(Tone::Bold, text),
        Inline::Link { text, href } => Part::linked(if text == href { Tone::Dim } else { Tone::Plain }, text, href),
    };
    line.iter().map(one).collect()
}

/// The level letter and the message, without the long header that says who and when.
pub(in crate::render) fn message(line: &str) -> (Option<char>, Cow<'_, str>) {
    let shown =
        |text: &[u8]| header(text).map(|found| (Some(char::from(found.level)), String::from_utf8_lossy(found.body).into_owned().into()));
    shown(line.as_bytes()).or_else(|| shown(&unwrap(line.as_bytes()).text)).unwrap_or((None, line.into()))
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
        assert_eq!(message(line), (Some('E'), "it failed".into()));
        assert_eq!(message("no header"), (None, "no header".into()));
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
