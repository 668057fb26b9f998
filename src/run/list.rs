//! Runs of equal events, and how two neighbouring lists of them are joined.

use super::ends::Ends;
use super::entry::DupEntry;
use super::progress::Progress;
use super::time_buckets::{Count, TimeBuckets};
use crate::event::{EventKind, Fields, Level, Pattern};
use crate::pegasus::{DupId, LogTime, TimeDelta};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// One line that proves something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    /// The input, by its index in the report.
    pub input: usize,
    /// The header's time.
    pub at: LogTime,
    /// Line number, from 1, relative to the list's first line until lists are joined; 0 where it is not known.
    pub line: u64,
    /// Byte offset in the (decompressed) input.
    pub offset: u64,
    /// The line as it stands, cut where it is very long.
    pub text: Arc<str>,
}

impl Occurrence {
    /// The line number, where it is known: behind a part of the input that was not read it is not.
    pub fn number(&self) -> Option<u64> {
        known_line(self.line)
    }
}

/// A line number for the report: 0 stands for one that nobody knows.
pub(crate) fn known_line(line: u64) -> Option<u64> {
    (line > 0).then_some(line)
}

/// Equal events without a change of status between them.
#[derive(Debug, Clone)]
pub struct Run {
    /// The wording.
    pub pattern: &'static Pattern,
    /// Field names and texts of the first event.
    pub fields: Fields,
    /// The server that the envelope names, where one file holds several servers' lines.
    pub origin: Option<Arc<str>>,
    /// What the first event states as JSON about a duplication.
    pub entry: Option<Box<DupEntry>>,
    /// Nothing tells when an answer was given: its time is assumed.
    pub undated: bool,
    /// Thread of the first event.
    pub thread: Box<str>,
    /// Task of the first event; empty outside of tasks.
    pub task: Box<str>,
    /// The first line.
    pub first: Occurrence,
    /// The last lines but the first: at most two, oldest first.
    pub tail: Vec<Occurrence>,
    /// Number of events.
    pub count: u64,
    /// For `replica checkpoint still running`: the duplication whose report follows in the same task.
    pub paired: Option<DupId>,
    /// For `replica checkpoint still running`: which such line with that partition count it is in its sync.
    pub ordinal: u32,
    /// For `duplication report`: the decrees. For a replica server's line that states those of one
    /// partition: the same, with 0 for its index.
    pub progress: Option<Progress>,
    /// For warnings and worse, more than are kept: how many when.
    pub density: Option<Box<TimeBuckets<Count>>>,
    /// Number of barriers (changes of status or of leader) before it in the list.
    pub epoch: u32,
    /// What makes events equal.
    pub(super) key: u64,
    /// The same without what neighbouring lines tell, so that a copy elsewhere is known.
    pub copy_key: u64,
}

impl Run {
    /// What the lines state.
    pub fn kind(&self) -> EventKind {
        self.pattern.event
    }

    /// The last line.
    pub fn last(&self) -> &Occurrence {
        self.tail.last().unwrap_or(&self.first)
    }

    /// A field's text. Where a name occurs twice the later one counts, as the prefix comes last.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().rev().find(|(n, _)| *n == name).map(|(_, text)| &**text)
    }

    /// A numeric field.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.field(name)?.parse().ok()
    }

    /// What a meta server reports or answers about a duplication.
    pub fn report(&self) -> Option<&DupEntry> {
        self.entry.as_deref().filter(|entry| self.kind().has_entry() && entry.is_report())
    }

    /// Whether it complains: only then it matters how many there are when.
    pub fn complains(&self) -> bool {
        self.pattern.level >= Level::Warning
    }

    /// How many when.
    pub fn when(&self) -> TimeBuckets<Count> {
        self.density.as_ref().map_or_else(|| counted(self.kept().map(|line| line.at)), |density| (**density).clone())
    }

    pub(super) fn absorb(&mut self, later: Self) {
        if self.complains() && self.count + later.count > KEPT {
            let mut when = self.density.take().unwrap_or_else(|| Box::new(self.when()));
            match &later.density {
                Some(density) => when.append(density),
                None => later.kept().for_each(|line| when.add(line.at, Count(1))),
            }
            self.density = Some(when);
        }
        self.count += later.count;
        self.tail.push(later.first);
        self.keep_last(later.tail);
        match (&mut self.progress, later.progress) {
            (Some(mine), Some(theirs)) => mine.append(theirs),
            (mine, theirs) => *mine = mine.take().or(theirs),
        }
    }
}

impl Run {
    /// Adds later lines, and leaves the last ones.
    pub(super) fn keep_last(&mut self, later: Vec<Occurrence>) {
        self.tail.extend(later);
        let surplus = self.tail.len().saturating_sub(TAIL);
        self.tail.drain(..surplus);
    }
}

/// Counts moments.
pub(super) fn counted(moments: impl Iterator<Item = LogTime>) -> TimeBuckets<Count> {
    let mut all = TimeBuckets::default();
    moments.for_each(|at| all.add(at, Count(1)));
    all
}

/// Lines kept of a run: the first and the last ones.
pub(super) const KEPT: u64 = 3;

/// Lines kept from the end of a run.
const TAIL: usize = 2;

/// A pause after which equal lines are a new run: three times the period of the slowest line
/// (`duplication report`, every 5 minutes).
const PAUSE: TimeDelta = TimeDelta::mins(15);

/// Wording whose anchor is known while the rest does not parse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drift {
    /// The anchor.
    pub anchor: &'static str,
    /// Number of such lines.
    pub count: u64,
    /// The first of them.
    pub first: Occurrence,
}

/// The clock of one log went backwards between two events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockJump {
    /// The event before.
    pub from: LogTime,
    /// The event after.
    pub to: LogTime,
    /// Line of the event after.
    pub line: u64,
}

/// What is wrong with the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Damage {
    /// NUL bytes.
    pub nul_bytes: u64,
    /// Recognised or drifted lines that are not UTF-8.
    pub invalid_utf8: u64,
    /// Lines longer than the window, of which only the beginning was read.
    pub long_lines: u64,
    /// The line of the first damage.
    pub first_line: Option<u64>,
}

/// What a piece of a log yields.
#[derive(Debug, Clone, Default)]
pub struct RunList {
    /// Runs, by their first line.
    pub runs: Vec<Run>,
    /// Barriers in this piece.
    pub epochs: u32,
    /// Line ends.
    pub lines: u64,
    /// Lines that begin a record.
    pub records: u64,
    /// Bytes.
    pub bytes: u64,
    /// Recognised events, repeats included, copies of the same line not.
    pub events: u64,
    /// Times of the first and the last recognised event of the piece.
    pub span: Option<(LogTime, LogTime)>,
    /// Line of the first recognised event.
    pub first_event_line: u64,
    /// The last dated lines, recognised or not.
    pub ends: Ends,
    /// Backward steps of the clock of more than a minute, the first few.
    pub jumps: Vec<ClockJump>,
    /// Drift by anchor.
    pub drift: Vec<Drift>,
    /// Damaged bytes.
    pub damage: Damage,
    /// Lines at the ordinary level were seen.
    pub info_lines: bool,
}

impl RunList {
    /// Appends the list of the bytes that follow in the same input.
    pub fn append(&mut self, mut later: Self) {
        later.shift_lines(self.lines);
        self.follow(later);
    }

    /// Counts the lines of this piece from the input's beginning, which lies so many lines before it.
    pub fn shift_lines(&mut self, lines: u64) {
        for run in &mut self.runs {
            run.first.line += lines;
            run.tail.iter_mut().for_each(|o| o.line += lines);
        }
        self.drift.iter_mut().for_each(|d| d.first.line += lines);
        self.jumps.iter_mut().for_each(|j| j.line += lines);
        self.first_event_line += lines;
        self.damage.first_line = self.damage.first_line.map(|l| l + lines);
    }

    /// Says that nobody knows how many lines lie before the piece: all line numbers become 0.
    pub fn forget_lines(&mut self) {
        for run in &mut self.runs {
            run.first.line = 0;
            run.tail.iter_mut().for_each(|o| o.line = 0);
        }
        self.drift.iter_mut().for_each(|d| d.first.line = 0);
        self.jumps.iter_mut().for_each(|j| j.line = 0);
        self.first_event_line = 0;
        self.damage.first_line = None;
    }

    /// Goes on with another file of the same server: its lines keep their numbers.
    pub fn follow(&mut self, mut later: Self) {
        for run in &mut later.runs {
            run.epoch += self.epochs;
        }
        let joint = self.epochs;
        let mut open: FxHashMap<u64, usize> = FxHashMap::default();
        // Only runs of the last epoch can go on.
        for (index, run) in self.runs.iter().enumerate().rev().take_while(|(_, r)| r.epoch == joint) {
            open.entry(run.key).or_insert(index);
        }
        for run in later.runs {
            match open.get(&run.key) {
                Some(&index) if run.epoch == joint && near(self.runs[index].last().at, run.first.at) => {
                    self.runs[index].absorb(run);
                }
                _ => {
                    if run.epoch == joint {
                        open.insert(run.key, self.runs.len());
                    }
                    self.runs.push(run);
                }
            }
        }
        self.join_clock(&later.jumps, later.span, later.first_event_line);
        for drift in later.drift {
            match self.drift.iter_mut().find(|d| d.anchor == drift.anchor) {
                Some(mine) => mine.count += drift.count,
                None => self.drift.push(drift),
            }
        }
        self.damage.nul_bytes += later.damage.nul_bytes;
        self.damage.invalid_utf8 += later.damage.invalid_utf8;
        self.damage.long_lines += later.damage.long_lines;
        self.damage.first_line = self.damage.first_line.or(later.damage.first_line);
        self.epochs += later.epochs;
        self.lines += later.lines;
        self.records += later.records;
        self.bytes += later.bytes;
        self.events += later.events;
        self.ends.append(&later.ends);
        self.info_lines |= later.info_lines;
    }

    fn join_clock(&mut self, jumps: &[ClockJump], span: Option<(LogTime, LogTime)>, first_line: u64) {
        let Some((first, last)) = span else { return };
        if self.span.is_none() {
            self.first_event_line = first_line;
        }
        if let Some((_, before)) = self.span
            && before.since(first) > STEP_BACK
        {
            self.jumps.push(ClockJump { from: before, to: first, line: first_line });
        }
        self.jumps.extend(jumps);
        self.jumps.truncate(JUMPS);
        self.span = Some((self.span.map_or(first, |(f, _)| f), last));
    }

    /// Says which input the list is of.
    pub fn set_input(&mut self, input: usize) {
        for run in &mut self.runs {
            run.first.input = input;
            run.tail.iter_mut().for_each(|o| o.input = input);
        }
        self.drift.iter_mut().for_each(|d| d.first.input = input);
    }

    /// Gives inputs other numbers: the new one of input `i` is `places[i]`.
    pub fn renumber(&mut self, places: &[usize]) {
        let place = |o: &mut Occurrence| o.input = places.get(o.input).copied().unwrap_or(o.input);
        for run in &mut self.runs {
            place(&mut run.first);
            run.tail.iter_mut().for_each(place);
        }
        self.drift.iter_mut().for_each(|d| place(&mut d.first));
    }

    /// Notes the time of an event.
    pub(super) fn tick(&mut self, at: LogTime, line: u64) {
        match &mut self.span {
            Some((_, last)) => {
                if last.since(at) > STEP_BACK && self.jumps.len() < JUMPS {
                    self.jumps.push(ClockJump { from: *last, to: at, line });
                }
                *last = at;
            }
            None => {
                self.span = Some((at, at));
                self.first_event_line = line;
            }
        }
    }
}

/// Threads write slightly out of order; only a step of more than a minute is the clock's.
const STEP_BACK: TimeDelta = TimeDelta::mins(1);

/// Backward steps kept per input.
const JUMPS: usize = 8;

/// Whether an event may go on with a run that ended at `last`.
pub(super) fn near(last: LogTime, next: LogTime) -> bool {
    next.since(last) <= PAUSE
}
