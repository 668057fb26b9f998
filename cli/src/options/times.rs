//! Lengths of time and moments, as they are typed.

use anyhow::{Result, anyhow};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime};
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
            "invalid value {text:?} for {option}: use a duration before the last line (2h), a time of the day (14:45, \"yesterday 14:45\"), \
             the servers' clock (\"2024-05-24 17:21:57\"), or RFC 3339 (2024-05-24T09:21:57Z)"
        )
    };
    let text = text.trim();
    if let Ok(typed) = DateTime::parse_from_rfc3339(text) {
        return typed.timestamp_nanos_opt().map(|nanos| Moment::At(LogTime(nanos))).ok_or_else(wrong);
    }
    if let Some(ago) = parse_duration(text.strip_prefix('-').unwrap_or(text)) {
        return Ok(Moment::Ago(ago));
    }
    if let Some((days_before, clock)) = time_of_day(text) {
        return Ok(Moment::Clock { days_before, clock, zone });
    }
    let clock = ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M"]
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
        .or_else(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?.and_hms_opt(0, 0, 0))
        .ok_or_else(wrong)?;
    match zone {
        Zone::Log => clock.and_utc().timestamp_nanos_opt().map(|nanos| Moment::Local(LogTime(nanos))),
        Zone::Utc | Zone::Fixed(_) | Zone::Local | Zone::Named(_) => zone.moment(clock).map(Moment::At),
    }
    .ok_or_else(wrong)
}

/// `14:45`, `yesterday`, `today 14:45:30`: days before the last line's, and the time since midnight.
fn time_of_day(text: &str) -> Option<(Option<u32>, TimeDelta)> {
    let (day, clock) = text.split_once(' ').map_or((text, None), |(day, clock)| (day, Some(clock.trim())));
    let since_midnight = |clock: &str| {
        let time = ["%H:%M:%S%.f", "%H:%M"].iter().find_map(|form| NaiveTime::parse_from_str(clock, form).ok())?;
        (time - NaiveTime::MIN).num_nanoseconds().map(TimeDelta)
    };
    let days_before = match day.to_lowercase().as_str() {
        "today" => 0,
        "yesterday" => 1,
        _ => return if clock.is_none() { since_midnight(day).map(|clock| (None, clock)) } else { None },
    };
    clock.map_or(Some(TimeDelta::ZERO), since_midnight).map(|clock| (Some(days_before), clock))
}

/// The moment where `now` stands for the last line: a pipe can be read only once.
pub(super) fn counted_from(moment: Moment, now: LogTime) -> Moment {
    match moment {
        // The servers' zone is not known yet; their day is taken for this machine's.
        Moment::Clock { days_before, clock, zone: Zone::Log } => {
            let here = Moment::Clock { days_before, clock, zone: Zone::Local }.settled(now, TimeDelta::ZERO);
            Moment::Local(here + TimeDelta::secs(Zone::Local.offset(here).unwrap_or_default().into()))
        }
        Moment::Ago(_) | Moment::Clock { .. } => Moment::At(moment.settled(now, TimeDelta::ZERO)),
        Moment::At(_) | Moment::Local(_) => moment,
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
        assert_eq!(read("-2h", Zone::Log), Some(Moment::Ago(TimeDelta::hours(2))));
        let clock = |days_before, minutes, zone| Some(Moment::Clock { days_before, clock: TimeDelta::mins(minutes), zone });
        assert_eq!(read("yesterday", Zone::Log), clock(Some(1), 0, Zone::Log));
        assert_eq!(read("14:45", Zone::Utc), clock(None, 885, Zone::Utc));
        assert_eq!(read("Today 14:45", Zone::Log), clock(Some(0), 885, Zone::Log));
        for wrong in ["tomorrow", "25:00", "yesterday noon", "14:45 today", "--2h", ""] {
            assert_eq!(read(wrong, Zone::Log), None, "{wrong}");
        }
    }

    #[test]
    fn a_time_of_the_day_counts_back_from_the_last_line() {
        // 17:21:57 in +08:00.
        let last = LogTime::from_secs(1_716_542_517);
        let settled = |text: &str, zone| moment("--since", text, zone).ok().map(|m| m.settled(last, TimeDelta::hours(8)).rfc3339());
        assert_eq!(settled("17:00", Zone::Log).as_deref(), Some("2024-05-24T09:00:00.000Z"));
        assert_eq!(settled("18:00", Zone::Log).as_deref(), Some("2024-05-23T10:00:00.000Z"));
        assert_eq!(settled("today 18:00", Zone::Log).as_deref(), Some("2024-05-24T10:00:00.000Z"));
        assert_eq!(settled("yesterday", Zone::Log).as_deref(), Some("2024-05-22T16:00:00.000Z"));
        assert_eq!(settled("09:00", Zone::Utc).as_deref(), Some("2024-05-24T09:00:00.000Z"));
    }
}
