//! An incident's name: the same for the same incident, in any file, on any machine, at any later time.
//!
//! It is made of the code, of whom it is about as Pegasus itself names it, and of the moment at which the incident began, where it can
//! have begun more than once. Paths, labels, languages, zones and how much was read after the beginning are not in it.

use super::Finding;
use super::context::Context;
use crate::pegasus::{DupStatus, Identity, LogTime, ServerRole, TimeDelta, stable_hex};
use crate::run::Run;
use crate::signature::{Found, LogProof, Subject};
use crate::timeline::{Span, Story};
use std::collections::{BTreeMap, BTreeSet};

/// After so long without a proving line, while the log went on, an incident is over and the next line begins another one. Runs of
/// equal lines part at the same length.
const QUIET: TimeDelta = TimeDelta::mins(15);

fn name(code: &str, who: &str, since: Option<LogTime>) -> String {
    stable_hex(&format!("{code}|{who}|{}", since.map_or(0, LogTime::millis)))
}

/// Two findings of one report have different fingerprints, even where nothing but their files tells them apart.
pub(super) fn part_equal_ones<T>(findings: &mut [(T, Finding)]) {
    let mut order: Vec<usize> = (0..findings.len()).collect();
    order.sort_by_cached_key(|&at| {
        let finding = &findings[at].1;
        (
            finding.fingerprint.clone(),
            finding.first_seen,
            finding.server.clone(),
            finding.evidence.first().map(|e| (e.path.clone(), e.line)),
        )
    });
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for at in order {
        let fingerprint = &mut findings[at].1.fingerprint;
        let count = seen.entry(fingerprint.clone()).or_default();
        *count += 1;
        if *count > 1 {
            *fingerprint = stable_hex(&format!("{fingerprint}|{count}"));
        }
    }
}

/// Proving lines without a long pause: when they begin and end, in the common time and as the server logged it.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    first: LogTime,
    last: LogTime,
    logged: LogTime,
    server: usize,
}

impl Context<'_> {
    /// The name of the incident that a finding is about.
    pub(super) fn fingerprint(&self, found: &Found<'_>, about: Option<&Story>, table: Option<&str>) -> String {
        let code = &found.signature.code;
        match (found.subject, about) {
            (Subject::Story(_, place), Some(story)) => {
                let span = place.and_then(|p| story.spans.get(p));
                // The same failure in the next status is another incident: the duplication has moved on in between.
                let status = span.and_then(|s| s.status).map_or("", DupStatus::name);
                name(code, &format!("{}|{status}", who(&story.identity)), self.began(found, story, span))
            }
            (Subject::Story(..), None) => name(code, "", None),
            (Subject::Request(_), _) => name(code, table.unwrap_or_default(), Some(self.first_proof(found))),
            (Subject::Server(server), Some(story)) => name(code, &who(&story.identity), self.began_on_server(found, server)),
            (Subject::Server(server), None) => name(code, self.own(server), self.began_on_server(found, server)),
            (Subject::Input(input), _) => {
                let own = self.own(self.model.inputs[input].server);
                let proof = self.model.inputs[input].proof.iter().map(|o| self.model.logged(o)).min();
                name(code, own, proof.or(self.ingested.inputs.get(input).and_then(|i| i.span).map(|s| s.0)))
            }
        }
    }

    /// The address that most lines of a replica server begin with; lines of meta servers rarely have one. Folders' names are not the
    /// server's.
    fn own(&self, server: usize) -> &str {
        let server = &self.logged.servers[server];
        let role = server.role.map_or("", ServerRole::name);
        server.own.first().filter(|_| server.role == Some(ServerRole::Replica)).map_or(role, String::as_str)
    }

    fn first_proof(&self, found: &Found<'_>) -> LogTime {
        found.main.iter().map(|&r| self.model.logged(&self.model.runs[r].run.first)).min().unwrap_or(found.first)
    }

    /// When the incident of a duplication began; nothing where it began with its status, and a duplication has that only once. So the
    /// name stays when the lines of the beginning are rotated away.
    fn began(&self, found: &Found<'_>, story: &Story, span: Option<&Span>) -> Option<LogTime> {
        let status = span.and_then(|s| s.status);
        let since = span.map_or(LogTime(i64::MIN), |s| s.since);
        let told = || story.told.iter().map(|t| t.run).collect();
        let comes_and_goes = span.is_none() || status.is_some_and(DupStatus::ships);
        self.last_beginning(found, &told, since, comes_and_goes).or_else(|| self.returned(story, span?))
    }

    /// When a status began that the duplication had before, or has as often as somebody pauses it.
    fn returned(&self, story: &Story, span: &Span) -> Option<LogTime> {
        if !span.seen {
            return None;
        }
        let change = story.transitions.iter().find(|t| t.at == span.since)?;
        let paused = [change.from, Some(change.to)].contains(&Some(DupStatus::DsPause));
        let again = story.spans.iter().any(|s| s.since < span.since && s.status == span.status && s.until.is_some());
        (paused || again).then(|| self.model.logged(&self.model.runs[change.run].run.first))
    }

    fn began_on_server(&self, found: &Found<'_>, server: usize) -> Option<LogTime> {
        let log = &self.model.servers[server];
        if !found.main.is_empty() {
            let mine = |&run: &usize| self.model.runs[run].server == server;
            return self.last_beginning(found, &|| (0..self.model.runs.len()).filter(mine).collect(), LogTime(i64::MIN), true);
        }
        match found.signature.log_shows? {
            LogProof::Gap => log.gap.map(|gap| gap.0 + log.ahead),
            LogProof::Clock => log.jumps.first().map(|(_, jump)| jump.to),
            // It begins with the last line.
            LogProof::Silence => log.span.map(|span| span.1 + log.ahead),
        }
    }

    /// The first line of the last stretch of proving lines, if the logs show that it is the first: there was none for long before it.
    fn last_beginning(&self, found: &Found<'_>, told: &dyn Fn() -> Vec<usize>, since: LogTime, comes_and_goes: bool) -> Option<LogTime> {
        let model = self.model;
        let mut stretches: Vec<Stretch> = found
            .main
            .iter()
            .map(|&r| {
                let placed = &model.runs[r];
                let first = &placed.run.first;
                Stretch { first: first.at, last: placed.run.last().at, logged: model.logged(first), server: placed.server }
            })
            .collect();
        stretches.sort_by_key(|s| (s.first, s.logged, s.last));
        let quiet = found.fresh.unwrap_or_default().max(QUIET);
        let mut end = since;
        let mut begun = None;
        for (index, stretch) in stretches.iter().enumerate() {
            // What was heard of the server while nothing proved it; lost files say nothing.
            let silent = || self.heard(stretch.server, end, stretch.first);
            let over = || match index {
                0 => comes_and_goes,
                _ => found.fresh.is_some() || self.answered_otherwise(found, told, end, stretch.first),
            };
            if stretch.first.since(end) > quiet && silent() > quiet && over() {
                begun = Some(stretch.logged);
            }
            end = end.max(stretch.last);
        }
        begun
    }

    /// Whether another answer of the same kind came in between: then all was well for a while.
    fn answered_otherwise(&self, found: &Found<'_>, told: &dyn Fn() -> Vec<usize>, from: LogTime, to: LogTime) -> bool {
        let run = |r: usize| -> &Run { &self.model.runs[r].run };
        let kinds: BTreeSet<_> = found.main.iter().map(|&r| run(r).kind()).collect();
        told()
            .into_iter()
            .any(|r| kinds.contains(&run(r).kind()) && !found.main.contains(&r) && run(r).first.at < to && run(r).last().at > from)
    }

    /// How long the log of a server covers of a stretch of time.
    fn heard(&self, server: usize, from: LogTime, to: LogTime) -> TimeDelta {
        let log = &self.model.servers[server];
        log.files.iter().map(|file| file.1.min(to).since(file.0.max(from))).sum()
    }
}

/// A duplication as the lines name it: its ids, and what is known of it where these are not.
fn who(known: &Identity) -> String {
    let name = |name: &Option<String>| name.clone().unwrap_or_default();
    known.ids().unwrap_or_else(|| format!("{}|{}", name(&known.app_name), name(&known.remote_cluster)))
}

/// The fingerprint of a check that failed: the same for the same plan, whatever files show it.
pub(crate) fn of_check(code: &str, fault: &str, about: &str) -> String {
    stable_hex(&format!("{code}|{fault}|{about}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pegasus::{AppId, DupId};

    #[test]
    fn incidents_differ_by_code_duplication_and_beginning() {
        let one = name("DUP301", "a5d17", Some(LogTime(1_000_000)));
        assert_eq!(one, name("DUP301", "a5d17", Some(LogTime(1_000_001))));
        assert_ne!(one, name("DUP302", "a5d17", Some(LogTime(1_000_000))));
        assert_ne!(one, name("DUP301", "a5d18", Some(LogTime(1_000_000))));
        assert_ne!(one, name("DUP301", "a5d17", Some(LogTime(2_000_000))));
        assert_eq!(one.len(), 16);
    }

    #[test]
    fn ids_name_a_duplication_and_names_only_where_there_are_none() {
        let mut known = Identity { app_name: Some("t".into()), remote_cluster: Some("c".into()), ..Identity::default() };
        assert_eq!(who(&known), "t|c");
        known.dup_id = Some(DupId(17));
        assert_eq!(who(&known), "d17");
        known.app_id = Some(AppId(5));
        assert_eq!(who(&known), "a5d17");
    }
}
