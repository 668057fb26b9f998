//! The log header of every release, read by one tolerant parser.
//!
//! `<L><local time> (<ns> <tid>) <context>: [<file>:<line>:<function>(): ]<body>`; source:
//! `simple_logger.cpp` and `service_api_c.cpp` of each release. Body wording is never bound to a
//! header style, since vendor branches mix both.

use nom::bytes::complete::{tag, take_until, take_while, take_while_m_n, take_while1};
use nom::character::complete::one_of;
use nom::combinator::{opt, recognize};
use nom::sequence::terminated;
use nom::{IResult, Parser};

/// The parts of one log line; all text borrows from the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header<'a> {
    /// The level letter as printed. `D` is the ordinary line up to v2.4, `I` from v2.5.
    pub level: u8,
    /// The clock text, `YYYY-MM-DD HH:MM:SS.mmm` in the server's zone; milliseconds may be unpadded.
    pub clock: &'a [u8],
    /// Nanoseconds since the epoch; 0 before the engine of old releases is ready.
    pub nanos: i64,
    /// The thread id, hexadecimal up to v2.1, decimal later.
    pub thread: &'a [u8],
    /// Node, pool, worker and task id; may be empty.
    pub context: &'a [u8],
    /// The translation unit, missing with `short_header = true`.
    pub file: Option<&'a [u8]>,
    /// The message.
    pub body: &'a [u8],
}

impl<'a> Header<'a> {
    /// The task id: what follows the last dot of the context, empty outside of tasks.
    ///
    /// Lines of one sync request share it.
    #[must_use]
    pub fn task(&self) -> &'a [u8] {
        match memchr::memrchr(b'.', self.context) {
            Some(dot) if self.context.len() - dot > 12 => &self.context[dot + 1..],
            _ => &[],
        }
    }

    /// Seconds of the clock text read as if it were UTC, with milliseconds, in nanoseconds.
    #[must_use]
    pub fn clock_nanos(&self) -> Option<i64> {
        let number = |range: std::ops::Range<usize>| std::str::from_utf8(self.clock.get(range)?).ok()?.parse::<i64>().ok();
        let date = chrono::NaiveDate::from_ymd_opt(
            i32::try_from(number(0..4)?).ok()?,
            u32::try_from(number(5..7)?).ok()?,
            u32::try_from(number(8..10)?).ok()?,
        )?;
        let days = date.signed_duration_since(chrono::NaiveDate::default()).num_days();
        let seconds = days * 86_400 + number(11..13)? * 3_600 + number(14..16)? * 60 + number(17..19)?;
        // ".7" is 7 ms in v2.2 to v2.5, which do not pad.
        let millis = number(20..self.clock.len()).unwrap_or(0);
        Some((seconds * 1_000 + millis) * 1_000_000)
    }
}

/// Reads the header at the beginning of `line`, which has no line end.
#[must_use]
pub fn header(line: &[u8]) -> Option<Header<'_>> {
    parse(line).ok().map(|(_, header)| header)
}

/// Finds the first header that begins after the start of `text`: the position and the header.
///
/// What stands before it is an envelope, or the torn rest of another line.
#[must_use]
pub fn find_header(text: &[u8]) -> Option<(usize, Header<'_>)> {
    // The parenthesis with the nanoseconds is rarer than any level letter.
    memchr::memmem::find_iter(text, b" (").find_map(|paren| {
        // Letter, date and time before the parenthesis: 21 to 24 bytes, by the digits of the milliseconds.
        (22..=24).filter_map(|width| paren.checked_sub(width)).find_map(|at| header(&text[at..]).map(|h| (at, h)))
    })
}

fn parse(line: &[u8]) -> IResult<&[u8], Header<'_>> {
    let (rest, level) = one_of("DIWEF").parse(line)?;
    let (rest, clock) = clock(rest)?;
    let (rest, _) = tag(&b" ("[..]).parse(rest)?;
    let (rest, nanos) = take_while1(|b: u8| b.is_ascii_digit()).parse(rest)?;
    let (rest, _) = tag(&b" "[..]).parse(rest)?;
    let (rest, thread) = take_while_m_n(1, 20, |b: u8| b.is_ascii_hexdigit()).parse(rest)?;
    let (rest, _) = tag(&b") "[..]).parse(rest)?;
    let (rest, _) = take_while(|b| b == b' ').parse(rest)?;
    let (rest, context) = context(rest)?;
    let (body, file) = opt(place).parse(rest)?;
    let nanos = std::str::from_utf8(nanos).ok().and_then(|n| n.parse().ok()).unwrap_or(0);
    let level = u8::try_from(level).unwrap_or(b'?');
    Ok((&[], Header { level, clock, nanos, thread, context, file, body }))
}

fn clock(text: &[u8]) -> IResult<&[u8], &[u8]> {
    let digits = |n| take_while_m_n(n, n, |b: u8| b.is_ascii_digit());
    let mark = |c: &'static [u8]| tag(c);
    recognize((
        (digits(4), mark(b"-"), digits(2), mark(b"-"), digits(2), mark(b" ")),
        (digits(2), mark(b":"), digits(2), mark(b":"), digits(2), mark(b".")),
        take_while_m_n(1, 3, |b: u8| b.is_ascii_digit()),
    ))
    .parse(text)
}

/// The context up to its colon; with an empty context the colon comes at once.
fn context(text: &[u8]) -> IResult<&[u8], &[u8]> {
    terminated(take_until(&b": "[..]), tag(&b": "[..])).parse(text)
}

/// `file.cpp:123:function(): `; the function of a lambda is `operator()`.
fn place(text: &[u8]) -> IResult<&[u8], &[u8]> {
    let (rest, file) = take_while1(|b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-')).parse(text)?;
    let source = [&b".cpp"[..], b".h", b".cc", b".hpp"].iter().any(|end| file.ends_with(end));
    if !source {
        return Err(nom::Err::Error(nom::error::Error::new(text, nom::error::ErrorKind::Tag)));
    }
    let (rest, _) = (tag(&b":"[..]), take_while1(|b: u8| b.is_ascii_digit()), tag(&b":"[..])).parse(rest)?;
    let (rest, _) = terminated(take_until(&b"(): "[..]), tag(&b"(): "[..])).parse(rest)?;
    Ok((rest, file))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Option<(u8, i64, String, String, Option<String>, String)> {
        let text = |b: &[u8]| String::from_utf8_lossy(b).into_owned();
        header(line.as_bytes())
            .map(|h| (h.level, h.nanos, text(h.thread), text(h.task()), h.file.map(text), text(h.body)))
    }

    fn body_of(line: &str) -> Option<String> {
        read(line).map(|h| h.5)
    }

    #[test]
    fn every_dialect_is_read() {
        let dialects = [
            "D2020-11-20 10:00:00.007 (1605866400007123456 1a2b)   meta.meta_state0.0102000500000411: duplication_info.cpp:133:f(): text",
            "D2024-05-24 17:21:57.7 (1716542517007123456 121543)   meta.meta_state0.0102000500000411: duplication_info.cpp:135:operator()(): text",
            "I2026-11-23 14:25:12.771 (1795443912771476953 15055) meta.fd0.144179625470263297: duplication_info.cpp:316:~on_ping(): text",
            "W2024-10-22 10:37:21.827 (1729564641827424045 0088)   meta.meta_state0.01020003000003dd: text",
            "D1970-01-01 08:00:00.000 (0 1f)  mimic.io-thrd.00031: text",
            "E2024-05-24 17:21:57.120 (1716542517120000000 7) : text",
        ];
        for line in dialects {
            assert_eq!(body_of(line).as_deref(), Some("text"), "{line}");
        }
        assert_eq!(read(dialects[0]).map(|h| (h.3, h.4)), Some(("0102000500000411".into(), Some("duplication_info.cpp".into()))));
        assert_eq!(read(dialects[3]).map(|h| h.4), Some(None));
    }

    #[test]
    fn a_body_that_looks_like_a_place_stays_a_body() {
        let line = "I2026-11-23 14:25:12.771 (1795443912771476953 15055) meta.fd0.1: app(x): ok";
        assert_eq!(body_of(line).as_deref(), Some("app(x): ok"));
    }

    #[test]
    fn what_is_no_header_is_refused() {
        for line in ["", "I", "I2026-11-23", "X2026-11-23 14:25:12.771 (1 2) a: b", "I2026-11-23 14:25:12.771 (x 2) a: b", "I2026-11-23 14:25:12.771 (1 2) ab"] {
            assert!(header(line.as_bytes()).is_none(), "{line}");
        }
    }

    #[test]
    fn unpadded_milliseconds_are_milliseconds() {
        let clock = |text: &str| header(text.as_bytes()).and_then(|h| h.clock_nanos());
        assert_eq!(clock("D2024-05-24 17:21:57.7 (1 2) a: b"), Some(1_716_571_317_007_000_000));
        assert_eq!(clock("D2024-05-24 17:21:57.007 (1 2) a: b"), Some(1_716_571_317_007_000_000));
        assert_eq!(clock("D2024-13-24 17:21:57.007 (1 2) a: b"), None);
    }

    #[test]
    fn a_header_within_a_line_is_found() {
        let glued = b"update_err = ERR_NO_NEED_OPERATEE2024-05-24 17:21:57.7 (1716542517007123456 12) meta.x: b";
        assert_eq!(find_header(glued).map(|(at, h)| (at, h.level)), Some((32, b'E')));
        assert_eq!(find_header(b"nothing (here)"), None);
    }
}
