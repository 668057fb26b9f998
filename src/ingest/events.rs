//! Every recognised event, one by one, in bounded memory.

use super::Options;
use super::blocks::{CHUNK, for_each_block};
use super::input::Window;
use super::probe::{HEAD, Probe};
use crate::run::RunList;
use crate::source::{Discovery, Kind, Note, SourceError, discover};
use std::io::{self, Read};
use std::path::PathBuf;

/// What happened beside the events.
#[derive(Debug, Default)]
pub struct EventsRead {
    /// What could not be read.
    pub problems: Vec<SourceError>,
    /// What was left out because it was read under another name.
    pub notes: Vec<Note>,
    /// What is no Pegasus log: its name and its first line.
    pub strangers: Vec<(String, String)>,
    /// Logs that were read.
    pub logs: usize,
}

/// Reads all paths, one after the other; `sink` takes the name of an input and events of it, each a
/// run of its own, and says whether it wants more.
pub fn events(paths: &[PathBuf], options: &Options, sink: &mut dyn FnMut(&str, RunList) -> bool) -> EventsRead {
    let Discovery { items, problems, notes } = discover(paths);
    let window = Window::new(&items, options);
    let mut read = EventsRead { problems: problems.into_iter().map(|p| p.error).collect(), notes, ..EventsRead::default() };
    let mut more = true;
    for item in &items {
        if !more {
            break;
        }
        let mut one = |path: &str, reader: &mut dyn Read, read: &mut EventsRead| {
            if more {
                let mut take = |list| sink(path, list);
                more = stream(path, reader, &window, options, &mut take, read);
            }
        };
        let result = if item.kind == Kind::Plain {
            item.open_plain().map(|mut file| one(&item.display, &mut file, &mut read))
        } else {
            item.for_each_member(&mut |member| one(&member.path, member.reader, &mut read))
        };
        read.problems.extend(result.err());
    }
    read
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
    let first = reader.take(HEAD as u64).read_to_end(&mut head);
    let probe = Probe::of(&head);
    let chunk = if options.chunk == 0 { CHUNK } else { options.chunk };
    let mut more = true;
    let mut lines = 0;
    let mut records = 0;
    let failure = {
        let mut rest: Box<dyn Read> = if first.is_ok() { Box::new(reader) } else { Box::new(io::empty()) };
        for_each_block(head.clone(), &mut *rest, chunk, &window.collector(&probe, true), &|_| (), &mut |mut list| {
            list.shift_lines(lines);
            lines += list.lines;
            records += list.records;
            more = take(list);
            more
        })
    };
    if let Some(cause) = first.err().or(failure) {
        read.problems.push(SourceError::Unreadable { path: path.into(), cause });
    }
    if records == 0 {
        read.strangers.push((path.to_owned(), Probe::first_line(&head)));
    } else {
        read.logs += 1;
    }
    more
}
