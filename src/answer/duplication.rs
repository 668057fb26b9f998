//! A duplication as an answer states it, in the JSON of every release.

use crate::pegasus::{AppId, DupId, DupStatus, FailMode, Gpid, LogTime};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// One duplication of an answer: of `query_dup -d`, `dups`, `GET /meta/app/duplication` or admin-cli's `dup list`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DupState {
    /// `dupid`.
    pub dup_id: DupId,
    /// The source table's id, where the answer has it.
    pub app_id: Option<AppId>,
    /// The source table, where the answer or the question has it.
    pub app_name: Option<String>,
    /// `status`; `None` when it is a name that no release has.
    pub status: Option<DupStatus>,
    /// `fail_mode`.
    pub fail_mode: Option<FailMode>,
    /// `remote`.
    pub remote_cluster: Option<String>,
    /// `remote_app_name`, since #1960.
    pub remote_app_name: Option<String>,
    /// `remote_replica_count`, since #1993.
    pub remote_replica_count: Option<i64>,
    /// `create_ts`.
    pub created: Option<CreateTime>,
    /// By partition index; empty where the answer has no progress (up to v2.5 `query_dup` drops it).
    pub partitions: BTreeMap<i64, PartitionState>,
}

/// When a duplication was created, as the answer writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CreateTime {
    /// A clock text without a zone, `2024-05-24 17:21:57`: the meta server's local time.
    Clock(String),
    /// Milliseconds since the epoch, as admin-cli has it.
    At(LogTime),
}

/// How far one partition is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PartitionState {
    /// The last decree that the follower confirmed; -1 before the first.
    pub confirmed: i64,
    /// The source's last committed decree (master only).
    pub committed: Option<i64>,
}

/// What a replica server says of one partition: `GET /replica/duplication?appid=`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// The duplication.
    pub dup_id: DupId,
    /// The partition, whose primary is on the server asked.
    pub gpid: Gpid,
    /// Whether its duplicator runs.
    pub duplicating: bool,
    /// `fail_mode`.
    pub fail_mode: Option<FailMode>,
    /// Mutations that the follower has not confirmed to the meta server yet.
    pub not_confirmed: i64,
    /// Mutations that were not shipped yet.
    pub not_duplicated: i64,
    /// `remote_app_name`, on master.
    pub remote_app_name: Option<String>,
}

impl Pending {
    /// Reads `{"<dupid>":{"<appid>.<pidx>":{"duplicating":true,…}}}`, and tells the entries that cannot be read; `None` when
    /// nothing can.
    pub fn of(value: &Value) -> Option<(Vec<Self>, Vec<String>)> {
        let (mut found, mut unread) = (Vec::new(), Vec::new());
        for (dup, partitions) in value.as_object()? {
            let (Ok(dup_id), Value::Object(partitions)) = (dup.parse().map(DupId), partitions) else {
                unread.push(format!("{dup:?} is not a duplication"));
                continue;
            };
            for (gpid, state) in partitions {
                match gpid.parse().ok().and_then(|gpid| Self::of_partition(dup_id, gpid, state)) {
                    Some(pending) => found.push(pending),
                    None => unread.push(format!("partition {gpid:?} of duplication {}", dup_id.0)),
                }
            }
        }
        (!found.is_empty() || unread.is_empty()).then_some((found, unread))
    }

    fn of_partition(dup_id: DupId, gpid: Gpid, state: &Value) -> Option<Self> {
        let number = |key: &str| state.get(key).and_then(Value::as_i64);
        let text = |key: &str| state.get(key).and_then(Value::as_str).filter(|t| !t.is_empty());
        Some(Self {
            dup_id,
            gpid,
            duplicating: state.get("duplicating").and_then(Value::as_bool)?,
            fail_mode: text("fail_mode").and_then(|mode| mode.parse().ok()),
            not_confirmed: number("not_confirmed_mutations_num")?,
            not_duplicated: number("not_duplicated_mutations_num")?,
            remote_app_name: text("remote_app_name").map(str::to_owned),
        })
    }
}

/// What the JSON of a list of duplications says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Seen {
    /// `appid`, where the answer has it.
    pub app_id: Option<AppId>,
    /// The duplications, by id; empty for `null`, which says that the table has none.
    pub duplications: Vec<DupState>,
    /// Parts of it that could not be used.
    pub unread: Vec<String>,
}

impl Seen {
    /// Reads `query_dup -d`, the meta server's HTTP answer (`{"1":{…},"appid":5}`, or `null` when there is no duplication),
    /// or admin-cli's list (`[{…}]`); `None` when the value is none of these.
    pub fn of(value: &Value) -> Option<Self> {
        let mut seen = Self::default();
        match value {
            Value::Null => {}
            Value::Array(entries) => {
                if entries.iter().any(|e| e.get("dupid").is_none()) {
                    return None;
                }
                for entry in entries {
                    seen.take(entry);
                }
            }
            Value::Object(map) => {
                let numbered = |key: &str| !key.is_empty() && key.bytes().all(|b| b.is_ascii_digit());
                if !map.contains_key("appid") && !map.iter().any(|(key, v)| numbered(key) && v.get("dupid").is_some()) {
                    return None;
                }
                seen.app_id = map.get("appid").and_then(Value::as_i64).map(AppId);
                map.iter().filter(|(key, _)| numbered(key)).for_each(|(_, entry)| seen.take(entry));
                seen.unread.extend(map.keys().filter(|k| *k != "appid" && !numbered(k)).map(|k| format!("{k:?} is not a duplication")));
            }
            Value::Bool(_) | Value::Number(_) | Value::String(_) => return None,
        }
        seen.duplications.sort_by_key(|d| d.dup_id);
        Some(seen)
    }

    fn take(&mut self, entry: &Value) {
        match entry.as_object().and_then(DupState::of) {
            Some(state) => {
                if state.status.is_none() {
                    let status = entry.get("status").map_or("no status".to_owned(), |s| format!("the status {s}"));
                    self.unread.push(format!("duplication {} has {status}", state.dup_id.0));
                }
                self.duplications.push(DupState { app_id: state.app_id.or(self.app_id), ..state });
            }
            None => self.unread.push("an entry without a dupid".to_owned()),
        }
    }
}

impl DupState {
    /// Reads one entry; `None` without `dupid`.
    pub fn of(entry: &Map<String, Value>) -> Option<Self> {
        let text = |key: &str| entry.get(key).and_then(Value::as_str).filter(|t| !t.is_empty()).map(str::to_owned);
        let created = match entry.get("create_ts") {
            Some(Value::String(clock)) => Some(CreateTime::Clock(clock.clone())),
            Some(Value::Number(millis)) => millis.as_i64().and_then(|m| m.checked_mul(1_000_000)).map(|n| CreateTime::At(LogTime(n))),
            _ => None,
        };
        Some(Self {
            dup_id: DupId(entry.get("dupid")?.as_i64()?),
            app_id: None,
            app_name: None,
            status: text("status").and_then(|s| s.parse().ok()),
            fail_mode: text("fail_mode").and_then(|f| f.parse().ok()),
            remote_cluster: text("remote"),
            remote_app_name: text("remote_app_name"),
            remote_replica_count: entry.get("remote_replica_count").and_then(Value::as_i64).filter(|&n| n > 0),
            created,
            partitions: partitions(entry),
        })
    }

    /// The mutations that wait, over all partitions; `None` unless the answer has both decrees of at least one.
    #[must_use]
    pub fn gap(&self) -> Option<i64> {
        let gaps: Vec<i64> = self.partitions.values().filter_map(|p| p.gap()).collect();
        (!gaps.is_empty()).then(|| gaps.iter().sum())
    }
}

impl PartitionState {
    /// The mutations that wait.
    pub fn gap(self) -> Option<i64> {
        self.committed.map(|committed| committed.saturating_sub(self.confirmed).max(0))
    }
}

/// `partition_states` of master, `progress` of `duplication report` lines and of admin-cli.
fn partitions(entry: &Map<String, Value>) -> BTreeMap<i64, PartitionState> {
    let mut all = BTreeMap::new();
    if let Some(Value::Object(progress)) = entry.get("progress") {
        let of = |(index, decree): (&String, &Value)| {
            Some((index.parse().ok()?, PartitionState { confirmed: decree.as_i64()?, committed: None }))
        };
        all.extend(progress.iter().filter_map(of));
    }
    if let Some(Value::Object(states)) = entry.get("partition_states") {
        let of = |(index, state): (&String, &Value)| {
            let committed = state.get("last_committed_decree").and_then(Value::as_i64);
            Some((index.parse().ok()?, PartitionState { confirmed: state.get("confirmed_decree")?.as_i64()?, committed }))
        };
        all.extend(states.iter().filter_map(of));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_release_s_json_is_read() {
        let old = json!({"1": {"create_ts": "2024-05-24 17:21:57", "dupid": 17, "fail_mode": "FAIL_SLOW", "remote": "B", "status": "DS_LOG"}, "appid": 5});
        let seen = Seen::of(&old).unwrap_or_default();
        assert_eq!(seen.unread, [""; 0]);
        let one = &seen.duplications[0];
        assert_eq!((one.dup_id, one.app_id, one.status, one.gap()), (DupId(17), Some(AppId(5)), Some(DupStatus::DsLog), None));
        assert_eq!(one.created, Some(CreateTime::Clock("2024-05-24 17:21:57".to_owned())));
        let master = json!({"1": {"dupid": 17, "status": "DS_APP", "remote": "B", "remote_app_name": "x", "remote_replica_count": 3,
            "partition_states": {"0": {"confirmed_decree": 7, "last_committed_decree": 9}}}, "appid": 5});
        let seen = Seen::of(&master).unwrap_or_default();
        assert_eq!((seen.duplications[0].gap(), seen.duplications[0].remote_app_name.as_deref()), (Some(2), Some("x")));
        let go = json!([{"dupid": 17, "status": "DS_PREPARE", "remote": "B", "create_ts": 1_716_542_517_000_i64, "fail_mode": "FAIL_SLOW", "progress": {"0": 3}}]);
        let seen = Seen::of(&go).unwrap_or_default();
        assert_eq!(seen.duplications[0].created, Some(CreateTime::At(LogTime(1_716_542_517_000_000_000))));
        assert_eq!(seen.duplications[0].partitions[&0], PartitionState { confirmed: 3, committed: None });
    }

    #[test]
    fn none_is_no_rubbish_and_rubbish_is_not_none() {
        assert_eq!(Seen::of(&Value::Null), Some(Seen::default()));
        assert_eq!(Seen::of(&json!({"error": "ERR_APP_NOT_EXIST"})), None);
        assert_eq!(Seen::of(&json!("DS_LOG")), None);
        let odd = Seen::of(&json!({"1": {"dupid": 17, "status": "DS_NEW"}, "2": {"status": "DS_LOG"}, "appid": 5})).unwrap_or_default();
        assert_eq!(odd.duplications.len(), 1);
        assert_eq!(odd.unread, ["duplication 17 has the status \"DS_NEW\"", "an entry without a dupid"]);
    }
}
