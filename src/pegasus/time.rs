//! Log time: nanoseconds since the epoch, as the header's parenthesis has them.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use std::iter::Sum;
use std::ops::{Add, Neg, Sub};

/// A moment in nanoseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct LogTime(pub i64);

impl LogTime {
    /// The beginning of a second since the epoch, as duplication ids count them.
    #[must_use]
    pub const fn from_secs(seconds: i64) -> Self {
        Self(TimeDelta::secs(seconds).0)
    }

    /// The time from `earlier` to `self`; zero when `earlier` is later, as clocks of two servers may have it.
    #[must_use]
    pub const fn since(self, earlier: Self) -> TimeDelta {
        let gap = self.0.saturating_sub(earlier.0);
        TimeDelta(if gap < 0 { 0 } else { gap })
    }

    /// Seconds since the epoch.
    #[must_use]
    pub const fn secs(self) -> i64 {
        self.0.div_euclid(1_000_000_000)
    }

    /// Milliseconds since the epoch.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// The moment in UTC.
    #[must_use]
    pub fn utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_nanos(self.0)
    }

    /// RFC 3339 in UTC to the millisecond, as reports print it.
    #[must_use]
    pub fn rfc3339(self) -> String {
        self.utc().to_rfc3339_opts(SecondsFormat::Millis, true)
    }
}

/// A length of time in nanoseconds, negative where something is early. Times come from log text, which may hold any number:
/// arithmetic stops at the ends of the range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct TimeDelta(pub i64);

impl TimeDelta {
    /// No time at all.
    pub const ZERO: Self = Self(0);
    /// Longer than anything.
    pub const MAX: Self = Self(i64::MAX);

    /// So many milliseconds.
    #[must_use]
    pub const fn millis(n: i64) -> Self {
        Self(n.saturating_mul(1_000_000))
    }

    /// So many seconds.
    #[must_use]
    pub const fn secs(n: i64) -> Self {
        Self(n.saturating_mul(1_000_000_000))
    }

    /// So many minutes.
    #[must_use]
    pub const fn mins(n: i64) -> Self {
        Self::secs(n.saturating_mul(60))
    }

    /// So many hours.
    #[must_use]
    pub const fn hours(n: i64) -> Self {
        Self::mins(n.saturating_mul(60))
    }

    /// So many days of 24 hours.
    #[must_use]
    pub const fn days(n: i64) -> Self {
        Self::hours(n.saturating_mul(24))
    }

    /// Whole seconds.
    #[must_use]
    pub const fn as_secs(self) -> i64 {
        self.0 / 1_000_000_000
    }

    /// Whole milliseconds.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0 / 1_000_000
    }

    /// The nearest multiple of `unit`.
    #[must_use]
    pub const fn rounded(self, unit: Self) -> Self {
        Self(self.0.saturating_add(unit.0 / 2).div_euclid(unit.0).saturating_mul(unit.0))
    }

    /// Without its sign.
    #[must_use]
    pub const fn abs(self) -> Self {
        Self(self.0.saturating_abs())
    }
}

impl From<TimeDelta> for std::time::Duration {
    fn from(delta: TimeDelta) -> Self {
        Self::from_nanos(u64::try_from(delta.0).unwrap_or(0))
    }
}

impl Add<TimeDelta> for LogTime {
    type Output = Self;

    fn add(self, delta: TimeDelta) -> Self {
        Self(self.0.saturating_add(delta.0))
    }
}

impl Sub<TimeDelta> for LogTime {
    type Output = Self;

    fn sub(self, delta: TimeDelta) -> Self {
        Self(self.0.saturating_sub(delta.0))
    }
}

impl Sub for LogTime {
    type Output = TimeDelta;

    fn sub(self, other: Self) -> TimeDelta {
        TimeDelta(self.0.saturating_sub(other.0))
    }
}

impl Add for TimeDelta {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for TimeDelta {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Neg for TimeDelta {
    type Output = Self;

    fn neg(self) -> Self {
        Self(self.0.saturating_neg())
    }
}

impl Sum for TimeDelta {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::ZERO, Add::add)
    }
}

/// Reads a duration such as `90s`, `30m`, `2h`, `1h30m` or `3d`.
pub fn parse_duration(text: &str) -> Option<TimeDelta> {
    let mut rest = text.trim();
    let mut total: i64 = 0;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, tail) = rest.split_at(digits);
        let letters = tail.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (unit, tail) = tail.split_at(letters);
        let unit = match unit {
            "ms" => TimeDelta::millis(1),
            "s" => TimeDelta::secs(1),
            "m" | "min" => TimeDelta::mins(1),
            "h" => TimeDelta::hours(1),
            "d" => TimeDelta::days(1),
            "w" => TimeDelta::days(7),
            _ => return None,
        };
        total = total.checked_add(number.parse::<i64>().ok()?.checked_mul(unit.0)?)?;
        rest = tail.trim_start();
    }
    Some(TimeDelta(total))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read() {
        assert_eq!(parse_duration("1h30m"), Some(TimeDelta::mins(90)));
        assert_eq!(parse_duration("90s"), Some(TimeDelta::secs(90)));
        assert_eq!(parse_duration("5"), None);
        assert_eq!(parse_duration("x"), None);
        assert_eq!(parse_duration(""), None);
        assert_eq!(parse_duration("99999999999999d"), None);
    }

    #[test]
    fn times_are_printed_to_the_millisecond() {
        assert_eq!(LogTime(1_716_542_517_120_456_789).rfc3339(), "2024-05-24T09:21:57.120Z");
        assert_eq!(LogTime(1_716_542_517_120_456_789).millis(), 1_716_542_517_120);
    }
}
