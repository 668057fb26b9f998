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

/// Where lines of a sync stand and when they were written, by what makes them equal.
type Counts<'a> = FxHashMap<(Sync<'a>, i64), VecDeque<(usize, i64)>>;

/// For records, by their number, what their neighbours in the same sync tell about them.
///
/// `replica checkpoint still running` names no duplication, but when a report of one follows in
/// the same task within a millisecond, waiting and with as many partitions, it is about that one.
pub(super) fn correlations(records: &[Record<'_>]) -> FxHashMap<usize, Correlation> {
    let mut correlations: FxHashMap<usize, Correlation> = FxHashMap::default();
    // By task: the last waiting line, and those with each partition count.
    let mut waiting: FxHashMap<Sync<'_>, (usize, i64)> = FxHashMap::default();
    let mut counts: Counts<'_> = FxHashMap::default();
    let mut reports: Counts<'_> = FxHashMap::default();
    for (number, Record { range, header, .. }) in records.iter().enumerate() {
        let start = range.start;
        if let Some(partitions) = waiting_partitions(header.body) {
            let sync = (header.thread, header.task());
            correlations.insert(number, (None, ordinal(&mut counts, (sync, partitions), start, header.nanos)));
            waiting.insert(sync, (number, partitions));
            continue;
        }
        let Some(json) = header.body.strip_prefix(b"duplication report: ") else { continue };
        if let Some(dup_id) = dup_id(json) {
            // Duplications that were added in one second share their id; a sync reports each of them once.
            let earlier = ordinal(&mut reports, ((header.thread, header.task()), dup_id), start, header.nanos);
            if earlier > 0 {
                correlations.insert(number, (None, earlier));
            }
        }
        if let Some((line, partitions)) = waiting.remove(&(header.thread, header.task())) {
            let (before, gap) = (records[line].range.start, header.nanos - records[line].header.nanos);
            if start - before > OVERLAP || gap > 1_000_000 {
                continue;
            }
            let json = std::str::from_utf8(json).ok().and_then(DupEntry::parse);
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

/// How many equal lines the same sync has written before. Only what lies near is counted, wherever the piece begins. Task ids are
/// not unique for ever, and some logs have none: a sync takes no second.
fn ordinal<'a>(counts: &mut Counts<'a>, key: (Sync<'a>, i64), start: usize, nanos: i64) -> u32 {
    let earlier = counts.entry(key).or_default();
    while earlier.front().is_some_and(|(at, _)| start - at > OVERLAP) {
        earlier.pop_front();
    }
    let before = earlier.iter().filter(|(_, other)| (nanos - other).abs() <= 200_000_000).count();
    earlier.push_back((start, nanos));
    u32::try_from(before).unwrap_or(u32::MAX)
}

/// The id in a report, without reading the rest of it.
fn dup_id(json: &[u8]) -> Option<i64> {
    const KEY: &[u8] = b"\"dupid\":";
    let rest = json.get(memchr::memmem::find(json, KEY)? + KEY.len()..)?;
    let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    std::str::from_utf8(&rest[..digits]).ok()?.parse().ok()
}

/// The partition count of a `replica checkpoint still running: k/n`.
fn waiting_partitions(body: &[u8]) -> Option<i64> {
    let rest = body.strip_prefix(WAITING.as_bytes())?;
    std::str::from_utf8(rest).ok()?.trim().split_once('/')?.1.parse().ok()
}
