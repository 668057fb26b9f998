//! What somebody read in `ZooKeeper` of a duplication, and whether that still holds.

use super::PlacedRun;
use super::fact::{FactName as N, Facts};
use super::model::Model;
use super::story::Story;
use crate::event::EventKind as E;
use crate::pegasus::{LogTime, TimeDelta};
use chrono::DateTime;

/// The newest that was read, unless something has been stored since.
pub(super) struct Stored<'m> {
    /// The status that the node holds; `present` where only its being there was seen, `none` where there is no node.
    status: &'m str,
    /// It was read after all that the logs say was stored.
    sure: bool,
}

impl Stored<'_> {
    /// Whether it is known that the node does not hold `DS_INIT`, or is not there.
    pub(super) fn is_other_than_init(&self) -> bool {
        self.sure && !matches!(self.status, "DS_INIT" | "present")
    }
}

pub(super) fn stored<'m>(model: &'m Model, story: &Story) -> Option<Stored<'m>> {
    let told = || story.told.iter().map(|t| &model.runs[t.run]);
    let newest = told().filter(|p| super::sight::is_stored(p.run.kind())).max_by_key(|p| p.run.last().at)?;
    let status = match (newest.run.field("status"), newest.run.kind() == E::DupNodePresent) {
        (Some(status), _) => status,
        (None, true) => "present",
        (None, false) => "none",
    };
    let own = |p: &PlacedRun| !p.run.kind().is_answer();
    let changes = story.transitions.iter().filter(|t| t.from.is_some() && own(&model.runs[t.run])).map(|t| t.at);
    let again = told().filter(|p| p.run.kind() == E::DupPersistWithoutAltering).map(|p| p.run.last().at);
    let Some(last) = changes.chain(again).max() else { return Some(Stored { status, sure: true }) };
    // What was stored at the same time as that, clocks of `ZooKeeper` and of servers being a little apart.
    let last = last - TimeDelta::secs(2);
    // An answer without a time of its own is at least as young as what it shows; had anything been stored since, it would show that.
    let read = if newest.run.undated { changed(newest) } else { Some(newest.run.last().at) };
    read.is_none_or(|read| read >= last).then_some(Stored { status, sure: read.is_some() })
}

fn changed(placed: &PlacedRun) -> Option<LogTime> {
    let at = DateTime::parse_from_rfc3339(placed.run.field("changed")?).ok()?;
    at.timestamp_nanos_opt().map(LogTime)
}

/// Facts of it.
pub(super) fn facts(stored: Option<&Stored<'_>>, facts: &mut Facts) {
    facts.put(N::StoredOtherwise, stored.is_some_and(Stored::is_other_than_init));
    if let Some(stored) = stored {
        facts.put(N::StoredStatus, stored.status);
        facts.put(N::StoredSure, stored.sure);
    }
}
