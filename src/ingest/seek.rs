//! Finds where in a plain file a window of time lies, so that nothing else of it is read.

use super::blocks::read_at;
use crate::pegasus::{LogTime, TimeDelta};
use crate::record::{find_header, line_count};
use crate::run::Collector;
use crate::source::Item;
use std::fs::File;
use std::io;
use std::ops::Range;

/// Threads write out of order, and clocks are set back by a little; so much more is read on either side.
pub(super) const MARGIN: TimeDelta = TimeDelta::mins(2);

/// The search ends at this many bytes.
const CLOSE: u64 = 1 << 20;

/// Bytes looked at for a dated line.
const LOOK: usize = 16 * 1024;

/// The bytes that hold the window, with a margin and so many before it, from a line's first byte on; the whole file when no window is asked for.
///
/// # Errors
/// When the file cannot be read.
pub(super) fn seek(file: &File, len: u64, collector: &Collector, before: u64) -> io::Result<Range<u64>> {
    let begin = match collector.since {
        Some(since) => line_begin(file, around(file, len, since - MARGIN)?.start.saturating_sub(before))?,
        None => 0,
    };
    let end = match collector.until {
        Some(until) => around(file, len, until + MARGIN)?.end,
        None => len,
    };
    Ok(begin..end.max(begin))
}

/// Where in a plain file a moment lies at the latest, if it can be read.
pub(super) fn offset_of(item: &Item, at: LogTime) -> Option<u64> {
    around(&item.open_plain().ok()?, item.len, at).ok().map(|range| range.end)
}

/// Where the first line lies that is not older than `at`: what is before is older, what is behind is not.
fn around(file: &File, len: u64, at: LogTime) -> io::Result<Range<u64>> {
    let mut buffer = vec![0; LOOK];
    let mut range = 0..len;
    while range.end - range.start > CLOSE {
        let middle = range.start + (range.end - range.start) / 2;
        match first_dated(file, &mut buffer, middle..range.end)? {
            Some(time) if time < at => range.start = middle,
            Some(_) | None => range.end = middle,
        }
    }
    Ok(range)
}

/// The time of the first dated line of a part.
fn first_dated(file: &File, buffer: &mut [u8], part: Range<u64>) -> io::Result<Option<LogTime>> {
    let mut from = part.start;
    while from < part.end {
        let got = read_at(file, buffer, from)?;
        // The first piece is the rest of a line as a rule, but a header in it is whole.
        let mut headers = buffer[..got].split(|&b| b == b'\n').filter_map(find_header);
        if let Some((_, header)) = headers.find(|(_, h)| h.nanos > 0) {
            return Ok(Some(LogTime(header.nanos)));
        }
        if got < buffer.len() {
            return Ok(None);
        }
        // A header that the end of the buffer cut is read again.
        from += (got - 512) as u64;
    }
    Ok(None)
}

/// The first byte of a line at or after an offset; the end of the file where no more line begins.
///
/// # Errors
/// When the file cannot be read.
fn line_begin(file: &File, offset: u64) -> io::Result<u64> {
    let mut buffer = vec![0; LOOK];
    // The end of the line before says where the next one begins.
    let Some(mut from) = offset.checked_sub(1) else { return Ok(0) };
    loop {
        let got = read_at(file, &mut buffer, from)?;
        match memchr::memchr(b'\n', &buffer[..got]) {
            Some(end) => return Ok(from + end as u64 + 1),
            None if got == 0 => return Ok(from),
            None => from += got as u64,
        }
    }
}

/// Line ends before an offset.
///
/// # Errors
/// When the file cannot be read.
pub(super) fn lines_before(file: &File, offset: u64) -> io::Result<u64> {
    let mut buffer = vec![0; usize::try_from(offset.min(CLOSE)).unwrap_or(0)];
    let (mut at, mut lines) = (0, 0);
    while at < offset {
        let want = usize::try_from((offset - at).min(CLOSE)).unwrap_or(0);
        let got = read_at(file, &mut buffer[..want], at)?;
        if got == 0 {
            break;
        }
        lines += line_count(&buffer[..got]);
        at += got as u64;
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;
    use std::io::Write;

    #[test]
    fn the_window_is_found_and_little_else() {
        let mut file = tempfile::tempfile().unwrap();
        let mut text = Vec::new();
        let begin = 1_716_542_517_000_000_000_i64;
        let second = 1_000_000_000;
        for n in 0..60_000_i64 {
            writeln!(text, "I2024-05-24 17:21:57.7 ({} 12)   meta.x: {}", begin + n * second, "noise ".repeat(20)).unwrap();
        }
        file.write_all(&text).unwrap();
        let len = text.len() as u64;
        let line_at = |n: usize| text.len() / 60_000 * n;
        let window = |since: Option<i64>, until: Option<i64>| {
            let at = |n: i64| LogTime(begin + n * second);
            seek(&file, len, &Collector { since: since.map(at), until: until.map(at), ..Collector::default() }, 0).unwrap()
        };
        assert_eq!(window(None, None), 0..len);
        let found = window(Some(30_000), Some(30_600));
        assert!(found.start <= line_at(30_000) as u64 && found.end >= line_at(30_600) as u64, "{found:?}");
        assert!(found.end - found.start < 3 << 20, "{found:?}");
        assert!(window(Some(90_000), None).start >= len - CLOSE);
        assert!(window(None, Some(-1000)).end <= CLOSE);
        assert_eq!(lines_before(&file, len).unwrap(), 60_000);
    }
}
