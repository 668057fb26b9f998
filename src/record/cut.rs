//! Lines whose beginning was cut off.

use super::header::{header, place_in};
use chrono::DateTime;

/// A line that lacks its level, or its date too, with what can be told of them; or one from its source file on, without a time.
pub(super) fn mended(line: &[u8]) -> Option<Vec<u8>> {
    timed(line).or_else(|| place_in(line).map(|at| line[at..].to_vec()))
}

fn timed(line: &[u8]) -> Option<Vec<u8>> {
    /// `2024-05-25 10:11:44.733`
    const CLOCK: usize = 23;
    memchr::memchr_iter(b'(', line).find_map(|paren| {
        let digits = line[paren + 1..].iter().take_while(|b| b.is_ascii_digit()).count();
        let nanos = std::str::from_utf8(&line[paren + 1..paren + 1 + digits]).ok().filter(|_| digits == 19)?;
        let rest = &line[paren..];
        let clock = line[..paren].trim_ascii_end();
        let with = |clock: &[u8]| Some([b"I", clock, b" ", rest].concat()).filter(|mended| header(mended).is_some());
        // The level matters little: what a line says tells how grave it is.
        (CLOCK - 2..=CLOCK).filter_map(|length| clock.get(clock.len().checked_sub(length)?..)).find_map(with).or_else(|| {
            let at = DateTime::from_timestamp_nanos(nanos.parse().ok()?);
            with(at.format("%Y-%m-%d %H:%M:%S%.3f").to_string().as_bytes())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_is_told_where_it_stands() {
        let rest = " (1716603108733000000 30004)   meta.meta_state0.0103: a.cpp:1:f(): text";
        for begin in ["2024-05-25 10:11:48.733", "> 2024-05-25 10:11:48.7", "5 10:11:48.733", ""] {
            let line = format!("{begin}{rest}");
            let mended = mended(line.as_bytes()).unwrap_or_default();
            assert_eq!(header(&mended).map(|h| (h.nanos, h.body)), Some((1_716_603_108_733_000_000, &b"text"[..])), "{begin}");
        }
        assert_eq!(mended(b"meta.x.0103: a.cpp:577:operator()(): text").as_deref(), Some(&b"a.cpp:577:operator()(): text"[..]));
        assert_eq!(mended(b"words (1716603108733000000 of others)"), None);
    }
}
