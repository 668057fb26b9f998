//! Each duplication's states over time and what happened in between, for `dupdoctor timeline`.

use super::{DuplicationRef, Place, Selection, Time, Verdict};
use crate::event::{Level, Role};
use crate::ingest::Ingested;
use crate::pegasus::{DupStatus, LogTime};
use crate::run::Run;
use crate::signature::Found;
use crate::timeline::{Story, World};
use serde::Serialize;

/// One duplication's history.
#[derive(Debug, Clone, Serialize)]
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
}

/// One thing that happened, or the same thing many times.
#[derive(Debug, Clone, Serialize)]
pub struct Happening {
    /// First time.
    pub at: Time,
    /// Last time.
    pub until: Time,
    /// How often.
    pub count: u64,
    /// Name of the event.
    pub event: &'static str,
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
    /// The first line.
    pub evidence: Place,
    /// Whether other duplications fit the line too.
    pub shared: bool,
    /// Routine of a replica server, of interest only when somebody looks for it.
    pub routine: bool,
}

/// The histories of the duplications that are wanted.
#[must_use]
pub fn chapters(ingested: &Ingested, world: &World, found: &[Found<'_>], selection: &Selection) -> Vec<Chapter> {
    let mut all: Vec<Chapter> = world
        .stories
        .iter()
        .enumerate()
        .filter(|(_, s)| selection.wants(s) && !s.told.is_empty())
        .map(|(index, story)| chapter(ingested, world, found, index, story))
        .collect();
    all.sort_by(|a, b| {
        let key = |c: &Chapter| (c.duplication.app_name.clone(), c.duplication.app_id, c.duplication.dup_id);
        key(a).cmp(&key(b))
    });
    all
}

fn chapter(ingested: &Ingested, world: &World, found: &[Found<'_>], index: usize, story: &Story) -> Chapter {
    let active = super::build::verdicts(world, found, index);
    let mut happenings: Vec<Happening> = story
        .told
        .iter()
        .map(|told| {
            let placed = &world.runs[told.run];
            let run = &placed.run;
            let status = |name: &str| run.field(name).and_then(|s| s.parse().ok());
            Happening {
                at: Time(run.first.at),
                until: Time(run.last().at),
                count: run.count,
                event: run.kind().name(),
                level: letter(run),
                server: world.servers[placed.server].label.clone(),
                from: status("from_status"),
                to: status("to_status"),
                text: message(&run.first.text).to_owned(),
                evidence: Place { path: ingested.inputs[run.first.input].path.clone(), line: run.first.number() },
                shared: told.by == crate::timeline::Attribution::Shared,
                routine: run.pattern.role == Role::Replica && run.pattern.level <= Level::Info,
            }
        })
        .collect();
    for &at in &story.restores {
        happenings.extend(leader(ingested, world, at));
    }
    happenings.sort_by(|a, b| (a.at, &a.evidence, a.event).cmp(&(b.at, &b.evidence, b.event)));
    Chapter {
        duplication: DuplicationRef { app_id: story.app_id, dup_id: story.dup_id, app_name: story.app_name.clone() },
        remote_cluster: story.remote_cluster.clone(),
        remote_app_name: story.remote_app_name.clone(),
        verdict: Verdict::of(story.status(), active),
        happenings,
    }
}

/// The line with which a new leader begins to restore duplications.
fn leader(ingested: &Ingested, world: &World, at: LogTime) -> Option<Happening> {
    let placed =
        world.runs.iter().find(|p| p.run.first.at == at && matches!(p.run.kind().name(), "dup_recover_begin" | "leader_took_over"))?;
    Some(Happening {
        at: Time(at),
        until: Time(at),
        count: 1,
        event: placed.run.kind().name(),
        level: letter(&placed.run),
        server: world.servers[placed.server].label.clone(),
        from: None,
        to: None,
        text: message(&placed.run.first.text).to_owned(),
        evidence: Place { path: ingested.inputs[placed.run.first.input].path.clone(), line: placed.run.first.number() },
        shared: true,
        routine: false,
    })
}

fn letter(run: &Run) -> char {
    match run.pattern.level {
        Level::Debug => 'D',
        Level::Info => 'I',
        Level::Warning => 'W',
        Level::Error => 'E',
        Level::Fatal => 'F',
    }
}

/// The message without its header, if it has one.
fn message(line: &str) -> &str {
    let found = crate::record::header(line.as_bytes()).or_else(|| crate::record::find_header(line.as_bytes()).map(|(_, h)| h));
    found.and_then(|h| line.get(line.len().checked_sub(h.body.len())?..)).unwrap_or(line)
}
