//! A transcript as lines in the form of the servers' logs, so that answers are told, matched and kept like these.

use super::added::{Added, Modified};
use super::clock::When;
use super::command::AddDup;
use super::duplication::{DupState, Pending};
use super::http::{answered, entry, line, pending_line};
use super::transcript::{Answer, Output, Transcript};
use crate::pegasus::{DupKey, Gpid, LogTime, TimeDelta};
use std::collections::BTreeMap;

/// How a line came by its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Dated {
    /// By a time in the transcript, or by the second of creation that an id is.
    Told,
    /// By nothing in it.
    Assumed,
}

/// One line, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AnswerLine {
    /// The line in the form of a log's, with its end.
    pub log: String,
    /// Its moment.
    pub at: LogTime,
    /// The line of the transcript, from 1.
    pub line: u64,
    /// That line.
    pub text: String,
    /// How it came by its time.
    pub dated: Dated,
}

/// The lines, in order of time; clocks without a zone are of `zone`, what has no time is of `otherwise`.
pub(crate) fn lines(transcript: &Transcript, zone: TimeDelta, otherwise: LogTime) -> Vec<AnswerLine> {
    let mut told = Telling { zone, otherwise, lines: Vec::new(), standing: BTreeMap::new() };
    for (index, answer) in transcript.answers.iter().enumerate() {
        told.answer(answer, &transcript.answers[index + 1..]);
    }
    told.lines.sort_by_key(|l| (l.at, l.line));
    told.lines
}

struct Telling {
    zone: TimeDelta,
    otherwise: LogTime,
    lines: Vec<AnswerLine>,
    /// Since when a partition's number has not fallen, and the number.
    standing: BTreeMap<(i64, Gpid), (LogTime, i64)>,
}

impl Telling {
    fn say(&mut self, answer: &Answer, (at, dated): (LogTime, Dated), log: Option<String>) {
        if let Some(log) = log {
            self.lines.push(AnswerLine { log, at, line: answer.line, text: answer.text.clone(), dated });
        }
    }

    /// The time that the transcript tells, or what is assumed; nothing is answered about a duplication before it was created.
    fn time(&self, at: Option<When>, created: Option<i64>) -> (LogTime, Dated) {
        let born = created.filter(|&dup| dup > 0).map_or(LogTime(i64::MIN), LogTime::from_secs);
        match at {
            Some(at) => (at.resolve(self.zone), Dated::Told),
            None => (self.otherwise.max(born), Dated::Assumed),
        }
    }

    fn answer(&mut self, answer: &Answer, later: &[Answer]) {
        match &answer.output {
            Output::AddTyped(add) => {
                // Its answer has the second in which it was carried out.
                let carried_out = later.iter().take(1).find_map(|next| if let Output::Added(a) = &next.output { created(a) } else { None });
                let time = match (answer.at, carried_out) {
                    (None, Some(second)) => (LogTime::from_secs(second), Dated::Told),
                    (at, _) => self.time(at, None),
                };
                self.say(answer, time, typed(time.0, add));
            }
            Output::Added(added) => {
                let time = match created(added).filter(|_| !added.existed) {
                    Some(second) => (LogTime::from_secs(second), Dated::Told),
                    None => self.time(answer.at, None),
                };
                self.say(answer, time, added_line(time.0, added));
            }
            Output::Modified(changed) => {
                let time = self.time(answer.at, Some(changed.dup_id.0));
                self.say(answer, time, Some(changed_line(time.0, changed)));
            }
            Output::Duplications(table, seen) => {
                if let (Some(table), true) = (table, seen.duplications.is_empty() && seen.unread.is_empty()) {
                    let time = self.time(answer.at, None);
                    let log = line('I', time.0, &format!("table {table} answered to have no duplication"));
                    self.say(answer, time, Some(log));
                }
                for state in &seen.duplications {
                    let time = self.time(answer.at, Some(state.dup_id.0));
                    self.say(answer, time, state_line(time.0, state));
                }
            }
            Output::Pending(all) => {
                for pending in all {
                    let time = self.time(answer.at, Some(pending.dup_id.0));
                    let standing = self.standing(time.0, pending);
                    self.say(answer, time, Some(pending_line(time.0, "replica", pending, standing)));
                }
            }
            Output::Refused(Some(table), error) => {
                let time = self.time(answer.at, None);
                self.say(
                    answer,
                    time,
                    Some(line('W', time.0, &format!("duplication of table {table} was asked about, and answered {error}"))),
                );
            }
            Output::Refused(None, _)
            | Output::Tables(_)
            | Output::Table(_)
            | Output::Nodes(_)
            | Output::Envs(..)
            | Output::Called(_)
            | Output::ClusterInfo(_)
            | Output::Statistics(_)
            | Output::BulkLoad(..) => {}
        }
    }

    /// For how many seconds the number has not fallen.
    fn standing(&mut self, at: LogTime, pending: &Pending) -> i64 {
        let known = self.standing.entry((pending.dup_id.0, pending.gpid)).or_insert((at, pending.not_duplicated));
        if pending.not_duplicated < known.1 || pending.not_duplicated == 0 {
            *known = (at, pending.not_duplicated);
        }
        at.since(known.0).as_secs()
    }
}

/// The second in which a duplication was created.
fn created(added: &Added) -> Option<i64> {
    added.dup_id.map(|d| d.0).filter(|&d| d > 0 && added.error.is_none())
}

fn typed(at: LogTime, add: &AddDup) -> Option<String> {
    let (app, cluster) = (add.app_name.as_ref()?, add.remote_cluster.as_ref()?);
    let name = add.remote_app_name.as_deref().unwrap_or_default();
    let count = add.remote_replica_count.unwrap_or(0);
    let checkpoint = add.with_checkpoint.map_or("unsaid", |with| if with { "true" } else { "false" });
    let text = format!(
        "typed: add duplication of {app} to {cluster}, remote_app_name={name}, remote_replica_count={count}, checkpoint={checkpoint}"
    );
    Some(line('I', at, &text))
}

fn added_line(at: LogTime, added: &Added) -> Option<String> {
    let app = added.app_name.as_deref().unwrap_or_default();
    let cluster = added.remote_cluster.as_deref().unwrap_or_default();
    if let Some(error) = &added.error {
        let hint = added.hint.as_deref().unwrap_or("no reason told");
        return Some(line('E', at, &format!("adding duplication of {app} to {cluster} answered {error}: {hint}")));
    }
    if added.is_hollow() {
        return Some(line('W', at, &format!("adding duplication of {app} to {cluster} answered success without a duplication")));
    }
    let dup = added.dup_id?;
    let name = added.remote_app_name.as_deref().unwrap_or_default();
    let count = added.remote_replica_count.unwrap_or(0);
    let what = if added.existed { "exists" } else { "succeeded" };
    let rest = format!("of {app} to {cluster} {what}, remote_app_name={name}, remote_replica_count={count}");
    Some(match added.app_id {
        Some(app_id) => line('I', at, &format!("[{}] adding duplication {rest}", DupKey { app_id, dup_id: dup })),
        None => line('I', at, &format!("duplication {}: adding {rest}", dup.0)),
    })
}

fn changed_line(at: LogTime, changed: &Modified) -> String {
    let Modified { dup_id, app_name, to, error } = changed;
    let error = error.as_deref().unwrap_or("ERR_OK");
    line('I', at, &format!("changing duplication {} of {app_name} to {to} answered {error}", dup_id.0))
}

fn state_line(at: LogTime, state: &DupState) -> Option<String> {
    let app = state.app_name.as_deref().unwrap_or_default();
    match state.app_id {
        Some(app_id) => answered(at, app_id, app, state),
        None => Some(line('I', at, &format!("duplication {} of {app} answered: {}", state.dup_id.0, entry(state)?))),
    }
}

impl Transcript {
    /// The last second in which a duplication of it was created.
    pub fn newest_creation(&self) -> Option<LogTime> {
        let of = |answer: &Answer| {
            if let Output::Duplications(_, seen) = &answer.output {
                return seen.duplications.iter().map(|d| d.dup_id.0).max();
            }
            if let Output::Added(added) = &answer.output { created(added) } else { None }
        };
        self.answers.iter().filter_map(of).max().map(LogTime::from_secs)
    }

    /// Whether something in it tells about duplications.
    pub fn tells(&self) -> bool {
        !lines(self, TimeDelta::ZERO, LogTime(0)).is_empty()
    }
}
