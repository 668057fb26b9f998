//! One input: probed, then read whole.

use super::blocks::{CHUNK, read_at, read_file, read_text};
use super::evidence::{self, Evidence};
use super::export::{self, is_export};
use super::form::Form;
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
    let relative = [options.since, options.until].into_iter().flatten().any(Moment::is_relative);
    let last = if relative { items.iter().filter_map(last_dated).max() } else { None };
    Window::new(options, last.unwrap_or_default())
}

/// The last dated line of an item, for moments relative to it; streams are read to their end.
fn last_dated(item: &Item) -> Option<LogTime> {
    let everything = Collector { since: Some(LogTime(i64::MAX)), ..Collector::default() };
    if item.kind == Kind::Plain {
        let file = item.open_plain().ok()?;
        let probe = Probe::of(&part(&file, 0).ok()?);
        return match is_export(&probe, item.len, || whole_file(&file, item.len)).ok()? {
            Some(text) => {
                let all = Window::new(&Options::default(), LogTime::default());
                export::logs(&item.display, &text, &all, false).iter().filter_map(|log| log.input.span).map(|span| span.1).max()
            }
            None => last_of_file(&file, item.len).ok()?,
        };
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
        Kind::Plain => plain(item, window, before, options.chunk_or(CHUNK), told),
        Kind::Compressed(_) | Kind::Tar(_) | Kind::Pipe | Kind::Stdin => Ok(members(item, window, options, told)),
    };
    result.unwrap_or_else(|error| vec![Read::Failed(error)])
}

fn plain(item: &Item, window: &Window, before: u64, chunk: usize, told: &(dyn Fn(u64) + Sync)) -> Result<Vec<Read>, SourceError> {
    let unreadable = |reason: io::Error| SourceError::Unreadable { path: item.path.clone(), cause: reason };
    let file = item.open_plain()?;
    let head = part(&file, 0).map_err(unreadable)?;
    let probe = Probe::of(&head);
    if let Some(text) = is_export(&probe, item.len, || whole_file(&file, item.len)).map_err(unreadable)? {
        let found = unpacked(&item.display, &text, window);
        if !found.is_empty() {
            told(item.len);
            return Ok(found);
        }
    }
    let probe = if probe.is_log { probe } else { probe_later(&file, item.len).map_err(unreadable)?.unwrap_or(probe) };
    if !probe.is_log {
        let stranger = || vec![Read::Stranger(item.display.clone(), Probe::first_line(&head))];
        return Ok(beside(&file, item.len, &item.display, window).unwrap_or_else(stranger));
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
    let headless = list.lines > list.records;
    let mut log = log(item.display.clone(), probe, list, capture, notes);
    if headless {
        let from = item.len.saturating_sub(ENDED);
        let mut end = vec![0; usize::try_from(item.len - from).unwrap_or(0)];
        let got = read_at(&file, &mut end, from).map_err(unreadable)?;
        Evidence::add_to(&mut log, &end[..got], lines_before(&file, from).map_err(unreadable)?, window);
    }
    Ok(vec![Read::Log(Box::new(log))])
}

/// All of a file.
fn whole_file(file: &File, len: u64) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; usize::try_from(len).unwrap_or(usize::MAX)];
    let got = read_at(file, &mut bytes, 0)?;
    bytes.truncate(got);
    Ok(bytes)
}

/// The logs in an export, or in lines that were pasted.
fn unpacked(path: &str, text: &[u8], window: &Window) -> Vec<Read> {
    let mut logs = export::logs(path, text, window, false);
    // Of several servers nobody knows whose it is.
    if let [only] = logs.as_mut_slice() {
        Evidence::add_to(only, text, 0, window);
    }
    logs.into_iter().map(|log| Read::Log(Box::new(log))).collect()
}

/// A file that is no log: a transcript, a configuration, or nothing.
fn beside(file: &File, len: u64, path: &str, window: &Window) -> Option<Vec<Read>> {
    let bytes = whole_file(file, len.min(evidence::LONGEST)).ok()?;
    let changed = file.metadata().ok()?.modified().ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
    let modified = i64::try_from(changed.as_nanos()).ok().map(LogTime);
    told_beside(path, &bytes, modified, window)
}

/// What a text tells that does not look like a log: it may hold lines whose beginning is cut off.
fn told_beside(path: &str, bytes: &[u8], modified: Option<LogTime>, window: &Window) -> Option<Vec<Read>> {
    let evidence = Evidence::of(path, bytes, modified).map(|found| vec![Read::Evidence(Box::new(found))]);
    evidence.or_else(|| Some(unpacked(path, bytes, window)).filter(|found| !found.is_empty()))
}

/// So much of the end of a log is looked through for what has no header.
const ENDED: u64 = 1 << 20;

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

/// What a part behind the beginning tells, which may be blank or another program's: the end first, then one after the other.
fn probe_later(file: &File, len: u64) -> io::Result<Option<Probe>> {
    /// So much of another program's lines is looked through.
    const LOOKED_THROUGH: u64 = 64 << 20;
    let step = HEAD as u64;
    let from = std::iter::once(len.saturating_sub(step)).chain((1..len.min(LOOKED_THROUGH) / step).map(|n| n * step));
    for offset in from.filter(|_| len > step) {
        let probe = Probe::of(&part(file, offset)?);
        if probe.is_log {
            return Ok(Some(probe));
        }
    }
    Ok(None)
}

fn members(item: &Item, window: &Window, options: &Options, told: &(dyn Fn(u64) + Sync)) -> Vec<Read> {
    if let Some(read) = whole(item, window, options.chunk_or(CHUNK), told) {
        return read;
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
fn whole(item: &Item, window: &Window, chunk: usize, told: &(dyn Fn(u64) + Sync)) -> Option<Vec<Read>> {
    let mut unpacker = UNPACKER.take();
    let read = unpacker.unpack(item).and_then(|text| {
        let probe = Probe::of(&text[..text.len().min(HEAD)]);
        let len = text.len() as u64;
        if let Some(text) = is_export(&probe, len, || Ok(text.to_vec())).ok()? {
            told(len);
            return Some(unpacked(&item.display, &text, window)).filter(|found| !found.is_empty());
        }
        let capture = is_capture(&item.display);
        let list =
            read_text(text, chunk, &window.known(window.collector(&probe, capture))).filter(|list| list.records + list.events > 0)?;
        told(len);
        let mut log = log(item.display.clone(), probe, list, capture, Vec::new());
        Evidence::add_to(&mut log, text, 0, window);
        Some(vec![Read::Log(Box::new(log))])
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
    if probe.form != Form::Lines {
        // Pieces of it say nothing: all of it is taken first.
        let late = match early {
            Some(early) => Some(early),
            None => io::Read::read_to_end(&mut io::Read::take(&mut *reader, export::looked_through(&probe)), &mut head).err(),
        };
        let len = head.len() as u64;
        return match is_export(&probe, len, || Ok(std::mem::take(&mut head))) {
            Ok(Some(text)) => unpacked(&path, &text, window).into_iter().chain(failed(&path, late)).collect(),
            Ok(None) | Err(_) => lines(path, probe, head, late, reader, window, chunk, told),
        };
    }
    if !probe.is_log && head.len() < HEAD && early.is_none() {
        return told_beside(&path, &head, None, window).unwrap_or_else(|| vec![Read::Stranger(path, first_line)]);
    }
    lines(path, probe, head, early, reader, window, chunk, told)
}

fn failed(path: &str, cause: Option<io::Error>) -> Option<Read> {
    cause.map(|cause| Read::Failed(SourceError::Unreadable { path: path.into(), cause }))
}

/// Reads a stream line by line.
#[expect(clippy::too_many_arguments, reason = "what is known of a stream when it is read on")]
fn lines(
    path: String,
    probe: Probe,
    head: Vec<u8>,
    early: Option<io::Error>,
    reader: &mut dyn io::Read,
    window: &Window,
    chunk: usize,
    told: &(dyn Fn(u64) + Sync),
) -> Vec<Read> {
    let first_line = Probe::first_line(&head);
    let capture = is_capture(&path);
    let collector = window.known(window.collector(&probe, capture));
    // A stream that ends so early is there as a whole.
    let whole = (head.len() < HEAD).then(|| head.clone());
    let (list, late) = match early {
        Some(e) => (read_stream(head, &mut io::empty(), chunk, &collector, told).0, Some(e)),
        None => read_stream(head, reader, chunk, &collector, told),
    };
    // In an envelope a header may stand far from the beginning of its line.
    let records = list.records + list.events;
    if records == 0 && late.is_none() {
        return vec![Read::Stranger(path, first_line)];
    }
    let mut found = Vec::new();
    let notes = late.iter().map(InputNote::of_failure).collect();
    if records > 0 {
        let mut log = log(path.clone(), probe, list, capture, notes);
        if let Some(text) = whole {
            Evidence::add_to(&mut log, &text, 0, window);
        }
        found.push(Read::Log(Box::new(log)));
    }
    found.extend(failed(&path, late));
    found
}
