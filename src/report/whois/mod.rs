//! What belongs together: a name or an id, the duplications and servers that it is about, and the lines that say so.

mod lines;
mod near;

use super::{DuplicationFilter, Evidence, Report, SCHEMA_VERSION, Time, Verdict};
use crate::pegasus::{AppId, DupId, DupKey, DupStatus, Gpid, ServerRole, Side};
use crate::timeline::{Model, ServerLog, Story, addresses};
use lines::Lines;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// So many lines are shown of what no duplication and no server explains.
const MOST: usize = 12;

/// The answer.
#[derive(Debug, Clone, Serialize)]
pub struct Whois {
    /// See [`SCHEMA_VERSION`].
    pub schema_version: &'static str,
    /// What was asked for.
    pub asked: String,
    /// What it is: `table`, `target-table`, `app-id`, `dup-id`, `partition`, `cluster`, `server`, `address`, `name`; empty when nobody knows it.
    pub is: Vec<&'static str>,
    /// The duplications that it is of.
    pub duplications: Vec<WhoisDuplication>,
    /// The servers that it is of.
    pub servers: Vec<WhoisServer>,
    /// Lines that have it, where neither of them does.
    pub lines: Vec<SourceLine>,
    /// Names that are like it, when nobody knows it.
    pub near: Vec<String>,
}

/// A duplication and what belongs to it.
#[derive(Debug, Clone, Serialize)]
pub struct WhoisDuplication {
    /// The source table's id.
    pub app_id: Option<AppId>,
    /// The duplication's id.
    pub dup_id: Option<DupId>,
    /// The source table.
    pub app_name: Option<String>,
    /// The source cluster, as its folder calls it.
    pub source_cluster: Option<String>,
    /// The follower's cluster.
    pub remote_cluster: Option<String>,
    /// The follower's table.
    pub remote_app_name: Option<String>,
    /// Number of partitions.
    pub partition_count: Option<i64>,
    /// The current status.
    pub status: Option<DupStatus>,
    /// How it is.
    pub verdict: Option<Verdict>,
    /// Partitions that lines name.
    pub partitions: Vec<WhoisPartition>,
    /// Servers whose lines are about it.
    pub servers: Vec<ServerMentions>,
    /// The lines that say what belongs together.
    pub lines: Vec<SourceLine>,
}

/// A partition, of the source's table or of the target's.
#[derive(Debug, Clone, Serialize)]
pub struct WhoisPartition {
    /// `3.0`
    pub gpid: String,
    /// Whose it is.
    pub side: Side,
    /// Servers that have written about it.
    pub servers: Vec<String>,
    /// The last line about it.
    pub last: Evidence,
}

/// A server that has written about a duplication.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ServerMentions {
    /// Its name.
    pub server: String,
    /// `meta` or `replica`, if its lines tell.
    pub role: Option<ServerRole>,
    /// Number of lines about it.
    pub lines: u64,
}

/// A server.
#[derive(Debug, Clone, Serialize)]
pub struct WhoisServer {
    /// Its name: mostly that of its folder.
    pub name: String,
    /// `meta` or `replica`, if its lines tell.
    pub role: Option<ServerRole>,
    /// The cluster, as its folder calls it.
    pub cluster: Option<String>,
    /// Addresses that its own lines give it.
    pub addresses: Vec<String>,
    /// First dated line.
    pub first: Option<Time>,
    /// Last dated line.
    pub last: Option<Time>,
    /// Its logs.
    pub inputs: Vec<String>,
    /// Duplications that it has written about, `test_orders a5d1716603063`.
    pub duplications: Vec<String>,
    /// The lines that say so.
    pub lines: Vec<SourceLine>,
}

/// A line, and what it says.
#[derive(Debug, Clone, Serialize)]
pub struct SourceLine {
    /// `app_id`, `dup_id`, `remote_cluster`, `remote_app_name`, `status`, `partition`, `address`, `name`.
    pub says: Vec<&'static str>,
    /// The line.
    pub line: Evidence,
}

/// Looks a name or an id up; `logged` is the model with the names of the logs, `shown` the one to show.
///
/// `alias` gives what stands for a name where names are replaced.
pub fn whois(
    asked: &str,
    only: &DuplicationFilter,
    report: &Report,
    logged: &Model,
    shown: &Model,
    alias: &dyn Fn(&str) -> String,
) -> Whois {
    let asked = asked.trim();
    let key = Asked::new(asked);
    let lines = Lines { report, logged, shown };
    let mut is: BTreeSet<&'static str> = BTreeSet::new();
    let mut duplications = Vec::new();
    for (index, story) in logged.stories.iter().enumerate().filter(|(_, s)| !s.told.is_empty() && only.wants(&s.identity)) {
        let found = key.of_story(logged, story);
        if !found.is_empty() {
            let partition = key.gpid.filter(|_| found.contains(&"partition")).map(|g| g.partition);
            duplications.push(lines.duplication(index, partition));
            is.extend(found);
        }
    }
    let mut servers = Vec::new();
    for (index, server) in logged.servers.iter().enumerate() {
        let found = key.of_server(server);
        if !found.is_empty() {
            servers.push(lines.server(index, asked));
            is.extend(found);
        }
    }
    let (others, others_are) = if duplications.is_empty() && servers.is_empty() { lines.naming(asked, MOST) } else { (Vec::new(), None) };
    is.extend(others_are);
    duplications.sort_by(|a, b| (&a.app_name, a.app_id, a.dup_id).cmp(&(&b.app_name, b.app_id, b.dup_id)));
    let near = if is.is_empty() { near::near(asked, logged).iter().map(|name| alias(name)).collect() } else { Vec::new() };
    Whois { schema_version: SCHEMA_VERSION, asked: alias(asked), is: is.into_iter().collect(), duplications, servers, lines: others, near }
}

/// What was asked for, in every way that it can be meant.
struct Asked<'a> {
    name: &'a str,
    number: Option<i64>,
    key: Option<DupKey>,
    gpid: Option<Gpid>,
}

impl<'a> Asked<'a> {
    fn new(name: &'a str) -> Self {
        let plain = name.trim_start_matches('[').trim_end_matches(']');
        let key = plain
            .strip_prefix('a')
            .and_then(|p| p.split_once('d'))
            .and_then(|(a, d)| DupKey::of(a.parse().ok().map(AppId), d.parse().ok().map(DupId)));
        // `a5` and `d1716603063` are parts of such a key.
        let part = plain.strip_prefix(['a', 'd']).unwrap_or(plain);
        Self { name, number: part.parse().ok(), key, gpid: plain.parse().ok() }
    }

    fn of_story(&self, model: &Model, story: &Story) -> Vec<&'static str> {
        let known = &story.identity;
        let is = |name: &Option<String>| name.as_deref() == Some(self.name);
        let partition = self.gpid.is_some_and(|g| Some(g.app_id) == known.app_id && story.partition_count.is_none_or(|n| g.partition < n));
        let home = model.clusters.get(story.cluster).map(|c| last_part(c));
        let all = [
            ("table", is(&known.app_name)),
            ("target-table", is(&known.remote_app_name)),
            ("app-id", self.number.is_some_and(|n| known.app_id == Some(AppId(n)))),
            ("dup-id", self.number.is_some_and(|n| known.dup_id == Some(DupId(n))) || self.key.is_some() && self.key == known.key()),
            ("partition", partition),
            ("cluster", is(&known.remote_cluster) || home == Some(self.name)),
        ];
        all.into_iter().filter(|(_, fits)| *fits).map(|(what, _)| what).collect()
    }

    fn of_server(&self, server: &ServerLog) -> Vec<&'static str> {
        let label = server.label == self.name || last_part(&server.label) == self.name;
        let host = |address: &str| address.rsplit_once(':').map(|(host, _)| host.to_owned());
        let address = server.own.iter().flat_map(|own| addresses(own)).any(|a| a == self.name || host(&a).as_deref() == Some(self.name));
        let cluster = last_part(&server.cluster) == self.name;
        [("server", label), ("address", address), ("cluster", cluster)]
            .into_iter()
            .filter(|(_, fits)| *fits)
            .map(|(what, _)| what)
            .collect()
    }
}

/// A folder without those above it, and without the number that tells two of a folder apart.
fn last_part(label: &str) -> &str {
    label.split('#').next().unwrap_or_default().rsplit('/').next().unwrap_or_default()
}

/// Lines by server, the most talkative first.
fn tellers(counts: BTreeMap<(String, Option<ServerRole>), u64>) -> Vec<ServerMentions> {
    let mut all: Vec<ServerMentions> = counts.into_iter().map(|((server, role), lines)| ServerMentions { server, role, lines }).collect();
    all.sort_by(|a, b| (std::cmp::Reverse(a.lines), &a.server).cmp(&(std::cmp::Reverse(b.lines), &b.server)));
    all
}
