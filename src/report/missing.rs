//! Which logs that are not there would tell how a duplication is or decide a finding, and how to collect them.

use super::server::cluster_of;
use super::{MissingLogs, Time, Window};
use crate::event::Role;
use crate::pegasus::{DupStatus, LogTime, ServerGroup, ServerRole, Side};
use crate::signature::{Command, Confidence, Found, Lang, translate_open};
use crate::timeline::{Model, ServerLog, Span, Story, addresses};
use std::collections::{BTreeMap, BTreeSet};

/// The logs that a finding lacks: for fallbacks those of the status, for uncertain ones those of the signature.
pub(super) fn missing_logs(model: &Model, found: &Found<'_>, story: &Story, span: Option<&Span>, lang: Lang) -> Vec<MissingLogs> {
    let signature = found.signature;
    let undecided = signature.fallback || found.confidence == Confidence::Possible;
    if !found.active || !undecided || found.caused_by.is_some() {
        return Vec::new();
    }
    let mut wanted: BTreeSet<ServerGroup> = signature.roles.iter().filter_map(|role| role.servers()).collect();
    match span.and_then(|s| s.status).or(story.status()) {
        Some(DupStatus::DsApp) => wanted.extend([ServerGroup::TargetMeta, ServerGroup::TargetReplica]),
        Some(DupStatus::DsInit | DupStatus::DsPrepare | DupStatus::DsLog | DupStatus::DsStart | DupStatus::DsPause) => {
            wanted.extend([ServerGroup::SourceReplica, ServerGroup::TargetMeta]);
        }
        Some(DupStatus::DsRemoved) | None => wanted.extend([ServerGroup::SourceMeta]),
    }
    let present = present(model, story);
    let since = span.map_or(model.beginning, |s| s.since);
    let missing = |role: ServerGroup| {
        let logs = logs(model, story, role, since, lang);
        // Where the logs of some servers are there, only those of the others are missing.
        (!present.contains(&role) || !logs.servers.is_empty()).then_some(logs)
    };
    wanted.into_iter().filter_map(missing).collect()
}

/// The source's logs that would tell how duplications are: each with the moment from which on nothing tells.
pub(super) fn untold_by<'s>(
    model: &Model,
    untold: impl Iterator<Item = (&'s Story, ServerGroup, LogTime)>,
    lang: Lang,
) -> Vec<MissingLogs> {
    // Whose servers they are, and which of these are absent, is the same for all duplications of a cluster.
    let mut all: BTreeMap<(ServerGroup, usize), (&Story, LogTime)> = BTreeMap::new();
    for (story, role, since) in untold {
        let (_, first) = all.entry((role, story.cluster)).or_insert((story, since));
        *first = since.min(*first);
    }
    all.into_iter().map(|((role, _), (story, since))| logs(model, story, role, since, lang)).collect()
}

fn logs(model: &Model, story: &Story, role: ServerGroup, since: LogTime, lang: Lang) -> MissingLogs {
    let window = Window { first: Some(Time(since)), last: Some(Time(model.now)) };
    MissingLogs {
        role,
        cluster: match role.side() {
            Side::Source => cluster_name(model, story),
            Side::Target => story.identity.remote_cluster.clone(),
        },
        servers: absent(model, story, role),
        window,
        command: command(role, window, lang),
    }
}

/// Servers of the role that lines name and whose logs are not there.
fn absent(model: &Model, story: &Story, wanted: ServerGroup) -> Vec<String> {
    let side = |server: &&ServerLog| side(model, story, server);
    let mut named: BTreeSet<&String> = BTreeSet::new();
    for server in model.servers.iter().filter(|s| side(s) == wanted.side()) {
        named.extend(match wanted.role() {
            ServerRole::Meta => &server.named.metas,
            ServerRole::Replica => &server.named.replicas,
        });
    }
    if wanted == ServerGroup::SourceReplica {
        named.extend(model.servers.iter().filter(|s| side(s) == Side::Target).flat_map(|s| &s.named.masters));
    }
    let there: Vec<&ServerLog> = model.servers.iter().filter(|s| side(s) == wanted.side() && s.role == Some(wanted.role())).collect();
    // A log without an address of its own can be any server's.
    if there.iter().any(|s| s.own.is_empty()) {
        return Vec::new();
    }
    let known = |name: &&String| !there.iter().any(|s| addresses(name).any(|a| s.own.contains(&a)));
    named.into_iter().filter(known).cloned().collect()
}

/// Whose a server is, by its cluster.
fn side(model: &Model, story: &Story, server: &ServerLog) -> Side {
    if Some(&server.cluster) == model.clusters.get(story.cluster) { Side::Source } else { Side::Target }
}

/// Servers whose logs are among the inputs, as far as this duplication is concerned.
fn present(model: &Model, story: &Story) -> BTreeSet<ServerGroup> {
    let group = |server: &ServerLog| Some(ServerGroup::of(side(model, story, server), server.role?));
    let mut groups: BTreeSet<ServerGroup> = model.servers.iter().filter_map(group).collect();
    // In one folder the lines tell more than the place.
    if story.told.iter().any(|told| model.runs[told.run].run.pattern.role == Role::FollowerReplica) {
        groups.insert(ServerGroup::TargetReplica);
    }
    groups
}

/// The name of the source's cluster, if its folders tell.
fn cluster_name(model: &Model, story: &Story) -> Option<String> {
    let home = model.clusters.get(story.cluster)?;
    match model.servers.iter().find(|s| s.cluster == *home) {
        Some(server) => cluster_of(server).map(str::to_owned),
        // Only the target's lines name it.
        None => Some(home.clone()),
    }
}

/// Packs what a server logged since the span began, rotated files included.
fn command(role: ServerGroup, window: Window, lang: Lang) -> Command {
    let since = window.first.map_or_else(String::new, |t| t.0.utc().format("%Y-%m-%d %H:%M:%SZ").to_string());
    let name = role.name().replace(' ', "-");
    let run = format!("find <log directory> -type f -newermt '{since}' | tar czf $(hostname)-{name}.tar.gz -T -");
    Command { at: format!("{name}-host"), run: translate_open(&run, lang) }
}
