//! When lines come, by the clock of this machine: a server that writes is not silent whatever its lines say, and a clock that is
//! off shows when they come.

use crate::ingest::{Ingested, Input};
use crate::pegasus::{LogTime, TimeDelta};
use crate::run::Occurrence;
use crate::timeline::{FollowState, ServerLog};
use std::collections::{BTreeMap, BTreeSet};

/// A clock is off by more than that; less is the network's, or of a server that buffers what it writes.
const TOLERATED: TimeDelta = TimeDelta::mins(1);

/// A line that differs by more is of a log that is replayed.
const FARTHEST: TimeDelta = TimeDelta::hours(24);

/// Who is nearer has a say about what time it is: an older line may be part of a history.
const NEAR: TimeDelta = TimeDelta::mins(10);

/// Lines that come late are a history that is read, unless they are late by the same time for so long.
const STEADY: TimeDelta = TimeDelta::secs(20);

/// So long it is waited for lines before their absence means anything.
const GRACE: TimeDelta = TimeDelta::secs(10);

/// What counts as the same time.
const SAME: TimeDelta = TimeDelta::secs(5);

/// What is known of when the lines of each file came.
#[derive(Debug, Default)]
pub(super) struct Arrivals {
    files: BTreeMap<String, File>,
}

/// A file.
#[derive(Debug, Default)]
struct File {
    lines: u64,
    /// When lines came last.
    came: LogTime,
    /// The newest line's time minus the moment at which it came.
    lead: TimeDelta,
    /// Since when the lead is as it is.
    steady: Since,
    /// Stretches whose times are wrong.
    off: Vec<Stretch>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Since {
    lead: TimeDelta,
    wall: LogTime,
    /// Lines that there were before.
    lines: u64,
    /// Lines came at so many looks.
    looks: u32,
}

/// Lines with a wrong time.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    /// After that line, up to that one.
    lines: (u64, u64),
    /// Those of them that are younger.
    after: LogTime,
    /// What to take off.
    by: TimeDelta,
    /// It goes on.
    open: bool,
    /// More than one look has shown it.
    confirmed: bool,
}

impl Arrivals {
    /// Notes what came up to now and puts right the times of servers whose clocks are off; `wall` is the clock of this machine,
    /// `live` whether lines of the present have come.
    pub(super) fn see(&mut self, ingested: &mut Ingested, wall: LogTime, live: bool) {
        let followed: BTreeSet<usize> = ingested.servers.iter().filter(|s| is_followed(s)).flat_map(|s| s.inputs.iter().copied()).collect();
        let mut came = BTreeSet::new();
        for &index in &followed {
            let input = &ingested.inputs[index];
            if let Some((_, newest)) = input.span
                && self.note(input, newest, wall)
            {
                came.insert(index);
            }
        }
        let base = self.base(ingested);
        for &index in &came {
            if let Some(file) = self.files.get_mut(&ingested.inputs[index].path) {
                file.settle(wall, base, live);
            }
        }
        self.correct(ingested, &followed);
        for server in ingested.servers.iter_mut().filter(|s| is_followed(s)) {
            let mine = server.inputs.iter().filter_map(|&i| self.files.get(&ingested.inputs[i].path));
            let Some(last) = mine.max_by_key(|file| file.came) else { continue };
            // What was there at the first look may be of any age.
            // One that was just found may write in the next moment.
            let heard = if wall.since(last.came) < GRACE { Some(wall) } else { last.has_grown().then_some(last.came) };
            server.heard = heard.map(|at| at + base);
            server.clock_off = last.off.last().filter(|s| s.open && s.confirmed).map(|s| s.by);
        }
    }

    /// Whether a file has lines that it had not before.
    fn note(&mut self, input: &Input, newest: LogTime, wall: LogTime) -> bool {
        let known = self.files.get(&input.path).map(|file| file.lines);
        if known == Some(input.lines) {
            return false;
        }
        let file = self.files.entry(input.path.clone()).or_default();
        (file.lines, file.came, file.lead) = (input.lines, wall, newest - wall);
        let same = known.is_some() && (file.lead - file.steady.lead).abs() <= SAME;
        if same {
            file.steady.looks += 1;
        } else {
            file.steady = Since { lead: file.lead, wall, lines: known.unwrap_or(0), looks: 1 };
        }
        true
    }

    /// What most clocks say, ours among them, minus ours.
    fn base(&self, ingested: &Ingested) -> TimeDelta {
        let lead = |server: &ServerLog| {
            let files = server.inputs.iter().filter_map(|&i| self.files.get(&ingested.inputs[i].path));
            files.filter(|file| file.has_grown()).max_by_key(|file| file.came).map(|file| file.lead)
        };
        let servers = ingested.servers.iter().filter(|s| is_followed(s)).filter_map(lead).filter(|lead| lead.abs() <= NEAR);
        let mut said: Vec<TimeDelta> = servers.chain([TimeDelta::ZERO]).collect();
        said.sort_unstable();
        // Of two the one that is behind: nobody is told a time that has not come yet.
        said[(said.len() - 1) / 2]
    }

    fn correct(&self, ingested: &mut Ingested, followed: &BTreeSet<usize>) {
        if self.files.values().all(|file| file.off.is_empty()) {
            return;
        }
        let stretches: Vec<&[Stretch]> =
            ingested.inputs.iter().map(|input| self.files.get(&input.path).map_or(&[][..], |file| &file.off)).collect();
        let off = |line: &Occurrence| stretches.get(line.input).into_iter().copied().flatten().find(|s| s.has(line.line, line.at));
        for placed in &mut ingested.runs {
            for line in std::iter::once(&mut placed.run.first).chain(&mut placed.run.tail) {
                line.at = line.at - off(line).map(|s| s.by).unwrap_or_default();
            }
        }
        let mut moved: BTreeMap<(LogTime, LogTime), (LogTime, LogTime)> = BTreeMap::new();
        for &index in followed {
            let input = &mut ingested.inputs[index];
            let (Some(span), Some(file)) = (input.span, self.files.get(&input.path)) else { continue };
            let put_right = |line: u64, at: LogTime| at - file.off.iter().find(|s| s.has(line, at)).map(|s| s.by).unwrap_or_default();
            let right = (put_right(1, span.0), put_right(input.lines, span.1));
            moved.insert(span, right);
            input.span = Some(right);
        }
        for server in ingested.servers.iter_mut().filter(|s| is_followed(s)) {
            for file in &mut server.files {
                *file = moved.get(file).copied().unwrap_or(*file);
            }
            let spans = || server.inputs.iter().filter_map(|&i| ingested.inputs[i].span);
            server.span = spans().map(|s| s.0).min().zip(spans().map(|s| s.1).max()).or(server.span);
        }
    }
}

impl File {
    /// Whether lines came after the first look at it.
    fn has_grown(&self) -> bool {
        self.steady.looks > 1 || self.steady.lines > 0
    }

    /// Decides whether the clock of the lines that have come is off.
    fn settle(&mut self, wall: LogTime, base: TimeDelta, live: bool) {
        // A line can come late, but not before it was written.
        let ahead = self.lead - base.max(TimeDelta::ZERO);
        let steady = live && self.steady.looks > 2 && wall.since(self.steady.wall) >= STEADY;
        let is_ahead = ahead > TOLERATED;
        let by = if is_ahead { ahead } else { self.lead - base };
        let off = by.abs() > TOLERATED && by.abs() <= FARTHEST && (is_ahead || steady);
        let (from, lines) = (self.steady.lines, self.lines);
        if let Some(open) = self.off.last_mut().filter(|s| s.open) {
            if off && (open.by - by).abs() <= TOLERATED {
                (open.lines.1, open.by, open.confirmed) = (lines, open.by.max(by), true);
                return;
            }
            open.open = false;
            // Of the lines of this look those that are younger than now are still of the clock that was ahead.
            let rest = Stretch { lines: (open.lines.1, lines), after: wall + base + TOLERATED, ..*open };
            if rest.by > TimeDelta::ZERO && !off {
                self.off.push(rest);
            }
        }
        if off {
            let jumped = is_ahead && from > 0;
            let after = if jumped { wall + base } else { LogTime(i64::MIN) };
            self.off.push(Stretch { lines: (from, lines), after, by, open: true, confirmed: !is_ahead });
        }
    }
}

impl Stretch {
    fn has(&self, line: u64, at: LogTime) -> bool {
        line > self.lines.0 && line <= self.lines.1 && at > self.after
    }
}

fn is_followed(server: &ServerLog) -> bool {
    server.following == FollowState::Followed && !server.answers
}
