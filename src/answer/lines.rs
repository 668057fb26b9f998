//! A transcript as lines in the form of the servers' logs, so that answers are told, matched and kept like these.

use super::added::{Added, Modified};
use super::clock::When;
use super::cluster::TableDetail;
use super::command::AddDup;
use super::duplication::DupState;
use super::http::{answered, entry, line, pending_line};
use super::metrics::Counted;
use super::output::{Answer, Output, Transcript};
use super::zookeeper::Stored;
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
                    let standing = self.standing(time.0, pending.dup_id.0, pending.gpid, pending.not_duplicated);
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
            Output::Stored(stored) => self.stored(answer, stored),
            Output::Tables(all) => {
                for table in all {
                    let time = self.time(answer.at, None);
                    let log = format!("table {} with id {} of {} is {}", table.app_name, table.app_id, on(answer), table.status);
                    self.say(&Answer { line: table.line, text: table.row(), ..answer.clone() }, time, Some(line('I', time.0, &log)));
                }
            }
            Output::Table(detail) => self.table(answer, detail),
            Output::Nodes(nodes) => {
                for node in nodes {
                    let time = self.time(answer.at, None);
                    let state = if node.alive { "ALIVE" } else { "UNALIVE" };
                    let text = format!("{}  {state}", node.address);
                    let log = line('I', time.0, &format!("replica server {} of {} is {state}", node.address, on(answer)));
                    self.say(&Answer { line: node.line, text, ..answer.clone() }, time, Some(log));
                }
            }
            Output::Metrics(all) => all.iter().for_each(|counted| self.counted(answer, counted)),
            Output::Refused(None, _)
            | Output::Envs(..)
            | Output::Called(_)
            | Output::ClusterInfo(_)
            | Output::Statistics(_)
            | Output::BulkLoad(..) => {}
        }
    }

    /// A metric. Of pending mutations master tells each partition, for all its duplications together.
    fn counted(&mut self, answer: &Answer, counted: &Counted) {
        let Counted { name, node, value, .. } = counted;
        let time = self.time(counted.at.or(answer.at), None);
        let log = match (name.as_str(), counted.gpid) {
            ("dup_pending_mutations", Some(gpid)) => {
                let standing = self.standing(time.0, 0, gpid, *value);
                line(
                    'I',
                    time.0,
                    &format!("[{gpid}@{node}] duplications counted as pending: not_duplicated = {value}, standing_s = {standing}"),
                )
            }
            ("dup_recent_lost_mutations", Some(gpid)) if *value > 0 => {
                line('E', time.0, &format!("[{gpid}@{node}] duplication counted {value} mutations as lost"))
            }
            (_, Some(gpid)) => line('I', time.0, &format!("[{gpid}@{node}] metric of duplication: {name} = {value}")),
            (_, None) => line('I', time.0, &format!("metric of duplication of server {node}: {name} = {value}")),
        };
        self.say(&Answer { line: counted.line, text: counted.text.clone(), ..answer.clone() }, time, Some(log));
    }

    /// A table that was looked at.
    fn table(&mut self, answer: &Answer, table: &TableDetail) {
        let Some(app_id) = table.app_id else { return };
        let count = |count: Option<i64>| count.unwrap_or(-1);
        // Only the rows of partitions tell who has a secondary.
        let alone = if table.servers.is_empty() { -1 } else { i64::try_from(table.without_secondary).unwrap_or(-1) };
        let time = self.time(answer.at, None);
        let text = format!(
            "table {} with id {app_id} of {} is AVAILABLE: partition_count={}, without_primary={}, without_secondary={alone}, without_writes={}",
            table.app_name,
            on(answer),
            count(table.partition_count),
            count(table.read_unhealthy),
            count(table.write_unhealthy),
        );
        self.say(answer, time, Some(line('I', time.0, &text)));
    }

    /// What `ZooKeeper` holds.
    fn stored(&mut self, answer: &Answer, stored: &Stored) {
        let of = |key: &DupKey| self.time(answer.at, Some(key.dup_id.0));
        let is = |level, at: LogTime, key: &DupKey, what: &str| line(level, at, &format!("[{key}] node of the duplication {what}"));
        match stored {
            Stored::Holds(key, state, changed) => {
                let changed = changed.map(|changed| changed.resolve(self.zone));
                let (at, dated) = of(key);
                // It was asked after that.
                let at = changed.map_or(at, |changed| changed.max(at));
                let (Some(status), Some(entry)) = (state.status, entry(state)) else { return };
                let changed = changed.map_or_else(|| "unknown".to_owned(), LogTime::rfc3339);
                let log = is('I', at, key, &format!("holds {status}, changed {changed}: {entry}"));
                self.say(answer, (at, dated), Some(log));
            }
            Stored::Present(key) => self.say(answer, of(key), Some(is('I', of(key).0, key, "is in ZooKeeper"))),
            Stored::Missing(key) => self.say(answer, of(key), Some(is('W', of(key).0, key, "is not in ZooKeeper"))),
            Stored::Listed(app_id, dups) => {
                let time = self.time(answer.at, None);
                for &dup_id in dups {
                    self.stored(answer, &Stored::Present(DupKey { app_id: *app_id, dup_id }));
                }
                let all: Vec<String> = dups.iter().map(|dup| dup.0.to_string()).collect();
                let all = if all.is_empty() { "none".to_owned() } else { all.join(",") };
                self.say(answer, time, Some(line('I', time.0, &format!("nodes of duplications of table {}: {all}", app_id.0))));
            }
            Stored::Table(_) => {}
        }
    }

    /// For how many seconds the number has not fallen.
    fn standing(&mut self, at: LogTime, dup_id: i64, gpid: Gpid, count: i64) -> i64 {
        let known = self.standing.entry((dup_id, gpid)).or_insert((at, count));
        if count < known.1 || count == 0 {
            *known = (at, count);
        }
        at.since(known.0).as_secs()
    }
}

/// The cluster that was asked.
fn on(answer: &Answer) -> &str {
    answer.cluster.as_deref().filter(|name| !name.is_empty()).unwrap_or("unknown")
}

/// The second in which a duplication was created.
fn created(added: &Added) -> Option<i64> {
    added.dup_id.map(|d| d.0).filter(|&d| d > 0 && added.error.is_none())
}

fn typed(at: LogTime, add: &AddDup) -> Option<String> {
    let (app, cluster) = (add.app_name.as_ref()?, add.remote_cluster.as_ref()?);
    let name = add.remote_app_name.as_deref().unwrap_or_default();
    let count = add.remote_replica_count.unwrap_or(0);
    let checkpoint = said(add.with_checkpoint);
    let text = format!(
        "typed: add duplication of {app} to {cluster}, remote_app_name={name}, remote_replica_count={count}, checkpoint={checkpoint}"
    );
    Some(line('I', at, &text))
}

fn said(checkpoint: Option<bool>) -> &'static str {
    checkpoint.map_or("unsaid", |with| if with { "true" } else { "false" })
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
    let checkpoint = said(added.with_checkpoint);
    let rest = format!("of {app} to {cluster} {what}, remote_app_name={name}, remote_replica_count={count}, checkpoint={checkpoint}");
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
