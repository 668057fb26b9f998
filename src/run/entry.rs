//! The JSON of a duplication, as meta servers report it and duplicators print it.

use crate::pegasus::{DupId, DupStatus, FailMode};
use serde_json::Value;

/// What the JSON states, in any release's form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DupEntry {
    /// `dupid`.
    pub dup_id: DupId,
    /// `app` or `app_name`, which only duplicators print.
    pub app_name: Option<String>,
    /// `remote`.
    pub remote_cluster: Option<String>,
    /// `status`.
    pub status: Option<DupStatus>,
    /// `fail_mode`.
    pub fail_mode: Option<FailMode>,
    /// `remote_app_name`, since #1960.
    pub remote_app_name: Option<String>,
    /// `remote_replica_count`, since #1993.
    pub remote_replica_count: Option<i64>,
    /// Number of partitions whose decrees it has.
    pub partitions: usize,
}

/// Partition index, confirmed decree, last committed decree (master only).
pub(crate) type PartitionDecrees = (i64, i64, Option<i64>);

impl DupEntry {
    /// Reads the JSON; `None` when it is torn or of no duplication.
    pub fn parse(json: &str) -> Option<(Self, Vec<PartitionDecrees>)> {
        let Value::Object(entry) = serde_json::from_str::<Value>(json).ok()? else { return None };
        let text = |key: &str| entry.get(key).and_then(Value::as_str);
        let named = |key: &str| text(key).filter(|n| !n.is_empty()).map(str::to_owned);
        let mut decrees: Vec<PartitionDecrees> = Vec::new();
        if let Some(Value::Object(progress)) = entry.get("progress") {
            decrees.extend(progress.iter().filter_map(|(index, d)| Some((index.parse().ok()?, d.as_i64()?, None))));
        }
        if let Some(Value::Object(states)) = entry.get("partition_states") {
            decrees.extend(states.iter().filter_map(|(index, state)| {
                let committed = state.get("last_committed_decree").and_then(Value::as_i64);
                Some((index.parse().ok()?, state.get("confirmed_decree")?.as_i64()?, committed))
            }));
        }
        decrees.sort_unstable();
        let stated = Self {
            dup_id: DupId(entry.get("dupid")?.as_i64()?),
            app_name: named("app").or_else(|| named("app_name")),
            remote_cluster: text("remote").map(str::to_owned),
            status: text("status").and_then(|s| s.parse().ok()),
            fail_mode: text("fail_mode").and_then(|f| f.parse().ok()),
            remote_app_name: named("remote_app_name"),
            remote_replica_count: entry.get("remote_replica_count").and_then(Value::as_i64).filter(|&n| n > 0),
            partitions: decrees.len(),
        };
        Some((stated, decrees))
    }

    /// Whether it has what a meta server's report has in every release.
    pub fn is_report(&self) -> bool {
        self.remote_cluster.is_some() && self.status.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_read() {
        let old = r#"{"create_ts":"2024-05-24 17:21:57","dupid":17,"fail_mode":"FAIL_SLOW","progress":{"0":123,"10":-1},"remote":"B","status":"DS_LOG"}"#;
        let report = DupEntry::parse(old);
        assert_eq!(
            report.map(|(r, decrees)| (r.dup_id, r.status, decrees)),
            Some((DupId(17), Some(DupStatus::DsLog), vec![(0, 123, None), (10, -1, None)]))
        );
        let new = r#"{"dupid":17,"fail_mode":"FAIL_SKIP","partition_states":{"0":{"confirmed_decree":7,"last_committed_decree":9}},"remote":"B","remote_app_name":"x","remote_replica_count":3,"status":"DS_APP"}"#;
        let report = DupEntry::parse(new);
        assert_eq!(
            report.map(|(r, decrees)| (r.remote_app_name, r.remote_replica_count, decrees)),
            Some((Some("x".into()), Some(3), vec![(0, 7, Some(9))]))
        );
        assert_eq!(DupEntry::parse(r#"{"dupid":17"#), None);
    }
}
