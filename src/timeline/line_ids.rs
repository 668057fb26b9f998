//! Identities as lines print them: keys, partitions, masters.

use super::PlacedRun;
use crate::event::Role;
use crate::pegasus::{AppId, DupId, DupKey, Gpid};
use crate::run::Run;

/// The key that a line states in full: by its prefix, or by the path of its ZooKeeper node.
pub(super) fn key(placed: &PlacedRun) -> Option<DupKey> {
    let run = &placed.run;
    if run.pattern.role == Role::Meta
        && let Some(key) = stated(run)
    {
        return Some(key);
    }
    if run.kind().key_in_path()
        && let Some(path) = run.field("path")
    {
        return key_of_path(path);
    }
    // A duplicator prints its dup id or its entry, which has it; the table is in the prefix.
    if run.pattern.role == Role::Meta {
        return None;
    }
    let gpid = gpid(placed)?;
    let dup_id = run.number("dup_id").map(DupId).or_else(|| run.entry.as_ref().map(|entry| entry.dup_id))?;
    Some(DupKey { app_id: gpid.app_id, dup_id })
}

/// The key in the fields of a line.
pub(super) fn stated(run: &Run) -> Option<DupKey> {
    DupKey::of(run.number("app_id").map(AppId), run.number("dup_id").map(DupId))
}

/// `…/apps/3/duplication/1716542517[/0]`
fn key_of_path(path: &str) -> Option<DupKey> {
    let mut parts = path.split('/').skip_while(|p| *p != "apps");
    parts.next()?;
    let app = parts.next()?.parse().ok()?;
    if parts.next()? != "duplication" {
        return None;
    }
    Some(DupKey { app_id: AppId(app), dup_id: DupId(parts.next()?.parse().ok()?) })
}

/// The partition a line is about: `gpid`, or the beginning of `{replica}` in `3.0@10.1.1.1:34801`.
pub(super) fn gpid(placed: &PlacedRun) -> Option<Gpid> {
    let run = &placed.run;
    let text = run.field("gpid").or_else(|| {
        let replica = run.field("replica").or_else(|| run.field("replica_name"))?;
        replica.trim_start_matches('[').split('@').next()
    });
    let text = match text {
        Some(text) => text,
        // A replica's files lie in a folder that is named after it: `…/3.2.pegasus/plog/…`.
        None => run.field("file_path").or_else(|| run.field("path"))?.split('/').find_map(|part| part.strip_suffix(".pegasus"))?,
    };
    text.parse().ok()
}

/// `cluster.table` of `cluster.table(10.21.4.23:34803|6.0)`.
pub(super) fn master_table(master: &str) -> &str {
    master.split('(').next().unwrap_or(master)
}

/// The master's partition in the same text, with a host's name (`cluster.table(host:34801(10.21.4.23:34801)|6.0)`) or without.
pub(super) fn master_gpid(master: &str) -> Option<Gpid> {
    master.strip_suffix(')')?.rsplit_once('|')?.1.parse().ok()
}

/// The master in a create request: `cluster.table`, or `master_cluster_name=A, master_app_name=t`.
pub(super) fn created_for(duplication: &str) -> Option<String> {
    if duplication == "false" || duplication.is_empty() {
        return None;
    }
    match duplication.strip_prefix("master_cluster_name=") {
        Some(rest) => rest.split_once(", master_app_name=").map(|(c, t)| format!("{c}.{}", t.trim_end_matches(')'))),
        None => Some(duplication.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_names_a_duplication() {
        let key = key_of_path("/pegasus/c1/apps/3/duplication/1716542517/0");
        assert_eq!(key, Some(DupKey { app_id: AppId(3), dup_id: DupId(1_716_542_517) }));
        assert_eq!(key_of_path("/pegasus/c1/apps/3/0"), None);
    }

    #[test]
    fn a_create_request_names_its_master_in_both_forms() {
        assert_eq!(created_for("hz.order"), Some("hz.order".into()));
        assert_eq!(created_for("master_cluster_name=hz, master_app_name=order"), Some("hz.order".into()));
        assert_eq!(created_for("false"), None);
        assert_eq!(master_table("hz.order(10.1.1.1:1|6.0)"), "hz.order");
        assert_eq!(master_gpid("hz.order(10.1.1.1:1|6.0)"), "6.0".parse().ok());
        assert_eq!(master_gpid("hz.order(rs01:1(10.1.1.1:1)|6.0)"), "6.0".parse().ok());
        assert_eq!(master_gpid("hz.order"), None);
    }
}
