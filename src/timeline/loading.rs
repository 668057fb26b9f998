//! Which partition a request to the target is for, where its line names only that of the target's table.
//!
//! A duplicator loads a file and sends what it holds: the request's task is the next one that the loading task's thread makes.

use super::PlacedRun;
use super::line_ids::gpid;
use crate::event::EventKind as E;
use crate::pegasus::Gpid;
use crate::record::{header, unwrap};
use rustc_hash::FxHashMap;

/// The partition that a task has loaded a file for, by server.
#[derive(Debug, Default)]
pub(super) struct Loading(FxHashMap<(usize, u64), Gpid>);

impl Loading {
    pub(super) fn of(runs: &[PlacedRun]) -> Self {
        let mut loading = FxHashMap::default();
        for placed in runs.iter().filter(|placed| placed.run.kind() == E::PlogLoadStart) {
            let Some(gpid) = gpid(placed) else { continue };
            let task = |line: &str| number(std::str::from_utf8(header(&unwrap(line.as_bytes()).text)?.task()).ok()?);
            let tasks = placed.run.kept().filter_map(|line| task(&line.text));
            loading.extend(tasks.map(|task| ((placed.server, task), gpid)));
        }
        Self(loading)
    }

    /// The partition of the source's table.
    pub(super) fn source(&self, placed: &PlacedRun) -> Option<Gpid> {
        let task = number(&placed.run.task)?;
        self.0.get(&(placed.server, task.checked_sub(1)?)).copied()
    }
}

/// Hexadecimal with 16 digits up to v2.5, decimal later.
fn number(task: &str) -> Option<u64> {
    if task.len() == 16 { u64::from_str_radix(task, 16).ok() } else { task.parse().ok() }
}
