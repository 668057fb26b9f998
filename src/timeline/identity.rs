//! Who a line is about. `[aXdY]` says it; cluster and table names say it when one duplication fits;
//! `k/n` lines say it by their neighbours or their partition count.

use super::PlacedRun;
use super::cluster_names::ClusterNames;
use super::story::Story;
use super::tables::TableIds;
use crate::pegasus::{AppId, DupId, DupKey, Identity, LogTime, agree};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// Who exists: stories by key and by name, tables by name, clusters by name.
#[derive(Debug, Default)]
pub(super) struct Registry {
    /// Stories, in order of first mention.
    pub(super) stories: Vec<Story>,
    by_key: FxHashMap<(usize, DupKey), usize>,
    by_dup: FxHashMap<(usize, DupId), Vec<usize>>,
    by_app: FxHashMap<(usize, AppId), Vec<usize>>,
    by_table: FxHashMap<(usize, String), Vec<usize>>,
    /// Stories by the name of their table or of their follower's table, in any cluster.
    by_any_name: FxHashMap<String, BTreeSet<usize>>,
    /// Stories whose table's name no line has stated yet.
    unnamed: BTreeSet<usize>,
    /// Names of clusters.
    clusters: ClusterNames,
    /// Names and ids of tables.
    pub(super) tables: TableIds,
    /// Ids of duplications that several share of which nothing else is known.
    crowds: FxHashMap<(usize, DupId), usize>,
    /// The clusters to which lines say that a table is duplicated.
    targets: FxHashMap<(usize, String), BTreeSet<String>>,
}

impl Registry {
    /// Notes the names of clusters that a run states outside of `[cluster.table]`.
    pub(super) fn learn_clusters(&mut self, placed: &PlacedRun) {
        self.clusters.learn(&placed.run);
    }

    /// The story with that key, made when it is new.
    pub(super) fn keyed(&mut self, cluster: usize, key: DupKey) -> usize {
        if let Some(&index) = self.by_key.get(&(cluster, key)) {
            return index;
        }
        let identity = Identity { app_id: Some(key.app_id), dup_id: Some(key.dup_id), ..Identity::default() };
        let index = self.add(Story { cluster, identity, ..Story::default() });
        self.by_key.insert((cluster, key), index);
        self.by_app.entry((cluster, key.app_id)).or_default().push(index);
        self.by_dup.entry((cluster, key.dup_id)).or_default().push(index);
        self.name_by_id(index, key.app_id);
        index
    }

    /// A story of which only the table's id is known.
    pub(super) fn of_app_only(&mut self, cluster: usize, app_id: AppId) -> usize {
        let index = self.add(Story { cluster, identity: Identity { app_id: Some(app_id), ..Identity::default() }, ..Story::default() });
        self.by_app.entry((cluster, app_id)).or_default().push(index);
        self.name_by_id(index, app_id);
        index
    }

    fn name_by_id(&mut self, index: usize, app_id: AppId) {
        let name = self.tables.name(self.stories[index].cluster, app_id).map(str::to_owned);
        self.name(index, &Identity { app_name: name, ..Identity::default() });
    }

    /// The story with that dup id whose table's id no line states, made when it is new.
    pub(super) fn of_dup_only(&mut self, cluster: usize, dup_id: DupId) -> usize {
        let identity = Identity { dup_id: Some(dup_id), ..Identity::default() };
        let index = self.add(Story { cluster, identity, ..Story::default() });
        self.by_dup.entry((cluster, dup_id)).or_default().push(index);
        index
    }

    /// The story of several duplications that share an id and of which nothing else is known.
    pub(super) fn of_crowd(&mut self, cluster: usize, dup_id: DupId, others: usize) {
        let index = self.of_dup_only(cluster, dup_id);
        self.stories[index].others = others;
        self.crowds.insert((cluster, dup_id), index);
    }

    /// Such a story.
    pub(super) fn crowd(&self, cluster: usize, dup_id: DupId) -> Option<usize> {
        self.crowds.get(&(cluster, dup_id)).copied()
    }

    /// A story that only names tell.
    pub(super) fn named(&mut self, cluster: usize, names: &Identity) -> usize {
        let index = self.add(Story { cluster, ..Story::default() });
        self.name(index, names);
        index
    }

    fn add(&mut self, story: Story) -> usize {
        self.stories.push(story);
        self.unnamed.insert(self.stories.len() - 1);
        self.stories.len() - 1
    }

    /// Adds what a line says about a story's names.
    pub(super) fn name(&mut self, index: usize, names: &Identity) {
        let Story { cluster, identity: known, .. } = &mut self.stories[index];
        // A story keeps its first name: `app_name` inside a duplication is constant.
        if let (None, Some(app)) = (&known.app_name, &names.app_name) {
            known.app_name = Some(app.clone());
            self.by_table.entry((*cluster, app.clone())).or_default().push(index);
            self.by_any_name.entry(app.clone()).or_default().insert(index);
            self.unnamed.remove(&index);
            if let (None, Some(app_id)) = (known.app_id, self.tables.id(*cluster, app)) {
                known.app_id = Some(app_id);
                self.by_app.entry((*cluster, app_id)).or_default().push(index);
            }
        }
        if known.remote_cluster.is_none() {
            known.remote_cluster.clone_from(&names.remote_cluster);
        }
        if let (None, Some(follower)) = (&known.remote_app_name, &names.remote_app_name) {
            known.remote_app_name = Some(follower.clone());
            self.by_any_name.entry(follower.clone()).or_default().insert(index);
        }
    }

    /// Stories whose table's name no line has stated yet.
    pub(super) fn unnamed(&self) -> impl Iterator<Item = usize> + '_ {
        self.unnamed.iter().copied()
    }

    /// Stories of a source table or of a follower's table, in any cluster.
    pub(super) fn called(&self, name: &str) -> impl Iterator<Item = usize> + '_ {
        self.by_any_name.get(name).into_iter().flatten().copied()
    }

    /// Stories with a dup id.
    pub(super) fn with_dup(&self, cluster: usize, dup_id: DupId) -> &[usize] {
        self.by_dup.get(&(cluster, dup_id)).map_or(&[], Vec::as_slice)
    }

    /// Stories of a table id.
    pub(super) fn with_app(&self, cluster: usize, app_id: AppId) -> &[usize] {
        self.by_app.get(&(cluster, app_id)).map_or(&[], Vec::as_slice)
    }

    /// Notes to which cluster a line says that a table is duplicated.
    pub(super) fn aim(&mut self, cluster: usize, names: &Identity) {
        if let (Some(app), Some(remote)) = (&names.app_name, &names.remote_cluster) {
            self.targets.entry((cluster, app.clone())).or_default().insert(remote.clone());
        }
    }

    /// Whether lines say that a table is duplicated to several clusters: then a story without a target may be any of these.
    fn aims_differ(&self, cluster: usize, app_name: &str) -> bool {
        self.targets.get(&(cluster, app_name.to_owned())).is_some_and(|targets| targets.len() > 1)
    }

    /// Notes that a story's table has got another name.
    pub(super) fn rename(&mut self, story: usize, name: &str) {
        let cluster = self.stories[story].cluster;
        self.by_table.entry((cluster, name.to_owned())).or_default().push(story);
    }

    /// Stories of a source table, in any cluster if `cluster` is `None`.
    pub(super) fn with_table(&self, cluster: Option<usize>, app_name: &str) -> Vec<usize> {
        match cluster {
            Some(cluster) => self.by_table.get(&(cluster, app_name.to_owned())).cloned().unwrap_or_default(),
            None => self.called(app_name).filter(|&i| self.stories[i].identity.app_name.as_deref() == Some(app_name)).collect(),
        }
    }

    /// Stories that names fit at a moment.
    pub(super) fn fitting(&self, cluster: usize, names: &Identity, at: LogTime) -> Vec<usize> {
        // A line that names no source table must at least agree on the follower's.
        let candidates: Vec<usize> = match (&names.app_name, &names.remote_app_name) {
            (Some(app), _) => self.with_table(Some(cluster), app),
            (None, Some(follower)) => self.called(follower).filter(|&i| self.stories[i].cluster == cluster).collect(),
            (None, None) => return Vec::new(),
        };
        let doubtful = names.app_name.as_ref().is_some_and(|app| self.aims_differ(cluster, app));
        candidates
            .into_iter()
            .filter(|&index| {
                let story = &self.stories[index];
                let anchored = names.app_name.is_some() || story.identity.remote_app_name == names.remote_app_name;
                let aimed = story.identity.remote_cluster.is_some() || names.remote_cluster.is_none() || !doubtful;
                anchored
                    && aimed
                    && story.alive_at(at)
                    && agree(story.identity.remote_cluster.as_ref(), names.remote_cluster.as_ref())
                    && agree(story.identity.remote_app_name.as_ref(), names.remote_app_name.as_ref())
            })
            .collect()
    }

    /// The names in a run, with `[cluster.table]` split where a known cluster's name ends.
    pub(super) fn names(&self, placed: &PlacedRun) -> Identity {
        let run = &placed.run;
        let field = |name: &str| run.field(name).filter(|t| !t.is_empty()).map(str::to_owned);
        let mut names = Identity {
            app_name: field("app_name"),
            remote_cluster: field("remote_cluster"),
            remote_app_name: field("remote_app_name"),
            ..Identity::default()
        };
        if let Some((cluster, field, table)) = self.clusters.resplit(run) {
            names.remote_cluster = Some(cluster);
            if field == "app_name" {
                names.app_name = Some(table);
            } else {
                names.remote_app_name = Some(table);
            }
        }
        names
    }

    /// Names of clusters.
    pub(super) fn clusters(&self) -> &ClusterNames {
        &self.clusters
    }

    /// Splits `cluster.table`.
    pub(super) fn split(&self, text: &str) -> (String, String) {
        self.clusters.split(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_key_is_the_same_story() {
        let mut registry = Registry::default();
        let key = DupKey { app_id: AppId(1), dup_id: DupId(2) };
        assert_eq!(registry.keyed(0, key), registry.keyed(0, key));
        assert_ne!(registry.keyed(0, key), registry.keyed(1, key));
    }
}
