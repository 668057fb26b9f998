//! What was found and is not told yet. It is recorded in the state before it is told, and marked there when the telling begins and
//! ends: neither a signal nor kill -9 loses it, and only what was being told at that moment is told again.

use crate::console::warn;
use dupdoctor::Change;
use dupdoctor::internal::watch::{Mark, Output, Untold};
use std::collections::{BTreeMap, VecDeque};
use std::fs::File;
use std::io::Write;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// Changes that wait; more are dropped and counted.
const WAITING: usize = 4096;

/// Shared by those who find changes and those who tell them.
pub(super) struct Ledger {
    book: Mutex<Book>,
    wake: Condvar,
}

struct Book {
    untold: VecDeque<Untold>,
    next: u64,
    outputs: Vec<Output>,
    dropped: BTreeMap<Output, u64>,
    /// The state as it was written last; marks are added behind it.
    marks: Option<File>,
    phase: Phase,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Open,
    /// Nothing more comes.
    Ending,
    /// Nothing more is told.
    Ended,
}

impl Ledger {
    /// `kept` was not told before a restart.
    pub(super) fn new(outputs: Vec<Output>, mut kept: Vec<Untold>, marks: Option<File>) -> Self {
        let next = kept.last().map_or(0, |untold| untold.number + 1);
        for output in Output::ALL.iter().filter(|output| !outputs.contains(output)) {
            let unwanted = kept.iter_mut().filter_map(|untold| untold.waits.remove(output)).count();
            if unwanted > 0 {
                warn(&format!("changes that waited in --state for {output} are dropped because that output is gone: {unwanted}"));
            }
        }
        kept.retain(|untold| !untold.waits.is_empty());
        let dropped = outputs.iter().map(|output| (*output, 0)).collect();
        let book = Book { untold: kept.into(), next, outputs, dropped, marks, phase: Phase::Open };
        Self { book: Mutex::new(book), wake: Condvar::new() }
    }

    /// Records changes. Nobody is told before `save` has written them down; it returns the file to which marks are added.
    pub(super) fn record(&self, changes: &[Change], save: impl FnOnce(Vec<Untold>) -> Option<File>) {
        let mut book = self.book();
        for change in changes {
            book.record(change);
        }
        let all = book.untold.iter().cloned().collect();
        // Without a new one the old file stays: its marks hold as long as it is there.
        book.marks = save(all).or(book.marks.take());
        drop(book);
        self.wake.notify_all();
    }

    /// Waits for the next change for an output, and marks that the telling has begun; nothing at the end.
    pub(super) fn next(&self, output: Output) -> Option<Change> {
        let mut book = self.book();
        loop {
            if book.phase == Phase::Ended {
                return None;
            }
            if let Some(change) = book.begin(output) {
                return Some(change);
            }
            if book.phase == Phase::Ending {
                return None;
            }
            book = self.wake.wait(book).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// The change that was given last to an output was told.
    pub(super) fn told(&self, output: Output) {
        self.book().told(output);
    }

    /// Whether all were told of all.
    pub(super) fn is_empty(&self) -> bool {
        self.book().untold.is_empty()
    }

    /// How many wait for an output.
    pub(super) fn waiting(&self, output: Output) -> usize {
        self.book().waiting(output)
    }

    /// How many were dropped, by output.
    pub(super) fn dropped(&self) -> Vec<(Output, u64)> {
        self.book().dropped.clone().into_iter().collect()
    }

    /// No more changes come: what waits is told.
    pub(super) fn end(&self) {
        self.enter(Phase::Ending);
    }

    /// From now on nothing is told.
    pub(super) fn stop(&self) {
        self.enter(Phase::Ended);
    }

    fn enter(&self, phase: Phase) {
        self.book().phase = phase;
        self.wake.notify_all();
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Book {
    fn record(&mut self, change: &Change) {
        let mut waits = BTreeMap::new();
        for &output in &self.outputs {
            if self.waiting(output) < WAITING {
                waits.insert(output, false);
            } else if let Some(dropped) = self.dropped.get_mut(&output) {
                *dropped += 1;
            }
        }
        if !waits.is_empty() {
            let incident = Arc::new(change.incident.clone());
            self.untold.push_back(Untold { number: self.next, at: change.at.0, change: change.change, incident, waits });
            self.next += 1;
        }
    }

    fn waiting(&self, output: Output) -> usize {
        self.untold.iter().filter(|untold| untold.waits.contains_key(&output)).count()
    }

    fn first(&mut self, output: Output) -> Option<&mut Untold> {
        self.untold.iter_mut().find(|untold| untold.waits.contains_key(&output))
    }

    fn begin(&mut self, output: Output) -> Option<Change> {
        let untold = self.first(output)?;
        let (number, again) = (untold.number, untold.waits.insert(output, true));
        let change = untold.change(again.unwrap_or_default());
        self.mark(Mark { number, output, told: false });
        Some(change)
    }

    fn told(&mut self, output: Output) {
        let Some(untold) = self.first(output) else { return };
        let number = untold.number;
        untold.waits.remove(&output);
        self.untold.retain(|untold| !untold.waits.is_empty());
        self.mark(Mark { number, output, told: true });
    }

    fn mark(&mut self, mark: Mark) {
        let Some(file) = &mut self.marks else { return };
        // In one piece: a mark that is cut off is none.
        if let Err(error) = file.write_all(mark.to_line().as_bytes()) {
            warn(&format!("cannot write to --state: {error}; changes reported now may be reported again after a restart"));
            self.marks = None;
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;
    use dupdoctor::internal::watch::WatchState;
    use std::fs;

    fn change() -> Change {
        let finding = serde_json::json!({"code": "DUP301", "name": "n", "severity": "critical", "confidence": "certain", "status": "DS_APP",
            "duplication": {"app_id": 5, "dup_id": 17, "app_name": "t"}, "title": "", "explanation": "", "cause": "", "details": [],
            "active": true, "occurrences": 1, "evidence": [], "suggestions": [], "consequences": [], "missing_logs": [],
            "look_alikes": [], "references": [], "fingerprint": "f"});
        let incident = serde_json::json!({"finding": finding, "remote_cluster": "b", "opened_at": 9});
        let untold = serde_json::json!({"number": 0, "at": 1, "change": "opened", "incident": incident, "waits": {}});
        serde_json::from_value::<Untold>(untold).unwrap().change(false)
    }

    /// Whatever moment a kill -9 picks: what was not begun is told once more as new, what was in flight as told again, the rest never.
    #[test]
    fn a_kill_at_any_moment_loses_nothing_and_repeats_only_what_was_in_flight() {
        let desk = tempfile::tempdir().unwrap();
        let path = desk.path().join("state");
        let ledger = Ledger::new(vec![Output::Stdout, Output::Exec], Vec::new(), None);
        let save = |untold: Vec<Untold>| {
            fs::write(&path, WatchState { untold, ..WatchState::default() }.to_text()).unwrap();
            Some(File::options().append(true).open(&path).unwrap())
        };
        ledger.record(&[change(), change()], save);
        let restarted = || {
            let kept = WatchState::from_text(&fs::read_to_string(&path).unwrap()).unwrap().untold;
            let after = Ledger::new(vec![Output::Stdout, Output::Exec], kept, None);
            after.end();
            Output::ALL
                .iter()
                .map(|&output| {
                    let told = std::iter::from_fn(|| after.next(output).inspect(|_| after.told(output)));
                    told.map(|change| u8::from(change.again)).collect::<Vec<_>>()
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(restarted(), [[0, 0], [0, 0]]);
        assert!(!ledger.next(Output::Exec).unwrap().again);
        assert_eq!(restarted(), [[0, 0], [1, 0]]);
        ledger.told(Output::Exec);
        assert_eq!(restarted(), [vec![0, 0], vec![0]]);
        ledger.next(Output::Stdout).unwrap();
        ledger.told(Output::Stdout);
        ledger.next(Output::Stdout).unwrap();
        // In between the state is written anew.
        ledger.record(&[change()], save);
        assert_eq!(restarted(), [vec![1, 0], vec![0, 0]]);
        ledger.told(Output::Stdout);
        assert_eq!(restarted(), [vec![0], vec![0, 0]]);
        ledger.stop();
        assert!(ledger.next(Output::Stdout).is_none());
        assert_eq!((ledger.waiting(Output::Stdout), ledger.waiting(Output::Exec)), (1, 2));
    }

    #[test]
    fn what_is_too_much_is_counted() {
        let ledger = Ledger::new(vec![Output::Exec], Vec::new(), None);
        ledger.record(&vec![change(); WAITING + 3], |_| None);
        assert_eq!(ledger.dropped(), [(Output::Exec, 3)]);
        assert_eq!((ledger.waiting(Output::Exec), ledger.waiting(Output::Stdout)), (WAITING, 0));
    }
}
