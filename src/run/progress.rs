//! Decrees per partition over the reports of one run.

use super::time_buckets::{Decrees, TimeBuckets};
use crate::pegasus::LogTime;
use std::collections::BTreeMap;

/// One partition's decrees, from the first to the last report of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartitionProgress {
    /// Confirmed decree and time of the first report.
    pub first: (LogTime, i64),
    /// Confirmed decree and time of the last report.
    pub last: (LogTime, i64),
    /// When the confirmed decree was first reported with the value that it has in the last report.
    pub unchanged_since: LogTime,
    /// Last committed decree of the first and the last report; only master reports it.
    pub committed: Option<(i64, i64)>,
    /// Since when the last committed decree has been ahead while the confirmed decree stood still.
    pub behind_since: Option<LogTime>,
    /// The confirmed decree decreased somewhere: from, to, when.
    pub went_back: Option<(i64, i64, LogTime)>,
    /// The decrees over time, thinned out.
    pub history: TimeBuckets<Decrees>,
}

/// Decrees of all partitions, by index.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Progress {
    /// By partition index.
    pub partitions: BTreeMap<i64, PartitionProgress>,
}

impl Progress {
    /// The progress that one report states.
    pub fn of_report(at: LogTime, decrees: &[(i64, i64, Option<i64>)]) -> Self {
        let partition = |&(index, confirmed, committed): &(i64, i64, Option<i64>)| {
            let behind = committed.is_some_and(|c| c > confirmed);
            let state = PartitionProgress {
                first: (at, confirmed),
                last: (at, confirmed),
                unchanged_since: at,
                committed: committed.map(|c| (c, c)),
                behind_since: behind.then_some(at),
                went_back: None,
                history: TimeBuckets::one(at, Decrees { at, confirmed, committed }),
            };
            (index, state)
        };
        Self { partitions: decrees.iter().map(partition).collect() }
    }

    /// Appends the progress of later reports.
    pub fn append(&mut self, later: Self) {
        for (index, new) in later.partitions {
            match self.partitions.entry(index) {
                std::collections::btree_map::Entry::Vacant(slot) => {
                    slot.insert(new);
                }
                std::collections::btree_map::Entry::Occupied(mut slot) => slot.get_mut().append(&new),
            }
        }
    }
}

impl PartitionProgress {
    fn append(&mut self, later: &Self) {
        let stood = self.last.1 == later.first.1;
        let never_moved_later = later.unchanged_since == later.first.0;
        if later.first.1 < self.last.1 && self.went_back.is_none() {
            self.went_back = Some((self.last.1, later.first.1, later.first.0));
        }
        self.went_back = self.went_back.or(later.went_back);
        self.behind_since = match (stood && never_moved_later, later.behind_since) {
            (true, Some(since)) => Some(self.behind_since.unwrap_or(since)),
            (_, since) => since,
        };
        if !(stood && never_moved_later) {
            self.unchanged_since = later.unchanged_since;
        }
        self.committed = match (self.committed, later.committed) {
            (Some((first, _)), Some((_, last))) => Some((first, last)),
            (mine, theirs) => theirs.or(mine),
        };
        self.last = later.last;
        self.history.append(&later.history);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(at: i64, confirmed: i64, committed: i64) -> Progress {
        Progress::of_report(LogTime(at), &[(0, confirmed, Some(committed))])
    }

    fn joined(reports: &[Progress]) -> Progress {
        let mut all = Progress::default();
        for report in reports {
            all.append(report.clone());
        }
        all
    }

    #[test]
    fn joining_is_associative() {
        let reports: Vec<Progress> =
            [(1, 5, 5), (2, 7, 9), (3, 7, 9), (4, 7, 12), (5, 6, 12), (6, 6, 13)].map(|(t, a, b)| report(t, a, b)).to_vec();
        let whole = joined(&reports);
        for cut in 1..reports.len() {
            let mut left = joined(&reports[..cut]);
            left.append(joined(&reports[cut..]));
            assert_eq!(left, whole, "cut at {cut}");
        }
    }

    #[test]
    fn a_partition_that_stands_still_shows_since_when() {
        let state = &joined(&[report(1, 5, 5), report(2, 5, 9), report(3, 5, 12)]).partitions[&0];
        assert_eq!(state.unchanged_since, LogTime(1));
        assert_eq!(state.behind_since, Some(LogTime(2)));
        assert_eq!(state.committed, Some((5, 12)));
        let moved = &joined(&[report(1, 5, 9), report(2, 9, 9)]).partitions[&0];
        assert_eq!(moved.behind_since, None);
    }

    #[test]
    fn going_back_is_remembered() {
        let state = &joined(&[report(1, 5, 5), report(2, 3, 5), report(3, 8, 8)]).partitions[&0];
        assert_eq!(state.went_back, Some((5, 3, LogTime(2))));
    }
}
