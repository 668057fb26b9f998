//! Turns a piece of a log into a list of runs.

use super::candidates::{Candidates, Record};
use super::links::{Link, links};
use super::list::{Drift, Occurrence, Run, RunList, near};
use super::progress::Progress;
use super::report::DupReport;
use super::sameness::{distinguishes, is_barrier};
use super::texts::Texts;
use crate::event::{EventKind as E, Message, Reading, read};
use crate::pegasus::LogTime;
use crate::record::{Header, find_header, header, line_count, looks_like_record, unwrap};
use rustc_hash::{FxHashMap, FxHasher};
use std::borrow::Cow;
use std::hash::{Hash, Hasher};
use std::ops::Range;
use std::sync::Arc;

/// Bytes before and after a piece that are looked at to pair neighbouring lines and to know copies.
///
/// Rules over neighbours are bounded by this distance and not by the piece, so that the result does
/// not depend on where the pieces begin.
pub const OVERLAP: usize = 64 * 1024;

/// Longest text kept of a line, in bytes. Reports of tables with many partitions are longer.
const TEXT: usize = 4096;

/// A piece of a log with its surroundings.
#[derive(Debug, Clone)]
pub struct Block<'a> {
    /// Up to [`OVERLAP`] bytes before the piece, from a line's first byte on; the piece; up to
    /// [`OVERLAP`] bytes after it.
    pub bytes: &'a [u8],
    /// Where in `bytes` the piece lies: from the first byte of a line to the end of one.
    pub own: Range<usize>,
    /// Offset of the piece's first byte in the input.
    pub offset: u64,
}

/// What is known about a log before its pieces are read, and what is asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Collector {
    /// The server's clock text minus its header's time, in nanoseconds.
    pub zone: Option<i64>,
    /// Time to use for lines whose header has none, such as the first lines of old releases.
    pub first_at: Option<LogTime>,
    /// Events before this are left out.
    pub since: Option<LogTime>,
    /// Events after this are left out.
    pub until: Option<LogTime>,
    /// Equal events stay apart, because copies among them are still to be found.
    pub apart: bool,
    /// What users' signatures look for in raw lines.
    pub texts: Option<&'static Texts>,
}

impl Collector {
    /// Reads the piece.
    #[must_use]
    pub fn collect(&self, block: &Block<'_>) -> RunList {
        let own = &block.bytes[block.own.clone()];
        let mut list = RunList { bytes: own.len() as u64, ..RunList::default() };
        if let Some(at) = memchr::memchr(0, own) {
            list.damage.nul_bytes = memchr::memchr_iter(0, &own[at..]).count() as u64;
            list.damage.first_line = Some(line_count(&own[..at]) + 1);
        }
        // What lies behind the window is not there for the diagnosis, its time neither.
        list.last_dated = last_dated(own).and_then(|h| self.time(&h)).map(|at| self.until.map_or(at, |until| at.min(until)));
        let mut list = self.fold(block, list);
        self.collect_texts(block, &mut list);
        list
    }

    /// Folds the records of the piece into runs.
    fn fold(&self, block: &Block<'_>, list: RunList) -> RunList {
        let mut candidates = Candidates::of(block);
        let folding = Folding {
            collector: self,
            block,
            list,
            open: FxHashMap::default(),
            tails: Vec::new(),
            repeats: FxHashMap::default(),
            origins: Vec::new(),
            count: Count { bytes: block.bytes, at: block.own.start, lines: 0, records: 0 },
        };
        folding.fold(&candidates.records())
    }

    /// Adds the lines that users' expressions match. They stay apart: what is equal in them only the user knows.
    fn collect_texts(&self, block: &Block<'_>, list: &mut RunList) {
        let Some(texts) = self.texts else { return };
        let place = |line: &[u8], number: u64, start: usize| {
            let unwrapped = unwrap(line);
            let at = header(&unwrapped.text).and_then(|h| self.time(&h)).or(self.first_at)?;
            let offset = block.offset + (start - block.own.start) as u64;
            self.wanted(at).then(|| Occurrence { input: 0, at, line: number, offset, text: excerpt(line) })
        };
        let mut runs = texts.runs(block.bytes, block.own.clone(), &place);
        list.events += runs.len() as u64;
        for run in &mut runs {
            run.epoch = list.epochs;
        }
        list.runs.append(&mut runs);
    }

    /// The time of a line, in UTC.
    fn time(&self, header: &Header<'_>) -> Option<LogTime> {
        if header.nanos > 0 {
            return Some(LogTime(header.nanos));
        }
        // Old releases print 1970 until their engine is ready.
        let clock = header.clock_nanos().filter(|&c| c > 400 * 86_400_000_000_000);
        match (clock, self.zone) {
            (Some(clock), Some(zone)) => Some(LogTime(clock - zone)),
            (Some(clock), None) => Some(LogTime(clock)),
            (None, _) => self.first_at,
        }
    }

    fn wanted(&self, at: LogTime) -> bool {
        self.since.is_none_or(|since| at >= since) && self.until.is_none_or(|until| at <= until)
    }
}

/// Counts lines and records up to where the fold is.
struct Count<'a> {
    bytes: &'a [u8],
    at: usize,
    lines: u64,
    records: u64,
}

impl Count<'_> {
    /// Goes on to `to`, where a line begins or the piece ends.
    fn advance(&mut self, to: usize) {
        let part = &self.bytes[self.at..to];
        let mut start = 0;
        let mut line = |start: usize, end: usize| {
            self.lines += 1;
            self.records += u64::from(begins_record(&part[start..end]));
        };
        for end in memchr::memchr_iter(b'\n', part) {
            line(start, end);
            start = end + 1;
        }
        if start < part.len() {
            line(start, part.len());
        }
        self.at = to;
    }
}

/// Where an event stands; its text is taken when it is known that it is kept.
#[derive(Debug, Clone, Copy, Default)]
struct Spot {
    at: LogTime,
    line: u64,
    start: usize,
    end: usize,
}

/// The last events of a run but its first.
#[derive(Debug, Clone, Copy, Default)]
struct Tail {
    spots: [Option<Spot>; 2],
    last: LogTime,
}

/// A body that was read before: what it says needs no second reading.
struct Repeat<'a> {
    header: Header<'a>,
    /// What makes its events equal, but for what neighbouring lines tell.
    hasher: FxHasher,
}

struct Folding<'a> {
    collector: &'a Collector,
    block: &'a Block<'a>,
    list: RunList,
    open: FxHashMap<u64, usize>,
    /// For each run of the list.
    tails: Vec<Tail>,
    repeats: FxHashMap<u64, Repeat<'a>>,
    origins: Vec<Arc<str>>,
    count: Count<'a>,
}

impl<'a> Folding<'a> {
    fn fold(mut self, records: &[Record<'a>]) -> RunList {
        let links = links(records);
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
                self.record(record, links.get(&number).copied().unwrap_or_default());
            }
        }
        self.count.advance(self.block.own.end);
        (self.list.lines, self.list.records) = (self.count.lines, self.count.records);
        for (index, tail) in self.tails.iter().enumerate() {
            let kept = tail.spots.iter().flatten().map(|spot| self.occurrence(spot)).collect();
            self.list.runs[index].tail = kept;
        }
        self.list
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

    fn record(&mut self, record: &Record<'a>, link: Link) {
        let header = &record.header;
        let Some(at) = self.collector.time(header) else { return };
        if !self.collector.wanted(at) {
            return;
        }
        self.count.advance(record.range.start);
        let spot = Spot { at, line: self.count.lines + 1, start: record.range.start, end: record.range.end };
        let mut print = FxHasher::default();
        header.body.hash(&mut print);
        let print = print.finish();
        if let Some(repeat) = self.repeats.get(&print)
            && (repeat.header.body, repeat.header.file, repeat.header.level) == (header.body, header.file, header.level)
        {
            let key = self.key(repeat.hasher.clone(), record, link);
            if self.go_on(key, &spot, None) {
                return;
            }
        }
        let body = String::from_utf8_lossy(header.body);
        if matches!(body, Cow::Owned(_)) {
            self.list.damage.invalid_utf8 += 1;
            self.list.damage.first_line = self.list.damage.first_line.or(Some(spot.line));
        }
        match read(&body, header.file, header.level) {
            Reading::Known(message) => {
                self.list.info_lines |= matches!(header.level, b'D' | b'I');
                let hasher = self.event(&message, record, &spot, link);
                let kind = message.kind();
                if matches!(body, Cow::Borrowed(_)) && !is_barrier(kind) && kind != E::DupReport {
                    self.repeats.insert(print, Repeat { header: *header, hasher });
                }
            }
            Reading::Drift(anchor) => match self.list.drift.iter_mut().find(|d| d.anchor == anchor) {
                Some(drift) => drift.count += 1,
                None => {
                    let first = self.occurrence(&spot);
                    self.list.drift.push(Drift { anchor, count: 1, first });
                }
            },
            Reading::Other => {}
        }
    }

    /// What makes events equal: what they say, and what neighbouring lines tell.
    fn key(&self, mut hasher: FxHasher, record: &Record<'_>, link: Link) -> u64 {
        (record.origin, link).hash(&mut hasher);
        if self.collector.apart {
            (record.range.start - self.block.own.start).hash(&mut hasher);
            self.block.offset.hash(&mut hasher);
        }
        hasher.finish()
    }

    /// Adds an event to the open run of its key, if there is one.
    fn go_on(&mut self, key: u64, spot: &Spot, progress: Option<&Progress>) -> bool {
        let Some(&index) = self.open.get(&key) else { return false };
        let tail = &mut self.tails[index];
        if !near(tail.last, spot.at) {
            return false;
        }
        tail.spots = [tail.spots[1], Some(*spot)];
        tail.last = spot.at;
        let run = &mut self.list.runs[index];
        run.count += 1;
        if let Some(progress) = progress {
            run.progress.get_or_insert_default().append(progress.clone());
        }
        self.list.events += 1;
        self.list.tick(spot.at, spot.line);
        true
    }

    /// Adds a known message; returns what makes it equal to others.
    fn event(&mut self, message: &Message<'_>, record: &Record<'_>, spot: &Spot, link: Link) -> FxHasher {
        let kind = message.kind();
        let report = (kind == E::DupReport).then(|| value(message, "entry").and_then(DupReport::parse)).flatten();
        let mut hasher = FxHasher::default();
        std::ptr::from_ref(message.pattern).addr().hash(&mut hasher);
        match &report {
            Some(r) => {
                let names = (&r.remote_cluster, &r.remote_app_name, r.remote_replica_count);
                (r.dup_id, r.status, r.fail_mode, names, r.decrees.len()).hash(&mut hasher);
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
        let key = self.key(hasher.clone(), record, link);
        let progress = report.map(|r| Progress::of_report(spot.at, &r.decrees));
        if !is_barrier(kind) && self.go_on(key, spot, progress.as_ref()) {
            return hasher;
        }
        self.list.events += 1;
        self.list.tick(spot.at, spot.line);
        if is_barrier(kind) {
            self.list.epochs += 1;
            self.open.clear();
        }
        self.open.insert(key, self.list.runs.len());
        self.tails.push(Tail { spots: [None, None], last: spot.at });
        let run = Run {
            pattern: message.pattern,
            fields: message.fields.iter().map(|(name, _, text)| (*name, Box::from(*text))).collect(),
            origin: record.origin.map(|o| self.origin(o)),
            thread: String::from_utf8_lossy(record.header.thread).into(),
            task: String::from_utf8_lossy(record.header.task()).into(),
            progress,
            first: self.occurrence(spot),
            tail: Vec::new(),
            count: 1,
            paired: link.0,
            ordinal: link.1,
            epoch: self.list.epochs,
            key,
            copy_key: hasher.finish(),
        };
        self.list.runs.push(run);
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

/// Whether a record has what a copy shares: time, thread and text.
fn is_copy(earlier: &Record<'_>, record: &Record<'_>) -> bool {
    let (a, b) = (&earlier.header, &record.header);
    a.nanos == b.nanos && a.thread == b.thread && a.body == b.body && earlier.origin == record.origin
}

/// The line for people: valid UTF-8, not endless.
fn excerpt(line: &[u8]) -> Box<str> {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    if line.len() <= TEXT {
        return String::from_utf8_lossy(line).into();
    }
    format!("{}…", String::from_utf8_lossy(&line[..TEXT]).trim_end_matches('\u{fffd}')).into()
}

/// Whether a line begins a record; one with an envelope does when its text does.
fn begins_record(line: &[u8]) -> bool {
    let wrapped = || !line.is_empty() && !line[0].is_ascii_whitespace() && find_header(&line[..line.len().min(512)]).is_some();
    looks_like_record(line) || wrapped()
}

/// The header of the last dated line.
fn last_dated(own: &[u8]) -> Option<Header<'_>> {
    let mut end = own.len();
    for _ in 0..1000 {
        let line_end = own[..end].iter().rposition(|&b| b != b'\n').map(|p| p + 1)?;
        let start = memchr::memrchr(b'\n', &own[..line_end]).map_or(0, |n| n + 1);
        let line = &own[start..line_end];
        if let Some(found) = header(line).or_else(|| find_header(line).map(|(_, h)| h)) {
            return Some(found);
        }
        end = start;
        if end == 0 {
            return None;
        }
    }
    None
}
