//! What a finding means: the signature itself, with its placeholders open.

use super::finding::{fixed, look_alikes, part, references, titled};
use super::runbook::steps;
use crate::render::blocks::{Block, Line, Weight, lines, reported, strong, words as own};
use crate::render::condition::{in_words, tried_on};
use crate::render::words::{HUNDRED, Words};
use crate::signature::{Catalogue, Command, Placeholders, Scope, Signature, example_lines, fill, translate_open};

/// Below the title: all that the signature says.
pub(in crate::render) fn signature<'r>(words: Words, signature: &Signature, catalogue: &Catalogue) -> Vec<Block<'r>> {
    let lang = words.0;
    let text = signature.text(lang);
    let paragraph = |text: &str| vec![Block::Paragraph(vec![reported(open(text))])];
    let explained: Vec<Line> = signature.supersedes.iter().map(|code| with_title(words, catalogue, code)).collect();
    let explained = if explained.is_empty() { Vec::new() } else { vec![Block::Rows(explained)] };
    let examples = example_lines(signature);
    let examples = if examples.is_empty() { Vec::new() } else { vec![lines(examples.iter().map(AsRef::as_ref))] };
    let others = signature.look_alike.iter().map(|l| (l.code.as_str(), open(lang.pick(&l.en, &l.zh))));
    let commands: Vec<Vec<Command>> = signature
        .suggested()
        .map(|s| s.commands.iter().map(|c| Command { at: c.at.clone(), run: translate_open(&open(&c.run), lang) }).collect())
        .collect();
    let remedy = steps(signature.suggested().zip(&commands).map(|(s, commands)| (open(lang.pick(&s.en, &s.zh)), commands.as_slice())));
    let gap = || Some(Block::Gap);
    let all = Weight::Always;
    let parts = [
        titled(words.what(), words.title_what(), all, paragraph(&text.what)),
        part(words.why(), all, paragraph(&text.why)),
        gap(),
        titled(words.shows(), words.title_shows(), all, shows(words, signature)),
        titled(words.over_others(), words.title_over_others(), all, explained),
        titled(words.lines_read(), words.title_lines(), all, examples),
        gap(),
        titled(words.not_it(), words.title_not_it(), all, look_alikes(words, others)),
        gap(),
        titled(words.remedy(), words.title_remedy(), all, remedy),
        gap(),
        part(words.affects(), all, text.affected.as_deref().map(paragraph).unwrap_or_default()),
        part(words.fixed(), all, fixed(words, signature.fixed_by.as_ref(), &signature.references)),
        titled(words.see(), words.title_see(), all, references(&signature.references)),
    ];
    parts.into_iter().flatten().collect()
}

/// How the failure shows.
fn shows<'r>(words: Words, signature: &Signature) -> Vec<Block<'r>> {
    if signature.when.is_empty() {
        return vec![Block::Paragraph(vec![own(words.scope(Scope::None))])];
    }
    let subject = if signature.scope == Scope::None { words.only_stacks().to_owned() } else { tried_on(words, signature) };
    let mut blocks = vec![Block::Paragraph(vec![own(subject)])];
    for condition in &signature.when {
        blocks.push(Block::Paragraph(vec![strong(words.holds_when(words.confidence(condition.confidence)))]));
        blocks.push(Block::List(in_words(words, condition).into_iter().map(|line| vec![own(line)]).collect()));
    }
    blocks
}

fn with_title(words: Words, catalogue: &Catalogue, code: &str) -> Line {
    match catalogue.find(code) {
        Some(other) => vec![own(code), own(words.colon()), reported(open(&other.text(words.0).title))],
        None => vec![own(code)],
    }
}

/// A signature's text, its placeholders shown as `<name>`.
pub(in crate::render) fn open(text: &str) -> String {
    fill(text, &Placeholders::new())
}

/// All signatures under headings: by code, and a user's own after the built-in ones.
pub(in crate::render) fn by_heading(words: Words, catalogue: &Catalogue) -> Vec<(&'static str, Vec<&Signature>)> {
    let mut headings: Vec<(&'static str, Vec<&Signature>)> = Vec::new();
    let built_in = HUNDRED.iter().map(|(hundred, ..)| *hundred).filter(|hundred| *hundred != "other");
    for hundred in built_in.map(Some).chain([None]) {
        let under: Vec<&Signature> = catalogue.iter().filter(|s| self::hundred(&s.code) == hundred).collect();
        let heading = words.named(HUNDRED, hundred.unwrap_or("other")).unwrap_or_default();
        if !under.is_empty() {
            headings.push((heading, under));
        }
    }
    headings
}

/// Those that fit a symptom, under the heading that says in which order.
pub(in crate::render) fn likeliest<'s>(words: Words, signatures: &[&'s Signature]) -> Vec<(&'static str, Vec<&'s Signature>)> {
    vec![(words.likeliest_first(), signatures.to_vec())]
}

/// The hundred of a built-in code.
fn hundred(code: &str) -> Option<&'static str> {
    let number = code.strip_prefix("DUP").filter(|n| n.len() == 3 && n.bytes().all(|b| b.is_ascii_digit()))?;
    HUNDRED.iter().map(|(hundred, ..)| *hundred).find(|hundred| *hundred == &number[..1])
}
