//! Runs of equal events joined across what is none of their business, so that memory does not grow with time.

use super::list::{Run, RunList, near};
use crate::event::EventKind as E;
use crate::pegasus::{LogTime, TimeDelta};
use rustc_hash::FxHashMap;

/// With more runs those of days ago are joined across everything.
const MANY: usize = 50_000;

/// Days ago.
const OLD: TimeDelta = TimeDelta::hours(24);

impl RunList {
    /// Joins equal events that only changes of other duplications separate.
    ///
    /// Reading closes all runs at every change of status, because most lines do not say whom they are about. Those that do
    /// can go on. Where that does not help, old ones are joined whatever lies between: then only their first line, their
    /// last ones and their number remain.
    pub fn compact(&mut self) {
        self.join_runs(None);
        if self.runs.len() > MANY {
            let newest = self.runs.iter().map(|r| r.last().at).max().unwrap_or_default();
            self.join_runs(Some(newest - OLD));
        }
    }

    fn join_runs(&mut self, old_before: Option<LogTime>) {
        let mut kept: Vec<Run> = Vec::with_capacity(self.runs.len() / 2);
        let mut barriers = Barriers::default();
        let mut open: FxHashMap<u64, (usize, Section)> = FxHashMap::default();
        for run in std::mem::take(&mut self.runs) {
            if run.kind().ends_runs() {
                barriers.pass(&run);
                kept.push(run);
                continue;
            }
            let old = old_before.is_some_and(|before| run.last().at < before);
            let section = if old { Section::default() } else { barriers.section(&run) };
            match open.get(&run.key) {
                Some(&(index, same)) if same == section && (old || near(kept[index].last().at, run.first.at)) => {
                    kept[index].absorb(run);
                }
                _ => {
                    open.insert(run.key, (kept.len(), section));
                    kept.push(run);
                }
            }
        }
        kept.shrink_to_fit();
        self.runs = kept;
    }
}

/// Between which barriers a run lies: those that are everybody's, and those that are its own.
type Section = (u32, u32);

/// Barriers passed so far.
#[derive(Default)]
struct Barriers {
    of_all: u32,
    any: u32,
    /// Those at which a table's name may come to mean another duplication.
    renewed: u32,
    of: FxHashMap<i64, u32>,
}

impl Barriers {
    fn pass(&mut self, run: &Run) {
        self.any += 1;
        self.renewed += u32::from(run.kind() == E::AddDupOk || run.field("to_status") == Some("DS_REMOVED"));
        match run.number("dup_id").filter(|_| matches!(run.kind(), E::DupStatusChanged | E::AddDupOk)) {
            Some(dup) => *self.of.entry(dup).or_default() += 1,
            None => self.of_all += 1,
        }
    }

    fn section(&self, run: &Run) -> Section {
        let own = match about(run) {
            Some(dup) => self.of.get(&dup).copied().unwrap_or(0),
            // A line that has the status is parted by it from those of other statuses.
            None if run.field("status").is_some() => self.renewed,
            None => self.any,
        };
        // A run's section must never be that of old ones.
        (self.of_all + 1, own)
    }
}

/// The duplication that a run names.
fn about(run: &Run) -> Option<i64> {
    let of_report = || run.entry.as_ref().filter(|_| run.kind().has_entry()).map(|entry| entry.dup_id.0);
    run.number("dup_id").or_else(|| run.paired.map(|d| d.0)).or_else(of_report)
}

#[cfg(test)]
mod tests {
    use super::super::{Block, Collector};
    use super::*;
    use std::fmt::Write as _;

    fn list(lines: &[&str]) -> RunList {
        let mut text = String::new();
        for (n, line) in lines.iter().enumerate() {
            let at = 1_716_542_517 + n * 60;
            let _ = writeln!(text, "I2024-05-24 17:21:57.120 ({at}000000000 1a2b) meta.meta_state0.0102000500000411: {line}");
        }
        Collector::default().collect(&Block { bytes: text.as_bytes(), own: 0..text.len(), offset: 0 })
    }

    fn changed(dup: u32) -> String {
        format!("[a5d{dup}] change duplication status from DS_PREPARE to DS_APP successfully [app_id: 5]")
    }

    #[test]
    fn only_a_duplications_own_changes_part_its_lines() {
        let report = "duplication report: {\"create_ts\":\"x\",\"dupid\":17,\"fail_mode\":\"FAIL_SLOW\",\"progress\":{\"0\":1},\"remote\":\"B\",\"status\":\"DS_APP\"}";
        let (other, own) = (changed(18), changed(17));
        let mut all = list(&[report, &other, report, report, &own, report, &other, report]);
        let (events, before) = (all.runs.iter().map(|r| r.count).sum::<u64>(), all.runs.len());
        all.compact();
        assert_eq!((before, all.runs.len()), (7, 5));
        let counts: Vec<u64> = all.runs.iter().filter(|r| r.kind() == E::DupReport).map(|r| r.count).collect();
        assert_eq!(counts, [3, 2]);
        assert_eq!(all.runs.iter().map(|r| r.count).sum::<u64>(), events);
    }
}
