//! Makes the report of what was read, told and found.

use super::accepted::accept;
use super::context::Context;
use super::detail::lag;
use super::disk::scarcest;
use super::fingerprint::part_equal_ones;
use super::ownership::FindingOwner;
use super::reading::{input_note, left_out, stranger, unread};
use super::selection::Selection;
use super::verdict::Verdict;
use super::{
    DuplicationEntry, DuplicationRef, Finding, InputEntry, Known, PartitionEntry, Report, SCHEMA_VERSION, Skipped, Summary, SwitchOver,
    Time, Tool, TransitionEntry, Window,
};
use crate::ingest::{Ingested, is_capture};
use crate::pegasus::TimeDelta;
use crate::signature::{Found, Severity};
use crate::timeline::{Model, Story};
use rustc_hash::FxHashMap;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// The report of a model whose names are perhaps replaced; `logged` is that model with the names of the logs, by which is selected.
pub(crate) fn build(ingested: &Ingested, model: &Model, logged: &Model, found: &[Found<'_>], selection: &Selection) -> Report {
    let context = Context { disks: scarcest(model), ..Context::new(ingested, model, logged, found, selection) };
    // Room for what comes and no more: of 100,000 duplications what grows by doubling wastes some 60 MB.
    let mut findings: Vec<(FindingOwner, Finding)> = Vec::with_capacity(found.len());
    findings.extend(found.iter().filter_map(|f| context.finding(f)));
    part_equal_ones(&mut findings);
    link(&mut findings);
    let (accepted, expired) = accept(&mut findings, &selection.accepted, selection.today, !std::ptr::eq(model, logged));
    list_consequences(&mut findings);
    findings.sort_by_cached_key(|(_, finding)| finding_order(finding));
    let is_grave = |finding: &Finding| finding.active && finding.severity >= Severity::Error;
    let grave = codes(&findings, is_grave);
    // A server in trouble concerns all of them.
    let of_server = |(whose, finding): &&(FindingOwner, Finding)| whose.server.is_some() && whose.story.is_none() && is_grave(finding);
    let of_servers: BTreeSet<String> = findings.iter().filter(of_server).map(|(_, finding)| finding.code.clone()).collect();
    let codes = codes(&findings, |_| true);
    let wanted = |(index, story): &(usize, &Story)| selection.only.wants(&logged.stories[*index].identity) && !story.told.is_empty();
    let mut entries: Vec<(usize, DuplicationEntry)> = Vec::with_capacity(model.stories.iter().enumerate().filter(wanted).count());
    let stories = model.stories.iter().enumerate().filter(wanted);
    let own = |index: usize| codes.get(&index).cloned().unwrap_or_default();
    entries.extend(stories.map(|(index, story)| (index, context.duplication(index, story, own(index)))));
    for (index, entry) in &mut entries {
        entry.switch_over =
            context.switch_over(*index, entry, grave.get(index).into_iter().flatten().chain(&of_servers).cloned().collect());
    }
    sort(&mut entries, &mut findings);
    let missing_logs = context.missing(&entries);
    let duplications: Vec<DuplicationEntry> = entries.into_iter().map(|(_, entry)| entry).collect();
    let findings: Vec<Finding> = findings.into_iter().map(|(_, f)| f).collect();
    let window = context.window();
    let inputs = context.inputs();
    let summary = summary(model, &inputs, &duplications, &findings);
    Report {
        schema_version: SCHEMA_VERSION.into(),
        tool: Tool::this(),
        generated_at: selection.generated_at.map(Time),
        window,
        inputs,
        skipped: context.skipped(),
        servers: context.servers(),
        leader_changes: context.leaders(),
        coverage: context.coverage(),
        missing_logs,
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
fn codes(findings: &[(FindingOwner, Finding)], wanted: fn(&Finding) -> bool) -> FxHashMap<usize, Vec<String>> {
    let mut codes: FxHashMap<usize, Vec<String>> = FxHashMap::default();
    for (whose, finding) in findings.iter().filter(|(_, finding)| wanted(finding)) {
        let Some(owner) = whose.story else { continue };
        let mine = codes.entry(owner).or_default();
        if !mine.contains(&finding.code) {
            mine.push(finding.code.clone());
        }
    }
    codes
}

/// Ties consequences to their causes by fingerprint.
fn link(findings: &mut [(FindingOwner, Finding)]) {
    // A cause is about the same duplication, or about a server.
    let mut known: FxHashMap<(Option<usize>, Option<usize>, String), String> = FxHashMap::default();
    for (whose, f) in findings.iter() {
        let story = whose.story.filter(|_| whose.server.is_none());
        known.entry((story, whose.server, f.code.clone())).or_insert_with(|| f.fingerprint.clone());
    }
    for (whose, finding) in findings.iter_mut() {
        let Some(cause) = &mut finding.caused_by else { continue };
        let story = whose.story.filter(|_| whose.explained_by.is_none());
        match known.get(&(story, whose.explained_by, cause.code.clone())) {
            Some(fingerprint) => cause.fingerprint.clone_from(fingerprint),
            // The user left the cause out.
            None => finding.caused_by = None,
        }
    }
}

/// Says of each cause what follows from it.
fn list_consequences(findings: &mut [(FindingOwner, Finding)]) {
    let mut consequences: FxHashMap<String, BTreeSet<String>> = FxHashMap::default();
    for (_, finding) in findings.iter() {
        if let Some(cause) = &finding.caused_by {
            consequences.entry(cause.fingerprint.clone()).or_default().insert(finding.code.clone());
        }
    }
    for (_, finding) in findings.iter_mut() {
        finding.consequences = consequences.get(&finding.fingerprint).into_iter().flatten().cloned().collect();
    }
}

/// One order for all that is told: worst first, then what has lasted longest, then by name.
fn sort(entries: &mut [(usize, DuplicationEntry)], findings: &mut [(FindingOwner, Finding)]) {
    let mut gravest: FxHashMap<usize, Severity> = FxHashMap::default();
    for (story, finding) in findings.iter().filter(|(_, f)| f.active).filter_map(|(whose, f)| Some((whose.story?, f))) {
        let known = gravest.entry(story).or_insert(finding.severity);
        *known = finding.severity.max(*known);
    }
    entries.sort_by_cached_key(|(story, d)| {
        let known = &d.identity;
        (d.verdict, Reverse(gravest.get(story).copied()), Reverse(d.status_seconds), known.app_name.clone(), known.app_id, known.dup_id)
    });
    let places: FxHashMap<usize, usize> = entries.iter().enumerate().map(|(place, (story, _))| (*story, place)).collect();
    // What is about no duplication explains others.
    findings.sort_by_key(|(whose, f)| (Reverse(f.severity), !f.active, whose.story.map(|story| places.get(&story).copied())));
}

/// Worst first, then active, sure, old, by code and subject.
fn finding_order(f: &Finding) -> impl Ord + use<> {
    let dup = f.duplication.as_ref().map(|d| (d.app_name.clone(), d.app_id, d.dup_id));
    (
        Reverse(f.severity),
        !f.active,
        Reverse(f.confidence),
        f.code.clone(),
        dup,
        f.server.clone(),
        f.first_seen,
        f.evidence.first().map(|e| (e.path.clone(), e.line)),
        f.fingerprint.clone(),
    )
}

impl Context<'_> {
    /// First and last dated line, as the servers logged them.
    fn window(&self) -> Window {
        let spans = || self.model.servers.iter().filter_map(|s| s.span.map(|(a, b)| (a + s.ahead, b + s.ahead)));
        Window { first: spans().map(|s| s.0).min().map(Time), last: spans().map(|s| s.1).max().map(Time) }
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
            notes: i.notes.iter().map(|note| input_note(note, self.selection.lang)).collect(),
        };
        self.ingested.inputs.iter().map(entry).collect()
    }

    fn skipped(&self) -> Vec<Skipped> {
        let lang = self.selection.lang;
        let unread = self.ingested.problems.iter().map(|p| Skipped { path: String::new(), reason: unread(p, lang), harmless: false });
        let copies = self.ingested.notes.iter().map(|n| Skipped {
            path: n.dropped().display().to_string(),
            reason: left_out(n, lang),
            harmless: true,
        });
        let named = |path: &String, line: &str| Skipped { path: path.clone(), reason: stranger(line, lang), harmless: is_capture(path) };
        let strangers = self.ingested.strangers.iter().map(|(path, line)| named(path, line));
        let mut skipped: Vec<Skipped> = unread.chain(copies).chain(strangers).collect();
        skipped.sort_by(|a, b| (&a.path, &a.reason).cmp(&(&b.path, &b.reason)));
        skipped
    }

    fn duplication(&self, index: usize, story: &Story, codes: Vec<String>) -> DuplicationEntry {
        let lasts = self.model.lasts(story);
        let mut entry = DuplicationEntry {
            identity: story.identity.clone(),
            remote_replica_count: story.remote_replica_count,
            partition_count: story.partition_count,
            with_checkpoint: story.with_checkpoint(),
            fail_mode: story.fail_mode,
            status: story.status(),
            verdict: Verdict::of(story.status(), self.model.in_sight(story), self.ownership.active(index)),
            status_since: lasts.map(|(begun, _)| Time(begun.since)),
            status_seconds: lasts.and_then(|(_, length)| length).map(TimeDelta::as_secs),
            status_seconds_are: lasts.filter(|(_, length)| length.is_some()).map(|(begun, _)| begun.exactness),
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
            lag: lag(self.model, story),
            disk: story.status().and_then(|_| self.disk(story).cloned()),
            errors: self.errors(story),
            history: self.history(story),
            quiet: false,
            others: story.others,
            perhaps_same_as: (!story.perhaps_same_as.is_empty())
                .then(|| story.perhaps_same_as.iter().map(|&other| DuplicationRef::from(&self.model.stories[other].identity)).collect()),
            findings: codes,
            switch_over: None,
        };
        entry.quiet = self.quiet(index, &entry);
        entry
    }

    fn switch_over(&self, index: usize, entry: &DuplicationEntry, findings: Vec<String>) -> Option<SwitchOver> {
        let most = self.selection.switch_over?;
        let story = &self.model.stories[index];
        let waiting = self.model.waiting(story);
        // Decrees alone tell only that something waits.
        let least = entry.lag.map(|lag| lag.decree_gap).filter(|&gap| gap > most);
        let known = Known {
            status: entry.status,
            in_sight: !entry.cannot_tell(),
            partitions: story.partition_count.and_then(|count| usize::try_from(count).ok()),
            told: waiting.told,
            waiting: waiting.mutations.max(least),
            falling: waiting.falling,
            findings,
            ..Known::default()
        };
        SwitchOver::of(&known, most, self.selection.lang)
    }

    fn transition(&self, t: &crate::timeline::Transition) -> TransitionEntry {
        let line = &self.model.runs[t.run].run.first;
        TransitionEntry {
            from: t.from,
            to: t.to,
            at: Time(self.model.logged(line)),
            at_ms: self.model.logged(line).millis(),
            evidence: self.proof(line),
        }
    }
}

fn summary(model: &Model, inputs: &[InputEntry], duplications: &[DuplicationEntry], findings: &[Finding]) -> Summary {
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
        servers: model.servers.iter().filter(|s| !s.answers).count(),
        inputs: inputs.len(),
        bytes: inputs.iter().map(|i| i.bytes).sum(),
        lines: inputs.iter().map(|i| i.lines).sum(),
        events: inputs.iter().map(|i| i.events).sum(),
        drifted: inputs.iter().map(|i| i.drifted).sum(),
    }
}
