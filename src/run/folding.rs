//! Folds the records of a piece into runs of equal events.

use super::accumulator::{Repeat, RunAccumulator, Spot, Tail};
use super::block::{Block, Collector, OVERLAP, excerpt, text};
use super::candidates::{Candidates, Record};
use super::correlation::{Correlation, correlations};
use super::entry::DupEntry;
use super::equality::distinguishes;
use super::line_counts::Lines;
use super::list::{Drift, KEPT, Occurrence, Run, counted, near};
use super::progress::Progress;
use super::time_buckets::Count;
use crate::event::{Message, Reading, read};
use crate::record::{BlockScan, Header};
use rustc_hash::{FxHashMap, FxHasher};
use std::borrow::Cow;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// Folds the records of a piece into runs, which go on with those of `accumulator`; `goes_on` says whether another piece follows.
pub(super) fn fold(collector: &Collector, block: &Block<'_>, lines: &Lines<'_>, accumulator: &mut RunAccumulator, goes_on: bool) {
    let mut candidates = Candidates::of(block, lines.scan);
    let records = candidates.records();
    let mut folding = Folding {
        collector,
        block,
        accumulator,
        repeats: FxHashMap::default(),
        origins: Vec::new(),
        touched: Vec::new(),
        scan: lines.scan,
        passed: 0,
    };
    folding.fold(&records);
    let repeats = folding.repeats;
    if goes_on {
        accumulator.remember(repeats);
    }
}

struct Folding<'a, 'g> {
    collector: &'a Collector,
    block: &'a Block<'a>,
    accumulator: &'g mut RunAccumulator,
    repeats: FxHashMap<u64, Repeat<'a>>,
    origins: Vec<Arc<str>>,
    /// Runs that went on in this piece.
    touched: Vec<usize>,
    scan: &'a BlockScan,
    /// Lines before the record at hand.
    passed: usize,
}

impl<'a> Folding<'a, '_> {
    fn fold(&mut self, records: &[Record<'a>]) {
        let correlations = correlations(records);
        let times: Vec<i64> = records.iter().map(|record| record.header.nanos).collect();
        let (mut latest, mut window) = (0, 0);
        for (number, record) in records.iter().enumerate() {
            let nanos = record.header.nanos;
            while record.range.start - records[window].range.start > OVERLAP {
                window += 1;
            }
            // The same line again: standard error was collected beside the log.
            let copy = nanos > 0
                && nanos <= latest
                && times[window..number].contains(&nanos)
                && records[window..number].iter().any(|earlier| is_copy(earlier, record));
            latest = latest.max(nanos);
            if !copy && self.block.own.contains(&record.range.start) {
                self.record(record, correlations.get(&number).copied().unwrap_or_default());
            }
        }
        for index in std::mem::take(&mut self.touched) {
            let spots = std::mem::take(&mut self.accumulator.tails[index].spots);
            let kept = spots.iter().flatten().map(|spot| self.occurrence(spot)).collect();
            self.accumulator.list.runs[index].keep_last(kept);
        }
    }

    fn occurrence(&self, spot: &Spot) -> Occurrence {
        Occurrence {
            input: 0,
            at: spot.at,
            line: spot.line,
            offset: self.block.offset + (spot.start - self.block.own.start) as u64,
            text: excerpt(&self.block.bytes[spot.start..spot.end]),
        }
    }

    fn record(&mut self, record: &Record<'a>, correlation: Correlation) {
        let header = &record.header;
        let Some(at) = self.collector.time(header) else { return };
        if !self.collector.wanted(at) {
            return;
        }
        let start = record.range.start - self.block.own.start;
        self.passed = self.scan.line_of(start, self.passed);
        let spot =
            Spot { at, line: self.accumulator.list.lines + self.passed as u64 + 1, start: record.range.start, end: record.range.end };
        let mut print = FxHasher::default();
        header.body.hash(&mut print);
        let print = print.finish();
        if let Some((hasher, decrees)) = self.known(print, header) {
            let key = self.key(hasher, record, correlation);
            let progress = decrees.map(|(confirmed, committed)| Progress::of_report(at, &[(0, confirmed, Some(committed))]));
            if self.go_on(key, &spot, progress.as_ref()) {
                return;
            }
        }
        let body = text(header.body);
        let reading = read(&body, header.file, header.level);
        // Which other lines are candidates is the searcher's luck.
        if matches!((&body, &reading), (Cow::Owned(_), Reading::Known(_) | Reading::Drift(_))) {
            self.accumulator.list.damage.invalid_utf8 += 1;
            self.accumulator.list.damage.first_line = self.accumulator.list.damage.first_line.or(Some(spot.line));
        }
        match reading {
            Reading::Known(message) => {
                self.accumulator.list.info_lines |= matches!(header.level, b'D' | b'I');
                let hasher = self.event(&message, record, &spot, correlation);
                let kind = message.kind();
                if matches!(body, Cow::Borrowed(_)) && !kind.ends_runs() && !kind.has_entry() {
                    self.repeats.insert(print, Repeat { header: *header, hasher, decrees: decrees(&message) });
                }
            }
            // The end of what is still being written is nobody's wording.
            Reading::Drift(_) if record.range.end == self.block.bytes.len() => {}
            Reading::Drift(anchor) => match self.accumulator.list.drift.iter_mut().find(|d| d.anchor == anchor) {
                Some(drift) => drift.count += 1,
                None => {
                    let first = self.occurrence(&spot);
                    self.accumulator.list.drift.push(Drift { anchor, count: 1, first });
                }
            },
            Reading::Other => {}
        }
    }

    /// What this or an earlier piece knows of a body.
    fn known(&self, print: u64, header: &Header<'_>) -> Option<(FxHasher, Option<(i64, i64)>)> {
        match self.repeats.get(&print) {
            Some(Repeat { header: read, hasher, decrees }) => {
                ((read.body, read.file, read.level) == (header.body, header.file, header.level)).then(|| (hasher.clone(), *decrees))
            }
            None => self.accumulator.known(print, header.body, header.file, header.level),
        }
    }

    /// What makes events equal: what they say, and what neighbouring lines tell.
    fn key(&self, mut hasher: FxHasher, record: &Record<'_>, correlation: Correlation) -> u64 {
        (record.origin, correlation).hash(&mut hasher);
        if self.collector.apart {
            (record.range.start - self.block.own.start).hash(&mut hasher);
            self.block.offset.hash(&mut hasher);
        }
        hasher.finish()
    }

    /// Adds an event to the open run of its key, if there is one.
    fn go_on(&mut self, key: u64, spot: &Spot, progress: Option<&Progress>) -> bool {
        let RunAccumulator { list, open, tails, .. } = &mut *self.accumulator;
        let Some(&index) = open.get(&key) else { return false };
        let tail = &mut tails[index];
        if !near(tail.last, spot.at) {
            return false;
        }
        let run = &mut list.runs[index];
        run.count += 1;
        if run.complains() && run.count > KEPT {
            // As long as nothing is counted, all events so far are kept.
            let mut density = run.density.take().unwrap_or_else(|| {
                let spots = tail.spots.iter().flatten();
                Box::new(counted(run.kept().map(|line| line.at).chain(spots.map(|spot| spot.at))))
            });
            density.add(spot.at, Count(1));
            run.density = Some(density);
        }
        if tail.spots[1].is_none() {
            self.touched.push(index);
        }
        tail.spots = [tail.spots[1], Some(*spot)];
        tail.last = spot.at;
        if let Some(progress) = progress {
            run.progress.get_or_insert_default().append(progress.clone());
        }
        list.events += 1;
        list.tick(spot.at, spot.line);
        true
    }

    /// Adds a known message; returns what makes it equal to others.
    fn event(&mut self, message: &Message<'_>, record: &Record<'_>, spot: &Spot, correlation: Correlation) -> FxHasher {
        let kind = message.kind();
        let stated = || value(message, "entry").and_then(DupEntry::parse);
        let reported = if kind.has_entry() { stated() } else { None };
        let report = reported.as_ref().filter(|(entry, _)| entry.is_report());
        let mut hasher = FxHasher::default();
        std::ptr::from_ref(message.pattern).addr().hash(&mut hasher);
        match report {
            Some((r, _)) => {
                let names = (&r.remote_cluster, &r.remote_app_name, r.remote_replica_count);
                (r.dup_id, r.status, r.fail_mode, names, r.partitions).hash(&mut hasher);
            }
            None => {
                for (name, _, text) in &message.fields {
                    if distinguishes(kind, name) {
                        (name, text).hash(&mut hasher);
                    } else if name.ends_with("confirmed_decree") {
                        // -1 says that nothing is confirmed, or that nothing is duplicated any more.
                        (name, *text == "-1").hash(&mut hasher);
                    }
                }
            }
        }
        let key = self.key(hasher.clone(), record, correlation);
        let progress = match (report, decrees(message)) {
            (Some((_, decrees)), _) => Some(Progress::of_report(spot.at, decrees)),
            (None, Some((confirmed, committed))) => Some(Progress::of_report(spot.at, &[(0, confirmed, Some(committed))])),
            (None, None) => None,
        };
        if !kind.ends_runs() && self.go_on(key, spot, progress.as_ref()) {
            return hasher;
        }
        self.accumulator.list.events += 1;
        self.accumulator.list.tick(spot.at, spot.line);
        if kind.ends_runs() {
            self.accumulator.list.epochs += 1;
            self.accumulator.open.clear();
        }
        self.accumulator.open.insert(key, self.accumulator.list.runs.len());
        self.accumulator.tails.push(Tail { spots: [None, None], last: spot.at });
        let run = Run {
            pattern: message.pattern,
            fields: message.fields.iter().map(|(name, _, text)| (*name, Box::from(*text))).collect(),
            origin: record.origin.map(|o| self.origin(o)),
            entry: reported.or_else(stated).map(|(entry, _)| Box::new(entry)),
            undated: record.undated,
            thread: text(record.header.thread).into(),
            task: text(record.header.task()).into(),
            progress,
            first: self.occurrence(spot),
            tail: Vec::new(),
            density: None,
            count: 1,
            paired: correlation.0,
            ordinal: correlation.1,
            epoch: self.accumulator.list.epochs,
            key,
            copy_key: hasher.finish(),
        };
        self.accumulator.list.runs.push(run);
        hasher
    }

    fn origin(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.origins.iter().find(|o| &***o == name) {
            return Arc::clone(known);
        }
        let origin: Arc<str> = Arc::from(name);
        self.origins.push(Arc::clone(&origin));
        origin
    }
}

fn value<'a>(message: &Message<'a>, name: &str) -> Option<&'a str> {
    message.fields.iter().find(|(n, _, _)| *n == name).map(|(_, _, text)| *text)
}

/// Confirmed and committed (or at least durable) decree of one partition, in the lines of replica servers that state both.
fn decrees(message: &Message<'_>) -> Option<(i64, i64)> {
    let (confirmed, committed) = message.kind().decrees()?;
    let number = |name: &str| value(message, name)?.parse::<i64>().ok();
    // Of a table that is not duplicated nothing is confirmed.
    Some((number(confirmed).filter(|&d| d >= 0)?, number(committed)?))
}

/// Whether a record has what a copy shares: time, thread and text.
fn is_copy(earlier: &Record<'_>, record: &Record<'_>) -> bool {
    let (a, b) = (&earlier.header, &record.header);
    a.nanos == b.nanos && a.thread == b.thread && a.body == b.body && earlier.origin == record.origin
}
