//! What one pasted line is, and the findings that it can belong to.

use super::finding::part;
use super::signature::open;
use crate::event::Level;
use crate::render::blocks::{Block, Weight, reported, words as own};
use crate::render::words::{LETTER, LEVEL, WRITER, Words};
use crate::signature::{AskedLine, LineHeader, LinePart, LineUse, Stated};

/// The name of what it states.
pub(in crate::render) fn line_name<'a>(words: Words, line: &AskedLine<'a>) -> &'a str {
    match &line.stated {
        Stated::Event(pattern, _) => pattern.event.name(),
        Stated::Drift(_) => words.line_drift(),
        Stated::Stack(..) => words.line_stack(),
        Stated::Nothing => words.line_nothing(),
    }
}

/// What it means.
pub(in crate::render) fn line_meaning(words: Words, line: &AskedLine<'_>) -> String {
    match &line.stated {
        Stated::Event(pattern, _) => {
            let (en, zh) = pattern.event.meanings();
            words.0.pick(en, zh).to_owned()
        }
        Stated::Drift(anchor) => words.drift_means(anchor),
        Stated::Stack(what, _) => words.0.pick(&what.en, &what.zh).to_owned(),
        Stated::Nothing if line.header.is_some() => words.foreign_means().to_owned(),
        Stated::Nothing => words.no_header_means().to_owned(),
    }
}

/// The answer.
pub(in crate::render) fn line<'r>(words: Words, line: &AskedLine<'_>) -> Vec<Block<'r>> {
    let mut blocks = vec![
        Block::Heading(1, vec![reported(line_name(words, line))]),
        Block::Paragraph(vec![reported(line_meaning(words, line))]),
        Block::Gap,
    ];
    let rows = |label: &'static str, rows: Vec<String>| {
        let rows: Vec<_> = rows.into_iter().map(|row| vec![reported(row)]).collect();
        part(label, Weight::Always, if rows.is_empty() { Vec::new() } else { vec![Block::Rows(rows)] })
    };
    let mut head: Vec<String> = line.header.iter().map(|h| header(words, h)).collect();
    head.extend(line.origin.iter().map(|o| words.line_collected(o)));
    blocks.extend(rows(words.line_header(), head));
    if let Stated::Event(pattern, fields) = &line.stated {
        let level = words.named(LEVEL, level_name(pattern.level)).unwrap_or_default();
        let by = format!("{}{}{level}", words.named(WRITER, pattern.role.name()).unwrap_or_default(), words.separator());
        blocks.extend(rows(words.line_writer(), vec![by]));
        blocks.extend(rows(words.line_fields(), fields.iter().map(|(name, text)| format!("{name} = {text}")).collect()));
    }
    if let Stated::Stack(_, frames) = &line.stated {
        blocks.extend(rows(words.line_frames(), frames.clone()));
    }
    let parts = [(LinePart::Proof, words.line_proof()), (LinePart::Asked, words.line_asked()), (LinePart::Against, words.line_against())];
    for (part, label) in parts {
        blocks.extend(rows(label, line.uses.iter().filter(|u| u.part == part).map(|u| used(words, u)).collect()));
    }
    blocks.extend([Block::Gap, Block::Note(vec![own(advice(words, line))])]);
    blocks
}

/// What to do with the answer.
fn advice(words: Words, line: &AskedLine<'_>) -> String {
    match (&line.stated, line.uses.first()) {
        (Stated::Stack(..), Some(first)) => words.advice_stack(&first.signature.code),
        (Stated::Event(..), Some(first)) => words.advice_used(&first.signature.code),
        (Stated::Event(..) | Stated::Stack(..), None) => words.advice_unused().to_owned(),
        (Stated::Drift(_), _) => words.advice_drift().to_owned(),
        (Stated::Nothing, _) if line.header.is_some() => words.advice_foreign().to_owned(),
        (Stated::Nothing, _) => words.advice_no_header().to_owned(),
    }
}

/// `DUP302 the table is missing (critical, certain, at least 2 times)`
fn used(words: Words, part: &LineUse<'_>) -> String {
    let signature = part.signature;
    let mut notes = vec![words.severity(signature.severity).to_owned()];
    if part.part == LinePart::Proof {
        notes.push(words.confidence(part.confidence).to_owned());
    }
    if part.times > 1 {
        notes.push(words.at_least_times(part.times));
    }
    words.line_use(&signature.code, &open(part.title(words.0)), &notes.join(words.separator()))
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
pub(in crate::render) fn level_name(level: Level) -> &'static str {
    match level {
        Level::Debug => "debug",
        Level::Info => "info",
        Level::Warning => "warning",
        Level::Error => "error",
        Level::Fatal => "fatal",
    }
}
