//! What else goes on in both clusters: other duplications, servers that are down, releases that do not fit.

use super::Check;
use crate::pegasus::DupStatus;
use crate::pegasus::Side::{Source, Target};
use crate::preflight::build::{Build, since};
use crate::preflight::case::{Case, proof};
use crate::preflight::outcome::{Fault, Outcome};
use std::collections::BTreeSet;

pub(super) const CHECKS: &[Check] = &[
    ("no-other-duplication-starting", others_started),
    ("target-table-of-nobody-else", same_target),
    ("source-servers-alive", source_alive),
    ("servers-of-one-release", one_release),
    ("releases-understand-each-other", releases_fit),
];

fn others_started(case: &Case<'_>) -> Outcome {
    let Some(all) = case.duplications(Source) else { return Outcome::Unknown };
    let mine = |name: Option<&str>| name.is_some() && name == case.app();
    let starting = all.iter().filter(|(_, d)| {
        matches!(d.status, Some(DupStatus::DsInit | DupStatus::DsPrepare | DupStatus::DsApp)) && !mine(d.app_name.as_deref())
    });
    let fault = |(line, dup): &(crate::preflight::outcome::Proof, &crate::answer::DupState)| {
        let status = dup.status.map_or("?", DupStatus::name);
        let name = dup.app_name.as_deref().unwrap_or("?");
        Fault::new("starting").with("other", name).with("status", status).proven([line.clone()])
    };
    Outcome::of(starting.map(fault).collect(), Outcome::Passed)
}

/// Master refuses two tables with one follower; older releases mix them.
fn same_target(case: &Case<'_>) -> Outcome {
    let (Some(app), Some(follower), Some(target)) = (case.app(), case.follower(), case.target.as_deref()) else {
        return Outcome::NotNeeded;
    };
    let Some(all) = case.duplications(Source) else { return Outcome::NotNeeded };
    let same = all.iter().filter(|(_, d)| {
        let theirs = d.remote_app_name.as_deref().or(d.app_name.as_deref());
        d.remote_cluster.as_deref() == Some(target) && theirs == Some(follower) && d.app_name.as_deref().is_some_and(|a| a != app)
    });
    let faults = same.map(|(line, d)| Fault::new("same").with("other", d.app_name.as_deref().unwrap_or("?")).proven([line.clone()]));
    Outcome::of(faults.collect(), Outcome::Passed)
}

fn source_alive(case: &Case<'_>) -> Outcome {
    let Some((answers, nodes)) = case.nodes(Source) else { return Outcome::Unknown };
    let dead = nodes.iter().filter(|n| !n.alive);
    let faults =
        dead.map(|n| Fault::new("dead").with("server", &n.address).proven([proof(answers, n.line, &format!("{}  UNALIVE", n.address))]));
    Outcome::of(faults.collect(), Outcome::Passed)
}

fn one_release(case: &Case<'_>) -> Outcome {
    let mut faults = Vec::new();
    let mut known = false;
    for side in [Source, Target] {
        let calls = case.called(side);
        let releases: BTreeSet<&str> = calls.iter().filter_map(|(_, c)| c.release()).collect();
        known |= !releases.is_empty();
        if releases.len() > 1 {
            let list = releases.iter().copied().collect::<Vec<_>>().join(", ");
            let lines = calls.iter().map(|(a, c)| proof(a, c.line, &format!("{} {}", c.address, c.release().unwrap_or("?"))));
            faults.push(Fault::new("mixed").with("side", side.name()).with("releases", list).proven(lines));
        }
        for (answers, call) in calls.iter().filter(|(_, c)| c.answer.is_none()) {
            let line = proof(answers, call.line, &format!("[{}] [{}] failed", call.role, call.address));
            faults.push(Fault::new("silent").with("server", &call.address).proven([line]));
        }
    }
    Outcome::of(faults, Outcome::passed_if(known))
}

fn releases_fit(case: &Case<'_>) -> Outcome {
    let (Some(source), Some(target)) = (case.release, case.target_release) else { return Outcome::Unknown };
    let kind = match (source, target) {
        (Build::Old, Build::Old) => return Outcome::Passed,
        (Build::Old, _) | (_, Build::Old) => "too-far",
        _ if source.has(since::CREATED_MARK) != Some(false) && source.is_master() && target.has(since::CREATED_MARK) == Some(false) => {
            "target-older"
        }
        _ if source.has(since::CREATED_MARK) == Some(false) && target.is_master() && target.has(since::CREATED_MARK) != Some(false) => {
            "source-older"
        }
        _ => return Outcome::Passed,
    };
    if case.is_full() == Some(false) {
        return Outcome::Passed;
    }
    Outcome::Failed(vec![Fault::new(kind).with("source_release", source).with("target_release", target)])
}
