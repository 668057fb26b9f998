//! Duplications as tables list them, and what their ids tell of the clock.

use super::clock::clock;
use super::duplication::{CreateTime, DupState, PartitionState, Seen};
use super::table::Table;
use crate::pegasus::{AppId, DupId, LogTime, TimeDelta};
use std::collections::BTreeMap;

impl DupState {
    /// The zone of the server that wrote `create_ts` as a clock text.
    #[must_use]
    pub fn zone(&self) -> Option<TimeDelta> {
        let Some(CreateTime::Clock(text)) = &self.created else { return None };
        let apart = clock(text)? - LogTime::from_secs(self.dup_id.0);
        let zone = apart.rounded(TimeDelta::mins(15));
        // An id is moved on by some seconds when it is taken; nothing else sets the two apart.
        (zone.abs() <= TimeDelta::hours(14) && (apart - zone).abs() < TimeDelta::mins(5)).then_some(zone)
    }
}

/// Rows of `dups` and of `query_dup` without `-d`.
pub(super) fn dup_rows(table: &Table, app: Option<&str>) -> Seen {
    let mut by_dup: BTreeMap<(Option<i64>, i64), DupState> = BTreeMap::new();
    for (_, row) in &table.rows {
        let text = |column: &str| table.cell(row, column).filter(|c| !c.is_empty() && *c != "-").map(str::to_owned);
        let number = |column: &str| table.cell(row, column).and_then(|c| c.parse::<i64>().ok());
        let Some(dup_id) = number("dup_id") else { continue };
        let app_id = number("app_id");
        let state = by_dup.entry((app_id, dup_id)).or_insert_with(|| DupState {
            dup_id: DupId(dup_id),
            app_id: app_id.map(AppId),
            app_name: text("app_name").or_else(|| app.map(str::to_owned)),
            status: text("status").and_then(|s| s.parse().ok()),
            fail_mode: None,
            remote_cluster: text("follower_cluster").or_else(|| text("remote_cluster")),
            remote_app_name: text("follower_app_name"),
            remote_replica_count: None,
            created: text("create_time").map(CreateTime::Clock),
            partitions: BTreeMap::new(),
        });
        if let (Some(partition), Some(confirmed)) = (number("partition_id"), number("confirmed_decree")) {
            state.partitions.insert(partition, PartitionState { confirmed, committed: number("last_committed_decree") });
        }
    }
    Seen { app_id: None, duplications: by_dup.into_values().collect(), unread: Vec::new() }
}
