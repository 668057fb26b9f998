//! Names of the clusters.

use super::Check;
use crate::pegasus::Side::{self, Source, Target};
use crate::preflight::build::since;
use crate::preflight::case::{Case, Who, own_name, shown, whole};
use crate::preflight::outcome::{Fault, Outcome};
use std::collections::BTreeSet;

pub(super) const CHECKS: &[Check] = &[
    ("clusters-have-names", have_names),
    ("cluster-names-agree", agree),
    ("clusters-differ", differ),
    ("target-name-is-its-own", target_name),
    ("dup-cluster-name-works", dup_cluster_name),
];

fn have_names(case: &Case<'_>) -> Outcome {
    let nameless = case.sides().filter(|(_, c)| c.ini.get("replication", "cluster_name").is_none_or(|e| e.value.is_empty()));
    let faults = nameless.map(|(side, config)| {
        Fault::new("none").with("file", &config.ini.path).with("side", side.name()).proven([whole(config, "replication")])
    });
    Outcome::of(faults.collect(), Outcome::passed_if(!case.material.configs.is_empty()))
}

fn agree(case: &Case<'_>) -> Outcome {
    let mut faults = Vec::new();
    let mut compared = false;
    for side in [Source, Target] {
        let configs = case.configs(side, Who::Any);
        let names: BTreeSet<&str> = configs.iter().filter_map(|c| own_name(c)).collect();
        compared |= configs.len() > 1;
        if names.len() > 1 {
            let list = names.iter().copied().collect::<Vec<_>>().join(", ");
            let lines = configs.iter().filter_map(|c| {
                let entry = c.ini.get("replication", "dup_cluster_name").or_else(|| c.ini.get("replication", "cluster_name"))?;
                Some(shown(c, entry))
            });
            faults.push(Fault::new("differ").with("side", side.name()).with("names", list).proven(lines));
        }
    }
    Outcome::of(faults, if compared { Outcome::Passed } else { Outcome::NotNeeded })
}

fn name_of<'a>(case: &'a Case<'_>, side: Side) -> Option<&'a str> {
    case.configs(side, Who::Any).into_iter().find_map(own_name).or_else(|| case.cluster_info(side, "cluster_name").map(|(_, name)| name))
}

fn differ(case: &Case<'_>) -> Outcome {
    let Some(source) = name_of(case, Source).or(case.source.as_deref()) else { return Outcome::Unknown };
    let target = name_of(case, Target);
    let lines = || {
        let configs = case.configs(Source, Who::Any).into_iter().chain(case.configs(Target, Who::Any));
        configs.filter_map(|c| Some(shown(c, c.ini.get("replication", "cluster_name")?)))
    };
    if case.plan.as_ref().and_then(|p| p.remote_cluster.as_deref()) == Some(source) {
        return Outcome::Failed(vec![Fault::new("itself").with("name", source).proven(lines())]);
    }
    match target {
        Some(target) if target == source => Outcome::Failed(vec![Fault::new("same").with("name", source).proven(lines())]),
        Some(_) => Outcome::Passed,
        None => Outcome::Unknown,
    }
}

fn target_name(case: &Case<'_>) -> Outcome {
    let Some(planned) = case.plan.as_ref().and_then(|p| p.remote_cluster.as_deref()) else { return Outcome::NotNeeded };
    let Some(own) = name_of(case, Target) else { return Outcome::Unknown };
    if planned == own {
        return Outcome::Passed;
    }
    let lines = case.configs(Target, Who::Any).into_iter().filter_map(|c| Some(shown(c, c.ini.get("replication", "cluster_name")?)));
    Outcome::Failed(vec![Fault::new("other").with("planned", planned).with("own", own).proven(lines)])
}

fn dup_cluster_name(case: &Case<'_>) -> Outcome {
    let Some((config, entry)) = case.entry(Source, Who::Any, "replication", "dup_cluster_name") else { return Outcome::NotNeeded };
    let fault = |kind| Fault::new(kind).with("name", &entry.value).proven([shown(config, entry)]);
    let Some(release) = case.release else { return Outcome::Unknown };
    match (release.has(since::DUP_CLUSTER_NAME), release.has(since::ASKS_RIGHT_NAME)) {
        (Some(false), _) => Outcome::Failed(vec![fault("ignored").with("release", release)]),
        (Some(true), Some(false)) => Outcome::Failed(vec![fault("not-sent").with("release", release)]),
        _ => Outcome::Passed,
    }
}
