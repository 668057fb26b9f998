//! Answers to `add_dup`, `start_dup` and their kin, in the words of every release.

use crate::pegasus::{AppId, DupId};
use regex::Regex;
use std::sync::LazyLock;

/// What became of a request to add a duplication.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Added {
    /// `appid`; 0 where v2.4 and v2.5 answered success without starting anything.
    pub app_id: Option<AppId>,
    /// `dupid`; the same.
    pub dup_id: Option<DupId>,
    /// The source table.
    pub app_name: Option<String>,
    /// The target cluster.
    pub remote_cluster: Option<String>,
    /// The target's table, on master.
    pub remote_app_name: Option<String>,
    /// Its replica count, on master.
    pub remote_replica_count: Option<i64>,
    /// With a checkpoint.
    pub with_checkpoint: Option<bool>,
    /// It was there before, says master.
    pub existed: bool,
    /// The error, where it was refused.
    pub error: Option<String>,
    /// What stands under `detail:`.
    pub hint: Option<String>,
}

impl Added {
    /// Whether success was answered with ids of 0: nothing was started.
    pub fn is_hollow(&self) -> bool {
        self.error.is_none() && self.dup_id == Some(DupId(0))
    }
}

/// What became of a request to start, pause or remove one, or to set its fail mode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Modified {
    /// The duplication.
    pub dup_id: DupId,
    /// The source table.
    pub app_name: String,
    /// The status or fail mode asked for, as Pegasus names it.
    pub to: String,
    /// The error, where it was refused.
    pub error: Option<String>,
}

static ADDED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)^\s*(adding duplication succeed|adding duplication failed|duplication has been existing|Success for adding duplication|successfully add duplication|illegal operation: adding duplication to itself)\s*\[(.*?)\](.*)$").ok()
});
/// Answers to requests for a change: of the shell, for a status and for a fail mode, and of admin-cli.
static CHANGED: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let wordings = [
        r"^\s*(?P<verb>starting|pausing|removing) duplication\((?P<id>\d+)\) for app [<\[]?(?P<app>[^\s>\]]+)[>\]]? (?P<end>succeed|failed)(?:, error=(?P<error>\w+))?",
        r"^\s*set duplication\((?P<id>\d+)\) fail_mode \(<?(?P<mode>\w+)>?\) for app [<\[]?(?P<app>[^\s>\]]+)[>\]]? (?P<end>succeed|failed)(?:, error=(?P<error>\w+))?",
        r#"^\s*(?P<verb>DS_\w+) table "(?P<app>[^"]+)" done \[dupid: (?P<id>\d+)\]"#,
    ];
    wordings.iter().filter_map(|wording| Regex::new(wording).ok()).collect()
});

/// Reads the answer to a request to add one. A hint stands in later lines.
pub(crate) fn added(line: &str) -> Option<Added> {
    let found = ADDED.as_ref()?.captures(line)?;
    let mut added = Added::default();
    // Some builds write `checkpoint: true` behind the bracket.
    let behind = found[3].trim_start_matches([',', ' ']).trim_end().to_owned();
    for (key, value) in found[2].split(", ").chain(Some(behind.as_str())).filter_map(|p| p.split_once(": ")) {
        let text = || (!value.is_empty()).then(|| value.trim().to_owned());
        match key.trim() {
            "app" | "app_name" => added.app_name = text(),
            "remote" | "remote_cluster_name" => added.remote_cluster = text(),
            "appid" => added.app_id = value.trim().parse().ok().map(AppId),
            "dupid" => added.dup_id = value.trim().parse().ok().map(DupId),
            "checkpoint" | "is_duplicating_checkpoint" => added.with_checkpoint = value.trim().parse().ok(),
            "remote_app_name" => added.remote_app_name = text(),
            "remote_replica_count" => added.remote_replica_count = value.trim().parse().ok().filter(|&n| n > 0),
            "error" => added.error = text(),
            _ => {}
        }
    }
    match found[1].to_ascii_lowercase().as_str() {
        "adding duplication failed" => added.error = added.error.or(Some("ERR_UNKNOWN".to_owned())),
        "illegal operation: adding duplication to itself" => {
            added.error = Some("ERR_INVALID_PARAMETERS".to_owned());
            added.hint = Some("illegal operation: adding duplication to itself".to_owned());
        }
        "duplication has been existing" => added.existed = true,
        _ => {}
    }
    Some(added)
}

/// Reads the answer to a request to change one.
pub(crate) fn modified(line: &str) -> Option<Modified> {
    let found = CHANGED.iter().find_map(|wording| wording.captures(line))?;
    let part = |name: &str| found.name(name).map(|m| m.as_str());
    let to = match (part("verb"), part("mode")) {
        (Some("starting"), _) => "DS_LOG".to_owned(),
        (Some("pausing"), _) => "DS_PAUSE".to_owned(),
        (Some("removing"), _) => "DS_REMOVED".to_owned(),
        (Some(status), _) => status.to_owned(),
        (None, mode) => format!("FAIL_{}", mode?.to_ascii_uppercase()),
    };
    let failed = part("end") == Some("failed");
    Some(Modified {
        dup_id: DupId(part("id")?.parse().ok()?),
        app_name: part("app")?.to_owned(),
        to,
        error: failed.then(|| part("error").unwrap_or("ERR_UNKNOWN").to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_release_s_words_are_read() {
        let old = added("adding duplication succeed [app: T, remote: B, appid: 3, dupid: 17, freeze: false]").unwrap_or_default();
        assert_eq!((old.app_id, old.dup_id, old.remote_cluster.as_deref()), (Some(AppId(3)), Some(DupId(17)), Some("B")));
        let v25 = added("adding duplication succeed [app: T, remote: B, appid: 3, dupid: 17], checkpoint: true").unwrap_or_default();
        assert_eq!(v25.with_checkpoint, Some(true));
        let master = added("adding duplication succeed [app_name: T, remote_cluster_name: B, appid: 3, dupid: 17, is_duplicating_checkpoint: true, remote_app_name: x, remote_replica_count: 3]").unwrap_or_default();
        assert_eq!((master.remote_app_name.as_deref(), master.remote_replica_count), (Some("x"), Some(3)));
        assert_eq!(added("successfully add duplication [dupid: 17]").unwrap_or_default().dup_id, Some(DupId(17)));
        assert!(
            added("adding duplication succeed [app: T, remote: B, appid: 0, dupid: 0], checkpoint: true").unwrap_or_default().is_hollow()
        );
        let refused =
            added("adding duplication failed [app: T, remote: B, checkpoint: true, error: ERR_INVALID_PARAMETERS]").unwrap_or_default();
        assert_eq!(refused.error.as_deref(), Some("ERR_INVALID_PARAMETERS"));
        assert!(added("duplication has been existing [app_name: T, dupid: 17]").is_some_and(|a| a.existed));
        assert_eq!(added("add_dup T B"), None);
    }

    #[test]
    fn changes_are_read() {
        let of = |line: &str| modified(line).map(|m| (m.dup_id.0, m.to, m.error));
        assert_eq!(of("starting duplication(17) for app <T> succeed"), Some((17, "DS_LOG".into(), None)));
        assert_eq!(
            of("pausing duplication(17) for app [T] failed, error=ERR_BUSY"),
            Some((17, "DS_PAUSE".into(), Some("ERR_BUSY".into())))
        );
        assert_eq!(of("set duplication(17) fail_mode (skip) for app T succeed"), Some((17, "FAIL_SKIP".into(), None)));
        assert_eq!(of("DS_PAUSE table \"T\" done [dupid: 17]"), Some((17, "DS_PAUSE".into(), None)));
    }
}
