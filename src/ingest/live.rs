//! Logs that are being written, and what was read of them so far.

use super::evidence::{Evidence, Surroundings};
use super::growing::{CROWDED, Growing};
use super::input::{self, Read};
use super::log::{Log, Window};
use super::{Ingested, Options, servers, tell_sides};
use crate::pegasus::{LogTime, TimeDelta};
use crate::run::RunList;
use crate::source::{Item, SourceError, server_of};
use crate::timeline::FollowState;
use rayon::prelude::*;
use std::fs::File;
use std::io;

/// The last lines of a file can be written while the next one is opened.
const HANDOVER: TimeDelta = TimeDelta::secs(2);

/// Logs that are being written.
#[derive(Debug)]
pub struct Live {
    options: Options,
    window: Window,
    slots: Vec<Slot>,
    strangers: Vec<(String, String)>,
}

/// A log, by its id.
#[derive(Debug)]
enum Slot {
    Growing(Box<Growing>, FollowState),
    Done(Box<Log>, FollowState),
    /// No log, but a transcript or a configuration.
    Beside(Box<Evidence>),
    /// No log, or nothing that is left of one.
    Gone,
}

impl Live {
    /// No log yet; moments of `options` must not be relative.
    pub fn new(options: Options) -> Self {
        Self { window: Window::new(&options, LogTime::default()), options, slots: Vec::new(), strangers: Vec::new() }
    }

    /// Begins a log; its id.
    pub fn open(&mut self, name: &str) -> usize {
        let id = self.slots.len();
        self.slots.push(Slot::Growing(Box::new(Growing::new(id, name.to_owned(), self.window.clone())), FollowState::Followed));
        id
    }

    /// The log has another name now.
    pub fn rename(&mut self, id: usize, name: &str) {
        match self.slots.get_mut(id) {
            Some(Slot::Growing(growing, _)) => growing.rename(name.to_owned()),
            Some(Slot::Done(log, _)) => {
                name.clone_into(&mut log.input.path);
            }
            Some(Slot::Beside(_) | Slot::Gone) | None => {}
        }
    }

    /// How a log is called.
    pub fn name(&self, id: usize) -> &str {
        match self.slots.get(id) {
            Some(Slot::Growing(growing, _)) => growing.name(),
            Some(Slot::Done(log, _)) => &log.input.path,
            Some(Slot::Beside(found)) => found.path(),
            Some(Slot::Gone) | None => "",
        }
    }

    /// Adds what was written to a log.
    pub fn feed(&mut self, id: usize, bytes: &[u8]) {
        if let Some(Slot::Growing(growing, _)) = self.slots.get_mut(id) {
            growing.feed(bytes);
        }
    }

    /// Begins a log at an offset, or at the beginning of the line there; returns where.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn skip(&mut self, id: usize, file: &File, to: u64) -> io::Result<u64> {
        match self.slots.get_mut(id) {
            Some(Slot::Growing(growing, _)) => growing.skip(file, to),
            _ => Ok(0),
        }
    }

    /// Reads files from their beginnings, on all threads; says of each how far it was read, which may be not at all.
    ///
    /// # Errors
    /// For each file, when it cannot be read; nothing of it was taken in then.
    pub fn read_all(&mut self, files: &[(usize, &File, u64)]) -> Vec<(usize, io::Result<u64>)> {
        let read = |(id, slot): (usize, &mut Slot)| {
            let (_, file, len) = files.iter().find(|(wanted, ..)| *wanted == id)?;
            match slot {
                Slot::Growing(growing, _) => Some((id, growing.read(file, *len))),
                Slot::Done(..) | Slot::Beside(_) | Slot::Gone => None,
            }
        };
        self.slots.par_iter_mut().enumerate().filter_map(read).collect()
    }

    /// Reads something that does not grow, such as a compressed log or an archive of logs; returns what went wrong.
    pub fn read_item(&mut self, item: &Item) -> Vec<SourceError> {
        let mut problems = Vec::new();
        for read in input::read(item, &self.window, self.options.before, &self.options, &|_| ()) {
            match read {
                Read::Log(mut log) => {
                    log.id = self.slots.len();
                    log.list.set_input(log.id);
                    self.slots.push(Slot::Done(log, FollowState::No));
                }
                Read::Evidence(found) => self.slots.push(Slot::Beside(found)),
                Read::Stranger(name, line) => self.strangers.push((name, line)),
                Read::Failed(error) => problems.push(error),
            }
        }
        problems
    }

    /// Nothing more comes of a log, because another one followed it or because it ended.
    pub fn end(&mut self, id: usize) {
        let Some(slot) = self.slots.get_mut(id) else { return };
        if let Slot::Growing(growing, _) = slot
            && let Some(found) = growing.beside()
        {
            *slot = Slot::Beside(Box::new(found));
            return;
        }
        if let Slot::Growing(growing, _) = slot {
            let mut logs = growing.unpacked().into_iter();
            if let Some(first) = logs.next() {
                *slot = Slot::Done(Box::new(first), FollowState::No);
                for mut log in logs {
                    log.id = self.slots.len();
                    log.list.set_input(log.id);
                    self.slots.push(Slot::Done(Box::new(log), FollowState::No));
                }
                return;
            }
        }
        let Some(slot) = self.slots.get_mut(id) else { return };
        if let Slot::Growing(growing, _) = std::mem::replace(slot, Slot::Gone)
            && let Some(log) = growing.end()
        {
            let log = self.join(log);
            self.slots[id] = Slot::Done(Box::new(log), FollowState::No);
        }
    }

    /// Whether anybody looks whether a log grows.
    pub fn set_following(&mut self, id: usize, now: FollowState) {
        if let Some(Slot::Growing(_, following) | Slot::Done(_, following)) = self.slots.get_mut(id) {
            *following = now;
        }
    }

    /// Lines and bytes read.
    pub fn size(&self) -> (u64, u64) {
        let size = |slot: &Slot| match slot {
            Slot::Growing(growing, _) => growing.size(),
            Slot::Done(log, _) => (log.input.lines, log.input.bytes),
            Slot::Beside(_) | Slot::Gone => (0, 0),
        };
        self.slots.iter().map(size).fold((0, 0), |all, one| (all.0 + one.0, all.1 + one.1))
    }

    /// All that was read so far.
    pub fn ingested(&mut self) -> Ingested {
        let mut ingested = Ingested { strangers: self.strangers.clone(), ..Ingested::default() };
        let mut logs = Vec::new();
        let mut states = Vec::new();
        let mut beside = Vec::new();
        // More than one log may be in an export.
        let mut next = self.slots.len();
        for (id, slot) in self.slots.iter_mut().enumerate() {
            if let Slot::Growing(growing, following) = slot {
                let mut unpacked = growing.unpacked();
                for log in unpacked.iter_mut().skip(1) {
                    log.id = next;
                    log.list.set_input(next);
                    next += 1;
                }
                if !unpacked.is_empty() {
                    states.extend(unpacked.iter().map(|log| (log.input.path.clone(), *following)));
                    logs.append(&mut unpacked);
                    continue;
                }
            }
            let log = match slot {
                Slot::Beside(found) => {
                    beside.push((id, (**found).clone()));
                    continue;
                }
                Slot::Growing(growing, following) => match growing.now() {
                    Ok(log) => Ok((log, *following)),
                    Err(stranger) => {
                        if let Some(found) = growing.beside() {
                            beside.push((id, found));
                            continue;
                        }
                        Err(stranger)
                    }
                },
                Slot::Done(log, following) => Ok(((**log).clone(), *following)),
                Slot::Gone => continue,
            };
            match log {
                Ok((log, following)) => {
                    states.push((log.input.path.clone(), following));
                    logs.push(log);
                }
                Err(stranger) => ingested.strangers.push(stranger),
            }
        }
        let around = Surroundings::of(&logs);
        for (id, found) in beside {
            let mut log = found.log(around, &self.window);
            log.id = id;
            log.list.set_input(id);
            logs.push(log);
        }
        servers::arrange_numbered(logs, &mut ingested);
        tell_sides(&mut ingested, &self.options);
        for server in &mut ingested.servers {
            let mine = server.inputs.iter().filter_map(|&i| ingested.inputs.get(i));
            let of = |path: &str| states.iter().filter(|(name, _)| name == path).map(|(_, following)| *following).max();
            server.following = mine.filter_map(|input| of(&input.path)).max().unwrap_or_default();
        }
        ingested
    }

    /// Equal events of a server's files become one run, so that memory does not grow with their number.
    fn join(&mut self, mut log: Log) -> Log {
        let Some((first, _)) = log.input.span else { return log };
        let server = server_of(&log.input.path);
        let before = self.slots.iter_mut().filter_map(|slot| match slot {
            Slot::Done(other, _) if !other.capture && other.input.probe.role == log.input.probe.role && other.input.server == server => {
                Some(other)
            }
            Slot::Done(..) | Slot::Growing(..) | Slot::Beside(_) | Slot::Gone => None,
        });
        let spans = |other: &Log| other.input.span.map(|s| s.1);
        let mut before: Vec<&mut Box<Log>> = before.filter(|other| spans(other).is_some()).collect();
        // A file that is not the newest is left alone: runs are joined in order.
        let newest = before.iter().filter_map(|other| spans(other)).max();
        if log.capture || newest.is_none_or(|newest| newest.since(first) > HANDOVER) {
            return log;
        }
        before.sort_by_key(|other| other.input.span);
        if let Some(last) = before.into_iter().rfind(|other| !other.list.runs.is_empty()) {
            last.list.follow(RunList {
                runs: std::mem::take(&mut log.list.runs),
                epochs: std::mem::take(&mut log.list.epochs),
                ..RunList::default()
            });
            if last.list.runs.len() >= CROWDED {
                last.list.compact();
            }
        }
        log
    }
}
