//! What log systems export and people paste: unpacked, in the order of time, the lines of each server by themselves.

use super::blocks::CHUNK;
use super::form::Form;
use super::log::{Log, Window, is_capture, log};
use super::probe::{HEAD, Probe};
use super::stream::read_stream;
use crate::event::{Reading, read};
use crate::pegasus::LogTime;
use crate::record::{Unpacked, header, unpack};
use crate::run::{Drift, Occurrence, RunList};
use std::collections::{BTreeMap, BTreeSet};
use std::io;

/// What is larger is read line by line, as it stands.
pub(super) const LONGEST: u64 = 256 << 20;

/// Up to this size all of a text is looked at before it is taken for one that can be read line by line.
const LOOKED_THROUGH: u64 = 16 << 20;

/// So much of a stream is to be there before it is read.
pub(super) fn looked_through(probe: &Probe) -> u64 {
    if probe.form == Form::Document { LONGEST } else { LOOKED_THROUGH }
}

/// Whether a text whose beginning is known has to be unpacked: its length, and how to get all of it.
pub(super) fn is_export(probe: &Probe, len: u64, all: impl FnOnce() -> io::Result<Vec<u8>>) -> io::Result<Option<Vec<u8>>> {
    match probe.form {
        Form::Document if len <= LONGEST => all().map(Some),
        Form::Wrapped if len > HEAD as u64 && len <= LOOKED_THROUGH => {
            Ok(Some(all()?).filter(|text| Probe::of(text).form == Form::Document))
        }
        Form::Document | Form::Wrapped | Form::Lines => Ok(None),
    }
}

/// The logs in a text, one for each server that its envelopes name; none where it holds no record.
pub(super) fn logs(path: &str, bytes: &[u8], window: &Window, apart: bool) -> Vec<Log> {
    let (records, lines) = unpack(bytes);
    let (records, cut): (Vec<Unpacked>, Vec<Unpacked>) = records.into_iter().partition(|record| header(&record.text).is_some());
    // A message alone may be of anybody's notes; not beside lines of a server.
    let alone = records.is_empty() && cut.iter().all(|record| !names_file(record));
    let cut = if alone { Vec::new() } else { cut_lines(&cut) };
    let several = records.iter().map(|record| &record.origin).collect::<BTreeSet<_>>().len() > 1;
    let mut servers: BTreeMap<Option<String>, Vec<Unpacked>> = BTreeMap::new();
    for record in records {
        servers.entry(record.origin.clone().filter(|_| several)).or_default().push(record);
    }
    if servers.is_empty() && !cut.is_empty() {
        servers.insert(None, Vec::new());
    }
    let mut logs: Vec<Log> = servers.into_iter().map(|(origin, records)| one(path, origin.as_deref(), records, window, apart)).collect();
    if let Some(first) = logs.first_mut() {
        first.input.drifted += cut.iter().map(|drift| drift.count).sum::<u64>();
        first.list.drift.extend(cut);
        if !several {
            (first.input.lines, first.input.bytes) = (lines, bytes.len() as u64);
        }
    }
    logs
}

/// The log of one server.
fn one(path: &str, origin: Option<&str>, mut records: Vec<Unpacked>, window: &Window, apart: bool) -> Log {
    let nanos = |record: &Unpacked| header(&record.text).map_or(0, |header| header.nanos);
    records.sort_by_cached_key(nanos);
    let records = once(records);
    let mut text = Vec::new();
    for record in &records {
        text.extend(record.text.iter().map(|&b| if b == b'\n' { b' ' } else { b }));
        text.push(b'\n');
    }
    let probe = Probe::of(&text[..text.len().min(HEAD)]);
    let collector = window.known(window.collector(&probe, apart));
    let (mut list, _) = read_stream(text, &mut io::empty(), CHUNK, &collector, &|_| ());
    place(&mut list, &records);
    let mut log = log(path.to_owned(), probe, list, is_capture(path), Vec::new());
    if let Some(origin) = origin {
        log.input.server = format!("{}/{origin}", log.input.server);
    }
    log
}

/// Exports repeat lines, as pages of one answer overlap.
fn once(records: Vec<Unpacked>) -> Vec<Unpacked> {
    const LOOKED_BACK: usize = 64;
    let mut kept: Vec<Unpacked> = Vec::with_capacity(records.len());
    for record in records {
        let time = header(&record.text).map_or(0, |header| header.nanos);
        let mut earlier =
            kept.iter().rev().take(LOOKED_BACK).take_while(|one| header(&one.text).is_some_and(|header| header.nanos == time));
        if time == 0 || !earlier.any(|one| one.text == record.text) {
            kept.push(record);
        }
    }
    kept
}

/// Says of each line where it stands in the export.
fn place(list: &mut RunList, records: &[Unpacked]) {
    let origin = |line: u64| records.get(usize::try_from(line).ok()?.checked_sub(1)?);
    let place = |o: &mut Occurrence| {
        if let Some(record) = origin(o.line) {
            (o.line, o.offset) = (record.line, record.offset);
        }
    };
    for run in &mut list.runs {
        place(&mut run.first);
        run.tail.iter_mut().for_each(place);
    }
    list.drift.iter_mut().for_each(|drift| place(&mut drift.first));
    list.damage.first_line = list.damage.first_line.and_then(origin).map(|record| record.line);
    list.jumps.clear();
}

/// Whether a line names the source file that wrote it.
fn names_file(record: &Unpacked) -> bool {
    memchr::memmem::find(&record.text, CUT.as_bytes()).is_some()
}

/// Lines about duplication without a time, because their beginnings are cut off.
fn cut_lines(records: &[Unpacked]) -> Vec<Drift> {
    let mut all: Vec<Drift> = Vec::new();
    for record in records {
        let text = String::from_utf8_lossy(&record.text);
        let body = text.split_once(CUT).map_or(&*text, |(_, body)| body);
        if matches!(read(body, None, b'?'), Reading::Other) {
            continue;
        }
        match all.first_mut() {
            Some(known) => known.count += 1,
            None => {
                let first = Occurrence { input: 0, at: LogTime(0), line: record.line, offset: record.offset, text: text.as_ref().into() };
                all.push(Drift { anchor: CUT, count: 1, first });
            }
        }
    }
    all
}

/// Ends the place in the code, behind which the message begins; stands for the anchor of lines whose beginning is cut off.
const CUT: &str = "(): ";
