//! What waits of a duplication, by the newest answers of its partitions.

use super::model::Model;
use super::shipping::newest_number;
use super::story::Story;
use crate::event::EventKind as E;
use crate::run::Run;
use std::collections::BTreeMap;

/// What partitions answered.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Waiting {
    /// Partitions that did.
    pub(crate) told: usize,
    /// Mutations that wait; `None` where no partition told.
    pub(crate) mutations: Option<i64>,
    /// Whether what waits shrinks, or is nothing, on all of them.
    pub(crate) falling: Option<bool>,
}

impl Model {
    /// What waits of it, as far as answers tell that are not too old.
    pub(crate) fn waiting(&self, story: &Story) -> Waiting {
        let mut newest: BTreeMap<&str, (&Run, Option<i64>)> = BTreeMap::new();
        let told = || story.told.iter().map(|t| &self.runs[t.run].run).filter(|run| run.kind() == E::PendingAnswered);
        let mut runs: Vec<&Run> = told().filter(|run| self.reaches_the_end(run.last().at)).collect();
        runs.sort_by_key(|run| run.last().at);
        for run in runs {
            let Some(gpid) = run.field("gpid") else { continue };
            let before = newest.get(gpid).and_then(|(run, _)| newest_number(run, "not_duplicated"));
            newest.insert(gpid, (run, before));
        }
        let falls = |(run, before): &(&Run, Option<i64>)| match (newest_number(run, "not_duplicated")?, *before) {
            (0, _) => Some(true),
            _ if newest_number(run, "standing_s").is_some_and(|seconds| seconds > 0) => Some(false),
            (now, before) => fell_within(run).or_else(|| before.map(|before| now < before)),
        };
        let all: Vec<Option<bool>> = newest.values().map(falls).collect();
        let falling = match () {
            () if all.is_empty() => None,
            () if all.contains(&Some(false)) => Some(false),
            () if all.contains(&None) => None,
            () => Some(true),
        };
        let mutations = (!newest.is_empty()).then(|| newest.values().filter_map(|(run, _)| newest_number(run, "not_duplicated")).sum());
        Waiting { told: newest.len(), mutations, falling }
    }
}

/// Whether the last of several equal answers has a lower number than the one before it.
fn fell_within(run: &Run) -> Option<bool> {
    let numbers: Vec<i64> = run.kept().filter_map(|line| line.numeric("not_duplicated")).collect();
    match numbers.as_slice() {
        [.., before, last] => Some(last < before),
        // In a transcript the lines are not kept; had it not fallen at the last answer, it would stand since then.
        [] => (run.count > 1).then_some(true),
        [_] => None,
    }
}
