//! The numbers of the charts as compact JSON: times in milliseconds since the begin, texts cut to what fits.

use super::decrees::drawable;
use super::{Page, plain, source, target};
use crate::pegasus::{DupStatus, LogTime, TimeDelta};
use crate::render::text::cut;
use crate::render::words::SCRIPT;
use crate::report::{DuplicationEntry, Evidence, History, PartitionHistory, Time};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Characters of log text for the whole chart.
const TEXT: usize = 1_100_000;

/// Numbers of decrees for the whole page.
const NUMBERS: usize = 120_000;

/// Texts and times of one page.
struct Texts {
    begin: LogTime,
    paths: Vec<String>,
    by_path: BTreeMap<Arc<str>, usize>,
    most: usize,
}

/// The JSON, such that no text in it can end the element that it stands in.
pub(super) fn json(page: &Page<'_>) -> String {
    data(page).to_string().replace('<', "\\u003c").replace('\u{2028}', "\\u2028")
}

fn data(page: &Page<'_>) -> Value {
    let report = page.report;
    let begin = report.window.first.map_or(LogTime(0), |t| t.0);
    let end = report.window.last.map_or(begin, |t| t.0);
    let lines: usize = report.duplications.iter().map(|d| d.states.len() + 2 * d.errors.len()).sum();
    let most = (TEXT / lines.max(1)).clamp(120, 700);
    let mut texts = Texts { begin, paths: Vec::new(), by_path: BTreeMap::new(), most };
    let drawn = report.duplications.iter().filter(|d| drawable(d)).count();
    let lanes: Vec<Value> = report.duplications.iter().map(|d| lane(page, &mut texts, d, NUMBERS / drawn.max(1))).collect();
    let mark = |f: &crate::report::Finding| {
        json!({
            "code": plain(&f.code),
            "title": plain(&page.clock.in_text(&f.title)),
            "severity": f.severity.to_string(),
            "lane": page.lane(f),
            "from": f.first_seen.map(|t| texts.ms(t)),
            "to": f.last_seen.map(|t| texts.ms(t)),
            "active": f.active,
        })
    };
    let findings: Vec<Value> = report.findings.iter().map(mark).collect();
    let across = across(page, &mut texts);
    json!({
        "lang": page.words.locale(),
        "words": SCRIPT.iter().map(|(name, en, zh)| (*name, page.words.0.pick(en, zh))).collect::<BTreeMap<_, _>>(),
        "verdicts": report.duplications.iter().map(|d| (d.verdict.name(), page.words.verdict(d.verdict))).collect::<BTreeMap<_, _>>(),
        // In milliseconds since the epoch, and how long it is.
        "begin": begin.millis(),
        "length": end.since(begin).as_millis().max(1),
        "zone": zone(page, begin, end),
        "paths": texts.paths,
        "lanes": lanes,
        "findings": findings,
        "across": across,
    })
}

impl Texts {
    fn ms(&self, at: Time) -> i64 {
        at.0.millis() - self.begin.millis()
    }

    /// Path (its index), line, when, text.
    fn line(&mut self, line: &Evidence) -> Value {
        let next = self.paths.len();
        let path = *self.by_path.entry(line.path.clone()).or_insert(next);
        if path == next {
            self.paths.push(plain(&line.path).into_owned());
        }
        json!([path, line.line, self.ms(line.at), cut::end(&plain(&line.text), self.most)])
    }
}

fn lane(page: &Page<'_>, texts: &mut Texts, entry: &DuplicationEntry, numbers: usize) -> Value {
    let mut states = Vec::with_capacity(entry.states.len());
    for state in &entry.states {
        let proves = entry.timeline.iter().find(|t| t.at == state.since && Some(t.to) == state.status);
        states.push(json!({
            "name": state.status.map(DupStatus::name),
            "from": texts.ms(state.since),
            "to": state.until.map(|t| texts.ms(t)),
            "seen": state.seen,
            "line": proves.map(|t| texts.line(&t.evidence)),
        }));
    }
    let mut errors = Vec::with_capacity(entry.errors.len());
    for series in &entry.errors {
        errors.push(json!({
            "event": series.event,
            "level": series.level,
            "count": series.count,
            "from": series.from.map_or(0, |t| texts.ms(t)),
            "width": series.bucket_seconds * 1000,
            "counts": series.counts,
            "first": texts.line(&series.first),
            "last": texts.line(&series.last),
        }));
    }
    json!({
        "name": plain(&source(page.words, entry)),
        "target": plain(&target(page.words, entry)),
        "key": entry.identity.ids(),
        "verdict": entry.verdict.name(),
        "status": entry.status.map(DupStatus::name),
        "states": states,
        "errors": errors,
        "decrees": entry.history.as_ref().filter(|_| drawable(entry)).map(|h| decrees(texts, h, numbers)),
    })
}

/// Rows of the partitions that are furthest behind, and as many moments as there is room for.
fn decrees(texts: &Texts, history: &History, numbers: usize) -> Value {
    const ROWS: usize = 64;
    let rows = (numbers / 16).clamp(8, ROWS).min(history.partitions.len());
    let gap = |p: &PartitionHistory| {
        let last = |of: &[Option<i64>]| of.iter().rev().flatten().next().copied();
        last(&p.last_committed_decree).zip(last(&p.confirmed_decree)).map(|(committed, confirmed)| committed - confirmed)
    };
    let mut shown: Vec<&PartitionHistory> = history.partitions.iter().collect();
    shown.sort_by_key(|p| (std::cmp::Reverse(gap(p)), p.partition));
    shown.truncate(rows);
    shown.sort_by_key(|p| p.partition);
    let moments = history.at.len();
    let step = moments.div_ceil((numbers / (2 * rows.max(1))).max(8));
    // The last moment always, and each step-th before it.
    let kept: Vec<usize> = (0..moments).filter(|m| (moments - 1 - m).is_multiple_of(step.max(1))).collect();
    let row = |of: &[Option<i64>]| kept.iter().map(|&m| of.get(m).copied().flatten()).collect::<Vec<_>>();
    let committed = |p: &PartitionHistory| {
        let row = row(&p.last_committed_decree);
        if row.iter().all(Option::is_none) { Vec::new() } else { row }
    };
    json!({
        "at": kept.iter().filter_map(|&m| history.at.get(m)).map(|&t| texts.ms(t)).collect::<Vec<_>>(),
        "of": history.partitions.len(),
        // Partition, what is confirmed, what is committed (nothing where no line tells).
        "partitions": shown.into_iter().map(|p| json!([p.partition, row(&p.confirmed_decree), committed(p)])).collect::<Vec<_>>(),
    })
}

fn across(page: &Page<'_>, texts: &mut Texts) -> Vec<Value> {
    let mut all = Vec::new();
    let mut add = |kind: &str, server: &str, at: Time, to: Option<Time>, evidence: &[Evidence]| {
        let lines: Vec<Value> = evidence.iter().map(|line| texts.line(line)).collect();
        let (from, to) = (texts.ms(at), to.map(|t| texts.ms(t)));
        all.push((from, json!({"kind": kind, "server": plain(server), "at": from, "to": to, "lines": lines})));
    };
    for server in &page.report.servers {
        for restart in &server.restarts {
            let kind = if restart.aborted { "abort" } else { "restart" };
            add(kind, &server.name, restart.ended, restart.started, &restart.evidence);
        }
    }
    for change in &page.report.leader_changes {
        add("leader", &change.server, change.at, None, std::slice::from_ref(&change.evidence));
    }
    all.sort_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, across)| across).collect()
}

/// The offsets from UTC in the window, with the hour from which each holds.
fn zone(page: &Page<'_>, begin: LogTime, end: LogTime) -> Vec<(i64, i32, String)> {
    const HOUR: i64 = TimeDelta::hours(1).0;
    let mut all: Vec<(i64, i32, String)> = Vec::new();
    let mut at = begin;
    while at <= end && all.len() < 8 {
        let minutes = page.clock.minutes(at);
        if all.last().is_none_or(|known| known.1 != minutes) {
            all.push((at.since(begin).as_millis(), minutes, page.clock.label(at)));
        }
        // A zone changes its offset at full hours, and a window of many years needs no more than a few looks a day.
        let next = LogTime(at.0.saturating_add(HOUR - at.0.rem_euclid(HOUR)).max(at.0.saturating_add(end.since(begin).0 / 20_000)));
        if next <= at {
            // At the end of time no hour follows.
            break;
        }
        at = next;
    }
    all
}
