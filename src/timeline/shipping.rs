//! Facts about shipping: which partitions stand still, and how fast the gap grows.

use super::fact::{FactName as N, Facts};
use super::story::{Attribution, Span, Story};
use crate::event::EventKind as E;
use crate::pegasus::TimeDelta;
use crate::run::{PartitionProgress, Run};
use std::collections::BTreeMap;

/// By the decrees of the reports.
pub(crate) fn shipping_facts(story: &Story, span: &Span) -> Facts {
    let mut facts = Facts::default();
    let partitions: Vec<&PartitionProgress> = story.progress.values().filter(|p| p.last.0 >= span.since).collect();
    if partitions.is_empty() {
        return facts;
    }
    progress_rates(story, &partitions, &mut facts);
    let moved = |p: &PartitionProgress| p.last.1 - p.first.1;
    // The decrees at hand are the newest; of a span that is over they say nothing.
    if span.until.is_some() {
        return facts;
    }
    let mut moves: Vec<i64> = partitions.iter().map(|p| moved(p)).collect();
    moves.sort_unstable();
    let median = moves[moves.len() / 2];
    let indices: Vec<i64> = story.progress.iter().filter(|(_, p)| p.last.0 >= span.since).map(|(&i, _)| i).collect();
    let stalled: Vec<(TimeDelta, i64)> = partitions
        .iter()
        .zip(indices)
        .filter_map(|(p, index)| {
            let stood = p.last.0.since(p.unchanged_since.max(span.since));
            match p.committed {
                // Only master says what there is to ship.
                Some(_) => p.behind_since.map(|b| (p.last.0.since(b.max(span.since)), index)),
                // Keys are hashed: where the other partitions moved far, this one had writes too.
                None => (median >= 100).then_some((stood, index)),
            }
        })
        // What moved in the newest report is behind for a moment only.
        .filter(|(stood, _)| *stood > TimeDelta::ZERO)
        .collect();
    facts.put(N::ConfirmedStalledFor, stalled.iter().map(|s| s.0).max().unwrap_or_default());
    if let Some(&(longest, _)) = stalled.iter().max() {
        /// Enough to go and look.
        const SHOWN: usize = 12;
        let mut list: Vec<String> = stalled.iter().take(SHOWN).map(|(_, index)| index.to_string()).collect();
        if stalled.len() > SHOWN {
            list.push("…".to_owned());
        }
        facts.put(N::LaggingList, list.join(", "));
        let newest = partitions.iter().map(|p| p.last.0).max().unwrap_or_default();
        facts.put(N::LaggingSince, (newest - longest).rfc3339());
    }
    facts.put(N::LaggingPartitions, stalled.len());
    let never = partitions.iter().filter(|p| p.last.1 < 0).count();
    facts.put(N::NeverConfirmedPartitions, never);
    let gaps: Vec<i64> = partitions.iter().filter_map(|p| Some((p.committed?.1 - p.last.1.max(0)).max(0))).collect();
    if !gaps.is_empty() {
        facts.put(N::DecreeGap, gaps.iter().sum::<i64>());
    }
    facts.put(N::ConfirmedWentBack, partitions.iter().any(|p| p.went_back.is_some()));
    facts
}

/// By what replica servers answered when they were asked; the newest answer of each partition counts.
pub(super) fn pending(runs: &[(&Run, Attribution)], facts: &mut Facts) {
    let mut newest: BTreeMap<&str, &Run> = BTreeMap::new();
    for (run, _) in runs.iter().filter(|(r, _)| r.kind() == E::PendingAnswered) {
        let of_partition = newest.entry(run.field("gpid").unwrap_or_default()).or_insert(run);
        if run.last().at >= of_partition.last().at {
            *of_partition = run;
        }
    }
    if newest.is_empty() {
        return;
    }
    let number = |run: &Run, field| newest_number(run, field).unwrap_or(0);
    // A metric has only what is not shipped.
    let waits = |run: &Run| newest_number(run, "not_confirmed").unwrap_or_else(|| number(run, "not_duplicated"));
    facts.put(N::PendingMutations, newest.values().map(|run| waits(run)).sum::<i64>());
    let longest = TimeDelta::secs(newest.values().map(|run| number(run, "standing_s")).max().unwrap_or(0));
    let standing: Vec<&str> =
        newest.iter().filter(|(_, run)| number(run, "standing_s") > 0).filter_map(|(gpid, _)| gpid.split('.').nth(1)).collect();
    if let (Some(at), false) = (newest.values().map(|run| run.last().at).max(), standing.is_empty()) {
        facts.put_missing(N::LaggingList, standing.join(", "));
        facts.put_missing(N::LaggingSince, (at - longest).rfc3339());
    }
    facts.put(N::PendingStandingFor, longest);
}

/// A number of the last line of an answer, which in a transcript is not its text.
pub(super) fn newest_number(run: &Run, field: &str) -> Option<i64> {
    run.last().numeric(field).or_else(|| run.number(field))
}

/// How fast the gap between committed and confirmed decrees grows or shrinks, over the whole span.
fn progress_rates(story: &Story, partitions: &[&PartitionProgress], facts: &mut Facts) {
    let gap = |confirmed: i64, committed: i64| (committed - confirmed.max(0)).max(0);
    let known: Vec<(i64, i64, TimeDelta)> = partitions
        .iter()
        .filter_map(|p| {
            let (first, last) = p.committed?;
            Some((gap(p.first.1, first), gap(p.last.1, last), p.last.0.since(p.first.0)))
        })
        .collect();
    let elapsed = known.iter().map(|k| k.2).max().unwrap_or_default();
    if known.is_empty() || elapsed < TimeDelta::mins(1) || story.progress.is_empty() {
        return;
    }
    let (before, now): (i64, i64) = known.iter().fold((0, 0), |(a, b), k| (a + k.0, b + k.1));
    let per_minute = (now - before) / (elapsed.as_secs() / 60);
    facts.put(N::GapPerMinute, per_minute);
    if per_minute < 0 && now > 0 {
        facts.put(N::GapClosedIn, TimeDelta::mins(now / -per_minute));
    }
}
