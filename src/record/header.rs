//! The log header of every release, read by one tolerant parser.
//!
//! `<L><local time> (<ns> <tid>) <context>: [<file>:<line>:<function>(): ]<body>`; source:
//! `simple_logger.cpp` and `service_api_c.cpp` of each release. Body wording is never bound to a
//! header style, since vendor branches mix both.

use nom::bytes::complete::{tag, take_until, take_while, take_while_m_n, take_while1};
use nom::character::complete::one_of;
use nom::combinator::recognize;
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
    pub fn task(&self) -> &'a [u8] {
        match memchr::memrchr(b'.', self.context) {
            Some(dot) if self.context.len() - dot > 12 => &self.context[dot + 1..],
            _ => &[],
        }
    }

    /// Seconds of the clock text read as if it were UTC, with milliseconds, in nanoseconds.
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
        (seconds * 1_000).checked_add(millis)?.checked_mul(1_000_000)
    }
}

/// Reads the header at the beginning of `line`, which has no line end.
#[must_use]
pub fn header(line: &[u8]) -> Option<Header<'_>> {
    quick(line).or_else(|| parse(line).ok().map(|(_, header)| header))
}

/// Finds the first header that begins after the start of `text`: the position and the header.
///
/// What stands before it is an envelope, or the torn rest of another line.
pub(crate) fn find_header(text: &[u8]) -> Option<(usize, Header<'_>)> {
    // The parenthesis with the nanoseconds is rarer than any level letter.
    memchr::memchr_iter(b'(', text).find_map(|paren| {
        // Letter, date and time before the parenthesis and its space: 22 to 24 bytes, by the digits of the milliseconds.
        (23..=25).filter_map(|width| paren.checked_sub(width)).find_map(|at| {
            let here = matches!(text[at], b'D' | b'I' | b'W' | b'E' | b'F') && text[at + 1].is_ascii_digit();
            if here { header(&text[at..]).map(|h| (at, h)) } else { None }
        })
    })
}

/// The form that nearly every line has, at a tenth of the price; whatever it refuses, [`parse`] decides.
fn quick(line: &[u8]) -> Option<Header<'_>> {
    /// What the clock looks like: digits stand for digits.
    const CLOCK: &[u8; 20] = b"0000-00-00 00:00:00.";
    let (&level, rest) = line.split_first()?;
    let shape = rest.first_chunk::<20>()?;
    let fits = shape.iter().zip(CLOCK).all(|(b, c)| if *c == b'0' { b.is_ascii_digit() } else { b == c });
    if !fits || !matches!(level, b'D' | b'I' | b'W' | b'E' | b'F') {
        return None;
    }
    let digits = |text: &[u8], from: usize| text[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let end = 20 + digits(&rest[..rest.len().min(23)], 20);
    let (clock, rest) = rest.split_at(end);
    let rest = rest.strip_prefix(b" (")?;
    let end = digits(&rest[..rest.len().min(20)], 0);
    // More than 19 digits may not fit.
    if end == 0 || end > 19 || clock.len() == 20 {
        return None;
    }
    let nanos = rest[..end].iter().fold(0_u64, |n, b| n * 10 + u64::from(b - b'0'));
    let rest = rest[end..].strip_prefix(b" ")?;
    let end = rest.iter().take(21).take_while(|b| b.is_ascii_hexdigit()).count();
    let (thread, rest) = rest.split_at(end);
    let rest = rest.strip_prefix(b") ")?;
    if end == 0 || end > 20 {
        return None;
    }
    let rest = &rest[rest.iter().take_while(|b| **b == b' ').count()..];
    let colon = memchr::memchr_iter(b':', rest).find(|&at| rest.get(at + 1) == Some(&b' '))?;
    let (context, rest) = (&rest[..colon], &rest[colon + 2..]);
    let (body, file) = place(rest).map_or((rest, None), |(body, file)| (body, Some(file)));
    Some(Header { level, clock, nanos: i64::try_from(nanos).unwrap_or(0), thread, context, file, body })
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
    let (body, file) = place(rest).map_or((rest, None), |(body, file)| (body, Some(file)));
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

/// `file.cpp:123:function(): `; the function of a lambda is `operator()`. What follows it, and the file.
fn place(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let (file, rest) = text.split_at(memchr::memchr(b':', text)?);
    // Most bodies without a place fail here.
    if ![&b".cpp"[..], b".h", b".cc", b".hpp"].iter().any(|end| file.ends_with(end)) {
        return None;
    }
    if !file.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-')) {
        return None;
    }
    let rest = &rest[1..];
    let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    let rest = rest[digits..].strip_prefix(b":").filter(|_| digits > 0)?;
    // The blank before a message of no words may be cut off.
    let end = memchr::memchr_iter(b'(', rest).find(|&at| rest[at..].starts_with(b"(): ") || rest[at..] == *b"():")?;
    Some((rest.get(end + 4..).unwrap_or_default(), file))
}

/// Where in a text a source file begins that a place names.
pub(crate) fn place_in(text: &[u8]) -> Option<usize> {
    memchr::memchr_iter(b':', text).find_map(|colon| {
        let length = text[..colon].iter().rev().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-')).count();
        place(&text[colon - length..]).map(|_| colon - length)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Option<(u8, i64, String, String, Option<String>, String)> {
        let text = |b: &[u8]| String::from_utf8_lossy(b).into_owned();
        header(line.as_bytes()).map(|h| (h.level, h.nanos, text(h.thread), text(h.task()), h.file.map(text), text(h.body)))
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
        for line in [
            "",
            "I",
            "I2026-11-23",
            "X2026-11-23 14:25:12.771 (1 2) a: b",
            "I2026-11-23 14:25:12.771 (x 2) a: b",
            "I2026-11-23 14:25:12.771 (1 2) ab",
        ] {
            assert!(header(line.as_bytes()).is_none(), "{line}");
        }
    }

    #[test]
    fn the_quick_way_reads_as_the_thorough_one() {
        let line = b"E2024-08-07 18:52:42.537 (1723027962537681375 5005)   meta.meta_state0.0103: a.cpp:12:operator()(): text (): x";
        assert!(quick(line).is_some());
        // Every line that differs from a good one in one byte, or ends early.
        for at in 0..line.len() {
            for byte in *b"0 9f(:)-.xE~" {
                let mut torn = line.to_vec();
                torn[at] = byte;
                if let Some(header) = quick(&torn) {
                    assert_eq!(parse(&torn).ok().map(|(_, h)| h), Some(header), "{}", String::from_utf8_lossy(&torn));
                }
            }
            if let Some(header) = quick(&line[..at]) {
                assert_eq!(parse(&line[..at]).ok().map(|(_, h)| h), Some(header));
            }
        }
        for nanos in ["9223372036854775807", "9223372036854775808", "99999999999999999999", "0", "18446744073709551616"] {
            let text = format!("D2024-05-24 17:21:57.7 ({nanos} 2) a: b");
            assert_eq!(header(text.as_bytes()), parse(text.as_bytes()).ok().map(|(_, h)| h));
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
