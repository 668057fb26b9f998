//! Named facts: what a comparison alone could not say, computed once for each subject.

use super::PlacedRun;
use super::fact::{FactName as N, Facts};
use super::model::Model;
use super::relations::{asked_table, directions, is_check};
use super::requests::{Request, Requested};
use super::restarts::Restart;
use super::story::{Attribution, Span, Story, within};
use super::told::Told;
use super::vanished::{by_source_meta, lost, vanished};
use crate::event::EventKind as E;
use crate::pegasus::{DupStatus, FailMode, LogTime, ServerRole, TimeDelta, is_transport_error};
use crate::record::{header, unwrap};
use crate::run::Run;

/// Facts about one input.
pub(crate) fn input_facts(model: &Model, input: usize) -> Facts {
    let mut facts = Facts::default();
    if let Some(input) = model.inputs.get(input) {
        facts.put(N::Drifted, input.drifted);
        facts.put_known(N::DriftReason, drift_reason(&input.proof));
        facts.put(N::Damaged, input.damage.is_some());
        facts.put_known(N::Damage, input.damage.clone());
        facts.put(N::Lines, input.lines);
        facts.put(N::Events, input.events);
    }
    facts
}

/// Why lines do not parse, as far as they show it.
fn drift_reason(proof: &[crate::run::Occurrence]) -> Option<String> {
    let reason = |line: &crate::run::Occurrence| {
        let unwrapped = unwrap(line.text.as_bytes());
        match header(&unwrapped.text) {
            None => "cut",
            // No message ends so.
            Some(header) if matches!(header.body.last(), Some(b'"' | b'\\' | b'|' | b'<')) => "envelope",
            Some(header) if header.body.ends_with("…".as_bytes()) || header.body.ends_with(b"...") => "cut",
            Some(_) => "wording",
        }
    };
    proof.iter().map(reason).min().map(str::to_owned)
}

/// Facts about one server's log.
pub(crate) fn server_facts(model: &Model, server: usize) -> Facts {
    let log = &model.servers[server];
    let mine = || model.runs.iter().filter(|p| p.server == server).map(|p| &p.run);
    let mut facts = Facts::default();
    // The last words of a server may stand in a text of their own.
    facts.put(N::UnknownAborts, log.restarts.iter().filter(|r| r.aborted() && !r.named).count());
    if log.answers {
        return facts;
    }
    facts.put_known(N::Role, log.role.map(ServerRole::name));
    facts.put(N::LogGap, log.gap.map(|(from, to)| to.since(from)).unwrap_or_default());
    facts.put(N::ClockJump, log.jumps.iter().map(|(_, j)| j.from.since(j.to)).max().unwrap_or_default());
    facts.put(N::ClockDiffers, log.ahead.abs());
    facts.put(N::Restarts, log.restarts.len());
    facts.put_known(N::AbortMessage, log.restarts.iter().rev().find_map(|r| abort_message(model, r)));
    facts.put(N::Down, log.restarts.last().is_some_and(|r| r.started.is_none()));
    facts.put(N::InfoLines, log.info_lines);
    facts.put(N::ZkTimeouts, count(mine().filter(|r| r.kind() == E::MetaStorageTimeout)));
    let begins = mine().next().is_some_and(|r| r.kind() == E::ProcessStart || r.kind() == E::VersionBanner);
    facts.put(N::StartsMidway, !begins);
    facts.put(N::Events, count(mine()));
    super::silence::facts(model, server, &mut facts);
    facts
}

/// What a server said that gave up: an assertion may have a line for itself and one for its words.
fn abort_message(model: &Model, restart: &Restart) -> Option<String> {
    let bodies = restart.fatal.iter().filter_map(|&run| model.runs[run].run.field("message"));
    let said: Vec<&str> = bodies.filter(|body| !body.is_empty()).collect();
    (!said.is_empty()).then(|| said.join("; "))
}

/// Facts about one request.
pub(crate) fn request_facts(model: &Model, request: &Request) -> Facts {
    let run = &model.runs[request.run].run;
    let mut facts = Facts::default();
    let kind = match request.requested {
        Requested::Add => "add",
        Requested::Modify => "modify",
    };
    facts.put(N::Request, kind);
    facts.put_known(N::Answered, request.answered);
    facts.put(N::Existing, request.existing);
    facts.put(N::Lost, lost(model, request));
    for name in [N::AppName, N::RemoteCluster, N::ToStatus, N::ToFailMode, N::RemoteAppName] {
        facts.put_known(name, run.field(name.name()));
    }
    facts.put_known(N::Status, request.status.map(DupStatus::name));
    facts
}

/// Facts about a duplication that hold whatever status it has.
pub(crate) fn story_facts(model: &Model, story: &Story) -> Facts {
    let mut facts = Facts::default();
    identity(story, &mut facts);
    facts.put(N::AddedInLogs, story.added.is_some());
    facts.put(N::OnlyAnswered, story.told.iter().all(|t| model.runs[t.run].run.kind().is_answer()));
    facts.put_known(N::DiskFullIn, model.full_in.get(story.cluster).copied().flatten());
    super::hangs::facts(model, story, &mut facts);
    facts.put(N::Vanished, vanished(model, story));
    super::asked_tables::facts(model, story, &mut facts);
    let stored = super::stored::stored(model, story);
    super::stored::facts(stored.as_ref(), &mut facts);
    facts.put(N::ZkStatusMayBeInit, overwritten(model, story) && !stored.is_some_and(|stored| stored.is_other_than_init()));
    facts
}

/// Those within one span or, without one, over its whole story; `told` has the runs of that time, `lasting` the story's facts.
pub(crate) fn span_facts(model: &Model, story: &Story, span: Option<&Span>, told: &Told, lasting: &Facts) -> Facts {
    let whole = Span { status: story.status(), since: story.spans.first().map_or(model.beginning, |s| s.since), seen: false, until: None };
    let scope = span.unwrap_or(&whole);
    let now = model.now;
    let mut facts = lasting.clone();
    facts.put_known(N::Status, scope.status.map(DupStatus::name));
    let sure = span.map_or(scope.since, |span| model.begun(story, span).sure);
    facts.put(N::SpanSeconds, scope.until.unwrap_or(now).since(sure));
    facts.put(N::Current, scope.until.is_none());
    facts.put(N::MovedOn, scope.until.is_some());
    facts.put(N::SpanStartSeen, scope.seen);
    let told: Vec<(&PlacedRun, Attribution)> =
        told.iter().map(|&(run, by)| (&model.runs[run], by)).filter(|(placed, _)| within(&placed.run, scope)).collect();
    let runs: Vec<(&Run, Attribution)> = told.iter().map(|(placed, by)| (&placed.run, *by)).collect();
    restored(story, scope, &runs, &mut facts);
    waiting(&runs, super::silence::goes_on_until(model, scope), &mut facts);
    creation(story.born(), scope, &runs, &mut facts);
    let asked = runs.iter().filter_map(|(r, _)| asked_table(r, story)).next_back();
    if let (Some(asked), Some(app)) = (&asked, &story.identity.app_name) {
        facts.put(N::AskedForSourceName, asked == app);
    }
    if let (Some(asked), Some(follower)) = (&asked, &story.identity.remote_app_name) {
        facts.put(N::AskedForFollowerName, asked == follower);
    }
    directions(model, story, &runs, &mut facts);
    facts.put_known(N::Age, story.born().map(|born| scope.until.unwrap_or(now).since(born)));
    let newest = story.contradictions.iter().rfind(|c| within(&model.runs[c.run].run, scope));
    if let Some(contradiction) = newest {
        facts.put(N::Contradicted, contradiction.about.name());
        facts.put(N::AnswerSays, contradiction.answer.clone());
        facts.put(N::LogsSay, contradiction.logs.clone());
    }
    facts.put(N::SilentFor, silence(model, story, scope));
    if scope.status.is_some_and(DupStatus::ships) {
        facts.extend(super::shipping::shipping_facts(story, scope));
        super::shipping::pending(&runs, &mut facts);
        super::delivery::delivery(model, story, scope, &told, &mut facts);
    }
    facts
}

fn identity(story: &Story, facts: &mut Facts) {
    facts.put_known(N::AppName, story.identity.app_name.clone());
    facts.put_known(N::RemoteAppName, story.identity.remote_app_name.clone());
    facts.put_known(N::RemoteCluster, story.identity.remote_cluster.clone());
    facts.put_known(N::FailMode, story.fail_mode.map(FailMode::name));
    facts.put(N::RemoteNameKnown, story.identity.remote_app_name.is_some());
    facts.put_known(N::RemoteNameDiffers, story.remote_name_differs());
    facts.put(N::RemoteCountKnown, story.remote_replica_count.is_some());
    facts.put_known(N::RemoteReplicaCount, story.remote_replica_count);
    facts.put_known(N::PartitionCount, story.partition_count);
    facts.put_known(N::WithCheckpoint, story.with_checkpoint());
}

fn restored(story: &Story, span: &Span, runs: &[(&Run, Attribution)], facts: &mut Facts) {
    let restore = story.restores.iter().rev().find(|&&at| at > span.since && span.until.is_none_or(|u| at < u));
    facts.put(N::Restored, restore.is_some());
    if let Some(&at) = restore {
        let since = |wanted: fn(E) -> bool| count(runs.iter().map(|(r, _)| *r).filter(|r| r.first.at >= at && wanted(r.kind())));
        facts.put(N::VisitsSinceRestore, since(|k| k == E::CheckpointNotReady));
        facts.put(N::ChecksSinceRestore, since(is_check));
    }
}

fn waiting(runs: &[(&Run, Attribution)], until: Option<LogTime>, facts: &mut Facts) {
    let lines = |shared: bool| -> Vec<(i64, LogTime, LogTime)> {
        let mine = runs.iter().filter(|(r, by)| r.kind() == E::CheckpointNotReady && (shared || *by > Attribution::Shared));
        mine.filter_map(|(r, _)| Some((r.number("prepared")?, r.first.at, r.last().at))).collect()
    };
    let mut lines = match lines(false) {
        own if own.is_empty() => lines(true),
        own => own,
    };
    lines.sort_by_key(|&(_, first, last)| (last, first));
    let Some(&(k, _, end)) = lines.last() else {
        facts.put(N::KConstantFor, TimeDelta::ZERO);
        return;
    };
    let same = lines.iter().rev().take_while(|l| l.0 == k);
    let begin = same.map(|l| l.1).min().unwrap_or(end);
    facts.put(N::K, k);
    facts.put(N::KConstantFor, until.map_or(end, |until| until.max(end)).since(begin));
    facts.put(N::KGrew, lines.iter().any(|l| l.0 < k));
}

fn creation(born: Option<LogTime>, span: &Span, runs: &[(&Run, Attribution)], facts: &mut Facts) {
    let named = || runs.iter().filter(|(_, by)| *by > Attribution::Shared).map(|(r, _)| *r);
    let failed = |r: &&Run| matches!(r.kind(), E::FollowerAppCreateFailed | E::FollowerAppCheckFailed | E::FollowerAppMarkCreatedFailed);
    facts.put(N::Checks, count(named().filter(failed)));
    // The table was created when the span began; it can hardly be gone before the first look.
    let first = named().filter(|r| r.field("query_err").is_some()).min_by_key(|r| r.first.at);
    if let Some(first) = first.filter(|_| span.seen && span.status == Some(DupStatus::DsApp)) {
        const RIGHT_AFTER: TimeDelta = TimeDelta::mins(1);
        let missing = first.field("query_err") == Some("ERR_OBJECT_NOT_FOUND") && first.first.at.since(span.since) <= RIGHT_AFTER;
        facts.put(N::NotFoundFromTheStart, missing);
    }
    let newest = |field: &'static str| {
        let lines = named().filter(|r| r.field(field).is_some());
        lines.max_by_key(|r| r.last().at).and_then(|r| r.field(field))
    };
    facts.put_known(N::LastCheckErr, newest("query_err"));
    facts.put_known(N::LastCreateErr, newest("create_err"));
    let mut answers: Vec<(LogTime, &str)> = named().filter_map(|r| Some((r.first.at, r.field("create_err")?))).collect();
    answers.sort_unstable();
    if let Some(exist) = answers.iter().position(|(_, err)| *err == "ERR_APP_EXIST") {
        /// A request that gets no answer takes longer.
        const AT_ONCE: TimeDelta = TimeDelta::secs(5);
        /// One that waits in vain is logged when its time is up, after those that were refused at once.
        const WAITED_FOR: TimeDelta = TimeDelta::mins(1);
        let lost = answers[..exist].iter().any(|(_, err)| is_transport_error(err));
        // What was answered before the log began decides as much.
        let first = born.is_some_and(|born| answers[0].0.since(born) <= AT_ONCE);
        facts.put(N::TransportErrorBeforeExist, lost && (span.seen || first));
        facts.put(N::ExistFirst, exist == 0 && (span.seen || first));
        let refused = answers[exist].0;
        let waited = answers[exist..].iter().take_while(|(at, _)| at.since(refused) <= WAITED_FOR).any(|(_, err)| is_transport_error(err));
        facts.put(N::TransportErrorWithExist, waited);
    }
}

/// How long a meta server's log goes on without a line about the duplication.
fn silence(model: &Model, story: &Story, span: &Span) -> TimeDelta {
    // Lines that only name a table may be about it when its own table's name is not known.
    let nameless = story.identity.app_name.is_none() && model.places.nameless.contains(&story.cluster);
    if span.until.is_some() || nameless || !story.perhaps_same_as.is_empty() {
        return TimeDelta::ZERO;
    }
    let told = by_source_meta(model, story).filter(|p| !p.run.kind().is_answer());
    let Some(last) = told.max_by_key(|p| p.run.last().at) else { return TimeDelta::ZERO };
    let end = model.servers[last.server].log_end().unwrap_or(model.now);
    end.since(last.run.last().at.max(span.since))
}

/// A status that was not being altered was stored all the same, and nothing has been stored since.
fn overwritten(model: &Model, story: &Story) -> bool {
    /// After adding a duplication that exists the same line is harmless.
    const ADDING: TimeDelta = TimeDelta::secs(2);
    /// The second success answer comes within seconds of the change.
    const AFTER: TimeDelta = TimeDelta::mins(1);
    let runs = || story.told.iter().map(|t| &model.runs[t.run].run);
    let Some(line) = runs().filter(|r| r.kind() == E::DupPersistWithoutAltering).map(|r| r.last().at).max() else { return false };
    let adding = runs().any(|r| r.kind() == E::AddDupRequest && line.since(r.first.at) < ADDING && r.first.at <= line);
    let changed = story.transitions.iter().any(|t| t.at <= line && line.since(t.at) < AFTER);
    let repaired = story.transitions.iter().any(|t| t.at > line && t.from.is_some());
    changed && !adding && !repaired
}

/// Number of lines.
fn count<'r>(runs: impl Iterator<Item = &'r Run>) -> u64 {
    runs.map(|run| run.count).sum()
}
