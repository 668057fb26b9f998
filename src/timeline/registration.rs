//! The first pass over the runs: every duplication that some line names in full, so that weaker lines find it in the second.

use super::PlacedRun;
use super::ServerLog;
use super::fold::Fold;
use crate::event::{EventKind as E, Role};
use crate::pegasus::{DupId, Identity};

impl Fold<'_> {
    /// The pass.
    #[expect(clippy::wildcard_enum_match_arm, reason = "most of the nearly two hundred kinds of events change nothing here")]
    pub(super) fn register(&mut self, servers: &[ServerLog]) {
        for placed in self.runs {
            let cluster = self.cluster_of[placed.server];
            if let Some(key) = super::line_ids::key(placed) {
                let index = self.registry.keyed(cluster, key);
                let names = self.registry.names(placed);
                self.registry.name(index, &names);
                self.register_entry(index, placed);
                if placed.run.pattern.role == Role::Meta {
                    self.meta_tells(index, placed, servers);
                }
                let story = &mut self.registry.stories[index];
                match placed.run.kind() {
                    E::AddDupOk | E::AddDupAnswered => story.added = story.added.or(Some(placed.run.first.at)),
                    // Where the wording of the success is not known.
                    E::DupStatusChanged if placed.run.field("from_status") == Some("DS_INIT") => {
                        story.added = story.added.or(Some(placed.run.first.at));
                    }
                    E::DupStatusChanged if placed.run.field("to_status") == Some("DS_REMOVED") => {
                        story.removed = Some(placed.run.first.at);
                    }
                    _ => {}
                }
            }
        }
        self.register_answers();
        self.register_names();
        for index in 0..self.registry.stories.len() {
            let story = &self.registry.stories[index];
            let table = story.identity.app_name.as_ref().and_then(|name| self.attributor.table(story.cluster, name));
            if let Some(table) = table {
                let (count, master) = (table.partition_count, self.attributor.own_master(story));
                self.registry.stories[index].partition_count = count;
                self.registry.stories[index].own_master = master;
            }
        }
        // A report names its duplication in full only when no other has its second of creation.
        for placed in self.runs.iter().filter(|p| p.run.kind() == E::DupReport) {
            if let Some(report) = placed.run.report() {
                let cluster = self.cluster_of[placed.server];
                let index = match *self.registry.with_dup(cluster, report.dup_id) {
                    [] => self.registry.of_dup_only(cluster, report.dup_id),
                    [only] => only,
                    _ => continue,
                };
                self.meta_tells(index, placed, servers);
                self.adopt(index, report);
            }
        }
    }

    /// A duplicator's entry has the names, too.
    fn register_entry(&mut self, index: usize, placed: &PlacedRun) {
        let Some(entry) = &placed.run.entry else { return };
        let names = Identity {
            app_name: entry.app_name.clone(),
            remote_cluster: entry.remote_cluster.clone().filter(|cluster| !cluster.is_empty()),
            remote_app_name: entry.remote_app_name.clone(),
            ..Identity::default()
        };
        self.registry.name(index, &names);
    }

    /// An answer that tells a duplication's id but not its table's: a story that is known, or a new one.
    fn register_answers(&mut self) {
        let answers = |kind: E| matches!(kind, E::DuplicationAnswered | E::AddDupAnswered);
        for placed in self.runs.iter().filter(|p| answers(p.run.kind()) && super::line_ids::key(p).is_none()) {
            let Some(dup) = placed.run.number("dup_id").map(DupId) else { continue };
            let cluster = self.cluster_of[placed.server];
            let names = self.registry.names(placed);
            let known = self.registry.with_dup(cluster, dup).to_vec();
            let mine = |&i: &usize| {
                let app = &self.registry.stories[i].identity.app_name;
                names.app_name.is_none() || app.is_none() || *app == names.app_name
            };
            let mine: Vec<usize> = known.into_iter().filter(mine).collect();
            let index = match mine.as_slice() {
                [] => self.registry.of_dup_only(cluster, dup),
                [only] => *only,
                _ => continue,
            };
            self.registry.name(index, &names);
            if placed.run.kind() == E::AddDupAnswered {
                let story = &mut self.registry.stories[index];
                story.added = story.added.or(Some(placed.run.first.at));
            }
        }
    }

    /// A request names the duplication by its id and its table.
    fn register_names(&mut self) {
        for placed in self.runs.iter().filter(|p| matches!(p.run.kind(), E::ModifyDupRequest | E::DupLogOnly)) {
            let Some(dup) = placed.run.number("dup_id") else { continue };
            let names = self.registry.names(placed);
            let all = self.registry.with_dup(self.cluster_of[placed.server], DupId(dup));
            let unnamed: Vec<usize> = all.iter().copied().filter(|&i| self.registry.stories[i].identity.app_name.is_none()).collect();
            let taken = all.iter().any(|&i| self.registry.stories[i].identity.app_name == names.app_name);
            if let ([only], false) = (unnamed.as_slice(), taken) {
                self.registry.name(*only, &names);
            }
        }
    }
}
