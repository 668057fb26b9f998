//! Labelled parts, steps and proof as paragraphs, lists, code and folds, for formats that know nothing else.

use crate::render::blocks::{Block, Inline, Line, Step, Weight, code, lines, reported, strong, words as own};
use crate::render::content::Content;
use crate::report::number::numbered;
use crate::report::{Evidence, Finding};

/// So many proving lines stand open; further ones are folded.
const OPEN: usize = 3;

/// How labels are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Labels {
    /// In front of what they label.
    Inline,
    /// As headings of a page.
    Headings,
}

/// The blocks without those that not every format knows.
pub(super) fn simple<'r>(content: &Content<'r>, labels: Labels, blocks: Vec<Block<'r>>) -> Vec<Block<'r>> {
    blocks.into_iter().flat_map(|block| one(content, labels, block)).collect()
}

fn one<'r>(content: &Content<'r>, labels: Labels, block: Block<'r>) -> Vec<Block<'r>> {
    let words = content.words;
    match block {
        Block::Labelled(label, weight, mut body) => {
            if labels == Labels::Headings {
                return std::iter::once(Block::Heading(2, vec![own(label.title)])).chain(simple(content, labels, body)).collect();
            }
            if weight != Weight::Always {
                return vec![Block::Fold(label.title.to_owned(), simple(content, labels, body))];
            }
            let lead = [strong(label.short), own(" ")];
            match body.first_mut() {
                Some(Block::Paragraph(line)) => drop(line.splice(0..0, lead)),
                _ => body.insert(0, Block::Paragraph(lead[..1].to_vec())),
            }
            simple(content, labels, body)
        }
        Block::Note(line) => vec![Block::Paragraph(line)],
        Block::Rows(rows) => vec![Block::List(rows)],
        Block::Proof(evidence) => {
            let middle = if evidence.len() > OPEN + 1 { OPEN - 1..evidence.len() - 1 } else { 0..0 };
            let mut blocks = vec![proof(evidence[..middle.start].iter().chain(&evidence[middle.end..]))];
            if !middle.is_empty() {
                blocks.push(Block::Fold(words.more_proof(middle.len()), vec![proof(evidence[middle].iter())]));
            }
            blocks
        }
        Block::Consequences(all) => vec![Block::List(all.into_iter().map(|f| content.title_line(f)).collect())],
        Block::Steps(steps) => steps.into_iter().enumerate().flat_map(|(index, step)| self::step(content, index, step)).collect(),
        Block::Command(command) => {
            vec![Block::Paragraph(vec![reported(words.place_to_type(&command.at))]), lines(std::iter::once(command.run.as_str()))]
        }
        Block::Gap => Vec::new(),
        Block::Heading(..)
        | Block::Paragraph(_)
        | Block::Panel(..)
        | Block::List(_)
        | Block::Table { .. }
        | Block::Code(_)
        | Block::Fold(..) => vec![block],
    }
}

/// Each line under its place.
fn proof<'e, 'r>(evidence: impl Iterator<Item = &'e Evidence>) -> Block<'r> {
    let rows: Vec<String> = evidence.flat_map(|e| [numbered(&e.path, e.line), format!("  {}", e.text)]).collect();
    lines(rows.iter().map(String::as_str))
}

/// A number and what to do, then the commands; those of one place stand together, so that they can be copied at once.
fn step<'r>(content: &Content<'r>, index: usize, step: Step) -> Vec<Block<'r>> {
    let words = content.words;
    let mut line = match step.kind {
        Some(kind) => vec![strong(format!("{}. {kind}", index + 1)), own(words.colon())],
        None => vec![strong(format!("{}.", index + 1)), own(" ")],
    };
    line.extend(step.releases.map(|releases| own(format!("{} ", words.aside(&releases)))));
    line.push(reported(step.text));
    let mut blocks = vec![Block::Paragraph(line)];
    if let Some(why) = step.danger {
        blocks.push(Block::Paragraph(vec![strong(words.danger()), own(words.colon()), reported(why)]));
    }
    for together in step.commands.chunk_by(|(releases, a), (others, b)| releases == others && a.at == b.at) {
        let [(releases, first), ..] = together else { continue };
        let place = words.place_to_type(&first.at);
        let place = releases.as_ref().map_or_else(|| place.clone(), |releases| format!("{releases}{}{place}", words.separator()));
        blocks.push(Block::Paragraph(vec![reported(place)]));
        blocks.push(lines(together.iter().map(|(_, command)| command.run.as_str())));
    }
    blocks
}

impl Content<'_> {
    /// Code, title and subject on one line.
    pub(super) fn title_line(&self, finding: &Finding) -> Line {
        let mut line = vec![strong(finding.code.clone()), own(" "), reported(self.clock.in_text(&finding.title)), own(" · ")];
        line.extend(self.subject_line(finding));
        line
    }

    /// Which duplication or server it is about, how often, when.
    pub(super) fn subject_line(&self, finding: &Finding) -> Line {
        let mut line: Line = Vec::new();
        let entry = self.report.and_then(|r| r.duplication_of(finding));
        for (index, piece) in self.subject(finding).into_iter().enumerate() {
            if index > 0 {
                line.push(own(" "));
            }
            line.extend(piece);
            if let Some(entry) = entry.filter(|_| index == 0) {
                line.push(own(" → "));
                line.extend(self.target(entry));
            }
        }
        if !line.is_empty() {
            line.push(own(self.words.separator()));
        }
        line.extend(self.how_often(finding));
        line
    }

    /// The follower's cluster and table.
    pub(super) fn target(&self, entry: &crate::report::DuplicationEntry) -> Line {
        let known: Vec<Inline> =
            [&entry.identity.remote_cluster, &entry.identity.remote_app_name].into_iter().flatten().map(|name| code(name)).collect();
        match known.as_slice() {
            [] => vec![own(self.words.follower_unknown())],
            [cluster, table] => vec![cluster.clone(), own(" / "), table.clone()],
            _ => known,
        }
    }
}
