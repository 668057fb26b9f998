//! A finding: whom it is about, how often and when, and the labelled parts of what there is to say.

use super::runbook::{runbook_steps, steps};
use crate::pegasus::ids;
use crate::render::blocks::{Block, Inline, Label, Line, Weight, code, reported, strong, words as own};
use crate::render::clock::Clock;
use crate::render::words::Words;
use crate::report::{Finding, Report};
use crate::signature::FixedBy;

/// What findings are told with.
#[derive(Clone, Copy)]
pub(in crate::render) struct Content<'r> {
    pub(in crate::render) words: Words,
    pub(in crate::render) clock: &'r Clock,
    /// The report that they stand in, where there is one.
    pub(in crate::render) report: Option<&'r Report>,
}

impl<'r> Content<'r> {
    /// All there is to say about it, in order.
    pub(in crate::render) fn finding(&self, finding: &'r Finding, consequences: &[&'r Finding]) -> Vec<Block<'r>> {
        let words = self.words;
        let proof = if finding.evidence.is_empty() { Vec::new() } else { vec![Block::Proof(&finding.evidence)] };
        let caused = if consequences.is_empty() { Vec::new() } else { vec![Block::Consequences(consequences.to_vec())] };
        let remedy = match &finding.runbook {
            Some(runbook) => runbook_steps(words, runbook, |text| self.clock.in_text(text)),
            None => steps(finding.suggestions.iter().map(|s| (self.clock.in_text(&s.text), s.commands.as_slice()))),
        };
        let parts = [
            part(words.what(), Weight::Always, self.reported(Some(finding.explanation.as_str()))),
            part(if self.plans() { words.check_leads_to() } else { words.why() }, Weight::Always, self.reported(Some(&*finding.cause))),
            part(
                words.either(),
                Weight::Always,
                look_alikes(words, finding.alternatives.iter().map(|l| (l.code.as_str(), self.clock.in_text(&l.text)))),
            ),
            part(words.remedy(), Weight::Always, remedy),
            part(words.numbers(), Weight::Always, self.reported(finding.details.iter().map(String::as_str))),
            part(words.proof(), Weight::Always, proof),
            part(words.leads_to(), Weight::Always, caused),
            titled(words.needs(), words.not_here(), Weight::Folded, self.missing_logs(finding)),
            part(words.affects(), Weight::Always, self.reported(finding.affected.as_deref())),
            part(words.fixed(), Weight::Always, fixed(words, finding.fixed_by.as_ref(), &finding.references)),
            titled(
                words.not_it(),
                words.look_alikes_title(),
                Weight::Folded,
                look_alikes(words, finding.look_alikes.iter().map(|l| (l.code.as_str(), self.clock.in_text(&l.text)))),
            ),
            part(words.see(), Weight::Rarely, references(&finding.references)),
        ];
        parts.into_iter().flatten().collect()
    }

    /// Whether it is about what is planned and not about what goes on: nothing has a time then.
    pub(in crate::render) fn plans(&self) -> bool {
        self.report.is_some_and(|r| r.checks.is_some())
    }

    /// `critical, certain, still going on`
    pub(in crate::render) fn how(&self, finding: &Finding) -> String {
        let words = self.words;
        let how = [words.severity(finding.severity), words.confidence(finding.confidence)].join(words.separator());
        if self.plans() { how } else { format!("{how}{}{}", words.separator(), self.state(finding)) }
    }

    pub(in crate::render) fn state(&self, finding: &Finding) -> &'static str {
        if finding.active { self.words.still_going_on() } else { self.words.over() }
    }

    /// `803 times, 17:22:18 … 19:36:07 (+08:00)`
    pub(in crate::render) fn how_often(&self, finding: &Finding) -> Line {
        let times = own(self.words.times(finding.occurrences));
        let when = self.clock.span(finding.first_seen, finding.last_seen);
        // What lasts without a line for it is not said to have happened once.
        match when.is_empty() {
            true => vec![times],
            false if finding.occurrences == 1 && finding.first_seen != finding.last_seen => vec![code(&when)],
            false => vec![times, own(self.words.separator()), code(&when)],
        }
    }

    /// Which duplication or server it is about, piece by piece; the table comes first.
    pub(in crate::render) fn subject(&self, finding: &Finding) -> Vec<Line> {
        let words = self.words;
        let mut pieces = Vec::new();
        if let Some(dup) = &finding.duplication {
            pieces.push(vec![dup.app_name.as_deref().map_or_else(|| own(words.name_unknown()), code)]);
            let unknown = || (!self.plans()).then(|| own(words.id_unknown()));
            pieces.extend(ids(dup.app_id, dup.dup_id).map(|ids| code(&ids)).or_else(unknown).map(|ids| vec![ids]));
        }
        pieces.extend(finding.status.map(|status| vec![code(status.name())]));
        pieces.extend(finding.server.as_ref().map(|server| vec![own(words.on_server("")), code(server)]));
        pieces
    }

    /// A paragraph for each text that says something.
    fn reported<'t>(&self, texts: impl IntoIterator<Item = &'t str>) -> Vec<Block<'r>> {
        let texts = texts.into_iter().filter(|text| !text.is_empty());
        texts.map(|text| Block::Paragraph(vec![reported(self.clock.in_text(text))])).collect()
    }

    /// Which logs are not there, and how to collect them.
    fn missing_logs(&self, finding: &Finding) -> Vec<Block<'r>> {
        let one = |logs: &crate::report::MissingLogs| {
            let window = self.clock.span(logs.window.first, logs.window.last);
            let text = self.words.missing_logs_of(logs.role, logs.cluster.as_deref(), &logs.servers, &window);
            [Block::Paragraph(vec![reported(text)]), Block::Command(logs.command.clone())]
        };
        finding.missing_logs.iter().flat_map(one).collect()
    }
}

/// A labelled part, unless nothing stands in it.
pub(super) fn part<'r>(label: &'static str, weight: Weight, blocks: Vec<Block<'r>>) -> Option<Block<'r>> {
    titled(label, label, weight, blocks)
}

/// The same, with another word where it is a heading.
pub(super) fn titled<'r>(short: &'static str, title: &'static str, weight: Weight, blocks: Vec<Block<'r>>) -> Option<Block<'r>> {
    (!blocks.is_empty()).then_some(Block::Labelled(Label { short, title }, weight, blocks))
}

/// What fixes it for good.
pub(super) fn fixed<'r>(words: Words, fixed_by: Option<&FixedBy>, references: &[String]) -> Vec<Block<'r>> {
    let Some(fixed_by) = fixed_by else { return Vec::new() };
    let mut line = Vec::new();
    if let Some(number) = fixed_by.pull_request {
        let text = words.pull_request(&number.to_string());
        // Old ones are of XiaoMi/rdsn; only the references know.
        let href = references.iter().find(|r| is_link(r) && r.ends_with(&format!("/pull/{number}")));
        line.push(href.map_or_else(|| code(&text), |href| Inline::Link { text: text.clone(), href: href.clone() }));
        line.push(own(words.separator()));
    }
    if let Some(commit) = &fixed_by.commit {
        line.extend([own(words.commit("")), code(commit)]);
        line.extend(fixed_by.repository.as_ref().map(|repository| reported(words.in_repository(repository))));
        line.push(own(words.separator()));
    }
    line.push(reported(words.released(fixed_by.release.as_deref())));
    vec![Block::Paragraph(line)]
}

/// Other codes and how to tell them apart.
pub(super) fn look_alikes<'s, 'r>(words: Words, others: impl Iterator<Item = (&'s str, String)>) -> Vec<Block<'r>> {
    let rows: Vec<Line> = others.map(|(code, text)| vec![strong(code), own(words.colon()), reported(text)]).collect();
    if rows.is_empty() { Vec::new() } else { vec![Block::Rows(rows)] }
}

/// Addresses, and what has none.
pub(super) fn references<'r>(references: &[String]) -> Vec<Block<'r>> {
    let one = |r: &String| vec![if is_link(r) { Inline::Link { text: r.clone(), href: r.clone() } } else { reported(r.clone()) }];
    if references.is_empty() { Vec::new() } else { vec![Block::Rows(references.iter().map(one).collect())] }
}

/// Only what leads to the web, so that a reference of a user's signature cannot be a script.
fn is_link(reference: &str) -> bool {
    reference.starts_with("https://") || reference.starts_with("http://")
}
