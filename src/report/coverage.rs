//! What was in sight: how far the logs reach that tell how duplications are, and which would tell the rest.

use super::context::Context;
use super::missing::untold_by;
use super::server::cluster_of;
use super::{DuplicationEntry, MissingLogs, Time, Window};
use crate::pegasus::{DupStatus, LogTime, ServerGroup, ServerRole, Side};
use crate::timeline::{Leader, ServerLog, Story, addresses};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What was in sight of one cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct ClusterCoverage {
    /// The cluster, as its folder or a line calls it.
    pub cluster: Option<String>,
    /// What it is to the duplications, where its lines tell: their source or their target.
    #[schemars(with = "Option<String>")]
    pub side: Option<Side>,
    /// The leading meta server; `null` when none of the logs is a leader's.
    pub leader: Option<LeaderCoverage>,
    /// Meta servers whose logs are there.
    pub meta_servers: Vec<String>,
    /// Replica servers whose logs are there.
    pub replica_servers: Vec<String>,
    /// Of these servers those whose logs hold warnings and errors only.
    #[serde(default)]
    pub only_warnings: Vec<String>,
    /// Servers that lines name and whose logs are not there.
    pub absent_servers: Vec<String>,
    /// Long stretches without any line between two files of a server.
    pub gaps: Vec<GapCoverage>,
}

/// The log of a leading meta server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct LeaderCoverage {
    /// The server.
    pub server: String,
    /// The first and the last moment at which its log shows it leading.
    pub window: Window,
    /// Its log reaches to the end of all logs.
    pub to_the_end: bool,
}

/// A stretch without lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct GapCoverage {
    /// The server.
    pub server: String,
    /// From the last line before it to the first one after it.
    pub window: Window,
}

impl ClusterCoverage {
    /// The meta servers whose logs hide most of what happens to duplications, where no other log of a leader tells it.
    #[must_use]
    pub fn blind(&self) -> Vec<&str> {
        let told = self.leader.as_ref().is_some_and(|leader| leader.to_the_end && !self.only_warnings.contains(&leader.server));
        let hides = |server: &&String| self.side != Some(Side::Target) && !told && self.only_warnings.contains(server);
        self.meta_servers.iter().filter(hides).map(String::as_str).collect()
    }
}

impl Context<'_> {
    /// What was in sight of each cluster, sources first.
    pub(super) fn coverage(&self) -> Vec<ClusterCoverage> {
        let mut all: Vec<ClusterCoverage> = (0..self.model.clusters.len()).filter_map(|cluster| self.cluster(cluster)).collect();
        all.sort_by(|a, b| (a.side.is_none(), a.side, &a.cluster).cmp(&(b.side.is_none(), b.side, &b.cluster)));
        all
    }

    fn cluster(&self, cluster: usize) -> Option<ClusterCoverage> {
        let name = &self.model.clusters[cluster];
        let servers: Vec<&ServerLog> = self.model.servers.iter().filter(|s| s.cluster == *name && !s.answers).collect();
        let home = self.model.stories.iter().any(|s| s.cluster == cluster && !s.told.is_empty());
        if servers.is_empty() && !home {
            return None;
        }
        let of = |role: ServerRole| {
            let mut labels: Vec<String> = servers.iter().filter(|s| s.role == Some(role)).map(|s| s.label.clone()).collect();
            labels.sort();
            labels
        };
        let mut only_warnings: Vec<String> =
            servers.iter().filter(|s| s.span.is_some() && !s.info_lines).map(|s| s.label.clone()).collect();
        only_warnings.sort();
        let named: BTreeSet<&String> = servers.iter().flat_map(|s| s.named.metas.iter().chain(&s.named.replicas)).collect();
        let there = |name: &&String| servers.iter().any(|s| s.own.is_empty() || addresses(name).any(|a| s.own.contains(&a)));
        let gap = |s: &&ServerLog| {
            let (from, to) = s.gap?;
            Some(GapCoverage { server: s.label.clone(), window: logged(s, from, to) })
        };
        let target = servers.iter().any(|s| s.target);
        Some(ClusterCoverage {
            cluster: servers.first().map_or(Some(name.clone()), |s| cluster_of(s).map(str::to_owned)),
            side: (home || target).then_some(if home { Side::Source } else { Side::Target }),
            leader: self.model.leaders.get(cluster).copied().flatten().map(|leader| self.leader(leader)),
            meta_servers: of(ServerRole::Meta),
            replica_servers: of(ServerRole::Replica),
            only_warnings,
            absent_servers: named.into_iter().filter(|name| !there(name)).cloned().collect(),
            gaps: servers.iter().filter_map(gap).collect(),
        })
    }

    fn leader(&self, leader: Leader) -> LeaderCoverage {
        let server = &self.model.servers[leader.server];
        let to_the_end = self.model.reaches_the_end(leader.until);
        LeaderCoverage { server: server.label.clone(), window: logged(server, leader.first, leader.until), to_the_end }
    }

    /// The logs that would tell what these do not: how duplications are, and whether a quiet one is idle or blocked.
    pub(super) fn missing(&self, entries: &[(usize, DuplicationEntry)]) -> Vec<MissingLogs> {
        let untold = entries.iter().flat_map(|(index, entry)| {
            let story = &self.model.stories[*index];
            let since = story.sight.unwrap_or(self.model.beginning);
            let meta = entry.cannot_tell().then_some((story, ServerGroup::SourceMeta, since));
            let replica = entry.quiet.then(|| (story, ServerGroup::SourceReplica, entry.status_since.map_or(since, |s| s.0)));
            meta.into_iter().chain(replica)
        });
        let nobody = Story::default();
        let nothing = entries.is_empty().then_some((&nobody, ServerGroup::SourceMeta, self.model.beginning));
        untold_by(self.model, untold.chain(nothing), self.selection.lang)
    }

    /// Whether decrees stand still as far as meta servers' lines tell, and nobody else's tell anything: then it is idle or blocked.
    pub(super) fn quiet(&self, index: usize, entry: &DuplicationEntry) -> bool {
        let story = &self.model.stories[index];
        let moves = story.progress.values().any(|p| p.last.1 != p.first.1);
        let replica = |s: &&ServerLog| s.role == Some(ServerRole::Replica) && self.model.clusters.get(story.cluster) == Some(&s.cluster);
        entry.status == Some(DupStatus::DsLog)
            && self.model.in_sight(story)
            && entry.lag.is_none()
            && !moves
            && !self.model.servers.iter().any(|s| replica(&s))
    }
}

/// A stretch of time as the server logged it.
fn logged(server: &ServerLog, first: LogTime, last: LogTime) -> Window {
    Window { first: Some(Time(first + server.ahead)), last: Some(Time(last + server.ahead)) }
}
