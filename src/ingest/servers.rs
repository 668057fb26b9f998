//! Inputs arranged as the logs of servers: in order of time, copies left out.

use super::Ingested;
use super::log::Log;
use crate::event::EventKind;
use crate::pegasus::{LogTime, ServerRole, TimeDelta};
use crate::run::{Run, RunList};
use crate::source::natural_cmp;
use crate::timeline::{InputState, PlacedRun, ServerLog};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// Fills inputs, servers, states and runs.
pub(super) fn arrange(mut logs: Vec<Log>, ingested: &mut Ingested) {
    for (id, log) in logs.iter_mut().enumerate() {
        log.id = id;
        log.list.set_input(id);
    }
    arrange_numbered(logs, ingested);
}

/// The same for logs that have ids, which their runs bear; a log may hold runs of logs that followed it.
pub(super) fn arrange_numbered(mut logs: Vec<Log>, ingested: &mut Ingested) {
    let ids = logs.iter().map(|l| l.id + 1).max().unwrap_or(0);
    logs.sort_by(|a, b| {
        let by_time = |l: &Log| l.input.span.map_or(LogTime(i64::MAX), |s| s.0);
        (&a.input.server, a.capture, by_time(a))
            .cmp(&(&b.input.server, b.capture, by_time(b)))
            .then_with(|| natural_cmp(&a.input.path, &b.input.path))
    });
    drop_copies(&mut logs, ingested);
    tell_apart(&mut logs);
    let mut places: Vec<usize> = (0..ids).collect();
    for (index, log) in logs.iter().enumerate() {
        places[log.id] = index;
    }
    let mut servers: BTreeMap<(String, Option<ServerRole>), Vec<usize>> = BTreeMap::new();
    for (index, log) in logs.iter_mut().enumerate() {
        log.list.renumber(&places);
        servers.entry((log.input.server.clone(), log.input.probe.role)).or_default().push(index);
    }
    merge_unknown_roles(&mut servers);
    for ((label, role), indices) in servers {
        add_server(&label, role, &indices, &mut logs, ingested);
    }
    ingested.inputs = logs.into_iter().map(|l| l.input).collect();
    settle_answers(ingested);
}

/// Answers belong to the cluster whose logs name the same duplications; where no logs do, to the only cluster there is.
fn settle_answers(ingested: &mut Ingested) {
    let answers: Vec<bool> = ingested.servers.iter().map(|s| s.inputs.iter().any(|&i| ingested.inputs[i].evidence.is_some())).collect();
    let mut clusters: Vec<String> = ingested.servers.iter().zip(&answers).filter(|(_, a)| !**a).map(|(s, _)| s.cluster.clone()).collect();
    clusters.sort();
    clusters.dedup();
    for index in (0..answers.len()).filter(|&i| answers[i]) {
        ingested.servers[index].answers = true;
        let cluster = match clusters.as_slice() {
            // Answers alone are all of one cluster.
            [] => String::new(),
            [only] => only.clone(),
            _ => {
                let named: BTreeSet<String> = names(ingested, index).collect();
                let score = |cluster: &String| {
                    let theirs = (0..answers.len()).filter(|&i| !answers[i] && ingested.servers[i].cluster == *cluster);
                    theirs.flat_map(|i| names(ingested, i)).filter(|n| named.contains(n)).count()
                };
                let best = clusters.iter().map(|c| (score(c), c)).max_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(a.1)));
                best.map(|(_, c)| c.clone()).unwrap_or_default()
            }
        };
        ingested.servers[index].cluster = cluster;
    }
}

/// Ids of duplications, and `table to cluster` of requests, that a server's lines name.
fn names(ingested: &Ingested, server: usize) -> impl Iterator<Item = String> + '_ {
    ingested.runs.iter().filter(move |p| p.server == server).filter_map(|p| {
        let of_entry = || p.run.entry.as_ref().map(|entry| entry.dup_id.0.to_string());
        let asked = || Some(format!("{} to {}", p.run.field("app_name")?, p.run.field("remote_cluster")?));
        p.run.field("dup_id").map(str::to_owned).or_else(of_entry).or_else(asked)
    })
}

/// Files of one folder whose times overlap are of different servers: a server writes one at a time.
fn tell_apart(logs: &mut [Log]) {
    /// The last lines of a file can be written while the next one is opened.
    const HANDOVER: TimeDelta = TimeDelta::secs(2);
    let mut ends: BTreeMap<(String, Option<ServerRole>), Vec<LogTime>> = BTreeMap::new();
    for log in logs.iter_mut().filter(|l| !l.capture) {
        let Some((first, last)) = log.input.span else { continue };
        let lanes = ends.entry((log.input.server.clone(), log.input.probe.role)).or_default();
        let free = lanes.iter().position(|end| end.since(first) <= HANDOVER);
        let lane = free.unwrap_or_else(|| {
            lanes.push(last);
            lanes.len() - 1
        });
        lanes[lane] = lanes[lane].max(last);
        if lane > 0 {
            log.input.server = format!("{}#{}", log.input.server, lane + 1);
        }
    }
}

/// A file whose lines do not tell the role belongs to the server of its directory that does.
fn merge_unknown_roles(servers: &mut BTreeMap<(String, Option<ServerRole>), Vec<usize>>) {
    let unknown: Vec<String> = servers.keys().filter(|(_, role)| role.is_none()).map(|(label, _)| label.clone()).collect();
    for label in unknown {
        let home = servers.keys().find(|(l, role)| *l == label && role.is_some()).cloned();
        if let Some(home) = home
            && let Some(indices) = servers.remove(&(label, None))
            && let Some(mine) = servers.get_mut(&home)
        {
            mine.extend(indices);
            mine.sort_unstable();
        }
    }
}

/// The same file under two names that no inode tells, such as a log and its compressed copy.
fn drop_copies(logs: &mut Vec<Log>, ingested: &mut Ingested) {
    let print = |l: &Log| {
        let ends = l.list.runs.first().zip(l.list.runs.last()).map(|(a, b)| (a.first.text.clone(), b.last().text.clone()));
        (l.input.bytes, l.input.lines, l.input.span, l.list.events, l.list.runs.len(), ends)
    };
    let mut kept: Vec<Log> = Vec::with_capacity(logs.len());
    for log in logs.drain(..) {
        let same = kept.iter().find(|k| k.input.bytes == log.input.bytes && k.input.span.is_some() && print(k) == print(&log));
        match same {
            Some(original) => ingested.notes.push(crate::source::SkippedCopy::SameContent {
                dropped: log.input.path.clone().into(),
                kept: original.input.path.clone().into(),
            }),
            None => kept.push(log),
        }
    }
    *logs = kept;
}

fn add_server(label: &str, role: Option<ServerRole>, indices: &[usize], logs: &mut [Log], ingested: &mut Ingested) {
    let mut joined = RunList::default();
    let mut captures: Vec<Run> = Vec::new();
    let mut server =
        ServerLog { label: label.to_owned(), cluster: cluster_of(label), inputs: indices.to_vec(), role, ..ServerLog::default() };
    let mut last: Option<(LogTime, usize)> = None;
    let base = ingested.servers.len();
    for &index in indices {
        let log = &mut logs[index];
        let list = std::mem::take(&mut log.list);
        server.zone = server.zone.or(log.input.probe.zone);
        server.info_lines |= list.info_lines;
        if let Some((first, end)) = log.input.span {
            server.span = Some(server.span.map_or((first, end), |(a, b)| (a.min(first), b.max(end))));
            if !log.capture {
                server.files.push((first, end));
                if let Some((before, _)) = last
                    && first > before
                    && server.gap.is_none_or(|(a, b)| first.since(before) > b.since(a))
                {
                    server.gap = Some((before, first));
                }
                last = last.max(Some((end, index)));
            }
        }
        // Captures hold lines of several threads and buffers, out of order.
        if !log.capture {
            server.jumps.extend(list.jumps.iter().map(|j| (index, *j)));
        }
        state(index, base, log, &list, ingested);
        if log.capture {
            captures.extend(list.runs);
        } else {
            let jumps_before = joined.jumps.len();
            joined.follow(list);
            joined.jumps.truncate(jumps_before);
        }
    }
    date_ends(&server.files, &joined, &mut captures);
    let fresh = new_lines(&joined, captures);
    joined.runs.extend(fresh);
    place(joined.runs, base, server, ingested);
}

/// What a process says when it dies has the time of a line before it, which in a capture may be hours older: it ended with its log.
fn date_ends(files: &[(LogTime, LogTime)], logs: &RunList, captures: &mut [Run]) {
    let starts = || logs.runs.iter().filter(|run| run.kind() == EventKind::ProcessStart).map(|run| run.first.at);
    let ended = |run: &&mut Run| run.undated && matches!(run.kind(), EventKind::ProcessCrashed | EventKind::ProcessStopped);
    for run in captures.iter_mut().filter(ended) {
        let said = run.first.at;
        let start = starts().filter(|&start| start > said).min();
        let end = files.iter().map(|file| file.1).filter(|&end| start.is_none_or(|start| end < start)).max();
        run.first.at = end.map_or(said, |end| end.max(said));
    }
}

/// What the timeline needs to know about an input.
fn state(index: usize, server: usize, log: &Log, list: &RunList, ingested: &mut Ingested) {
    let damage: Vec<String> = log.input.notes.iter().filter(|note| note.is_damage()).map(ToString::to_string).collect();
    let state = InputState {
        label: log.input.path.clone(),
        server,
        lines: log.input.lines,
        events: log.input.events,
        drifted: log.input.drifted,
        damage: (!damage.is_empty()).then(|| damage.join(", ")),
        proof: list.drift.iter().map(|d| d.first.clone()).collect(),
    };
    if ingested.states.len() <= index {
        ingested.states.resize(index + 1, InputState::default());
    }
    ingested.states[index] = state;
}

/// Up to v2.5 a line is given its time once for the log and once for standard output, microseconds later.
const PRINTED_TWICE: TimeDelta = TimeDelta::millis(10);

/// Lines of captures that the logs do not have: a log has all lines of one kind between its first and its last.
fn new_lines(logs: &RunList, captures: Vec<Run>) -> Vec<Run> {
    let mut spans: FxHashMap<u64, Vec<(LogTime, LogTime)>> = FxHashMap::default();
    for run in &logs.runs {
        spans.entry(run.copy_key).or_default().push((run.first.at, run.last().at));
    }
    let known = |run: &Run| {
        spans
            .get(&run.copy_key)
            .is_some_and(|s| s.iter().any(|(a, b)| run.first.at >= *a - PRINTED_TWICE && run.last().at <= *b + PRINTED_TWICE))
    };
    captures.into_iter().filter(|run| !known(run)).collect()
}

/// Where one file holds lines of several servers, each gets its own.
fn place(runs: Vec<Run>, base: usize, server: ServerLog, ingested: &mut Ingested) {
    let origins: std::collections::BTreeSet<String> = runs.iter().filter_map(|r| r.origin.as_deref().map(str::to_owned)).collect();
    if origins.len() < 2 {
        ingested.runs.extend(runs.into_iter().map(|run| PlacedRun { run, server: base }));
        ingested.servers.push(server);
        return;
    }
    let origins: Vec<String> = origins.into_iter().collect();
    for origin in &origins {
        let span = spans_of(&runs, origin);
        let label = format!("{}/{origin}", server.label);
        ingested.servers.push(ServerLog { label, span: span.or(server.span), jumps: Vec::new(), gap: None, ..server.clone() });
    }
    for run in runs {
        let place = run.origin.as_deref().and_then(|o| origins.iter().position(|known| known == o)).unwrap_or(0);
        ingested.runs.push(PlacedRun { run, server: base + place });
    }
}

fn spans_of(runs: &[Run], origin: &str) -> Option<(LogTime, LogTime)> {
    let mine = || runs.iter().filter(|r| r.origin.as_deref() == Some(origin));
    Some((mine().map(|r| r.first.at).min()?, mine().map(|r| r.last().at).max()?))
}

/// Servers whose folders lie in one folder are one cluster.
fn cluster_of(label: &str) -> String {
    label.rsplit_once('/').map_or(String::new(), |(parent, _)| parent.to_owned())
}
