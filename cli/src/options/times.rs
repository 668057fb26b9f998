//! Lengths of time and moments, as they are typed.

use anyhow::{Result, anyhow};
use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeZone};
use dupdoctor::internal::pegasus::parse_duration;
use dupdoctor::{LogTime, Moment, TimeDelta, Zone};

/// Reads a duration such as `30s`.
pub(crate) fn duration(text: &str) -> Result<TimeDelta, String> {
    parse_duration(text).ok_or_else(|| format!("invalid duration {text:?}; try 90s, 30m or 2h"))
}

pub(crate) fn nonzero_duration(text: &str) -> Result<TimeDelta, String> {
    duration(text).and_then(|d| if d > TimeDelta::ZERO { Ok(d) } else { Err("it must be longer than 0, such as 30s".to_owned()) })
}

/// Reads the moment of `option`; a clock without a zone is the servers' own unless `--tz` names one.
pub(super) fn moment(option: &str, text: &str, zone: Zone) -> Result<Moment> {
    let wrong = || {
        anyhow!(
            "invalid value {text:?} for {option}: use RFC 3339 (2024-05-24T09:21:57Z), the servers' clock (\"2024-05-24 17:21:57\"), or a duration before the last line (2h)"
        )
    };
    let at = |nanos: Option<i64>| nanos.map(|n| Moment::At(LogTime(n))).ok_or_else(wrong);
    if let Ok(typed) = DateTime::parse_from_rfc3339(text) {
        return at(typed.timestamp_nanos_opt());
    }
    if let Some(ago) = parse_duration(text) {
        return Ok(Moment::Ago(ago));
    }
    let clock = ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M"]
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
        .or_else(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?.and_hms_opt(0, 0, 0))
        .ok_or_else(wrong)?;
    let utc = clock.and_utc().timestamp_nanos_opt();
    match zone {
        Zone::Log => utc.map(|nanos| Moment::Local(LogTime(nanos))).ok_or_else(wrong),
        Zone::Utc => at(utc),
        Zone::Fixed(east) => utc.map(|nanos| Moment::At(LogTime(nanos) - TimeDelta::secs(east.into()))).ok_or_else(wrong),
        Zone::Local => at(chrono::Local.from_local_datetime(&clock).earliest().and_then(|at| at.timestamp_nanos_opt())),
    }
}

/// Whether no moment can lie between the two, as far as that can be told before the logs are read.
pub(super) fn excludes_all(since: Option<Moment>, until: Option<Moment>) -> bool {
    match (since, until) {
        (Some(Moment::At(since)), Some(Moment::At(until))) | (Some(Moment::Local(since)), Some(Moment::Local(until))) => since > until,
        (Some(Moment::Ago(since)), Some(Moment::Ago(until))) => since < until,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read() {
        let read = |text: &str, zone| moment("--since", text, zone).ok();
        let at = LogTime(1_716_542_517_000_000_000);
        assert_eq!(read("2024-05-24T09:21:57Z", Zone::Log), Some(Moment::At(at)));
        assert_eq!(read("2024-05-24T17:21:57+08:00", Zone::Log), Some(Moment::At(at)));
        assert_eq!(read("2024-05-24 17:21:57", Zone::Log), Some(Moment::Local(LogTime::from_secs(1_716_571_317))));
        assert_eq!(read("2024-05-24 17:21:57", Zone::Fixed(28_800)), Some(Moment::At(at)));
        assert_eq!(read("2h", Zone::Log), Some(Moment::Ago(TimeDelta::hours(2))));
        assert_eq!(read("yesterday", Zone::Log), None);
    }
}
