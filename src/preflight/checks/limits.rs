//! Sizes and rates.

use super::Check;
use crate::pegasus::Side::{Source, Target};
use crate::preflight::build::Build;
use crate::preflight::case::{Case, Who, shown};
use crate::preflight::outcome::{Fault, Outcome};
use crate::signature::Severity;

pub(super) const CHECKS: &[Check] = &[
    ("batches-fit-target", batches),
    ("copy-not-throttled", copy_rate),
    ("checkpoints-allowed", checkpoints),
    ("private-log-kept", reserve),
];

const ONE_MIB: i64 = 1 << 20;

fn batches(case: &Case<'_>) -> Outcome {
    let number = |side, key: &str, default| case.number_or(side, Who::Replicas, "replication", key, default);
    let line = |side, key: &str| case.entry(side, Who::Replicas, "replication", key).map(|(c, e)| shown(c, e));
    let Some(allowed) = number(Target, "max_allowed_write_size", ONE_MIB) else { return Outcome::Unknown };
    // 0: any size.
    if allowed == 0 {
        return Outcome::Passed;
    }
    let Some(batch) = number(Source, "duplicate_log_batch_bytes", 4096) else { return Outcome::Unknown };
    let single = number(Source, "max_allowed_write_size", ONE_MIB).unwrap_or(ONE_MIB);
    let mut faults = Vec::new();
    let mut too_big = |kind, key: &str, size: i64| {
        let lines = [line(Source, key), line(Target, "max_allowed_write_size")];
        faults.push(Fault::new(kind).with("key", key).with("size", size).with("allowed", allowed).proven(lines.into_iter().flatten()));
    };
    if batch >= allowed {
        too_big("batch", "duplicate_log_batch_bytes", batch);
    }
    if single == 0 || single > allowed {
        too_big("single", "max_allowed_write_size", single);
    }
    if case.release.is_some_and(Build::is_master)
        && let Some(bound) = number(Source, "dup_max_allowed_write_size", ONE_MIB).filter(|&b| b > allowed)
    {
        too_big("bound", "dup_max_allowed_write_size", bound);
    }
    Outcome::of(faults, Outcome::Passed)
}

fn copy_rate(case: &Case<'_>) -> Outcome {
    /// A gigabyte takes more than a minute and a half below this.
    const SLOW: i64 = 10;
    if case.is_full() == Some(false) {
        return Outcome::NotNeeded;
    }
    let mut faults = Vec::new();
    let mut known = false;
    for side in [Source, Target] {
        for config in case.configs(side, Who::Replicas) {
            known = true;
            for key in ["max_copy_rate_megabytes_per_disk", "max_copy_rate_megabytes"] {
                if let Some(entry) = config.ini.get("nfs", key)
                    && let Some(rate) = entry.number().filter(|&rate| rate > 0 && rate < SLOW)
                {
                    let fault = Fault::new("slow").with("key", key).with("rate", rate).with("side", side.name());
                    faults.push(fault.proven([shown(config, entry)]));
                }
            }
        }
    }
    Outcome::of(faults, Outcome::passed_if(known))
}

fn checkpoints(case: &Case<'_>) -> Outcome {
    let key = "max_concurrent_manual_emergency_checkpointing_count";
    let Some((config, entry)) = case.entry(Source, Who::Replicas, "replication", key).filter(|_| case.is_full() != Some(false)) else {
        return Outcome::NotNeeded;
    };
    match entry.number() {
        Some(count) if count < 1 => Outcome::Failed(vec![Fault::new("none").with("count", count).proven([shown(config, entry)])]),
        _ => Outcome::Passed,
    }
}

/// Logs that are kept while a duplication waits.
fn reserve(case: &Case<'_>) -> Outcome {
    /// A tenth of what is shipped.
    const SMALL: i64 = 100;
    let Some((config, entry)) = case.entry(Source, Who::Replicas, "replication", "log_private_reserve_max_size_mb") else {
        return Outcome::NotNeeded;
    };
    match entry.number() {
        Some(size) if size < SMALL => {
            Outcome::Failed(vec![Fault::new("small").with("size", size).grave(Severity::Warning).proven([shown(config, entry)])])
        }
        _ => Outcome::Passed,
    }
}
