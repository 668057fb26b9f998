//! One cause per problem: which finding explains which, within a duplication and across servers and clusters.

use super::found::{Found, Leader, Subject};
use super::model::{Scope, Severity, SignatureRole};
use crate::pegasus::TimeDelta;
use crate::timeline::{Model, Span};

/// Leaves out fallbacks where something was found, and marks what another finding explains: it is
/// shown as a consequence and does not count twice.
pub(super) fn settle<'s>(mine: Vec<(Found<'s>, Span)>, found: &mut Vec<Found<'s>>) {
    let overlap = |a: &Span, b: &Span| a.until.is_none_or(|u| b.since < u) && b.until.is_none_or(|u| a.since < u);
    // The deepest cause leads: one that nothing else explains.
    let explains = |other: &Found<'_>, s: &Span, hit: &Found<'_>, span: &Span| {
        let named = other.signature.supersedes.contains(&hit.signature.code) && other.signature.code != hit.signature.code;
        named && other.active >= hit.active && overlap(span, s)
    };
    let leader = |hit: &Found<'_>, span: &Span| {
        let explaining = mine.iter().filter(|(other, s)| explains(other, s, hit, span));
        explaining
            .max_by_key(|(other, _)| (other.severity, other.confidence, std::cmp::Reverse(&other.signature.code)))
            .map(|(o, _)| o.signature.code.as_str())
    };
    let better = |hit: &Found<'_>, span: &Span| {
        mine.iter().any(|(o, s)| {
            !o.signature.fallback && o.active && o.severity >= Severity::Error && overlap(span, s) && o.signature.code != hit.signature.code
        })
    };
    let leaders: Vec<Option<&'s str>> = mine.iter().map(|(hit, span)| leader(hit, span).and_then(|code| own(&mine, code))).collect();
    let drop: Vec<bool> = mine
        .iter()
        .zip(&leaders)
        .map(|((hit, span), leader)| {
            let explained = leader.is_some();
            // A fallback says only that nothing else does; what was overcome is no consequence.
            (hit.signature.fallback && (explained || better(hit, span))) || (explained && !hit.active)
        })
        .collect();
    for (((mut hit, _), leader), drop) in mine.into_iter().zip(leaders).zip(drop) {
        if drop {
            continue;
        }
        if leader.is_some() {
            hit.caused_by = leader.map(|code| Leader { code, server: None });
            hit.severity = Severity::Info;
        }
        found.push(hit);
    }
}

/// The code with the lifetime of its signature.
fn own<'s>(mine: &[(Found<'s>, Span)], code: &str) -> Option<&'s str> {
    mine.iter().map(|(f, _)| f.signature.code.as_str()).find(|c| *c == code)
}

/// Marks what a finding about a server explains of the duplications of its cluster, or of those whose target that is.
pub(super) fn settle_across(model: &Model, found: &mut [Found<'_>]) {
    let causes: Vec<usize> = (0..found.len()).filter(|&c| is_cause(model, &found[c])).collect();
    if causes.is_empty() {
        return;
    }
    for index in 0..found.len() {
        let hit = &found[index];
        // What was overcome is no consequence any more, and what the duplication's own lines explain needs no other cause.
        if !hit.active || hit.caused_by.is_some() || hit.severity <= Severity::Info {
            continue;
        }
        let explaining = causes.iter().map(|&c| &found[c]).filter(|cause| explains(model, cause, hit));
        let leader = explaining
            .max_by_key(|c| (c.severity, c.confidence, std::cmp::Reverse((&c.signature.code, c.first, c.subject))))
            .and_then(|c| Some(Leader { code: &c.signature.code, server: Some(server_of(c)?) }));
        if let Some(leader) = leader {
            let hit = &mut found[index];
            hit.caused_by = Some(leader);
            hit.alone = Some(hit.severity);
            hit.severity = Severity::Info;
        }
    }
}

fn server_of(found: &Found<'_>) -> Option<usize> {
    if let Subject::Server(server) = found.subject { Some(server) } else { None }
}

/// Whether it can explain anything: it goes on, and a server that gave up is not back.
fn is_cause(model: &Model, found: &Found<'_>) -> bool {
    let Some(server) = server_of(found) else { return false };
    let back = model.servers[server].restarts.iter().any(|r| r.started.is_some() && r.fatal.iter().any(|f| found.main.contains(f)));
    found.signature.scope == Scope::Server
        && found.active
        && found.severity > Severity::Info
        && !found.signature.supersedes.is_empty()
        && !back
}

/// Whether the signature names it, it is about the right servers, and was there in time.
fn explains(model: &Model, cause: &Found<'_>, hit: &Found<'_>) -> bool {
    /// Clocks, and requests on their way.
    const LATE: TimeDelta = TimeDelta::secs(30);
    let Some(server) = server_of(cause) else { return false };
    // The cause stands for both, so it is no less grave.
    if cause.severity < hit.severity || !cause.signature.supersedes.contains(&hit.signature.code) || !concerns(model, cause, server, hit) {
        return false;
    }
    // A server that gave up explains only what began after that.
    let gave_up = model.servers[server].restarts.iter().any(|r| r.fatal.iter().any(|f| cause.main.contains(f)));
    let begins = if gave_up && !hit.main.is_empty() { hit.first } else { hit.last };
    begins >= cause.first - LATE
}

/// Whether the server is of the cluster of what was found, or of its target, as the cause's roles have it.
fn concerns(model: &Model, cause: &Found<'_>, server: usize, hit: &Found<'_>) -> bool {
    let home = |cluster: usize| model.clusters.get(cluster) == Some(&model.servers[server].cluster);
    let of = |roles: [SignatureRole; 2]| cause.signature.roles.iter().any(|role| roles.contains(role));
    let source = of([SignatureRole::SourceMeta, SignatureRole::SourceReplica]);
    let target = of([SignatureRole::TargetMeta, SignatureRole::TargetReplica]);
    match hit.subject {
        Subject::Story(story, _) => {
            let story = &model.stories[story];
            (source && home(story.cluster)) || (target && model.target(story).is_some_and(home))
        }
        Subject::Request(request) => {
            let asked = model.runs[model.requests[request].run].server;
            source && model.servers[asked].cluster == model.servers[server].cluster
        }
        Subject::Server(other) => other == server && cause.signature.code != hit.signature.code,
        Subject::Input(_) => false,
    }
}
