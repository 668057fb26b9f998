//! One duplication's story: identity, spans of equal status, what was told in each.

use crate::pegasus::{DupStatus, FailMode, Identity, LogTime, TimeDelta, closed_set};
use crate::run::{PartitionProgress, Run};
use std::collections::BTreeMap;

/// A duplication and all that the logs tell about it.
#[derive(Debug, Clone, Default)]
pub struct Story {
    /// Index of the source cluster among the clusters of the inputs.
    pub cluster: usize,
    /// Which one it is.
    pub identity: Identity,
    /// The follower's replica count.
    pub remote_replica_count: Option<i64>,
    /// Number of partitions.
    pub partition_count: Option<i64>,
    /// The master of the source table, as `cluster.table`, if that was itself made as a follower.
    pub own_master: Option<String>,
    /// What happens to unreadable log files.
    pub fail_mode: Option<FailMode>,
    /// Whether it was asked for as a full one, by the command or its answer.
    pub asked_checkpoint: Option<bool>,
    /// When it was added, if the logs show it.
    pub added: Option<LogTime>,
    /// When it was removed.
    pub removed: Option<LogTime>,
    /// Status changes, in order.
    pub transitions: Vec<Transition>,
    /// Stretches of one status, in order; the last one is current.
    pub spans: Vec<Span>,
    /// Decrees by partition index.
    pub progress: BTreeMap<i64, PartitionProgress>,
    /// All that was told about it, by time; each with how sure the attribution is.
    pub told: Vec<AttributedRun>,
    /// Where answers say other than the logs.
    pub contradictions: Vec<Contradiction>,
    /// When new leaders restored it or should have.
    pub restores: Vec<LogTime>,
    /// Of how many more duplications than this one the same is all that is known: added in one second they share their id, and up to
    /// v2.5.0 nothing in their reports tells them apart.
    pub others: usize,
    /// Until when the lines tell how it is: those of the source's leading meta server, or an answer. `None` when only others speak of it.
    pub sight: Option<LogTime>,
    /// Other stories that may be this one: what is known of either does not contradict, and one has what the other lacks.
    pub perhaps_same_as: Vec<usize>,
}

closed_set! {
    /// What an answer and the logs say differently.
    Contested, "contested fact" {
        /// The status.
        Status = "status",
        /// Whether there is such a duplication.
        Duplication = "duplication",
        /// The follower's table.
        RemoteAppName = "remote_app_name",
        /// The follower's replica count.
        RemoteReplicaCount = "remote_replica_count",
    }
}

/// An answer that says other than the logs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contradiction {
    /// The run of the answer.
    pub run: usize,
    /// What it is about.
    pub about: Contested,
    /// What the answer says.
    pub answer: String,
    /// What the logs say.
    pub logs: String,
}

/// How sure it is that a line is about a duplication.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Attribution {
    /// One of several duplications that fit.
    Shared,
    /// By order within a sync, or as the only one that fits.
    Derived,
    /// The line names it.
    Named,
}

/// A run that tells about a duplication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AttributedRun {
    /// Index into the model's runs.
    pub run: usize,
    /// How sure that is.
    pub by: Attribution,
}

/// One change of status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transition {
    /// Before; unknown when the logs only show the result.
    pub from: Option<DupStatus>,
    /// After.
    pub to: DupStatus,
    /// When; for unseen changes when the result was first seen.
    pub at: LogTime,
    /// The run whose first line proves it.
    pub run: usize,
}

/// A stretch of one status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The status; unknown when nothing tells.
    pub status: Option<DupStatus>,
    /// Since when; the first sight of it when the change was not seen.
    pub since: LogTime,
    /// The change into this status is in the logs.
    pub seen: bool,
    /// Until when; `None` for the current one.
    pub until: Option<LogTime>,
}

/// Clocks are apart, and lines come late.
const LATE: TimeDelta = TimeDelta::secs(10);

impl Story {
    /// The current status.
    pub fn status(&self) -> Option<DupStatus> {
        self.spans.last().and_then(|s| s.status)
    }

    /// The status at a moment.
    pub fn status_at(&self, at: LogTime) -> Option<DupStatus> {
        self.spans.iter().rev().find(|s| s.since <= at).or(self.spans.first()).and_then(|s| s.status)
    }

    /// When it was added; the id is the second of that.
    pub fn born(&self) -> Option<LogTime> {
        self.added.or(self.identity.dup_id.map(|d| LogTime::from_secs(d.0)))
    }

    /// Whether that is the moment at which it was added, whose second the id is.
    pub fn is_birth(&self, at: LogTime) -> bool {
        const SECOND: TimeDelta = TimeDelta::secs(2);
        self.born().is_some_and(|born| at >= born - SECOND && at <= born + SECOND)
    }

    /// The same moment, or the one at which it was added where that is later by more than clocks are apart.
    pub fn not_before_birth(&self, at: LogTime) -> LogTime {
        match self.born() {
            Some(born) if at < born - LATE => born,
            _ => at,
        }
    }

    /// Whether the duplication exists at a moment, with some tolerance for clocks and late lines.
    pub fn alive_at(&self, at: LogTime) -> bool {
        let born = self.born().unwrap_or(LogTime(i64::MIN));
        at >= born - LATE && self.removed.is_none_or(|r| at <= r + LATE)
    }

    /// A full duplication, which copies checkpoints first.
    pub fn with_checkpoint(&self) -> Option<bool> {
        let first = self.transitions.iter().find(|t| t.from == Some(DupStatus::DsInit));
        first.map(|first| first.to == DupStatus::DsPrepare).or(self.asked_checkpoint)
    }

    /// Whether the follower's table is known to have another name.
    pub fn remote_name_differs(&self) -> Option<bool> {
        Some(self.identity.remote_app_name.as_ref()? != self.identity.app_name.as_ref()?)
    }
}

/// Whether a run has lines within a span.
pub(crate) fn within(run: &Run, span: &Span) -> bool {
    span.until.is_none_or(|until| run.first.at < until) && run.last().at >= span.since
}
