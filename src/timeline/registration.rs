//! The first pass over the runs: every duplication that some line names in full, so that weaker lines find it in the second.

use super::PlacedRun;
use super::ServerLog;
use super::fitting::ships;
use super::fold::Fold;
use super::line_ids::gpid;
use super::story::Story;
use crate::event::{About, EventKind as E, Role};
use crate::pegasus::{DupId, Identity, TimeDelta};
use std::collections::{BTreeMap, BTreeSet};

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
        self.register_refused();
        self.register_answers();
        self.register_names();
        self.register_replicas();
        for index in 0..self.registry.stories.len() {
            let story = &self.registry.stories[index];
            let table = story.identity.app_name.as_ref().and_then(|name| self.attributor.table(story.cluster, name));
            if let Some(table) = table {
                let (count, master) = (table.partition_count, self.attributor.own_master(story));
                self.registry.stories[index].partition_count = count;
                self.registry.stories[index].own_master = master;
            }
        }
        self.register_reports(servers);
        self.register_strangers();
    }

    /// A report names its duplication in full only when no other has its second of creation, or by its target table.
    fn register_reports(&mut self, servers: &[ServerLog]) {
        let runs = self.runs;
        let reports = || runs.iter().filter(|p| p.run.kind() == E::DupReport).filter_map(|p| Some((p, p.run.report()?)));
        let mut in_one_sync: BTreeMap<(usize, DupId), usize> = BTreeMap::new();
        for (placed, report) in reports().filter(|(_, report)| report.remote_app_name.is_none()) {
            let most = in_one_sync.entry((self.cluster_of[placed.server], report.dup_id)).or_default();
            *most = placed.run.ordinal.try_into().unwrap_or(usize::MAX).max(*most);
        }
        for ((cluster, dup_id), earlier) in in_one_sync {
            let known = self.registry.with_dup(cluster, dup_id).len();
            if earlier > 0 && known <= earlier {
                self.registry.of_crowd(cluster, dup_id, earlier - known);
            }
        }
        for (placed, report) in reports() {
            let cluster = self.cluster_of[placed.server];
            if let Some(crowd) = self.registry.crowd(cluster, report.dup_id) {
                self.meta_tells(crowd, placed, servers);
                continue;
            }
            let same = |story: &Story| story.identity.remote_app_name == report.remote_app_name || story.identity.remote_app_name.is_none();
            let index = match *self.registry.with_dup(cluster, report.dup_id) {
                [only] if report.remote_app_name.is_none() || same(&self.registry.stories[only]) => only,
                [] => self.registry.of_dup_only(cluster, report.dup_id),
                _ if report.remote_app_name.is_none() => continue,
                ref several => match several.iter().find(|&&i| same(&self.registry.stories[i])) {
                    Some(&known) => known,
                    None => self.registry.of_dup_only(cluster, report.dup_id),
                },
            };
            self.meta_tells(index, placed, servers);
            self.adopt(index, report);
        }
    }

    /// An added duplication that is still being stored has an id in the storage's lines, and its names in the next request's.
    fn register_refused(&mut self) {
        /// The next request comes while the first one is still being stored.
        const STORING: TimeDelta = TimeDelta::mins(1);
        for (index, placed) in self.runs.iter().enumerate().filter(|(_, p)| p.run.kind() == E::StartDupFailed) {
            let cluster = self.cluster_of[placed.server];
            let Some(dup) = placed.run.number("dup_id").map(DupId) else { continue };
            let &[only] = self.registry.with_dup(cluster, dup) else { continue };
            let app_name = placed.run.field("app_name");
            let same = |p: &&PlacedRun| {
                let request = p.run.kind() == E::AddDupRequest && p.run.field("app_name") == app_name;
                request && p.server == placed.server && p.run.thread == placed.run.thread
            };
            let near = |p: &&PlacedRun| placed.run.first.at.since(p.run.first.at) <= STORING;
            if let Some(request) = self.runs[..index].iter().rev().take_while(near).find(same)
                && self.registry.stories[only].identity.app_name.is_none()
            {
                let names = self.registry.names(request);
                self.registry.name(only, &names);
            }
        }
    }

    /// Tables whose replicas ship, of which no meta server's line tells.
    fn register_replicas(&mut self) {
        for placed in self.runs.iter().filter(|p| ships(p.run.kind())) {
            let cluster = self.cluster_of[placed.server];
            if let Some(gpid) = gpid(placed)
                && self.registry.with_app(cluster, gpid.app_id).is_empty()
            {
                self.registry.of_app_only(cluster, gpid.app_id);
            }
        }
    }

    /// Names without an id and an id without a name are one duplication where nothing else can be meant by either.
    fn register_strangers(&mut self) {
        let mut strangers: BTreeMap<(usize, Option<String>), BTreeSet<Identity>> = BTreeMap::new();
        for placed in self.runs.iter().filter(|p| p.run.kind().about() == About::Names) {
            let cluster = self.cluster_of[placed.server];
            let names = self.registry.names(placed);
            self.registry.aim(cluster, &names);
            let stranger = |app: &str| {
                // Builds between #2026 and #2144 print the follower's name in the old wording, which has one name.
                let followed = || self.registry.called(app).any(|i| self.registry.stories[i].cluster == cluster);
                self.registry.with_table(Some(cluster), app).is_empty() && (names.remote_app_name.is_some() || !followed())
            };
            if names.app_name.as_deref().is_some_and(stranger) {
                strangers.entry((cluster, names.remote_cluster.clone())).or_default().insert(names);
            }
        }
        let mut unnamed: BTreeMap<(usize, Option<String>), Vec<usize>> = BTreeMap::new();
        for index in self.registry.unnamed() {
            let story = &self.registry.stories[index];
            unnamed.entry((story.cluster, story.identity.remote_cluster.clone())).or_default().push(index);
        }
        // A target table follows one source table only.
        for (&(cluster, _), names) in &strangers {
            for names in names.iter().filter(|n| n.remote_cluster.is_some() && n.remote_app_name.is_some()) {
                let of_target = unnamed.get(&(cluster, names.remote_cluster.clone())).into_iter().flatten().copied();
                let mut halves = of_target.filter(|&i| self.registry.stories[i].identity.remote_app_name == names.remote_app_name);
                if let (Some(half), None) = (halves.next(), halves.next()) {
                    self.registry.name(half, names);
                }
            }
        }
        for ((cluster, target), names) in &strangers {
            let with = |target: &Option<String>| unnamed.get(&(*cluster, target.clone())).into_iter().flatten();
            let alone = strangers.range((*cluster, None)..).take_while(|((c, _), _)| c == cluster).count() == 1;
            let mut halves = with(target).chain(with(&None).filter(|_| target.is_some()));
            if let (Some(&half), None, [only]) = (halves.next(), halves.next(), Vec::from_iter(names).as_slice())
                && self.registry.stories[half].identity.dup_id.is_some()
                && self.registry.stories[half].others == 0
                && self.registry.stories[half].identity.app_name.is_none()
                && (alone || self.registry.stories[half].identity.remote_cluster.is_some())
            {
                self.registry.name(half, only);
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
        let answers = |kind: E| matches!(kind, E::DuplicationAnswered | E::AddDupAnswered | E::ModifyDupAnswered);
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
