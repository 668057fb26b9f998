//! Writes of duplications that the meta store does not answer: one cause for all that have one.

use super::Story;
use super::fact::{FactName as N, Facts};
use super::model::{Hang, Model};
use crate::event::EventKind as E;
use crate::pegasus::{DupKey, TimeDelta};

/// Each write is tried again a second after its time-out until it is answered (`meta_state_service_utils_impl.h`).
const ANSWERED: TimeDelta = TimeDelta::secs(30);

/// One or two such lines are a short pause of `ZooKeeper`.
const ENOUGH: u64 = 3;

/// The newest hang of each cluster.
pub(super) fn hangs(model: &Model) -> Vec<Hang> {
    let late = || {
        model.stories.iter().enumerate().flat_map(|(index, story)| {
            let runs = story.told.iter().map(|told| &model.runs[told.run].run).filter(|run| run.kind() == E::MetaStorageTimeout);
            runs.filter_map(move |run| Some((index, story.identity.key()?, story.cluster, run)))
        })
    };
    let mut hangs = vec![Hang::default(); model.clusters.len()];
    for (_, _, cluster, run) in late() {
        hangs[cluster].last = hangs[cluster].last.max(run.last().at);
    }
    for (index, key, cluster, run) in late() {
        let hang = &mut hangs[cluster];
        if hang.last.since(run.last().at) <= ANSWERED {
            hang.first = if hang.times == 0 { run.first.at } else { hang.first.min(run.first.at) };
            hang.times += run.count;
            hang.stories.insert(key, index);
        }
    }
    hangs
}

/// How long the hang has lasted that a story is part of, and all whom it concerns.
pub(super) fn facts(model: &Model, story: &Story, facts: &mut Facts) {
    /// So many are named.
    const NAMED: usize = 12;
    let concerned = |hang: &&Hang| hang.times >= ENOUGH && story.identity.key().is_some_and(|key| hang.stories.contains_key(&key));
    let Some(hang) = model.hangs.get(story.cluster).filter(concerned) else { return };
    let name = |(key, &index): (&DupKey, &usize)| match &model.stories[index].identity.app_name {
        Some(table) => format!("{table} {key}"),
        None => key.to_string(),
    };
    let mut names: Vec<String> = hang.stories.iter().take(NAMED).map(name).collect();
    if hang.stories.len() > NAMED {
        names.push(format!("… ({})", hang.stories.len()));
    }
    facts.put(N::HangLasts, hang.last.since(hang.first));
    facts.put(N::HangConcerns, names.join(", "));
}
