//! Refusals of a meta server that name no table: they are about the create request right before them.

use super::PlacedRun;
use super::line_ids::created_for;
use crate::pegasus::{LogTime, TimeDelta};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// The request is examined at once, in the thread that logged it.
const RIGHT_AFTER: TimeDelta = TimeDelta::millis(100);

/// Create requests of each server by time, with the master that the table is for.
#[derive(Debug, Default)]
pub(super) struct CreateRequests {
    by_server: FxHashMap<usize, Vec<(LogTime, Option<String>)>>,
}

impl CreateRequests {
    /// Notes a request; of those that were folded, the lines that are kept.
    pub(super) fn note(&mut self, request: &PlacedRun) {
        let master = request.run.field("duplication").and_then(created_for);
        let requests = self.by_server.entry(request.server).or_default();
        requests.extend(request.run.kept().map(|line| (line.at, master.clone())));
    }

    /// Puts them in order; to be called once all are noted.
    pub(super) fn sort(&mut self) {
        self.by_server.values_mut().for_each(|requests| requests.sort_unstable());
    }

    /// For which masters the tables were to be that a run refuses.
    pub(super) fn refused(&self, refusal: &PlacedRun) -> BTreeSet<&str> {
        let requests = self.by_server.get(&refusal.server).map_or(&[][..], Vec::as_slice);
        let before = |at: LogTime| requests[..requests.partition_point(|(asked, _)| *asked <= at)].last();
        let right_before = |at: LogTime| before(at).filter(|(asked, _)| at.since(*asked) <= RIGHT_AFTER)?.1.as_deref();
        refusal.run.kept().filter_map(|line| right_before(line.at)).collect()
    }
}
