//! Names that matter to duplication, and what is spelt nearly like them.

use super::ini::Ini;
use crate::answer::Blemish;

/// Sections and keys that this program looks at.
const KNOWN: &[(&str, &[&str])] = &[
    ("pegasus.clusters", &[]),
    ("duplication-group", &[]),
    (
        "replication",
        &[
            "cluster_name",
            "dup_cluster_name",
            "duplication_enabled",
            "dup_ignore_other_cluster_ids",
            "duplication_sync_period_second",
            "duplicate_log_batch_bytes",
            "dup_max_allowed_write_size",
            "max_allowed_write_size",
            "max_concurrent_manual_emergency_checkpointing_count",
            "plog_gc_enabled",
            "checkpoint_interval_seconds",
            "checkpoint_max_interval_hours",
            "log_private_reserve_max_size_mb",
            "log_private_reserve_max_time_seconds",
            "log_private_file_size_mb",
            "dup_no_mutation_load_delay_ms",
            "dup_load_plog_task",
            "dup_progress_min_update_period_ms",
            "dup_progress_min_report_period_ms",
            "trigger_checkpoint_retry_interval_ms",
            "data_dirs",
        ],
    ),
    (
        "meta_server",
        &[
            "server_list",
            "max_allowed_replica_count",
            "min_allowed_replica_count",
            "node_live_percentage_threshold_for_update",
            "min_live_node_count_for_unfreeze",
            "meta_function_level_on_start",
        ],
    ),
    ("security", &["enable_auth", "enable_acl", "enable_ranger_acl", "service_name", "service_fqdn", "super_users", "krb5_principal"]),
    (
        "nfs",
        &["max_copy_rate_megabytes", "max_copy_rate_megabytes_per_disk", "nfs_copy_block_bytes", "max_concurrent_remote_copy_requests"],
    ),
    ("pegasus.server", &["dup_lagging_write_threshold_ms"]),
];

/// Names that exist, too, and are no slips of others: the other names of a section are not looked at.
const OTHERS: &[&str] = &[
    "apps.meta",
    "apps.replica",
    "apps.collector",
    "task..default",
    "pegasus.collector",
    "pegasus.clustersets",
    "zookeeper",
    "network",
    "threadpool..default",
    "nfs",
    "core",
    "tools.simple_logger",
    "log_shared_file_size_mb",
    "log_private_file_size_mb",
    "checkpoint_disabled",
    "gc_interval_ms",
    "gc_disabled",
    "config_sync_interval_ms",
    "config_sync_disabled",
    "max_replica_count",
    "max_copy_rate_bytes",
    "cluster_root",
    "distributed_lock_service_type",
    "mutation_2pc_min_replica_count",
];

/// The name that a slip of the pen was probably meant to be: at most two letters differ, and less than a third of them.
#[must_use]
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let close = |candidate: &&str| {
        let apart = strsim::levenshtein(&name.to_ascii_lowercase(), candidate);
        (apart <= 2 && apart * 3 <= candidate.len()).then_some(apart)
    };
    known.into_iter().filter_map(|k| Some((close(&k)?, k))).min().map(|(_, k)| k)
}

/// Sections and keys that are nearly right.
pub(super) fn misspelt(ini: &Ini) -> Vec<Blemish> {
    let mut found = Vec::new();
    let sections = || KNOWN.iter().map(|(name, _)| *name);
    for section in &ini.sections {
        // `[[x]]` is complained about where it is read.
        if section.name.starts_with('[') {
            continue;
        }
        let known = KNOWN.iter().find(|(name, _)| *name == section.name);
        let Some((_, keys)) = known else {
            if !OTHERS.contains(&section.name.as_str())
                && let Some(meant) = nearest(&section.name, sections().filter(|s| ini.section(s).is_none()))
            {
                found.push(Blemish {
                    line: section.line,
                    what: format!("[{}] is no section that Pegasus reads; did you mean [{meant}]?", section.name),
                });
            }
            continue;
        };
        for entry in &section.entries {
            let unset = keys.iter().copied().filter(|key| ini.get(&section.name, key).is_none());
            if !keys.contains(&entry.key.as_str())
                && !OTHERS.contains(&entry.key.as_str())
                && let Some(meant) = nearest(&entry.key, unset)
            {
                let what = format!("[{}] {} is no key that Pegasus reads; did you mean {meant}?", section.name, entry.key);
                found.push(Blemish { line: entry.line, what });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_found_and_other_keys_left_alone() {
        let ini = Ini::parse(
            "c",
            b"[pegasus.cluster]\nsg = a:1\n[duplication_group]\nsg = 1\n[replication]\nduplication_enabeld = true\nlog_shared_file_size_mb = 32\nprepare_list_max_size_mb = 250\n",
        );
        let found: Vec<&str> = ini.blemishes.iter().map(|b| b.what.as_str()).collect();
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found[0].ends_with("did you mean [pegasus.clusters]?"));
        assert!(found[1].ends_with("did you mean [duplication-group]?"));
        assert!(found[2].ends_with("did you mean duplication_enabled?"));
    }

    #[test]
    fn short_names_are_not_guessed() {
        assert_eq!(nearest("abc", ["axyz", "nfs"]), None);
        assert_eq!(nearest("Duplication_enabled", ["duplication_enabled"]), Some("duplication_enabled"));
    }
}
