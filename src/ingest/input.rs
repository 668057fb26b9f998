//! One input: probed, then read whole.

use super::blocks::{CHUNK, read_at, read_file, read_text};
use super::evidence::{self, Evidence};
use super::log::{Log, Window, is_capture, log};
use super::note::InputNote;
use super::probe::{HEAD, Probe};
use super::seek::{lines_before, seek};
use super::stream::{STREAMED, read_stream};
use super::{Moment, Options};
use crate::pegasus::LogTime;
use crate::run::{Collector, Ends, RunList};
use crate::source::{Item, Kind, SourceError, Unpacker};
use std::cell::RefCell;
use std::fs::File;
use std::io;

/// What became of an item or of a member of an archive.
pub(super) enum Read {
    Log(Box<Log>),
    Evidence(Box<Evidence>),
    Stranger(String, String),
    Failed(SourceError),
}

/// The window of time that is asked for. Looks for the last dated line only if a moment is relative to it.
pub(super) fn window(items: &[Item], options: &Options) -> Window {
    let relative = [options.since, options.until].iter().any(|m| matches!(m, Some(Moment::Ago(_))));
    let last = if relative { items.iter().filter_map(last_dated).max() } else { None };
    Window::new(options, last.unwrap_or_default())
}

/// The last dated line of an item, for moments relative to it; streams are read to their end.
fn last_dated(item: &Item) -> Option<LogTime> {
    let everything = Collector { since: Some(LogTime(i64::MAX)), ..Collector::default() };
    if item.kind == Kind::Plain {
        return last_of_file(&item.open_plain().ok()?, item.len).ok()?;
    }
    if matches!(item.kind, Kind::Stdin | Kind::Pipe) {
        // A pipe can be read only once: its moments count from now, which the caller gave as absolute.
        return None;
    }
    let mut last = None;
    let _ = item.for_each_member(&mut |member| {
        let (list, _) = read_stream(Vec::new(), member.reader, CHUNK, &everything, &|_| ());
        last = last.max(list.ends.last());
    });
    last
}

/// The last dated line of a file, looked for near its end.
fn last_of_file(file: &File, len: u64) -> io::Result<Option<LogTime>> {
    let everything = Collector { since: Some(LogTime(i64::MAX)), ..Collector::default() };
    let tail = part(file, len.saturating_sub(HEAD as u64))?;
    let (list, _) = read_stream(tail, &mut io::empty(), CHUNK, &everything, &|_| ());
    Ok(list.ends.last())
}

/// Reads an item: one log, or the logs of an archive.
pub(super) fn read(item: &Item, window: &Window, before: u64, options: &Options, told: &(dyn Fn(u64) + Sync)) -> Vec<Read> {
    let result = match item.kind {
        Kind::Plain => plain(item, window, before, options.chunk_or(CHUNK), told).map(|r| vec![r]),
        Kind::Compressed(_) | Kind::Tar(_) | Kind::Pipe | Kind::Stdin => Ok(members(item, window, options, told)),
    };
    result.unwrap_or_else(|error| vec![Read::Failed(error)])
}

fn plain(item: &Item, window: &Window, before: u64, chunk: usize, told: &(dyn Fn(u64) + Sync)) -> Result<Read, SourceError> {
    let unreadable = |reason: io::Error| SourceError::Unreadable { path: item.path.clone(), cause: reason };
    let file = item.open_plain()?;
    let head = part(&file, 0).map_err(unreadable)?;
    let probe = Probe::of(&head);
    if !probe.is_log && !tail_is_log(&file, item.len).map_err(unreadable)? {
        return Ok(beside(&file, item.len, &item.display).unwrap_or_else(|| Read::Stranger(item.display.clone(), Probe::first_line(&head))));
    }
    let capture = is_capture(&item.display);
    let collector = window.collector(&probe, capture);
    let (mut notes, until) = (Vec::new(), collector.until);
    let wanted = if item.len >= SOUGHT && !capture { seek(&file, item.len, &collector, before).map_err(unreadable)? } else { 0..item.len };
    let mut list = read_file(&file, wanted.clone(), chunk, &window.known(collector), told).map_err(unreadable)?;
    if wanted != (0..item.len) {
        notes.push(InputNote::Part { read: wanted.clone(), of: item.len });
        let before = if wanted.start <= COUNTED { Some(lines_before(&file, wanted.start).map_err(unreadable)?) } else { None };
        match before {
            Some(lines) => list.shift_lines(lines),
            None => list.forget_lines(),
        }
        let last = last_of_file(&file, item.len).map_err(unreadable)?;
        if let Some(at) = last {
            list.ends = Ends::at(until.map_or(at, |until| at.min(until)));
        }
    }
    Ok(Read::Log(Box::new(log(item.display.clone(), probe, list, capture, notes))))
}

/// A file that is no log: a transcript, a configuration, or nothing.
fn beside(file: &File, len: u64, path: &str) -> Option<Read> {
    let mut bytes = vec![0; usize::try_from(len.min(evidence::LONGEST)).ok()?];
    let got = read_at(file, &mut bytes, 0).ok()?;
    bytes.truncate(got);
    let changed = file.metadata().ok()?.modified().ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
    let modified = i64::try_from(changed.as_nanos()).ok().map(LogTime);
    Evidence::of(path, &bytes, modified).map(|found| Read::Evidence(Box::new(found)))
}

/// From this size on, files are only read where the window of time is.
pub(super) const SOUGHT: u64 = 4 << 20;

/// So many bytes are read for the sake of line numbers alone.
pub(super) const COUNTED: u64 = 256 << 20;

/// Stands for a log that was not read, because it lies outside of the window of time.
pub(super) fn left_out(item: &Item, probe: Probe, last: LogTime) -> Read {
    let list = RunList { ends: Ends::at(last), ..RunList::default() };
    Read::Log(Box::new(log(item.display.clone(), probe, list, false, vec![InputNote::OutsideWindow])))
}

/// Up to [`HEAD`] bytes from `offset` on.
pub(super) fn part(file: &File, offset: u64) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; HEAD];
    let got = read_at(file, &mut bytes, offset)?;
    bytes.truncate(got);
    Ok(bytes)
}

/// Whether the end of a file is a log although its beginning is none.
fn tail_is_log(file: &File, len: u64) -> io::Result<bool> {
    Ok(len > HEAD as u64 && Probe::of(&part(file, len - HEAD as u64)?).is_log)
}

fn members(item: &Item, window: &Window, options: &Options, told: &(dyn Fn(u64) + Sync)) -> Vec<Read> {
    if let Some(read) = whole(item, window, options.chunk_or(CHUNK), told) {
        return vec![read];
    }
    let chunk = options.chunk_or(STREAMED);
    let mut found = Vec::new();
    let result = item.for_each_member(&mut |member| found.extend(stream(member.path, member.reader, window, chunk, told)));
    if let Err(error) = result {
        found.push(Read::Failed(error));
    }
    found
}

thread_local! {
    /// With what a thread unpacks small files.
    static UNPACKER: RefCell<Unpacker> = RefCell::default();
}

/// Reads a compressed log that can be unpacked in one go, if it is one.
fn whole(item: &Item, window: &Window, chunk: usize, told: &(dyn Fn(u64) + Sync)) -> Option<Read> {
    let mut unpacker = UNPACKER.take();
    let read = unpacker.unpack(item).and_then(|text| {
        let probe = Probe::of(&text[..text.len().min(HEAD)]);
        let capture = is_capture(&item.display);
        let list = read_text(text, chunk, &window.known(window.collector(&probe, capture))).filter(|list| list.records > 0)?;
        told(text.len() as u64);
        Some(Read::Log(Box::new(log(item.display.clone(), probe, list, capture, Vec::new()))))
    });
    UNPACKER.set(unpacker);
    read
}

/// Reads a log that has a name but is no file.
pub(super) fn read_named(path: String, reader: &mut dyn io::Read, window: &Window, options: &Options) -> Vec<Read> {
    stream(path, reader, window, options.chunk_or(STREAMED), &|_| ())
}

/// Reads one stream to its end, or to where it breaks.
fn stream(path: String, reader: &mut dyn io::Read, window: &Window, chunk: usize, told: &(dyn Fn(u64) + Sync)) -> Vec<Read> {
    let mut head = Vec::with_capacity(HEAD);
    let early = io::Read::read_to_end(&mut io::Read::take(&mut *reader, HEAD as u64), &mut head).err();
    told(head.len() as u64);
    let probe = Probe::of(&head);
    let first_line = Probe::first_line(&head);
    if !probe.is_log && head.len() < HEAD && early.is_none() {
        let found = Evidence::of(&path, &head, None).map(|found| Read::Evidence(Box::new(found)));
        return vec![found.unwrap_or(Read::Stranger(path, first_line))];
    }
    let capture = is_capture(&path);
    let collector = window.known(window.collector(&probe, capture));
    let (list, late) = match early {
        Some(e) => (read_stream(head, &mut io::empty(), chunk, &collector, told).0, Some(e)),
        None => read_stream(head, reader, chunk, &collector, told),
    };
    if list.records == 0 && late.is_none() {
        return vec![Read::Stranger(path, first_line)];
    }
    let mut found = Vec::new();
    let notes = late.iter().map(InputNote::of_failure).collect();
    if list.records > 0 {
        found.push(Read::Log(Box::new(log(path.clone(), probe, list, capture, notes))));
    }
    found.extend(late.map(|cause| Read::Failed(SourceError::Unreadable { path: path.into(), cause })));
    found
}
