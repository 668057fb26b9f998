//! Turns a piece of a log into a list of runs.

use super::list::{Drift, Occurrence, Run, RunList};
use super::progress::Progress;
use super::report::DupReport;
use crate::event::{EventKind as E, Fields, Message, Reading, read};
use crate::pegasus::{DupId, DupStatus, LogTime};
use crate::record::{Header, candidate_lines, find_header, glued, header, line_count, looks_like_record, unwrap};
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
}

/// One candidate line of a block, before it is folded.
struct Line<'a> {
    range: Range<usize>,
    origin: Option<String>,
    text: Cow<'a, [u8]>,
}

impl Collector {
    /// Reads the piece.
    #[must_use]
    pub fn collect(&self, block: &Block<'_>) -> RunList {
        let own = &block.bytes[block.own.clone()];
        let mut list = RunList {
            lines: line_count(own) + u64::from(!own.is_empty() && own.last() != Some(&b'\n')),
            bytes: own.len() as u64,
            ..RunList::default()
        };
        list.records = records(own);
        list.damage.nul_bytes = memchr::memchr_iter(0, own).count() as u64;
        if list.damage.nul_bytes > 0 {
            let at = memchr::memchr(0, own).unwrap_or(0);
            list.damage.first_line = Some(line_count(&own[..at]) + 1);
        }
        // What lies behind the window is not there for the diagnosis, its time neither.
        list.last_dated = last_dated(own).and_then(|h| self.time(&h)).map(|at| self.until.map_or(at, |until| at.min(until)));
        Folding { collector: self, block, list, open: FxHashMap::default(), origins: Vec::new() }.fold()
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

struct Folding<'a> {
    collector: &'a Collector,
    block: &'a Block<'a>,
    list: RunList,
    open: FxHashMap<u64, usize>,
    origins: Vec<Arc<str>>,
}

impl Folding<'_> {
    fn fold(mut self) -> RunList {
        let lines = self.lines();
        let records: Vec<(usize, Header<'_>)> =
            lines.iter().enumerate().flat_map(|(index, line)| glued(&line.text).map(move |h| (index, h))).collect();
        let links = Links::of(&records, &lines);
        let mut seen: FxHashMap<u64, usize> = FxHashMap::default();
        let (mut counted_to, mut counted) = (self.block.own.start, 0);
        for (number, (index, header)) in records.iter().enumerate() {
            let line = &lines[*index];
            let print = fingerprint(header, line.origin.as_deref());
            let copy = seen.insert(print, line.range.start);
            if !self.block.own.contains(&line.range.start) {
                continue;
            }
            // The same line again: standard error was collected beside the log.
            if copy.is_some_and(|at| line.range.start - at <= OVERLAP && header.nanos > 0) {
                continue;
            }
            counted += line_count(&self.block.bytes[counted_to..line.range.start]);
            counted_to = line.range.start;
            self.record(line, header, counted + 1, links.paired[number], links.ordinals[number]);
        }
        self.list
    }

    /// The candidate lines of the block, without their envelopes.
    fn lines(&self) -> Vec<Line<'static>> {
        let bytes = self.block.bytes;
        let mut lines = Vec::new();
        for range in candidate_lines(bytes) {
            let unwrapped = unwrap(&bytes[range.clone()]);
            let mut text = unwrapped.text.into_owned();
            let (mut partial, mut at) = (unwrapped.envelope.partial, range.end + 1);
            // A container runtime splits lines of more than 16 KiB.
            while partial && at < bytes.len() && text.len() < OVERLAP {
                let end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |n| at + n);
                let next = unwrap(&bytes[at..end]);
                partial = next.envelope.partial;
                text.extend_from_slice(&next.text);
                at = end + 1;
            }
            lines.push(Line { range, origin: unwrapped.envelope.origin, text: Cow::Owned(text) });
        }
        lines
    }

    fn record(&mut self, line: &Line<'_>, header: &Header<'_>, number: u64, paired: Option<DupId>, ordinal: u32) {
        let Some(at) = self.collector.time(header) else { return };
        if !self.collector.wanted(at) {
            return;
        }
        let body = String::from_utf8_lossy(header.body);
        if matches!(body, Cow::Owned(_)) {
            self.list.damage.invalid_utf8 += 1;
            self.list.damage.first_line = self.list.damage.first_line.or(Some(number));
        }
        let place = || Occurrence {
            input: 0,
            at,
            line: number,
            offset: self.block.offset + (line.range.start - self.block.own.start) as u64,
            text: excerpt(&self.block.bytes[line.range.clone()]),
        };
        match read(&body, header.file, header.level) {
            Reading::Known(message) => {
                let place = place();
                self.list.info_lines |= matches!(header.level, b'D' | b'I');
                self.event(&message, line, header, place, paired, ordinal);
            }
            Reading::Drift(anchor) => {
                let first = place();
                match self.list.drift.iter_mut().find(|d| d.anchor == anchor) {
                    Some(drift) => drift.count += 1,
                    None => self.list.drift.push(Drift { anchor, count: 1, first }),
                }
            }
            Reading::Other => {}
        }
    }

    fn event(
        &mut self,
        message: &Message<'_>,
        line: &Line<'_>,
        header: &Header<'_>,
        place: Occurrence,
        paired: Option<DupId>,
        ordinal: u32,
    ) {
        self.list.events += 1;
        self.list.tick(place.at, place.line);
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
        let copy_key = hasher.finish();
        (&line.origin, paired, ordinal).hash(&mut hasher);
        if self.collector.apart {
            place.offset.hash(&mut hasher);
        }
        if is_barrier(kind) {
            self.list.epochs += 1;
            self.open.clear();
        }
        let fields: Fields = message.fields.iter().map(|(name, _, text)| (*name, Box::from(*text))).collect();
        let run = Run {
            pattern: message.pattern,
            fields,
            origin: line.origin.as_deref().map(|o| self.origin(o)),
            thread: String::from_utf8_lossy(header.thread).into(),
            task: String::from_utf8_lossy(header.task()).into(),
            progress: report.map(|r| Progress::of_report(place.at, &r.decrees)),
            first: place,
            tail: Vec::new(),
            count: 1,
            paired,
            ordinal,
            epoch: self.list.epochs,
            key: hasher.finish(),
            copy_key,
        };
        self.list.push(run, &mut self.open);
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

/// For each record what its neighbours in the same sync tell about it.
struct Links {
    paired: Vec<Option<DupId>>,
    ordinals: Vec<u32>,
}

impl Links {
    /// `replica checkpoint still running` names no duplication, but when a report of one follows in
    /// the same task within a millisecond, waiting and with as many partitions, it is about that one.
    fn of(records: &[(usize, Header<'_>)], lines: &[Line<'_>]) -> Self {
        let mut links = Self { paired: vec![None; records.len()], ordinals: vec![0; records.len()] };
        // By task: the last waiting line, and how many there were with each partition count.
        let mut waiting: FxHashMap<(&[u8], &[u8]), (usize, i64)> = FxHashMap::default();
        let mut counts: FxHashMap<(&[u8], &[u8], i64), (u32, usize, i64)> = FxHashMap::default();
        for (number, (index, header)) in records.iter().enumerate() {
            let sync = (header.thread, header.task());
            let start = lines[*index].range.start;
            if let Some(partitions) = waiting_partitions(header.body) {
                let slot = counts.entry((sync.0, sync.1, partitions)).or_insert((0, start, header.nanos));
                // Task ids are not unique for ever, and some logs have none: a sync takes no second.
                if start - slot.1 > OVERLAP || (header.nanos - slot.2).abs() > 200_000_000 {
                    *slot = (0, start, header.nanos);
                }
                links.ordinals[number] = slot.0;
                slot.0 += 1;
                waiting.insert(sync, (number, partitions));
            } else if header.body.starts_with(b"duplication report: ")
                && let Some((line, partitions)) = waiting.remove(&sync)
            {
                let (before, gap) = (lines[records[line].0].range.start, header.nanos - records[line].1.nanos);
                let json = std::str::from_utf8(&header.body[20..]).ok().and_then(DupReport::parse);
                if let Some(report) = json
                    && start - before <= OVERLAP
                    && gap <= 1_000_000
                    && i64::try_from(report.decrees.len()) == Ok(partitions)
                    && matches!(report.status, DupStatus::DsPrepare | DupStatus::DsApp)
                {
                    links.paired[line] = Some(report.dup_id);
                }
            }
        }
        links
    }
}

/// The partition count of a `replica checkpoint still running: k/n`.
fn waiting_partitions(body: &[u8]) -> Option<i64> {
    let rest = body.strip_prefix(b"replica checkpoint still running: ")?;
    std::str::from_utf8(rest).ok()?.trim().split_once('/')?.1.parse().ok()
}

/// Events after which equal lines are not the same story any more.
fn is_barrier(kind: E) -> bool {
    matches!(
        kind,
        E::DupStatusChanged
            | E::AddDupOk
            | E::LeaderTookOver
            | E::LeaderLockGranted
            | E::LeaderLockExpired
            | E::DupRecoverBegin
            | E::ProcessStart
    )
}

/// Whether a field makes two lines different facts. Decrees, sizes and clients do not.
fn distinguishes(kind: E, field: &str) -> bool {
    match field {
        "app_id" | "dup_id" | "gpid" | "prepared" | "partition_count" | "partition_index" | "remote_replica_count"
        | "replica_count" | "cluster_id" | "node" | "meta" => true,
        "path" => matches!(kind, E::DupRestoreBadJson | E::DupBadPath | E::MetaStorageTimeout | E::MetaStorageUnexpectedError),
        "client" | "entry" | "raw_json" | "pid" | "size" | "timestamp" | "signature" => false,
        _ => !(field.ends_with("decree") || field.ends_with("_ns") || field.ends_with("_ms") || field.ends_with("_offset")
            || field.ends_with("_time") || field.ends_with("elapsed") || field == "now" || field == "trace_id"
            || field == "ballot" || field == "file" || field == "file_path" || field == "version"),
    }
}

fn value<'a>(message: &Message<'a>, name: &str) -> Option<&'a str> {
    message.fields.iter().find(|(n, _, _)| *n == name).map(|(_, _, text)| *text)
}

/// Identifies a line by what a copy of it shares: time, thread and text.
fn fingerprint(header: &Header<'_>, origin: Option<&str>) -> u64 {
    let mut hasher = FxHasher::default();
    (header.nanos, header.thread, header.body, origin).hash(&mut hasher);
    hasher.finish()
}

/// The line for people: valid UTF-8, not endless.
fn excerpt(line: &[u8]) -> Box<str> {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    if line.len() <= TEXT {
        return String::from_utf8_lossy(line).into();
    }
    format!("{}…", String::from_utf8_lossy(&line[..TEXT]).trim_end_matches('\u{fffd}')).into()
}

/// Lines that begin a record; lines with an envelope count when their text does.
fn records(own: &[u8]) -> u64 {
    let mut count = 0;
    let mut from = 0;
    while from < own.len() {
        let end = memchr::memchr(b'\n', &own[from..]).map_or(own.len(), |n| from + n);
        let line = &own[from..end];
        let wrapped = || !line.is_empty() && !line[0].is_ascii_whitespace() && find_header(&line[..line.len().min(512)]).is_some();
        count += u64::from(looks_like_record(line) || wrapped());
        from = end + 1;
    }
    count
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
