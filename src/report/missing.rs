//! Which logs that are not there would decide a finding, and how to collect them.

use super::server::cluster_of;
use super::{MissingLogs, Time, Window};
use crate::event::Role;
use crate::pegasus::DupStatus;
use crate::signature::{Command, Confidence, Found};
use crate::timeline::{ServerLog, Span, Story, World, addresses};
use std::collections::BTreeSet;

/// The logs that a finding lacks: for fallbacks those of the status, for uncertain ones those of the signature.
pub(super) fn missing_logs(world: &World, found: &Found<'_>, story: &Story, span: Option<&Span>) -> Vec<MissingLogs> {
    let signature = found.signature;
    let undecided = signature.fallback || found.confidence == Confidence::Possible;
    if !found.active || !undecided || found.caused_by.is_some() {
        return Vec::new();
    }
    let mut wanted: BTreeSet<&'static str> = BTreeSet::new();
    match span.and_then(|s| s.status).or(story.status()) {
        Some(DupStatus::DsApp) => wanted.extend(["target meta", "target replica"]),
        Some(DupStatus::DsInit | DupStatus::DsPrepare | DupStatus::DsLog | DupStatus::DsStart | DupStatus::DsPause) => {
            wanted.extend(["source replica", "target meta"]);
        }
        Some(DupStatus::DsRemoved) | None => wanted.extend(["source meta"]),
    }
    wanted.extend(ROLES.iter().filter(|role| signature.roles.iter().any(|r| r == *role)));
    let present = present(world, story);
    let since = span.map_or(world.beginning, |s| s.since);
    let window = Window { first: Some(Time(since)), last: Some(Time(world.now)) };
    let missing = |role: &'static str| {
        let servers = absent(world, story, role);
        // Where the logs of some servers are there, only those of the others are missing.
        (!present.contains(role) || !servers.is_empty()).then(|| MissingLogs {
            role,
            cluster: if role.starts_with("target") { story.remote_cluster.clone() } else { cluster_name(world, story) },
            servers,
            window,
            command: command(role, window),
        })
    };
    ROLES.iter().filter(|role| wanted.contains(*role)).filter_map(|role| missing(role)).collect()
}

/// Servers of the role that lines name and whose logs are not there.
fn absent(world: &World, story: &Story, role: &str) -> Vec<String> {
    let home = world.clusters.get(story.cluster);
    let at_home = |server: &&ServerLog| Some(&server.cluster) == home;
    let (of_home, kind) = (role.starts_with("source"), if role.ends_with("meta") { "meta" } else { "replica" });
    let mut named: BTreeSet<&String> = BTreeSet::new();
    for server in world.servers.iter().filter(|s| at_home(s) == of_home) {
        named.extend(if kind == "meta" { &server.named.metas } else { &server.named.replicas });
    }
    if role == "source replica" {
        named.extend(world.servers.iter().filter(|s| !at_home(s)).flat_map(|s| &s.named.masters));
    }
    let there: Vec<&ServerLog> = world.servers.iter().filter(|s| at_home(s) == of_home && s.role == Some(kind)).collect();
    // A log without an address of its own can be any server's.
    if there.iter().any(|s| s.own.is_empty()) {
        return Vec::new();
    }
    let known = |name: &&String| !there.iter().any(|s| addresses(name).any(|a| s.own.contains(&a)));
    named.into_iter().filter(known).cloned().collect()
}

const ROLES: &[&str] = &["source meta", "source replica", "target meta", "target replica"];

/// Roles whose logs are among the inputs, as far as this duplication is concerned.
fn present(world: &World, story: &Story) -> BTreeSet<&'static str> {
    let mut roles = BTreeSet::new();
    let home = world.clusters.get(story.cluster);
    for server in &world.servers {
        let at_home = Some(&server.cluster) == home;
        match (server.role, at_home) {
            (Some("meta"), true) => roles.insert("source meta"),
            (Some("replica"), true) => roles.insert("source replica"),
            (Some("meta"), false) => roles.insert("target meta"),
            (Some("replica"), false) => roles.insert("target replica"),
            _ => false,
        };
    }
    // In one folder the lines tell more than the place.
    for told in &story.told {
        if world.runs[told.run].run.pattern.role == Role::FollowerReplica {
            roles.insert("target replica");
        }
    }
    roles
}

/// The name of the source's cluster, if its folders tell.
fn cluster_name(world: &World, story: &Story) -> Option<String> {
    let home = world.clusters.get(story.cluster)?;
    let server = world.servers.iter().find(|s| s.cluster == *home)?;
    cluster_of(server).map(str::to_owned)
}

/// Packs what a server logged since the span began, rotated files included.
fn command(role: &'static str, window: Window) -> Command {
    let at = match role {
        "source meta" => "source-meta-host",
        "source replica" => "source-replica-host",
        "target meta" => "target-meta-host",
        _ => "target-replica-host",
    };
    let since = window.first.map_or_else(String::new, |t| t.0.utc().format("%Y-%m-%d %H:%M:%SZ").to_string());
    let name = role.replace(' ', "-");
    Command { at: at.to_owned(), run: format!("find <log directory> -type f -newermt '{since}' | tar czf $(hostname)-{name}.tar.gz -T -") }
}
