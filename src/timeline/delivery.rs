//! Facts about whether what is to be shipped arrives, by the lines of the source's replica servers.
//!
//! A partition loads a file of its private log, ships what it holds and loads again. One whose mutations are not taken writes no
//! `start loading from log file` any more, and of the failure itself only a line or two, 100 s later.

use super::PlacedRun;
use super::fact::{FactName as N, Facts};
use super::line_ids::gpid;
use super::model::Model;
use super::story::{Attribution, Span, Story};
use crate::event::EventKind as E;
use crate::pegasus::{LogTime, TimeDelta};
use std::collections::BTreeMap;

/// What one partition has tried.
#[derive(Debug, Default)]
struct Partition {
    /// When it last began to load a file.
    loaded: Option<LogTime>,
    /// How often it did.
    loads: u64,
    /// The last line that says that nothing waits, or that it ships no more from here.
    over: Option<LogTime>,
    /// Its log cannot be read: it is loaded again and again.
    unreadable: bool,
    failures: Vec<Failure>,
}

/// Failing lines of one kind.
#[derive(Debug, Clone, Copy)]
struct Failure {
    first: LogTime,
    last: LogTime,
    /// They tell of an answer that did not come.
    timeout: bool,
    /// The server that tries; `None` where the target tells of it.
    server: Option<usize>,
}

/// A request of a duplicator is given up after so long (`duplicate_rpc`'s time-out).
const GIVEN_UP: TimeDelta = TimeDelta::secs(100);

/// A request follows what was loaded at once.
const AT_ONCE: TimeDelta = TimeDelta::secs(2);
/// So many files within a status mean that each batch is followed by one.
const STEADY: u64 = 3;
/// Another duplication that loads files so long after has got through.
const MEANWHILE: TimeDelta = TimeDelta::secs(50);

/// Facts about a span in which mutations are shipped.
pub(super) fn delivery(model: &Model, story: &Story, span: &Span, told: &[(&PlacedRun, Attribution)], facts: &mut Facts) {
    let partitions = partitions(span, told);
    let failed = || partitions.values().filter(|p| !p.failures.is_empty());
    if failed().next().is_none() {
        return;
    }
    facts.put(N::DeliveredAgain, failed().all(|p| !p.unreadable && p.failures.iter().all(|f| p.goes_on_after(f.last))));
    let waiting: BTreeMap<i64, (LogTime, TimeDelta)> =
        partitions.iter().filter_map(|(&index, partition)| Some((index, partition.waits(model)?))).collect();
    let longest = waiting.values().max_by_key(|(_, length)| *length);
    let Some(&(since, length)) = longest.filter(|_| span.until.is_none()) else { return };
    facts.put(N::UndeliveredFor, length);
    facts.put(N::UndeliveredSince, since.rfc3339());
    facts.put(N::UndeliveredList, waiting.keys().map(i64::to_string).collect::<Vec<_>>().join(", "));
    let beside = || {
        let same = |other: &&Story| {
            other.cluster == story.cluster
                && other.identity != story.identity
                && other.identity.remote_cluster.is_some()
                && other.identity.remote_cluster == story.identity.remote_cluster
        };
        let told = model.stories.iter().filter(same).flat_map(|other| &other.told).map(|t| &model.runs[t.run]);
        told.filter(move |p| p.run.last().at > since)
    };
    let loads = |p: &&PlacedRun| p.run.kind() == E::PlogLoadStart && p.run.last().at.since(since) >= MEANWHILE;
    facts.put(N::OthersDelivered, beside().any(|p| loads(&p)));
    let answer = |p: &PlacedRun| Some((p.run.last().at, p.run.field("create_err").filter(|err| *err != "ERR_OK")?.to_owned()));
    facts.put_known(N::TargetAnswers, beside().filter_map(answer).max().map(|(_, err)| err));
}

#[expect(clippy::wildcard_enum_match_arm, reason = "most of the nearly two hundred kinds of events tell nothing of shipping")]
fn partitions(span: &Span, told: &[(&PlacedRun, Attribution)]) -> BTreeMap<i64, Partition> {
    let mut partitions: BTreeMap<i64, Partition> = BTreeMap::new();
    for (placed, _) in told {
        let (run, last) = (&placed.run, placed.run.last().at);
        let failure = Failure {
            first: run.first.at.max(span.since),
            last,
            timeout: run.field("err").or_else(|| run.field("error")) == Some("ERR_TIMEOUT"),
            server: (run.kind() != E::ReplicaWriteFailed).then_some(placed.server),
        };
        let Some(index) = gpid(placed).map(|gpid| gpid.partition) else { continue };
        // The partitions of the target's table have the numbers of the source's.
        let partition = partitions.entry(index).or_default();
        match run.kind() {
            E::PlogLoadStart => {
                partition.loaded = partition.loaded.max(Some(last));
                partition.loads += run.count;
            }
            E::DuplicatorClosed | E::DuplicatorsRemoved => partition.over = partition.over.max(Some(last)),
            E::PendingAnswered if super::shipping::newest_number(run, "not_confirmed") == Some(0) => {
                partition.over = partition.over.max(Some(last));
            }
            E::PlogLoadFailed => partition.unreadable = true,
            E::PartitionCacheCleared | E::QueryConfigFailed | E::ShipFailed => partition.failures.push(failure),
            E::ReplicaWriteFailed if run.field("code") == Some("RPC_RRDB_RRDB_DUPLICATE") => partition.failures.push(failure),
            _ => {}
        }
    }
    partitions
}

impl Partition {
    fn goes_on_after(&self, failed: LogTime) -> bool {
        [self.loaded, self.over].into_iter().flatten().any(|at| at > failed)
    }

    /// Since when it has tried in vain, and how long that is by the end of its server's log.
    fn waits(&self, model: &Model) -> Option<(LogTime, TimeDelta)> {
        let tried = || self.failures.iter().filter(|f| f.server.is_some());
        let last = tried().max_by_key(|f| f.last)?;
        let server = &model.servers[last.server?];
        let restarted = server.restarts.iter().any(|r| r.started.is_some_and(|at| at > last.last));
        if self.unreadable || restarted || self.goes_on_after(last.last) {
            return None;
        }
        let loaded = self.loaded?;
        let in_vain = tried().filter(|f| f.last > loaded).min_by_key(|f| f.first)?;
        let first = if in_vain.timeout { in_vain.first - GIVEN_UP } else { in_vain.first };
        // One that loads a file now and then may get through and load none for long, unless what it loaded last is what failed.
        let own = in_vain.timeout && first.since(loaded).max(loaded.since(first)) <= AT_ONCE;
        if self.loads < STEADY && !own {
            return None;
        }
        let since = loaded.max(first);
        Some((since, server.log_end().unwrap_or(model.now).since(since)))
    }
}
