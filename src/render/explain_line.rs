//! What one pasted line is, and the findings that it can belong to.

use super::escape::plain;
use super::explain_markdown::escaped;
use super::finding::margin;
use super::flow::Part;
use super::page::Page;
use super::signature_json::laid_out;
use super::style::{Style, Tone};
use super::words::{LETTER, LEVEL, WRITER, Words};
use crate::event::Level;
use crate::signature::{AskedLine, Lang, LineHeader, LinePart, LineUse, Placeholders, Stated, fill};
use serde_json::{Map, Value, json};
use std::fmt::Write as _;
use unicode_width::UnicodeWidthStr;

/// One labelled part of the answer.
struct Section {
    label: &'static str,
    rows: Vec<String>,
}

/// The answer for a terminal.
#[must_use]
pub fn explain_line(line: &AskedLine<'_>, style: &Style) -> String {
    let words = Words(style.lang);
    let sections = sections(words, line);
    let indent = 3 + sections.iter().map(|s| s.label.width()).max().unwrap_or(0);
    let mut page = Page::new(style);
    page.paragraph(0, Tone::Bold, name(words, line));
    page.paragraph(0, Tone::Plain, &plain(&meaning(words, line)));
    page.blank();
    for section in sections {
        for (index, row) in section.rows.iter().enumerate() {
            let label = if index == 0 { section.label } else { "" };
            page.beside(&margin(label, indent), indent, &[Part::new(Tone::Plain, &plain(row))]);
        }
    }
    page.blank();
    page.paragraph(0, Tone::Dim, &advice(words, line));
    page.finish()
}

/// The answer as Markdown.
#[must_use]
pub fn explain_line_markdown(line: &AskedLine<'_>, lang: Lang) -> String {
    let words = Words(lang);
    let mut out = format!("# {}\n\n{}\n", escaped(name(words, line)), escaped(&plain(&meaning(words, line))));
    for section in sections(words, line) {
        let _ = writeln!(out, "\n**{}**\n", section.label);
        for row in section.rows {
            let _ = writeln!(out, "- {}", escaped(&plain(&row)));
        }
    }
    let _ = writeln!(out, "\n{}", escaped(&advice(words, line)));
    out
}

/// The answer for programs; every key is always there.
#[must_use]
pub fn explain_line_json(line: &AskedLine<'_>) -> String {
    let both = |pick: &dyn Fn(Lang) -> Value| json!({"en": pick(Lang::En), "zh": pick(Lang::Zh)});
    let (reading, event, role, level, fields, anchor) = match &line.stated {
        Stated::Event(pattern, fields) => {
            let fields: Map<String, Value> = fields.iter().map(|(name, text)| ((*name).to_owned(), json!(text))).collect();
            ("known", Some(pattern.event.name()), Some(pattern.role.name()), Some(level_name(pattern.level)), fields, None)
        }
        Stated::Drift(anchor) => ("drift", None, None, None, Map::new(), Some(*anchor)),
        Stated::Nothing => ("nothing", None, None, None, Map::new(), None),
    };
    let header = line.header.as_ref().map(|h| {
        json!({"letter": h.letter.to_string(), "clock": h.clock, "at": h.at.map(crate::pegasus::LogTime::rfc3339), "server": h.server, "file": h.file})
    });
    let used = |u: &LineUse<'_>| {
        let s = u.signature;
        json!({"code": s.code, "name": s.name, "severity": s.severity, "as": u.part.name(), "confidence": u.confidence, "times": u.times,
            "title": {"en": s.en.title, "zh": s.zh.title}})
    };
    laid_out(&json!({
        "reading": reading,
        "event": event,
        "role": role,
        "level": level,
        "meaning": both(&|lang| json!(meaning(Words(lang), line))),
        "anchor": anchor,
        "origin": line.origin,
        "header": header,
        "body": line.body,
        "fields": fields,
        "findings": line.uses.iter().map(used).collect::<Vec<_>>(),
    }))
}

fn name<'a>(words: Words, line: &AskedLine<'a>) -> &'a str {
    match &line.stated {
        Stated::Event(pattern, _) => pattern.event.name(),
        Stated::Drift(_) => words.line_drift(),
        Stated::Nothing => words.line_nothing(),
    }
}

fn meaning(words: Words, line: &AskedLine<'_>) -> String {
    match &line.stated {
        Stated::Event(pattern, _) => {
            let (en, zh) = pattern.event.meanings();
            words.0.pick(en, zh).to_owned()
        }
        Stated::Drift(anchor) => words.drift_means(anchor),
        Stated::Nothing if line.header.is_some() => words.foreign_means().to_owned(),
        Stated::Nothing => words.no_header_means().to_owned(),
    }
}

/// What to do with the answer.
fn advice(words: Words, line: &AskedLine<'_>) -> String {
    match (&line.stated, line.uses.first()) {
        (Stated::Event(..), Some(first)) => words.advice_used(&first.signature.code),
        (Stated::Event(..), None) => words.advice_unused().to_owned(),
        (Stated::Drift(_), _) => words.advice_drift().to_owned(),
        (Stated::Nothing, _) if line.header.is_some() => words.advice_foreign().to_owned(),
        (Stated::Nothing, _) => words.advice_no_header().to_owned(),
    }
}

fn sections(words: Words, line: &AskedLine<'_>) -> Vec<Section> {
    let mut sections = Vec::new();
    let mut head: Vec<String> = line.header.iter().map(|h| header(words, h)).collect();
    head.extend(line.origin.iter().map(|o| words.line_collected(o)));
    sections.push(Section { label: words.line_header(), rows: head });
    if let Stated::Event(pattern, fields) = &line.stated {
        let level = words.named(LEVEL, level_name(pattern.level)).unwrap_or_default();
        let by = format!("{}{}{level}", words.named(WRITER, pattern.role.name()).unwrap_or_default(), words.separator());
        sections.push(Section { label: words.line_writer(), rows: vec![by] });
        sections.push(Section { label: words.line_fields(), rows: fields.iter().map(|(name, text)| format!("{name} = {text}")).collect() });
    }
    let parts = [(LinePart::Proof, words.line_proof()), (LinePart::Asked, words.line_asked()), (LinePart::Against, words.line_against())];
    for (part, label) in parts {
        sections.push(Section { label, rows: line.uses.iter().filter(|u| u.part == part).map(|u| used(words, u)).collect() });
    }
    sections.retain(|s| !s.rows.is_empty());
    sections
}

/// `DUP302 the table is missing (critical, certain, at least 2 times)`
fn used(words: Words, part: &LineUse<'_>) -> String {
    let signature = part.signature;
    let title = fill(&signature.text(words.0).title, &Placeholders::new());
    let mut notes = vec![words.severity(signature.severity).to_owned()];
    if part.part == LinePart::Proof {
        notes.push(words.confidence(part.confidence).to_owned());
    }
    if part.times > 1 {
        notes.push(words.at_least_times(part.times));
    }
    words.line_use(&signature.code, &title, &notes.join(words.separator()))
}

fn header(words: Words, header: &LineHeader) -> String {
    let at = header.at.map(|at| format!(" ({})", at.rfc3339())).unwrap_or_default();
    let letter = header.letter.to_string();
    let meaning = words.named(LETTER, &letter).or_else(|| words.named(LETTER, "F")).unwrap_or_default();
    let server = header.server.as_deref().map(|s| match s {
        "meta" | "replica" => words.named(WRITER, s).unwrap_or_default(),
        _ => words.line_collector(),
    });
    let parts =
        [Some(format!("{}{at}", header.clock)), Some(words.letter_is(&letter, meaning)), server.map(str::to_owned), header.file.clone()];
    parts.into_iter().flatten().collect::<Vec<_>>().join(words.separator())
}

/// The name in JSON.
fn level_name(level: Level) -> &'static str {
    match level {
        Level::Debug => "debug",
        Level::Info => "info",
        Level::Warning => "warning",
        Level::Error => "error",
        Level::Fatal => "fatal",
    }
}
