//! The zone in which times are shown.

use crate::pegasus::LogTime;
use crate::report::InputEntry;
use chrono::{FixedOffset, Local, Offset, TimeZone};

/// The zone in which times are shown.
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
}

impl Zone {
    /// Reads `log`, `local`, `utc`, `Z`, `+08:00`, `+0800`, `-03:30` or `+8`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        for (name, zone) in [("log", Self::Log), ("utc", Self::Utc), ("z", Self::Utc), ("local", Self::Local)] {
            if text.eq_ignore_ascii_case(name) {
                return Some(zone);
            }
        }
        let whole = match text.len() {
            2 => format!("{}0{}:00", text.get(..1)?, text.get(1..)?),
            3 => format!("{text}:00"),
            _ => text.to_owned(),
        };
        let offset: FixedOffset = whole.parse().ok()?;
        Some(Self::Fixed(offset.local_minus_utc()))
    }

    /// [`Zone::Log`] replaced by the offset that all inputs share, or by UTC when they share none.
    ///
    /// Histories carry no offsets, so the text of a timeline takes `Log` for UTC; settle it before.
    #[must_use]
    pub fn settled(self, inputs: &[InputEntry]) -> Self {
        match self {
            Self::Log => common_offset(inputs).map_or(Self::Utc, Self::Fixed),
            Self::Utc | Self::Fixed(_) | Self::Local => self,
        }
    }

    /// Seconds east of UTC at that moment; nothing for [`Zone::Log`], which only the inputs know.
    pub(super) fn offset(self, at: LogTime) -> Option<i32> {
        match self {
            Self::Log => None,
            Self::Utc => Some(0),
            Self::Fixed(seconds) => Some(seconds),
            Self::Local => Some(Local.offset_from_utc_datetime(&at.utc().naive_utc()).fix().local_minus_utc()),
        }
    }
}

/// The offset that all inputs with a known one share, in seconds.
pub(super) fn common_offset(inputs: &[InputEntry]) -> Option<i32> {
    let mut known = inputs.iter().filter_map(offset_of);
    let first = known.next()?;
    known.all(|o| o == first).then_some(first)
}

/// An input's offset in seconds, if a zone on Earth can have it.
pub(super) fn offset_of(input: &InputEntry) -> Option<i32> {
    let minutes = i32::try_from(input.utc_offset_minutes?).ok()?;
    (minutes.abs() < 24 * 60).then_some(minutes * 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::samples;

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
        for wrong in ["", "+", "08:00", "+24:00", "+08:60", "+8:5", "+080", "++8", "+-8", "CET", "＋8"] {
            assert_eq!(Zone::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_logs_zone_is_what_the_inputs_agree_on() {
        let mut inputs = samples::stuck().inputs;
        assert_eq!(Zone::Log.settled(&inputs), Zone::Fixed(28_800));
        assert_eq!(Zone::Utc.settled(&inputs), Zone::Utc);
        inputs[0].utc_offset_minutes = Some(60);
        assert_eq!(Zone::Log.settled(&inputs), Zone::Utc);
        assert_eq!(Zone::Log.settled(&[]), Zone::Utc);
    }
}
