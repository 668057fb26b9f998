//! What servers answered when they were asked, with what the engine makes of it: plain data, whose serialisation is the JSON.

use super::{DuplicationEntry, Finding, Time, Verdict};
use crate::answer::DupState;
use crate::pegasus::{AppId, DupId, DupStatus, FailMode, LogTime};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// One round of questions.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StatusReport {
    /// [`super::SCHEMA_VERSION`]
    pub schema_version: Cow<'static, str>,
    /// When was asked.
    pub at: Time,
    /// The meta leader; `null` when none could be asked.
    pub leader: Option<String>,
    /// Replica servers that answered.
    pub replicas: Vec<String>,
    /// The tables that were asked for and answered.
    pub tables: Vec<StatusTable>,
    /// What could not be asked, or was not understood.
    pub not_asked: Vec<NotAsked>,
    /// What the engine finds in the answers so far; without logs hardly anything is certain.
    pub findings: Vec<Finding>,
}

/// What could not be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotAsked {
    /// What was asked for.
    pub url: String,
    /// Why there is no use in the answer, or none at all.
    pub reason: String,
}

/// A table.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StatusTable {
    /// Its name.
    pub app_name: String,
    /// Its id.
    pub app_id: Option<AppId>,
    /// Its duplications.
    pub duplications: Vec<StatusDuplication>,
}

/// A duplication as the meta leader answered it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StatusDuplication {
    /// The source table's id.
    pub app_id: Option<AppId>,
    /// Its id.
    pub dup_id: DupId,
    /// Its status.
    pub status: Option<DupStatus>,
    /// What happens to unreadable log files.
    pub fail_mode: Option<FailMode>,
    /// The follower's cluster.
    pub remote_cluster: Option<String>,
    /// The follower's table, on master.
    pub remote_app_name: Option<String>,
    /// The follower's replica count, on master.
    pub remote_replica_count: Option<i64>,
    /// Seconds since it was added, by its id.
    pub age_seconds: i64,
    /// How it is.
    pub verdict: Verdict,
    /// Mutations that are committed and not confirmed, by the meta leader's decrees (master).
    pub decree_gap: Option<i64>,
    /// Mutations that are not confirmed, by the replica servers.
    pub not_confirmed: Option<i64>,
    /// Mutations that are not shipped, by the replica servers.
    pub not_duplicated: Option<i64>,
    /// By partition.
    pub partitions: Vec<StatusPartition>,
    /// Codes of its findings.
    pub findings: Vec<String>,
}

/// A partition.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct StatusPartition {
    /// Its index.
    pub partition: i64,
    /// The last decree that the follower confirmed.
    pub confirmed_decree: Option<i64>,
    /// The source's last committed decree (master).
    pub last_committed_decree: Option<i64>,
    /// The replica server with its primary.
    pub node: Option<String>,
    /// Whether its duplicator runs.
    pub duplicating: Option<bool>,
    /// Mutations that are not shipped.
    pub not_duplicated: Option<i64>,
    /// Mutations that are not confirmed.
    pub not_confirmed: Option<i64>,
    /// For so long the former has not fallen, as far as it was asked.
    pub standing_seconds: Option<i64>,
}

impl StatusDuplication {
    /// A duplication as it was answered, and what the engine says of it.
    #[must_use]
    pub fn new(
        at: LogTime,
        dup: &DupState,
        app_id: Option<AppId>,
        partitions: Vec<StatusPartition>,
        entry: Option<&DuplicationEntry>,
    ) -> Self {
        let sum = |number: fn(&StatusPartition) -> Option<i64>| {
            let all: Vec<i64> = partitions.iter().filter_map(number).collect();
            (!all.is_empty()).then(|| all.iter().sum())
        };
        Self {
            app_id,
            dup_id: dup.dup_id,
            status: dup.status,
            fail_mode: dup.fail_mode,
            remote_cluster: dup.remote_cluster.clone(),
            remote_app_name: dup.remote_app_name.clone(),
            remote_replica_count: dup.remote_replica_count,
            age_seconds: at.secs().saturating_sub(dup.dup_id.0).max(0),
            verdict: entry.map_or(Verdict::Unknown, |e| e.verdict),
            decree_gap: dup.gap(),
            not_confirmed: sum(|p| p.not_confirmed),
            not_duplicated: sum(|p| p.not_duplicated),
            findings: entry.map(|e| e.findings.clone()).unwrap_or_default(),
            partitions,
        }
    }
}

impl StatusPartition {
    /// Whether something of it waits.
    #[must_use]
    pub fn waits(&self) -> bool {
        let gap = self.last_committed_decree.zip(self.confirmed_decree).is_some_and(|(committed, confirmed)| committed > confirmed);
        gap || self.not_confirmed.is_some_and(|n| n > 0) || self.not_duplicated.is_some_and(|n| n > 0)
    }
}
