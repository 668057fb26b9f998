//! A finding as a section of a ticket: whom it is about, what, why, the proof, what to do.

use super::clock::Clock;
use super::document::{Block, Inline, code, lines, prose, strong, words as plain_words};
use super::ticket::target;
use super::words::Words;
use crate::report::number::numbered;
use crate::report::{Evidence, Finding, Report, Suggestion};

/// So many proving lines stand open; further ones are folded.
const OPEN: usize = 3;

pub(super) struct TicketFinding<'r> {
    pub(super) report: &'r Report,
    pub(super) words: Words,
    pub(super) clock: &'r Clock,
}

impl TicketFinding<'_> {
    /// All there is to say about it.
    pub(super) fn section(&self, finding: &Finding, consequences: &[&Finding]) -> Vec<Block> {
        let words = self.words;
        let mut heading = vec![plain_words(format!("{}{}", finding.code, words.colon()))];
        heading.extend(prose(&self.clock.in_text(&finding.title)));
        let state = if finding.active { words.still_going_on() } else { words.over() };
        let how = [words.severity(finding.severity), words.confidence(finding.confidence), state].join(words.separator());
        let mut blocks = vec![Block::Heading(3, heading), Block::Paragraph(vec![strong(how)])];
        let mut about = self.subject_line(finding);
        about.extend([plain_words(words.separator()), plain_words("fingerprint "), code(&finding.fingerprint)]);
        blocks.push(Block::Paragraph(about));
        self.said(&mut blocks, words.what(), &finding.explanation);
        self.said(&mut blocks, words.why(), &finding.cause);
        for (index, detail) in finding.details.iter().enumerate() {
            self.said(&mut blocks, if index == 0 { words.numbers() } else { "" }, detail);
        }
        self.proof(&mut blocks, &finding.evidence);
        for (index, consequence) in consequences.iter().enumerate() {
            let mut line = if index == 0 { vec![strong(words.leads_to()), plain_words(" ")] } else { Vec::new() };
            line.extend(self.title_line(consequence));
            blocks.push(Block::Paragraph(line));
        }
        if !finding.suggestions.is_empty() {
            blocks.push(Block::Paragraph(vec![strong(self.words.remedy())]));
        }
        self.steps(&mut blocks, &finding.suggestions);
        if let Some(affected) = &finding.affected {
            self.said(&mut blocks, words.affects(), affected);
        }
        self.fixed(&mut blocks, finding);
        self.folds(&mut blocks, finding);
        blocks
    }

    /// Code, title and subject on one line.
    pub(super) fn title_line(&self, finding: &Finding) -> Vec<Inline> {
        let mut line = vec![strong(finding.code.clone()), plain_words(" ")];
        line.extend(prose(&self.clock.in_text(&finding.title)));
        line.push(plain_words(" · "));
        line.extend(self.subject_line(finding));
        line
    }

    /// Which duplication or server it is about, how often, when.
    pub(super) fn subject_line(&self, finding: &Finding) -> Vec<Inline> {
        let words = self.words;
        let mut line = Vec::new();
        if let Some(about) = &finding.duplication {
            line.push(about.app_name.as_deref().map_or_else(|| plain_words(words.name_unknown()), code));
            if let Some(entry) = self.report.duplication_of(finding) {
                line.push(plain_words(" → "));
                line.extend(target(entry, words));
            }
            if let (Some(app), Some(dup)) = (about.app_id, about.dup_id) {
                line.extend([plain_words(" "), code(&format!("a{}d{}", app.0, dup.0))]);
            }
            if let Some(status) = finding.status {
                line.extend([plain_words(" "), code(status.name())]);
            }
        }
        if let Some(server) = &finding.server {
            if !line.is_empty() {
                line.push(plain_words(words.separator()));
            }
            line.extend([plain_words(words.on_server("")), code(server)]);
        }
        if !line.is_empty() {
            line.push(plain_words(words.separator()));
        }
        line.push(plain_words(words.times(finding.occurrences)));
        if let (Some(first), Some(last)) = (finding.first_seen, finding.last_seen) {
            let range = format!("{} ({})", self.clock.range(first.0, last.0), self.clock.label(first.0));
            line.extend([plain_words(words.separator()), code(&range)]);
        }
        line
    }

    fn said(&self, blocks: &mut Vec<Block>, label: &str, text: &str) {
        if text.is_empty() {
            return;
        }
        let mut line = if label.is_empty() { Vec::new() } else { vec![strong(label), plain_words(" ")] };
        line.extend(prose(&self.clock.in_text(text)));
        blocks.push(Block::Paragraph(line));
    }

    /// The first lines and the last one; the others are folded.
    fn proof(&self, blocks: &mut Vec<Block>, evidence: &[Evidence]) {
        if evidence.is_empty() {
            return;
        }
        blocks.push(Block::Paragraph(vec![strong(self.words.proof())]));
        let fits = evidence.len() <= OPEN + 1;
        let (open, folded): (Vec<&Evidence>, Vec<&Evidence>) = if fits {
            (evidence.iter().collect(), Vec::new())
        } else {
            let middle = OPEN - 1..evidence.len() - 1;
            (evidence[..OPEN - 1].iter().chain(evidence.last()).collect(), evidence[middle].iter().collect())
        };
        blocks.push(shown(&open));
        if !folded.is_empty() {
            blocks.push(Block::Fold(self.words.more_proof(folded.len()), vec![shown(&folded)]));
        }
    }

    /// Numbered steps with what to type.
    pub(super) fn steps(&self, blocks: &mut Vec<Block>, steps: &[Suggestion]) {
        for (index, step) in steps.iter().enumerate() {
            let mut line = vec![strong(format!("{}.", index + 1)), plain_words(" ")];
            line.extend(prose(&self.clock.in_text(&step.text)));
            blocks.push(Block::Paragraph(line));
            // Commands of one place stand together, so that they can be copied at once.
            let mut rest = step.commands.as_slice();
            while let Some(first) = rest.first() {
                let together = rest.iter().take_while(|c| c.at == first.at).count();
                let (these, later) = rest.split_at(together);
                blocks.push(Block::Paragraph(prose(&self.words.place_to_type(&first.at))));
                blocks.push(lines(these.iter().map(|c| c.run.as_str())));
                rest = later;
            }
        }
    }

    /// What fixes it for good, with links.
    fn fixed(&self, blocks: &mut Vec<Block>, finding: &Finding) {
        let Some(fixed_by) = &finding.fixed_by else { return };
        let words = self.words;
        let mut line = vec![strong(words.fixed()), plain_words(" ")];
        if let Some(number) = fixed_by.pull_request {
            let text = words.pull_request(&number.to_string());
            // Old ones are of XiaoMi/rdsn; only the references know.
            match finding.references.iter().find(|r| is_link(r) && r.ends_with(&format!("/pull/{number}"))) {
                Some(href) => line.push(Inline::Link { text, href: href.clone() }),
                None => line.push(code(&text)),
            }
            line.push(plain_words(words.separator()));
        }
        if let Some(commit) = &fixed_by.commit {
            line.extend([plain_words(words.commit("")), code(commit), plain_words(words.separator())]);
        }
        let release = words.released(fixed_by.release.as_deref());
        line.extend(prose(&release));
        blocks.push(Block::Paragraph(line));
    }

    fn folds(&self, blocks: &mut Vec<Block>, finding: &Finding) {
        let words = self.words;
        let mut missing = Vec::new();
        for logs in &finding.missing_logs {
            let window = match (logs.window.first, logs.window.last) {
                (Some(first), Some(last)) => format!("{} ({})", self.clock.range(first.0, last.0), self.clock.label(first.0)),
                _ => String::new(),
            };
            missing.push(Block::Paragraph(prose(&words.missing_logs_of(logs.role, logs.cluster.as_deref(), &logs.servers, &window))));
            missing.push(Block::Paragraph(prose(&words.place_to_type(&logs.command.at))));
            missing.push(lines(std::iter::once(logs.command.run.as_str())));
        }
        if !missing.is_empty() {
            blocks.push(Block::Fold(words.not_here().to_owned(), missing));
        }
        let look_alike = |l: &crate::report::LookAlikeEntry| {
            let mut line = vec![strong(l.code.clone()), plain_words(" ")];
            line.extend(prose(&l.text));
            line
        };
        if !finding.look_alikes.is_empty() {
            let items = finding.look_alikes.iter().map(look_alike).collect();
            blocks.push(Block::Fold(words.look_alikes_title().to_owned(), vec![Block::List(items)]));
        }
        let reference = |r: &String| if is_link(r) { vec![Inline::Link { text: r.clone(), href: r.clone() }] } else { prose(r) };
        if !finding.references.is_empty() {
            let items = finding.references.iter().map(reference).collect();
            blocks.push(Block::Fold(words.see().to_owned(), vec![Block::List(items)]));
        }
    }
}

/// Each line under its place.
fn shown(evidence: &[&Evidence]) -> Block {
    let rows: Vec<String> = evidence.iter().flat_map(|e| [numbered(&e.path, e.line), format!("  {}", e.text)]).collect();
    lines(rows.iter().map(String::as_str))
}

fn is_link(reference: &str) -> bool {
    reference.starts_with("https://") || reference.starts_with("http://")
}
