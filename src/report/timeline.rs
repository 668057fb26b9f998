//! Each duplication's states over time and what happened in between, for `dupdoctor timeline`.

use super::context::Context;
use super::{DuplicationRef, Place, RestartEntry, Selection, Time, Verdict};
use crate::event::{EventKind, Level, Role};
use crate::ingest::Ingested;
use crate::pegasus::{DupStatus, LogTime, TimeDelta};
use crate::record::{header, unwrap};
use crate::signature::Found;
use crate::timeline::{Model, PlacedRun, Story};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// One duplication's history.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Chapter {
    /// Which duplication.
    pub duplication: DuplicationRef,
    /// The follower's cluster.
    pub remote_cluster: Option<String>,
    /// The follower's table.
    pub remote_app_name: Option<String>,
    /// How it is.
    pub verdict: Verdict,
    /// What happened, by time.
    pub happenings: Vec<Happening>,
    /// So many things were left out because they did not last long enough.
    pub left_out: u64,
}

impl Chapter {
    /// Leaves out what lasted less than this: repeats, and statuses but the last one.
    pub fn keep_lasting(&mut self, least: TimeDelta) {
        let changes = |h: &Happening| h.to.is_some() && h.from.is_some() && h.from != h.to;
        let moments: Vec<LogTime> = self.happenings.iter().filter(|h| changes(h)).map(|h| h.at.0).collect();
        let lasted = |h: &Happening| {
            if !changes(h) {
                return h.until.0.since(h.at.0);
            }
            // The present status lasts for nobody knows how long.
            moments.iter().find(|at| **at > h.at.0).map_or(TimeDelta::MAX, |next| next.since(h.at.0))
        };
        let before = self.happenings.len();
        self.happenings = std::mem::take(&mut self.happenings).into_iter().filter(|h| lasted(h) >= least).collect();
        self.left_out += (before - self.happenings.len()) as u64;
    }
}

/// One thing that happened, or the same thing many times.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Happening {
    /// First time.
    pub at: Time,
    /// Last time.
    pub until: Time,
    /// How often.
    pub count: u64,
    /// Name of the event.
    pub event: &'static str,
    /// The partition, such as `3.0`, where the line is of a replica.
    pub partition: Option<String>,
    /// `D`, `I`, `W`, `E` or `F` as the newest releases print it.
    pub level: char,
    /// The server.
    pub server: String,
    /// Status before, for a change of status.
    pub from: Option<DupStatus>,
    /// Status after, for a change of status.
    pub to: Option<DupStatus>,
    /// What the line says, without its header.
    pub text: String,
    /// The error codes in it by field, such as `create_err`; not those that say that all went well or nothing was to do.
    pub errors: BTreeMap<&'static str, String>,
    /// The first line.
    pub evidence: Place,
    /// Whether other duplications fit the line too.
    pub shared: bool,
    /// Routine of a replica server, of interest only when somebody looks for it.
    pub routine: bool,
    /// The end of a server's process that this line shows.
    pub restart: Option<RestartEntry>,
}

/// The histories of the duplications that are wanted; `logged` is the model with the names of the logs, by which is selected.
pub(crate) fn chapters(ingested: &Ingested, model: &Model, logged: &Model, found: &[Found<'_>], selection: &Selection) -> Vec<Chapter> {
    let context = Context::new(ingested, model, logged, found, selection);
    let mut all: Vec<Chapter> = model
        .stories
        .iter()
        .enumerate()
        .filter(|(index, s)| selection.only.wants(&logged.stories[*index].identity) && !s.told.is_empty())
        .map(|(index, story)| chapter(&context, index, story))
        .collect();
    all.sort_by_cached_key(|c| (c.duplication.app_name.clone(), c.duplication.app_id, c.duplication.dup_id));
    all
}

fn chapter(context: &Context<'_>, index: usize, story: &Story) -> Chapter {
    let model = context.model;
    let mut happenings: Vec<(LogTime, Happening)> = story
        .told
        .iter()
        .map(|told| {
            let placed = &model.runs[told.run];
            let shared = told.by == crate::timeline::Attribution::Shared;
            (placed.run.first.at, context.happening(placed, shared))
        })
        .collect();
    for &at in &story.restores {
        let leader =
            |p: &&PlacedRun| p.run.first.at == at && matches!(p.run.kind(), EventKind::DupRecoverBegin | EventKind::LeaderTookOver);
        happenings.extend(model.runs.iter().find(leader).map(|placed| (at, context.happening(placed, true))));
    }
    if let Some(since) = context.ingested.since {
        happenings.retain(|(_, happening)| happening.until.0 >= since);
    }
    let told: BTreeSet<usize> = story.told.iter().map(|t| t.run).collect();
    happenings.extend(context.restarts(story, &told));
    happenings.sort_by(|a, b| (a.0, &a.1.evidence, a.1.event).cmp(&(b.0, &b.1.evidence, b.1.event)));
    Chapter {
        duplication: (&story.identity).into(),
        remote_cluster: story.identity.remote_cluster.clone(),
        remote_app_name: story.identity.remote_app_name.clone(),
        verdict: Verdict::of(story.status(), model.in_sight(story), context.ownership.active(index)),
        happenings: happenings.into_iter().map(|(_, happening)| happening).collect(),
        left_out: 0,
    }
}

/// Whether a field's value is the code of an error.
fn is_failure(value: &str) -> bool {
    value.starts_with("ERR_") && !matches!(value, "ERR_OK" | "ERR_NO_NEED_OPERATE")
}

impl Context<'_> {
    fn happening(&self, placed: &PlacedRun, shared: bool) -> Happening {
        let run = &placed.run;
        let status = |name: &str| run.field(name).and_then(|s| s.parse().ok());
        Happening {
            at: Time(self.model.logged(&run.first)),
            until: Time(self.model.logged(run.last())),
            count: run.count,
            event: run.kind().name(),
            partition: run.field("gpid").map(str::to_owned),
            level: run.pattern.level.letter(),
            server: self.model.servers[placed.server].label.clone(),
            from: status("from_status"),
            to: status("to_status"),
            text: message(&run.first.text),
            errors: run.fields.iter().filter(|(_, value)| is_failure(value)).map(|(name, value)| (*name, value.to_string())).collect(),
            evidence: Place { path: self.path(run.first.input), line: run.first.number() },
            shared,
            routine: run.pattern.role == Role::Replica && run.pattern.level <= Level::Info,
            restart: None,
        }
    }

    /// Ends of processes while the duplication existed, of servers that have told of it.
    fn restarts(&self, story: &Story, told: &BTreeSet<usize>) -> Vec<(LogTime, Happening)> {
        let servers: BTreeSet<usize> = told.iter().map(|&run| self.model.runs[run].server).collect();
        let begins = story.spans.first().map(|s| s.since);
        let mut shown = Vec::new();
        for server in servers {
            let log = &self.model.servers[server];
            for restart in log.restarts.iter().filter(|r| begins.is_none_or(|b| r.started.unwrap_or(r.ended) >= b)) {
                if story.removed.is_some_and(|removed| restart.ended > removed) {
                    continue;
                }
                // A line that is told already is not told twice.
                for &run in restart.fatal.iter().filter(|run| !told.contains(*run)) {
                    shown.push((self.model.runs[run].run.first.at, self.happening(&self.model.runs[run], true)));
                }
                if let Some(start) = restart.start {
                    let placed = &self.model.runs[start];
                    let back = Happening { restart: Some(self.restart(log, restart)), ..self.happening(placed, true) };
                    shown.push((placed.run.first.at, back));
                }
            }
        }
        shown
    }
}

/// The message without its envelope and its header, if it has one.
fn message(line: &str) -> String {
    let body = |text: &[u8]| header(text).map(|found| String::from_utf8_lossy(found.body).into_owned());
    body(line.as_bytes()).or_else(|| body(&unwrap(line.as_bytes()).text)).unwrap_or_else(|| line.to_owned())
}
