//! Matches signatures against what the logs tell. A pure function of the model and its "now".

use super::catalogue::Catalogue;
use super::condition::{fact_fits, run_fits, seen_fits};
use super::found::{Found, Subject};
use super::index::Index;
use super::model::{Condition, Confidence, OneOrMany, Scope, Seen, Severity, Signature, Threshold};
use super::settle::{settle, settle_across};
use super::stacks;
use crate::event::EventKind;
use crate::pegasus::{DupStatus, LogTime, TimeDelta, parse_duration};
use crate::run::Run;
use crate::timeline::{
    Attribution, Fact, FactName, Facts, Model, Request, Span, Story, Told, ToldByTime, input_facts, loss_facts, request_facts,
    server_facts, span_facts, story_facts,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Lengths of time that `--expect` changes, by name or by code.
#[derive(Debug, Clone, Default)]
pub struct Expectations {
    /// By name (`prepare`) or code (`DUP304`).
    pub by_name: BTreeMap<String, TimeDelta>,
}

/// Tries every signature on every subject.
#[must_use]
pub fn match_all<'a>(catalogue: &'a Catalogue, model: &Model, expectations: &Expectations) -> Vec<Found<'a>> {
    let engine = Engine { model, expectations };
    let by_event = Index::new(catalogue);
    let mut found = Vec::new();
    for (index, story) in model.stories.iter().enumerate() {
        engine.story(&by_event, index, story, &mut found);
    }
    let mut servers: Vec<(Told, Arc<Facts>)> =
        (0..model.servers.len()).map(|index| (Told::new(), server_facts(model, index).into())).collect();
    for (run, placed) in model.runs.iter().enumerate() {
        servers[placed.server].0.push((run, Attribution::Named));
    }
    for signature in catalogue.iter() {
        match signature.scope {
            Scope::Duplication | Scope::None => {}
            Scope::Request => {
                for (index, request) in model.requests.iter().enumerate() {
                    found.extend(engine.request(signature, index, request));
                }
            }
            Scope::Server => {
                for (index, (told, facts)) in servers.iter().enumerate() {
                    found.extend(engine.server(signature, index, told, facts));
                }
            }
            Scope::Input => {
                for index in 0..model.inputs.len() {
                    found.extend(engine.input(signature, index));
                }
            }
        }
    }
    for (index, (told, facts)) in servers.iter().enumerate() {
        let frames: Vec<usize> =
            told.iter().map(|(run, _)| *run).filter(|&run| model.runs[run].run.kind() == EventKind::StackFrame).collect();
        found.extend(stacks::explain(catalogue, model, index, &frames, facts));
    }
    settle_across(model, &mut found);
    for hit in &mut found {
        hit.alternatives = hit.undecided.iter().filter_map(|code| catalogue.find(code)).collect();
    }
    found
}

struct Engine<'a> {
    model: &'a Model,
    expectations: &'a Expectations,
}

impl Engine<'_> {
    fn story<'s>(&self, by_event: &Index<'s>, index: usize, story: &Story, found: &mut Vec<Found<'s>>) {
        let by_time = ToldByTime::of(&self.model.runs, story);
        let all = by_time.all();
        let whole =
            Span { status: story.status(), since: story.spans.first().map_or(self.model.beginning, |s| s.since), seen: false, until: None };
        let lasting = story_facts(self.model, story);
        let mut mine: Vec<(Found<'s>, Span)> = Vec::new();
        let subjects = std::iter::once((None, whole)).chain(story.spans.iter().enumerate().map(|(i, s)| (Some(i), *s)));
        // A story without any span still has its lines.
        let lone = story.spans.is_empty().then_some((Some(usize::MAX), whole));
        for (number, span) in subjects.chain(lone) {
            let told = if number.is_some() { by_time.within(&span) } else { all.clone() };
            let facts = Arc::new(span_facts(self.model, story, number.is_some().then_some(&span), &told, &lasting));
            let possible = by_event.possible(told.iter().map(|(r, _)| self.run(*r)));
            for signature in possible.filter(|s| s.status.is_empty() == number.is_none()) {
                if number.is_some() && !status_fits(signature, span.status) {
                    continue;
                }
                let place = number.filter(|&n| n != usize::MAX);
                if let Some(mut hit) = self.conditions(signature, Subject::Story(index, place), &told, all, &facts) {
                    // What facts alone tell began within the span; no line tells when.
                    let first = if hit.main.is_empty() { hit.first.max(span.since) } else { hit.first };
                    hit.first = story.not_before_birth(first).min(hit.last);
                    let current = span.until.is_none() && story.status() != Some(DupStatus::DsRemoved);
                    hit.active &= current && self.still(&hit, &told);
                    if !hit.active {
                        hit.severity = Severity::Info;
                    }
                    mine.push((hit, span));
                }
            }
        }
        settle(mine, found);
    }

    fn request<'s>(&self, signature: &'s Signature, index: usize, request: &Request) -> Option<Found<'s>> {
        let facts = request_facts(self.model, request).into();
        let told: Told = std::iter::once(request.run).chain(request.told.iter().copied()).map(|r| (r, Attribution::Named)).collect();
        let mut hit = self.conditions(signature, Subject::Request(index), &told, &told, &facts)?;
        if hit.main.is_empty() {
            self.prove_by(&mut hit, request.run);
        }
        Some(hit)
    }

    fn server<'s>(&self, signature: &'s Signature, index: usize, told: &Told, facts: &Arc<Facts>) -> Option<Found<'s>> {
        let mut hit = self.conditions(signature, Subject::Server(index), told, told, facts)?;
        hit.active &= self.still(&hit, told);
        if !hit.active {
            hit.severity = Severity::Info;
        }
        // Several lines may tell of one abort.
        let aborts: u64 = self.model.servers[index].restarts.iter().map(|restart| restart.times(&self.model.runs, &hit.main)).sum();
        if aborts > 0 {
            hit.times = aborts;
        }
        if let (true, Some(span)) = (hit.main.is_empty(), self.model.servers[index].span) {
            (hit.first, hit.last) = span;
        }
        Some(hit)
    }

    fn input<'s>(&self, signature: &'s Signature, index: usize) -> Option<Found<'s>> {
        let facts = input_facts(self.model, index).into();
        let mut hit = self.conditions(signature, Subject::Input(index), &Told::new(), &Told::new(), &facts)?;
        let proof = &self.model.inputs[index].proof;
        // A line whose beginning was cut off has no time.
        let dated = || proof.iter().map(|o| o.at).filter(|at| at.0 > 0);
        hit.first = dated().next().unwrap_or(self.model.beginning);
        hit.last = dated().next_back().unwrap_or(self.model.now);
        hit.times = self.model.inputs[index].drifted.max(1);
        Some(hit)
    }

    fn run(&self, index: usize) -> &Run {
        &self.model.runs[index].run
    }

    /// The first alternative that holds, one that still does before one whose lines have ceased.
    fn conditions<'s>(&self, signature: &'s Signature, subject: Subject, told: &Told, all: &Told, facts: &Arc<Facts>) -> Option<Found<'s>> {
        let mut ceased = None;
        for when in signature.when.iter().filter(|when| when.frames.is_empty()) {
            match self.condition(signature, when, subject, told, all, facts) {
                Some(hit) if hit.active => return Some(hit),
                hit => ceased = ceased.or(hit),
            }
        }
        ceased
    }

    fn condition<'s>(
        &self,
        signature: &'s Signature,
        when: &'s Condition,
        subject: Subject,
        told: &Told,
        all: &Told,
        facts: &Arc<Facts>,
    ) -> Option<Found<'s>> {
        let main: Told =
            told.iter().copied().filter(|(r, _)| run_fits(self.run(*r), when.event.names(), when.text.as_deref(), &when.fields)).collect();
        let main = self.soon_after(main, all, when);
        let main = self.each(signature, when, main, told);
        let times: u64 = main.iter().map(|(r, _)| self.run(*r).count).sum();
        if (!when.event.names().is_empty() || when.text.is_some()) && times < when.times.max(1) {
            return None;
        }
        let first = main.iter().map(|(r, _)| self.run(*r).first.at).min();
        let last = main.iter().map(|(r, _)| self.run(*r).last().at).max();
        if when.lasts.is_some() && !self.last_long(signature, when, first?, last?) {
            return None;
        }
        if let Some(status_for) = &when.status_for
            && facts.duration(FactName::SpanSeconds)? < self.length(signature, status_for)?
        {
            return None;
        }
        let mut proof = self.proof_facts(&main);
        if when.facts.contains_key(&FactName::TakenOver) {
            proof.put_known(FactName::TakenOver, self.taken_over(&main, last));
        }
        let fact = |name: FactName| facts.get(name).or_else(|| proof.get(name));
        let fits = |name: FactName, wanted: &OneOrMany| match (wanted.length(), fact(name)) {
            (None, fact) => fact_fits(fact, wanted),
            (Some(length), Some(Fact::Duration(delta))) => self.length(signature, length).is_some_and(|least| *delta >= least),
            (Some(_), _) => false,
        };
        if !when.facts.iter().all(|(name, wanted)| fits(*name, wanted)) {
            return None;
        }
        let over = !signature.over.is_empty() && signature.over.iter().all(|(name, wanted)| fits(*name, wanted));
        let mut context = Vec::new();
        for seen in &when.with {
            context.extend(self.seen(told, seen, None)?);
        }
        for seen in &when.before {
            let until = if seen.within.is_some() { last } else { first };
            context.extend(self.seen(all, seen, Some(until.unwrap_or(self.model.now)))?);
        }
        if when.each.is_none() && self.contradicted(when, told, last) {
            return None;
        }
        // Lines that may be about another duplication prove less.
        let shared = !main.is_empty() && main.iter().all(|(_, by)| *by == Attribution::Shared);
        let confidence = if shared { when.confidence.min(Confidence::Likely) } else { when.confidence };
        Some(Found {
            signature,
            subject,
            facts: Arc::clone(facts),
            severity: when.severity.unwrap_or(signature.severity),
            confidence,
            active: !over && self.is_fresh(signature, when, &main),
            main: main.iter().map(|(r, _)| *r).collect(),
            context,
            first: first.unwrap_or(self.model.beginning),
            last: last.unwrap_or(self.model.now),
            times,
            what: when.what.as_ref(),
            title: when.title.as_ref(),
            verdict: when.verdict.or(signature.verdict),
            undecided: &when.alternatives,
            alternatives: Vec::new(),
            fresh: when.fresh.as_ref().and_then(|t| self.length(signature, t)),
            caused_by: None,
            alone: None,
        })
    }

    /// Runs that fit `seen`, if there are enough lines; before a moment, if one is given.
    fn seen(&self, told: &Told, seen: &Seen, before: Option<LogTime>) -> Option<Vec<usize>> {
        let fitting: Vec<usize> = told
            .iter()
            .map(|(r, _)| *r)
            .filter(|&r| seen_fits(self.run(r), seen) && before.is_none_or(|at| self.run(r).first.at < at))
            .collect();
        let times: u64 = fitting.iter().map(|&r| self.run(r).count).sum();
        (times >= seen.times.max(1)).then_some(fitting)
    }

    /// Of the proving runs those of the values of a field for which they suffice alone; all of them where no field is named.
    fn each(&self, signature: &Signature, when: &Condition, main: Told, told: &Told) -> Told {
        let Some(field) = &when.each else { return main };
        let of =
            |all: &Told, value: &str| -> Told { all.iter().copied().filter(|(r, _)| self.run(*r).field(field) == Some(value)).collect() };
        let values: BTreeSet<&str> = main.iter().filter_map(|(r, _)| self.run(*r).field(field)).collect();
        let suffice = |value: &&str| {
            let mine = of(&main, value);
            let runs = || mine.iter().map(|(r, _)| self.run(*r));
            let (first, last) = (runs().map(|run| run.first.at).min(), runs().map(|run| run.last().at).max());
            runs().map(|run| run.count).sum::<u64>() >= when.times
                && first.zip(last).is_some_and(|(first, last)| self.last_long(signature, when, first, last))
                && !self.contradicted(when, &of(told, value), last)
        };
        let values: BTreeSet<&str> = values.into_iter().filter(suffice).collect();
        main.iter().copied().filter(|(r, _)| self.run(*r).field(field).is_some_and(|value| values.contains(value))).collect()
    }

    fn last_long(&self, signature: &Signature, when: &Condition, first: LogTime, last: LogTime) -> bool {
        when.lasts.as_ref().is_none_or(|lasts| self.length(signature, lasts).is_some_and(|length| last.since(first) >= length))
    }

    /// Whether lines are there that must not be.
    fn contradicted(&self, when: &Condition, told: &Told, last: Option<LogTime>) -> bool {
        when.without.iter().any(|seen| {
            let later: Told = told.iter().copied().filter(|(r, _)| !seen.after || Some(self.run(*r).last().at) > last).collect();
            self.seen(&later, seen, None).is_some()
        })
    }

    /// The proving runs that follow, soon enough, what must stand before them.
    fn soon_after(&self, main: Told, all: &Told, when: &Condition) -> Told {
        let limits = when.before.iter().filter_map(|seen| Some((seen, parse_duration(seen.within.as_deref()?)?)));
        limits.fold(main, |main, (seen, limit)| {
            let ends = |run: usize| [self.run(run).first.at, self.run(run).last().at];
            let earlier: Vec<LogTime> = all.iter().filter(|(r, _)| seen_fits(self.run(*r), seen)).flat_map(|(r, _)| ends(*r)).collect();
            let soon = |at: LogTime| earlier.iter().any(|&before| at.since(before) <= limit);
            main.into_iter().filter(|(r, _)| ends(*r).into_iter().any(soon)).collect()
        })
    }

    /// Whether the newest proving line is young enough, by the end of its own server's log.
    fn is_fresh(&self, signature: &Signature, when: &Condition, main: &Told) -> bool {
        let Some(limit) = when.fresh.as_ref().and_then(|t| self.length(signature, t)) else { return true };
        main.iter().any(|(r, _)| {
            let placed = &self.model.runs[*r];
            let end = self.model.servers[placed.server].span.map_or(self.model.now, |s| s.1);
            end.since(placed.run.last().at) <= limit
        })
    }

    fn length(&self, signature: &Signature, threshold: &Threshold) -> Option<TimeDelta> {
        let named = threshold.expect.as_ref().and_then(|name| self.expectations.by_name.get(name));
        let by_code = self.expectations.by_name.get(&signature.code);
        by_code.or(named).copied().or_else(|| parse_duration(&threshold.at_least))
    }

    /// Facts that only the proving lines tell.
    fn proof_facts(&self, main: &Told) -> Facts {
        let distinct = |pick: &dyn Fn(usize) -> Option<String>| main.iter().filter_map(|(r, _)| pick(*r)).collect::<BTreeSet<_>>().len();
        let gpids = distinct(&|r| self.run(r).field("gpid").map(str::to_owned));
        let nodes =
            distinct(&|r| Some(self.run(r).field("node").map_or_else(|| format!("server {}", self.model.runs[r].server), str::to_owned)));
        let peers = distinct(&|r| self.run(r).field("peer").map(str::to_owned));
        let mut facts = loss_facts(self.model, &main.iter().map(|(run, _)| *run).collect::<Vec<_>>());
        facts.put(FactName::Gpids, gpids);
        facts.put(FactName::Nodes, nodes);
        facts.put(FactName::Peers, peers);
        facts
    }

    /// Whether a meta server leads the cluster of the proving lines after them.
    fn taken_over(&self, main: &Told, last: Option<LogTime>) -> Option<bool> {
        /// A leader's last lines are no later than those of its end.
        const LAST_LINES: TimeDelta = TimeDelta::secs(2);
        let server = &self.model.servers[self.model.runs[main.first()?.0].server];
        let cluster = self.model.clusters.iter().position(|c| *c == server.cluster)?;
        Some(self.model.leaders[cluster].is_some_and(|leader| leader.until.since(last.unwrap_or(self.model.now)) > LAST_LINES))
    }

    /// Whether the proving lines are the newest of their kind: a different answer means that it passed.
    fn still(&self, hit: &Found<'_>, told: &Told) -> bool {
        /// Several replica servers' syncs interleave.
        const INTERLEAVED: TimeDelta = TimeDelta::secs(15);
        let kinds: BTreeSet<_> = hit.main.iter().map(|&r| self.run(r).kind()).collect();
        let newest = told.iter().filter(|(r, _)| kinds.contains(&self.run(*r).kind())).map(|(r, _)| self.run(*r).last().at).max();
        newest.is_none_or(|newest| newest.since(hit.last) <= INTERLEAVED)
    }

    fn prove_by(&self, hit: &mut Found<'_>, run: usize) {
        hit.main.push(run);
        (hit.first, hit.last) = (self.run(run).first.at, self.run(run).last().at);
        hit.times = self.run(run).count;
    }
}

/// A signature without statuses fits anywhere; a span of unknown status could be any.
fn status_fits(signature: &Signature, status: Option<DupStatus>) -> bool {
    status.is_none_or(|status| signature.status.iter().any(|s| s == status.name()))
}
