//! One duplication of the report: who it is, how it is, what became of it.

use super::{DiskEntry, DuplicationRef, ErrorSeries, Evidence, History, StateEntry, SwitchOver, Time, Verdict};
use crate::pegasus::{DupStatus, FailMode, Identity};
use crate::timeline::Exactness;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// One duplication.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct DuplicationEntry {
    /// Which one it is, its fields on the level of this object.
    #[serde(flatten)]
    pub identity: Identity,
    /// The follower's replica count.
    pub remote_replica_count: Option<i64>,
    /// Number of partitions.
    pub partition_count: Option<i64>,
    /// A full duplication, which copies a checkpoint first; `false` for one of the log only, `null` where nothing tells.
    #[serde(default)]
    pub with_checkpoint: Option<bool>,
    /// What happens to unreadable log files.
    pub fail_mode: Option<FailMode>,
    /// The current status.
    pub status: Option<DupStatus>,
    /// How it is.
    pub verdict: Verdict,
    /// Since when it has the status; the first sight of it when the change is not in the logs.
    pub status_since: Option<Time>,
    /// How long, in seconds; where it is not known how it is now, until it was last seen.
    pub status_seconds: Option<i64>,
    /// Whether that is exact, or it has lasted at least or at most so long; `null` where that is not known.
    #[serde(default)]
    pub status_seconds_are: Option<Exactness>,
    /// Changes of status.
    pub timeline: Vec<TransitionEntry>,
    /// Its statuses, one after the other.
    pub states: Vec<StateEntry>,
    /// Decrees by partition, as last reported.
    pub partitions: Vec<PartitionEntry>,
    /// How far the target is behind, where lines say it: reports on master, lines of the source's
    /// replica servers up to v2.5.0. `null` where only reports tell and say 0, as they also do while shipping is blocked.
    pub lag: Option<Lag>,
    /// The disk of the source that will be full first at the present rate, where its replica servers' lines say it.
    pub disk: Option<DiskEntry>,
    /// Warnings and errors about it over time, the most frequent kinds first.
    pub errors: Vec<ErrorSeries>,
    /// Decrees over time, where lines tell them.
    pub history: Option<History>,
    /// In `DS_LOG`, decrees stand still, and the logs of meta servers alone cannot tell whether it is idle or blocked.
    #[serde(default)]
    pub quiet: bool,
    /// So many more duplications share this id, and nothing in these logs tells them from it.
    #[serde(default)]
    pub others: usize,
    /// Other entries that may be this duplication: what one lacks the other has; `null` where there are none.
    #[serde(default)]
    pub perhaps_same_as: Option<Vec<DuplicationRef>>,
    /// Codes of its findings.
    pub findings: Vec<String>,
    /// Whether clients can be moved to the target now, where that was asked (`--switch-over`); `null` of one that was removed.
    #[serde(default)]
    pub switch_over: Option<SwitchOver>,
}

/// How far the target is behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Lag {
    /// Last committed minus confirmed decree, over all partitions; on master at least so many wait.
    pub decree_gap: i64,
    /// Decrees by which the gap grows in a minute; negative when it shrinks.
    pub gap_per_minute: Option<i64>,
    /// When it will be closed at this rate, in seconds.
    pub closed_in_seconds: Option<i64>,
    /// Partitions that stand still although there is something to ship.
    pub lagging_partitions: i64,
}

/// One change of status.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct TransitionEntry {
    /// Before; `null` when only the result was seen.
    pub from: Option<DupStatus>,
    /// After.
    pub to: DupStatus,
    /// When.
    pub at: Time,
    /// The same in milliseconds since the epoch.
    pub at_ms: i64,
    /// The line.
    pub evidence: Evidence,
}

/// A line, without its text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Place {
    /// The input.
    pub path: Arc<str>,
    /// The line, from 1; `null` where the lines before a window of time were not counted.
    pub line: Option<u64>,
}

/// One partition's decrees.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct PartitionEntry {
    /// The partition's index.
    pub partition: i64,
    /// Confirmed decree of the newest report; -1 when nothing is confirmed.
    pub confirmed_decree: i64,
    /// Last committed decree of the newest report; only master reports it.
    pub last_committed_decree: Option<i64>,
    /// Since when the confirmed decree has had that value.
    pub unchanged_since: Time,
}

impl DuplicationEntry {
    /// Whether the logs do not tell how it is.
    #[must_use]
    pub fn cannot_tell(&self) -> bool {
        self.verdict == Verdict::Unknown
    }

    /// How findings name it.
    pub(crate) fn reference(&self) -> DuplicationRef {
        (&self.identity).into()
    }
}
