//! What is not there any more: duplications that a new leader does not know, and added ones that were never stored.

use super::PlacedRun;
use super::model::Model;
use super::requests::{Request, Requested};
use super::story::Story;
use crate::event::{EventKind as E, Role};
use crate::pegasus::TimeDelta;

impl Model {
    /// Whether it is known how a duplication is now, and not only how it was.
    #[must_use]
    pub fn in_sight(&self, story: &Story) -> bool {
        story.sight.is_some_and(|until| self.reaches_the_end(until)) && !vanished(self, story)
    }
}

/// What servers of its own cluster tell about it; the target's meta servers speak of it as well.
fn by_source<'w>(model: &'w Model, story: &'w Story) -> impl Iterator<Item = &'w PlacedRun> {
    let cluster = model.clusters.get(story.cluster);
    let told = story.told.iter().map(|t| &model.runs[t.run]);
    told.filter(move |p| cluster == Some(&model.servers[p.server].cluster))
}

pub(super) fn by_source_meta<'w>(model: &'w Model, story: &'w Story) -> impl Iterator<Item = &'w PlacedRun> {
    by_source(model, story).filter(|p| p.run.pattern.role == Role::Meta)
}

/// Whether a new leader of the meta servers does not know a duplication that was there before.
pub(super) fn vanished(model: &Model, story: &Story) -> bool {
    /// The first sync after a restore comes within 10 s and reports every duplication.
    const ENOUGH: TimeDelta = TimeDelta::mins(2);
    /// Where another duplication of the cluster was reported since, syncs come.
    const BESIDE_OTHERS: TimeDelta = TimeDelta::mins(1);
    let Some(&restore) = story.restores.last() else { return false };
    let gone = |kind: E| matches!(kind, E::DuplicatorClosed | E::DuplicatorsRemoved);
    let existed = by_source(model, story).any(|p| p.run.first.at < restore && !gone(p.run.kind()));
    let sign = |kind: E| !matches!(kind, E::ModifyDupRequest | E::AddDupRequest | E::DupRestoreBadJson | E::DupBadPath);
    let mentioned = by_source_meta(model, story).any(|p| p.run.last().at > restore && sign(p.run.kind()));
    let elapsed = model.now.since(restore);
    if !existed || story.removed.is_some() || mentioned {
        return false;
    }
    // Primaries are told so 6 to 9 s after the take-over.
    let dropped = |p: &PlacedRun| p.run.field("replica_status").is_some_and(|status| status.ends_with("PS_PRIMARY"));
    if by_source(model, story).any(|p| p.run.kind() == E::DuplicatorsRemoved && p.run.last().at > restore && dropped(p)) {
        return true;
    }
    if elapsed < BESIDE_OTHERS {
        return false;
    }
    let reported = |other: &Story| by_source_meta(model, other).any(|p| p.run.kind().has_entry() && p.run.last().at > restore);
    elapsed >= ENOUGH || model.stories.iter().any(|other| other.cluster == story.cluster && reported(other))
}

/// Whether what was to be added is not there although nobody refused it: it was never stored and the meta server that had it
/// in memory is gone, or it was stored and a new leader has not found it.
pub(super) fn lost(model: &Model, request: &Request) -> bool {
    /// A new leader's first syncs tell of all that it knows.
    const TOLD: TimeDelta = TimeDelta::mins(1);
    if request.requested != Requested::Add {
        return false;
    }
    let placed = &model.runs[request.run];
    let (run, server) = (&placed.run, &model.servers[placed.server]);
    if request.answered == Some(true) {
        // What has moved on since is no matter of the request.
        return request.story.map(|s| &model.stories[s]).is_some_and(|s| s.transitions.len() <= 1 && vanished(model, s));
    }
    let refused = |&t: &usize| {
        let told = &model.runs[t].run;
        let busy = told.kind() == E::StartDupFailed && told.field("err") == Some("ERR_BUSY");
        !busy && told.kind() != E::AddDupHollow
    };
    let same = |s: &&Story| {
        let names =
            s.identity.app_name.as_deref() == run.field("app_name") && s.identity.remote_cluster.as_deref() == run.field("remote_cluster");
        names && model.clusters.get(s.cluster) == Some(&server.cluster)
    };
    let there = model.stories.iter().filter(same).any(|s| s.removed.is_none() && s.status().is_some() && !vanished(model, s));
    if there || request.told.iter().any(refused) {
        return false;
    }
    let asked = run.last().at;
    let quit = server.restarts.iter().any(|r| r.aborted() && r.ended >= asked);
    let takes_over = |p: &&PlacedRun| p.run.kind() == E::DupRecoverBegin && model.servers[p.server].cluster == server.cluster;
    let followed = model.runs.iter().filter(takes_over).map(|p| p.run.last().at).filter(|&at| at > asked).min();
    quit || followed.is_some_and(|at| model.now.since(at) >= TOLD)
}
