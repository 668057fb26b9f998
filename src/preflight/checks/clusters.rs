//! `[pegasus.clusters]` and the addresses that each cluster has of itself.

use super::Check;
use crate::config::{Address, Entry, Reach, addresses, nearest};
use crate::pegasus::Side::{self, Source, Target};
use crate::preflight::Config;
use crate::preflight::build::Build;
use crate::preflight::case::{Case, Who, proof, shown, whole};
use crate::preflight::outcome::{Fault, Outcome, Proof};
use crate::signature::Severity;
use std::collections::{BTreeMap, BTreeSet};

pub(super) const CHECKS: &[Check] = &[
    ("source-metas-know-target", |case| knows(case, Who::Metas)),
    ("source-replicas-know-target", |case| knows(case, Who::Replicas)),
    ("clusters-entries-sound", entries_sound),
    ("clusters-entries-agree", entries_agree),
    ("target-address-reachable", entry_reachable),
    ("target-address-right", entry_right),
    ("source-address-reachable", source_reachable),
    ("source-names-understood", source_names),
    ("source-replicas-reachable", source_replicas),
    ("target-replicas-reachable", |case| nodes_reachable(case, Target)),
    ("short-names-known-to-both", short_names),
];

const SECTION: &str = "pegasus.clusters";

/// The entry for the target in a configuration.
fn entry<'a>(config: &'a Config, target: &str) -> Option<&'a Entry> {
    config.ini.get(SECTION, target)
}

fn knows(case: &Case<'_>, who: Who) -> Outcome {
    let Some(target) = &case.target else { return Outcome::Unknown };
    let configs = case.configs(Source, who);
    let lacks = configs.iter().filter(|c| entry(c, target).is_none());
    let fault = |config: &&Config| {
        let fault = match config.ini.section(SECTION) {
            None => Fault::new("no-section"),
            Some(section) => {
                let named: Vec<&str> = section.entries.iter().map(|e| e.key.as_str()).collect();
                match nearest(target, named.iter().copied()) {
                    Some(near) => Fault::new("nearly").with("near", near),
                    None => Fault::new("no-entry").with("named", if named.is_empty() { "-".to_owned() } else { named.join(", ") }),
                }
            }
        };
        fault.with("file", &config.ini.path).proven([whole(config, SECTION)])
    };
    Outcome::of(lacks.map(fault).collect(), Outcome::passed_if(!configs.is_empty()))
}

/// Entries for the target in the source's configurations.
fn targets<'a>(case: &Case<'a>) -> Vec<(&'a Config, &'a Entry)> {
    let Some(target) = case.target.clone() else { return Vec::new() };
    let found = |config: &'a Config| entry(config, &target).filter(|e| !e.is_placeholder()).map(|e| (config, e));
    case.configs(Source, Who::Any).into_iter().filter_map(found).collect()
}

fn entries_sound(case: &Case<'_>) -> Outcome {
    let mut faults = Vec::new();
    let mut seen = 0;
    for (_, config) in case.sides() {
        for entry in config.ini.section(SECTION).into_iter().flat_map(|s| &s.entries).filter(|e| !e.is_placeholder()) {
            seen += 1;
            for (part, what) in addresses(&entry.value).1 {
                let other = Some(&entry.key) != case.target.as_ref();
                let fault = Fault::new("malformed")
                    .with("cluster", &entry.key)
                    .with("part", if part.is_empty() { "-" } else { &part })
                    .with("what", what)
                    .with("file", &config.ini.path)
                    .proven([shown(config, entry)]);
                faults.push(if other { fault.grave(Severity::Warning) } else { fault });
            }
        }
    }
    Outcome::of(faults, if seen > 0 { Outcome::Passed } else { Outcome::NotNeeded })
}

fn entries_agree(case: &Case<'_>) -> Outcome {
    let all = targets(case);
    let lists: BTreeSet<Vec<Address>> = all.iter().map(|(_, e)| sorted(&e.value)).collect();
    if all.len() < 2 {
        return Outcome::NotNeeded;
    }
    if lists.len() < 2 {
        return Outcome::Passed;
    }
    let lacks = |a: &[Address], b: &[Address]| a.iter().any(|one| !b.iter().any(|other| one.may_be(other)));
    if lists.iter().any(|a| lists.iter().any(|b| lacks(a, b))) {
        return Outcome::Failed(vec![Fault::new("differ").proven(all.iter().map(|(c, e)| shown(c, e)))]);
    }
    let all: Vec<Address> = lists.into_iter().flatten().collect();
    let names = few(all.iter().map(ToString::to_string).collect());
    written_otherwise(&all, &[], Outcome::UnknownOf([("names".to_owned(), names)].into()))
}

fn sorted(list: &str) -> Vec<Address> {
    let mut all = addresses(list).0;
    all.sort();
    all
}

/// Both clusters call themselves by addresses of one machine, as onebox does: then these lead where they should.
fn on_one_machine(case: &Case<'_>) -> bool {
    let mine = source_metas(case).map_or_else(Vec::new, |(metas, _)| metas);
    let theirs: Vec<Address> = targets(case).iter().flat_map(|(_, entry)| addresses(&entry.value).0).collect();
    !mine.is_empty() && !theirs.is_empty() && mine.iter().chain(&theirs).all(|a| a.reach() == Reach::SameMachine)
}

fn entry_reachable(case: &Case<'_>) -> Outcome {
    if on_one_machine(case) {
        return Outcome::Passed;
    }
    let all = targets(case);
    let mut faults = Vec::new();
    for (config, entry) in &all {
        for address in addresses(&entry.value).0 {
            faults.extend(unreachable(&address).map(|f| f.proven([shown(config, entry)])));
        }
    }
    merge(&mut faults);
    Outcome::of(faults, Outcome::passed_if(!all.is_empty()))
}

/// What speaks against an address that the other cluster is to connect to.
fn unreachable(address: &Address) -> Option<Fault> {
    let fault = match address.reach() {
        Reach::SameMachine => Fault::new("loopback"),
        Reach::SameLink => Fault::new("link-local"),
        // Of names without domain there is a check of its own.
        Reach::ShortName | Reach::Anywhere => return None,
    };
    Some(fault.with("address", address))
}

/// Faults that differ by their place only become one.
fn merge(faults: &mut Vec<Fault>) {
    let mut kept: Vec<Fault> = Vec::new();
    for fault in faults.drain(..) {
        match kept.iter_mut().find(|k| k.kind == fault.kind && k.values == fault.values) {
            Some(same) => same.proof.extend(fault.proof),
            None => kept.push(fault),
        }
    }
    for fault in &mut kept {
        fault.proof.sort();
        fault.proof.dedup();
    }
    *faults = kept;
}

/// The target's meta servers, as it tells them itself.
fn target_metas(case: &Case<'_>) -> Option<(Vec<Address>, Proof)> {
    if let Some((config, entry)) = case.entry(Target, Who::Metas, "meta_server", "server_list") {
        return Some((sorted(&entry.value), shown(config, entry)));
    }
    let (proof, list) = case.cluster_info(Target, "meta_servers")?;
    Some((sorted(list), proof))
}

fn entry_right(case: &Case<'_>) -> Outcome {
    let all = targets(case);
    let Some((told, mine)) = target_metas(case) else {
        return if all.is_empty() { Outcome::NotNeeded } else { Outcome::Unknown };
    };
    let Some(&(config, entry)) = all.first() else { return Outcome::NotNeeded };
    let have = sorted(&entry.value);
    let replicas: BTreeSet<String> = case.nodes(Target).map(|(_, n)| n.iter().map(|n| n.address.clone()).collect()).unwrap_or_default();
    if let Some(wrong) = have.iter().find(|a| replicas.contains(&a.to_string())) {
        return Outcome::Failed(vec![Fault::new("replica").with("address", wrong).proven([shown(config, entry)])]);
    }
    if told.is_empty() || have.is_empty() {
        return Outcome::Unknown;
    }
    // Names on one side and addresses, or longer names, on the other say nothing.
    let stale: Vec<String> = have.iter().filter(|a| !told.iter().any(|b| a.may_be(b))).map(ToString::to_string).collect();
    let lines = [shown(config, entry), mine];
    if stale.len() == have.len() {
        return Outcome::Failed(vec![Fault::new("elsewhere").with("have", stale.join(",")).with("told", list(&told)).proven(lines)]);
    }
    if !stale.is_empty() {
        return Outcome::Failed(vec![
            Fault::new("stale").with("have", stale.join(",")).with("told", list(&told)).grave(Severity::Warning).proven(lines),
        ]);
    }
    if have.iter().all(|a| told.contains(a)) {
        return Outcome::Passed;
    }
    written_otherwise(&have, &told, Outcome::Unknown)
}

/// Lists that may be the same: whether a name without domain is the one with it is told by a check of its own.
fn written_otherwise(one: &[Address], other: &[Address], unknown: Outcome) -> Outcome {
    if one.iter().chain(other).all(Address::is_name) { Outcome::NotNeeded } else { unknown }
}

fn list(addresses: &[Address]) -> String {
    addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

/// The source's own meta servers, as the target's replica servers will be told them.
fn source_metas(case: &Case<'_>) -> Option<(Vec<Address>, Proof)> {
    if let Some((config, entry)) = case.entry(Source, Who::Metas, "meta_server", "server_list") {
        return Some((addresses(&entry.value).0, shown(config, entry)));
    }
    let (proof, list) = case.cluster_info(Source, "meta_servers")?;
    Some((addresses(list).0, proof))
}

fn source_reachable(case: &Case<'_>) -> Outcome {
    if case.is_full() == Some(false) {
        return Outcome::NotNeeded;
    }
    let Some((metas, line)) = source_metas(case).filter(|_| !on_one_machine(case)) else {
        return if on_one_machine(case) { Outcome::Passed } else { Outcome::Unknown };
    };
    let mut faults: Vec<Fault> = metas.iter().filter_map(unreachable).map(|f| f.proven([line.clone()])).collect();
    merge(&mut faults);
    Outcome::of(faults, Outcome::Passed)
}

/// Names without domain mean what each side's resolver makes of them: one name for servers of both clusters is wrong on one of
/// the sides, the others cannot be told from here.
fn short_names(case: &Case<'_>) -> Outcome {
    let nodes = |side| {
        let told = case.nodes(side).into_iter().flat_map(|(answers, nodes)| nodes.iter().map(move |n| (answers, n)));
        told.filter_map(|(answers, n)| Some((Address::parse(&n.address).ok()?, proof(answers, n.line, &n.address))))
    };
    let short = |all: &mut dyn Iterator<Item = (Address, Proof)>| -> BTreeMap<Address, Proof> {
        all.filter(|(address, _)| address.reach() == Reach::ShortName).collect()
    };
    let entries = targets(case).into_iter().flat_map(|(c, e)| addresses(&e.value).0.into_iter().map(move |a| (a, shown(c, e))));
    let listed = |told: Option<(Vec<Address>, Proof)>| {
        told.into_iter().flat_map(|(all, line)| all.into_iter().map(move |address| (address, line.clone())))
    };
    let theirs = short(&mut entries.chain(listed(target_metas(case))).chain(nodes(Target)));
    let mine = short(&mut listed(source_metas(case)).chain(nodes(Source)));
    if case.source != case.target {
        let both = theirs.iter().filter_map(|(address, line)| Some((address, [line.clone(), mine.get(address)?.clone()])));
        let faults: Vec<Fault> = both.map(|(address, lines)| Fault::new("both").with("address", address).proven(lines)).collect();
        if !faults.is_empty() {
            return Outcome::Failed(faults);
        }
    }
    // Of a duplication without checkpoint the target asks for nothing.
    let asked = if case.is_full() == Some(false) { BTreeMap::new() } else { mine };
    let hosts: BTreeSet<String> = theirs.into_keys().chain(asked.into_keys()).map(|a| a.host).collect();
    if hosts.is_empty() { Outcome::NotNeeded } else { Outcome::UnknownOf([("names".to_owned(), few(hosts))].into()) }
}

/// The first of many names.
fn few(all: BTreeSet<String>) -> String {
    const SHOWN: usize = 12;
    let more = all.len() > SHOWN;
    let shown: Vec<String> = all.into_iter().take(SHOWN).chain(more.then(|| "…".to_owned())).collect();
    shown.join(", ")
}

/// DUP318: up to v2.5 the target's replica servers read nothing but IPv4 addresses.
fn source_names(case: &Case<'_>) -> Outcome {
    if case.is_full() == Some(false) {
        return Outcome::NotNeeded;
    }
    let Some((metas, line)) = source_metas(case) else { return Outcome::NotNeeded };
    let names: Vec<String> = metas.iter().filter(|a| a.is_name() && a.reach() != Reach::SameMachine).map(ToString::to_string).collect();
    if names.is_empty() {
        return Outcome::Passed;
    }
    match case.target_release.or(case.release) {
        Some(Build::Master(_)) => Outcome::Passed,
        Some(release) => Outcome::Failed(vec![Fault::new("names").with("names", names.join(", ")).with("release", release).proven([line])]),
        None => Outcome::Unknown,
    }
}

fn nodes_reachable(case: &Case<'_>, side: Side) -> Outcome {
    let Some((answers, nodes)) = case.nodes(side) else { return Outcome::Unknown };
    let mut faults = Vec::new();
    for node in nodes {
        if let Ok(address) = Address::parse(&node.address)
            && let Some(fault) = unreachable(&address)
        {
            faults.push(fault.proven([proof(answers, node.line, &node.address)]));
        }
    }
    Outcome::of(faults, Outcome::Passed)
}

fn source_replicas(case: &Case<'_>) -> Outcome {
    if case.is_full() == Some(false) { Outcome::NotNeeded } else { nodes_reachable(case, Source) }
}
