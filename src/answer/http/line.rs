//! Answers as lines in the form of the servers' logs, so that they are told, matched and kept like these.

use crate::answer::{DupState, PartitionState, Pending};
use crate::pegasus::{AppId, DupKey, LogTime};
use serde_json::{Map, Value, json};

/// A line: level letter, moment, message. Its clock is UTC.
#[must_use]
pub fn line(level: char, at: LogTime, message: &str) -> String {
    let clock = at.rfc3339().replace('T', " ").replace('Z', "");
    let one_line: String = message.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    format!("{level}{clock} ({} 0) status.http: {one_line}\n", at.0)
}

/// What a meta server answered about a duplication; `None` when a status or a name is missing.
#[must_use]
pub fn answered(at: LogTime, app_id: AppId, app_name: &str, state: &DupState) -> Option<String> {
    let key = DupKey { app_id, dup_id: state.dup_id };
    Some(line('I', at, &format!("[{key}] duplication of {app_name} answered: {}", entry(state)?)))
}

/// The duplication as a meta server's `duplication report` has it; `None` when its status or the target's name is missing.
pub fn entry(state: &DupState) -> Option<Value> {
    let with_committed = state.partitions.values().any(|p| p.committed.is_some());
    let partition = |p: &PartitionState| match p.committed {
        _ if !with_committed => p.confirmed.into(),
        Some(committed) => json!({"confirmed_decree": p.confirmed, "last_committed_decree": committed}),
        None => json!({"confirmed_decree": p.confirmed}),
    };
    let partitions: Map<String, Value> = state.partitions.iter().map(|(index, p)| (index.to_string(), partition(p))).collect();
    let progress = if with_committed { "partition_states" } else { "progress" };
    let all = [
        ("dupid", Some(state.dup_id.0.into())),
        ("fail_mode", state.fail_mode.map(|mode| mode.name().into())),
        (progress, (!partitions.is_empty()).then(|| partitions.into())),
        ("remote", Some(state.remote_cluster.clone()?.into())),
        ("remote_app_name", state.remote_app_name.clone().map(Value::from)),
        ("remote_replica_count", state.remote_replica_count.map(Value::from)),
        ("status", Some(state.status?.name().into())),
    ];
    Some(all.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect())
}

/// A duplication that was answered before and is not any more.
#[must_use]
pub fn not_answered(at: LogTime, key: DupKey, app_name: &str) -> String {
    line('W', at, &format!("[{key}] duplication of {app_name} is not answered any more"))
}

/// What a replica server answered about a partition; `standing` is for how many seconds the number has not fallen.
#[must_use]
pub fn pending_line(at: LogTime, node: &str, pending: &Pending, standing: i64) -> String {
    let message = format!(
        "[{}@{node}] duplication {} answered as pending: not_duplicated = {}, not_confirmed = {}, standing_s = {standing}",
        pending.gpid, pending.dup_id.0, pending.not_duplicated, pending.not_confirmed
    );
    line('I', at, &message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::Seen;

    #[test]
    fn an_answer_becomes_one_line() {
        let seen = Seen::of(&json!({"1": {"dupid": 17, "status": "DS_APP", "remote": "B", "remote_app_name": "x\ny",
            "partition_states": {"0": {"confirmed_decree": 7, "last_committed_decree": 9}}}, "appid": 5}));
        let seen = seen.unwrap_or_default();
        let at = LogTime(1_716_553_800_123_000_000);
        let text = answered(at, AppId(5), "t\u{1b}1", &seen.duplications[0]).unwrap_or_default();
        assert!(
            text.starts_with("I2024-05-24 12:30:00.123 (1716553800123000000 0) status.http: [a5d17] duplication of t\u{fffd}1 answered: {"),
            "{text}"
        );
        assert!(text.contains(r#""0":{"confirmed_decree":7,"last_committed_decree":9}"#) && text.matches('\n').count() == 1, "{text}");
        let unknown = Seen::of(&json!({"1": {"dupid": 17, "status": "DS_NEW", "remote": "B"}, "appid": 5})).unwrap_or_default();
        assert_eq!(answered(at, AppId(5), "t", &unknown.duplications[0]), None);
    }
}
