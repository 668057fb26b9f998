//! What neighbouring lines of one sync tell about each other.

use super::block::OVERLAP;
use super::candidates::{Record, WAITING};
use super::entry::DupEntry;
use crate::pegasus::{DupId, DupStatus};
use rustc_hash::FxHashMap;
use std::collections::VecDeque;

/// What neighbouring lines tell about one.
pub(super) type Correlation = (Option<DupId>, u32);

/// Thread and task: one sync of a replica server.
type Sync<'a> = (&'a [u8], &'a [u8]);

/// For records, by their number, what their neighbours in the same sync tell about them.
///
/// `replica checkpoint still running` names no duplication, but when a report of one follows in
/// the same task within a millisecond, waiting and with as many partitions, it is about that one.
pub(super) fn correlations(records: &[Record<'_>]) -> FxHashMap<usize, Correlation> {
    let mut correlations: FxHashMap<usize, Correlation> = FxHashMap::default();
    // By task: the last waiting line, and those with each partition count.
    let mut waiting: FxHashMap<Sync<'_>, (usize, i64)> = FxHashMap::default();
    let mut counts: FxHashMap<(Sync<'_>, i64), VecDeque<(usize, i64)>> = FxHashMap::default();
    for (number, Record { range, header, .. }) in records.iter().enumerate() {
        let start = range.start;
        if let Some(partitions) = waiting_partitions(header.body) {
            let sync = (header.thread, header.task());
            // Only what lies so near is counted, wherever the piece begins. Task ids are not unique for
            // ever, and some logs have none: a sync takes no second.
            let earlier = counts.entry((sync, partitions)).or_default();
            while earlier.front().is_some_and(|(at, _)| start - at > OVERLAP) {
                earlier.pop_front();
            }
            let ordinal = earlier.iter().filter(|(_, nanos)| (header.nanos - nanos).abs() <= 200_000_000).count();
            correlations.insert(number, (None, u32::try_from(ordinal).unwrap_or(u32::MAX)));
            earlier.push_back((start, header.nanos));
            waiting.insert(sync, (number, partitions));
        } else if !waiting.is_empty()
            && header.body.starts_with(b"duplication report: ")
            && let Some((line, partitions)) = waiting.remove(&(header.thread, header.task()))
        {
            let (before, gap) = (records[line].range.start, header.nanos - records[line].header.nanos);
            if start - before > OVERLAP || gap > 1_000_000 {
                continue;
            }
            let json = std::str::from_utf8(&header.body[20..]).ok().and_then(DupEntry::parse);
            if let Some((report, _)) = json.filter(|(report, _)| report.is_report())
                && i64::try_from(report.partitions) == Ok(partitions)
                && matches!(report.status, Some(DupStatus::DsPrepare | DupStatus::DsApp))
                && let Some(correlation) = correlations.get_mut(&line)
            {
                correlation.0 = Some(report.dup_id);
            }
        }
    }
    correlations
}

/// The partition count of a `replica checkpoint still running: k/n`.
fn waiting_partitions(body: &[u8]) -> Option<i64> {
    let rest = body.strip_prefix(WAITING.as_bytes())?;
    std::str::from_utf8(rest).ok()?.trim().split_once('/')?.1.parse().ok()
}
