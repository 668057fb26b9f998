//! What servers answered when they were asked, with what the engine makes of it: plain data, whose serialisation is the JSON.

use super::{DuplicationEntry, Finding, Known, Readiness, Redaction, SCHEMA_VERSION, SwitchOver, Time, Verdict};
use crate::answer::DupState;
use crate::pegasus::{AppId, DupId, DupStatus, FailMode, LogTime};
use crate::signature::{Lang, Severity};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// One round of questions.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct StatusReport {
    /// The version of this JSON: raised when the meaning of a field changes.
    #[schemars(extend("const" = SCHEMA_VERSION))]
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
    /// Whether the answers do not reach far enough to say that all is well: a table or a partition did not tell, or something
    /// waits that was not seen to move.
    #[serde(default)]
    pub cannot_tell: bool,
    /// What the engine finds in the answers so far; without logs hardly anything is certain.
    pub findings: Vec<Finding>,
}

/// Data versions of the source and of the target, by table and duplication.
pub type DataVersions = BTreeMap<(String, DupId), (BTreeSet<i64>, BTreeSet<i64>)>;

/// What could not be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NotAsked {
    /// What was asked for.
    pub url: String,
    /// The table whose duplications are not known, or not all, because of it; `null` for all else.
    #[serde(default)]
    pub app_name: Option<String>,
    /// Why there is no use in the answer, or none at all.
    pub reason: String,
}

/// A table.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct StatusTable {
    /// Its name.
    pub app_name: String,
    /// Its id.
    pub app_id: Option<AppId>,
    /// Its duplications.
    pub duplications: Vec<StatusDuplication>,
}

/// A duplication as the meta leader answered it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
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
    /// Mutations that are committed and not confirmed, by the meta leader's decrees (master): at least so many wait; `null` where
    /// these say 0, which they also do while shipping is blocked.
    pub decree_gap: Option<i64>,
    /// Mutations that are not confirmed, by the replica servers that told.
    pub not_confirmed: Option<i64>,
    /// Mutations that are not shipped, by the replica servers that told.
    pub not_duplicated: Option<i64>,
    /// Partitions of which no replica server told what waits; `null` where it is not known how many there are.
    #[serde(default)]
    pub partitions_untold: Option<usize>,
    /// By partition.
    pub partitions: Vec<StatusPartition>,
    /// Codes of its findings.
    pub findings: Vec<String>,
    /// Whether clients can be moved to the target now, where that was asked (`--switch-over`).
    #[serde(default)]
    pub switch_over: Option<SwitchOver>,
}

/// A partition.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
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
    /// For so long `not_duplicated` has not fallen, as far as it was asked.
    pub standing_seconds: Option<i64>,
    /// Whether it ships: nothing waits, or what waits was seen to shrink; `null` where no replica server told.
    #[serde(default)]
    pub moves: Option<bool>,
}

impl StatusReport {
    /// Whether a table could not be asked, or not wholly.
    #[must_use]
    pub fn tables_untold(&self) -> usize {
        let untold: BTreeSet<&str> = self.not_asked.iter().filter_map(|n| n.app_name.as_deref()).collect();
        untold.len()
    }

    /// Settles whether the answers reach far enough.
    #[must_use]
    pub fn settled(mut self) -> Self {
        let unknown = self.tables.iter().flat_map(|t| &t.duplications).any(|d| d.verdict == Verdict::Unknown);
        self.cannot_tell = unknown || self.leader.is_none() || self.tables_untold() > 0;
        self
    }

    /// Settles of each duplication whether it is ready.
    pub fn ask_switch_over(&mut self, most: i64, data_versions: &DataVersions, lang: Lang) {
        for table in &mut self.tables {
            for dup in &mut table.duplications {
                let grave = |f: &&Finding| f.active && f.severity >= Severity::Error;
                let mine = |f: &&Finding| f.duplication.as_ref().is_some_and(|d| d.dup_id == Some(dup.dup_id) && d.app_id == dup.app_id);
                let codes = self.findings.iter().filter(grave).filter(mine).map(|f| f.code.clone()).collect();
                let versions = data_versions.get(&(table.app_name.clone(), dup.dup_id)).cloned().unwrap_or_default();
                dup.switch_over = SwitchOver::of(&dup.known(codes, versions), most, lang);
            }
        }
    }

    /// Whether all duplications are ready for a switch-over; `None` without any.
    #[must_use]
    pub fn readiness(&self) -> Option<Readiness> {
        let all = || self.tables.iter().flat_map(|t| &t.duplications).filter_map(|d| d.switch_over.as_ref());
        // A table of which nothing is known may have one that is not.
        let untold = (self.tables_untold() > 0).then_some(Readiness::CannotTell);
        all().map(|switch_over| switch_over.answer).chain(untold).min()
    }

    /// Puts aliases for names; those in the findings were replaced when these were made. `tables` are all that answers named.
    pub fn hide(&mut self, redaction: &Redaction, tables: &BTreeSet<String>) {
        redaction.learn_tables(tables);
        let address = |text: &mut String| *text = redaction.address(text);
        self.leader.iter_mut().chain(&mut self.replicas).for_each(address);
        for table in &mut self.tables {
            table.app_name = redaction.table(&table.app_name);
            for dup in &mut table.duplications {
                dup.remote_cluster.iter_mut().for_each(|name| *name = redaction.cluster(name));
                dup.remote_app_name.iter_mut().for_each(|name| *name = redaction.table(name));
                dup.partitions.iter_mut().filter_map(|p| p.node.as_mut()).for_each(address);
            }
        }
        for missed in &mut self.not_asked {
            missed.app_name.iter_mut().for_each(|name| *name = redaction.table(name));
            // A name in a query is encoded.
            let page = missed.url.split_once("?name=").map(|(page, _)| page.to_owned());
            missed.url = match (page, &missed.app_name) {
                (Some(page), name) => format!("{}?name={}", redaction.address(&page), name.as_deref().unwrap_or("…")),
                (None, _) => redaction.address(&missed.url),
            };
            missed.reason = redaction.text(&missed.reason);
        }
    }
}

impl StatusDuplication {
    /// A duplication as it was answered, and what the engine says of it. `partition_count` is what is known beside `partitions`.
    #[must_use]
    pub fn new(
        at: LogTime,
        dup: &DupState,
        app_id: Option<AppId>,
        (partition_count, partitions): (Option<i64>, Vec<StatusPartition>),
        entry: Option<&DuplicationEntry>,
    ) -> Self {
        let sum = |number: fn(&StatusPartition) -> Option<i64>| {
            let all: Vec<i64> = partitions.iter().filter_map(number).collect();
            (!all.is_empty()).then(|| all.iter().sum())
        };
        let known = partition_count.is_some() || !dup.partitions.is_empty();
        let moves = known && partitions.iter().all(|p| p.moves == Some(true));
        let told = entry.map_or(Verdict::Unknown, |e| e.verdict);
        Self {
            app_id,
            dup_id: dup.dup_id,
            status: dup.status,
            fail_mode: dup.fail_mode,
            remote_cluster: dup.remote_cluster.clone(),
            remote_app_name: dup.remote_app_name.clone(),
            remote_replica_count: dup.remote_replica_count,
            age_seconds: at.secs().saturating_sub(dup.dup_id.0).max(0),
            // That the meta server has it in DS_LOG does not say that anything is shipped.
            verdict: if told == Verdict::Healthy && !moves { Verdict::Unknown } else { told },
            decree_gap: dup.gap().filter(|&gap| gap > 0),
            not_confirmed: sum(|p| p.not_confirmed),
            not_duplicated: sum(|p| p.not_duplicated),
            partitions_untold: known.then(|| partitions.iter().filter(|p| p.moves.is_none()).count()),
            findings: entry.map(|e| e.findings.clone()).unwrap_or_default(),
            partitions,
            switch_over: None,
        }
    }

    /// What is known of it for a switch-over, `data_versions` being those of the source and of the target.
    #[must_use]
    pub fn known(&self, findings: Vec<String>, data_versions: (BTreeSet<i64>, BTreeSet<i64>)) -> Known {
        let moves: Vec<bool> = self.partitions.iter().filter_map(|p| p.moves).collect();
        Known {
            status: self.status,
            in_sight: self.status.is_some(),
            partitions: self.partitions_untold.map(|_| self.partitions.len()),
            told: moves.len(),
            idle: self.partitions.iter().filter(|p| p.duplicating == Some(false)).count(),
            waiting: self.not_duplicated.max(self.decree_gap),
            falling: if moves.contains(&false) { Some(false) } else { (!moves.is_empty()).then_some(true) },
            findings,
            data_versions,
        }
    }

    /// Whether something waits that was not seen to move.
    #[must_use]
    pub fn stands(&self) -> bool {
        self.status.is_some_and(DupStatus::ships) && self.partitions.iter().any(|p| p.moves == Some(false))
    }
}

impl StatusPartition {
    /// Whether something of it waits; `None` where that is not known.
    #[must_use]
    pub fn waits(&self) -> Option<bool> {
        let gap = self.last_committed_decree.zip(self.confirmed_decree).is_some_and(|(committed, confirmed)| committed > confirmed);
        let waits = gap || [self.not_confirmed, self.not_duplicated].into_iter().flatten().any(|n| n > 0);
        (waits || self.moves.is_some()).then_some(waits || self.moves == Some(false))
    }
}
