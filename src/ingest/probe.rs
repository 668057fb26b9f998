//! A look at a log's beginning: is it one, whose is it, what is its server's clock.

use super::form::{Form, Seen};
use crate::pegasus::{LogTime, ServerRole, TimeDelta};
use crate::record::{header, is_last_words, unwrap_all};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// Bytes looked at.
pub(super) const HEAD: usize = 256 * 1024;

/// So many dated lines tell the zone.
const ZONED: u32 = 25;
/// From one date line to the other.
const ZONES: RangeInclusive<TimeDelta> = TimeDelta::hours(-12)..=TimeDelta::hours(14);

/// What the beginning of a log tells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Probe {
    /// A line with a header was found.
    pub is_log: bool,
    /// The first dated line.
    pub first_at: Option<LogTime>,
    /// The server's clock text minus UTC, to the quarter of an hour.
    pub zone: Option<TimeDelta>,
    /// What the server serves as, by the contexts of the lines.
    pub role: Option<ServerRole>,
    /// Lines of the ordinary level were seen.
    pub info_lines: bool,
    /// How it holds its lines.
    pub(super) form: Form,
}

impl Probe {
    /// Looks at the first lines.
    pub fn of(head: &[u8]) -> Self {
        let mut probe = Self::default();
        let (mut meta, mut replica) = (0_u32, 0_u32);
        let (mut zones, mut dated) = (BTreeMap::new(), 0);
        let mut seen = Seen::default();
        for line in lines(head) {
            let unwrapped;
            let header = match header(line) {
                Some(plain) => {
                    seen.plain(line, plain.nanos);
                    plain
                }
                None => {
                    let mut found = unwrap_all(line);
                    let some = !found.is_empty();
                    found.retain(|one| !is_last_words(&one.text));
                    if some && found.is_empty() {
                        continue;
                    }
                    unwrapped = found;
                    seen.other(line, &unwrapped);
                    let Some(inner) = unwrapped.first().and_then(|one| header(&one.text)) else { continue };
                    inner
                }
            };
            probe.is_log = true;
            probe.info_lines |= matches!(header.level, b'D' | b'I');
            if header.context.starts_with(b"meta") {
                meta += 1;
            } else if header.context.starts_with(b"replica") {
                replica += 1;
            }
            if header.nanos > 0 {
                probe.first_at = probe.first_at.or(Some(LogTime(header.nanos)));
                let ahead = header.clock_nanos().filter(|_| dated < ZONED).map(|clock| TimeDelta(clock.saturating_sub(header.nanos)));
                if let Some(zone) = ahead.map(|ahead| ahead.rounded(TimeDelta::mins(15))).filter(|zone| ZONES.contains(zone)) {
                    *zones.entry(zone).or_insert(0_u32) += 1;
                }
                dated += 1;
            }
        }
        // A single line may be damaged.
        probe.zone = zones.into_iter().max_by_key(|&(_, lines)| lines).map(|(zone, _)| zone);
        probe.form = seen.form(head);
        probe.role = match (meta, replica) {
            (0, 0) => None,
            (m, r) if m >= r => Some(ServerRole::Meta),
            _ => Some(ServerRole::Replica),
        };
        probe
    }

    /// The first line of something that is no log, for the hint.
    pub fn first_line(head: &[u8]) -> String {
        let line = head.split(|&b| b == b'\n').find(|l| !l.is_empty()).unwrap_or_default();
        let text: String = String::from_utf8_lossy(&line[..line.len().min(300)]).chars().take(100).collect();
        text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
    }
}

/// The lines of a text, without their ends.
fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut start = 0;
    memchr::memchr_iter(b'\n', text).chain(std::iter::once(text.len())).map(move |end| {
        let line = &text[start..end];
        start = end + 1;
        line
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zone_and_role_show_in_the_first_lines() {
        let probe = Probe::of(b"garbage\nD2024-05-24 17:21:57.7 (1716542517007123456 12)   meta.meta_state0.0102000500000411: x\n");
        assert!(probe.is_log && probe.info_lines);
        assert_eq!(probe.zone, Some(TimeDelta::hours(8)));
        let line = |clock: &str| format!("D2024-05-24 {clock}.7 (1716542517007123456 12)   meta.meta_state0.0102000500000411: x\n");
        let damaged = [line("05:21:57"), line("17:21:57"), line("17:21:58")].concat();
        assert_eq!(Probe::of(damaged.as_bytes()).zone, Some(TimeDelta::hours(8)));
        assert_eq!(probe.role, Some(ServerRole::Meta));
        assert!(!Probe::of(b"hello\nworld\n").is_log);
        assert_eq!(Probe::first_line(b"\n\nhello\x1b[0m\n"), "hello\u{fffd}[0m");
    }
}
