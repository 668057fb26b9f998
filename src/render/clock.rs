//! Moments as people read them, in the zone that is asked for.

use crate::pegasus::LogTime;
use crate::pegasus::Zone;
use crate::render::zone::{common_offset, offset_of};
use crate::report::{InputEntry, Report, Time};
use chrono::{DateTime, FixedOffset, NaiveDate, Offset, Utc};
use std::collections::BTreeMap;

/// Shows moments; dates only where the logs are of more than one day.
pub(super) struct Clock {
    zone: Zone,
    common: i32,
    /// Offsets by input, when the inputs differ.
    by_path: BTreeMap<String, i32>,
    dated: bool,
}

impl Clock {
    /// A clock for logs that run from `first` to `last`.
    pub(super) fn new(zone: Zone, inputs: &[InputEntry], first: Option<Time>, last: Option<Time>) -> Self {
        let common = common_offset(inputs);
        let by_path = match (zone, common) {
            (Zone::Log, None) => inputs.iter().filter_map(|i| Some((i.path.clone(), offset_of(i)?))).collect(),
            _ => BTreeMap::new(),
        };
        let mut clock = Self { zone, common: common.unwrap_or(0), by_path, dated: true };
        clock.dated = match (first, last) {
            (Some(first), Some(last)) => clock.day(first.0) != clock.day(last.0),
            _ => true,
        };
        clock
    }

    /// A clock for all times of a report.
    pub(super) fn of(report: &Report, zone: Zone) -> Self {
        Self::new(zone, &report.inputs, report.window.first, report.window.last)
    }

    /// The same clock for what is read on another day: it always gives the date.
    pub(super) fn dated(self) -> Self {
        Self { dated: true, ..self }
    }

    fn offset(&self, at: LogTime) -> i32 {
        self.zone.offset(at).unwrap_or(self.common)
    }

    fn local(at: LogTime, offset: i32) -> DateTime<FixedOffset> {
        at.utc().with_timezone(&FixedOffset::east_opt(offset).unwrap_or_else(|| Utc.fix()))
    }

    fn show(&self, at: LogTime, format: &str) -> String {
        Self::local(at, self.offset(at)).format(format).to_string()
    }

    /// The day on which it is, here.
    pub(super) fn day(&self, at: LogTime) -> NaiveDate {
        Self::local(at, self.offset(at)).date_naive()
    }

    /// `17:22:18`, with month and day when the logs are of several days.
    pub(super) fn moment(&self, at: LogTime) -> String {
        self.show(at, if self.dated { "%m-%d %H:%M:%S" } else { "%H:%M:%S" })
    }

    /// `17:22:18.004`
    pub(super) fn precise(&self, at: LogTime) -> String {
        self.show(at, "%H:%M:%S%.3f")
    }

    /// The time of a line, in the zone of its own server when the servers' zones differ.
    pub(super) fn line(&self, at: LogTime, path: &str) -> String {
        let Some(&offset) = self.by_path.get(path) else {
            return self.show(at, if self.dated { "%m-%d %H:%M:%S%.3f" } else { "%H:%M:%S%.3f" });
        };
        let time = Self::local(at, offset).format("%m-%d %H:%M:%S%.3f");
        format!("{time} {}", label(offset))
    }

    /// `17:22:18 … 19:36:07`; a day that both ends share is shown once.
    pub(super) fn range(&self, first: LogTime, last: LogTime) -> String {
        if first == last {
            return self.moment(first);
        }
        let end = if self.day(first) == self.day(last) { self.show(last, "%H:%M:%S") } else { self.moment(last) };
        format!("{} … {end}", self.moment(first))
    }

    /// `17:22:18 … 19:36:07 (+08:00)`; nothing where an end is not known.
    pub(super) fn span(&self, first: Option<Time>, last: Option<Time>) -> String {
        match (first, last) {
            (Some(first), Some(last)) => format!("{} ({})", self.range(first.0, last.0), self.label(first.0)),
            _ => String::new(),
        }
    }

    /// `2024-05-24 17:21 … 19:36 +08:00`
    pub(super) fn window(&self, first: LogTime, last: LogTime) -> String {
        let format = if self.day(first) == self.day(last) { "%H:%M" } else { "%Y-%m-%d %H:%M" };
        let (begin, end) = (self.show(first, "%Y-%m-%d %H:%M"), self.show(last, format));
        match (self.label(first), self.label(last)) {
            (one, other) if one == other => format!("{begin} … {end} {other}"),
            (one, other) => format!("{begin} {one} … {end} {other}"),
        }
    }

    /// The offset from UTC, in minutes.
    pub(super) fn minutes(&self, at: LogTime) -> i32 {
        self.offset(at) / 60
    }

    /// `+08:00` or `UTC`.
    pub(super) fn label(&self, at: LogTime) -> String {
        label(self.offset(at))
    }

    /// The text with its times, which the report has in UTC, shown here like all others.
    pub(super) fn in_text(&self, text: &str) -> String {
        const SHAPE: &[u8] = b"0000-00-00T00:00:00.000Z";
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(mark) = rest.find('T') {
            let stamp = mark.checked_sub(10).and_then(|start| {
                let stamp = rest.get(start..start + SHAPE.len())?;
                let fits = stamp.bytes().zip(SHAPE).all(|(b, s)| if *s == b'0' { b.is_ascii_digit() } else { b == *s });
                let at = DateTime::parse_from_rfc3339(stamp).ok().filter(|_| fits)?.timestamp_nanos_opt()?;
                Some((start, at))
            });
            if let Some((start, at)) = stamp {
                out.push_str(&rest[..start]);
                out.push_str(&self.moment(LogTime(at)));
                rest = &rest[start + SHAPE.len()..];
            } else {
                out.push_str(&rest[..=mark]);
                rest = &rest[mark + 1..];
            }
        }
        out.push_str(rest);
        out
    }
}

fn label(offset: i32) -> String {
    if offset == 0 {
        return "UTC".to_owned();
    }
    let sign = if offset < 0 { '-' } else { '+' };
    let minutes = offset.abs() / 60;
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::samples::{at, stuck};

    fn clock(zone: Zone, first: &str, last: &str) -> Clock {
        Clock::new(zone, &stuck().inputs, Some(at(first)), Some(at(last)))
    }

    #[test]
    fn dates_are_shown_only_when_they_differ() {
        let (first, last) = ("2024-05-24T09:21:57.120Z", "2024-05-24T11:36:07.001Z");
        let day = clock(Zone::Log, first, last);
        assert_eq!(day.window(at(first).0, at(last).0), "2024-05-24 17:21 … 19:36 +08:00");
        assert_eq!(day.range(at(first).0, at(last).0), "17:21:57 … 19:36:07");
        assert_eq!(day.range(at(last).0, at(last).0), "19:36:07");
        let night = clock(Zone::Fixed(14 * 3_600), first, last);
        assert_eq!(night.window(at(first).0, at(last).0), "2024-05-24 23:21 … 2024-05-25 01:36 +14:00");
        assert_eq!(night.range(at(first).0, at(last).0), "05-24 23:21:57 … 05-25 01:36:07");
    }

    #[test]
    fn times_within_texts_are_shown_in_the_same_zone() {
        let day = clock(Zone::Log, "2024-05-24T09:21:57.120Z", "2024-05-24T11:36:07.001Z");
        assert_eq!(day.in_text("The table 自2024-05-24T09:22:18.004Z起, T."), "The table 自17:22:18起, T.");
        assert_eq!(day.in_text("T2024-05-24T09:22Z 表T"), "T2024-05-24T09:22Z 表T");
        assert_eq!(day.in_text("2024-05-24T09:22:18.004Z … 2024-05-24T09:22:19.004Z"), "17:22:18 … 17:22:19");
    }

    #[test]
    fn a_line_keeps_its_servers_zone_when_the_zones_differ() {
        let mut inputs = stuck().inputs;
        inputs[1].utc_offset_minutes = Some(-210);
        let (first, last) = (at("2024-05-24T09:21:57.120Z"), at("2024-05-24T11:36:07.001Z"));
        let clock = Clock::new(Zone::Log, &inputs, Some(first), Some(last));
        assert_eq!(clock.label(first.0), "UTC");
        assert_eq!(clock.line(first.0, &inputs[1].path), "05-24 05:51:57.120 -03:30");
        assert_eq!(clock.line(first.0, &inputs[0].path), "05-24 17:21:57.120 +08:00");
        assert_eq!(clock.line(first.0, "elsewhere"), "09:21:57.120");
    }
}
