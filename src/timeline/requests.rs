//! The requests of operators, and what came of them.

use super::story::Story;
use super::{PlacedRun, ServerLog};
use crate::event::EventKind as E;
use crate::pegasus::{DupStatus, LogTime, TimeDelta};
use std::collections::BTreeMap;

/// What an operator asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requested {
    /// `add_dup`
    Add,
    /// `start_dup`, `pause_dup`, `remove_dup`, `set_dup_fail_mode`
    Modify,
}

/// A request of an operator and what came of it.
#[derive(Debug, Clone)]
pub struct Request {
    /// What was asked for.
    pub requested: Requested,
    /// The run of request lines.
    pub run: usize,
    /// The effect followed; `None` when the log ends too early to tell.
    pub answered: Option<bool>,
    /// The duplication was there before.
    pub existing: bool,
    /// The duplication, if it is known.
    pub story: Option<usize>,
    /// The duplication's status when it was asked.
    pub status: Option<DupStatus>,
    /// Lines that followed on the same thread: refusals and their reasons.
    pub told: Vec<usize>,
}

/// How long the effect of a request may take; it waits for ZooKeeper.
const ANSWER: TimeDelta = TimeDelta::secs(5);

/// The requests of operators and what came of them.
#[expect(clippy::wildcard_enum_match_arm, reason = "most of the nearly two hundred kinds of events change nothing here")]
pub(super) fn requests(runs: &[PlacedRun], stories: &[Story], servers: &[ServerLog], cluster_of: &[usize]) -> Vec<Request> {
    let mut by_name: BTreeMap<(usize, Option<&str>), Vec<usize>> = BTreeMap::new();
    for (index, story) in stories.iter().enumerate() {
        by_name.entry((story.cluster, story.identity.app_name.as_deref())).or_default().push(index);
    }
    let mut found = Vec::new();
    for (index, placed) in runs.iter().enumerate() {
        let requested = match placed.run.kind() {
            E::AddDupRequest => Requested::Add,
            // What the logs have, too, is told by them.
            E::AddDupTyped if !in_logs(runs, index, cluster_of) => Requested::Add,
            E::ModifyDupRequest => Requested::Modify,
            _ => continue,
        };
        let run = &placed.run;
        let (first, last) = (run.first.at, run.last().at + ANSWER);
        let cluster = cluster_of[placed.server];
        let matching = |story: &Story| {
            let dup = run.number("dup_id").is_none_or(|d| story.identity.dup_id.is_some_and(|s| s.0 == d));
            let remote = run.field("remote_cluster").is_none_or(|r| story.identity.remote_cluster.as_deref() == Some(r));
            dup && remote
        };
        let namesakes: &[usize] = by_name.get(&(cluster, run.field("app_name"))).map_or(&[], Vec::as_slice);
        let story = namesakes.iter().rev().copied().find(|&s| matching(&stories[s]) && stories[s].alive_at(last));
        let within = |at: LogTime| at >= first && at <= last;
        let effect = namesakes.iter().map(|&s| &stories[s]).filter(|s| matching(s)).any(|s| match requested {
            // Wording of the success may be unknown; the first change of status is as good.
            Requested::Add => {
                s.added.into_iter().chain(s.transitions.iter().filter(|t| t.from == Some(DupStatus::DsInit)).map(|t| t.at)).any(within)
            }
            Requested::Modify => s.transitions.iter().any(|t| within(t.at)),
        });
        let ends_early = servers[placed.server].span.is_none_or(|s| s.1 < last);
        let existing = story.is_some_and(|s| {
            stories[s].added.is_none_or(|a| a < first)
                && stories[s].identity.dup_id.is_some_and(|d| LogTime::from_secs(d.0) < first - TimeDelta::secs(1))
        });
        // A shell says at once what the log only shows by its silence.
        let told: Vec<usize> = runs[index + 1..]
            .iter()
            .enumerate()
            .take_while(|(_, p)| p.run.first.at <= last)
            // What follows the next request answers that one.
            .take_while(|(_, p)| {
                !(p.server == placed.server && matches!(p.run.kind(), E::AddDupRequest | E::ModifyDupRequest | E::AddDupTyped))
            })
            .filter(|(_, p)| p.server == placed.server && p.run.thread == run.thread && p.run.kind().refuses())
            .map(|(offset, _)| index + 1 + offset)
            .collect();
        let refused = told.iter().any(|&t| matches!(runs[t].run.kind(), E::AddDupRefused | E::AddDupHollow));
        found.push(Request {
            requested,
            run: index,
            answered: (effect || refused || !ends_early).then_some(effect),
            existing,
            story,
            status: story.and_then(|s| stories[s].status_at(LogTime(first.0 - 1))),
            told,
        });
    }
    found
}

/// Whether a meta server's log has the request that was typed.
fn in_logs(runs: &[PlacedRun], index: usize, cluster_of: &[usize]) -> bool {
    /// Clocks of shells and servers may be so much apart.
    const APART: TimeDelta = TimeDelta::secs(30);
    let typed = &runs[index];
    let at = typed.run.first.at;
    let same = |p: &&PlacedRun| {
        let names = ["app_name", "remote_cluster"].iter().all(|n| p.run.field(n) == typed.run.field(n));
        p.run.kind() == E::AddDupRequest && cluster_of[p.server] == cluster_of[typed.server] && names
    };
    let near = |p: &&PlacedRun| (p.run.first.at - at).abs() <= APART;
    runs.iter().filter(same).any(|p| near(&p))
}
