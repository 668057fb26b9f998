//! The table that is to be duplicated.

use super::Check;
use crate::answer::{Output, atomic_writes};
use crate::pegasus::Side::{Source, Target};
use crate::preflight::build::Build;
use crate::preflight::case::{Case, proof};
use crate::preflight::outcome::{Fault, Outcome, Proof};
use crate::signature::{Confidence, Severity};

pub(super) const CHECKS: &[Check] = &[
    ("source-table-there", there),
    ("source-table-healthy", healthy),
    ("source-table-not-duplicated", not_duplicated),
    ("source-table-follows-nobody", follows_nobody),
    ("source-table-takes-writes", takes_writes),
    ("source-table-envs-known-to-target", envs_known),
    ("source-table-data-version", data_version),
    ("source-table-atomic-writes", atomic),
    ("source-table-bulk-load", bulk_load),
    ("one-direction-only", one_direction),
];

fn there(case: &Case<'_>) -> Outcome {
    let Some(app) = case.app() else { return Outcome::NotNeeded };
    if case.detail(Source, app).is_some() {
        return Outcome::Passed;
    }
    let Some(tables) = case.tables(Source) else { return Outcome::Unknown };
    match tables.iter().rev().find(|(_, t)| t.app_name == app) {
        Some((_, table)) if table.status == "AVAILABLE" => Outcome::Passed,
        Some((line, table)) => Outcome::Failed(vec![Fault::new("status").with("status", &table.status).proven([line.clone()])]),
        None => Outcome::Failed(vec![Fault::new("missing")]),
    }
}

fn healthy(case: &Case<'_>) -> Outcome {
    let Some(app) = case.app() else { return Outcome::NotNeeded };
    let Some((line, detail)) = case.detail(Source, app).filter(|(_, d)| d.fully_healthy.is_some()) else { return Outcome::Unknown };
    let mut faults = Vec::new();
    if let Some(count) = detail.read_unhealthy.filter(|&n| n > 0) {
        faults.push(Fault::new("no-primary").with("count", count).proven([line.clone()]));
    } else if let Some(count) = detail.write_unhealthy.filter(|&n| n > 0 && detail.replica_count != Some(1)) {
        faults.push(Fault::new("no-writes").with("count", count).proven([line.clone()]));
    } else if let (Some(all), Some(well)) = (detail.partition_count, detail.fully_healthy)
        && well < all
    {
        faults.push(Fault::new("incomplete").with("count", all - well).grave(Severity::Warning).proven([line]));
    }
    Outcome::of(faults, Outcome::Passed)
}

fn not_duplicated(case: &Case<'_>) -> Outcome {
    let (Some(app), Some(target)) = (case.app(), case.target.as_deref()) else { return Outcome::NotNeeded };
    if !case.asked_for_duplications(Source, app) {
        return Outcome::Unknown;
    }
    let all = case.duplications(Source).unwrap_or_default();
    let mine = all.iter().filter(|(_, d)| d.app_name.as_deref() == Some(app) && d.remote_cluster.as_deref() == Some(target));
    let fault = |(line, dup): &(Proof, &crate::answer::DupState)| {
        let status = dup.status.map_or("?", crate::pegasus::DupStatus::name);
        let kind = if case.release.is_some_and(|r| !r.is_master()) { "hollow" } else { "exists" };
        Fault::new(kind).with("dup_id", dup.dup_id.0).with("status", status).proven([line.clone()])
    };
    Outcome::of(mine.map(fault).collect(), Outcome::Passed)
}

fn follows_nobody(case: &Case<'_>) -> Outcome {
    let Some(app) = case.app() else { return Outcome::NotNeeded };
    let Some((line, envs)) = case.envs(Source, app) else { return Outcome::Unknown };
    match envs.get("duplication.master_cluster") {
        Some(master) => {
            let full = case.is_full() != Some(false);
            let fault = Fault::new("follower").with("master", master).proven([line]);
            Outcome::Failed(vec![if full { fault } else { fault.grave(Severity::Warning) }])
        }
        None => Outcome::Passed,
    }
}

fn takes_writes(case: &Case<'_>) -> Outcome {
    let Some((line, envs)) = case.app().and_then(|app| case.envs(Source, app)) else { return Outcome::NotNeeded };
    let full = case.is_full() != Some(false);
    let mut faults = Vec::new();
    if let Some(deny) = envs.get("replica.deny_client_request").filter(|d| d.ends_with("write") || d.ends_with("all")) {
        faults.push(Fault::new("denied").with("env", format!("replica.deny_client_request = {deny}")).proven([line.clone()]));
    }
    // The follower is created with all settings of the source table.
    for key in ["replica.write_throttling", "replica.write_throttling_by_size", "replica_access_controller.allowed_users"] {
        if let Some(value) = envs.get(key).filter(|v| full && !v.is_empty()) {
            faults.push(Fault::new("copied").with("env", format!("{key} = {value}")).proven([line.clone()]));
        }
    }
    Outcome::of(faults, Outcome::Passed)
}

fn envs_known(case: &Case<'_>) -> Outcome {
    if case.is_full() == Some(false) {
        return Outcome::NotNeeded;
    }
    let Some((line, envs)) = case.app().and_then(|app| case.envs(Source, app)) else { return Outcome::NotNeeded };
    let older = case.target_release.zip(case.release).is_some_and(|(target, source)| target < source);
    let own: Vec<&str> = envs.keys().map(String::as_str).filter(|k| k.starts_with("rocksdb.")).collect();
    // These are as old as settings are.
    let old = [
        "rocksdb.usage_scenario",
        "rocksdb.block_cache_enabled",
        "rocksdb.checkpoint.reserve_min_count",
        "rocksdb.checkpoint.reserve_time_seconds",
    ];
    let newer: Vec<&str> = own.into_iter().filter(|k| !old.contains(k)).collect();
    if !older || newer.is_empty() {
        return Outcome::Passed;
    }
    let fault = Fault::new("newer").with("envs", newer.join(", ")).only(Confidence::Possible);
    Outcome::Failed(vec![fault.grave(Severity::Warning).proven([line])])
}

/// Values have borne time tags since data version 1, which tables created by v2.0 or later have.
fn data_version(case: &Case<'_>) -> Outcome {
    /// v2.0.0 came out in summer 2020.
    const TAGGED: &str = "2020-06-01";
    let Some(app) = case.app() else { return Outcome::NotNeeded };
    let Some((line, table)) = case.table(Source, app) else { return Outcome::Unknown };
    match table.create_time.as_deref() {
        Some(created) if created < TAGGED => {
            Outcome::Failed(vec![Fault::new("old").with("created", created.replace('_', " ")).proven([line])])
        }
        Some(_) => Outcome::Passed,
        None => Outcome::Unknown,
    }
}

fn atomic(case: &Case<'_>) -> Outcome {
    let Some(app) = case.app() else { return Outcome::NotNeeded };
    let mut known = false;
    let mut faults = Vec::new();
    for (answers, answer) in case.said(Source) {
        if let Output::Statistics(table) = &answer.output
            && let Some((incr, cas, cam)) = atomic_writes(table, app)
        {
            known = true;
            if incr + cas + cam > 0.0 {
                let found = format!("incr {incr}/s, check_and_set {cas}/s, check_and_mutate {cam}/s");
                faults.push(Fault::new("used").with("found", found).proven([proof(answers, answer.line, "app_stat")]));
            }
        }
    }
    Outcome::of(faults, Outcome::passed_if(known))
}

fn bulk_load(case: &Case<'_>) -> Outcome {
    let Some(app) = case.app() else { return Outcome::NotNeeded };
    let newest = case.said(Source).filter_map(|(answers, answer)| {
        let Output::BulkLoad(table, status) = &answer.output else { return None };
        table.as_deref().is_none_or(|t| t == app).then(|| (proof(answers, answer.line, status), status))
    });
    match newest.last() {
        None => Outcome::Unknown,
        Some((_, status)) if ["BLS_INVALID", "BLS_SUCCEED", "BLS_FAILED", "BLS_CANCELED", "BLS_MAX"].contains(&status.as_str()) => {
            Outcome::Passed
        }
        Some((line, status)) => Outcome::Failed(vec![Fault::new("running").with("status", status).proven([line])]),
    }
}

/// DUP512: with batches, the end of a batch is lost behind a write that came from the other side.
fn one_direction(case: &Case<'_>) -> Outcome {
    use crate::preflight::case::Who;
    let (Some(app), Some(follower), Some(source)) = (case.app(), case.follower(), case.source.as_deref()) else {
        return Outcome::NotNeeded;
    };
    let Some(all) = case.duplications(Target) else { return Outcome::NotNeeded };
    let back = all.iter().find(|(_, d)| {
        d.app_name.as_deref() == Some(follower)
            && d.remote_cluster.as_deref() == Some(source)
            && d.remote_app_name.as_deref().is_none_or(|r| r == app)
    });
    let Some((line, _)) = back else { return Outcome::Passed };
    let batches = |side| case.number_or(side, Who::Replicas, "replication", "duplicate_log_batch_bytes", 4096) != Some(0);
    if case.release == Some(Build::Old) || !(batches(Source) || batches(Target)) {
        return Outcome::Passed;
    }
    Outcome::Failed(vec![Fault::new("batched").proven([line.clone()])])
}
