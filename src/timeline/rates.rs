//! How fast a duplication catches up or falls behind.

use super::facts::{Fact, Facts};
use super::story::Story;
use crate::run::PartitionProgress;

/// How fast the gap between committed and confirmed decrees grows or shrinks, over the whole span.
pub(super) fn progress_rates(story: &Story, partitions: &[&PartitionProgress], facts: &mut Facts) {
    const MINUTE: i64 = 60_000_000_000;
    let gap = |confirmed: i64, committed: i64| (committed - confirmed.max(0)).max(0);
    let known: Vec<(i64, i64, i64)> = partitions
        .iter()
        .filter_map(|p| {
            let (first, last) = p.committed?;
            Some((gap(p.first.1, first), gap(p.last.1, last), p.last.0.since(p.first.0)))
        })
        .collect();
    let elapsed = known.iter().map(|k| k.2).max().unwrap_or(0);
    if known.is_empty() || elapsed < MINUTE || story.progress.is_empty() {
        return;
    }
    let (before, now): (i64, i64) = known.iter().fold((0, 0), |(a, b), k| (a + k.0, b + k.1));
    let per_minute = (now - before) / (elapsed / MINUTE).max(1);
    facts.insert("gap_per_minute", Fact::Int(per_minute));
    if per_minute < 0 && now > 0 {
        facts.insert("gap_closed_in", Fact::Duration(now / -per_minute * MINUTE));
    }
}
