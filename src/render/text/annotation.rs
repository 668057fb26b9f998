//! What is written beside a line of a log.

use crate::event::Level;
use crate::pegasus::{Gpid, ids};
use crate::render::escape::plain;
use crate::render::style::{Style, Tone, level_tone};
use crate::render::text::flow::Part;
use crate::render::text::page::Page;
use crate::render::words::{Words, target};
use crate::report::Annotation;
use crate::signature::{Lang, Severity};

/// So many codes are named.
const CODES: usize = 3;

/// `orders → bj / copy  a5d1716542517  what the line means (DUP301)`, in one row, however wide.
#[must_use]
pub fn annotation(annotation: &Annotation, style: &Style) -> String {
    let mut parts = who(annotation);
    let gap = |parts: &[Part]| if parts.is_empty() { "" } else { "  " };
    if let Some(meaning) = meaning(style.lang, annotation) {
        parts.push(Part::new(tone(annotation), &format!("{}{meaning}", gap(&parts))));
    }
    if !annotation.codes.is_empty() {
        let mut codes = annotation.codes[..annotation.codes.len().min(CODES)].join(" ");
        if annotation.codes.len() > CODES {
            codes.push_str(" …");
        }
        parts.push(Part::new(Tone::Command, &format!("{}{} {codes}", gap(&parts), Words(style.lang).perhaps_codes())));
    }
    let mut page = Page::new(style);
    page.row(&parts);
    page.finish().trim_end_matches('\n').to_owned()
}

fn who(annotation: &Annotation) -> Vec<Part> {
    let mut parts = Vec::new();
    if !annotation.app_names.is_empty() {
        parts.push(Part::new(Tone::Bold, &annotation.app_names.join(" | ")));
    }
    if let Some(partition) = annotation.partition {
        let id = annotation.app_id.map_or_else(|| format!(".{partition}"), |app_id| Gpid { app_id, partition }.to_string());
        parts.push(Part::new(Tone::Dim, &format!("{}{id}", if parts.is_empty() { "" } else { " " })));
    }
    if let Some(target) = target(annotation.remote_cluster.as_deref(), annotation.remote_app_name.as_deref()) {
        parts.push(Part::new(Tone::Plain, &format!("{}→ {target}", if parts.is_empty() { "" } else { " " })));
    }
    let gap = if parts.is_empty() { "" } else { "  " };
    let table = || annotation.app_id.filter(|_| annotation.partition.is_none()).map(|app| format!("a{}", app.0));
    let ids = ids(annotation.app_id, annotation.dup_id).or_else(table);
    parts.extend(ids.map(|ids| Part::new(Tone::Dim, &format!("{gap}{ids}"))));
    parts
}

fn meaning(lang: Lang, annotation: &Annotation) -> Option<String> {
    if annotation.drift {
        return Some(Words(lang).drift_noted().to_owned());
    }
    let (en, zh) = annotation.event?.meanings();
    Some(lang.pick(en, zh).to_owned())
}

fn tone(annotation: &Annotation) -> Tone {
    match annotation.level {
        Some(Level::Fatal) => level_tone('F'),
        Some(Level::Error) => level_tone('E'),
        Some(Level::Warning) => level_tone('W'),
        None if annotation.drift => Tone::Grave(Severity::Warning),
        Some(Level::Info | Level::Debug) | None => Tone::Good,
    }
}

/// Bytes of a log for a terminal: nothing in them steers it.
#[must_use]
pub fn harmless(line: &[u8]) -> Vec<u8> {
    plain(&String::from_utf8_lossy(line)).into_owned().into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::EventKind;
    use crate::pegasus::{AppId, DupId};

    #[test]
    fn names_ids_and_meaning_stand_in_one_row() {
        let all = Annotation {
            app_names: vec!["orders\u{1b}[2J".into()],
            app_id: Some(AppId(5)),
            dup_id: Some(DupId(17)),
            remote_cluster: Some("bj".into()),
            event: Some(EventKind::AddDupOk),
            level: Some(Level::Info),
            codes: vec!["DUP1".into(), "DUP2".into(), "DUP3".into(), "DUP4".into()],
            ..Annotation::default()
        };
        let style = Style { width: 40, ..Style::default() };
        assert_eq!(
            annotation(&all, &style),
            "orders␛[2J → bj  a5d17  add_dup succeeded: the duplication starts  possibly DUP1 DUP2 DUP3 …"
        );
        let partition = Annotation { app_names: vec!["t".into()], app_id: Some(AppId(3)), partition: Some(1), ..Annotation::default() };
        assert_eq!(annotation(&partition, &style), "t 3.1");
        assert_eq!(harmless(b"a\x1b[2J\xff\tb"), "a␛[2J\u{fffd} b".as_bytes());
    }
}
