//! Turns a piece of a log into a list of runs.

use super::census::Lines;
use super::folding::{Tail, fold};
use super::gathered::Gathered;
use super::list::{Occurrence, RunList};
use super::texts::Texts;
use crate::pegasus::{LogTime, TimeDelta};
use crate::record::{Header, Sweep, find_header, header, unwrap};
use std::borrow::Cow;
use std::cell::RefCell;
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
    /// The server's clock text minus its header's time.
    pub zone: Option<TimeDelta>,
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
        let mut sweep = SWEEP.take();
        sweep.look(&block.bytes[block.own.clone()]);
        let list = self.collect_swept(block, &sweep);
        SWEEP.set(sweep);
        list
    }

    /// Reads a piece that `sweep` has looked through.
    #[must_use]
    pub fn collect_swept(&self, block: &Block<'_>, sweep: &Sweep) -> RunList {
        let mut gathered = Gathered::default();
        self.add(&mut gathered, block, sweep, false);
        gathered.into_list()
    }

    /// Reads the piece that follows those of `gathered`, and that `sweep` has looked through.
    pub fn gather(&self, gathered: &mut Gathered, block: &Block<'_>, sweep: &Sweep) {
        self.add(gathered, block, sweep, true);
    }

    fn add(&self, gathered: &mut Gathered, block: &Block<'_>, sweep: &Sweep, goes_on: bool) {
        let own = &block.bytes[block.own.clone()];
        let lines = Lines { own, sweep };
        let list = &mut gathered.list;
        if sweep.has_nul()
            && let Some(at) = memchr::memchr(0, own)
        {
            list.damage.nul_bytes += memchr::memchr_iter(0, &own[at..]).count() as u64;
            list.damage.first_line = list.damage.first_line.or(Some(list.lines + sweep.line_of(at, 0) as u64 + 1));
        }
        // What lies behind the window is not there for the diagnosis, its time neither.
        let dated = last_dated(own).and_then(|h| self.time(&h)).map(|at| self.until.map_or(at, |until| at.min(until)));
        list.last_dated = dated.or(list.last_dated);
        fold(self, block, &lines, gathered, goes_on);
        self.collect_texts(block, &mut gathered.list);
        // Of these no other event is another.
        gathered.tails.resize(gathered.list.runs.len(), Tail::default());
        let list = &mut gathered.list;
        list.bytes += own.len() as u64;
        list.records += lines.records();
        // The lines of the piece were counted from here on.
        list.lines += lines.count();
    }

    /// Adds the lines that users' expressions match. They stay apart: what is equal in them only the user knows.
    fn collect_texts(&self, block: &Block<'_>, list: &mut RunList) {
        let Some(texts) = self.texts else { return };
        let before = list.lines;
        let place = |line: &[u8], number: u64, start: usize| {
            let unwrapped = unwrap(line);
            let at = header(&unwrapped.text).and_then(|h| self.time(&h)).or(self.first_at)?;
            let offset = block.offset + (start - block.own.start) as u64;
            self.wanted(at).then(|| Occurrence { input: 0, at, line: before + number, offset, text: excerpt(line) })
        };
        let mut runs = texts.runs(block.bytes, block.own.clone(), &place);
        list.events += runs.len() as u64;
        for run in &mut runs {
            run.epoch = list.epochs;
        }
        list.runs.append(&mut runs);
    }

    /// The time of a line, in UTC.
    pub(super) fn time(&self, header: &Header<'_>) -> Option<LogTime> {
        if header.nanos > 0 {
            return Some(LogTime(header.nanos));
        }
        // Old releases print 1970 until their engine is ready.
        let clock = header.clock_nanos().filter(|&c| c > TimeDelta::days(400).0);
        match (clock, self.zone) {
            (Some(clock), Some(zone)) => Some(LogTime(clock) - zone),
            (Some(clock), None) => Some(LogTime(clock)),
            (None, _) => self.first_at,
        }
    }

    pub(super) fn wanted(&self, at: LogTime) -> bool {
        self.since.is_none_or(|since| at >= since) && self.until.is_none_or(|until| at <= until)
    }
}

thread_local! {
    /// What a thread finds in piece after piece.
    static SWEEP: RefCell<Sweep> = RefCell::default();
}

/// The bytes as text. What is valid, as nearly all is, is checked many times faster than what may have to be mended.
pub(super) fn text(bytes: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

/// The line for people: valid UTF-8, not endless.
pub(super) fn excerpt(line: &[u8]) -> Arc<str> {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    if line.len() <= TEXT {
        return text(line).into();
    }
    format!("{}…", String::from_utf8_lossy(&line[..TEXT]).trim_end_matches('\u{fffd}')).into()
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
