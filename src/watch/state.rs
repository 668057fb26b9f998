//! What a watcher keeps over a restart: how far files were read, and which findings are open.

use super::incident::Incident;
use crate::pegasus::stable_hex;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Raised when the form changes; the one before is read as well.
const VERSION: u32 = 2;

/// What marks the file.
const FORMAT: &str = "dupdoctor watch state";

/// What a watcher keeps.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WatchState {
    /// Up to then, in nanoseconds in the time of the logs, all was told.
    pub told_until: i64,
    /// What was asked for as the beginning, in nanoseconds.
    pub since: Option<i64>,
    /// The files.
    pub files: Vec<FileCursor>,
    /// The open findings.
    pub open: Vec<Incident>,
}

/// How far a file was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileCursor {
    /// Its name.
    pub path: String,
    /// Its device.
    pub device: u64,
    /// Its inode.
    pub inode: u64,
    /// The fingerprint of its beginning: an inode is used again.
    pub beginning: u64,
    /// How many bytes that is of.
    pub beginning_len: usize,
    /// Where the reading began.
    pub from: u64,
    /// How far it was read.
    pub to: u64,
}

/// Why a kept state cannot be used.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeptError {
    /// Something else.
    #[error("it was not written by dupdoctor watch")]
    Foreign,
    /// Written by a version that keeps other things.
    #[error("it is of version {found}, this program writes version {VERSION}")]
    Version {
        /// The version in the file.
        found: u32,
    },
    /// Cut off or altered.
    #[error("it is damaged: {reason}")]
    Damaged {
        /// What is wrong.
        reason: String,
    },
}

#[derive(Serialize, Deserialize)]
struct Envelope {
    format: String,
    version: u32,
    checksum: String,
    state: Box<serde_json::value::RawValue>,
}

impl WatchState {
    /// The contents of a state file.
    #[must_use]
    pub fn to_text(&self) -> String {
        // Plain data with string keys always serialises.
        let state = serde_json::to_string(self).unwrap_or_default();
        let checksum = stable_hex(&state);
        format!("{{\"format\":\"{FORMAT}\",\"version\":{VERSION},\"checksum\":\"{checksum}\",\"state\":{state}}}\n")
    }

    /// Reads the contents of a state file.
    ///
    /// # Errors
    /// When they are not as they were written.
    pub fn from_text(text: &str) -> Result<Self, KeptError> {
        let damaged = |error: serde_json::Error| KeptError::Damaged { reason: error.to_string() };
        if !text.starts_with(&format!("{{\"format\":\"{FORMAT}\"")) {
            return Err(if text.trim().is_empty() { KeptError::Damaged { reason: "it is empty".to_owned() } } else { KeptError::Foreign });
        }
        let envelope: Envelope = serde_json::from_str(text).map_err(damaged)?;
        if ![VERSION - 1, VERSION].contains(&envelope.version) {
            return Err(KeptError::Version { found: envelope.version });
        }
        if envelope.checksum != stable_hex(envelope.state.get()) {
            return Err(KeptError::Damaged { reason: "its checksum does not fit".to_owned() });
        }
        if envelope.version == VERSION {
            return serde_json::from_str(envelope.state.get()).map_err(damaged);
        }
        let state = serde_json::from_str(envelope.state.get()).and_then(without_copies).map_err(damaged)?;
        serde_json::from_value(state).map_err(damaged)
    }
}

/// The state of version 1, whose incidents had the finding as a text, and beside it copies of its fields.
fn without_copies(mut state: Value) -> serde_json::Result<Value> {
    for incident in state.get_mut("open").and_then(Value::as_array_mut).into_iter().flatten() {
        let finding: Value = serde_json::from_str(incident["json"].as_str().unwrap_or_default())?;
        *incident = json!({"finding": finding, "remote_cluster": incident["remote_cluster"], "opened_at": incident["opened_at"]});
    }
    Ok(state)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;

    fn kept() -> WatchState {
        let file = FileCursor { path: "a/meta.log".into(), device: 1, inode: 2, beginning: 3, beginning_len: 9, from: 0, to: u64::MAX };
        WatchState { told_until: 17, since: None, files: vec![file], open: Vec::new() }
    }

    #[test]
    fn it_reads_back() {
        assert_eq!(WatchState::from_text(&kept().to_text()), Ok(kept()));
    }

    #[test]
    fn the_form_before_is_read() {
        let finding = json!({"code": "DUP301", "name": "n", "severity": "critical", "confidence": "certain", "status": "DS_APP",
            "duplication": {"app_id": 5, "dup_id": 17, "app_name": "t"}, "title": "", "explanation": "", "cause": "", "details": [],
            "active": true, "occurrences": 1, "evidence": [], "suggestions": [], "consequences": [], "missing_logs": [],
            "look_alikes": [], "references": [], "fingerprint": "f"});
        let incident = json!({"code": "DUP301", "app_id": 5, "remote_cluster": "b", "opened_at": 9, "json": finding.to_string()});
        let state = json!({"told_until": 17, "since": null, "files": [], "open": [incident]}).to_string();
        let text = format!("{{\"format\":\"{FORMAT}\",\"version\":1,\"checksum\":\"{}\",\"state\":{state}}}\n", stable_hex(&state));
        let kept = WatchState::from_text(&text).unwrap();
        let open = &kept.open[0];
        assert_eq!((open.identity().app_name.as_deref(), open.remote_cluster.as_deref(), open.opened_at), (Some("t"), Some("b"), 9));
        assert_eq!(WatchState::from_text(&kept.to_text()).as_ref(), Ok(&kept));
    }

    #[test]
    fn whatever_is_altered_is_refused() {
        let text = kept().to_text();
        for cut in 0..text.len() - 1 {
            WatchState::from_text(&text[..cut]).unwrap_err();
        }
        for at in 0..text.len() - 1 {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= 1;
            if let Ok(altered) = String::from_utf8(bytes) {
                assert_ne!(WatchState::from_text(&altered), Ok(kept()), "byte {at}");
            }
        }
        assert_eq!(WatchState::from_text("hello"), Err(KeptError::Foreign));
    }
}
