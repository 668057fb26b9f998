//! From what the user named to runs of all servers: reads inputs in parallel, in bounded memory.

mod before;
mod blocks;
mod events;
mod evidence;
mod export;
mod form;
mod growing;
mod heads;
mod input;
mod live;
mod log;
mod note;
mod outside;
mod probe;
mod seek;
mod servers;
mod stream;
#[cfg(test)]
mod tests;

pub use events::{EventsRead, events};
pub(crate) use live::Live;
pub(crate) use log::{Input, InputKind, is_capture};
pub use note::InputNote;

use self::heads::Heads;
use crate::pegasus::{LogTime, Side, TimeDelta, Zone};
use crate::run::Texts;
use crate::source::{Discovery, Item, Kind, SkippedCopy, SourceError, discover};
use crate::timeline::{InputState, PlacedRun, ServerLog};
use std::cell::LazyCell;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Only events from then on.
    pub since: Option<Moment>,
    /// Bytes read of what is before `since`, so that it is known what was then; 0 for none, as lists of events want it. A diagnosis sets it.
    pub before: u64,
    /// Only events until then.
    pub until: Option<Moment>,
    /// Bytes of a piece that one thread reads at a time; 0 for the default.
    pub chunk: usize,
    /// What users' signatures look for in raw lines.
    pub texts: Option<Arc<Texts>>,
    /// Inputs below these are of the source cluster.
    pub source: Vec<PathBuf>,
    /// Inputs below these are of the target cluster.
    pub target: Vec<PathBuf>,
}

impl Options {
    /// Bytes of a piece: what was asked for, else what is usual.
    fn chunk_or(&self, usual: usize) -> usize {
        if self.chunk == 0 { usual } else { self.chunk }
    }
}

/// A moment on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// A moment in UTC.
    At(LogTime),
    /// What a clock without a zone shows, read as if it were UTC: the servers' own.
    Local(LogTime),
    /// So long before the last dated line.
    Ago(TimeDelta),
    /// A time of the day in a zone, so many days before that of the last dated line; without a day, the last one that was not after it.
    Clock {
        /// Days before the last.
        days_before: Option<u32>,
        /// Since midnight.
        clock: TimeDelta,
        /// Whose clock.
        zone: Zone,
    },
}

impl Moment {
    /// Whether it counts from the last dated line.
    fn is_relative(self) -> bool {
        matches!(self, Self::Ago(_) | Self::Clock { .. })
    }

    /// The moment in UTC, where logs end at `last` and their servers' clocks are `ahead` of UTC.
    #[must_use]
    pub fn settled(self, last: LogTime, ahead: TimeDelta) -> LogTime {
        match self {
            Self::At(at) => at,
            Self::Local(clock) => clock - ahead,
            Self::Ago(ago) => last - ago,
            Self::Clock { days_before, clock, zone } => {
                const DAY: TimeDelta = TimeDelta::days(1);
                let offset = |at| zone.offset(at).map_or(ahead, |seconds| TimeDelta::secs(seconds.into()));
                let shown = last + offset(last);
                let midnight = LogTime(shown.0.div_euclid(DAY.0).saturating_mul(DAY.0));
                let shows = match days_before {
                    Some(days) => midnight - TimeDelta::days(days.into()) + clock,
                    None if midnight + clock > shown => midnight - DAY + clock,
                    None => midnight + clock,
                };
                zone.moment(shows.utc().naive_utc()).unwrap_or(shows - offset(last))
            }
        }
    }
}

/// All that was read.
#[derive(Debug, Default)]
pub struct Ingested {
    /// The inputs, in the order of the report.
    pub inputs: Vec<Input>,
    /// The servers.
    pub servers: Vec<ServerLog>,
    /// What the timeline needs to know about the inputs.
    pub states: Vec<InputState>,
    /// Runs of all servers.
    pub runs: Vec<PlacedRun>,
    /// From when on is shown what happened; what was before is only known.
    pub since: Option<LogTime>,
    /// What could not be read.
    pub problems: Vec<SourceError>,
    /// What was left out because it was read under another name.
    pub notes: Vec<SkippedCopy>,
    /// What was left out because it is no Pegasus log: its name and its first line.
    pub strangers: Vec<(String, String)>,
}

/// Reads all paths; `progress` is told the number of bytes read and the number to read.
pub(crate) fn ingest(paths: &[PathBuf], options: &Options, progress: &(dyn Fn(u64, u64) + Sync)) -> Ingested {
    let Discovery { items, problems, notes } = discover(paths);
    let total = items.iter().map(|i| i.len).sum();
    let window = input::window(&items, options);
    // Only some windows ask for them.
    let heads = LazyCell::new(|| Heads::of(&items));
    let allowances = before::allowances(&items, &heads, &window, options.before);
    let mut known = outside::outside(&items, &heads, &window, &allowances);
    let read = Mutex::new(Vec::with_capacity(items.len()));
    rayon::scope_fifo(|scope| {
        for (index, item) in slowest_first(&items) {
            if let Some(left_out) = known[index].take() {
                progress(item.len, total);
                read.lock().unwrap_or_else(PoisonError::into_inner).push((index, left_out));
                continue;
            }
            let (read, window, before) = (&read, &window, allowances[index]);
            scope.spawn_fifo(move |_| {
                let found = input::read(item, window, before, options, &|bytes| progress(bytes, total));
                read.lock().unwrap_or_else(PoisonError::into_inner).extend(found.into_iter().map(|r| (index, r)));
            });
        }
    });
    let mut read = read.into_inner().unwrap_or_else(PoisonError::into_inner);
    read.sort_by_key(|(index, _)| *index);
    let ingested = Ingested { problems: problems.into_iter().map(|p| p.error).collect(), notes, ..Ingested::default() };
    let mut ingested = gather(read.into_iter().map(|(_, r)| r), &window, ingested);
    tell_sides(&mut ingested, options);
    ingested
}

/// Notes which servers the user says are of the source or of the target.
fn tell_sides(ingested: &mut Ingested, options: &Options) {
    for server in &mut ingested.servers {
        let below = |folders: &[PathBuf]| folders.iter().any(|f| std::path::Path::new(&server.label).starts_with(f));
        server.told = match (below(&options.source), below(&options.target)) {
            (true, false) => Some(Side::Source),
            (false, true) => Some(Side::Target),
            _ => None,
        };
    }
}

/// The items in the order in which to begin them: what only one thread can read must not come last.
fn slowest_first(items: &[Item]) -> Vec<(usize, &Item)> {
    let work = |item: &Item| match item.kind {
        // Any thread helps with a piece of it.
        Kind::Plain => item.len / 16,
        // A byte of it is ten of text.
        Kind::Compressed(_) | Kind::Tar(Some(_)) => item.len.saturating_mul(10),
        Kind::Tar(None) => item.len,
        // Nobody knows how long they are.
        Kind::Pipe | Kind::Stdin => u64::MAX,
    };
    let mut order: Vec<(usize, &Item)> = items.iter().enumerate().collect();
    order.sort_by_key(|(_, item)| std::cmp::Reverse(work(item)));
    order
}

/// Reads logs that are in memory, each under a name.
#[must_use]
pub fn ingest_memory(logs: &[(&str, &[u8])], options: &Options) -> Ingested {
    let window = input::window(&[], options);
    let read = logs.iter().map(|(name, bytes)| input::read_named((*name).to_owned(), &mut &**bytes, &window, options));
    gather(read.collect::<Vec<_>>().into_iter().flatten(), &window, Ingested::default())
}

fn gather(read: impl Iterator<Item = input::Read>, window: &log::Window, mut ingested: Ingested) -> Ingested {
    let mut logs: Vec<log::Log> = Vec::new();
    let mut evidence = Vec::new();
    for result in read {
        match result {
            input::Read::Log(log) => logs.push(*log),
            input::Read::Evidence(found) => evidence.push(*found),
            input::Read::Stranger(name, line) => ingested.strangers.push((name, line)),
            input::Read::Failed(error) => ingested.problems.push(error),
        }
    }
    ingested.since = logs.iter().filter_map(|log| window.collector(&log.input.probe, false).since).min();
    // Only now it is known which time and zone answers without one have.
    let around = evidence::Surroundings::of(&logs);
    logs.extend(evidence.into_iter().map(|found| found.log(around, window)));
    servers::arrange(logs, &mut ingested);
    ingested
}
