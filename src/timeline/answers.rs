//! Answers against logs: what they add, and where the two contradict each other.

use super::PlacedRun;
use super::story::{Contested, Contradiction, Span, Story};
use crate::event::EventKind as E;
use crate::pegasus::{DupStatus, LogTime, TimeDelta};
use crate::run::Run;

/// Clocks of shells and servers may be so much apart, and a change takes as long to be told everywhere.
const APART: TimeDelta = TimeDelta::secs(30);

/// What an answered status is to the status that the logs tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum News {
    /// It goes on from there, or nothing else is known.
    Adopt,
    /// The same, or not to be believed against better knowledge of the same moment.
    Nothing,
    /// It cannot be.
    Contradicts,
}

/// Compares; `told_until` is when the last log of a meta server that speaks of the duplication ends.
pub(super) fn compare(
    known: Option<DupStatus>,
    by_answer: bool,
    answered: DupStatus,
    at: LogTime,
    told_until: Option<LogTime>,
    soon: bool,
) -> News {
    let Some(known) = known else { return News::Adopt };
    if known == answered || soon {
        return News::Nothing;
    }
    // Answers follow each other like anything else.
    if by_answer {
        return News::Adopt;
    }
    let covered = told_until.is_some_and(|end| end >= at + APART);
    if covered || step(answered) < step(known) { News::Contradicts } else { News::Adopt }
}

/// How far a status is on the way; nothing leads back.
fn step(status: DupStatus) -> u8 {
    match status {
        DupStatus::DsInit => 0,
        DupStatus::DsPrepare => 1,
        DupStatus::DsApp => 2,
        DupStatus::DsStart | DupStatus::DsLog | DupStatus::DsPause => 3,
        DupStatus::DsRemoved => 4,
    }
}

/// Whether the logs tell the change to a status so soon after an answer that clocks may have swapped the two.
pub(super) fn changes_soon(runs: &[PlacedRun], index: usize, story: &Story, to: DupStatus) -> bool {
    let at = runs[index].run.first.at;
    let mine = |p: &PlacedRun| p.run.number("dup_id").is_some_and(|d| story.identity.dup_id.is_some_and(|s| s.0 == d));
    let later = runs[index + 1..].iter().take_while(|p| p.run.first.at.since(at) <= APART);
    later.filter(|p| p.run.kind() == E::DupStatusChanged && mine(p)).any(|p| p.run.field("to_status") == Some(to.name()))
        // Or just before, while the answer was still the old one.
        || story.transitions.last().is_some_and(|t| at.since(t.at) <= APART && t.from == Some(to))
}

/// Name and replica count of the follower's table, as a request or its answer has them.
pub(super) fn asked_follower(run: &Run) -> (Option<String>, Option<i64>) {
    let name = run.field("remote_app_name").filter(|name| !name.is_empty()).map(str::to_owned);
    (name, run.number("remote_replica_count").filter(|&count| count > 0))
}

/// Names and counts that an answer, or what was typed, tells otherwise than what is known.
pub(super) fn differing(story: &Story, placed: &PlacedRun, run: usize) -> Vec<Contradiction> {
    let (name, count) = match placed.run.report() {
        Some(report) => (report.remote_app_name.clone(), report.remote_replica_count),
        None => asked_follower(&placed.run),
    };
    let mut found = Vec::new();
    if let (Some(answer), Some(logs)) = (name, &story.identity.remote_app_name)
        && answer != *logs
    {
        found.push(Contradiction { run, about: Contested::RemoteAppName, answer, logs: logs.clone() });
    }
    if let (Some(answer), Some(logs)) = (count, story.remote_replica_count)
        && answer != logs
    {
        found.push(Contradiction { run, about: Contested::RemoteReplicaCount, answer: answer.to_string(), logs: logs.to_string() });
    }
    found
}

/// What an answer says of the time before it: nothing leads back to `DS_PREPARE`, so it has lasted since the duplication was added.
pub(super) fn answered(story: &mut Story, status: DupStatus, at: LogTime) {
    let Some(born) = story.born().filter(|&born| born < at && status == DupStatus::DsPrepare) else { return };
    match story.spans.as_mut_slice() {
        [only] if only.status.is_none() => only.since = born,
        [] => story.spans.push(Span { status: None, since: born, seen: false, until: None }),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn news_is_what_can_have_happened_since() {
        let (app, log) = (DupStatus::DsApp, DupStatus::DsLog);
        let at = LogTime::from_secs(30_000);
        let before = Some(LogTime::from_secs(27_000));
        let beyond = Some(LogTime::from_secs(33_000));
        assert_eq!(compare(None, false, app, at, beyond, false), News::Adopt);
        assert_eq!(compare(Some(app), false, log, at, before, false), News::Adopt);
        assert_eq!(compare(Some(app), false, log, at, beyond, false), News::Contradicts);
        assert_eq!(compare(Some(app), false, log, at, beyond, true), News::Nothing);
        assert_eq!(compare(Some(log), false, app, at, before, false), News::Contradicts);
        assert_eq!(compare(Some(log), true, app, at, before, false), News::Adopt);
        assert_eq!(compare(Some(app), false, app, at, beyond, false), News::Nothing);
    }
}
