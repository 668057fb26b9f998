//! What is accepted and therefore left out, and by what: for people.

use crate::render::blocks::{Block, Line, code, list, reported, strong, words as own};
use crate::render::style::Tone;
use crate::render::text::flow::Part;
use crate::render::text::page::Page;
use crate::render::words::{Words, rule_name};
use crate::report::{AcceptedBy, AcceptedFinding, ExpiredRule, Report};

/// What a rule left out.
struct ByRule<'r> {
    by: AcceptedBy,
    rule: &'r str,
    first: &'r AcceptedFinding,
    count: usize,
}

fn by_rule(report: &Report) -> Vec<ByRule<'_>> {
    let mut all: Vec<ByRule<'_>> = Vec::new();
    for finding in &report.accepted {
        match all.iter_mut().find(|r| r.by == finding.by && r.rule == finding.rule) {
            Some(known) => known.count += 1,
            None => all.push(ByRule { by: finding.by, rule: &finding.rule, first: finding, count: 1 }),
        }
    }
    all
}

/// `3 by --ignore DUP301`, with reason and last day.
fn left_out(words: Words, rule: &ByRule<'_>) -> String {
    let mut text = words.left_out_by(rule.count, &rule_name(rule.by, rule.rule));
    if rule.by == AcceptedBy::Config {
        text.push_str(words.colon());
        text.push_str(&rule.first.finding.code);
        if let Some(reason) = &rule.first.reason {
            text.push_str(words.separator());
            text.push_str(reason);
        }
    }
    if let Some(day) = rule.first.expires {
        text.push_str(words.separator());
        text.push_str(&words.accepted_until(&day.to_string()));
    }
    text
}

/// Which rule, and that it hides nothing any more.
fn expired(words: Words, rule: &ExpiredRule) -> String {
    let names = [rule.code.as_deref(), rule.table.as_deref()];
    let names: Vec<&str> = names.into_iter().flatten().collect();
    let names = if names.is_empty() { String::new() } else { format!(" ({})", names.join(words.separator())) };
    format!("{}{names}{}{}", rule.rule, words.colon(), words.rule_expired(&rule.expired.to_string(), rule.findings))
}

/// For the text report: how many, by what; which rules have expired.
pub(super) fn rows(page: &mut Page<'_>, words: Words, report: &Report) {
    if !report.accepted.is_empty() {
        page.blank();
        page.paragraph(0, Tone::Dim, &format!("{}{}", words.left_out(report.accepted.len()), words.colon().trim_end()));
        for rule in by_rule(report) {
            page.beside(&[Part::new(Tone::Dim, " -")], 3, &[Part::new(Tone::Dim, &left_out(words, &rule))]);
        }
    }
    if !report.expired.is_empty() {
        page.blank();
        for rule in &report.expired {
            page.paragraph(0, Tone::Grave(crate::signature::Severity::Warning), &expired(words, rule));
        }
    }
}

/// For tickets.
pub(super) fn blocks<'r>(report: &Report, words: Words) -> Vec<Block<'r>> {
    let mut blocks = Vec::new();
    if !report.accepted.is_empty() {
        let one = |AcceptedFinding { finding: f, .. }: &AcceptedFinding| {
            let mut line: Line = vec![strong(f.code.clone()), own(" ")];
            line.extend(f.duplication.as_ref().and_then(|d| d.app_name.as_deref()).map(code));
            line.extend([own(" "), reported(f.title.clone())]);
            line
        };
        let rules = by_rule(report).iter().map(|rule| vec![reported(left_out(words, rule))]).collect();
        let mut body = vec![Block::List(rules)];
        body.extend(list(words, &report.accepted, MOST, one));
        blocks.push(Block::Fold(words.left_out(report.accepted.len()), body));
    }
    blocks.extend(report.expired.iter().map(|rule| Block::Paragraph(vec![reported(expired(words, rule))])));
    blocks
}

/// Accepted findings that a ticket lists.
const MOST: usize = 60;
