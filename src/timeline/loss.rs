//! Which decrees the target will never get, as far as lines say it.

use super::fact::{FactName as N, Facts};
use super::line_ids::gpid;
use super::model::Model;
use crate::event::EventKind as E;
use crate::pegasus::{Gpid, TimeDelta};
use crate::run::Occurrence;
use std::collections::{BTreeMap, BTreeSet};

/// Decrees of one partition that were not shipped and are not in its private log any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Loss {
    /// The partition, if the line or its thread names it.
    pub gpid: Option<Gpid>,
    /// The first lost decree.
    pub first: i64,
    /// The last one.
    pub last: i64,
}

impl Loss {
    /// How many decrees, if none between the ends was shipped.
    pub(crate) const fn decrees(&self) -> i64 {
        self.last - self.first + 1
    }
}

/// What the runs say is lost, by partition. Overlapping stretches of a partition are one: several
/// servers, or one again and again, tell of the same hole.
pub(crate) fn losses(model: &Model, runs: &[usize]) -> Vec<Loss> {
    let mut holes: BTreeMap<Option<Gpid>, Vec<(i64, i64)>> = BTreeMap::new();
    for &index in runs {
        let run = &model.runs[index].run;
        let lost: Vec<(i64, i64)> = run.kept().filter_map(|line| hole(run.kind(), line)).collect();
        if !lost.is_empty() {
            holes.entry(partition(model, index)).or_default().extend(lost);
        }
    }
    let joined = |(gpid, mut holes): (Option<Gpid>, Vec<(i64, i64)>)| {
        holes.sort_unstable();
        let mut all: Vec<Loss> = Vec::new();
        for (first, last) in holes {
            match all.last_mut() {
                Some(before) if first <= before.last + 1 => before.last = before.last.max(last),
                _ => all.push(Loss { gpid, first, last }),
            }
        }
        all
    };
    holes.into_iter().flat_map(joined).collect()
}

/// How much the runs say is lost; nothing when they say nothing of it.
pub(crate) fn loss_facts(model: &Model, runs: &[usize]) -> Facts {
    let lost = losses(model, runs);
    let mut facts = Facts::default();
    if !lost.is_empty() {
        facts.put(N::LostDecrees, lost.iter().map(Loss::decrees).sum::<i64>());
        facts.put(N::LostPartitions, lost.iter().map(|l| l.gpid).collect::<BTreeSet<_>>().len());
    }
    facts
}

#[expect(clippy::wildcard_enum_match_arm, reason = "few of the nearly two hundred kinds of events tell of a loss")]
fn hole(kind: E, line: &Occurrence) -> Option<(i64, i64)> {
    let (first, last) = match kind {
        // The private log is cleaned up to max_gced_decree, shipping has to go on from start_decree.
        E::PlogTruncatedAssert => (line.numeric("start_decree")?, line.numeric("max_gced_decree")?),
        // mutation_batch.cpp looks for the decree after the last committed one and goes on at the oldest it has.
        E::MutationLost => (line.numeric("prepare_last_committed_decree")? + 1, line.numeric("prepare_min_decree")? - 1),
        _ => return None,
    };
    (first <= last).then_some((first, last))
}

/// The partition that a line is about. Assertions up to v2.5 leave it out: it is the one whose
/// duplication the server started just before with the same confirmed decree, if only one was.
fn partition(model: &Model, index: usize) -> Option<Gpid> {
    /// A start is verified at once, on another thread.
    const SAME_WORK: TimeDelta = TimeDelta::mins(1);
    let placed = &model.runs[index];
    if let Some(gpid) = gpid(placed) {
        return Some(gpid);
    }
    let line = &placed.run.first;
    let confirmed = line.numeric("confirmed_or_replica_decree");
    let just_before = |start: &&Occurrence| start.at <= line.at && line.at.since(start.at) <= SAME_WORK;
    let started = model.runs[..index].iter().filter(|p| p.server == placed.server && p.run.kind() == E::DuplicatorStarted);
    let meant = started.filter(|p| p.run.kept().any(|s| just_before(&s) && s.numeric("confirmed_decree") == confirmed));
    let partitions: BTreeSet<Gpid> = meant.filter_map(gpid).collect();
    partitions.first().copied().filter(|_| partitions.len() == 1)
}
