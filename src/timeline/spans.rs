//! How lines about a status make the spans of a story.

use super::story::{Span, Story, Transition};
use crate::pegasus::{DupStatus, LogTime, TimeDelta};

/// A status change that a line states.
pub(super) fn change(story: &mut Story, from: Option<DupStatus>, to: DupStatus, at: LogTime, run: usize, begin: LogTime) {
    story.transitions.push(Transition { from, to, at, run });
    if from == Some(to) {
        // A new fail mode; the status goes on.
        match story.spans.last_mut() {
            Some(last) if last.status == Some(to) => return,
            // It was that status all the time.
            Some(last) if last.status.is_none() => {
                last.status = Some(to);
                return;
            }
            Some(last) => last.until = Some(at),
            None => {}
        }
        let since = if story.spans.is_empty() { story.not_before_birth(begin).min(at) } else { at };
        story.spans.push(Span { status: Some(to), since, seen: false, until: None });
        return;
    }
    match story.spans.last_mut() {
        Some(last) => {
            if last.status.is_none() {
                last.status = from;
            }
            last.until = Some(at);
        }
        None if from != Some(DupStatus::DsInit) => {
            story.spans.push(Span { status: from, since: story.not_before_birth(begin).min(at), seen: false, until: Some(at) });
        }
        None => {}
    }
    if to == DupStatus::DsRemoved {
        story.removed = Some(at);
    }
    story.spans.push(Span { status: Some(to), since: at, seen: true, until: None });
}

/// A status that a line shows without its change.
pub(super) fn see(story: &mut Story, status: DupStatus, at: LogTime, run: usize) {
    match story.spans.last_mut() {
        Some(last) if last.status == Some(status) => return,
        Some(last) if last.status.is_none() => {
            last.status = Some(status);
        }
        Some(last) => {
            // A report printed while the change is being stored still shows the old status.
            if at.since(last.since) < TimeDelta::secs(1) && last.seen {
                return;
            }
            last.until = Some(at);
            story.spans.push(Span { status: Some(status), since: at, seen: false, until: None });
        }
        None => story.spans.push(Span { status: Some(status), since: at, seen: false, until: None }),
    }
    story.transitions.push(Transition { from: None, to: status, at, run });
}
