//! Clocks that differ: servers whose lines stand before their causes, or after their effects.
//!
//! Only what cannot have happened the other way round counts. A table is created on the target after
//! the source began to prepare and before it moves on; its replicas copy after that; a source replica
//! learns a status after the meta server stored it. The smallest correction that puts this right is
//! taken; it can be less than the clocks really differ, never more.

use super::line_ids::{created_for, gpid, master_table};
use super::{Model, ServerLog, Story};
use crate::event::{EventKind as E, Role};
use crate::pegasus::{AppId, DupStatus, LogTime, TimeDelta};
use crate::run::Run;
use std::collections::BTreeMap;

/// Differences below this are the network's, or of lines that threads wrote out of order.
const TOLERATED: TimeDelta = TimeDelta::secs(2);

/// A clock that differs by more is not believed: the lines are of another day's duplication.
const FARTHEST: TimeDelta = TimeDelta::hours(6);

/// One end of an order: a run's first line, or for a bound a moment near it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct End {
    server: usize,
    at: LogTime,
    run: usize,
}

/// What came before what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Order {
    cause: End,
    effect: End,
}

/// By how much a server's clock is ahead, and the runs whose order shows it: cause and effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Ahead {
    pub(super) by: TimeDelta,
    pub(super) proof: Option<(usize, usize)>,
}

/// By how much each server's clock is ahead of those of the source's meta servers, as far as the
/// order of things shows it; 0 where it does not.
pub(super) fn offsets(model: &Model) -> Vec<Ahead> {
    let anchors = anchors(model);
    let lines = Lines::of(model);
    let mut namesakes: BTreeMap<&str, usize> = BTreeMap::new();
    for app in model.stories.iter().filter(|s| s.identity.dup_id.is_some()).filter_map(|s| s.identity.app_name.as_deref()) {
        *namesakes.entry(app).or_default() += 1;
    }
    let mut orders = Vec::new();
    // Of two duplications of a table it is not certain which one a line is about.
    let alone_of_its_name = |story: &&Story| story.identity.app_name.as_deref().is_some_and(|app| namesakes.get(app) == Some(&1));
    for story in model.stories.iter().filter(|s| s.identity.dup_id.is_some()).filter(alone_of_its_name) {
        note(model, story, &lines, &mut orders);
    }
    settle(model.servers.len(), &anchors, &orders, |server| alone(&model.servers, server))
}

/// Servers whose clocks count as right: those that tell the statuses.
fn anchors(model: &Model) -> Vec<bool> {
    let mut anchors = vec![false; model.servers.len()];
    for story in &model.stories {
        for transition in story.transitions.iter().filter(|t| t.from.is_some()) {
            anchors[model.runs[transition.run].server] = true;
        }
    }
    anchors
}

/// Lines of several servers in one file have one clock more often than not, and no input of their own.
fn alone(servers: &[ServerLog], server: usize) -> bool {
    let mine = &servers[server].inputs;
    servers.iter().enumerate().all(|(other, log)| other == server || log.inputs.iter().all(|i| !mine.contains(i)))
}

/// Lines by the master table that they are about, and by the source table's id: which story a line is
/// told in depends on its time, which is in doubt here.
struct Lines<'w> {
    followers: BTreeMap<&'w str, Vec<usize>>,
    sources: BTreeMap<AppId, Vec<usize>>,
}

impl<'w> Lines<'w> {
    fn of(model: &'w Model) -> Self {
        let mut lines = Self { followers: BTreeMap::new(), sources: BTreeMap::new() };
        for (index, placed) in model.runs.iter().enumerate() {
            let run = &placed.run;
            if run.pattern.role == Role::Replica && learnt(run).is_some() {
                if let Some(gpid) = gpid(placed) {
                    lines.sources.entry(gpid.app_id).or_default().push(index);
                }
                continue;
            }
            let master = if run.kind() == E::CreateAppRequest {
                run.field("duplication").filter(|d| created_for(d).is_some())
            } else {
                run.field("master").filter(|_| run.kind() == E::FollowerCopyBegin)
            };
            if let Some(master) = master {
                // `cluster.table(address|gpid)`, or `master_cluster_name=…, master_app_name=table`.
                let name =
                    master.rsplit_once("master_app_name=").map_or_else(|| master_table(master), |(_, table)| table.trim_end_matches(')'));
                // A cluster's name can have dots, and so can a table's.
                for table in std::iter::once(name).chain(name.match_indices('.').map(|(at, _)| &name[at + 1..])) {
                    lines.followers.entry(table).or_default().push(index);
                }
            }
        }
        lines
    }

    /// Lines of other clusters about the story's table.
    fn about(&self, model: &Model, story: &Story) -> Vec<usize> {
        let home = model.clusters.get(story.cluster);
        let mine = story.identity.app_name.as_deref().and_then(|app| self.followers.get(app)).into_iter().flatten().copied();
        mine.filter(|&run| Some(&model.servers[model.runs[run].server].cluster) != home).collect()
    }
}

/// What a story shows.
fn note(model: &Model, story: &Story, lines: &Lines<'_>, orders: &mut Vec<Order>) {
    // A history that begins midway does not show which change came first.
    if story.with_checkpoint().is_none() || story.spans.is_empty() {
        return;
    }
    let moved = |to: DupStatus| story.transitions.iter().find(|t| t.to == to && t.from.is_some() && t.from != Some(to));
    let end = |run: usize| End { server: model.runs[run].server, at: model.runs[run].run.first.at, run };
    let kind = |end: &End| model.runs[end.run].run.kind();
    let changed = |to: DupStatus| moved(to).map(|t| end(t.run));
    let mut before = |cause: Option<End>, effect: Option<End>| {
        orders.extend(cause.zip(effect).map(|(cause, effect)| Order { cause, effect }));
    };
    let told = |wanted: E| story.told.iter().map(|t| end(t.run)).filter(|e| kind(e) == wanted).min_by_key(|e| e.at);
    // The logs may reach back to an earlier duplication of the table: the nearest lines are meant.
    let begin = changed(DupStatus::DsPrepare).map_or(story.spans[0].since, |e| e.at);
    let over = moved(DupStatus::DsLog).or(moved(DupStatus::DsRemoved)).map_or(model.now, |t| t.at);
    let far = |e: &End| (begin.since(e.at) + e.at.since(over), e.at);
    let about: Vec<End> = lines.about(model, story).into_iter().map(end).collect();
    let created = about.iter().copied().filter(|e| kind(e) == E::CreateAppRequest).min_by_key(far);
    before(changed(DupStatus::DsPrepare), created);
    before(told(E::FollowerAppCreateRequest), created);
    before(created, changed(DupStatus::DsApp));
    // The target begins to copy after the table was made, shortly before the source hears of it; of
    // several create requests the first one may have been in vain.
    let smooth = told(E::FollowerAppCreateFailed).is_none();
    let heard = changed(DupStatus::DsApp).filter(|_| smooth).map(|e| End { at: e.at - ANSWER, ..e });
    let mut copies: BTreeMap<Option<&str>, End> = BTreeMap::new();
    for mine in about.iter().copied().filter(|e| kind(e) == E::FollowerCopyBegin) {
        let known = copies.entry(model.runs[mine.run].run.field("gpid")).or_insert(mine);
        if far(&mine) < far(known) {
            *known = mine;
        }
    }
    let copied = moved(DupStatus::DsLog).filter(|t| t.from == Some(DupStatus::DsApp)).map(|t| end(t.run));
    for &copy in copies.values() {
        before(created, Some(copy));
        before(heard, Some(copy));
        before(Some(copy), copied);
    }
    let home = model.clusters.get(story.cluster);
    for &run in story.identity.app_id.and_then(|app| lines.sources.get(&app)).into_iter().flatten() {
        let placed = &model.runs[run];
        if Some(&model.servers[placed.server].cluster) == home {
            before(learnt(&placed.run).and_then(changed), Some(end(run)));
        }
    }
}

/// The longest time between the making of the follower table and the source's knowing of it.
const ANSWER: TimeDelta = TimeDelta::secs(10);

/// The status that a source replica has learnt from a meta server.
#[expect(clippy::wildcard_enum_match_arm, reason = "three of the nearly two hundred kinds of events tell what was learnt")]
fn learnt(run: &Run) -> Option<DupStatus> {
    match run.kind() {
        E::DuplicatorStatusUpdate => run.field("to_status")?.parse().ok(),
        E::DuplicatorStarted => Some(DupStatus::DsLog),
        _ => None,
    }
}

/// The smallest corrections that put every effect behind its cause; none where they contradict each other.
fn settle(servers: usize, anchors: &[bool], orders: &[Order], alone: impl Fn(usize) -> bool) -> Vec<Ahead> {
    let mut ahead = vec![Ahead::default(); servers];
    let movable = |server: usize| !anchors[server] && alone(server);
    // Corrections travel from the anchors on: a replica of the target is compared with its meta server, too.
    for _ in 0..=servers {
        let mut changed = false;
        for Order { cause, effect } in orders.iter().filter(|o| o.cause.server != o.effect.server) {
            let early = (cause.at - ahead[cause.server].by) - (effect.at - ahead[effect.server].by);
            if early <= TOLERATED || early > FARTHEST {
                continue;
            }
            let proof = Some((cause.run, effect.run));
            if movable(effect.server) && ahead[effect.server].by <= TimeDelta::ZERO {
                ahead[effect.server] = Ahead { by: ahead[effect.server].by - early, proof };
            } else if movable(cause.server) && ahead[cause.server].by >= TimeDelta::ZERO {
                ahead[cause.server] = Ahead { by: ahead[cause.server].by + early, proof };
            } else {
                continue;
            }
            changed = true;
        }
        if !changed {
            return ahead;
        }
    }
    vec![Ahead::default(); servers]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(cause: (usize, i64), effect: (usize, i64)) -> Order {
        let end = |(server, seconds): (usize, i64)| End { server, at: LogTime::from_secs(seconds), run: server };
        Order { cause: end(cause), effect: end(effect) }
    }

    fn settled(anchors: &[bool], orders: &[Order], alone: bool) -> Vec<i64> {
        settle(anchors.len(), anchors, orders, |_| alone).into_iter().map(|a| a.by.as_secs()).collect()
    }

    #[test]
    fn what_stands_before_its_cause_is_behind() {
        let orders = [order((0, 100), (1, 40)), order((1, 40), (2, 50))];
        assert_eq!(settled(&[true, false, false], &orders, true), [0, -60, -50]);
    }

    #[test]
    fn what_stands_after_its_effect_is_ahead() {
        let orders = [order((1, 400), (0, 100))];
        assert_eq!(settled(&[true, false], &orders, true), [0, 300]);
    }

    #[test]
    fn a_little_is_tolerated_and_nothing_moves_an_anchor() {
        assert_eq!(settled(&[true, false], &[order((0, 101), (1, 100))], true), [0, 0]);
        assert_eq!(settled(&[true, true], &[order((0, 200), (1, 100))], true), [0, 0]);
        assert_eq!(settled(&[true, false], &[order((0, 200), (1, 100))], false), [0, 0]);
    }

    #[test]
    fn a_contradiction_corrects_nothing_wildly() {
        let orders = [order((0, 200), (1, 100)), order((1, 400), (0, 100))];
        let ahead = settled(&[true, false], &orders, true);
        assert!(ahead.iter().all(|a| a.abs() <= 300), "{ahead:?}");
    }
}
