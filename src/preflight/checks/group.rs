//! `[duplication-group]`: the ids by which writes tell where they come from.

use super::Check;
use crate::pegasus::Side::{self, Source, Target};
use crate::preflight::Config;
use crate::preflight::case::{Case, Who, shown, whole};
use crate::preflight::outcome::{Fault, Outcome, Proof};
use crate::signature::Severity;
use std::collections::BTreeMap;

pub(super) const CHECKS: &[Check] = &[
    ("source-metas-list-ids", |case| listed(case, Source, Who::Metas, false)),
    ("source-replicas-list-ids", |case| listed(case, Source, Who::Replicas, false)),
    ("target-replicas-list-ids", |case| listed(case, Target, Who::Replicas, false)),
    ("target-metas-list-ids", |case| listed(case, Target, Who::Metas, true)),
    ("ids-are-valid", valid),
    ("ids-agree", agree),
];

const SECTION: &str = "duplication-group";

/// Servers of one kind list both clusters.
fn listed(case: &Case<'_>, side: Side, who: Who, mild: bool) -> Outcome {
    let configs = case.configs(side, who);
    if configs.is_empty() {
        return Outcome::Unknown;
    }
    let names = [&case.source, &case.target];
    let mut faults = Vec::new();
    for config in configs {
        let at = || whole(config, SECTION);
        if config.ini.section(SECTION).is_none() {
            faults.push(Fault::new("no-section").with("file", &config.ini.path).proven([at()]));
            continue;
        }
        // On master a cluster may accept writes of others whatever their ids.
        let tolerant = config.ini.switch("replication", "dup_ignore_other_cluster_ids") == Some(true);
        let own = if side == Source { &case.source } else { &case.target };
        for name in names.into_iter().flatten().filter(|name| config.ini.get(SECTION, name).is_none()) {
            if !tolerant || Some(name) == own.as_ref() {
                faults.push(Fault::new("no-entry").with("name", name).with("file", &config.ini.path).proven([at()]));
            }
        }
    }
    if mild {
        faults = faults.into_iter().map(|f| f.grave(Severity::Warning)).collect();
    }
    Outcome::of(faults, Outcome::passed_if(names.iter().all(|n| n.is_some())))
}

fn groups<'a>(case: &Case<'a>) -> Vec<&'a Config> {
    case.sides().map(|(_, c)| c).filter(|c| c.ini.section(SECTION).is_some()).collect()
}

fn valid(case: &Case<'_>) -> Outcome {
    let configs = groups(case);
    let mut faults = Vec::new();
    for config in &configs {
        let mut taken: BTreeMap<i64, &str> = BTreeMap::new();
        for entry in config.ini.section(SECTION).into_iter().flat_map(|s| &s.entries).filter(|e| !e.is_placeholder()) {
            let fault = |kind| {
                let fault = Fault::new(kind).with("name", &entry.key).with("id", &entry.value).with("file", &config.ini.path);
                fault.proven([shown(config, entry)])
            };
            match entry.number() {
                None => faults.push(fault("no-number")),
                Some(id) if !(1..=127).contains(&id) => faults.push(fault("out-of-range")),
                Some(id) => match taken.get(&id) {
                    Some(other) => faults.push(fault("twice").with("other", other)),
                    None => {
                        taken.insert(id, &entry.key);
                    }
                },
            }
        }
    }
    Outcome::of(faults, if configs.is_empty() { Outcome::NotNeeded } else { Outcome::Passed })
}

fn agree(case: &Case<'_>) -> Outcome {
    let configs = groups(case);
    if configs.len() < 2 {
        return Outcome::NotNeeded;
    }
    let mut ids: BTreeMap<&str, BTreeMap<i64, Vec<Proof>>> = BTreeMap::new();
    for config in configs {
        for entry in config.ini.section(SECTION).into_iter().flat_map(|s| &s.entries) {
            if let Some(id) = entry.number() {
                ids.entry(&entry.key).or_default().entry(id).or_default().push(shown(config, entry));
            }
        }
    }
    let mine = |name: &str| [&case.source, &case.target].into_iter().flatten().any(|n| n == name);
    let differing = ids.into_iter().filter(|(_, ids)| ids.len() > 1);
    let faults = differing.map(|(name, ids)| {
        let list = ids.keys().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let fault = Fault::new("differ").with("name", name).with("ids", list).proven(ids.into_values().flatten());
        if mine(name) { fault } else { fault.grave(Severity::Warning) }
    });
    Outcome::of(faults.collect(), Outcome::Passed)
}
