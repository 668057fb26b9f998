//! In which cluster the source of a copied table stands, whose logs may not be there.

use super::line_ids::master_table;
use super::{PlacedRun, ServerLog};
use rustc_hash::FxHashMap;

/// The clusters: those of the inputs, in order of their names, then those that only a target's lines name.
#[derive(Debug)]
pub(super) struct Homes {
    pub(super) clusters: Vec<String>,
    /// The cluster of each server.
    pub(super) cluster_of: Vec<usize>,
    /// The master's cluster, by the cluster of the line and what the line calls it.
    masters: FxHashMap<(usize, String), usize>,
}

impl Homes {
    pub(super) fn of(servers: &[ServerLog], runs: &[PlacedRun]) -> Self {
        let mut clusters: Vec<String> = servers.iter().map(|s| s.cluster.clone()).collect();
        clusters.sort();
        clusters.dedup();
        let cluster_of = servers.iter().map(|s| clusters.binary_search(&s.cluster).unwrap_or_default()).collect();
        let mut homes = Self { clusters, cluster_of, masters: FxHashMap::default() };
        for placed in runs {
            let Some(master) = placed.run.field("master") else { continue };
            let (cluster, name) = (homes.cluster_of[placed.server], called(master));
            if !homes.masters.contains_key(&(cluster, name.to_owned())) {
                let home = if servers[placed.server].source { cluster } else { homes.found(servers, cluster, master) };
                homes.masters.insert((cluster, name.to_owned()), home);
            }
        }
        homes
    }

    /// The cluster of the master that a line of a target's server names.
    pub(super) fn of_master(&self, cluster: usize, master: &str) -> usize {
        self.masters.get(&(cluster, called(master).to_owned())).copied().unwrap_or(cluster)
    }

    /// The only other cluster that can be a source, or the one whose folder is called so, or one without logs.
    fn found(&mut self, servers: &[ServerLog], cluster: usize, master: &str) -> usize {
        let shows = |wanted: fn(&ServerLog) -> bool| {
            let mut found: Vec<usize> = servers.iter().enumerate().filter(|(_, s)| wanted(s)).map(|(i, _)| self.cluster_of[i]).collect();
            found.sort_unstable();
            found.dedup();
            found.retain(|&c| c != cluster);
            found
        };
        let sources = shows(|s| s.source);
        let perhaps = if sources.is_empty() { shows(|s| !s.target && !s.answers) } else { sources };
        let folder = |c: &&usize| {
            let folder = self.clusters[**c].rsplit('/').next().unwrap_or_default();
            master.strip_prefix(folder).is_some_and(|rest| rest.starts_with('.'))
        };
        match (perhaps.as_slice(), perhaps.iter().find(folder)) {
            ([only], _) | (_, Some(only)) => *only,
            _ => {
                self.clusters.push(called(master).to_owned());
                self.clusters.len() - 1
            }
        }
    }
}

/// What a line calls the master's cluster; a name with dots only up to the first, which parts clusters as well.
fn called(master: &str) -> &str {
    master_table(master).split('.').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_source_of_a_copy_is_the_other_cluster_or_one_without_logs() {
        let server =
            |cluster: &str, source: bool, target: bool| ServerLog { cluster: cluster.into(), source, target, ..ServerLog::default() };
        let found = |servers: &[ServerLog], cluster: usize| {
            let mut homes = Homes::of(servers, &[]);
            let home = homes.found(servers, cluster, "hz.dr1.orders(10.1.1.1:1|6.0)");
            homes.clusters[home].clone()
        };
        let target = || server("b/sg", false, true);
        assert_eq!(found(&[server("a/any", true, false), target()], 1), "a/any");
        assert_eq!(found(&[server("a/any", false, false), target()], 1), "a/any", "nothing speaks against it");
        assert_eq!(found(&[server("a/fra", false, true), target()], 1), "hz", "another target is no source");
        assert_eq!(found(&[server("a/fra", true, false), server("a/hz", true, false), target()], 2), "a/hz");
    }
}
