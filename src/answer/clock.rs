//! Times in transcripts: of prompts, of `date`, of `script`, of HTTP headers.

use crate::pegasus::{LogTime, TimeDelta};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime};
use regex::Regex;
use std::sync::LazyLock;

/// A moment as a text has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum When {
    /// With a zone.
    At(LogTime),
    /// What a clock without a zone shows, read as if it were UTC.
    Clock(LogTime),
}

impl When {
    /// The moment, with the zone (clock minus UTC) that a clock without one is of.
    pub fn resolve(self, zone: TimeDelta) -> LogTime {
        match self {
            Self::At(at) => at,
            Self::Clock(clock) => clock - zone,
        }
    }
}

static ISO: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(\d{4})[-/](\d\d)[-/](\d\d)[T _](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?\s?(Z\b|UTC\b|GMT\b|[+-]\d\d:?\d\d\b)?").ok()
});
static WORDS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\s+(\d{1,2})\s+(\d\d):(\d\d):(\d\d)(?:\s([AP]M))?(?:\s([A-Z]{2,5}|[+-]\d{2,4}))?\s(\d{4})\b").ok()
});
static HTTP: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\b(\d{1,2}) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (\d{4}) (\d\d):(\d\d):(\d\d) GMT\b").ok());

/// The first moment in a text.
pub(crate) fn moment(text: &str) -> Option<When> {
    iso(text).or_else(|| http(text)).or_else(|| words(text))
}

/// A clock text such as `2024-05-24 17:21:57` read as if it were UTC, whatever stands behind it.
pub(crate) fn clock(text: &str) -> Option<LogTime> {
    match iso(text)? {
        When::Clock(at) | When::At(at) => Some(at),
    }
}

fn iso(text: &str) -> Option<When> {
    let found = ISO.as_ref()?.captures(text)?;
    let part = |n: usize| found.get(n).and_then(|m| m.as_str().parse::<u32>().ok());
    let date = NaiveDate::from_ymd_opt(found[1].parse().ok()?, part(2)?, part(3)?)?;
    let time = NaiveTime::from_hms_opt(part(4)?, part(5)?, part(6)?)?;
    let fraction = found.get(7).map_or(0, |m| format!("{:0<9}", m.as_str()).parse().unwrap_or(0));
    let at = LogTime(NaiveDateTime::new(date, time).and_utc().timestamp_nanos_opt()?) + TimeDelta(fraction);
    match found.get(8).map(|m| m.as_str()) {
        None => Some(When::Clock(at)),
        Some("Z" | "UTC" | "GMT") => Some(When::At(at)),
        Some(offset) => Some(When::At(at - zone(offset)?)),
    }
}

/// `+0800`, `+08:00` or `+08`.
fn zone(text: &str) -> Option<TimeDelta> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let hours: i64 = digits.get(..2)?.parse().ok()?;
    let minutes: i64 = digits.get(2..).filter(|m| !m.is_empty()).map_or(Some(0), |m| m.parse().ok())?;
    let offset = TimeDelta::mins(hours * 60 + minutes);
    Some(if text.starts_with('-') { -offset } else { offset })
}

fn http(text: &str) -> Option<When> {
    let found = HTTP.as_ref()?.find(text)?;
    let at = DateTime::parse_from_rfc2822(&found.as_str().replace("GMT", "+0000")).ok()?;
    Some(When::At(LogTime(at.timestamp_nanos_opt()?)))
}

/// What `date` prints. Letters such as CST name several zones; only UTC and GMT are believed.
fn words(text: &str) -> Option<When> {
    let found = WORDS.as_ref()?.captures(text)?;
    let number = |n: usize| found.get(n).and_then(|m| m.as_str().parse::<u32>().ok());
    let month = "JanFebMarAprMayJunJulAugSepOctNovDec".find(&found[1])? / 3 + 1;
    let date = NaiveDate::from_ymd_opt(found[8].parse().ok()?, u32::try_from(month).ok()?, number(2)?)?;
    let hour = match (number(3)?, found.get(6).map(|m| m.as_str())) {
        (12, Some("AM")) => 0,
        (hour, Some("PM")) if hour < 12 => hour + 12,
        (hour, _) => hour,
    };
    let time = NaiveTime::from_hms_opt(hour, number(4)?, number(5)?)?;
    let at = LogTime(NaiveDateTime::new(date, time).and_utc().timestamp_nanos_opt()?);
    match found.get(7).map(|m| m.as_str()) {
        Some("UTC" | "GMT") => Some(When::At(at)),
        Some(offset) if offset.starts_with(['+', '-']) => Some(When::At(at - zone(offset)?)),
        _ => Some(When::Clock(at)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: LogTime = LogTime::from_secs(1_716_542_517);
    const HOURS_8: TimeDelta = TimeDelta::hours(8);

    #[test]
    fn times_are_read_in_every_form() {
        assert_eq!(moment("[2024-05-24 17:21:57] >>>"), Some(When::Clock(AT + HOURS_8)));
        assert_eq!(moment("2024-05-24T17:21:57.250+08:00 $"), Some(When::At(AT + TimeDelta::millis(250))));
        assert_eq!(moment("Script started on 2024-05-24 17:21:57+0800"), Some(When::At(AT)));
        assert_eq!(moment("< Date: Fri, 24 May 2024 09:21:57 GMT"), Some(When::At(AT)));
        assert_eq!(moment("Fri May 24 17:21:57 CST 2024"), Some(When::Clock(AT + HOURS_8)));
        assert_eq!(moment("Fri May 24 09:21:57 AM UTC 2024"), Some(When::At(AT)));
        assert_eq!(moment("2024-13-24 17:21:57"), None);
        assert_eq!(moment("nothing"), None);
    }
}
