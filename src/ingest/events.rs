//! Every recognised event, one by one, in bounded memory.

use super::Options;
use super::export::{self, is_export, looked_through};
use super::form::Form;
use super::input::{COUNTED, SOUGHT, part, window};
use super::log::{Window, is_capture};
use super::probe::{HEAD, Probe};
use super::seek::{lines_before, seek};
use super::stream::{STREAMED, for_each_block};
use crate::run::{Collector, RunList};
use crate::source::{Discovery, Item, Kind, SkippedCopy, SourceError, discover};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::PathBuf;

/// What happened beside the events.
#[derive(Debug, Default)]
pub struct EventsRead {
    /// What could not be read.
    pub problems: Vec<SourceError>,
    /// What was left out because it was read under another name.
    pub notes: Vec<SkippedCopy>,
    /// What is no Pegasus log: its name and its first line.
    pub strangers: Vec<(String, String)>,
    /// Logs that were read.
    pub logs: usize,
}

/// Reads all paths, one after the other; `sink` takes the name of an input and events of it, each a
/// run of its own, and says whether it wants more.
pub fn events(paths: &[PathBuf], options: &Options, sink: &mut dyn FnMut(&str, RunList) -> bool) -> EventsRead {
    let Discovery { items, problems, notes } = discover(paths);
    let window = window(&items, options);
    let mut read = EventsRead { problems: problems.into_iter().map(|p| p.error).collect(), notes, ..EventsRead::default() };
    let mut more = true;
    for item in &items {
        if !more {
            break;
        }
        let result = match item.kind {
            Kind::Plain => plain(item, &window, options, sink, &mut read).map(|wanted| more = wanted),
            Kind::Compressed(_) | Kind::Tar(_) | Kind::Pipe | Kind::Stdin => item.for_each_member(&mut |member| {
                if more {
                    let mut take = |list| sink(&member.path, list);
                    more = stream(&member.path, member.reader, &window, options, &mut take, &mut read);
                }
            }),
        };
        read.problems.extend(result.err());
    }
    read
}

fn plain(
    item: &Item,
    window: &Window,
    options: &Options,
    sink: &mut dyn FnMut(&str, RunList) -> bool,
    read: &mut EventsRead,
) -> Result<bool, SourceError> {
    let mut file = item.open_plain()?;
    let mut take = |list| sink(&item.display, list);
    match sought(item, &file, window)? {
        Some(part) => part.read(&mut file, item, options, &mut take, read),
        None => Ok(stream(&item.display, &mut file, window, options, &mut take, read)),
    }
}

/// The part of a large log that holds the window of time.
struct Part {
    bytes: Range<u64>,
    /// Lines before it, unless counting them means to read more than the window is worth.
    lines: Option<u64>,
    collector: Collector,
}

/// The part of a plain file that has to be read; `None` when that is all of it.
fn sought(item: &Item, file: &File, window: &Window) -> Result<Option<Part>, SourceError> {
    if !window.is_bounded() || item.len < SOUGHT || is_capture(&item.display) {
        return Ok(None);
    }
    let find = || {
        let probe = Probe::of(&part(file, 0)?);
        if !probe.is_log || probe.form == Form::Document {
            return Ok(None);
        }
        let collector = window.collector(&probe, true);
        let wanted = seek(file, item.len, &collector, 0)?;
        let lines = if wanted.start <= COUNTED { Some(lines_before(file, wanted.start)?) } else { None };
        Ok(Some(Part { bytes: wanted, lines, collector }))
    };
    find().map_err(|cause| SourceError::Unreadable { path: item.path.clone(), cause })
}

impl Part {
    fn read(
        self,
        file: &mut File,
        item: &Item,
        options: &Options,
        take: &mut dyn FnMut(RunList) -> bool,
        read: &mut EventsRead,
    ) -> Result<bool, SourceError> {
        let unreadable = |cause| SourceError::Unreadable { path: item.path.clone(), cause };
        file.seek(SeekFrom::Start(self.bytes.start)).map_err(unreadable)?;
        let mut reader = file.take(self.bytes.end - self.bytes.start);
        let chunk = options.chunk_or(STREAMED);
        let (mut more, mut lines) = (true, self.lines);
        let failure = for_each_block(Vec::new(), &mut reader, chunk, &self.collector, &|_| (), &mut |mut list| {
            list.runs.iter_mut().for_each(|run| run.first.offset += self.bytes.start);
            match &mut lines {
                Some(lines) => {
                    list.shift_lines(*lines);
                    *lines += list.lines;
                }
                None => list.forget_lines(),
            }
            more = take(list);
            more
        });
        read.logs += 1;
        read.problems.extend(failure.map(unreadable));
        Ok(more)
    }
}

fn stream(
    path: &str,
    reader: &mut dyn Read,
    window: &Window,
    options: &Options,
    take: &mut dyn FnMut(RunList) -> bool,
    read: &mut EventsRead,
) -> bool {
    let mut head = Vec::new();
    let mut first = reader.take(HEAD as u64).read_to_end(&mut head);
    let probe = Probe::of(&head);
    if probe.form != Form::Lines && first.is_ok() {
        first = reader.take(looked_through(&probe)).read_to_end(&mut head);
    }
    let whole = if probe.form == Form::Lines { None } else { is_export(&probe, head.len() as u64, || Ok(head.clone())).ok().flatten() };
    if let Some(more) = whole.and_then(|text| unpacked(path, &text, window, take, read)) {
        read.problems.extend(first.err().map(|cause| SourceError::Unreadable { path: path.into(), cause }));
        return more;
    }
    let chunk = options.chunk_or(STREAMED);
    let mut more = true;
    let mut lines = 0;
    let mut records = 0;
    let failure = {
        let mut rest: Box<dyn Read> = if first.is_ok() { Box::new(reader) } else { Box::new(io::empty()) };
        for_each_block(head.clone(), &mut *rest, chunk, &window.collector(&probe, true), &|_| (), &mut |mut list| {
            list.shift_lines(lines);
            lines += list.lines;
            // In an envelope a header may stand far from the beginning of its line.
            records += list.records + list.events;
            more = take(list);
            more
        })
    };
    if let Some(cause) = first.err().or(failure) {
        read.problems.push(SourceError::Unreadable { path: path.into(), cause });
    }
    if records == 0
        && let Some(more) = unpacked(path, &head, window, take, read)
    {
        return more;
    }
    if records == 0 {
        read.strangers.push((path.to_owned(), Probe::first_line(&head)));
    } else {
        read.logs += 1;
    }
    more
}

/// Hands over the events of an export, of all its servers; says whether more is wanted, `None` of a text that holds no record.
fn unpacked(path: &str, text: &[u8], window: &Window, take: &mut dyn FnMut(RunList) -> bool, read: &mut EventsRead) -> Option<bool> {
    let mut logs = export::logs(path, text, window, true).into_iter();
    let mut all = logs.next()?.list;
    logs.for_each(|log| all.runs.extend(log.list.runs));
    read.logs += 1;
    Some(take(all))
}
