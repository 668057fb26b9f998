//! When a log ends: the newest plausible of its last dated lines.

use crate::pegasus::{LogTime, TimeDelta};

/// The times of the last dated lines of a piece, in the order of the lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ends(Vec<LogTime>);

/// Enough to tell a line that stands out from those beside it.
const KEPT: usize = 8;
/// With fewer lines none stands out.
const TELLING: usize = 4;
/// Farther behind all other lines a single one is not believed: a flipped bit, a clock that jumped for a moment.
const FAR: TimeDelta = TimeDelta::days(7);

impl Ends {
    /// A log of whose lines only the last one is known.
    pub fn at(last: LogTime) -> Self {
        Self(vec![last])
    }

    /// Of the last lines, the newest first.
    pub(super) fn of(newest_first: impl Iterator<Item = LogTime>) -> Self {
        let mut times: Vec<LogTime> = newest_first.take(KEPT).collect();
        times.reverse();
        Self(times)
    }

    /// Appends those of the bytes that follow.
    pub fn append(&mut self, later: &Self) {
        self.0.extend_from_slice(&later.0);
        self.0.drain(..self.0.len().saturating_sub(KEPT));
    }

    /// The end of the log.
    pub fn last(&self) -> Option<LogTime> {
        self.told().0
    }

    /// A line that is too far from all others to tell the end.
    pub fn outlier(&self) -> Option<LogTime> {
        self.told().1
    }

    fn told(&self) -> (Option<LogTime>, Option<LogTime>) {
        let Some((&last, before)) = self.0.split_last() else { return (None, None) };
        // The clock may have been set back, or several files were put one behind the other: the last line counts.
        let newest_before = before.iter().copied().max().unwrap_or(last);
        let lonely = |at: LogTime, others: LogTime| at.since(others).max(others.since(at)) > FAR && self.0.len() >= TELLING;
        if lonely(last, newest_before) { (Some(newest_before), Some(last)) } else { (Some(last), None) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(days: &[i64]) -> Ends {
        Ends(days.iter().map(|&day| LogTime(TimeDelta::days(day).0)).collect())
    }

    #[test]
    fn a_single_line_far_off_is_not_the_end() {
        let day = |day| Some(LogTime(TimeDelta::days(day).0));
        assert_eq!((ends(&[100, 100, 101, 589]).last(), ends(&[100, 100, 101, 589]).outlier()), (day(101), day(589)));
        assert_eq!(ends(&[100, 100, 101, 3]).last(), day(101));
        assert_eq!((ends(&[100, 100, 101, 105]).last(), ends(&[100, 100, 101, 105]).outlier()), (day(105), None));
        // Of so few lines none stands out, and two that agree are believed.
        assert_eq!(ends(&[100, 300]).last(), day(300));
        assert_eq!(ends(&[100, 100, 101, 589, 589]).last(), day(589));
    }

    #[test]
    fn pieces_of_any_size_tell_the_same() {
        let all: Vec<i64> = (0..40).collect();
        let whole = Ends::of(all.iter().rev().map(|&day| LogTime(day)));
        for size in 1..40 {
            let mut joined = Ends::default();
            for piece in all.chunks(size) {
                joined.append(&Ends::of(piece.iter().rev().map(|&day| LogTime(day))));
            }
            assert_eq!(joined, whole, "{size}");
        }
    }
}
