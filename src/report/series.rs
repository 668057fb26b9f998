//! What happened when: complaints and decrees over time in a bounded number of points, changes of leader.

use super::context::Context;
use super::{Evidence, Time};
use crate::pegasus::{DupStatus, LogTime};
use crate::run::{Count, Decrees, TimeBuckets};
use crate::timeline::{Story, complaints, decreed, leader_changes};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// A stretch of one status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct StateEntry {
    /// The status; `null` where the logs do not tell.
    pub status: Option<DupStatus>,
    /// Since when; the first sight of it when the change is not in the logs.
    pub since: Time,
    /// Until when; `null` for the last one.
    pub until: Option<Time>,
    /// The change into it is in the logs.
    pub seen: bool,
}

/// Warnings and errors of one kind over time.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct ErrorSeries {
    /// Name of the event.
    pub event: Cow<'static, str>,
    /// `W`, `E` or `F`.
    pub level: char,
    /// How many lines.
    pub count: u64,
    /// The first line.
    pub first: Evidence,
    /// The last line.
    pub last: Evidence,
    /// When the first stretch begins.
    pub from: Option<Time>,
    /// How long each stretch is, in seconds: a power of two.
    pub bucket_seconds: i64,
    /// Lines in each stretch, one stretch after the other.
    #[serde(serialize_with = "in_a_row")]
    pub counts: Vec<u64>,
}

/// Decrees over time: one column for each moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct History {
    /// The moments; what is known last in the stretch that ends there.
    #[serde(serialize_with = "in_a_row")]
    pub at: Vec<Time>,
    /// A row for each partition.
    pub partitions: Vec<PartitionHistory>,
}

/// Decrees of one partition at the moments of its [`History`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct PartitionHistory {
    /// The partition's index.
    pub partition: i64,
    /// Confirmed decrees; `null` where no line tells.
    #[serde(serialize_with = "in_a_row")]
    pub confirmed_decree: Vec<Option<i64>>,
    /// Last committed decrees; `null` where no line tells.
    #[serde(serialize_with = "in_a_row")]
    pub last_committed_decree: Vec<Option<i64>>,
}

/// A meta server became the leader.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct LeaderEntry {
    /// The new leader.
    pub server: String,
    /// When.
    pub at: Time,
    /// The line that says so.
    pub evidence: Evidence,
}

/// Numbers in one row, however the rest is laid out.
fn in_a_row<T: Serialize, S: Serializer>(numbers: &[T], serializer: S) -> Result<S::Ok, S::Error> {
    serde_json::value::to_raw_value(numbers).map_err(serde::ser::Error::custom)?.serialize(serializer)
}

/// Kinds of complaints told of a duplication; those that are rarer are left out.
const KINDS: usize = 8;

/// Stretches of time that complaints are counted in, at most.
const STRETCHES: i64 = 160;

/// Moments of a history, at most and at least.
const MOMENTS: (i64, i64) = (48, 8);

/// Numbers in a history of one duplication, about.
const NUMBERS: i64 = 768;

impl Context<'_> {
    /// The statuses of a duplication, one after the other.
    pub(super) fn states(story: &Story) -> Vec<StateEntry> {
        let entry =
            |s: &crate::timeline::Span| StateEntry { status: s.status, since: Time(s.since), until: s.until.map(Time), seen: s.seen };
        story.spans.iter().map(entry).collect()
    }

    /// What complains about a duplication.
    pub(super) fn errors(&self, story: &Story) -> Vec<ErrorSeries> {
        let told = |c: crate::timeline::Complaint| {
            let (first, last) = (&self.model.runs[c.first].run, &self.model.runs[c.last].run);
            let mut when = c.when;
            when.fit(STRETCHES);
            ErrorSeries {
                event: c.kind.name().into(),
                level: c.level.letter(),
                count: c.count,
                first: self.proof(&first.first),
                last: self.proof(last.last()),
                bucket_seconds: when.seconds(),
                from: when.iter().next().map(|(at, _)| Time(at)),
                counts: when.dense(Count(0)).into_iter().map(|count| count.0).collect(),
            }
        };
        complaints(self.model, story).into_iter().take(KINDS).map(told).collect()
    }

    /// The decrees of a duplication over time.
    pub(super) fn history(&self, story: &Story) -> Option<History> {
        let mut partitions = decreed(self.model, story);
        let room = NUMBERS / i64::try_from(partitions.len().max(1)).unwrap_or(i64::MAX);
        let most = room.clamp(MOMENTS.1, MOMENTS.0);
        let mut all: TimeBuckets<Decrees> = TimeBuckets::default();
        for known in partitions.values() {
            all.append(&known.reported);
            all.append(&known.by_replicas);
        }
        all.fit(most);
        let mut moments: BTreeMap<i64, LogTime> = BTreeMap::new();
        for known in partitions.values_mut() {
            for slots in [&mut known.reported, &mut known.by_replicas] {
                slots.widen(all.shift());
                for (begin, decrees) in slots.iter() {
                    let at = moments.entry(begin.0).or_insert(decrees.at);
                    *at = decrees.at.max(*at);
                }
            }
        }
        let begins: BTreeSet<i64> = moments.keys().copied().collect();
        let row = |partition: &i64, known: &crate::timeline::Decreed| {
            let by_begin = |slots: &TimeBuckets<Decrees>| slots.iter().map(|(begin, d)| (begin.0, *d)).collect::<BTreeMap<i64, Decrees>>();
            let (reported, by_replicas) = (by_begin(&known.reported), by_begin(&known.by_replicas));
            let confirmed = |begin: &i64| reported.get(begin).or(by_replicas.get(begin)).map(|d| d.confirmed);
            let committed = |begin: &i64| {
                let told = reported.get(begin).and_then(|d| d.committed);
                // What is committed is never behind what is confirmed; the lines are of different moments.
                told.or(by_replicas.get(begin).and_then(|d| d.committed)).map(|c| c.max(confirmed(begin).unwrap_or(c)))
            };
            PartitionHistory {
                partition: *partition,
                confirmed_decree: begins.iter().map(confirmed).collect(),
                last_committed_decree: begins.iter().map(committed).collect(),
            }
        };
        let rows = partitions.iter().map(|(partition, known)| row(partition, known)).collect();
        (!moments.is_empty()).then(|| History { at: moments.into_values().map(Time).collect(), partitions: rows })
    }

    /// Who took over the lead when.
    pub(super) fn leaders(&self) -> Vec<LeaderEntry> {
        let entry = |c: crate::timeline::LeaderChange| {
            let line = &self.model.runs[c.run].run.first;
            LeaderEntry {
                server: self.model.servers[c.server].label.clone(),
                at: Time(self.model.logged(line)),
                evidence: self.proof(line),
            }
        };
        leader_changes(self.model).into_iter().map(entry).collect()
    }
}
