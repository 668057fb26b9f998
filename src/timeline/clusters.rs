//! Which servers form a cluster.
//!
//! Operators put the logs of both clusters into one folder, or those of one cluster into many. Table
//! ids mean different tables in different clusters, so this must be right before anything else.

use super::{PlacedRun, ServerLog};
use crate::event::{EventKind as E, Role};
use crate::pegasus::{AppId, DupId, ServerRole, Side};
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
    /// Duplications whose source it is.
    keys: BTreeSet<(Option<AppId>, DupId)>,
    /// Where its cluster lies in ZooKeeper.
    roots: BTreeSet<String>,
    /// Servers that its lines name.
    named: Named,
}

/// Servers that a server's lines name, as they print them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Named {
    /// Meta servers of its cluster.
    pub metas: BTreeSet<String>,
    /// Replica servers of its cluster.
    pub replicas: BTreeSet<String>,
    /// Replica servers of the source, from which a target copies checkpoints.
    pub masters: BTreeSet<String>,
}

/// Gives each server the name of its cluster: what the user said, what their lines show, their folders.
pub(super) fn name(servers: &mut [ServerLog], runs: &[PlacedRun]) {
    let mut signs: Vec<Signs> = vec![Signs::default(); servers.len()];
    for placed in runs {
        note(&mut signs[placed.server], servers[placed.server].role, placed);
    }
    for (sign, server) in signs.iter_mut().zip(servers.iter()) {
        if let Some(told) = server.told {
            (sign.source, sign.target) = (told == Side::Source, told == Side::Target);
        }
    }
    for (sign, server) in signs.iter_mut().zip(servers.iter_mut()) {
        server.own.clone_from(&sign.own);
        (server.source, server.target) = (sign.source, sign.target);
        server.named = std::mem::take(&mut sign.named);
    }
    let mut groups = Groups::of(&signs);
    groups.tie_folders(servers, &signs);
    let mut names: BTreeMap<usize, String> = BTreeMap::new();
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for (server, &group) in servers.iter_mut().zip(&groups.of) {
        let name = names.entry(group).or_insert_with(|| {
            let folder = server.cluster.clone();
            // Two clusters in one folder need two names.
            let name = if taken.contains(&folder) { format!("{folder}#{group}") } else { folder };
            taken.insert(name.clone());
            name
        });
        server.cluster.clone_from(name);
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "most of the nearly two hundred kinds of events change nothing here")]
fn note(signs: &mut Signs, role: Option<ServerRole>, placed: &PlacedRun) {
    let run = &placed.run;
    let kind = run.kind();
    signs.source |= kind.side() == Some(Side::Source);
    signs.target |= kind.side() == Some(Side::Target);
    match run.pattern.role {
        Role::FollowerReplica => signs.target = true,
        Role::Meta => {
            if let Some(key) = super::line_ids::key(placed) {
                signs.keys.insert((Some(key.app_id), key.dup_id));
            }
            signs.keys.extend(run.report().map(|report| (None, report.dup_id)));
            signs.source |= super::line_ids::key(placed).is_some();
            signs.target |= kind == E::CreateAppRequest && run.field("duplication").is_some_and(|d| d != "false" && !d.is_empty());
        }
        Role::Replica | Role::Server => {
            if let Some(key) = super::line_ids::key(placed) {
                signs.keys.insert((Some(key.app_id), key.dup_id));
            }
        }
    }
    let first = |field: &str| run.fields.iter().find(|(name, _)| *name == field).map(|(_, text)| text.to_string());
    match kind {
        // Both ends of the heartbeats write these lines.
        E::WorkerConnectionReport | E::WorkerDisconnected => match role {
            Some(ServerRole::Meta) => signs.named.replicas.extend(first("node")),
            Some(ServerRole::Replica) => signs.named.metas.extend(first("node")),
            _ => {}
        },
        E::ZkLockWait => signs.named.metas.extend(first("owner_seq")),
        E::FollowerMasterConfigOk => signs.named.masters.extend(first("node")),
        _ => {}
    }
    let mut add = |set: fn(&mut Signs) -> &mut BTreeSet<String>, field: &str| {
        if let Some(text) = run.field(field) {
            set(signs).extend(addresses(text));
        }
    };
    match kind {
        E::MetaStorageInitialized => signs.roots.extend(run.field("cluster_root").map(str::to_owned)),
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
pub(crate) fn addresses(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(['(', ')']).filter(|part| part.contains(':')).map(str::to_owned)
}

/// Which servers belong together: for each one the smallest index of its group.
struct Groups {
    of: Vec<usize>,
}

impl Groups {
    /// Servers that name each other, or the same duplication, belong together.
    fn of(signs: &[Signs]) -> Self {
        let mut groups = Self { of: (0..signs.len()).collect() };
        for a in 0..signs.len() {
            for b in 0..a {
                let meet = |x: &Signs, y: &Signs| !x.peers.is_disjoint(&y.own) || !x.keys.is_disjoint(&y.keys);
                let (x, y) = (&signs[a], &signs[b]);
                if meet(x, y) || meet(y, x) || !x.peers.is_disjoint(&y.peers) || !x.roots.is_disjoint(&y.roots) {
                    groups.tie(a, b);
                }
            }
        }
        groups
    }

    fn tie(&mut self, a: usize, b: usize) {
        let (from, to) = (self.of[a].max(self.of[b]), self.of[a].min(self.of[b]));
        self.of.iter_mut().filter(|g| **g == from).for_each(|g| *g = to);
    }

    /// Servers in one folder belong together unless one shows itself as the source's, the other as the target's.
    fn tie_folders(&mut self, servers: &[ServerLog], signs: &[Signs]) {
        let side = |groups: &Self, server: usize| {
            let mine = || (0..signs.len()).filter(|&i| groups.of[i] == groups.of[server]);
            (mine().any(|i| signs[i].source), mine().any(|i| signs[i].target))
        };
        for a in 0..servers.len() {
            for b in 0..a {
                // A cluster can be the source of one duplication and the target of another.
                let ((source, target), (other_source, other_target)) = (side(self, a), side(self, b));
                let apart = (source && !target && other_target && !other_source) || (target && !source && other_source && !other_target);
                if servers[a].cluster == servers[b].cluster && !apart {
                    self.tie(a, b);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_that_name_each_other_are_a_group() {
        let sign = |own: &str, peer: &str| Signs { own: addresses(own).collect(), peers: addresses(peer).collect(), ..Signs::default() };
        let signs = [sign("a:1", "b:1(10.0.0.2:1)"), sign("10.0.0.2:1", ""), sign("c:1", "")];
        assert_eq!(Groups::of(&signs).of, [0, 0, 2]);
    }

    #[test]
    fn source_and_target_in_one_folder_are_apart() {
        let servers = vec![ServerLog::default(); 3];
        let signs = [Signs { source: true, ..Signs::default() }, Signs { target: true, ..Signs::default() }, Signs::default()];
        let mut groups = Groups::of(&signs);
        groups.tie_folders(&servers, &signs);
        assert_ne!(groups.of[0], groups.of[1]);
    }
}
