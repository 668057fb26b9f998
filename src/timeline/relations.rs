//! Facts about a duplication and others of the same tables.

use super::fact::{FactName as N, Facts};
use super::line_ids::{created_for, master_table};
use super::model::Model;
use super::story::{Attribution, Story};
use crate::event::{About, EventKind as E};
use crate::run::Run;

impl Model {
    /// The cluster of a duplication's target among those of the inputs, where that shows: by its name, or because there is only one
    /// that can be. A cluster that is called otherwise is not taken for it where another target is known.
    #[must_use]
    pub fn target(&self, story: &Story) -> Option<usize> {
        let remote = story.identity.remote_cluster.as_deref()?;
        let folder = |cluster: usize| self.clusters[cluster].split('#').next().and_then(|c| c.rsplit('/').next());
        let others = || (0..self.clusters.len()).filter(|&c| c != story.cluster);
        if let Some(named) = others().find(|&c| folder(c) == Some(remote)) {
            return Some(named);
        }
        let shows_target = |&c: &usize| self.servers.iter().any(|s| s.target && s.cluster == self.clusters[c]);
        let only_target = self.stories.iter().all(|s| s.identity.remote_cluster.as_deref().is_none_or(|r| r == remote));
        let mut targets = others().filter(shows_target);
        targets.next().filter(|_| only_target && targets.next().is_none())
    }
}

/// What other duplications of the same data there are.
pub(super) fn directions(model: &Model, story: &Story, runs: &[(&Run, Attribution)], facts: &mut Facts) {
    let back = |other: &Story| {
        other.cluster != story.cluster && other.removed.is_none() && other.identity.follower_table() == story.identity.app_name.as_deref()
    };
    let there = story.identity.follower_table();
    let namesakes = there.and_then(|table| model.places.by_table.get(table)).map_or(&[][..], Vec::as_slice);
    let mut both = story.removed.is_none() && namesakes.iter().any(|&other| back(&model.stories[other]));
    if let Some(master) = &story.own_master {
        let from = format!("{}.{}", story.identity.remote_cluster.as_deref().unwrap_or_default(), there.unwrap_or_default());
        both |= story.with_checkpoint() == Some(false) && *master == from;
        let asks = |run: &Run| {
            let copies = matches!(run.kind(), E::FollowerQueryMasterConfig | E::FollowerCopyBegin);
            let created = run.field("duplication").filter(|_| run.kind() == E::CreateAppRequest).and_then(created_for);
            let copied = run.field("master").filter(|_| copies).map(|m| master_table(m).to_owned());
            created.or(copied).as_ref() == Some(master)
        };
        facts.put(N::SourceIsFollower, true);
        facts.put(N::OwnMaster, master.clone());
        facts.put(N::OldMasterAsked, runs.iter().any(|(run, _)| asks(run)));
    }
    facts.put(N::BothDirections, both);
}

pub(super) fn is_check(kind: E) -> bool {
    kind.about() == About::Names
}

/// The table that a line about the follower asks for.
pub(super) fn asked_table(run: &Run, story: &Story) -> Option<String> {
    if !is_check(run.kind()) {
        return None;
    }
    let asked = run.field("remote_app_name").or_else(|| run.field("app_name"))?;
    // Where the wording joins cluster and table with a dot, dots in the cluster's name are with the table.
    let joined = format!("{}.{asked}", run.field("remote_cluster").unwrap_or_default());
    let table = story.identity.remote_cluster.as_ref().and_then(|c| joined.strip_prefix(c.as_str())?.strip_prefix('.'));
    Some(table.unwrap_or(asked).to_owned())
}
