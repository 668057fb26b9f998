//! The fold: runs in order of time become stories.

use super::answers::News;
use super::attribute::Attributor;
use super::disk::full_in as full_in_of;
use super::homes::Homes;
use super::identity::Registry;
use super::model::{Model, StoryPlaces};
use super::requests::requests;
use super::sight::{leaders, sight};
use super::spans::{change, see};
use super::story::{AttributedRun, Attribution, Contested, Contradiction, Span};
use super::tables::TableIds;
use super::{InputState, PlacedRun, ServerLog};
use crate::event::EventKind as E;
use crate::pegasus::{DupStatus, FailMode, Identity, LogTime, Side, TimeDelta};
use crate::run::DupEntry;
use std::collections::{BTreeMap, BTreeSet};

/// Builds the stories from the runs of all servers. Where the order of things shows that clocks
/// differ, they are corrected and the stories told once more.
pub(crate) fn build(runs: Vec<PlacedRun>, mut servers: Vec<ServerLog>, inputs: Vec<InputState>) -> Model {
    super::clusters::name(&mut servers, &runs);
    let model = tell(runs, servers, inputs);
    let ahead = super::clocks::offsets(&model);
    if ahead.iter().all(|a| a.by == TimeDelta::ZERO) {
        return model;
    }
    let Model { mut runs, mut servers, inputs, .. } = model;
    for placed in &mut runs {
        let ahead = ahead[placed.server].by;
        placed.run.first.at = placed.run.first.at - ahead;
        placed.run.tail.iter_mut().for_each(|line| line.at = line.at - ahead);
    }
    for (server, ahead) in servers.iter_mut().zip(ahead) {
        let correct = |(first, last): (LogTime, LogTime)| (first - ahead.by, last - ahead.by);
        server.ahead = ahead.by;
        server.ahead_proof = ahead.proof.into_iter().flat_map(|(a, b)| [a, b]).map(|run| runs[run].run.first.clone()).collect();
        server.span = server.span.map(correct);
        server.gap = server.gap.map(correct);
        server.files.iter_mut().for_each(|file| *file = correct(*file));
    }
    tell(runs, servers, inputs)
}

/// Tells the stories of runs whose clocks are taken as they are.
fn tell(mut runs: Vec<PlacedRun>, mut servers: Vec<ServerLog>, inputs: Vec<InputState>) -> Model {
    runs.sort_by(|a, b| {
        let place = |p: &PlacedRun| (p.run.first.at, p.server, p.run.first.input, p.run.first.line, p.run.first.offset);
        place(a).cmp(&place(b))
    });
    super::restarts::note(&mut servers, &runs);
    let homes = Homes::of(&servers, &runs);
    let now = servers.iter().filter_map(|s| s.span).map(|s| s.1).max().unwrap_or_default();
    let beginning = servers.iter().filter_map(|s| s.span).map(|s| s.0).min().unwrap_or_default();
    let mut registry = Registry::default();
    for placed in &runs {
        registry.learn_clusters(placed);
    }
    registry.tables = TableIds::of(&runs, &servers, &homes, registry.clusters());
    let mut fold = Fold {
        attributor: Attributor::new(&runs, &homes),
        registry,
        runs: &runs,
        cluster_of: &homes.cluster_of,
        told_by_meta: BTreeMap::new(),
        told_by_logs: BTreeMap::new(),
        by_answer: BTreeSet::new(),
        by_failures: BTreeSet::new(),
        wanted_fail_mode: BTreeMap::new(),
    };
    fold.register(&servers);
    for index in 0..runs.len() {
        fold.take(index, &servers);
    }
    fold.inherit();
    let mut stories = fold.registry.stories;
    for story in &mut stories {
        super::restarts::lose_sight(story, &runs, &homes.cluster_of);
    }
    let leaders = leaders(&runs, &servers, &homes.cluster_of, homes.clusters.len());
    for story in &mut stories {
        story.sight = sight(story, leaders[story.cluster], &runs, &homes.cluster_of);
    }
    super::halves::tie(&mut stories);
    let requests = requests(&runs, &stories, &servers, &homes.cluster_of);
    let places = StoryPlaces::of(&stories);
    let (clusters, full_in, hangs) = (homes.clusters, Vec::new(), Vec::new());
    let model = Model { runs, servers, inputs, clusters, leaders, stories, requests, now, beginning, places, full_in, hangs };
    Model { full_in: full_in_of(&model), hangs: super::hangs::hangs(&model), ..model }
}

pub(super) struct Fold<'a> {
    pub(super) attributor: Attributor<'a>,
    pub(super) registry: Registry,
    pub(super) runs: &'a [PlacedRun],
    pub(super) cluster_of: &'a [usize],
    /// Stories whose status the source's meta servers tell, and when the last log of these ends.
    pub(super) told_by_meta: BTreeMap<usize, LogTime>,
    /// The same, of servers' own logs only.
    pub(super) told_by_logs: BTreeMap<usize, LogTime>,
    /// Stories whose present status an answer told.
    pub(super) by_answer: BTreeSet<usize>,
    /// Stories whose status only lines about the follower's table have told so far.
    pub(super) by_failures: BTreeSet<usize>,
    /// The fail mode last asked for, by story.
    pub(super) wanted_fail_mode: BTreeMap<usize, FailMode>,
}

impl Fold<'_> {
    pub(super) fn meta_tells(&mut self, story: usize, placed: &PlacedRun, servers: &[ServerLog]) {
        let end = servers[placed.server].log_end().unwrap_or(placed.run.last().at);
        let last = self.told_by_meta.entry(story).or_insert(end);
        *last = end.max(*last);
        if !placed.run.kind().is_answer() {
            let last = self.told_by_logs.entry(story).or_insert(end);
            *last = end.max(*last);
        }
    }

    /// Whether no meta server's log tells how a story goes on: there is none, or it ended before.
    fn left_to_replicas(&self, story: usize, at: LogTime) -> bool {
        /// Replica servers learn of a change with their next sync, up to 10 s later.
        const SYNC: TimeDelta = TimeDelta::secs(20);
        self.told_by_meta.get(&story).is_none_or(|&end| at.since(end) > SYNC)
    }

    /// Unless a line says otherwise the follower gets the source table's replica count.
    fn inherit(&mut self) {
        for story in &mut self.registry.stories {
            let table = story.identity.app_name.as_ref().and_then(|name| self.attributor.table(story.cluster, name));
            story.remote_replica_count = story.remote_replica_count.or(table.and_then(|t| t.replica_count));
        }
    }

    /// Takes over what a report says about identity.
    pub(super) fn adopt(&mut self, index: usize, report: &DupEntry) {
        let (remote_cluster, remote_app_name) = (report.remote_cluster.clone(), report.remote_app_name.clone());
        self.registry.name(index, &Identity { remote_cluster, remote_app_name, ..Identity::default() });
        let story = &mut self.registry.stories[index];
        story.remote_replica_count = story.remote_replica_count.or(report.remote_replica_count);
        if story.partition_count.is_none() && report.partitions > 0 {
            story.partition_count = i64::try_from(report.partitions).ok();
        }
    }

    /// Second pass: one run.
    fn take(&mut self, index: usize, servers: &[ServerLog]) {
        let placed = &self.runs[index];
        let cluster = self.cluster_of[placed.server];
        let kind = placed.run.kind();
        if matches!(kind, E::DupRecoverBegin | E::LeaderTookOver) {
            self.restored(cluster, placed.run.first.at);
            return;
        }
        let (about, by) = self.attributor.about(&mut self.registry, placed, cluster);
        self.attributor.follow(placed);
        for &story in &about {
            let first = placed.run.first.at;
            let told = &mut self.registry.stories[story];
            told.told.push(AttributedRun { run: index, by });
            // The first sight of a duplication begins its first span, of unknown status.
            let is_of_table = |kind: E| matches!(kind, E::TableAnswered | E::PartitionsAnswered);
            if told.spans.is_empty() && !matches!(kind, E::DupStatusChanged | E::AddDupOk | E::AddDupRequest) && !is_of_table(kind) {
                let since = if by == Attribution::Shared { continue } else { first };
                told.spans.push(Span { status: None, since, seen: false, until: None });
            }
        }
        if by > Attribution::Shared {
            for &story in &about {
                self.state(story, index, servers);
            }
        }
    }

    /// What a run changes in the one story it is about.
    #[expect(clippy::wildcard_enum_match_arm, reason = "most of the nearly two hundred kinds of events change nothing here")]
    fn state(&mut self, story: usize, index: usize, servers: &[ServerLog]) {
        let placed = &self.runs[index];
        let run = &placed.run;
        match run.kind() {
            E::DupStatusChanged => {
                self.by_answer.remove(&story);
                self.by_failures.remove(&story);
                let status = |name: &str| run.field(name).and_then(|s| s.parse::<DupStatus>().ok());
                if let (Some(from), Some(to)) = (status("from_status"), status("to_status")) {
                    let begin = servers[placed.server].span.map_or(run.first.at, |s| s.0);
                    let told = &mut self.registry.stories[story];
                    change(told, Some(from), to, run.first.at, index, begin);
                    if from == to
                        && let Some(mode) = self.wanted_fail_mode.get(&story)
                    {
                        told.fail_mode = Some(*mode);
                    }
                }
            }
            E::DupReport | E::DuplicationAnswered => {
                if let Some((report, status)) = run.report().and_then(|report| Some((report, report.status?))) {
                    let asked = run.kind() == E::DuplicationAnswered;
                    if asked {
                        self.differ(story, index);
                    } else {
                        self.by_answer.remove(&story);
                    }
                    self.by_failures.remove(&story);
                    self.adopt(story, report);
                    if asked && !self.is_news(story, index, status, Contested::Status) {
                        return;
                    }
                    let told = &mut self.registry.stories[story];
                    told.fail_mode = report.fail_mode.or(told.fail_mode);
                    if asked {
                        super::answers::answered(told, status, run.first.at);
                    }
                    see(told, status, run.first.at, index);
                    if let Some(progress) = &run.progress {
                        let mut all = crate::run::Progress { partitions: std::mem::take(&mut told.progress) };
                        all.append(progress.clone());
                        told.progress = all.partitions;
                    }
                }
            }
            kind if kind.is_answer() => self.answer(story, index, servers),
            E::ModifyDupRequest => {
                if let Some(mode) = run.field("to_fail_mode").and_then(|m| m.parse().ok()) {
                    self.wanted_fail_mode.insert(story, mode);
                }
            }
            E::AddDupOk | E::AddDupRequest => {
                let (follower, count) = super::answers::asked_follower(run);
                let told = &mut self.registry.stories[story];
                told.remote_replica_count = told.remote_replica_count.or(count);
                self.registry.name(story, &Identity { remote_app_name: follower, ..Identity::default() });
            }
            E::FollowerAppCreateFailed
            | E::FollowerAppCheckFailed
            | E::FollowerAppCreateRequest
            | E::FollowerAppCheckRequest
            | E::FollowerAppMarkCreatedFailed => {
                // These lines tell the status too; it only counts where nothing better does.
                if let Some(status) = run.field("status").and_then(|s| s.parse().ok())
                    && (self.registry.stories[story].status().is_none() || self.by_failures.contains(&story))
                {
                    self.by_failures.insert(story);
                    see(&mut self.registry.stories[story], status, run.first.at, index);
                }
            }
            // A replica server's view of the status counts where no meta server's is there.
            E::DuplicatorCreated | E::DuplicatorStatusUpdate | E::DuplicatorStarted if self.left_to_replicas(story, run.last().at) => {
                let status = run.field("to_status").or_else(|| run.field("status")).and_then(|s| s.parse().ok());
                let status = if run.kind() == E::DuplicatorStarted { status.or(Some(DupStatus::DsLog)) } else { status };
                if let Some(status) = status {
                    let at = run.kept().map(|line| line.at).find(|&at| self.left_to_replicas(story, at)).unwrap_or(run.last().at);
                    see(&mut self.registry.stories[story], status, at, index);
                }
            }
            E::RenameAppRequest => {
                if let Some(name) = run.field("new_app_name") {
                    self.registry.rename(story, name);
                }
            }
            E::CreateAppRequest => {
                let told = &mut self.registry.stories[story];
                told.remote_replica_count = told.remote_replica_count.or(run.number("replica_count"));
            }
            _ => {}
        }
    }

    /// What an answer changes that states no whole duplication.
    #[expect(clippy::wildcard_enum_match_arm, reason = "most of the nearly two hundred kinds of events are no answers")]
    fn answer(&mut self, story: usize, index: usize, servers: &[ServerLog]) {
        let run = &self.runs[index].run;
        let denies = matches!(run.kind(), E::NoDuplicationAnswered | E::DuplicationNotAnswered | E::DupNodeMissing | E::DupNodesListed);
        let lost = (denies || run.kind() == E::DupNodeAnswered)
            && super::vanished::at_restore(&self.registry.stories[story], self.runs, servers, self.cluster_of);
        match run.kind() {
            // A new leader has lost it; nobody removed it.
            _ if denies && lost => {}
            kind if denies
                && kind != E::DuplicationNotAnswered
                && !self.is_news(story, index, DupStatus::DsRemoved, Contested::Duplication) => {}
            _ if denies => {
                let told = &mut self.registry.stories[story];
                see(told, DupStatus::DsRemoved, run.first.at, index);
                told.removed = told.removed.or(Some(run.first.at));
            }
            E::PartitionsAnswered => {
                let told = &mut self.registry.stories[story];
                if super::fitting::asked_side(told, run, None) == Some(Side::Source) {
                    told.partition_count = told.partition_count.or(run.number("partition_count").filter(|&count| count > 0));
                }
            }
            E::DupNodeAnswered => {
                let Some((report, status)) = run.report().and_then(|report| Some((report, report.status?))) else { return };
                self.adopt(story, report);
                let told = &mut self.registry.stories[story];
                told.fail_mode = told.fail_mode.or(report.fail_mode);
                // Nothing is ever in force as DS_INIT (DUP601).
                if status != DupStatus::DsInit && !lost && self.is_news(story, index, status, Contested::Status) {
                    see(&mut self.registry.stories[story], status, run.first.at, index);
                }
            }
            E::ModifyDupAnswered if run.field("err") == Some("ERR_OK") => {
                if let Some(mode) = run.field("to").and_then(|m| m.parse().ok()) {
                    self.registry.stories[story].fail_mode = Some(mode);
                }
                if let Some(status) = run.field("to").and_then(|s| s.parse().ok())
                    && self.is_news(story, index, status, Contested::Status)
                {
                    see(&mut self.registry.stories[story], status, run.first.at, index);
                }
            }
            E::AddDupTyped | E::AddDupAnswered => {
                self.differ(story, index);
                let (follower, count) = super::answers::asked_follower(run);
                let told = &mut self.registry.stories[story];
                told.remote_replica_count = told.remote_replica_count.or(count);
                told.identity.remote_app_name = told.identity.remote_app_name.take().or(follower);
                told.asked_checkpoint = run.field("checkpoint").and_then(|with| with.parse().ok()).or(told.asked_checkpoint);
            }
            _ => {}
        }
    }

    /// Notes names and counts that an answer tells otherwise.
    fn differ(&mut self, story: usize, index: usize) {
        let told = &mut self.registry.stories[story];
        let found = super::answers::differing(told, &self.runs[index], index);
        told.contradictions.extend(found);
    }

    /// Whether an answered status tells something new; where it cannot be, that is noted.
    fn is_news(&mut self, story: usize, index: usize, answered: DupStatus, about: Contested) -> bool {
        let (placed, known) = (&self.runs[index], self.registry.stories[story].status());
        let soon = super::answers::changes_soon(self.runs, index, &self.registry.stories[story], answered);
        let until = self.told_by_logs.get(&story).copied();
        let by_answer = self.by_answer.contains(&story);
        match super::answers::compare(known, by_answer, answered, placed.run.first.at, until, soon) {
            News::Adopt => {
                self.by_answer.insert(story);
                true
            }
            News::Nothing => known == Some(answered),
            // Without a time of its own an answer may simply be older.
            News::Contradicts if placed.run.undated && until.is_some() => false,
            News::Contradicts => {
                let logs = known.map_or_else(String::new, |s| s.name().to_owned());
                let answer = if about == Contested::Duplication { "null".to_owned() } else { answered.name().to_owned() };
                let told = &mut self.registry.stories[story];
                told.contradictions.push(Contradiction { run: index, about, answer, logs });
                false
            }
        }
    }

    /// A new leader reads the duplications of its cluster from ZooKeeper.
    fn restored(&mut self, cluster: usize, at: LogTime) {
        /// The lines of one take-over come within seconds.
        const SAME: TimeDelta = TimeDelta::mins(1);
        for story in &mut self.registry.stories {
            let known = !story.told.is_empty() || story.identity.dup_id.is_some_and(|d| LogTime::from_secs(d.0) < at);
            let repeated = story.restores.last().is_some_and(|&last| at.since(last) < SAME);
            if story.cluster == cluster && known && !repeated && story.removed.is_none_or(|r| r > at) {
                story.restores.push(at);
            }
        }
    }
}
