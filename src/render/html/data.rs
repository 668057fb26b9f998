//! The numbers of the charts as compact JSON: times in milliseconds since the begin, texts cut to what fits.

use super::decrees::drawable;
use super::{Page, key, locale, plain, severity_class, source, target};
use crate::pegasus::{DupStatus, LogTime, TimeDelta};
use crate::render::text::cut;
use crate::render::words::SCRIPT;
use crate::report::{DuplicationEntry, Evidence, History, PartitionHistory, Time};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Characters of log text for the whole chart.
const TEXT: usize = 1_100_000;

/// Numbers of decrees for the whole page.
const NUMBERS: usize = 120_000;

#[derive(Serialize)]
struct Data<'a> {
    lang: &'static str,
    words: BTreeMap<&'static str, &'static str>,
    verdicts: BTreeMap<&'static str, &'static str>,
    /// The begin in milliseconds since the epoch, and how long it is.
    begin: i64,
    length: i64,
    /// Offsets from UTC in minutes: since when, how much, how it is written.
    zone: Vec<(i64, i32, String)>,
    paths: Vec<String>,
    lanes: Vec<Lane<'a>>,
    findings: Vec<Mark>,
    across: Vec<Across>,
}

#[derive(Serialize)]
struct Lane<'a> {
    name: String,
    target: String,
    key: Option<String>,
    verdict: &'static str,
    status: Option<&'static str>,
    states: Vec<State>,
    errors: Vec<Errors<'a>>,
    decrees: Option<Decrees>,
}

/// A stretch of one status, and the line that proves its begin.
#[derive(Serialize)]
struct State {
    name: Option<&'static str>,
    from: i64,
    to: Option<i64>,
    seen: bool,
    line: Option<Line>,
}

#[derive(Serialize)]
struct Errors<'a> {
    event: &'a str,
    level: char,
    count: u64,
    from: i64,
    width: i64,
    counts: &'a [u64],
    first: Line,
    last: Line,
}

/// Path (its index), line, when, text.
#[derive(Serialize)]
struct Line(usize, Option<u64>, i64, String);

#[derive(Serialize)]
struct Mark {
    code: String,
    title: String,
    severity: &'static str,
    lane: Option<usize>,
    from: Option<i64>,
    to: Option<i64>,
    active: bool,
}

#[derive(Serialize)]
struct Across {
    kind: &'static str,
    server: String,
    at: i64,
    to: Option<i64>,
    lines: Vec<Line>,
}

#[derive(Serialize)]
struct Decrees {
    at: Vec<i64>,
    /// Of how many partitions there are.
    of: usize,
    partitions: Vec<Row>,
}

/// Partition, what is confirmed, what is committed (nothing where no line tells).
#[derive(Serialize)]
struct Row(i64, Vec<Option<i64>>, Vec<Option<i64>>);

/// Texts and times of one page.
struct Texts {
    begin: LogTime,
    paths: Vec<String>,
    by_path: BTreeMap<Arc<str>, usize>,
    most: usize,
}

/// The JSON, such that no text in it can end the element that it stands in.
pub(super) fn json(page: &Page<'_>) -> String {
    // Plain data with string keys always serialises.
    serde_json::to_string(&data(page)).unwrap_or_default().replace('<', "\\u003c").replace('\u{2028}', "\\u2028")
}

fn data<'a>(page: &Page<'a>) -> Data<'a> {
    let report = page.report;
    let begin = report.window.first.map_or(LogTime(0), |t| t.0);
    let end = report.window.last.map_or(begin, |t| t.0);
    let lines: usize = report.duplications.iter().map(|d| d.states.len() + 2 * d.errors.len()).sum();
    let most = (TEXT / lines.max(1)).clamp(120, 700);
    let mut texts = Texts { begin, paths: Vec::new(), by_path: BTreeMap::new(), most };
    let drawn = report.duplications.iter().filter(|d| drawable(d)).count();
    let lanes = report.duplications.iter().map(|d| lane(page, &mut texts, d, NUMBERS / drawn.max(1))).collect();
    let marks = |f: &crate::report::Finding| Mark {
        code: plain(&f.code).into_owned(),
        title: plain(&page.clock.in_text(&f.title)).into_owned(),
        severity: severity_class(f.severity),
        lane: page.lane(f),
        from: f.first_seen.map(|t| texts.ms(t)),
        to: f.last_seen.map(|t| texts.ms(t)),
        active: f.active,
    };
    let findings = report.findings.iter().map(marks).collect();
    let across = across(page, &mut texts);
    Data {
        lang: locale(page.words.0),
        words: SCRIPT.iter().map(|(name, en, zh)| (*name, page.words.0.pick(en, zh))).collect(),
        verdicts: report.duplications.iter().map(|d| (d.verdict.name(), page.words.verdict(d.verdict))).collect(),
        begin: begin.millis(),
        length: (end.since(begin).as_millis()).max(1),
        zone: zone(page, begin, end),
        lanes,
        findings,
        across,
        paths: texts.paths,
    }
}

impl Texts {
    fn ms(&self, at: Time) -> i64 {
        at.0.millis() - self.begin.millis()
    }

    fn line(&mut self, line: &Evidence) -> Line {
        let next = self.paths.len();
        let path = *self.by_path.entry(line.path.clone()).or_insert(next);
        if path == next {
            self.paths.push(plain(&line.path).into_owned());
        }
        Line(path, line.line, self.ms(line.at), cut::end(&plain(&line.text), self.most))
    }
}

fn lane<'a>(page: &Page<'a>, texts: &mut Texts, entry: &'a DuplicationEntry, numbers: usize) -> Lane<'a> {
    let mut states = Vec::with_capacity(entry.states.len());
    for state in &entry.states {
        let proves = entry.timeline.iter().find(|t| t.at == state.since && Some(t.to) == state.status);
        states.push(State {
            name: state.status.map(DupStatus::name),
            from: texts.ms(state.since),
            to: state.until.map(|t| texts.ms(t)),
            seen: state.seen,
            line: proves.map(|t| texts.line(&t.evidence)),
        });
    }
    let errors = entry.errors.iter().map(|e| Errors {
        event: &e.event,
        level: e.level,
        count: e.count,
        from: e.from.map_or(0, |t| texts.ms(t)),
        width: e.bucket_seconds * 1000,
        counts: &e.counts,
        first: texts.line(&e.first),
        last: texts.line(&e.last),
    });
    let errors = errors.collect();
    Lane {
        name: plain(&source(page.words, entry)).into_owned(),
        target: plain(&target(page.words, entry)).into_owned(),
        key: key(entry),
        verdict: entry.verdict.name(),
        status: entry.status.map(DupStatus::name),
        states,
        errors,
        decrees: entry.history.as_ref().filter(|_| drawable(entry)).map(|h| decrees(texts, h, numbers)),
    }
}

/// Rows of the partitions that are furthest behind, and as many moments as there is room for.
fn decrees(texts: &Texts, history: &History, numbers: usize) -> Decrees {
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
    Decrees {
        at: kept.iter().filter_map(|&m| history.at.get(m)).map(|&t| texts.ms(t)).collect(),
        of: history.partitions.len(),
        partitions: shown.into_iter().map(|p| Row(p.partition, row(&p.confirmed_decree), committed(p))).collect(),
    }
}

fn across(page: &Page<'_>, texts: &mut Texts) -> Vec<Across> {
    let mut all = Vec::new();
    for server in &page.report.servers {
        for restart in &server.restarts {
            all.push(Across {
                kind: if restart.aborted { "abort" } else { "restart" },
                server: plain(&server.name).into_owned(),
                at: texts.ms(restart.ended),
                to: restart.started.map(|t| texts.ms(t)),
                lines: restart.evidence.iter().map(|line| texts.line(line)).collect(),
            });
        }
    }
    for change in &page.report.leader_changes {
        let lines = vec![texts.line(&change.evidence)];
        all.push(Across { kind: "leader", server: plain(&change.server).into_owned(), at: texts.ms(change.at), to: None, lines });
    }
    all.sort_by_key(|a| a.at);
    all
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
        at = LogTime(at.0.saturating_add(HOUR - at.0.rem_euclid(HOUR)).max(at.0.saturating_add(end.since(begin).0 / 20_000)));
    }
    all
}
