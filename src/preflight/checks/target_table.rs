//! Whether the target can take the table.

use super::Check;
use super::plan::follower_count;
use crate::pegasus::Side::{Source, Target};
use crate::preflight::case::{Case, Who, proof, shown};
use crate::preflight::outcome::{Fault, Outcome};
use crate::signature::Severity;

pub(super) const CHECKS: &[Check] = &[
    ("target-table-name-free", name_free),
    ("target-table-there", there),
    ("target-table-takes-writes", takes_writes),
    ("target-replica-count-fits", count_fits),
    ("target-not-frozen", not_frozen),
    ("target-disks-have-room", room),
];

fn name_free(case: &Case<'_>) -> Outcome {
    let Some(follower) = case.follower().filter(|_| case.is_full() != Some(false)) else { return Outcome::NotNeeded };
    let found = case.table(Target, follower).map(|(line, t)| (line, t.app_id)).or_else(|| {
        let (line, detail) = case.detail(Target, follower)?;
        Some((line, detail.app_id.unwrap_or_default()))
    });
    match found {
        Some((line, id)) => {
            let master = case.envs(Target, follower).and_then(|(_, e)| e.get("duplication.master_cluster").cloned());
            let fault = match master {
                Some(master) => Fault::new("follower").with("master", master),
                None => Fault::new("taken"),
            };
            Outcome::Failed(vec![fault.with("id", id).proven([line])])
        }
        None => Outcome::passed_if(case.tables(Target).is_some()),
    }
}

fn there(case: &Case<'_>) -> Outcome {
    let Some(follower) = case.follower().filter(|_| case.is_full() == Some(false)) else { return Outcome::NotNeeded };
    if case.table(Target, follower).is_some_and(|(_, t)| t.status == "AVAILABLE") || case.detail(Target, follower).is_some() {
        return Outcome::Passed;
    }
    match case.tables(Target) {
        Some(_) => Outcome::Failed(vec![Fault::new("missing")]),
        None => Outcome::Unknown,
    }
}

fn takes_writes(case: &Case<'_>) -> Outcome {
    let Some((line, envs)) = case.follower().filter(|_| case.is_full() == Some(false)).and_then(|f| case.envs(Target, f)) else {
        return Outcome::NotNeeded;
    };
    let keys = ["replica.deny_client_request", "replica.write_throttling", "replica.write_throttling_by_size"];
    let set = keys.iter().filter_map(|k| Some((k, envs.get(*k).filter(|v| !v.is_empty())?)));
    let faults = set.map(|(k, v)| Fault::new("throttled").with("env", format!("{k} = {v}")).proven([line.clone()]));
    Outcome::of(faults.collect(), Outcome::Passed)
}

fn count_fits(case: &Case<'_>) -> Outcome {
    if case.is_full() == Some(false) || case.plan.is_none() {
        return Outcome::NotNeeded;
    }
    if let Some(count) = case.plan.as_ref().and_then(|p| p.remote_replica_count).filter(|&n| n < 0) {
        return Outcome::Failed(vec![Fault::new("negative").with("count", count)]);
    }
    let Some((count, own)) = follower_count(case) else { return Outcome::Unknown };
    let mut faults = Vec::new();
    let mut known = false;
    if let Some((answers, nodes)) = case.nodes(Target) {
        known = true;
        let alive = nodes.iter().filter(|n| n.alive).count();
        if usize::try_from(count).is_ok_and(|count| count > alive) {
            let lines =
                nodes.iter().map(|n| proof(answers, n.line, &format!("{}  {}", n.address, if n.alive { "ALIVE" } else { "UNALIVE" })));
            let kind = if own { "own-too-many" } else { "too-many" };
            faults.push(Fault::new(kind).with("count", count).with("alive", alive).proven(lines));
        }
    }
    for (key, default, beyond) in [("max_allowed_replica_count", 5, true), ("min_allowed_replica_count", 1, false)] {
        let Some(limit) = case.number_or(Target, Who::Metas, "meta_server", key, default) else { continue };
        if (beyond && count > limit) || (!beyond && count < limit) {
            let line = case.entry(Target, Who::Metas, "meta_server", key).map(|(c, e)| shown(c, e));
            faults.push(Fault::new("outside").with("count", count).with("key", key).with("limit", limit).proven(line));
        }
    }
    Outcome::of(faults, Outcome::passed_if(known))
}

fn not_frozen(case: &Case<'_>) -> Outcome {
    let mut faults = Vec::new();
    let mut known = false;
    if let Some((line, level)) = case.cluster_info(Target, "meta_function_level") {
        known = true;
        if ["freezed", "blind", "stopped"].iter().any(|l| level.ends_with(l)) {
            faults.push(Fault::new("level").with("level", level).proven([line]));
        }
    }
    if let Some((answers, nodes)) = case.nodes(Target).filter(|(_, n)| !n.is_empty()) {
        known = true;
        let alive = nodes.iter().filter(|n| n.alive).count();
        let percent = alive * 100 / nodes.len();
        let least = case.number_or(Target, Who::Metas, "meta_server", "node_live_percentage_threshold_for_update", 65).unwrap_or(65);
        let dead = nodes.iter().filter(|n| !n.alive).map(|n| proof(answers, n.line, &format!("{}  UNALIVE", n.address)));
        if i64::try_from(percent).is_ok_and(|p| p < least) {
            faults.push(Fault::new("too-few").with("alive", alive).with("all", nodes.len()).with("least", least).proven(dead));
        } else if alive < nodes.len() {
            let fault = Fault::new("some-dead").with("dead", nodes.len() - alive).grave(Severity::Warning);
            faults.push(fault.proven(dead));
        }
    }
    Outcome::of(faults, Outcome::passed_if(known))
}

/// The target gets the whole table, and the source keeps all private logs that were not shipped yet.
fn room(case: &Case<'_>) -> Outcome {
    /// Percent free on the fullest disk.
    const LEAST: i64 = 20;
    let mut known = [false, false];
    let mut faults = Vec::new();
    for (index, side) in [Source, Target].into_iter().enumerate() {
        let nodes = case.nodes(side).map(|(a, nodes)| nodes.iter().map(move |n| (a, n.line, n.address.as_str(), n.free_percent)));
        let calls = case.called(side).into_iter().map(|(a, c)| (a, c.line, c.address.as_str(), c.free_percent()));
        for (answers, line, address, free) in nodes.into_iter().flatten().chain(calls) {
            let Some(free) = free else { continue };
            known[index] = true;
            if free < LEAST {
                let kind = if side == Source { "source" } else { "target" };
                let fault = Fault::new(kind).with("server", address).with("free", free);
                let fault = fault.proven([proof(answers, line, &format!("{address}  disk_available_min_ratio={free}"))]);
                faults.push(if free < LEAST / 2 { fault } else { fault.grave(Severity::Warning) });
            }
        }
    }
    Outcome::of(faults, Outcome::passed_if(known[0]))
}
