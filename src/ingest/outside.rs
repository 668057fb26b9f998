//! Compressed files that lie outside of the window of time as a whole: their own beginning and that of the next file tell.

use super::heads::Heads;
use super::input::{Read, left_out};
use super::log::{Window, is_capture};
use super::probe::Probe;
use super::seek::MARGIN;
use crate::pegasus::LogTime;
use crate::source::{Item, Kind};
use std::ops::Deref;

/// For each item what stands for it in the report, if nothing in it can be of the window.
pub(super) fn outside(items: &[Item], heads: &impl Deref<Target = Heads>, window: &Window, allowances: &[u64]) -> Vec<Option<Read>> {
    if !window.is_bounded() || !items.iter().any(|item| matches!(item.kind, Kind::Compressed(_))) {
        return items.iter().map(|_| None).collect();
    }
    let one = |(index, item): (usize, &Item)| {
        let probe = heads.get(index).filter(|_| matches!(item.kind, Kind::Compressed(_)) && !is_capture(&item.display))?;
        let last = ends_outside(probe, heads.next(items, index), window, allowances[index] > 0)?;
        Some(left_out(item, *probe, last))
    };
    items.iter().enumerate().map(one).collect()
}

/// The last moment to assume of a log that lies outside of the window, if it does.
fn ends_outside(probe: &Probe, next: Option<LogTime>, window: &Window, before: bool) -> Option<LogTime> {
    let first = probe.first_at?;
    let bounds = window.collector(probe, false);
    if let Some(until) = bounds.until
        && first > until + MARGIN
    {
        return Some(until);
    }
    // A file that is older than this one does not tell where this one ends.
    let next = next.filter(|next| *next >= first)?;
    bounds.since.filter(|&since| !before && next < since - MARGIN).map(|_| next)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;
    use crate::ingest::{Moment, Options};

    #[test]
    fn a_file_outside_is_in_the_report_and_not_damaged() {
        use std::io::Write as _;
        let folder = tempfile::tempdir().unwrap();
        let hour = 3_600_000_000_000_i64;
        for n in 0..3 {
            let file = std::fs::File::create(folder.path().join(format!("log.{n}.txt.gz"))).unwrap();
            let mut out = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
            for second in 0..3_i64 {
                let at = 1_716_542_517_000_000_000 + n * hour + second * 1_000_000_000;
                writeln!(out, "I2024-05-24 17:21:57.7 ({at} 12)   meta.x: noise").unwrap();
            }
            out.finish().unwrap();
        }
        let since = Some(Moment::At(LogTime(1_716_542_517_000_000_000 + 3 * hour / 2)));
        let read = crate::ingest::ingest(&[folder.path().to_owned()], &Options { since, ..Options::default() }, &|_, _| ());
        let lines: Vec<u64> = read.inputs.iter().map(|i| i.lines).collect();
        assert_eq!(lines, [0, 3, 3], "the second one may reach into the window, the first does not");
        assert_eq!(read.inputs[0].notes, [crate::ingest::InputNote::OutsideWindow]);
        assert!(read.states.iter().all(|s| s.damage.is_none()));
    }

    #[test]
    fn only_what_cannot_be_of_the_window_is_outside() {
        let minute = 60_000_000_000;
        let at = |minutes: i64| LogTime(1_716_542_517_000_000_000 + minutes * minute);
        let probe = Probe { is_log: true, first_at: Some(at(0)), ..Probe::default() };
        let ends = |since: Option<i64>, until: Option<i64>, next: Option<i64>| {
            let moment = |m: Option<i64>| m.map(|m| Moment::At(at(m)));
            let options = Options { since: moment(since), until: moment(until), ..Options::default() };
            ends_outside(&probe, next.map(at), &Window::new(&options, LogTime::default()), false)
        };
        assert_eq!(ends(Some(60), None, Some(50)), Some(at(50)));
        assert_eq!(ends(Some(60), None, Some(59)), None, "clocks differ a little");
        assert_eq!(ends(Some(60), None, None), None, "the last of its series may go on");
        assert_eq!(ends(Some(60), None, Some(-10)), None, "the next one is older");
        assert_eq!(ends(None, Some(-10), None), Some(at(-10)));
        assert_eq!(ends(None, Some(-1), None), None);
    }
}
