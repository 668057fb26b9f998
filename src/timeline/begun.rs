//! Since when a duplication has been in a status, and how exactly the lines tell.

use super::model::Model;
use super::story::{Span, Story};
use crate::pegasus::{DupStatus, LogTime, TimeDelta, closed_set};

closed_set! {
    /// How exactly a length of time is known.
    Exactness, "exactness" {
        /// Its beginning is told.
        Exact = "exact",
        /// Its beginning is not told: so long it has been seen.
        AtLeast = "at-least",
        /// It cannot have begun earlier, but perhaps later.
        AtMost = "at-most",
    }
}

/// The beginning of a span.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Begun {
    /// Since when the status may be taken to last.
    pub since: LogTime,
    /// How exactly that tells how long.
    pub exactness: Exactness,
    /// From this moment on it is sure.
    pub sure: LogTime,
}

impl Model {
    /// When a span began.
    #[must_use]
    pub fn begun(&self, story: &Story, span: &Span) -> Begun {
        let of = |since, exactness, sure| Begun { since, exactness, sure };
        let since = span.since;
        if span.seen {
            return of(since, Exactness::Exact, since);
        }
        let tells = |t: &&super::Transition| t.at >= since && (Some(t.to) == span.status || t.from == span.status);
        let told = story.transitions.iter().find(tells).map_or(since, |t| t.at);
        if story.is_birth(since) {
            return match span.status {
                // Nothing leads back to it.
                Some(DupStatus::DsInit | DupStatus::DsPrepare) => of(since, Exactness::Exact, since),
                _ => of(since, Exactness::AtMost, told),
            };
        }
        // Lines that do not tell the status came before the one that does: where the leader's log has both, a change would be there, too.
        let covered = self.leaders.get(story.cluster).copied().flatten().is_some_and(|l| l.first <= since && told <= l.until);
        let sure = if covered { since } else { told };
        of(sure, Exactness::AtLeast, sure)
    }

    /// How long a duplication has been in its present status as far as it is in sight, since when, and how exactly that is known.
    #[must_use]
    pub fn lasts(&self, story: &Story) -> Option<(Begun, Option<TimeDelta>)> {
        let span = story.spans.last().filter(|span| span.status.is_some())?;
        let begun = self.begun(story, span);
        if self.in_sight(story) {
            return Some((begun, Some(self.now.since(begun.since))));
        }
        // What came after that nobody tells.
        let last = story.sight.or_else(|| story.told.iter().map(|told| self.runs[told.run].run.last().at).max());
        let seen = last.filter(|_| begun.exactness != Exactness::AtMost).map(|last| last.since(begun.since).max(TimeDelta::ZERO));
        Some((Begun { exactness: Exactness::AtLeast, ..begun }, seen))
    }
}
