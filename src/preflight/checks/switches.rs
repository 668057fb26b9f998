//! Configurations as such, and the switches without which nothing is duplicated.

use super::Check;
use crate::pegasus::Side::{self, Source, Target};
use crate::preflight::case::{Case, Who, shown};
use crate::preflight::outcome::{Fault, Outcome, Proof};
use crate::signature::Severity;

pub(super) const CHECKS: &[Check] = &[
    ("config-is-sound", is_sound),
    ("source-metas-duplicate", |case| switched_off(case, Who::Metas)),
    ("source-replicas-duplicate", |case| switched_off(case, Who::Replicas)),
    ("source-keeps-collecting-logs", collects),
    ("two-phase-commit-possible", enough_for_writes),
    ("rpc-timeout-long-enough", rpc_timeout),
    ("info-is-logged", level),
];

fn is_sound(case: &Case<'_>) -> Outcome {
    let mut faults = Vec::new();
    for (_, config) in case.sides() {
        for issue in &config.ini.issues {
            let proof = Proof { path: config.ini.path.clone(), line: issue.line, at: config.modified, text: issue.what.clone() };
            let fault =
                Fault::new("blemish").with("file", &config.ini.path).with("line", issue.line).with("what", &issue.what).proven([proof]);
            // A key given twice, or one without a value, works somehow.
            let stops = issue.what.contains("does not start") || issue.what.contains("did you mean") || issue.what.contains("[[");
            faults.push(if stops { fault } else { fault.grave(Severity::Warning) });
        }
    }
    if case.material.configs.is_empty() { Outcome::Unknown } else { Outcome::of(faults, Outcome::Passed) }
}

fn switched_off(case: &Case<'_>, who: Who) -> Outcome {
    let configs = case.configs(Source, who);
    let off = |config: &&crate::preflight::Config| {
        let entry = config.ini.get("replication", "duplication_enabled").filter(|e| e.switch() == Some(false))?;
        Some(Fault::new("off").with("file", &config.ini.path).proven([shown(config, entry)]))
    };
    Outcome::of(configs.iter().filter_map(off).collect(), Outcome::passed_if(!configs.is_empty()))
}

fn collects(case: &Case<'_>) -> Outcome {
    let off = case.configs(Source, Who::Replicas).into_iter().filter_map(|config| {
        let entry = config.ini.get("replication", "plog_gc_enabled").filter(|e| e.switch() == Some(false))?;
        Some(Fault::new("off").with("file", &config.ini.path).proven([shown(config, entry)]))
    });
    Outcome::of(off.collect(), Outcome::NotNeeded)
}

fn enough_for_writes(case: &Case<'_>) -> Outcome {
    let Some(app) = case.app() else { return Outcome::NotNeeded };
    let least = case.entry(Source, Who::Any, "replication", "mutation_2pc_min_replica_count");
    let count = case.detail(Source, app).and_then(|(_, d)| d.replica_count).or(case.table(Source, app).and_then(|(_, t)| t.replica_count));
    let (Some((config, entry)), Some(count)) = (least, count) else { return Outcome::NotNeeded };
    match entry.number() {
        // 0 means that the table's own count decides.
        Some(least) if least > count => {
            Outcome::Failed(vec![Fault::new("too-few").with("least", least).with("count", count).proven([shown(config, entry)])])
        }
        _ => Outcome::Passed,
    }
}

fn rpc_timeout(case: &Case<'_>) -> Outcome {
    /// Creating a table of a few partitions takes about a second.
    const SHORT: i64 = 2000;
    let Some((config, entry)) = case.entry(Source, Who::Metas, "task..default", "rpc_timeout_milliseconds") else {
        return Outcome::NotNeeded;
    };
    match entry.number() {
        Some(millis) if millis > 0 && millis < SHORT => {
            Outcome::Failed(vec![Fault::new("short").with("millis", millis).proven([shown(config, entry)])])
        }
        _ => Outcome::Passed,
    }
}

fn level(case: &Case<'_>) -> Outcome {
    let hides = |side: Side| {
        case.configs(side, Who::Any).into_iter().filter_map(move |config| {
            let entry = config.ini.get("core", "logging_start_level")?;
            let high = ["WARNING", "ERROR", "FATAL"].iter().any(|level| entry.value.to_ascii_uppercase().ends_with(level));
            high.then(|| Fault::new("hidden").with("file", &config.ini.path).with("level", &entry.value).proven([shown(config, entry)]))
        })
    };
    Outcome::of(hides(Source).chain(hides(Target)).collect(), Outcome::passed_if(!case.material.configs.is_empty()))
}
