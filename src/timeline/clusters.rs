//! Which servers form a cluster, where their folders do not tell.
//!
//! Operators often put the logs of both clusters into one folder. Table ids of the two then mean
//! different tables, so servers that show themselves as the target's are set apart.

use super::{PlacedRun, ServerLog};
use crate::event::{EventKind as E, Role};
use std::collections::{BTreeMap, BTreeSet};

/// What a server's lines show about its place.
#[derive(Debug, Clone, Default)]
struct Signs {
    /// Lines that only a source has.
    source: bool,
    /// Lines that only a target has.
    target: bool,
    /// Addresses of its own.
    own: BTreeSet<String>,
    /// Addresses of servers of its cluster.
    peers: BTreeSet<String>,
}

/// Gives the target's servers a cluster of their own where they share a folder with the source's.
pub(super) fn separate(servers: &mut [ServerLog], runs: &[PlacedRun]) {
    let mut signs: Vec<Signs> = vec![Signs::default(); servers.len()];
    for placed in runs {
        note(&mut signs[placed.server], placed);
    }
    let folders: BTreeSet<String> = servers.iter().map(|s| s.cluster.clone()).collect();
    for folder in folders {
        let members: Vec<usize> = (0..servers.len()).filter(|&i| servers[i].cluster == folder).collect();
        let groups = groups(&members, &signs);
        let shows = |group: &[usize], sign: fn(&Signs) -> bool| group.iter().any(|&i| sign(&signs[i]));
        let source = groups.iter().any(|g| shows(g, |s| s.source));
        if !source {
            continue;
        }
        // A cluster can be the source of one duplication and the target of another; then it stays.
        for group in groups.iter().filter(|g| shows(g, |s| s.target) && !shows(g, |s| s.source)) {
            for &server in group {
                servers[server].cluster = format!("{folder}#target");
            }
        }
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "most of the nearly two hundred kinds of events change nothing here")]
fn note(signs: &mut Signs, placed: &PlacedRun) {
    let run = &placed.run;
    let kind = run.kind();
    match run.pattern.role {
        Role::FollowerReplica => signs.target = true,
        Role::Meta => {
            signs.source |= super::attribute::key(placed).is_some() || kind == E::DupReport || kind == E::CheckpointNotReady;
            signs.target |= kind == E::CreateAppRequest && run.field("duplication").is_some_and(|d| d != "false" && !d.is_empty());
            signs.target |= kind.name().starts_with("follower_status");
        }
        Role::Replica | Role::Server => {
            let name = kind.name();
            signs.source |= name.starts_with("ship_") || name.starts_with("duplicator");
        }
    }
    let mut add = |set: fn(&mut Signs) -> &mut BTreeSet<String>, field: &str| {
        if let Some(text) = run.field(field) {
            set(signs).extend(addresses(text));
        }
    };
    match kind {
        E::WorkerConnectionReport => add(|s| &mut s.peers, "node"),
        E::LeaderTookOver | E::ZkLockGot => add(|s| &mut s.own, "node"),
        E::ZkLockWait => {
            add(|s| &mut s.own, "node");
            add(|s| &mut s.peers, "owner_seq");
        }
        _ if run.field("gpid").is_some() && run.pattern.role != Role::Meta => add(|s| &mut s.own, "node"),
        _ => {}
    }
}

/// `host:34801(10.1.1.1:34801)` is two names of one server.
fn addresses(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(['(', ')']).filter(|part| part.contains(':')).map(str::to_owned)
}

/// Servers that name each other belong together.
fn groups(members: &[usize], signs: &[Signs]) -> Vec<Vec<usize>> {
    let mut group_of: BTreeMap<usize, usize> = members.iter().map(|&m| (m, m)).collect();
    for &a in members {
        for &b in members {
            let tied = a != b && (!signs[a].peers.is_disjoint(&signs[b].own) || !signs[a].peers.is_disjoint(&signs[b].peers));
            if tied {
                let (from, to) = (group_of[&a].max(group_of[&b]), group_of[&a].min(group_of[&b]));
                group_of.values_mut().filter(|g| **g == from).for_each(|g| *g = to);
            }
        }
    }
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (member, group) in group_of {
        groups.entry(group).or_default().push(member);
    }
    groups.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_that_name_each_other_are_a_group() {
        let sign = |own: &str, peer: &str| Signs { own: addresses(own).collect(), peers: addresses(peer).collect(), ..Signs::default() };
        let signs = [sign("a:1", "b:1(10.0.0.2:1)"), sign("10.0.0.2:1", ""), sign("c:1", "")];
        assert_eq!(groups(&[0, 1, 2], &signs), [vec![0, 1], vec![2]]);
    }
}
