//! One input: probed, then read whole.

use super::blocks::{CHUNK, read_file, read_stream};
use super::probe::{HEAD, Probe};
use super::{Moment, Options};
use crate::pegasus::LogTime;
use crate::run::{Collector, RunList, Texts};
use crate::source::{Item, Kind, SourceError, server_of};
use std::io;

/// An input as the report shows it.
#[derive(Debug, Clone, Default)]
pub struct Input {
    /// The name as the user would write it.
    pub path: String,
    /// The server's label.
    pub server: String,
    /// What its beginning tells.
    pub probe: Probe,
    /// Decompressed bytes.
    pub bytes: u64,
    /// Lines.
    pub lines: u64,
    /// Lines that begin a record.
    pub records: u64,
    /// Recognised events.
    pub events: u64,
    /// Lines whose anchor is known but that do not parse.
    pub drifted: u64,
    /// First and last dated line.
    pub span: Option<(LogTime, LogTime)>,
    /// What is worth knowing about how it was read.
    pub notes: Vec<String>,
}

/// A log that was read.
#[derive(Debug, Clone, Default)]
pub(super) struct Log {
    /// What its runs call it until all logs are arranged.
    pub(super) id: usize,
    pub(super) input: Input,
    pub(super) list: RunList,
    /// Standard output or error of a server: its lines may stand in a log too.
    pub(super) capture: bool,
}

/// What became of an item or of a member of an archive.
pub(super) enum Read {
    Log(Box<Log>),
    Stranger(String, String),
    Failed(SourceError),
}

/// The window of time, with the moment that "ago" counts from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    since: Option<Moment>,
    until: Option<Moment>,
    last: LogTime,
    texts: Option<&'static Texts>,
}

impl Window {
    /// Looks for the last dated line only if a moment is relative to it.
    pub(super) fn new(items: &[Item], options: &Options) -> Self {
        let relative = |m: &Option<Moment>| matches!(m, Some(Moment::Ago(_)));
        let last = if relative(&options.since) || relative(&options.until) {
            items.iter().filter_map(last_dated).max().unwrap_or_default()
        } else {
            LogTime::default()
        };
        Self { since: options.since, until: options.until, last, texts: options.texts }
    }

    pub(super) fn collector(&self, probe: &Probe, apart: bool) -> Collector {
        let moment = |m: Option<Moment>| {
            m.map(|m| match m {
                Moment::At(at) => at,
                Moment::Local(clock) => LogTime(clock - probe.zone.unwrap_or(0)),
                Moment::Ago(ago) => LogTime(self.last.0.saturating_sub(ago)),
            })
        };
        Collector {
            zone: probe.zone,
            first_at: probe.first_at,
            since: moment(self.since),
            until: moment(self.until),
            apart,
            texts: self.texts,
        }
    }
}

/// The last dated line of an item, for moments relative to it; streams are read to their end.
fn last_dated(item: &Item) -> Option<LogTime> {
    let everything = Collector { since: Some(LogTime(i64::MAX)), ..Collector::default() };
    if item.kind == Kind::Plain {
        use std::os::unix::fs::FileExt;
        let file = item.open_plain().ok()?;
        let begin = item.len.saturating_sub(HEAD as u64);
        let mut tail = vec![0; HEAD];
        let got = file.read_at(&mut tail, begin).ok()?;
        let (list, _) = read_stream(tail[..got].to_vec(), &mut io::empty(), CHUNK, &everything, &|_| ());
        return list.last_dated;
    }
    if matches!(item.kind, Kind::Stdin | Kind::Pipe) {
        // A pipe can be read only once: its moments count from now, which the caller gave as absolute.
        return None;
    }
    let mut last = None;
    let _ = item.for_each_member(&mut |member| {
        let (list, _) = read_stream(Vec::new(), member.reader, CHUNK, &everything, &|_| ());
        last = last.max(list.last_dated);
    });
    last
}

/// Reads an item: one log, or the logs of an archive.
pub(super) fn read(item: &Item, window: &Window, options: &Options, told: &(dyn Fn(u64) + Sync)) -> Vec<Read> {
    let chunk = if options.chunk == 0 { CHUNK } else { options.chunk };
    let result = match item.kind {
        Kind::Plain => plain(item, window, chunk, told).map(|r| vec![r]),
        Kind::Compressed(_) | Kind::Tar(_) | Kind::Pipe | Kind::Stdin => Ok(members(item, window, chunk, told)),
    };
    result.unwrap_or_else(|error| vec![Read::Failed(error)])
}

fn plain(item: &Item, window: &Window, chunk: usize, told: &(dyn Fn(u64) + Sync)) -> Result<Read, SourceError> {
    let unreadable = |reason: io::Error| SourceError::Unreadable { path: item.path.clone(), cause: reason };
    let file = item.open_plain()?;
    let head = ends(&file, item.len).map_err(unreadable)?;
    let probe = Probe::of(&head.0);
    if !probe.is_log && !Probe::of(&head.1).is_log {
        return Ok(Read::Stranger(item.display.clone(), Probe::first_line(&head.0)));
    }
    let capture = is_capture(&item.display);
    let list = read_file(&file, item.len, chunk, &window.collector(&probe, capture), told).map_err(unreadable)?;
    Ok(Read::Log(Box::new(log(item.display.clone(), probe, list, capture, Vec::new()))))
}

/// The beginning and the end of a file.
fn ends(file: &std::fs::File, len: u64) -> io::Result<(Vec<u8>, Vec<u8>)> {
    use std::os::unix::fs::FileExt;
    let mut head = vec![0; HEAD];
    let got = file.read_at(&mut head, 0)?;
    head.truncate(got);
    let mut tail = Vec::new();
    if len > HEAD as u64 {
        tail = vec![0; HEAD];
        let got = file.read_at(&mut tail, len - HEAD as u64)?;
        tail.truncate(got);
    }
    Ok((head, tail))
}

fn members(item: &Item, window: &Window, chunk: usize, told: &(dyn Fn(u64) + Sync)) -> Vec<Read> {
    let mut found = Vec::new();
    let result = item.for_each_member(&mut |member| found.extend(stream(member.path, member.reader, window, chunk, told)));
    if let Err(error) = result {
        found.push(Read::Failed(error));
    }
    found
}

/// Reads a log that has a name but is no file.
pub(super) fn read_named(path: String, reader: &mut dyn io::Read, window: &Window, options: &Options) -> Vec<Read> {
    let chunk = if options.chunk == 0 { CHUNK } else { options.chunk };
    stream(path, reader, window, chunk, &|_| ())
}

/// Reads one stream to its end, or to where it breaks.
fn stream(path: String, reader: &mut dyn io::Read, window: &Window, chunk: usize, told: &(dyn Fn(u64) + Sync)) -> Vec<Read> {
    let mut head = Vec::with_capacity(HEAD);
    let early = io::Read::read_to_end(&mut io::Read::take(&mut *reader, HEAD as u64), &mut head).err();
    told(head.len() as u64);
    let probe = Probe::of(&head);
    let first_line = Probe::first_line(&head);
    if !probe.is_log && head.len() < HEAD && early.is_none() {
        return vec![Read::Stranger(path, first_line)];
    }
    let capture = is_capture(&path);
    let collector = window.collector(&probe, capture);
    let (list, late) = match early {
        Some(e) => (read_stream(head, &mut io::empty(), chunk, &collector, told).0, Some(e)),
        None => read_stream(head, reader, chunk, &collector, told),
    };
    if list.records == 0 && late.is_none() {
        return vec![Read::Stranger(path, first_line)];
    }
    let mut found = Vec::new();
    let notes = late.iter().map(ToString::to_string).collect();
    if list.records > 0 {
        found.push(Read::Log(Box::new(log(path.clone(), probe, list, capture, notes))));
    }
    found.extend(late.map(|cause| Read::Failed(SourceError::Unreadable { path: path.into(), cause })));
    found
}

pub(super) fn log(path: String, probe: Probe, mut list: RunList, capture: bool, mut notes: Vec<String>) -> Log {
    list.info_lines |= probe.info_lines;
    let first = probe.first_at.or(list.span.map(|s| s.0));
    let last = list.last_dated.or(first);
    if list.damage.nul_bytes > 0 {
        notes.push(format!("{} NUL bytes", list.damage.nul_bytes));
    }
    if list.damage.invalid_utf8 > 0 {
        notes.push(format!("{} lines that are not UTF-8", list.damage.invalid_utf8));
    }
    if list.damage.long_lines > 0 {
        notes.push(format!("{} lines of more than 16 MiB, skipped", list.damage.long_lines));
    }
    let input = Input {
        server: server_of(&path),
        path,
        probe,
        bytes: list.bytes,
        lines: list.lines,
        records: list.records,
        events: list.events,
        drifted: list.drift.iter().map(|d| d.count).sum(),
        span: first.zip(last),
        notes,
    };
    Log { id: 0, input, list, capture }
}

/// Whether a name is that of a server's standard output or error.
pub(super) fn is_capture(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.split('.').next().unwrap_or(name);
    matches!(stem, "result" | "stdout" | "stderr" | "nohup") || name.rsplit_once('.').is_some_and(|(_, extension)| extension == "out")
}
