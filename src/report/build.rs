//! Makes the report of what was read, told and found.

use super::accepted::{Acceptance, accept};
use super::detail::{scarcest, waiting};
use super::fingerprint::part_equal_ones;
use super::ownership::Ownership;
use super::reading::{left_out, remark, stranger, unread};
use super::shared::Shared;
use super::verdict::Verdict;
use super::{
    DiskEntry, DuplicationEntry, Finding, InputEntry, Lag, PartitionEntry, Report, SCHEMA_VERSION, Skipped, Summary, Time, Tool,
    TransitionEntry, Window,
};
use crate::ingest::Ingested;
use crate::pegasus::{LogTime, Release, TimeDelta};
use crate::signature::{Found, Lang, Severity};
use crate::timeline::{FactName, Story, World, story_facts};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What the user wants to see.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Only this source table.
    pub app: Option<String>,
    /// Only this duplication.
    pub dup: Option<i64>,
    /// What is known and accepted, left out; the first rule that fits counts.
    pub accepted: Vec<Acceptance>,
    /// Today, by which such rules expire; without it none does.
    pub today: Option<LogTime>,
    /// The language of the findings.
    pub lang: Lang,
    /// Whether findings carry their runbooks.
    pub runbooks: Runbooks,
    /// Now, if the caller wants it in the report.
    pub generated_at: Option<LogTime>,
}

/// Whether findings carry their runbooks, and for which release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Runbooks {
    /// They do not.
    #[default]
    LeftOut,
    /// For all releases, with what differs between them.
    All,
    /// For one.
    For(Release),
}

impl Selection {
    /// Whether a story is wanted.
    #[must_use]
    pub fn wants(&self, story: &Story) -> bool {
        self.app.as_ref().is_none_or(|app| story.app_name.as_ref() == Some(app))
            && self.dup.is_none_or(|dup| story.dup_id.is_some_and(|d| d.0 == dup))
    }

    pub(super) fn wants_all(&self) -> bool {
        self.app.is_none() && self.dup.is_none()
    }
}

/// The report of a world whose names are perhaps replaced; `logged` is that world with the names of the logs, by which is selected.
#[must_use]
pub fn build(ingested: &Ingested, world: &World, logged: &World, found: &[Found<'_>], selection: &Selection) -> Report {
    let builder = Builder {
        ingested,
        world,
        logged,
        selection,
        disks: scarcest(world),
        ownership: Ownership::of(world, found),
        shared: Shared::default(),
    };
    // Room for what comes and no more: of 100,000 duplications what grows by doubling wastes some 60 MB.
    let mut findings: Vec<(Whose, Finding)> = Vec::with_capacity(found.len());
    findings.extend(found.iter().filter_map(|f| builder.finding(f)));
    part_equal_ones(&mut findings);
    let (accepted, expired) = accept(&mut findings, &selection.accepted, selection.today, !std::ptr::eq(world, logged));
    link(&mut findings);
    findings.sort_by_cached_key(|(_, finding)| finding_order(finding));
    let codes = codes(&findings);
    let wanted = |(index, story): &(usize, &Story)| selection.wants(&logged.stories[*index]) && !story.told.is_empty();
    let mut duplications: Vec<DuplicationEntry> = Vec::with_capacity(world.stories.iter().enumerate().filter(wanted).count());
    let stories = world.stories.iter().enumerate().filter(wanted);
    duplications.extend(stories.map(|(index, story)| builder.duplication(index, story, codes.get(&index).cloned().unwrap_or_default())));
    duplications.sort_by_cached_key(|d| (d.verdict, d.app_name.clone(), d.app_id, d.dup_id));
    let findings: Vec<Finding> = findings.into_iter().map(|(_, f)| f).collect();
    let window = builder.window();
    let inputs = builder.inputs();
    let summary = summary(world, &inputs, &duplications, &findings);
    Report {
        schema_version: SCHEMA_VERSION.into(),
        tool: Tool::this(),
        generated_at: selection.generated_at.map(Time),
        window,
        inputs,
        skipped: builder.skipped(),
        servers: builder.servers(),
        leader_changes: builder.leaders(),
        duplications,
        findings,
        accepted,
        expired,
        comparison: None,
        summary,
        checks: None,
        steps: None,
    }
}

/// Codes of each duplication's findings, in the order of these.
fn codes(findings: &[(Whose, Finding)]) -> FxHashMap<usize, Vec<String>> {
    let mut codes: FxHashMap<usize, Vec<String>> = FxHashMap::default();
    for (whose, finding) in findings {
        let Some(owner) = whose.story else { continue };
        let mine = codes.entry(owner).or_default();
        if !mine.contains(&finding.code) {
            mine.push(finding.code.clone());
        }
    }
    codes
}

/// Ties consequences to their causes by fingerprint, in both directions.
fn link(findings: &mut [(Whose, Finding)]) {
    let mut known: FxHashMap<(Option<usize>, String), String> = FxHashMap::default();
    for (whose, f) in findings.iter() {
        known.entry((whose.story, f.code.clone())).or_insert_with(|| f.fingerprint.clone());
    }
    let mut consequences: FxHashMap<String, BTreeSet<String>> = FxHashMap::default();
    for (whose, finding) in findings.iter_mut() {
        let Some(cause) = &mut finding.caused_by else { continue };
        match known.get(&(whose.story, cause.code.clone())) {
            Some(fingerprint) => {
                cause.fingerprint.clone_from(fingerprint);
                consequences.entry(fingerprint.clone()).or_default().insert(finding.code.clone());
            }
            // The user left the cause out.
            None => finding.caused_by = None,
        }
    }
    for (_, finding) in findings.iter_mut() {
        finding.consequences = consequences.get(&finding.fingerprint).into_iter().flatten().cloned().collect();
    }
}

/// Worst first, then active, sure, old, by code and subject.
fn finding_order(f: &Finding) -> impl Ord + use<> {
    let dup = f.duplication.as_ref().map(|d| (d.app_name.clone(), d.app_id, d.dup_id));
    (
        std::cmp::Reverse(f.severity),
        !f.active,
        std::cmp::Reverse(f.confidence),
        f.code.clone(),
        dup,
        f.server.clone(),
        f.first_seen,
        f.evidence.first().map(|e| (e.path.clone(), e.line)),
        f.fingerprint.clone(),
    )
}

/// Whom a finding is about, by the names of the logs.
pub(super) struct Whose {
    pub(super) story: Option<usize>,
    pub(super) table: Option<String>,
}

pub(super) struct Builder<'a> {
    pub(super) ingested: &'a Ingested,
    pub(super) world: &'a World,
    /// The same with the names of the logs.
    pub(super) logged: &'a World,
    pub(super) selection: &'a Selection,
    /// For each cluster the disk that is full first.
    pub(super) disks: Vec<Option<DiskEntry>>,
    /// What each finding is about.
    pub(super) ownership: Ownership,
    /// What findings have in common.
    pub(super) shared: Shared,
}

impl Builder<'_> {
    /// A moment, unless nothing was dated.
    pub(super) fn time(&self, at: LogTime) -> Option<Time> {
        (!self.world.servers.iter().all(|s| s.span.is_none())).then_some(Time(at))
    }

    /// First and last dated line, as the servers logged them.
    fn window(&self) -> Window {
        let spans = || self.world.servers.iter().filter_map(|s| s.span.map(|(a, b)| (a + s.ahead, b + s.ahead)));
        Window { first: spans().map(|s| s.0).min().map(Time), last: spans().map(|s| s.1).max().map(Time) }
    }

    pub(super) fn path(&self, input: usize) -> Arc<str> {
        self.shared.keep(self.ingested.inputs.get(input).map_or("", |i| &i.path))
    }

    fn inputs(&self) -> Vec<InputEntry> {
        let entry = |i: &crate::ingest::Input| InputEntry {
            path: i.path.clone(),
            kind: i.kind(),
            server: i.server.clone(),
            bytes: i.bytes,
            lines: i.lines,
            records: i.records,
            events: i.events,
            drifted: i.drifted,
            first: i.span.map(|s| Time(s.0)),
            last: i.span.map(|s| Time(s.1)),
            utc_offset_minutes: i.probe.zone.map(|z| z.as_secs() / 60),
            notes: i.notes.iter().map(|note| remark(note, self.selection.lang)).collect(),
        };
        self.ingested.inputs.iter().map(entry).collect()
    }

    fn skipped(&self) -> Vec<Skipped> {
        let lang = self.selection.lang;
        let unread = self.ingested.problems.iter().map(|p| Skipped { path: String::new(), reason: unread(p, lang) });
        let copies = self.ingested.notes.iter().map(|n| Skipped { path: n.dropped().display().to_string(), reason: left_out(n, lang) });
        let strangers = self.ingested.strangers.iter().map(|(path, line)| Skipped { path: path.clone(), reason: stranger(line, lang) });
        let mut skipped: Vec<Skipped> = unread.chain(copies).chain(strangers).collect();
        skipped.sort_by(|a, b| (&a.path, &a.reason).cmp(&(&b.path, &b.reason)));
        skipped
    }

    fn duplication(&self, index: usize, story: &Story, codes: Vec<String>) -> DuplicationEntry {
        let span = story.spans.last();
        DuplicationEntry {
            app_id: story.app_id,
            dup_id: story.dup_id,
            app_name: story.app_name.clone(),
            remote_cluster: story.remote_cluster.clone(),
            remote_app_name: story.remote_app_name.clone(),
            remote_replica_count: story.remote_replica_count,
            partition_count: story.partition_count,
            fail_mode: story.fail_mode,
            status: story.status(),
            verdict: Verdict::of(story.status(), self.ownership.active(index)),
            status_since: span.filter(|s| s.status.is_some()).map(|s| Time(s.since)),
            status_seconds: span.filter(|s| s.status.is_some()).map(|s| self.world.now.since(s.since).as_secs()),
            timeline: story.transitions.iter().map(|t| self.transition(t)).collect(),
            states: Self::states(story),
            partitions: story
                .progress
                .iter()
                .map(|(&partition, p)| PartitionEntry {
                    partition,
                    confirmed_decree: p.last.1,
                    last_committed_decree: p.committed.map(|c| c.1),
                    unchanged_since: Time(p.unchanged_since),
                })
                .collect(),
            lag: self.lag(story),
            disk: story.status().and_then(|_| self.disk(story).cloned()),
            errors: self.errors(story),
            history: self.history(story),
            findings: codes,
        }
    }

    fn lag(&self, story: &Story) -> Option<Lag> {
        let facts = story_facts(self.world, story, story.spans.last());
        let waiting = waiting(self, story, &facts)?;
        Some(Lag {
            decree_gap: waiting.decree_gap,
            gap_per_minute: waiting.gap_per_minute,
            closed_in_seconds: waiting.closed_in.map(TimeDelta::as_secs),
            lagging_partitions: facts.int(FactName::LaggingPartitions).unwrap_or(0),
        })
    }

    fn transition(&self, t: &crate::timeline::Transition) -> TransitionEntry {
        let line = &self.world.runs[t.run].run.first;
        TransitionEntry {
            from: t.from,
            to: t.to,
            at: Time(self.world.logged(line)),
            at_ms: self.world.logged(line).millis(),
            evidence: self.proof(line),
        }
    }
}

fn summary(world: &World, inputs: &[InputEntry], duplications: &[DuplicationEntry], findings: &[Finding]) -> Summary {
    let mut by_verdict = BTreeMap::new();
    for duplication in duplications {
        *by_verdict.entry(duplication.verdict).or_insert(0) += 1;
    }
    let mut by_severity: BTreeMap<Severity, usize> = BTreeMap::new();
    for finding in findings {
        *by_severity.entry(finding.severity).or_insert(0) += 1;
    }
    Summary {
        duplications: duplications.len(),
        by_verdict,
        by_severity,
        servers: world.servers.iter().filter(|s| !s.answers).count(),
        inputs: inputs.len(),
        bytes: inputs.iter().map(|i| i.bytes).sum(),
        lines: inputs.iter().map(|i| i.lines).sum(),
        events: inputs.iter().map(|i| i.events).sum(),
        drifted: inputs.iter().map(|i| i.drifted).sum(),
    }
}
