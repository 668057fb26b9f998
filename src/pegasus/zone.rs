//! The zone in which times are typed and shown.

use super::time::LogTime;
use chrono::{FixedOffset, Local, NaiveDateTime, Offset, TimeZone};
use chrono_tz::Tz;

/// The zone in which times are typed and shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Zone {
    /// That of the servers' own clocks, as the logs show it.
    #[default]
    Log,
    /// UTC.
    Utc,
    /// Seconds east of UTC.
    Fixed(i32),
    /// That of this machine.
    Local,
    /// One of the zones that the time zone database names, such as `Asia/Shanghai`.
    Named(Tz),
}

impl Zone {
    /// Reads `log`, `local`, `utc`, `Z`, `+08:00`, `+0800`, `-03:30`, `+8` or `Asia/Shanghai`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        for (name, zone) in [("log", Self::Log), ("utc", Self::Utc), ("z", Self::Utc), ("local", Self::Local)] {
            if text.eq_ignore_ascii_case(name) {
                return Some(zone);
            }
        }
        if let Ok(named) = Tz::from_str_insensitive(text) {
            return Some(Self::Named(named));
        }
        let whole = match text.len() {
            2 => format!("{}0{}:00", text.get(..1)?, text.get(1..)?),
            3 => format!("{text}:00"),
            _ => text.to_owned(),
        };
        let offset: FixedOffset = whole.parse().ok()?;
        Some(Self::Fixed(offset.local_minus_utc()))
    }

    /// Seconds east of UTC at that moment; nothing for [`Zone::Log`], which only the inputs know.
    #[must_use]
    pub fn offset(self, at: LogTime) -> Option<i32> {
        let utc = || at.utc().naive_utc();
        match self {
            Self::Log => None,
            Self::Utc => Some(0),
            Self::Fixed(seconds) => Some(seconds),
            Self::Local => Some(Local.offset_from_utc_datetime(&utc()).fix().local_minus_utc()),
            Self::Named(zone) => Some(zone.offset_from_utc_datetime(&utc()).fix().local_minus_utc()),
        }
    }

    /// The moment at which clocks of the zone show that; nothing for [`Zone::Log`], and for hours that are skipped in spring.
    #[must_use]
    pub fn moment(self, clock: NaiveDateTime) -> Option<LogTime> {
        let at = match self {
            Self::Log => return None,
            Self::Utc => Some(clock.and_utc()),
            Self::Fixed(seconds) => FixedOffset::east_opt(seconds)?.from_local_datetime(&clock).earliest().map(|at| at.to_utc()),
            Self::Local => Local.from_local_datetime(&clock).earliest().map(|at| at.to_utc()),
            Self::Named(zone) => zone.from_local_datetime(&clock).earliest().map(|at| at.to_utc()),
        };
        at?.timestamp_nanos_opt().map(LogTime)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_read_in_every_spelling() {
        assert_eq!(Zone::parse("log"), Some(Zone::Log));
        assert_eq!(Zone::parse("Z"), Some(Zone::Utc));
        assert_eq!(Zone::parse("UTC"), Some(Zone::Utc));
        assert_eq!(Zone::parse("Local"), Some(Zone::Local));
        assert_eq!(Zone::parse("+08:00"), Some(Zone::Fixed(28_800)));
        assert_eq!(Zone::parse("+0800"), Some(Zone::Fixed(28_800)));
        assert_eq!(Zone::parse("+8"), Some(Zone::Fixed(28_800)));
        assert_eq!(Zone::parse("-03:30"), Some(Zone::Fixed(-12_600)));
        assert_eq!(Zone::parse("asia/shanghai"), Some(Zone::Named(Tz::Asia__Shanghai)));
        for wrong in ["", "+", "08:00", "+24:00", "+08:60", "+8:5", "+080", "++8", "+-8", "Asia/Nowhere", "＋8"] {
            assert_eq!(Zone::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn summer_time_counts_where_it_was() {
        let berlin = Zone::Named(Tz::Europe__Berlin);
        // 2024-05-24 09:21:57 UTC, and half a year before.
        let (summer, winter) = (LogTime::from_secs(1_716_542_517), LogTime::from_secs(1_700_731_317));
        assert_eq!((berlin.offset(summer), berlin.offset(winter)), (Some(7_200), Some(3_600)));
        let clock = NaiveDateTime::parse_from_str("2024-05-24 11:21:57", "%Y-%m-%d %H:%M:%S").ok();
        assert_eq!(clock.and_then(|clock| berlin.moment(clock)), Some(summer));
    }
}
