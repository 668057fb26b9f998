//! A log that is still being written: what is settled, and its end, whose meaning later lines can still change.

use super::blocks::{CHUNK, LONGEST, last_line_end, line_start, read_at, read_file};
use super::evidence::Evidence;
use super::export;
use super::form::Form;
use super::log::{Log, Window, is_capture, log};
use super::probe::{HEAD, Probe};
use crate::pegasus::LogTime;
use crate::record::line_count;
use crate::run::{Block, Collector, OVERLAP, RunList};
use std::fs::File;
use std::io;

/// Bytes that wait until they are settled; an evaluation reads them anew each time.
const WAITING: usize = 1 << 20;

/// So much of an export, whose pieces say nothing by themselves, waits for the rest of it.
const UNPACKED: usize = 16 << 20;

/// Runs that are kept as they are. Where there are more, equal ones are joined.
pub(super) const CROWDED: usize = 4096;

/// A log that is still being written.
#[derive(Debug)]
pub(super) struct Growing {
    id: usize,
    name: String,
    window: Window,
    /// Known when the first bytes were seen, as many as are looked at.
    probe: Option<Probe>,
    /// Up to [`OVERLAP`] settled bytes, then those that are not settled.
    buffer: Vec<u8>,
    /// Where in the buffer the unsettled bytes begin.
    start: usize,
    /// Their offset in the log.
    offset: u64,
    settled: RunList,
    /// Lines before the place where the reading began.
    skipped_lines: u64,
    /// With so many runs it is time to join them.
    crowded_at: usize,
    /// Within a line that is too long to be one of ours.
    within_long_line: bool,
}

impl Growing {
    pub(super) fn new(id: usize, name: String, window: Window) -> Self {
        Self {
            id,
            name,
            window,
            probe: None,
            buffer: Vec::new(),
            start: 0,
            offset: 0,
            settled: RunList::default(),
            skipped_lines: 0,
            crowded_at: CROWDED,
            within_long_line: false,
        }
    }

    /// All that came, as long as nothing of it is settled: it may be no log but a transcript or a configuration.
    pub(super) fn beside(&self) -> Option<Evidence> {
        if !self.is_whole() || Probe::of(&self.buffer).is_log {
            return None;
        }
        Evidence::of(&self.name, &self.buffer, None)
    }

    /// The logs in all that came, where they have to be unpacked, and as long as nothing of it is settled; the first has the id of this one.
    pub(super) fn unpacked(&self) -> Vec<Log> {
        if !self.is_whole() || !self.is_export() {
            return Vec::new();
        }
        let mut logs = export::logs(&self.name, &self.buffer, &self.window, false);
        if let Some(first) = logs.first_mut() {
            first.id = self.id;
            first.list.set_input(self.id);
        }
        logs
    }

    fn is_export(&self) -> bool {
        self.probe_now().form == Form::Document
    }

    /// Whether all that came is still there.
    fn is_whole(&self) -> bool {
        self.offset == 0 && self.start == 0 && self.skipped_lines == 0
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn rename(&mut self, name: String) {
        self.name = name;
    }

    /// Adds what was written; a line may come in several parts.
    pub(super) fn feed(&mut self, bytes: &[u8]) {
        let mut bytes = bytes;
        if self.within_long_line {
            let end = memchr::memchr(b'\n', bytes).map_or(bytes.len(), |n| n + 1);
            self.within_long_line = end == bytes.len() && !bytes.ends_with(b"\n");
            self.pass_over(end);
            bytes = &bytes[end..];
        }
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() - self.start > WAITING + OVERLAP {
            self.settle(false);
        }
    }

    /// Reads a file from its beginning, on all threads; returns how far.
    ///
    /// # Errors
    /// When it cannot be read or is shorter than `len`. Nothing was taken in then.
    pub(super) fn read(&mut self, file: &File, len: u64) -> io::Result<u64> {
        let fresh = self.offset == 0 && self.buffer.is_empty();
        let tail_from = len.saturating_sub(3 * OVERLAP as u64);
        if !fresh || tail_from < HEAD as u64 {
            return Ok(0);
        }
        let probe = Probe::of(&bytes_at(file, 0, HEAD)?);
        if probe.form == Form::Document {
            return Ok(0);
        }
        let tail = bytes_at(file, tail_from, 3 * OVERLAP)?;
        let Some(end) = tail.len().checked_sub(OVERLAP).and_then(|limit| last_line_end(&tail, OVERLAP, limit)) else { return Ok(0) };
        let settled_to = tail_from + end as u64;
        let list = read_file(file, 0..settled_to, CHUNK, &self.window.collector(&probe, is_capture(&self.name)), &|_| ())?;
        if list.bytes != settled_to {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let back = line_start(&tail, end - OVERLAP).unwrap_or(end).min(end);
        (self.probe, self.settled, self.offset) = (Some(probe), list, settled_to);
        (self.start, self.buffer) = (end - back, tail[back..].to_vec());
        Ok(tail_from + tail.len() as u64)
    }

    /// Begins at `to`, or at the beginning of the line there; returns where.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(super) fn skip(&mut self, file: &File, to: u64) -> io::Result<u64> {
        self.probe = Some(Probe::of(&bytes_at(file, 0, HEAD)?));
        let (mut at, mut begin) = (0, 0);
        while at < to {
            let piece = bytes_at(file, at, usize::try_from(to - at).unwrap_or(CHUNK).min(CHUNK))?;
            if piece.is_empty() {
                break;
            }
            if let Some(end) = memchr::memrchr(b'\n', &piece) {
                self.skipped_lines += line_count(&piece[..=end]);
                begin = at + end as u64 + 1;
            }
            at += piece.len() as u64;
        }
        self.settled.lines = self.skipped_lines;
        // What was passed over tells when the server was last heard of, and nothing else.
        let tail_from = begin.saturating_sub(OVERLAP as u64);
        let tail = bytes_at(file, tail_from, usize::try_from(begin - tail_from).unwrap_or(OVERLAP))?;
        let last = Collector { since: Some(LogTime(i64::MAX)), zone: self.probe_now().zone, ..Collector::default() };
        self.settled.ends = last.collect(&Block { bytes: &tail, own: 0..tail.len(), offset: 0 }).ends;
        self.offset = begin;
        Ok(begin)
    }

    /// Nothing more will be written.
    pub(super) fn end(mut self) -> Option<Log> {
        self.settle(true);
        self.into_log()
    }

    /// The log as it is now; lines that are not complete yet do not count. Settles what can be.
    pub(super) fn now(&mut self) -> Result<Log, (String, String)> {
        self.settle(false);
        let mut list = self.settled.clone();
        if let Some(end) = memchr::memrchr(b'\n', &self.buffer[self.start..]) {
            let own = self.start..self.start + end + 1;
            list.append(self.collect(own));
        }
        let probe = self.probe_now();
        if probe.is_log || list.records > 0 { Ok(self.log(list)) } else { Err((self.name.clone(), Probe::first_line(&self.buffer))) }
    }

    /// Lines and bytes read so far, those of the end included.
    pub(super) fn size(&self) -> (u64, u64) {
        let waiting = &self.buffer[self.start..];
        (self.settled.lines - self.skipped_lines + line_count(waiting), self.settled.bytes + waiting.len() as u64)
    }

    fn into_log(mut self) -> Option<Log> {
        let list = std::mem::take(&mut self.settled);
        (self.probe_now().is_log || list.records > 0).then(|| self.log(list))
    }

    fn log(&self, list: RunList) -> Log {
        let before = list.lines.saturating_sub(line_count(&self.buffer));
        let mut log = log(self.name.clone(), self.probe_now(), list, is_capture(&self.name), Vec::new());
        Evidence::add_to(&mut log, &self.buffer, before, &self.window);
        log.id = self.id;
        log.input.lines -= self.skipped_lines;
        log.list.set_input(self.id);
        log
    }

    fn probe_now(&self) -> Probe {
        self.probe.unwrap_or_else(|| Probe::of(&self.buffer[..self.buffer.len().min(HEAD)]))
    }

    fn collect(&self, own: std::ops::Range<usize>) -> RunList {
        let collector = self.window.collector(&self.probe_now(), is_capture(&self.name));
        collector.collect(&Block { bytes: &self.buffer, own, offset: self.offset })
    }

    /// Reads what no later line can change, or `all`.
    fn settle(&mut self, all: bool) {
        if self.probe.is_none() {
            // How the lines are read depends on the beginning, so it is waited for.
            if self.buffer.len() < HEAD && !all {
                return;
            }
            self.probe = Some(self.probe_now());
        }
        if self.is_export() && self.is_whole() && !all && self.buffer.len() < UNPACKED {
            return;
        }
        let limit = self.buffer.len().saturating_sub(OVERLAP);
        let end = if all { Some(self.buffer.len()) } else { last_line_end(&self.buffer, self.start, limit) };
        let Some(end) = end else {
            if self.buffer.len() - self.start > LONGEST && memchr::memchr(b'\n', &self.buffer[self.start..]).is_none() {
                self.give_up_line();
            }
            return;
        };
        let list = self.collect(self.start..end);
        self.settled.append(list);
        if self.settled.runs.len() >= self.crowded_at {
            self.settled.compact();
            self.crowded_at = CROWDED.max(self.settled.runs.len() * 5 / 4);
        }
        self.offset += (end - self.start) as u64;
        let back = line_start(&self.buffer, end.saturating_sub(OVERLAP)).unwrap_or(end).min(end);
        self.buffer.drain(..back);
        self.buffer.shrink_to(2 * (WAITING + OVERLAP));
        self.start = end - back;
    }

    /// Nothing in so long a line can be a record of ours; what follows its end may be.
    fn give_up_line(&mut self) {
        let length = self.buffer.len() - self.start;
        self.buffer.clear();
        self.start = 0;
        self.settled.lines += 1;
        self.settled.damage.long_lines += 1;
        self.within_long_line = true;
        self.pass_over(length);
    }

    fn pass_over(&mut self, bytes: usize) {
        self.settled.bytes += bytes as u64;
        self.offset += bytes as u64;
    }
}

/// Up to `len` bytes at an offset; fewer where the file ends.
fn bytes_at(file: &File, offset: u64, len: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; len];
    let got = read_at(file, &mut bytes, offset)?;
    bytes.truncate(got);
    Ok(bytes)
}
