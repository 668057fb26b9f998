//! What is remembered between rounds, and how a round becomes lines for the engine and a report for people.

use super::ask::{AskedTable, Round};
use dupdoctor::internal::answer::http::{answered, not_answered, pending_line};
use dupdoctor::internal::answer::{DupState, Pending};
use dupdoctor::internal::report::{SCHEMA_VERSION, StatusDuplication, StatusPartition, StatusReport, StatusTable};
use dupdoctor::report::{Report, Time};
use dupdoctor::{AppId, DupId, DupKey, Gpid, LogTime};
use std::collections::{BTreeMap, BTreeSet};

/// What earlier rounds answered.
#[derive(Default)]
pub(super) struct Observer {
    /// Duplications that were answered, by table.
    known: BTreeMap<String, BTreeSet<DupKey>>,
    /// What was not shipped of each partition.
    standing: BTreeMap<(DupId, Gpid), Standing>,
}

/// A number of mutations that were not shipped, for as long as it does not fall.
struct Standing {
    last: i64,
    since: LogTime,
    answers: u32,
    /// It has fallen once: something is shipped.
    fell: bool,
}

impl Standing {
    /// For so many seconds it has not fallen. Under load a few answers may happen not to fall.
    fn seconds(&self, at: LogTime) -> i64 {
        const ENOUGH: u32 = 5;
        if self.answers < ENOUGH { 0 } else { at.since(self.since).as_secs() }
    }

    /// Whether it was seen to move since it began to wait, and not too long ago.
    fn moves(&self, at: LogTime) -> bool {
        self.last == 0 || (self.fell && self.seconds(at) < 60)
    }
}

impl Observer {
    /// The lines of a round.
    pub(super) fn lines(&mut self, at: LogTime, round: &Round) -> String {
        let mut lines = String::new();
        for table in &round.tables {
            let now: BTreeSet<DupKey> = table.duplications.iter().filter_map(|d| key(d, table.app_id)).collect();
            for dup in &table.duplications {
                let app_id = dup.app_id.or(table.app_id);
                lines.extend(app_id.and_then(|app| answered(at, app, &table.app_name, dup)));
            }
            let before = self.known.insert(table.app_name.clone(), now);
            let now = &self.known[&table.app_name];
            for gone in before.into_iter().flatten().filter(|k| !now.contains(k)) {
                lines.push_str(&not_answered(at, gone, &table.app_name));
            }
        }
        lines + &self.pending_lines(at, &round.pending)
    }

    /// The lines of what replica servers answered.
    pub(super) fn pending_lines(&mut self, at: LogTime, answers: &[(String, Pending)]) -> String {
        let mut lines = String::new();
        for (node, pending) in answers {
            let fresh = Standing { last: pending.not_duplicated, since: at, answers: 0, fell: false };
            let standing = self.standing.entry((pending.dup_id, pending.gpid)).or_insert(fresh);
            // What has fallen moves, and so does what has caught up.
            if pending.not_duplicated < standing.last || pending.not_duplicated == 0 {
                (standing.since, standing.answers, standing.fell) = (at, 0, true);
            }
            (standing.last, standing.answers) = (pending.not_duplicated, standing.answers.saturating_add(1));
            lines.push_str(&pending_line(at, node, pending, standing.seconds(at)));
        }
        lines
    }

    /// The round for people, with what the engine found.
    pub(super) fn report(&self, at: LogTime, round: &Round, found: Option<&Report>) -> StatusReport {
        let tables = round.tables.iter().map(|table| StatusTable {
            app_name: table.app_name.clone(),
            app_id: table.app_id,
            duplications: table.duplications.iter().map(|d| self.duplication(at, d, table, round, found)).collect(),
        });
        let mut findings = found.map(|r| r.findings.clone()).unwrap_or_default();
        // Logs are missing by design here; what they would decide stands in the suggestions.
        for finding in &mut findings {
            finding.missing_logs.clear();
        }
        StatusReport {
            schema_version: SCHEMA_VERSION.into(),
            at: Time(at),
            leader: round.leader.clone(),
            replicas: round.replicas.iter().cloned().collect(),
            tables: tables.collect(),
            not_asked: round.not_asked.clone(),
            cannot_tell: false,
            findings,
        }
        .settled()
    }

    /// The partitions of which something waits that was not seen to move.
    pub(super) fn standing(&self, at: LogTime, round: &Round) -> BTreeSet<Gpid> {
        let stands = |p: &Pending| self.standing.get(&(p.dup_id, p.gpid)).is_some_and(|s| !s.moves(at));
        round.pending.iter().filter(|(_, p)| p.duplicating && stands(p)).map(|(_, p)| p.gpid).collect()
    }

    fn duplication(&self, at: LogTime, dup: &DupState, table: &AskedTable, round: &Round, found: Option<&Report>) -> StatusDuplication {
        /// No table has more, whatever a server says.
        const MOST: i64 = 1 << 16;
        let app_id = dup.app_id.or(table.app_id);
        let unknown = |partition| StatusPartition { partition, ..StatusPartition::default() };
        let count = table.partition_count.filter(|count| (1..=MOST).contains(count));
        let mut partitions: BTreeMap<i64, StatusPartition> = (0..count.unwrap_or(0)).map(|index| (index, unknown(index))).collect();
        for (&index, state) in &dup.partitions {
            let partition = partitions.entry(index).or_insert_with(|| unknown(index));
            partition.confirmed_decree = Some(state.confirmed);
            partition.last_committed_decree = state.committed;
        }
        let mine = round.pending.iter().filter(|(_, p)| p.dup_id == dup.dup_id && Some(p.gpid.app_id) == app_id);
        for (node, pending) in mine {
            let partition = partitions.entry(pending.gpid.partition).or_insert_with(|| unknown(pending.gpid.partition));
            partition.node = Some(node.clone());
            partition.duplicating = Some(pending.duplicating);
            partition.not_duplicated = Some(pending.not_duplicated);
            partition.not_confirmed = Some(pending.not_confirmed);
            let standing = self.standing.get(&(pending.dup_id, pending.gpid));
            partition.standing_seconds = standing.map(|s| s.seconds(at));
            partition.moves = standing.map(|s| pending.duplicating && s.moves(at));
        }
        let entry = found.and_then(|r| {
            r.duplications.iter().find(|e| e.identity.dup_id == Some(dup.dup_id) && (e.identity.app_id == app_id || app_id.is_none()))
        });
        StatusDuplication::new(at, dup, app_id, (count, partitions.into_values().collect()), entry)
    }
}

fn key(dup: &DupState, app_id: Option<AppId>) -> Option<DupKey> {
    DupKey::of(dup.app_id.or(app_id), Some(dup.dup_id))
}
