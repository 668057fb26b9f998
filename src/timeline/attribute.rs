//! Which story a run is about, and how sure that is.

use super::PlacedRun;
use super::fitting::{NOBODY, alive, not_listed, of_asked_table, one_or_shared, ships, source_replica};
use super::homes::Homes;
use super::identity::Registry;
use super::line_ids::{created_for, gpid, key, master_table, stated};
use super::loading::Loading;
use super::refused::CreateRequests;
use super::story::Attribution;
use crate::event::{About, EventKind as E, Role};
use crate::pegasus::{AppId, DupId, DupKey, DupStatus, Gpid, Identity, LogTime, TimeDelta, agree};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// What `create app request` tells about a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Table {
    /// When it was created.
    at: LogTime,
    /// The master it was made for, as `cluster.table`.
    pub(super) master: Option<String>,
    pub(super) partition_count: Option<i64>,
    pub(super) replica_count: Option<i64>,
}

/// Knows tables and which follower table has which master.
#[derive(Debug)]
pub(super) struct Attributor<'a> {
    created: FxHashMap<(usize, String), Vec<Table>>,
    homes: &'a Homes,
    /// Follower table by the cluster it stands in: the master's table name.
    masters: FxHashMap<(usize, AppId), String>,
    /// Number of waiting lines with a partition count in one sync, by server, epoch and count.
    waiting: FxHashMap<(usize, u32, i64), u32>,
    /// The partition that a server's thread named last, and when.
    recent: FxHashMap<(usize, Box<str>), (Gpid, LogTime)>,
    bad_status: Vec<BadStatus>,
    loading: Loading,
    requests: CreateRequests,
}

/// Server, first and last time, offset of a complaint about a status name; the nodes that follow it.
type BadStatus = (usize, LogTime, LogTime, u64, Vec<DupKey>);

impl<'a> Attributor<'a> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "most of the nearly two hundred kinds of events change nothing here")]
    pub(super) fn new(runs: &[PlacedRun], homes: &'a Homes) -> Self {
        let mut known = Self {
            created: FxHashMap::default(),
            homes,
            masters: FxHashMap::default(),
            waiting: FxHashMap::default(),
            recent: FxHashMap::default(),
            bad_status: Vec::new(),
            loading: Loading::of(runs),
            requests: CreateRequests::default(),
        };
        for placed in runs {
            let (run, cluster) = (&placed.run, homes.cluster_of[placed.server]);
            match run.kind() {
                E::CreateAppRequest => {
                    known.requests.note(placed);
                    if let Some(name) = run.field("app_name") {
                        let master = run.field("duplication").and_then(created_for);
                        let table = Table {
                            at: run.first.at,
                            master,
                            partition_count: run.number("partition_count"),
                            replica_count: run.number("replica_count"),
                        };
                        known.created.entry((cluster, name.to_owned())).or_default().push(table);
                    }
                }
                E::CheckpointNotReady => {
                    let count = run.number("partition_count").unwrap_or(0);
                    let lines = known.waiting.entry((placed.server, run.epoch, count)).or_default();
                    *lines = (*lines).max(run.ordinal + 1);
                }
                _ => {}
            }
            // A status name that nobody knows is complained about just before the node that has it.
            if run.kind() == E::DupBadStatusName {
                known.bad_status.push((placed.server, run.first.at, run.last().at, placed.run.first.offset, Vec::new()));
            } else if run.kind() == E::DupRestoreBadJson
                && let Some(key) = key(placed)
            {
                let node =
                    |b: &&mut BadStatus| b.0 == placed.server && run.first.at >= b.1 && run.first.at.since(b.2) <= TimeDelta::secs(1);
                known.bad_status.iter_mut().filter(node).for_each(|b| b.4.push(key));
            }
            if let (Some(master), Some(gpid)) = (run.field("master"), gpid(placed)) {
                known.masters.entry((cluster, gpid.app_id)).or_insert_with(|| master_table(master).to_owned());
            }
        }
        known.requests.sort();
        known
    }

    /// The table that was created last.
    pub(super) fn table(&self, cluster: usize, name: &str) -> Option<&Table> {
        self.created.get(&(cluster, name.to_owned()))?.last()
    }

    /// The master of a story's source table. In a stream with the lines of both clusters the follower
    /// may have the same name, but it is created after the duplication.
    pub(super) fn own_master(&self, story: &super::Story) -> Option<String> {
        let (name, born) = (story.identity.app_name.as_ref()?, story.born()?);
        let tables = self.created.get(&(story.cluster, name.clone()))?;
        tables.iter().rev().find(|table| table.at <= born)?.master.clone()
    }

    /// The stories that a run is about.
    pub(super) fn about(&self, registry: &mut Registry, placed: &PlacedRun, cluster: usize) -> (Vec<usize>, Attribution) {
        let run = &placed.run;
        if let Some(key) = key(placed) {
            return (vec![registry.keyed(cluster, key)], Attribution::Named);
        }
        match run.kind().about() {
            About::Report => Self::report(registry, placed, cluster),
            About::Waiting => self.waiting(registry, placed, cluster),
            About::Names => Self::by_names(registry, placed, cluster),
            About::DupId => {
                let dup = run.number("dup_id").map_or(&[][..], |d| registry.with_dup(cluster, DupId(d)));
                let app = run.field("app_name").filter(|n| !n.is_empty());
                let fits = |&&i: &&usize| app.is_none() || registry.stories[i].identity.app_name.as_deref().is_none_or(|a| Some(a) == app);
                one_or_shared(dup.iter().filter(fits).copied().collect(), Attribution::Named)
            }
            About::Request => {
                let names = registry.names(placed);
                let named = Identity { remote_app_name: None, ..names };
                one_or_shared(registry.fitting(cluster, &named, run.first.at), Attribution::Named)
            }
            About::NewTable => {
                let Some(master) = run.field("duplication").and_then(created_for) else { return NOBODY };
                one_or_shared(Self::followed(registry, placed, cluster, &master), Attribution::Derived)
            }
            About::CreateRequest => {
                let masters = self.requests.refused(placed);
                let stories: BTreeSet<usize> = masters.iter().flat_map(|m| Self::followed(registry, placed, cluster, m)).collect();
                one_or_shared(stories.into_iter().collect(), Attribution::Derived)
            }
            // A user's expression names the duplication by its groups, if at all.
            About::Expression => {
                if let Some(key) = stated(run) {
                    return (vec![registry.keyed(cluster, key)], Attribution::Named);
                }
                if let Some(dup) = run.number("dup_id") {
                    return one_or_shared(registry.with_dup(cluster, DupId(dup)).to_vec(), Attribution::Named);
                }
                let names = registry.names(placed);
                if names != Identity::default() {
                    return one_or_shared(registry.fitting(cluster, &names, run.first.at), Attribution::Named);
                }
                match gpid(placed) {
                    Some(gpid) => source_replica(registry, placed, cluster, gpid),
                    None => NOBODY,
                }
            }
            About::NextNode => {
                let mine = |b: &&BadStatus| (b.0, b.1, b.3) == (placed.server, run.first.at, run.first.offset);
                let keys = self.bad_status.iter().find(mine).map(|b| b.4.clone()).unwrap_or_default();
                (keys.into_iter().map(|key| registry.keyed(cluster, key)).collect(), Attribution::Derived)
            }
            About::Table => {
                let name = run.field("old_app_name").or_else(|| run.field("app_name"));
                let stories = name.map(|n| registry.with_table(Some(cluster), n)).unwrap_or_default();
                one_or_shared(alive(registry, &stories, placed), Attribution::Named)
            }
            About::TableId => not_listed(registry, placed, cluster),
            About::AskedOfTable => of_asked_table(registry, placed, cluster),
            About::Copy => self.follower(registry, placed, cluster),
            About::TargetTable => {
                let Some(name) = run.field("app_name") else { return NOBODY };
                let fits = |s: &super::Story| s.cluster != cluster && s.identity.follower_table() == Some(name);
                let stories: Vec<usize> = registry.called(name).filter(|&i| fits(&registry.stories[i])).collect();
                one_or_shared(alive(registry, &stories, placed), Attribution::Derived)
            }
            // The source's client asks for the target's table; its gpid is the target's or none.
            About::AskedTable => {
                let Some(name) = run.field("app_name") else { return NOBODY };
                // After a rename of the source old releases ask for the new name.
                let asks = |s: &super::Story| s.cluster == cluster && s.identity.follower_table() == Some(name);
                let asking = registry.called(name).filter(|&i| asks(&registry.stories[i]));
                let stories: BTreeSet<usize> = asking.chain(registry.with_table(Some(cluster), name)).collect();
                let stories: Vec<usize> = stories.into_iter().collect();
                one_or_shared(alive(registry, &stories, placed), Attribution::Derived)
            }
            // The gpid is the target's: the request's task tells whose it is, or the target's meta server which table that is.
            About::TargetPartition => {
                if let Some(gpid) = self.loading.source(placed) {
                    return source_replica(registry, placed, cluster, gpid);
                }
                let ships = |s: &super::Story| s.cluster == cluster && s.status().is_some_and(DupStatus::ships);
                let shipping: Vec<usize> = (0..registry.stories.len()).filter(|&i| ships(&registry.stories[i])).collect();
                let table = gpid(placed).map(|g| g.app_id);
                let names: Vec<&String> = table.into_iter().flat_map(|id| registry.tables.elsewhere(cluster, id)).collect();
                let follows = |&i: &usize| {
                    let table = registry.stories[i].identity.follower_table();
                    names.iter().any(|n| table == Some(n.as_str()))
                };
                let named: Vec<usize> = shipping.iter().copied().filter(follows).collect();
                match (named.len(), shipping.len()) {
                    (1, _) => (named, Attribution::Derived),
                    (_, 1) => (shipping, Attribution::Derived),
                    _ => NOBODY,
                }
            }
            // Servers of both sides write these.
            About::EitherReplica => match gpid(placed) {
                Some(gpid) if registry.with_app(cluster, gpid.app_id).is_empty() => self.follower_table(registry, placed, cluster, gpid),
                Some(gpid) => source_replica(registry, placed, cluster, gpid),
                None => NOBODY,
            },
            About::Replica | About::Duplicated | About::Shipping => match gpid(placed) {
                Some(gpid) => source_replica(registry, placed, cluster, gpid),
                None => self.on_thread(registry, placed, cluster),
            },
        }
    }

    /// The stories that a line's names fit.
    fn by_names(registry: &mut Registry, placed: &PlacedRun, cluster: usize) -> (Vec<usize>, Attribution) {
        let at = placed.run.first.at;
        let mut names = registry.names(placed);
        let mut fitting = registry.fitting(cluster, &names, at);
        if fitting.is_empty() && names.remote_app_name.is_none() {
            // Builds between #2026 and #2144 print the follower's name in the old wording: the source table's stays unknown.
            let swapped = Identity { app_name: None, remote_app_name: names.app_name.clone(), ..names.clone() };
            fitting = registry.fitting(cluster, &swapped, at);
            if !fitting.is_empty() {
                names = swapped;
            }
        }
        match fitting.as_slice() {
            [] => Self::strangers(registry, cluster, &names),
            &[only] => {
                registry.name(only, &names);
                (fitting, Attribution::Named)
            }
            _ => (fitting, Attribution::Shared),
        }
    }

    /// Names that fit nobody: a new story.
    fn strangers(registry: &mut Registry, cluster: usize, names: &Identity) -> (Vec<usize>, Attribution) {
        if names.app_name.is_none() && names.remote_app_name.is_none() {
            return NOBODY;
        }
        (vec![registry.named(cluster, names)], Attribution::Named)
    }

    fn report(registry: &mut Registry, placed: &PlacedRun, cluster: usize) -> (Vec<usize>, Attribution) {
        let Some(report) = placed.run.report() else { return NOBODY };
        let partitions = i64::try_from(report.partitions).ok();
        let all = registry.with_dup(cluster, report.dup_id).to_vec();
        let fits = |index: &usize| {
            let story = &registry.stories[*index];
            agree(story.identity.remote_cluster.as_ref(), report.remote_cluster.as_ref())
                && agree(story.identity.remote_app_name.as_ref(), report.remote_app_name.as_ref())
                && (story.partition_count.is_none() || report.partitions == 0 || story.partition_count == partitions)
        };
        let mut fitting: Vec<usize> = all.iter().copied().filter(fits).collect();
        if fitting.len() > 1 {
            // Created in the same second; only a different status can still tell them apart.
            let by_status: Vec<usize> = fitting.iter().copied().filter(|&i| registry.stories[i].status() == report.status).collect();
            if !by_status.is_empty() {
                fitting = by_status;
            }
        }
        if let Some(crowd) = registry.crowd(cluster, report.dup_id) {
            // Whether it is one of those that are known, nothing tells.
            fitting.push(crowd);
            return (fitting, Attribution::Shared);
        }
        match (all.as_slice(), fitting.as_slice()) {
            ([], _) => (vec![registry.of_dup_only(cluster, report.dup_id)], Attribution::Named),
            ([only], _) => (vec![*only], Attribution::Named),
            (_, [_]) => (fitting, Attribution::Derived),
            _ => (fitting, Attribution::Shared),
        }
    }

    /// `replica checkpoint still running: k/n`
    fn waiting(&self, registry: &Registry, placed: &PlacedRun, cluster: usize) -> (Vec<usize>, Attribution) {
        let run = &placed.run;
        let count = run.number("partition_count");
        let fits = |&i: &usize| {
            let story = &registry.stories[i];
            let waits = story.status().is_none_or(|s| matches!(s, DupStatus::DsPrepare | DupStatus::DsApp));
            story.cluster == cluster
                && waits
                && story.identity.dup_id.is_some()
                && story.alive_at(run.first.at)
                && (story.partition_count.is_none() || story.partition_count == count)
        };
        let paired = run.paired.map_or(&[][..], |dup| registry.with_dup(cluster, dup));
        let mut candidates: Vec<usize> = paired.iter().copied().filter(fits).collect();
        if candidates.is_empty() {
            candidates = (0..registry.stories.len()).filter(fits).collect();
        }
        if candidates.len() > 1 {
            // A sync visits tables by id and duplications by id: when there are as many lines as
            // duplications that wait, each has its own.
            candidates.sort_by_key(|&i| (registry.stories[i].identity.app_id, registry.stories[i].identity.dup_id));
            let lines = self.waiting.get(&(placed.server, run.epoch, count.unwrap_or(0))).copied().unwrap_or(0);
            if usize::try_from(lines) == Ok(candidates.len())
                && let Some(&mine) = usize::try_from(run.ordinal).ok().and_then(|o| candidates.get(o))
            {
                return (vec![mine], Attribution::Derived);
            }
        }
        one_or_shared(candidates, Attribution::Derived)
    }

    /// A replica's assertion that names no partition is about the one its thread named last.
    fn on_thread(&self, registry: &Registry, placed: &PlacedRun, cluster: usize) -> (Vec<usize>, Attribution) {
        if !ships(placed.run.kind()) {
            return NOBODY;
        }
        let at = placed.run.first.at;
        let recent = self.recent.get(&(placed.server, placed.run.thread.clone()));
        if let Some(&(gpid, before)) = recent
            && at.since(before) <= SAME_WORK
        {
            let known = registry.with_app(cluster, gpid.app_id).to_vec();
            return one_or_shared(alive(registry, &known, placed), Attribution::Derived);
        }
        let all: Vec<usize> = (0..registry.stories.len()).filter(|&i| registry.stories[i].cluster == cluster).collect();
        one_or_shared(alive(registry, &all, placed), Attribution::Derived)
    }

    /// Notes the partition that a thread works on.
    pub(super) fn follow(&mut self, placed: &PlacedRun) {
        if placed.run.pattern.role != Role::Meta
            && let Some(gpid) = gpid(placed)
        {
            self.recent.insert((placed.server, placed.run.thread.clone()), (gpid, placed.run.last().at));
        }
    }

    /// Lines of the target's replica servers.
    fn follower(&self, registry: &mut Registry, placed: &PlacedRun, cluster: usize) -> (Vec<usize>, Attribution) {
        let master = placed.run.field("master").map(|m| master_table(m).to_owned());
        let master = master.or_else(|| self.masters.get(&(cluster, gpid(placed)?.app_id)).cloned());
        let Some(master) = master else { return NOBODY };
        let known = Self::followed(registry, placed, cluster, &master);
        if known.is_empty() && placed.run.field("master").is_some() {
            let (_, app) = registry.split(&master);
            let home = self.homes.of_master(cluster, &master);
            let fresh = registry.with_table(Some(home), &app);
            return match fresh.as_slice() {
                [] => (vec![registry.named(home, &Identity { app_name: Some(app), ..Identity::default() })], Attribution::Named),
                _ => (fresh, Attribution::Named),
            };
        }
        one_or_shared(known, Attribution::Derived)
    }

    /// Stories whose follower has that table id in that cluster.
    fn follower_table(&self, registry: &Registry, placed: &PlacedRun, cluster: usize, gpid: Gpid) -> (Vec<usize>, Attribution) {
        if let Some(master) = self.masters.get(&(cluster, gpid.app_id)) {
            return one_or_shared(Self::followed(registry, placed, cluster, master), Attribution::Derived);
        }
        let Some(name) = registry.tables.name(cluster, gpid.app_id) else { return NOBODY };
        let fits = |s: &super::Story| s.cluster != cluster && s.identity.follower_table() == Some(name);
        let stories: Vec<usize> = registry.called(name).filter(|&i| fits(&registry.stories[i])).collect();
        one_or_shared(alive(registry, &stories, placed), Attribution::Derived)
    }

    /// Stories of the master table `cluster.table`, from any cluster but the follower's own.
    fn followed(registry: &Registry, placed: &PlacedRun, cluster: usize, master: &str) -> Vec<usize> {
        let (_, by_known) = registry.split(master);
        let mut stories = registry.with_table(None, &by_known);
        if stories.is_empty() {
            // The master cluster's name may have dots and stand in no other line.
            let tails = master.match_indices('.').map(|(at, _)| &master[at + 1..]);
            stories = tails.map(|t| registry.with_table(None, t)).find(|s| !s.is_empty()).unwrap_or_default();
        }
        let elsewhere: Vec<usize> = stories.iter().copied().filter(|&i| registry.stories[i].cluster != cluster).collect();
        let stories = if elsewhere.is_empty() { stories } else { elsewhere };
        let copying = |&i: &usize| registry.stories[i].with_checkpoint() != Some(false);
        alive(registry, &stories, placed).into_iter().filter(copying).collect()
    }
}

/// How long a thread goes on with the partition it named last.
const SAME_WORK: TimeDelta = TimeDelta::mins(1);
