//! Steps of a remedy, and the runbook of one failure. They are read by people; nothing runs them.

use crate::pegasus::Release;
use crate::render::blocks::{Block, Step, strong, words as own};
use crate::render::words::Words;
use crate::report::RunbookSubject;
use crate::signature::{Command, RunbookStep, Signature, StepKind};

/// A runbook and whom it is for.
#[derive(Debug)]
pub struct Runbook<'a> {
    /// The failure.
    pub signature: &'a Signature,
    /// Whom it is for.
    pub subject: &'a RunbookSubject,
    /// The release at hand, if it was named.
    pub release: Option<Release>,
    /// What to do, in order.
    pub steps: &'a [RunbookStep],
}

/// Below the title: whom it is for, the steps, what is left to the reader.
pub(in crate::render) fn runbook<'r>(words: Words, runbook: &Runbook<'_>) -> Vec<Block<'r>> {
    let mut blocks = Vec::new();
    if runbook.subject.found == Some(false) {
        blocks.push(Block::Paragraph(vec![strong(words.not_found_here(&runbook.signature.code))]));
    }
    blocks.extend(label(runbook.subject).map(|subject| Block::Paragraph(vec![strong(subject)])));
    let release = runbook.release.map_or_else(|| words.for_all_releases().to_owned(), |release| words.for_release(release.name()));
    blocks.push(Block::Note(vec![own(release)]));
    blocks.push(Block::Gap);
    blocks.extend(runbook_steps(words, runbook.steps, str::to_owned));
    blocks.push(Block::Gap);
    if runbook.steps.iter().flat_map(|s| &s.commands).any(|c| c.run.contains('<')) {
        blocks.push(Block::Note(vec![own(words.to_fill_in())]));
    }
    blocks.push(Block::Note(vec![own(words.runs_nothing())]));
    blocks
}

/// `test_dup1  a5d1716542517`
fn label(subject: &RunbookSubject) -> Option<String> {
    let parts: Vec<String> =
        [subject.identity.app_name.clone(), subject.identity.ids(), subject.server.clone()].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join("  "))
}

/// Steps with what each is for.
pub(in crate::render) fn runbook_steps<'r>(words: Words, steps: &[RunbookStep], shown: impl Fn(&str) -> String) -> Vec<Block<'r>> {
    let on = |releases: &[Release]| (!releases.is_empty()).then(|| words.on_releases(releases));
    let is_check = |step: &RunbookStep| step.kind == Some(StepKind::Check);
    let one = |(index, step): (usize, &RunbookStep)| Step {
        kind: Some(words.step_kind(step.kind)),
        begins: index > 0 && is_check(step) && !is_check(&steps[index - 1]),
        releases: on(&step.releases),
        text: shown(&step.text),
        dangerous: step.dangerous,
        danger: step.danger.clone(),
        commands: step.commands.iter().map(|c| (on(&c.releases), Command { at: c.at.clone(), run: c.run.clone() })).collect(),
    };
    vec![Block::Steps(steps.iter().enumerate().map(one).collect())]
}

/// Steps of which nothing more is known than text and commands.
pub(in crate::render) fn steps<'s, 'r>(steps: impl Iterator<Item = (String, &'s [Command])>) -> Vec<Block<'r>> {
    let one = |(text, commands): (String, &[Command])| Step {
        text,
        commands: commands.iter().map(|command| (None, command.clone())).collect(),
        ..Step::default()
    };
    let steps: Vec<Step> = steps.map(one).collect();
    if steps.is_empty() { Vec::new() } else { vec![Block::Steps(steps)] }
}
