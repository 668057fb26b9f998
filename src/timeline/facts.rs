//! Named facts: what a comparison alone could not say, computed once for each subject.

use super::PlacedRun;
use super::relations::{asked_table, directions};
use super::requests::{Request, Requested};
use super::story::{Attribution, Span, Story};
use super::world::World;
use crate::event::{EventKind as E, Role};
use crate::pegasus::{DupStatus, ErrorCode, LogTime, TimeDelta};
use crate::run::Run;
use std::collections::BTreeMap;

/// The value of a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// Yes or no.
    Bool(bool),
    /// A number.
    Int(i64),
    /// Nanoseconds.
    Duration(TimeDelta),
    /// A name.
    Text(String),
}

/// Facts by name; one that is not known is missing.
pub type Facts = BTreeMap<&'static str, Fact>;

/// Every fact and what it means.
pub const FACTS: &[(&str, &str)] = &[
    ("app_name", "the source table"),
    ("remote_app_name", "the follower's table"),
    ("remote_cluster", "the follower's cluster"),
    ("fail_mode", "FAIL_SLOW, FAIL_SKIP or FAIL_FAST"),
    ("status", "the span's status; for requests, the duplication's status when it was asked"),
    ("remote_name_known", "some line gives the follower table's name"),
    ("remote_name_differs", "the follower table has another name than the source table"),
    ("asked_for_source_name", "the lines about the follower table ask for the source table's name"),
    ("remote_replica_count", "replica count of the follower table"),
    ("remote_count_known", "some line tells the follower table's replica count"),
    ("partition_count", "number of partitions"),
    ("span_seconds", "how long the status has lasted"),
    ("current", "the span is the last one"),
    ("moved_on", "a later change of status followed the span"),
    ("restored", "a new meta leader restored the duplication within the span"),
    ("visits_since_restore", "`replica checkpoint still running` lines since then"),
    ("checks_since_restore", "create, mark and check lines since then"),
    ("k_constant_for", "how long k of `replica checkpoint still running: k/n` has stood still"),
    ("k_grew", "k grew within the span"),
    ("k", "the last k"),
    ("silent_for", "time without any line about the duplication while its meta server's log goes on"),
    ("transport_error_before_exist", "a create request got no answer before the first ERR_APP_EXIST"),
    ("exist_first", "ERR_APP_EXIST was the first answer to a create request, and the span's beginning is in the logs"),
    ("checks", "failed create and check lines in the span"),
    ("last_check_err", "the newest query_err"),
    ("last_create_err", "the newest create_err"),
    ("span_start_seen", "the change into this status is in the logs"),
    ("added_in_logs", "the add_dup is in the logs"),
    ("only_answered", "no log tells of it, only what servers answered when they were asked"),
    ("with_checkpoint", "a full duplication"),
    ("confirmed_stalled_for", "how long a partition's confirmed decree has stood still although there is something to ship"),
    ("lagging_partitions", "number of such partitions"),
    ("never_confirmed_partitions", "partitions that have confirmed nothing yet"),
    ("lagging_list", "indices of such partitions"),
    ("lagging_since", "since when the first of them has lagged"),
    ("gap_per_minute", "decrees by which the gap grows in a minute; negative when it shrinks"),
    ("gap_closed_in", "when the gap will be closed at the present rate"),
    ("age", "time since the duplication was added"),
    ("pending_mutations", "mutations that replica servers answered as not confirmed yet"),
    ("pending_standing_for", "how long such a number has not fallen, of the partition where it is longest"),
    ("contradicted", "what an answer says otherwise than the logs: status, duplication, remote_app_name or remote_replica_count"),
    ("answer_says", "what the answer says of it"),
    ("logs_say", "what the logs say of it"),
    (
        "not_found_from_the_start",
        "the first check of the follower's table was answered ERR_OBJECT_NOT_FOUND, right after the table was created",
    ),
    ("decree_gap", "last committed minus confirmed decree, over all partitions"),
    ("confirmed_went_back", "a partition's confirmed decree decreased"),
    ("source_is_follower", "the source table was itself made as a follower"),
    ("own_master", "the cluster and table whose follower the source table was made as"),
    ("both_directions", "the follower's table is duplicated back to the source table, too"),
    ("old_master_asked", "the follower was created for, or copies from, the source table's own old master"),
    ("vanished", "known before a meta restore and never mentioned after it"),
    ("zk_status_may_be_init", "ZooKeeper may hold DS_INIT for it"),
    ("lost_decrees", "decrees that the proving lines say were never shipped"),
    ("lost_partitions", "partitions that they are of"),
    ("gpids", "number of partitions that the proving lines name"),
    ("nodes", "number of servers that the proving lines come from"),
    ("peers", "number of servers that the proving lines complain of"),
    ("request", "add or modify"),
    ("answered", "the request had its effect"),
    ("existing", "the duplication was there before the request"),
    ("to_status", "the status asked for"),
    ("to_fail_mode", "the fail mode asked for"),
    ("role", "meta or replica"),
    ("log_gap", "the longest stretch between two files without a line"),
    ("clock_jump", "by how much the clock went backwards"),
    ("clock_differs", "by how much the clock differs at least from those of the source's meta servers"),
    ("restarts", "ends of the process after which it came back, or did not"),
    ("unknown_aborts", "of these, by a line of level F that no event has a name for"),
    ("down", "the process ended by such a line and did not come back"),
    ("info_lines", "lines of the ordinary level are there"),
    ("zk_timeouts", "time-outs of the meta storage"),
    ("starts_midway", "the log does not begin with the start of a process"),
    ("followed", "watch looks whether the log grows; false when it cannot any more"),
    ("quiet_for", "how long a log that is followed has had no line at all"),
    ("sync_quiet_for", "how long a meta server's log that is followed goes on without a line of a duplication sync"),
    ("drifted", "lines whose anchor is known but that do not parse"),
    ("damaged", "bytes are missing or wrong"),
    ("damage", "what is wrong with the bytes"),
    ("lines", "number of lines"),
    ("events", "number of recognised events"),
];

/// Facts about one input.
#[must_use]
pub fn input_facts(world: &World, input: usize) -> Facts {
    let mut facts = Facts::new();
    if let Some(input) = world.inputs.get(input) {
        facts.insert("drifted", Fact::Int(to_int(input.drifted)));
        facts.insert("damaged", Fact::Bool(input.damage.is_some()));
        if let Some(damage) = &input.damage {
            facts.insert("damage", Fact::Text(damage.clone()));
        }
        facts.insert("lines", Fact::Int(to_int(input.lines)));
        facts.insert("events", Fact::Int(to_int(input.events)));
    }
    facts
}

/// Facts about one server's log.
#[must_use]
pub fn server_facts(world: &World, server: usize) -> Facts {
    let log = &world.servers[server];
    let mine = || world.runs.iter().filter(|p| p.server == server).map(|p| &p.run);
    let count = |kind: E| to_int(mine().filter(|r| r.kind() == kind).map(|r| r.count).sum());
    let mut facts = Facts::new();
    if log.answers {
        return facts;
    }
    if let Some(role) = log.role {
        facts.insert("role", Fact::Text(role.name().to_owned()));
    }
    facts.insert("log_gap", Fact::Duration(log.gap.map(|(from, to)| to.since(from)).unwrap_or_default()));
    facts.insert("clock_jump", Fact::Duration(log.jumps.iter().map(|(_, j)| j.from.since(j.to)).max().unwrap_or_default()));
    facts.insert("clock_differs", Fact::Duration(log.ahead.abs()));
    facts.insert("restarts", Fact::Int(to_int(log.restarts.len() as u64)));
    facts.insert("unknown_aborts", Fact::Int(to_int(log.restarts.iter().filter(|r| r.aborted() && !r.named).count() as u64)));
    facts.insert("down", Fact::Bool(log.restarts.last().is_some_and(|r| r.started.is_none())));
    facts.insert("info_lines", Fact::Bool(log.info_lines));
    facts.insert("zk_timeouts", Fact::Int(count(E::MetaStorageTimeout)));
    let begins = mine().next().is_some_and(|r| r.kind() == E::ProcessStart || r.kind() == E::VersionBanner);
    facts.insert("starts_midway", Fact::Bool(!begins));
    facts.insert("events", Fact::Int(to_int(mine().map(|r| r.count).sum())));
    super::silence::facts(world, server, &mut facts);
    facts
}

/// Facts about one request.
#[must_use]
pub fn request_facts(world: &World, request: &Request) -> Facts {
    let run = &world.runs[request.run].run;
    let mut facts = Facts::new();
    let kind = match request.requested {
        Requested::Add => "add",
        Requested::Modify => "modify",
    };
    facts.insert("request", Fact::Text(kind.to_owned()));
    if let Some(answered) = request.answered {
        facts.insert("answered", Fact::Bool(answered));
    }
    facts.insert("existing", Fact::Bool(request.existing));
    for name in ["app_name", "remote_cluster", "to_status", "to_fail_mode", "remote_app_name"] {
        if let Some(text) = run.field(name) {
            facts.insert(name, Fact::Text(text.to_owned()));
        }
    }
    if let Some(status) = request.status {
        facts.insert("status", Fact::Text(status.name().to_owned()));
    }
    facts
}

/// Facts about a duplication, within one span or, without one, over its whole story.
#[must_use]
pub fn story_facts(world: &World, story: &Story, span: Option<&Span>) -> Facts {
    let whole = Span { status: story.status(), since: story.spans.first().map_or(world.beginning, |s| s.since), seen: false, until: None };
    let scope = span.unwrap_or(&whole);
    let now = world.now;
    let mut facts = Facts::new();
    identity(story, &mut facts);
    if let Some(status) = scope.status {
        facts.insert("status", Fact::Text(status.name().to_owned()));
    }
    facts.insert("span_seconds", Fact::Duration(scope.until.unwrap_or(now).since(scope.since)));
    facts.insert("current", Fact::Bool(scope.until.is_none()));
    facts.insert("moved_on", Fact::Bool(scope.until.is_some()));
    facts.insert("span_start_seen", Fact::Bool(scope.seen));
    facts.insert("added_in_logs", Fact::Bool(story.added.is_some()));
    facts.insert("only_answered", Fact::Bool(story.told.iter().all(|t| world.runs[t.run].run.kind().is_answer())));
    let runs: Vec<(&Run, Attribution)> =
        story.told.iter().map(|t| (&world.runs[t.run].run, t.by)).filter(|(r, _)| within(r, scope)).collect();
    restored(story, scope, &runs, &mut facts);
    waiting(&runs, super::silence::goes_on_until(world, scope), &mut facts);
    creation(scope, &runs, &mut facts);
    let asked = runs.iter().filter_map(|(r, _)| asked_table(r, story)).next_back();
    if let (Some(asked), Some(app)) = (asked, &story.app_name) {
        facts.insert("asked_for_source_name", Fact::Bool(asked == *app));
    }
    directions(world, story, &runs, &mut facts);
    if let Some(born) = story.born() {
        facts.insert("age", Fact::Duration(scope.until.unwrap_or(now).since(born)));
    }
    let newest = story.contradictions.iter().rfind(|c| within(&world.runs[c.run].run, scope));
    if let Some(contradiction) = newest {
        facts.insert("contradicted", Fact::Text(contradiction.about.name().to_owned()));
        facts.insert("answer_says", Fact::Text(contradiction.answer.clone()));
        facts.insert("logs_say", Fact::Text(contradiction.logs.clone()));
    }
    facts.insert("silent_for", Fact::Duration(silence(world, story, scope)));
    facts.insert("vanished", Fact::Bool(vanished(world, story)));
    facts.insert("zk_status_may_be_init", Fact::Bool(overwritten(world, story)));
    if scope.status.is_some_and(DupStatus::ships) {
        super::shipping::shipping(story, scope, &mut facts);
        super::shipping::pending(&runs, &mut facts);
    }
    facts
}

fn identity(story: &Story, facts: &mut Facts) {
    let texts = [("app_name", &story.app_name), ("remote_app_name", &story.remote_app_name), ("remote_cluster", &story.remote_cluster)];
    for (name, text) in texts {
        if let Some(text) = text {
            facts.insert(name, Fact::Text(text.clone()));
        }
    }
    if let Some(mode) = story.fail_mode {
        facts.insert("fail_mode", Fact::Text(mode.name().to_owned()));
    }
    facts.insert("remote_name_known", Fact::Bool(story.remote_app_name.is_some()));
    if let Some(differs) = story.remote_name_differs() {
        facts.insert("remote_name_differs", Fact::Bool(differs));
    }
    facts.insert("remote_count_known", Fact::Bool(story.remote_replica_count.is_some()));
    for (name, number) in [("remote_replica_count", story.remote_replica_count), ("partition_count", story.partition_count)] {
        if let Some(number) = number {
            facts.insert(name, Fact::Int(number));
        }
    }
    if let Some(full) = story.with_checkpoint() {
        facts.insert("with_checkpoint", Fact::Bool(full));
    }
}

/// Whether a run has lines within a span.
#[must_use]
pub fn within(run: &Run, span: &Span) -> bool {
    span.until.is_none_or(|until| run.first.at < until) && run.last().at >= span.since
}

fn restored(story: &Story, span: &Span, runs: &[(&Run, Attribution)], facts: &mut Facts) {
    let restore = story.restores.iter().rev().find(|&&at| at > span.since && span.until.is_none_or(|u| at < u));
    facts.insert("restored", Fact::Bool(restore.is_some()));
    if let Some(&at) = restore {
        let since =
            |wanted: fn(E) -> bool| to_int(runs.iter().filter(|(r, _)| r.first.at >= at && wanted(r.kind())).map(|(r, _)| r.count).sum());
        facts.insert("visits_since_restore", Fact::Int(since(|k| k == E::CheckpointNotReady)));
        facts.insert("checks_since_restore", Fact::Int(since(is_check)));
    }
}

pub(super) fn is_check(kind: E) -> bool {
    matches!(
        kind,
        E::FollowerAppCreateFailed
            | E::FollowerAppCheckFailed
            | E::FollowerAppCreateRequest
            | E::FollowerAppCheckRequest
            | E::FollowerAppMarkCreatedFailed
            | E::FollowerAppCreated
            | E::FollowerReady
    )
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
        facts.insert("k_constant_for", Fact::Duration(TimeDelta::ZERO));
        return;
    };
    let same = lines.iter().rev().take_while(|l| l.0 == k);
    let begin = same.map(|l| l.1).min().unwrap_or(end);
    facts.insert("k", Fact::Int(k));
    facts.insert("k_constant_for", Fact::Duration(until.map_or(end, |until| until.max(end)).since(begin)));
    facts.insert("k_grew", Fact::Bool(lines.iter().any(|l| l.0 < k)));
}

fn creation(span: &Span, runs: &[(&Run, Attribution)], facts: &mut Facts) {
    let named = || runs.iter().filter(|(_, by)| *by > Attribution::Shared).map(|(r, _)| *r);
    let failed = |r: &&Run| matches!(r.kind(), E::FollowerAppCreateFailed | E::FollowerAppCheckFailed | E::FollowerAppMarkCreatedFailed);
    facts.insert("checks", Fact::Int(to_int(named().filter(failed).map(|r| r.count).sum())));
    // The table was created when the span began; it can hardly be gone before the first look.
    let first = named().filter(|r| r.field("query_err").is_some()).min_by_key(|r| r.first.at);
    if let Some(first) = first.filter(|_| span.seen && span.status == Some(DupStatus::DsApp)) {
        const RIGHT_AFTER: TimeDelta = TimeDelta::mins(1);
        let missing = first.field("query_err") == Some("ERR_OBJECT_NOT_FOUND") && first.first.at.since(span.since) <= RIGHT_AFTER;
        facts.insert("not_found_from_the_start", Fact::Bool(missing));
    }
    let newest = |field: &'static str| {
        let lines = named().filter(|r| r.field(field).is_some());
        lines.max_by_key(|r| r.last().at).and_then(|r| r.field(field)).map(str::to_owned)
    };
    if let Some(err) = newest("query_err") {
        facts.insert("last_check_err", Fact::Text(err));
    }
    if let Some(err) = newest("create_err") {
        facts.insert("last_create_err", Fact::Text(err));
    }
    let mut answers: Vec<(LogTime, &str)> = named().filter_map(|r| Some((r.first.at, r.field("create_err")?))).collect();
    answers.sort_unstable();
    if let Some(exist) = answers.iter().position(|(_, err)| *err == "ERR_APP_EXIST") {
        let lost = answers[..exist].iter().any(|(_, err)| ErrorCode((*err).into()).is_transport());
        facts.insert("transport_error_before_exist", Fact::Bool(lost));
        facts.insert("exist_first", Fact::Bool(exist == 0 && span.seen));
    }
}

/// What servers of its own cluster tell about it; the target's meta servers speak of it as well.
fn by_source<'w>(world: &'w World, story: &'w Story) -> impl Iterator<Item = &'w PlacedRun> {
    let cluster = world.clusters.get(story.cluster);
    let told = story.told.iter().map(|t| &world.runs[t.run]);
    told.filter(move |p| cluster == Some(&world.servers[p.server].cluster))
}

fn by_source_meta<'w>(world: &'w World, story: &'w Story) -> impl Iterator<Item = &'w PlacedRun> {
    by_source(world, story).filter(|p| p.run.pattern.role == Role::Meta)
}

/// How long a meta server's log goes on without a line about the duplication.
fn silence(world: &World, story: &Story, span: &Span) -> TimeDelta {
    // Lines that only name a table may be about it when its own table's name is not known.
    if story.app_name.is_none() && world.places.nameless.contains(&story.cluster) {
        return TimeDelta::ZERO;
    }
    let told = by_source_meta(world, story).filter(|p| !p.run.kind().is_answer());
    let Some(last) = told.max_by_key(|p| p.run.last().at) else { return TimeDelta::ZERO };
    let end = world.servers[last.server].log_end().unwrap_or(world.now);
    if span.until.is_some() { TimeDelta::ZERO } else { end.since(last.run.last().at.max(span.since)) }
}

fn vanished(world: &World, story: &Story) -> bool {
    /// The first sync after a restore comes within 10 s and reports every duplication.
    const ENOUGH: TimeDelta = TimeDelta::mins(2);
    let Some(&restore) = story.restores.last() else { return false };
    let gone = |kind: E| matches!(kind, E::DuplicatorClosed | E::DuplicatorsRemoved);
    let existed = by_source(world, story).any(|p| p.run.first.at < restore && !gone(p.run.kind()));
    let sign = |kind: E| !matches!(kind, E::ModifyDupRequest | E::AddDupRequest | E::DupRestoreBadJson | E::DupBadPath);
    let mentioned = by_source_meta(world, story).any(|p| p.run.last().at > restore && sign(p.run.kind()));
    existed && story.removed.is_none() && !mentioned && world.now.since(restore) >= ENOUGH
}

/// A status that was not being altered was stored all the same, and nothing has been stored since.
fn overwritten(world: &World, story: &Story) -> bool {
    /// After adding a duplication that exists the same line is harmless.
    const ADDING: TimeDelta = TimeDelta::secs(2);
    /// The second success answer comes within seconds of the change.
    const AFTER: TimeDelta = TimeDelta::mins(1);
    let runs = || story.told.iter().map(|t| &world.runs[t.run].run);
    let Some(line) = runs().filter(|r| r.kind() == E::DupPersistWithoutAltering).map(|r| r.last().at).max() else { return false };
    let adding = runs().any(|r| r.kind() == E::AddDupRequest && line.since(r.first.at) < ADDING && r.first.at <= line);
    let changed = story.transitions.iter().any(|t| t.at <= line && line.since(t.at) < AFTER);
    let repaired = story.transitions.iter().any(|t| t.at > line && t.from.is_some());
    changed && !adding && !repaired
}

pub(super) fn to_int(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
