//! How far the lines reach that tell how duplications are: those of the leading meta server.

use super::story::Story;
use super::{PlacedRun, ServerLog};
use crate::event::{EventKind as E, Role};
use crate::pegasus::{LogTime, TimeDelta};
use crate::run::Run;

/// A leader writes about each duplication every 5 minutes (`report_progress_if_time_up`), and about its tables more often. One that
/// writes nothing for twice as long leads no more; logs that end so much earlier than others do not tell the present.
pub(crate) const SILENCE: TimeDelta = TimeDelta::mins(11);

/// The leading meta server of a cluster, as far as its log is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leader {
    /// The server.
    pub server: usize,
    /// The first line of its log that only a leader writes, no other leader having been seen since.
    pub first: LogTime,
    /// Until when its log tells.
    pub until: LogTime,
}

/// The last leader of each cluster.
pub(super) fn leaders(runs: &[PlacedRun], servers: &[ServerLog], cluster_of: &[usize], clusters: usize) -> Vec<Option<Leader>> {
    let mut leaders: Vec<Option<Leader>> = vec![None; clusters];
    for placed in runs.iter().filter(|p| p.run.kind().leads() && p.run.pattern.role == Role::Meta && !p.run.kind().is_answer()) {
        let (leader, first, last) = (&mut leaders[cluster_of[placed.server]], placed.run.first.at, placed.run.last().at);
        match leader {
            Some(leader) if leader.server == placed.server => leader.until = leader.until.max(last),
            // The last lines of an old leader may be a little younger than the first ones of the new one.
            Some(leader) if leader.until > last => {}
            _ => *leader = Some(Leader { server: placed.server, first, until: last }),
        }
    }
    for leader in leaders.iter_mut().flatten() {
        let end = servers[leader.server].log_end().unwrap_or(leader.until);
        if end.since(leader.until) <= SILENCE {
            leader.until = end.max(leader.until);
        }
    }
    leaders
}

/// Until when it is known how a duplication is: its cluster's leader has told of it and still leads, or somebody asked.
pub(super) fn sight(story: &Story, leader: Option<Leader>, runs: &[PlacedRun], cluster_of: &[usize]) -> Option<LogTime> {
    let told = || story.told.iter().map(|told| &runs[told.run]);
    let by_leader = |p: &PlacedRun| p.run.kind().leads() && p.run.pattern.role == Role::Meta && cluster_of[p.server] == story.cluster;
    let led = leader.filter(|_| told().any(|p| !p.run.kind().is_answer() && by_leader(p))).map(|leader| leader.until);
    let answered =
        told().filter(|p| p.run.kind().is_answer() && tells_status(p.run.kind()) && !is_metric(&p.run)).map(|p| p.run.last().at).max();
    led.max(answered)
}

/// A metric, which a partition has in any status.
fn is_metric(run: &Run) -> bool {
    matches!(run.kind(), E::MutationLossCounted | E::DupMetricCounted)
        || (run.kind() == E::PendingAnswered && run.number("dup_id").is_none())
}

/// What is in `ZooKeeper` need not be in force, and how tables are says nothing of the duplication.
pub(super) fn tells_status(answer: E) -> bool {
    !is_stored(answer) && !matches!(answer, E::TableAnswered | E::PartitionsAnswered)
}

/// What is in `ZooKeeper` need not be in force.
pub(super) fn is_stored(kind: E) -> bool {
    matches!(kind, E::DupNodeAnswered | E::DupNodePresent | E::DupNodeMissing | E::DupNodesListed)
}
