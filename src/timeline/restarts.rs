//! Ends of servers' processes: a last line that says so, or a log that ends and starts anew.

use super::story::{Attribution, Span, Story};
use super::{PlacedRun, ServerLog};
use crate::event::{EventKind as E, Level, Role};
use crate::pegasus::{DupStatus, LogTime, TimeDelta};

/// A process ended; perhaps it came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restart {
    /// The last sign of the old process.
    pub ended: LogTime,
    /// The first sign of the new one; `None` when the log has none.
    pub started: Option<LogTime>,
    /// The runs of the lines with which it gave up, of level F by a signal, or over a lost lock; without any it was stopped, killed, or fell with its machine.
    pub fatal: Vec<usize>,
    /// The run of the new process's first line.
    pub start: Option<usize>,
    /// Whether one of these lines has a name of its own.
    pub named: bool,
}

impl Restart {
    /// Whether the server itself gave up.
    pub fn aborted(&self) -> bool {
        !self.fatal.is_empty()
    }

    /// How often it was so: a server that is started again and again prints the same lines each time, and an assertion may have several.
    pub(crate) fn times(&self, runs: &[PlacedRun], of: &[usize]) -> u64 {
        self.fatal.iter().filter(|run| of.contains(run)).map(|&run| runs[run].run.count).max().unwrap_or(0)
    }
}

/// Notes each server's restarts; `runs` are in order of time.
pub(super) fn note(servers: &mut [ServerLog], runs: &[PlacedRun]) {
    let mut lives: Vec<Vec<usize>> = vec![Vec::new(); servers.len()];
    for (index, placed) in runs.iter().enumerate() {
        // A leader that has lost its lock exits in the same moment (`dsn_exit(0)` in meta_server_failure_detector.cpp).
        let gives_up = placed.run.pattern.level == Level::Fatal || placed.run.kind() == E::LeaderLockExpired;
        if placed.run.kind() == E::ProcessStart || gives_up {
            lives[placed.server].push(index);
        }
    }
    // Ends of runs, in order, of the servers that started somewhere in their logs.
    let mut ends: Vec<Vec<LogTime>> = vec![Vec::new(); servers.len()];
    for placed in runs.iter().filter(|p| !lives[p.server].is_empty()) {
        ends[placed.server].push(placed.run.last().at);
    }
    for ((server, signs), mut ends) in servers.iter_mut().zip(lives).zip(ends) {
        ends.sort_unstable();
        server.restarts = restarts(server, &ends, &signs, runs);
    }
}

fn restarts(server: &ServerLog, ends: &[LogTime], signs: &[usize], runs: &[PlacedRun]) -> Vec<Restart> {
    let mut all = Vec::new();
    let mut fatal: Vec<usize> = Vec::new();
    let named = |fatal: &[usize]| fatal.iter().any(|&f| !matches!(runs[f].run.kind(), E::ProcessAborted | E::ProcessCrashed));
    for &sign in signs {
        let run = &runs[sign].run;
        if run.kind() != E::ProcessStart {
            // Another abort long after the last one: the start between them is not in the logs.
            if let Some(&before) = fatal.last()
                && run.first.at.since(runs[before].run.last().at) > SAME_ABORT
            {
                let ended = runs[before].run.last().at;
                let started = Some(back(server, ended).unwrap_or(run.first.at));
                all.push(Restart { ended, started, named: named(&fatal), fatal: std::mem::take(&mut fatal), start: None });
            }
            fatal.push(sign);
            continue;
        }
        let at = run.first.at;
        let ended = fatal.last().map(|&f| runs[f].run.last().at).or_else(|| last_sign(server, ends, &runs[sign]));
        // The first start of a log ends nothing.
        if let Some(ended) = ended {
            all.push(Restart { ended, started: Some(at), named: named(&fatal), fatal: std::mem::take(&mut fatal), start: Some(sign) });
        }
    }
    if let Some(&last) = fatal.last() {
        let ended = runs[last].run.last().at;
        all.push(Restart { ended, started: back(server, ended), named: named(&fatal), fatal, start: None });
    }
    all
}

/// A primary was told that its table has no duplication, and nothing in the logs says why: removed or
/// lost, its status is not known from then on.
pub(super) fn lose_sight(story: &mut Story, runs: &[PlacedRun], cluster_of: &[usize]) {
    let told: Vec<&PlacedRun> = story.told.iter().filter(|t| t.by > Attribution::Shared).map(|t| &runs[t.run]).collect();
    let primary = |p: &&&PlacedRun| p.run.field("replica_status").is_some_and(|s| s.ends_with("PS_PRIMARY"));
    let dismissed = told.iter().filter(|p| p.run.kind() == E::DuplicatorsRemoved).filter(primary).map(|p| p.run.last().at).max();
    let Some(at) = dismissed else { return };
    let explains = |p: &&PlacedRun| {
        let (kind, later) = (p.run.kind(), p.run.last().at > at);
        let again = matches!(kind, E::DuplicatorCreated | E::DuplicatorStatusUpdate | E::DuplicatorStarted);
        let by_meta = p.run.pattern.role == Role::Meta && cluster_of[p.server] == story.cluster;
        kind == E::DropAppRequest || (later && (again || by_meta))
    };
    // The duplication is there in what a new leader of the meta servers has read, or is missing from it.
    if !story.restores.is_empty() || told.iter().any(explains) {
        return;
    }
    let going = |last: &&mut Span| last.status.is_some_and(|s| s != DupStatus::DsRemoved) && last.since < at;
    if let Some(last) = story.spans.last_mut().filter(going) {
        last.until = Some(at);
        story.spans.push(Span { status: None, since: at, seen: false, until: None });
    }
}

/// Lines of one abort, such as the two of v2.4, come together.
const SAME_ABORT: TimeDelta = TimeDelta::secs(2);

/// The last dated line before a start, by files where there are several, by events otherwise.
fn last_sign(server: &ServerLog, ends: &[LogTime], start: &PlacedRun) -> Option<LogTime> {
    let at = begin(server, start);
    let file = server.files.iter().map(|f| f.1).filter(|&end| end < at).max();
    let event = ends.partition_point(|&end| end < at).checked_sub(1).map(|last| ends[last]);
    file.max(event)
}

/// When the process began: its first line of a log says so, some lines of its standard error are older.
fn begin(server: &ServerLog, start: &PlacedRun) -> LogTime {
    /// A process that takes longer to open its log has not told the truth.
    const SLOW: TimeDelta = TimeDelta::mins(1);
    let at = start.run.first.at;
    let told = start.run.number("start_ms").map(|ms| LogTime(0) + TimeDelta::millis(ms) - server.ahead);
    told.filter(|told| *told <= at && at.since(*told) <= SLOW).unwrap_or(at)
}

/// When lines go on after an end.
fn back(server: &ServerLog, ended: LogTime) -> Option<LogTime> {
    let file = server.files.iter().map(|f| f.0).filter(|&first| first > ended).min();
    let goes_on = server.span.map(|s| s.1).filter(|last| last.since(ended) > SAME_ABORT);
    file.or(goes_on)
}
