//! What is not there any more: duplications that a new leader does not know, and added ones that were never stored.

use super::model::Model;
use super::requests::{Request, Requested};
use super::sight::tells_status;
use super::story::Story;
use super::{PlacedRun, ServerLog};
use crate::event::{EventKind as E, Role};
use crate::pegasus::{LogTime, ServerRole, TimeDelta};

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

/// Whether a line shows that the meta servers know the duplication: not what somebody asks of them, nor what others hold.
fn mentions(kind: E) -> bool {
    let requested = matches!(kind, E::ModifyDupRequest | E::AddDupRequest | E::AddDupTyped | E::QueryDupRefused);
    let denied = matches!(kind, E::DupRestoreBadJson | E::DupBadPath | E::NoDuplicationAnswered | E::DuplicationNotAnswered);
    !requested && !denied && tells_status(kind)
}

/// Whether the last leader to take over has not read the duplication from `ZooKeeper`, as far as the runs told so far show it.
pub(super) fn at_restore(story: &Story, runs: &[PlacedRun], servers: &[ServerLog], cluster_of: &[usize]) -> bool {
    /// The first syncs after a restore come within 10 s and report every duplication.
    const ENOUGH: TimeDelta = TimeDelta::mins(1);
    let Some(&restore) = story.restores.last() else { return false };
    let told = || story.told.iter().map(|t| &runs[t.run]);
    let mentioned = told().any(|p| p.run.pattern.role == Role::Meta && p.run.last().at > restore && mentions(p.run.kind()));
    let unread = || told().any(|p| p.run.kind() == E::DupRestoreBadJson && p.run.last().at >= restore);
    let here = |s: usize| !servers[s].answers && servers[s].role == Some(ServerRole::Meta) && cluster_of[s] == story.cluster;
    let goes_on = || (0..servers.len()).filter(|&s| here(s)).filter_map(|s| servers[s].log_end()).any(|end| end.since(restore) >= ENOUGH);
    !mentioned && told().any(|p| p.run.first.at < restore) && (unread() || told().any(|p| dropped(p, restore)) || goes_on())
}

/// Whether a primary is told that its table is not duplicated, which is 6 to 9 s after the take-over.
fn dropped(placed: &PlacedRun, restore: LogTime) -> bool {
    let primary = || placed.run.field("replica_status").is_some_and(|status| status.ends_with("PS_PRIMARY"));
    placed.run.kind() == E::DuplicatorsRemoved && placed.run.last().at > restore && primary()
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
    let mentioned = by_source_meta(model, story).any(|p| p.run.last().at > restore && mentions(p.run.kind()));
    let elapsed = model.now.since(restore);
    if !existed || story.removed.is_some() || mentioned {
        return false;
    }
    if by_source(model, story).any(|p| dropped(p, restore)) {
        return true;
    }
    if elapsed < BESIDE_OTHERS {
        return false;
    }
    let entry = |kind: E| kind.has_entry() && mentions(kind);
    let reported = |other: &Story| by_source_meta(model, other).any(|p| entry(p.run.kind()) && p.run.last().at > restore);
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
