//! Decrees by partition from the lines of the source's replica servers.
//!
//! Up to v2.5.0 the meta server's reports do not say what there is to ship; `process group check` of
//! the secondaries and `delay gc for duplication` of any replica do.

use super::{Model, Story};
use crate::pegasus::LogTime;
use crate::run::{Occurrence, PartitionProgress, TimeBuckets};
use std::collections::BTreeMap;

/// What replica servers' lines tell of a duplication's partitions, from `since` on.
pub(crate) fn replica_progress(model: &Model, story: &Story, since: LogTime) -> BTreeMap<i64, PartitionProgress> {
    let mut lines: BTreeMap<i64, Vec<(LogTime, i64, i64)>> = BTreeMap::new();
    for told in &story.told {
        let placed = &model.runs[told.run];
        let (confirmed, committed) = match placed.run.kind().decrees() {
            Some(fields) if placed.run.last().at >= since => fields,
            _ => continue,
        };
        let Some(gpid) = super::line_ids::gpid(placed) else { continue };
        let state = |line: &Occurrence| Some((line.at, line.numeric(confirmed)?, line.numeric(committed)?));
        let states = placed.run.kept().filter(|line| line.at >= since).filter_map(state);
        // Of a table that is not duplicated nothing is confirmed.
        lines.entry(gpid.partition).or_default().extend(states.filter(|(_, confirmed, _)| *confirmed >= 0));
    }
    lines.into_iter().filter_map(|(partition, states)| Some((partition, progress(states)?))).collect()
}

fn progress(mut states: Vec<(LogTime, i64, i64)>) -> Option<PartitionProgress> {
    states.sort_unstable();
    let (&first, &last) = (states.first()?, states.last()?);
    let unchanged = states.iter().rev().take_while(|s| s.1 == last.1).last().copied().unwrap_or(last);
    let behind = states.iter().rev().take_while(|s| s.1 == last.1 && s.2 > s.1).last();
    Some(PartitionProgress {
        first: (first.0, first.1),
        last: (last.0, last.1),
        unchanged_since: unchanged.0,
        committed: Some((first.2, last.2.max(last.1))),
        behind_since: behind.map(|b| b.0),
        went_back: None,
        history: TimeBuckets::default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partition_that_stands_still_is_behind_since_then() {
        let at = LogTime;
        let told =
            progress(vec![(at(30), 7, 25), (at(10), 5, 5), (at(20), 7, 9)]).map(|p| (p.unchanged_since, p.behind_since, p.committed));
        assert_eq!(told, Some((at(20), Some(at(20)), Some((5, 25)))));
    }
}
