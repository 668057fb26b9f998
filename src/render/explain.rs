//! What a finding means, for `dupdoctor explain`: the signature itself, with its placeholders open.

use super::condition::shows;
use super::escape::plain;
use super::finding::{Step, fixed, indent, look_alikes, margin, references, remedy, section};
use super::flow::Part;
use super::page::{Page, padded};
use super::style::{Style, Tone};
use super::words::{HUNDRED, Words};
use crate::signature::{Catalogue, Command, Placeholders, Signature, example_lines, fill};
use unicode_width::UnicodeWidthStr;

/// One signature in full; names of other codes come from the catalogue.
#[must_use]
pub fn explain(signature: &Signature, catalogue: &Catalogue, style: &Style) -> String {
    let words = Words(style.lang);
    let text = signature.text(style.lang);
    let open = |text: &str| fill(text, &Placeholders::new());
    let indent = indent(words).max(3 + words.over_others().width());
    let mut page = Page::new(style);
    let head = [Part::new(Tone::Grave(signature.severity), &signature.code), Part::new(Tone::Dim, &format!("  {}", signature.name))];
    page.sides(&[], 0, &head, &[Part::new(Tone::Grave(signature.severity), words.severity(signature.severity))]);
    page.paragraph(0, Tone::Bold, &open(&text.title));
    page.blank();
    section(&mut page, indent, words.what(), &open(&text.what));
    section(&mut page, indent, words.why(), &open(&text.why));
    page.blank();
    shows(&mut page, words, indent, &margin(words.shows(), indent), signature);
    if !signature.supersedes.is_empty() {
        let named: Vec<String> = signature.supersedes.iter().map(|code| with_title(words, catalogue, code)).collect();
        for (index, line) in named.iter().enumerate() {
            let label = if index == 0 { words.over_others() } else { "" };
            page.beside(&margin(label, indent), indent, &[Part::new(Tone::Plain, line)]);
        }
    }
    for (index, line) in example_lines(signature).iter().enumerate() {
        let label = if index == 0 { words.lines_read() } else { "" };
        page.beside(&margin(label, indent), indent, &[Part::new(Tone::Dim, &plain(line))]);
    }
    page.blank();
    let others: Vec<(&str, String)> = signature.look_alike.iter().map(|l| (l.code.as_str(), open(style.lang.pick(&l.en, &l.zh)))).collect();
    look_alikes(&mut page, words, indent, &others.iter().map(|(code, text)| (*code, text.as_str())).collect::<Vec<_>>());
    page.blank();
    let commands: Vec<Vec<Command>> =
        signature.suggested().map(|s| s.commands.iter().map(|c| Command { at: c.at.clone(), run: open(&c.run) }).collect()).collect();
    let steps: Vec<Step<'_>> = signature
        .suggested()
        .zip(&commands)
        .map(|(step, commands)| Step { text: open(style.lang.pick(&step.en, &step.zh)), commands })
        .collect();
    remedy(&mut page, words, indent, &steps);
    page.blank();
    if let Some(affected) = &text.affected {
        section(&mut page, indent, words.affects(), &open(affected));
    }
    if let Some(fixed_by) = &signature.fixed_by {
        fixed(&mut page, words, indent, fixed_by, &signature.references);
    }
    references(&mut page, words, indent, &signature.references);
    page.finish()
}

pub(super) fn with_title(words: Words, catalogue: &Catalogue, code: &str) -> String {
    match catalogue.find(code) {
        Some(other) => format!("{code}{}{}", words.colon(), fill(&other.text(words.0).title, &Placeholders::new())),
        None => code.to_owned(),
    }
}

/// All signatures, by what they are about.
#[must_use]
pub fn explain_list(catalogue: &Catalogue, style: &Style) -> String {
    let words = Words(style.lang);
    let mut page = Page::new(style);
    let code = catalogue.iter().map(|s| s.code.width()).max().unwrap_or(0) + 2;
    let severity = catalogue.iter().map(|s| words.severity(s.severity).width()).max().unwrap_or(0) + 2;
    let mut signatures: Vec<((&str, bool), &Signature)> = catalogue.iter().map(|s| (heading(words, &s.code), s)).collect();
    // Stable: by code within a heading, and a user's own after the built-in ones.
    signatures.sort_by_key(|((_, built_in), _)| !built_in);
    let mut above = "";
    for ((group, _), signature) in signatures {
        if group != above {
            above = group;
            page.blank();
            page.paragraph(0, Tone::Bold, group);
        }
        let mut lead = padded(Tone::Plain, &format!(" {}", signature.code), code + 1).to_vec();
        lead.extend(padded(Tone::Grave(signature.severity), words.severity(signature.severity), severity));
        let indent = code + 1 + severity;
        page.beside(&lead, indent, &[Part::new(Tone::Plain, &signature.name)]);
        let title = fill(&signature.text(style.lang).title, &Placeholders::new());
        page.paragraph(indent, Tone::Dim, &title);
    }
    page.finish()
}

/// The heading that a code stands under, and whether it is that of the built-in ones.
pub(super) fn heading(words: Words, code: &str) -> (&'static str, bool) {
    let number = code.strip_prefix("DUP").filter(|n| n.len() == 3 && n.bytes().all(|b| b.is_ascii_digit()));
    let built_in = number.and_then(|n| words.named(HUNDRED, &n[..1]));
    (built_in.or_else(|| words.named(HUNDRED, "other")).unwrap_or_default(), built_in.is_some())
}
