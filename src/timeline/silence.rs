//! What a log that is followed does not say any more. Logs that are only read say nothing about later times.

use super::fact::{FactName as N, Facts};
use super::model::Model;
use super::story::Span;
use super::{FollowState, ServerLog};
use crate::event::EventKind as E;
use crate::pegasus::{DupStatus, LogTime, ServerRole, TimeDelta};

/// Facts about the silence of a server.
pub(super) fn facts(model: &Model, server: usize, facts: &mut Facts) {
    let log = &model.servers[server];
    if log.following == FollowState::No {
        return;
    }
    facts.put(N::Followed, log.following == FollowState::Followed);
    let Some((_, end)) = log.span.filter(|_| log.following == FollowState::Followed) else { return };
    facts.put(N::QuietFor, model.now.since(log.heard.map_or(end, |heard| heard.max(end))));
    facts.put_known(N::ClockOff, log.clock_off.map(TimeDelta::abs));
    if let Some(last) = last_sync(model, server, log) {
        facts.put(N::SyncQuietFor, end.since(last));
    }
}

/// Until when a status counts that no line contradicts: where somebody looks whether lines come, until now.
pub(super) fn goes_on_until(model: &Model, span: &Span) -> Option<LogTime> {
    let followed = model.servers.iter().any(|s| s.following == FollowState::Followed && s.role == Some(ServerRole::Meta));
    (followed && span.until.is_none()).then_some(model.now)
}

/// The last line of a duplication sync, where such lines must come: a replica server syncs every 10 s, and every
/// duplication is reported every 5 minutes (`report_progress_if_time_up`).
fn last_sync(model: &Model, server: usize, log: &ServerLog) -> Option<LogTime> {
    let home = |cluster: usize| model.clusters.get(cluster) == Some(&log.cluster);
    let synced = |status| matches!(status, DupStatus::DsPrepare | DupStatus::DsApp | DupStatus::DsLog);
    let expected = model.stories.iter().any(|s| home(s.cluster) && s.removed.is_none() && s.status().is_some_and(synced));
    if log.role != Some(ServerRole::Meta) || !expected {
        return None;
    }
    let syncs = model.runs.iter().filter(|p| is_sync(p.run.kind()) && model.servers[p.server].cluster == log.cluster);
    // The syncs go to the leader; who was it before is silent by right.
    let newest = syncs.max_by_key(|p| p.run.last().at)?;
    (newest.server == server).then_some(newest.run.last().at)
}

fn is_sync(kind: E) -> bool {
    matches!(
        kind,
        E::DupReport
            | E::CheckpointNotReady
            | E::FollowerAppCreateFailed
            | E::FollowerAppCheckFailed
            | E::FollowerAppCreateRequest
            | E::FollowerAppCheckRequest
            | E::FollowerAppMarkCreatedFailed
    )
}
