//! One finding of the report: whom it is about, the lines that prove it, its texts filled in.

use super::context::Context;
use super::detail;
use super::missing::missing_logs;
use super::number::duration;
use super::ownership::FindingOwner;
use super::selection::Runbooks;
use super::{Cause, DuplicationRef, Evidence, Finding, LookAlikeEntry, Suggestion, Time};
use crate::pegasus::{DupStatus, LogTime, ServerGroup, TimeDelta};
use crate::run::{Occurrence, Run, known_line};
use crate::signature::{Command, Found, LIST, Lang, LogProof, Placeholders, SERVER_HOST, Subject, entitle, fill_command, runbook, say};
use crate::timeline::{
    Exactness, Fact, Facts, Model, Story, ToldByTime, input_facts, loss_facts, request_facts, server_facts, span_facts, story_facts,
};
use std::collections::BTreeMap;

impl Context<'_> {
    /// The finding and whom it is about; `None` when the user does not want it.
    pub(super) fn finding(&self, found: &Found<'_>) -> Option<(FindingOwner, Finding)> {
        let model = self.model;
        let (story, place) = match found.subject {
            Subject::Story(story, place) => (Some(story), place),
            Subject::Request(request) => (model.requests[request].story, None),
            Subject::Server(_) => (self.ownership.owner(found), None),
            Subject::Input(_) => (None, None),
        };
        let about = story.map(|s| &model.stories[s]);
        let logged = story.map(|s| &self.logged.stories[s]);
        match about {
            Some(_) if !logged.is_some_and(|story| self.selection.only.wants(&story.identity)) => return None,
            None if !self.selection.only.wants_all() && !self.explains_wanted(found) => return None,
            _ => {}
        }
        // A window chooses what is shown: what was over before it began is not.
        if !found.active && self.ingested.since.is_some_and(|since| self.seen(found).1 < since) {
            return None;
        }
        let facts = self.facts(found, place);
        let values = self.placeholders(found, about, place, &facts);
        let signature = found.signature;
        let lang = self.selection.lang;
        let text = signature.text(lang);
        let server = match found.subject {
            Subject::Server(server) => Some(model.servers[server].label.clone()),
            Subject::Input(input) => model.inputs.get(input).map(|i| model.servers[i.server].label.clone()),
            Subject::Story(..) | Subject::Request(_) => None,
        };
        let span = about.and_then(|s| s.spans.get(place?));
        let status = span.and_then(|s| s.status).or_else(|| about.and_then(Story::status));
        let about_in = |model: &Model| match (story.map(|s| &model.stories[s]), found.subject) {
            (Some(story), _) => Some(DuplicationRef::from(&story.identity)),
            (None, Subject::Request(request)) => {
                let app_name = model.runs[model.requests[request].run].run.field("app_name").map(str::to_owned);
                Some(DuplicationRef { app_id: None, dup_id: None, app_name })
            }
            (None, _) => None,
        };
        // Aliases are for those who read, everything else goes by the names of the logs.
        let (duplication, named) = (about_in(model), about_in(self.logged));
        let table = named.and_then(|d| d.app_name);
        let fingerprint = self.fingerprint(found, logged, table.as_deref());
        let (first, last) = self.seen(found);
        let finding = Finding {
            code: signature.code.clone(),
            name: signature.name.clone(),
            severity: found.severity,
            confidence: found.confidence,
            duplication,
            server,
            status,
            title: entitle(found.title.map_or(text.title.as_str(), |w| lang.pick(&w.en, &w.zh)), &values, lang),
            explanation: say(found.what.map_or(text.what.as_str(), |w| lang.pick(&w.en, &w.zh)), &values, lang).into_owned(),
            cause: self.shared.say(&text.why, &values, lang),
            details: self.details(found, about, status, &facts),
            loss: detail::loss(&self.lost(found)),
            affected: text.affected.as_ref().map(|a| say(a, &values, lang).into_owned()),
            active: found.active,
            first_seen: self.time(first),
            last_seen: self.time(last),
            occurrences: found.times.max(1),
            evidence: self.evidence(found, about, place),
            suggestions: signature
                .suggested()
                .map(|step| Suggestion {
                    text: self.shared.say(lang.pick(&step.en, &step.zh), &values, lang),
                    commands: step
                        .commands
                        .iter()
                        .map(|c| Command { at: c.place(&values), run: fill_command(&c.run, &values, lang) })
                        .collect(),
                })
                .collect(),
            runbook: match self.selection.runbooks {
                Runbooks::LeftOut => None,
                Runbooks::All => Some(runbook(signature, None, &values, self.selection.lang)),
                Runbooks::For(release) => Some(runbook(signature, Some(release), &values, self.selection.lang)),
            },
            fixed_by: signature.fixed_by.clone(),
            caused_by: found.caused_by.map(|cause| Cause { code: cause.code.to_owned(), fingerprint: String::new() }),
            consequences: Vec::new(),
            missing_logs: about.map(|story| missing_logs(model, found, story, span, lang)).unwrap_or_default(),
            alternatives: found
                .alternatives
                .iter()
                .map(|s| LookAlikeEntry { code: s.code.clone(), text: entitle(&s.text(lang).title, &values, lang).into() })
                .collect(),
            look_alikes: signature
                .look_alike
                .iter()
                .map(|l| LookAlikeEntry { code: l.code.clone(), text: self.shared.say(lang.pick(&l.en, &l.zh), &values, lang) })
                .collect(),
            references: signature.references.clone(),
            about_logs: signature.about_logs,
            fingerprint,
        };
        let about_server = if let Subject::Server(server) = found.subject { Some(server) } else { None };
        let explained_by = found.caused_by.and_then(|cause| cause.server);
        Some((FindingOwner { story, table, server: about_server, explained_by }, finding))
    }

    /// Whether a finding about a server is the cause of what is wanted: then it is wanted, too.
    fn explains_wanted(&self, found: &Found<'_>) -> bool {
        let Subject::Server(server) = found.subject else { return false };
        self.ownership
            .explained(server, &found.signature.code)
            .iter()
            .any(|&story| self.selection.only.wants(&self.logged.stories[story].identity))
    }

    /// First and last proof, as the servers logged them.
    fn seen(&self, found: &Found<'_>) -> (LogTime, LogTime) {
        let runs = || found.main.iter().map(|&r| &self.model.runs[r].run);
        let first = runs().map(|r| self.model.logged(&r.first)).min().unwrap_or(found.first);
        let last = runs().map(|r| self.model.logged(r.last())).max().unwrap_or(found.last);
        match found.subject {
            // Lines about a table or a server may go back to before the duplication.
            Subject::Story(story, _) => (self.model.stories[story].not_before_birth(first).min(last), last),
            // Several lines may tell of what happened once, such as an abort.
            Subject::Server(_) if found.times == 1 => (last, last),
            Subject::Request(_) | Subject::Server(_) | Subject::Input(_) => (first, last),
        }
    }

    /// The lines that prove it: the main ones from both ends, what led to them, the change of status.
    fn evidence(&self, found: &Found<'_>, story: Option<&Story>, place: Option<usize>) -> Vec<Evidence> {
        /// Enough to believe it, few enough to read.
        const MAIN: usize = 6;
        const CONTEXT: usize = 4;
        let model = self.model;
        let mut lines: Vec<&Occurrence> = Vec::new();
        let mut main: Vec<&Run> = found.main.iter().map(|&r| &model.runs[r].run).collect();
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
        lines.extend(found.context.iter().take(CONTEXT).map(|&r| &model.runs[r].run.first));
        if let Some(story) = story {
            let since = place.and_then(|p| story.spans.get(p)).map(|s| s.since);
            let change = story.transitions.iter().find(|t| Some(t.at) == since);
            lines.extend(change.map(|t| &model.runs[t.run].run.first));
            if found.main.is_empty() {
                // Facts about decrees and silence are read off the reports.
                let reports = story.told.iter().map(|t| &model.runs[t.run].run).filter(|r| r.kind().has_entry());
                lines.extend(reports.max_by_key(|r| r.last().at).map(|r| [&r.first, r.last()]).into_iter().flatten());
            }
            if lines.is_empty() {
                lines.extend(story.told.iter().rev().take(2).map(|t| model.runs[t.run].run.last()));
            }
        }
        if let Subject::Input(input) = found.subject {
            lines.extend(model.inputs[input].proof.iter().take(MAIN));
        }
        let mut evidence: Vec<Evidence> = lines.into_iter().map(|line| self.proof(line)).collect();
        if let Subject::Server(server) = found.subject {
            evidence.extend(self.server_evidence(server, found.signature.log_shows));
        }
        evidence.sort_by(|a, b| (a.at, &a.path, a.line).cmp(&(b.at, &b.path, b.line)));
        evidence.dedup();
        evidence
    }

    /// Where a server's log shows a gap or a jump: places rather than lines.
    fn server_evidence(&self, server: usize, shown: Option<LogProof>) -> Vec<Evidence> {
        let log = &self.model.servers[server];
        let jumps = log.jumps.iter().filter(|_| shown == Some(LogProof::Clock)).map(|(input, jump)| Evidence {
            path: self.path(*input),
            line: known_line(jump.line),
            at: Time(jump.to),
            text: format!("{} after {}", jump.to.rfc3339(), jump.from.rfc3339()).into(),
        });
        let gap = log.gap.filter(|_| shown == Some(LogProof::Gap)).map(|(from, to)| {
            let after = log.inputs.iter().find(|&&i| self.ingested.inputs[i].span.is_some_and(|s| s.0 == to));
            Evidence {
                path: after.map_or_else(|| "".into(), |&i| self.path(i)),
                line: Some(1),
                at: Time(to),
                text: format!("nothing between {} and {}", from.rfc3339(), to.rfc3339()).into(),
            }
        });
        let order = log.ahead_proof.iter().filter(|_| shown == Some(LogProof::Clock)).map(|line| self.proof(line));
        jumps.chain(gap).chain(order).collect()
    }

    /// A moment at which a status began, as exactly as it is known.
    fn since(&self, exactness: Exactness, since: LogTime) -> String {
        let since = since.rfc3339();
        match (exactness, self.selection.lang) {
            (Exactness::Exact, _) => since,
            (Exactness::AtLeast, Lang::En) => format!("{since} or earlier"),
            (Exactness::AtLeast, Lang::Zh) => format!("{since} 或更早"),
            (Exactness::AtMost, Lang::En) => format!("{since} or later"),
            (Exactness::AtMost, Lang::Zh) => format!("{since} 或更晚"),
        }
    }

    /// The same of how long it has lasted.
    fn lasted(&self, exactness: Exactness, lasted: &str) -> String {
        match (exactness, self.selection.lang) {
            (Exactness::Exact, _) => lasted.to_owned(),
            (Exactness::AtLeast, Lang::En) => format!("at least {lasted}"),
            (Exactness::AtLeast, Lang::Zh) => format!("至少 {lasted}"),
            (Exactness::AtMost, Lang::En) => format!("at most {lasted}"),
            (Exactness::AtMost, Lang::Zh) => format!("至多 {lasted}"),
        }
    }

    /// What is known about the subject; of names that are replaced, by those that stand for them.
    fn facts(&self, found: &Found<'_>, place: Option<usize>) -> Facts {
        let model = self.model;
        let mut facts = match found.subject {
            _ if std::ptr::eq(model, self.logged) => found.facts.as_ref().clone(),
            Subject::Story(s, _) => {
                let story = &model.stories[s];
                let told = ToldByTime::of(&model.runs, story);
                span_facts(model, story, place.and_then(|p| story.spans.get(p)), told.all(), &story_facts(model, story))
            }
            Subject::Request(r) => request_facts(model, &model.requests[r]),
            Subject::Server(s) => server_facts(model, s),
            Subject::Input(i) => input_facts(model, i),
        };
        facts.extend(loss_facts(model, &found.main));
        facts
    }

    /// What the proving lines say: of a field the newest value, and all of them; of lines beside them what no other tells.
    fn lines_tell(&self, found: &Found<'_>, values: &mut Placeholders) {
        /// So many are told one by one.
        const TOLD: usize = 8;
        let mut lists: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let told = |run: &usize| self.model.runs[*run].run.fields.iter().filter(|(_, text)| !text.is_empty());
        // About whom a finding is that no duplication has, only its own lines tell.
        let beside = found.context.iter().rev().filter(|_| matches!(found.subject, Subject::Story(..)));
        for (name, text) in beside.flat_map(told) {
            values.entry((*name).to_owned()).or_insert_with(|| text.to_string());
        }
        for (name, text) in found.main.iter().flat_map(told) {
            values.insert((*name).to_owned(), text.to_string());
            let list = lists.entry(name).or_default();
            if !list.contains(&&**text) && list.len() <= TOLD {
                list.push(text);
            }
        }
        for (name, mut list) in lists {
            let more = list.len() > TOLD;
            list.truncate(TOLD);
            list.sort_unstable();
            let list = list.join(self.selection.lang.pick(", ", "、"));
            values.insert(format!("{name}{LIST}"), if more { list + " …" } else { list });
        }
    }

    fn placeholders(&self, found: &Found<'_>, story: Option<&Story>, place: Option<usize>, facts: &Facts) -> Placeholders {
        let mut values = Placeholders::new();
        let lasting = |delta: TimeDelta| duration(delta.as_secs(), self.selection.lang);
        for (name, fact) in facts.iter() {
            let text = match fact {
                Fact::Bool(b) => b.to_string(),
                Fact::Int(n) => n.to_string(),
                Fact::Duration(delta) => lasting(*delta),
                Fact::Text(text) => text.clone(),
            };
            values.insert(name.to_string(), text);
        }
        self.lines_tell(found, &mut values);
        let mut put = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                values.insert(name.to_owned(), value);
            }
        };
        if let Some(story) = story {
            put("app_name", story.identity.app_name.clone());
            put("app_id", story.identity.app_id.map(|a| a.0.to_string()));
            put("dup_id", story.identity.dup_id.map(|d| d.0.to_string()));
            put("remote_cluster", story.identity.remote_cluster.clone());
            // Where names cannot differ the follower has the source's name.
            put("remote_app_name", story.identity.follower_table().map(str::to_owned));
            put("partition_count", story.partition_count.map(|n| n.to_string()));
            put("remote_replica_count", story.remote_replica_count.map(|n| n.to_string()));
            let span = place.and_then(|p| story.spans.get(p)).or(story.spans.last());
            put("status", span.and_then(|s| s.status).map(DupStatus::name).map(str::to_owned));
            let begun = span.map(|s| (self.model.begun(story, s), s.until.unwrap_or(self.model.now)));
            put("status_since", begun.map(|(b, _)| self.since(b.exactness, b.since)));
            put("status_lasted", begun.map(|(b, until)| self.lasted(b.exactness, &lasting(until.since(b.since)))));
        }
        put("times", Some(found.times.to_string()));
        let (first, last) = self.seen(found);
        let told = |at: LogTime| (at != LogTime::default()).then(|| at.rfc3339());
        put("first", told(first));
        put("last", told(last));
        match found.subject {
            Subject::Server(s) => {
                let server = &self.model.servers[s];
                put("server", Some(server.label.clone()));
                put(
                    SERVER_HOST,
                    server.role.map(|role| format!("{}-host", ServerGroup::of(self.side(server), role).name().replace(' ', "-"))),
                );
            }
            Subject::Input(i) => {
                put("path", Some(self.model.inputs[i].label.clone()));
                put("server", Some(self.model.servers[self.model.inputs[i].server].label.clone()));
            }
            Subject::Story(..) | Subject::Request(_) => {
                put("server", found.main.first().map(|&r| self.model.servers[self.model.runs[r].server].label.clone()));
            }
        }
        values
    }
}
