//! Which logs that are not there would decide a finding, and how to collect them.

use super::{MissingLogs, Time, Window};
use crate::event::Role;
use crate::pegasus::DupStatus;
use crate::signature::{Command, Confidence, Found};
use crate::timeline::{Span, Story, World};
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
    let missing = ROLES.iter().filter(|role| wanted.contains(*role) && !present.contains(*role));
    missing
        .map(|&role| MissingLogs {
            role,
            cluster: if role.starts_with("target") { story.remote_cluster.clone() } else { cluster_name(world, story) },
            servers: Vec::new(),
            window,
            command: command(role, window),
        })
        .collect()
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

/// The last part of the folder that the cluster's servers lie in, if there is one.
fn cluster_name(world: &World, story: &Story) -> Option<String> {
    let folder = world.clusters.get(story.cluster)?;
    folder.rsplit('/').next().filter(|name| !name.is_empty() && *name != ".").map(str::to_owned)
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
