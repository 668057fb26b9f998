//! Makes the report of what was read, told and found.

use super::fingerprint::{of_other, of_story};
use super::verdict::Verdict;
use super::missing::missing_logs;
use super::{
    Cause, DuplicationEntry, DuplicationRef, Evidence, Finding, InputEntry, Lag, LookAlikeEntry, PartitionEntry, Place, Report, SCHEMA_VERSION, Skipped,
    Suggestion, Summary, Time, Tool, TransitionEntry, Window,
};
use crate::event::EventKind;
use crate::ingest::Ingested;
use crate::pegasus::{DupStatus, LogTime, show_duration};
use crate::run::{Occurrence, Run};
use crate::signature::{Command, Found, Lang, Placeholders, Severity, Subject, fill};
use crate::timeline::{Fact, Story, World, input_facts, server_facts, story_facts};
use std::collections::BTreeMap;

/// What the user wants to see.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Only this source table.
    pub app: Option<String>,
    /// Only this duplication.
    pub dup: Option<i64>,
    /// `CODE` or `CODE:TABLE`, left out.
    pub ignore: Vec<String>,
    /// Fingerprints that are known and accepted, left out.
    pub baseline: Vec<String>,
    /// The language of the findings.
    pub lang: Lang,
    /// Now, if the caller wants it in the report.
    pub generated_at: Option<LogTime>,
}

impl Selection {
    /// Whether a story is wanted.
    #[must_use]
    pub fn wants(&self, story: &Story) -> bool {
        self.app.as_ref().is_none_or(|app| story.app_name.as_ref() == Some(app))
            && self.dup.is_none_or(|dup| story.dup_id.is_some_and(|d| d.0 == dup))
    }

    fn wants_all(&self) -> bool {
        self.app.is_none() && self.dup.is_none()
    }
}

/// The report.
#[must_use]
pub fn build(ingested: &Ingested, world: &World, found: &[Found<'_>], selection: &Selection) -> Report {
    let builder = Builder { ingested, world, selection };
    let mut findings: Vec<(Option<usize>, Finding)> = found.iter().filter_map(|f| builder.finding(f)).collect();
    link(&mut findings);
    findings.sort_by_cached_key(|(_, finding)| finding_order(finding));
    let mut duplications: Vec<DuplicationEntry> = world
        .stories
        .iter()
        .enumerate()
        .filter(|(_, story)| selection.wants(story) && !story.told.is_empty())
        .map(|(index, story)| builder.duplication(index, story, found, &findings))
        .collect();
    duplications.sort_by(|a, b| {
        let place = |d: &DuplicationEntry| (d.verdict, d.app_name.clone(), d.app_id, d.dup_id);
        place(a).cmp(&place(b))
    });
    let findings: Vec<Finding> = findings.into_iter().map(|(_, f)| f).collect();
    let window = Window { first: builder.time(world.beginning), last: builder.time(world.now) };
    let inputs = builder.inputs();
    let summary = summary(world, &inputs, &duplications, &findings);
    Report {
        schema_version: SCHEMA_VERSION,
        tool: Tool { name: "dupdoctor", version: env!("CARGO_PKG_VERSION") },
        generated_at: selection.generated_at.map(Time),
        window,
        inputs,
        skipped: builder.skipped(),
        duplications,
        findings,
        summary,
    }
}

/// Ties consequences to their causes by fingerprint, in both directions.
fn link(findings: &mut [(Option<usize>, Finding)]) {
    let known: Vec<(Option<usize>, String, String)> =
        findings.iter().map(|(owner, f)| (*owner, f.code.clone(), f.fingerprint.clone())).collect();
    let mut consequences: Vec<(String, String)> = Vec::new();
    for (owner, finding) in findings.iter_mut() {
        let Some(cause) = &mut finding.caused_by else { continue };
        match known.iter().find(|(o, code, _)| o == owner && *code == cause.code) {
            Some((_, _, fingerprint)) => {
                cause.fingerprint.clone_from(fingerprint);
                consequences.push((fingerprint.clone(), finding.code.clone()));
            }
            // The user left the cause out.
            None => finding.caused_by = None,
        }
    }
    for (_, finding) in findings.iter_mut() {
        let mine = consequences.iter().filter(|(cause, _)| *cause == finding.fingerprint).map(|(_, code)| code.clone());
        finding.consequences = mine.collect();
        finding.consequences.sort();
        finding.consequences.dedup();
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

struct Builder<'a> {
    ingested: &'a Ingested,
    world: &'a World,
    selection: &'a Selection,
}

impl Builder<'_> {
    /// A moment, unless nothing was dated.
    fn time(&self, at: LogTime) -> Option<Time> {
        (!self.world.servers.iter().all(|s| s.span.is_none())).then_some(Time(at))
    }

    fn path(&self, input: usize) -> String {
        self.ingested.inputs.get(input).map_or_else(String::new, |i| i.path.clone())
    }

    fn inputs(&self) -> Vec<InputEntry> {
        let entry = |i: &crate::ingest::Input| InputEntry {
            path: i.path.clone(),
            kind: match i.probe.role {
                Some("meta") => "meta-log",
                Some("replica") => "replica-log",
                _ => "log",
            },
            server: i.server.clone(),
            bytes: i.bytes,
            lines: i.lines,
            records: i.records,
            events: i.events,
            drifted: i.drifted,
            first: i.span.map(|s| Time(s.0)),
            last: i.span.map(|s| Time(s.1)),
            utc_offset_minutes: i.probe.zone.map(|z| z / 60_000_000_000),
            notes: i.notes.clone(),
        };
        self.ingested.inputs.iter().map(entry).collect()
    }

    fn skipped(&self) -> Vec<Skipped> {
        let unread = self.ingested.problems.iter().map(|p| Skipped { path: String::new(), reason: p.to_string() });
        let copies = self.ingested.notes.iter().map(|n| Skipped { path: n.dropped().display().to_string(), reason: n.to_string() });
        let strangers =
            self.ingested.strangers.iter().map(|(path, line)| Skipped { path: path.clone(), reason: format!("no Pegasus log, begins with {line:?}") });
        let mut skipped: Vec<Skipped> = unread.chain(copies).chain(strangers).collect();
        skipped.sort_by(|a, b| (&a.path, &a.reason).cmp(&(&b.path, &b.reason)));
        skipped
    }

    fn duplication(&self, index: usize, story: &Story, found: &[Found<'_>], findings: &[(Option<usize>, Finding)]) -> DuplicationEntry {
        let span = story.spans.last();
        let active = verdicts(self.world, found, index);
        let mut codes: Vec<String> = Vec::new();
        for (_, finding) in findings.iter().filter(|(owner, _)| *owner == Some(index)) {
            if !codes.contains(&finding.code) {
                codes.push(finding.code.clone());
            }
        }
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
            verdict: Verdict::of(story.status(), active),
            status_since: span.filter(|s| s.status.is_some()).map(|s| Time(s.since)),
            status_seconds: span.filter(|s| s.status.is_some()).map(|s| self.world.now.since(s.since) / 1_000_000_000),
            timeline: story.transitions.iter().map(|t| self.transition(t)).collect(),
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
            findings: codes,
        }
    }

    fn lag(&self, story: &Story) -> Option<Lag> {
        let facts = story_facts(self.world, story, story.spans.last());
        let int = |name: &str| match facts.get(name) {
            Some(Fact::Int(n)) => Some(*n),
            Some(Fact::Duration(nanos)) => Some(*nanos / 1_000_000_000),
            _ => None,
        };
        Some(Lag {
            decree_gap: int("decree_gap")?,
            gap_per_minute: int("gap_per_minute"),
            closed_in_seconds: int("gap_closed_in"),
            lagging_partitions: int("lagging_partitions").unwrap_or(0),
        })
    }

    fn transition(&self, t: &crate::timeline::Transition) -> TransitionEntry {
        let line = &self.world.runs[t.run].run.first;
        TransitionEntry {
            from: t.from,
            to: t.to,
            at: Time(t.at),
            at_ms: t.at.millis(),
            evidence: Place { path: self.path(line.input), line: line.line },
        }
    }

    /// The finding and the story it is about; `None` when the user does not want it.
    fn finding(&self, found: &Found<'_>) -> Option<(Option<usize>, Finding)> {
        let world = self.world;
        let (story, place) = match found.subject {
            Subject::Story(story, place) => (Some(story), place),
            Subject::Request(request) => (world.requests[request].story, None),
            Subject::Server(_) => (self.owner(found), None),
            Subject::Input(_) => (None, None),
        };
        let about = story.map(|s| &world.stories[s]);
        match about {
            Some(story) if !self.selection.wants(story) => return None,
            None if !self.selection.wants_all() => return None,
            _ => {}
        }
        let values = self.placeholders(found, about, place);
        let signature = found.signature;
        let text = self.selection.lang.pick_text(signature);
        let server = match found.subject {
            Subject::Server(server) => Some(world.servers[server].label.clone()),
            Subject::Input(input) => world.inputs.get(input).map(|i| world.servers[i.server].label.clone()),
            Subject::Story(..) | Subject::Request(_) => None,
        };
        let span = about.and_then(|s| s.spans.get(place?));
        let duplication = match (about, found.subject) {
            (Some(story), _) => Some(DuplicationRef { app_id: story.app_id, dup_id: story.dup_id, app_name: story.app_name.clone() }),
            (None, Subject::Request(request)) => {
                let app_name = world.runs[world.requests[request].run].run.field("app_name").map(str::to_owned);
                Some(DuplicationRef { app_id: None, dup_id: None, app_name })
            }
            (None, _) => None,
        };
        let fingerprint = match (about, found.subject) {
            (Some(story), Subject::Story(..)) => of_story(&signature.code, story, span.filter(|s| s.seen).map(|s| s.since)),
            (_, Subject::Input(input)) => of_other(&signature.code, &world.inputs[input].label, found.first),
            _ => of_other(&signature.code, server.as_deref().unwrap_or_default(), found.first),
        };
        if self.ignored(&signature.code, duplication.as_ref()) || self.selection.baseline.contains(&fingerprint) {
            return None;
        }
        let finding = Finding {
            code: signature.code.clone(),
            name: signature.name.clone(),
            severity: found.severity,
            confidence: found.confidence,
            duplication,
            server,
            status: span.and_then(|s| s.status).or_else(|| about.and_then(Story::status)),
            title: fill(&text.title, &values),
            explanation: fill(&text.what, &values),
            cause: fill(&text.why, &values),
            affected: text.affected.as_ref().map(|a| fill(a, &values)),
            active: found.active,
            first_seen: self.time(found.first),
            last_seen: self.time(found.last),
            occurrences: found.times.max(1),
            evidence: self.evidence(found, about, place),
            suggestions: signature
                .fix
                .iter()
                .map(|step| Suggestion {
                    text: fill(self.selection.lang.pick(&step.en, &step.zh), &values),
                    commands: step.commands.iter().map(|c| Command { at: c.at.clone(), run: fill(&c.run, &values) }).collect(),
                })
                .collect(),
            fixed_by: signature.fixed_by.clone(),
            caused_by: found.caused_by.map(|code| Cause { code: code.to_owned(), fingerprint: String::new() }),
            consequences: Vec::new(),
            missing_logs: about.map(|story| missing_logs(world, found, story, span)).unwrap_or_default(),
            look_alikes: signature
                .look_alike
                .iter()
                .map(|l| LookAlikeEntry { code: l.code.clone(), text: fill(self.selection.lang.pick(&l.en, &l.zh), &values) })
                .collect(),
            references: signature.references.clone(),
            fingerprint,
        };
        Some((story, finding))
    }

    /// The one duplication that the lines about a server are about, if they are.
    fn owner(&self, found: &Found<'_>) -> Option<usize> {
        owner(self.world, found)
    }

    fn ignored(&self, code: &str, duplication: Option<&DuplicationRef>) -> bool {
        self.selection.ignore.iter().any(|rule| match rule.split_once(':') {
            Some((c, table)) => c.eq_ignore_ascii_case(code) && duplication.and_then(|d| d.app_name.as_deref()) == Some(table),
            None => rule.eq_ignore_ascii_case(code),
        })
    }

    /// The lines that prove it: the main ones from both ends, what led to them, the change of status.
    fn evidence(&self, found: &Found<'_>, story: Option<&Story>, place: Option<usize>) -> Vec<Evidence> {
        /// Enough to believe it, few enough to read.
        const MAIN: usize = 6;
        const CONTEXT: usize = 4;
        let world = self.world;
        let mut lines: Vec<&Occurrence> = Vec::new();
        let mut main: Vec<&Run> = found.main.iter().map(|&r| &world.runs[r].run).collect();
        main.sort_by_key(|r| (r.first.at, r.first.input, r.first.line));
        if main.len() * 2 > MAIN {
            // The first ones and the last one tell when it began and that it goes on.
            let last = main.iter().max_by_key(|r| r.last().at).copied();
            main.truncate(MAIN / 2);
            main.extend(last);
        }
        for run in main {
            lines.push(&run.first);
            if let Some(last) = run.tail.last() {
                lines.push(last);
            }
        }
        lines.extend(found.context.iter().take(CONTEXT).map(|&r| &world.runs[r].run.first));
        if let Some(story) = story {
            let since = place.and_then(|p| story.spans.get(p)).map(|s| s.since);
            let change = story.transitions.iter().find(|t| Some(t.at) == since);
            lines.extend(change.map(|t| &world.runs[t.run].run.first));
            if found.main.is_empty() {
                // Facts about decrees and silence are read off the reports.
                let reports = story.told.iter().map(|t| &world.runs[t.run].run).filter(|r| r.kind() == EventKind::DupReport);
                lines.extend(reports.max_by_key(|r| r.last().at).map(|r| [&r.first, r.last()]).into_iter().flatten());
            }
            if lines.is_empty() {
                lines.extend(story.told.iter().rev().take(2).map(|t| world.runs[t.run].run.last()));
            }
        }
        if let Subject::Input(input) = found.subject {
            lines.extend(world.inputs[input].proof.iter().take(MAIN));
        }
        let mut evidence: Vec<Evidence> = lines
            .into_iter()
            .map(|o| Evidence { path: self.path(o.input), line: o.line, at: Time(o.at), text: o.text.to_string() })
            .collect();
        if let Subject::Server(server) = found.subject {
            evidence.extend(self.server_evidence(server, &found.signature.code));
        }
        evidence.sort_by(|a, b| (a.at, &a.path, a.line).cmp(&(b.at, &b.path, b.line)));
        evidence.dedup();
        evidence
    }

    /// Where a server's log shows a gap or a jump: places rather than lines.
    fn server_evidence(&self, server: usize, code: &str) -> Vec<Evidence> {
        let log = &self.world.servers[server];
        let jumps = log.jumps.iter().filter(|_| code == "DUP903").map(|(input, jump)| Evidence {
            path: self.path(*input),
            line: jump.line,
            at: Time(jump.to),
            text: format!("{} after {}", jump.to.rfc3339(), jump.from.rfc3339()),
        });
        let gap = log.gap.filter(|_| code == "DUP902").map(|(from, to)| {
            let after = log.inputs.iter().find(|&&i| self.ingested.inputs[i].span.is_some_and(|s| s.0 == to));
            Evidence {
                path: after.map_or_else(String::new, |&i| self.path(i)),
                line: 1,
                at: Time(to),
                text: format!("nothing between {} and {}", from.rfc3339(), to.rfc3339()),
            }
        });
        jumps.chain(gap).collect()
    }

    fn placeholders(&self, found: &Found<'_>, story: Option<&Story>, place: Option<usize>) -> Placeholders {
        let mut values = Placeholders::new();
        let facts = match found.subject {
            Subject::Story(s, _) => {
                let story = &self.world.stories[s];
                story_facts(self.world, story, place.and_then(|p| story.spans.get(p)))
            }
            Subject::Request(r) => crate::timeline::request_facts(self.world, &self.world.requests[r]),
            Subject::Server(s) => server_facts(self.world, s),
            Subject::Input(i) => input_facts(self.world, i),
        };
        for (name, fact) in facts {
            let text = match fact {
                Fact::Bool(b) => b.to_string(),
                Fact::Int(n) => n.to_string(),
                Fact::Duration(nanos) => show_duration(nanos),
                Fact::Text(text) => text,
            };
            values.insert(name.to_owned(), text);
        }
        // The newest proving line fills what no fact does.
        for &run in &found.main {
            for (name, text) in &self.world.runs[run].run.fields {
                if !text.is_empty() {
                    values.insert((*name).to_owned(), text.to_string());
                }
            }
        }
        let mut put = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                values.insert(name.to_owned(), value);
            }
        };
        if let Some(story) = story {
            put("app_name", story.app_name.clone());
            put("app_id", story.app_id.map(|a| a.0.to_string()));
            put("dup_id", story.dup_id.map(|d| d.0.to_string()));
            put("remote_cluster", story.remote_cluster.clone());
            // Where names cannot differ the follower has the source's name.
            put("remote_app_name", story.remote_app_name.clone().or_else(|| story.app_name.clone()));
            put("partition_count", story.partition_count.map(|n| n.to_string()));
            put("remote_replica_count", story.remote_replica_count.map(|n| n.to_string()));
            let span = place.and_then(|p| story.spans.get(p)).or(story.spans.last());
            put("status", span.and_then(|s| s.status).map(DupStatus::name).map(str::to_owned));
            put("status_since", span.map(|s| s.since.rfc3339()));
            put("status_lasted", span.map(|s| show_duration(s.until.unwrap_or(self.world.now).since(s.since))));
        }
        put("times", Some(found.times.to_string()));
        put("first", Some(found.first.rfc3339()));
        put("last", Some(found.last.rfc3339()));
        match found.subject {
            Subject::Server(s) => put("server", Some(self.world.servers[s].label.clone())),
            Subject::Input(i) => {
                put("path", Some(self.world.inputs[i].label.clone()));
                put("server", Some(self.world.servers[self.world.inputs[i].server].label.clone()));
            }
            Subject::Story(..) | Subject::Request(_) => {
                put("server", found.main.first().map(|&r| self.world.servers[self.world.runs[r].server].label.clone()));
            }
        }
        values
    }
}

/// The one duplication that the proving lines of a server's finding are about, if they are.
pub(super) fn owner(world: &World, found: &Found<'_>) -> Option<usize> {
    if found.main.is_empty() {
        return None;
    }
    let about = |run: &usize| {
        let mine = |s: &Story| s.told.iter().any(|t| t.run == *run && t.by > crate::timeline::Attribution::Shared);
        let mut owners = world.stories.iter().enumerate().filter(|(_, s)| mine(s)).map(|(i, _)| i);
        owners.next().filter(|_| owners.next().is_none())
    };
    let first = about(found.main.first()?)?;
    found.main.iter().all(|run| about(run) == Some(first)).then_some(first)
}

/// What active findings make of a duplication.
pub(super) fn verdicts<'f>(
    world: &'f World,
    found: &'f [Found<'f>],
    story: usize,
) -> impl Iterator<Item = (crate::signature::VerdictOf, Severity)> + 'f {
    let about = move |f: &Found<'_>| match f.subject {
        Subject::Story(s, _) => s == story,
        Subject::Server(_) => owner(world, f) == Some(story),
        Subject::Request(_) | Subject::Input(_) => false,
    };
    found.iter().filter(move |f| f.active && f.signature.verdict.is_some() && about(f)).filter_map(|f| Some((f.signature.verdict?, f.severity)))
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
        servers: world.servers.len(),
        inputs: inputs.len(),
        bytes: inputs.iter().map(|i| i.bytes).sum(),
        lines: inputs.iter().map(|i| i.lines).sum(),
        events: inputs.iter().map(|i| i.events).sum(),
        drifted: inputs.iter().map(|i| i.drifted).sum(),
    }
}
