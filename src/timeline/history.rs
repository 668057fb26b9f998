//! What a chart needs: complaints and decrees over time, and changes of leader.

use super::line_ids::gpid;
use super::story::{Attribution, Story};
use super::{Model, PlacedRun};
use crate::event::{EventKind as E, Level, Role};
use crate::pegasus::TimeDelta;
use crate::run::{Count, Decrees, TimeBuckets};
use std::collections::BTreeMap;

/// Lines of level W, E or F of one kind that are about one duplication.
#[derive(Debug, Clone)]
pub(crate) struct Complaint {
    /// What they state.
    pub kind: E,
    /// How bad.
    pub level: Level,
    /// How many.
    pub count: u64,
    /// The run that begins first.
    pub first: usize,
    /// The run that ends last.
    pub last: usize,
    /// How many when, as logged.
    pub when: TimeBuckets<Count>,
}

/// What complains about a duplication, the most frequent first. Lines that fit others too are left out.
pub(crate) fn complaints(model: &Model, story: &Story) -> Vec<Complaint> {
    let mut by_kind: BTreeMap<(Level, &str), Complaint> = BTreeMap::new();
    for told in story.told.iter().filter(|t| t.by > Attribution::Shared) {
        let run = &model.runs[told.run].run;
        if !run.complains() {
            continue;
        }
        let (kind, level) = (run.kind(), run.pattern.level);
        let complaint = by_kind.entry((level, kind.name())).or_insert_with(|| Complaint {
            kind,
            level,
            count: 0,
            first: told.run,
            last: told.run,
            when: TimeBuckets::default(),
        });
        complaint.count += run.count;
        complaint.when.append(&run.when());
        if run.first.at < model.runs[complaint.first].run.first.at {
            complaint.first = told.run;
        }
        if run.last().at > model.runs[complaint.last].run.last().at {
            complaint.last = told.run;
        }
    }
    let mut all: Vec<Complaint> = by_kind.into_values().collect();
    all.sort_by(|a, b| (b.count, b.level, a.kind.name()).cmp(&(a.count, a.level, b.kind.name())));
    all
}

/// Decrees of one partition over time.
#[derive(Debug, Clone, Default)]
pub(crate) struct Decreed {
    /// By the meta server's reports; only those of master have what is committed.
    pub reported: TimeBuckets<Decrees>,
    /// By the lines of replica servers.
    pub by_replicas: TimeBuckets<Decrees>,
}

/// Decrees by partition, as far as lines tell.
pub(crate) fn decreed(model: &Model, story: &Story) -> BTreeMap<i64, Decreed> {
    let mut all: BTreeMap<i64, Decreed> = BTreeMap::new();
    for (&partition, progress) in &story.progress {
        all.entry(partition).or_default().reported = progress.history.clone();
    }
    for told in &story.told {
        let placed = &model.runs[told.run];
        if placed.run.kind().decrees().is_none() {
            continue;
        }
        let Some(gpid) = gpid(placed) else { continue };
        for progress in placed.run.progress.iter().flat_map(|p| p.partitions.values()) {
            all.entry(gpid.partition).or_default().by_replicas.append(&progress.history);
        }
    }
    all
}

/// A meta server took over the lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LeaderChange {
    /// The new leader.
    pub server: usize,
    /// The run whose first line says so.
    pub run: usize,
}

/// Changes of leader, by time.
pub(crate) fn leader_changes(model: &Model) -> Vec<LeaderChange> {
    /// The lines of one take-over come within seconds.
    const SAME: TimeDelta = TimeDelta::mins(1);
    let takes_over = |p: &PlacedRun| matches!(p.run.kind(), E::LeaderTookOver | E::DupRecoverBegin) && p.run.pattern.role == Role::Meta;
    let mut all: Vec<LeaderChange> = Vec::new();
    for (run, placed) in model.runs.iter().enumerate().filter(|(_, p)| takes_over(p)) {
        let at = placed.run.first.at;
        let known = |c: &&LeaderChange| c.server == placed.server && at.since(model.runs[c.run].run.first.at) < SAME;
        if !all.iter().rev().any(|c| known(&c)) {
            all.push(LeaderChange { server: placed.server, run });
        }
    }
    all
}
