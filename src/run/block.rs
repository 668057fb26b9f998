//! A piece of a log, and what is known and asked for before it is read.

use super::texts::Texts;
use crate::pegasus::{LogTime, TimeDelta};
use crate::record::Header;
use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

/// Bytes before and after a piece that are looked at to pair neighbouring lines and to know copies.
///
/// Rules over neighbours are bounded by this distance and not by the piece, so that the result does
/// not depend on where the pieces begin.
pub(crate) const OVERLAP: usize = 64 * 1024;

/// Longest text kept of a line, in bytes. Reports of tables with many partitions are longer.
const TEXT: usize = 4096;

/// A piece of a log with its surroundings.
#[derive(Debug, Clone)]
pub struct Block<'a> {
    /// Up to `OVERLAP` bytes before the piece, from a line's first byte on; the piece; up to
    /// `OVERLAP` bytes after it.
    pub bytes: &'a [u8],
    /// Where in `bytes` the piece lies: from the first byte of a line to the end of one.
    pub own: Range<usize>,
    /// Offset of the piece's first byte in the input.
    pub offset: u64,
}

/// What is known about a log before its pieces are read, and what is asked for.
#[derive(Debug, Clone, Default)]
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
    pub texts: Option<Arc<Texts>>,
}

impl Collector {
    /// The time of a line, in UTC; of one that has none, that of the log's first one.
    pub(super) fn time(&self, header: &Header<'_>) -> Option<LogTime> {
        self.dated(header).or(self.first_at)
    }

    /// The time that a line states, in UTC.
    pub(super) fn dated(&self, header: &Header<'_>) -> Option<LogTime> {
        if header.nanos > 0 {
            return Some(LogTime(header.nanos));
        }
        // Old releases print 1970 until their engine is ready.
        let clock = header.clock_nanos().filter(|&c| c > TimeDelta::days(400).0)?;
        Some(LogTime(clock) - self.zone.unwrap_or_default())
    }

    pub(super) fn wanted(&self, at: LogTime) -> bool {
        self.since.is_none_or(|since| at >= since) && self.until.is_none_or(|until| at <= until)
    }
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
