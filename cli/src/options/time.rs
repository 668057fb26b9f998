//! Moments on the command line.

use anyhow::{Result, anyhow};
use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeZone};
use dupdoctor::ingest::Moment;
use dupdoctor::pegasus::{LogTime, TimeDelta, parse_duration};
use dupdoctor::render::Zone;

/// The clock of this machine.
pub(super) fn now() -> LogTime {
    LogTime(chrono::Utc::now().timestamp_nanos_opt().unwrap_or_default())
}

/// Reads the moment of `option`; a clock without a zone is the servers' own unless `--tz` names one.
pub(super) fn parse(option: &str, text: &str, zone: Zone) -> Result<Moment> {
    let wrong = || {
        anyhow!(
            "invalid value {text:?} for {option}: use RFC 3339 (2024-05-24T09:21:57Z), a clock of the servers (\"2024-05-24 17:21:57\"), or a length of time before the last line (2h)"
        )
    };
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return at.timestamp_nanos_opt().map(|n| Moment::At(LogTime(n))).ok_or_else(wrong);
    }
    if let Some(ago) = parse_duration(text) {
        return Ok(Moment::Ago(ago));
    }
    let clock = ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M"]
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
        .or_else(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?.and_hms_opt(0, 0, 0))
        .ok_or_else(wrong)?;
    let nanos = clock.and_utc().timestamp_nanos_opt().ok_or_else(wrong)?;
    Ok(match zone {
        Zone::Log => Moment::Local(LogTime(nanos)),
        Zone::Utc => Moment::At(LogTime(nanos)),
        Zone::Fixed(east) => Moment::At(LogTime(nanos) - TimeDelta::secs(i64::from(east))),
        Zone::Local => {
            let at = chrono::Local.from_local_datetime(&clock).earliest().ok_or_else(wrong)?;
            Moment::At(LogTime(at.timestamp_nanos_opt().ok_or_else(wrong)?))
        }
    })
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
        let read = |text: &str, zone| parse("--since", text, zone).ok();
        let at = LogTime(1_716_542_517_000_000_000);
        assert_eq!(read("2024-05-24T09:21:57Z", Zone::Log), Some(Moment::At(at)));
        assert_eq!(read("2024-05-24T17:21:57+08:00", Zone::Log), Some(Moment::At(at)));
        assert_eq!(read("2024-05-24 17:21:57", Zone::Log), Some(Moment::Local(LogTime::from_secs(1_716_571_317))));
        assert_eq!(read("2024-05-24 17:21:57", Zone::Fixed(28_800)), Some(Moment::At(at)));
        assert_eq!(read("2h", Zone::Log), Some(Moment::Ago(TimeDelta::hours(2))));
        assert_eq!(read("yesterday", Zone::Log), None);
    }
}
