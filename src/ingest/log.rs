//! A log that was read, and the window of time that is read of it.

use super::note::InputNote;
use super::probe::Probe;
use super::{Moment, Options};
use crate::pegasus::{LogTime, ServerRole, closed_set};
use crate::run::{Collector, RunList, Texts};
use crate::source::server_of;
use std::sync::Arc;

closed_set! {
    /// What an input is, as far as its lines tell.
    InputKind, "kind of input" {
        /// A meta server's log.
        MetaLog = "meta-log",
        /// A replica server's log.
        ReplicaLog = "replica-log",
        /// A log of nobody knows which server.
        Log = "log",
        /// What servers and shells answered.
        Transcript = "transcript",
        /// What the machine tells: a stack, lines of the kernel, of Kubernetes, of disks and clocks.
        System = "system",
        /// A `config.ini`.
        Config = "config",
    }
}

/// An input as the report shows it.
#[derive(Debug, Clone, Default)]
pub struct Input {
    /// The name as the user would write it.
    pub path: String,
    /// The server's label; of evidence beside logs, its own name.
    pub server: String,
    /// What it is, where it is no log.
    pub evidence: Option<InputKind>,
    /// What its beginning tells.
    pub probe: Probe,
    /// Decompressed bytes.
    pub bytes: u64,
    /// Lines.
    pub lines: u64,
    /// Lines that begin a record.
    pub records: u64,
    /// Recognised events.
    pub events: u64,
    /// Lines whose anchor is known but that do not parse.
    pub drifted: u64,
    /// First and last dated line.
    pub span: Option<(LogTime, LogTime)>,
    /// What is worth knowing about how it was read.
    pub notes: Vec<InputNote>,
}

impl Input {
    /// What it is.
    pub fn kind(&self) -> InputKind {
        self.evidence.unwrap_or(match self.probe.role {
            Some(ServerRole::Meta) => InputKind::MetaLog,
            Some(ServerRole::Replica) => InputKind::ReplicaLog,
            None => InputKind::Log,
        })
    }
}

/// A log that was read.
#[derive(Debug, Clone, Default)]
pub(super) struct Log {
    /// What its runs call it until all logs are arranged.
    pub(super) id: usize,
    pub(super) input: Input,
    pub(super) list: RunList,
    /// Standard output or error of a server: its lines may stand in a log too.
    pub(super) capture: bool,
}

/// The window of time, with the moment that "ago" counts from.
#[derive(Debug, Clone)]
pub(super) struct Window {
    since: Option<Moment>,
    until: Option<Moment>,
    last: LogTime,
    texts: Option<Arc<Texts>>,
    /// What is before it is known as far as it is read, and only not shown.
    knows_before: bool,
}

impl Window {
    /// `last` is the moment that "ago" counts from.
    pub(super) fn new(options: &Options, last: LogTime) -> Self {
        Self { since: options.since, until: options.until, last, texts: options.texts.clone(), knows_before: options.before > 0 }
    }

    /// Whether only a stretch of time is asked for.
    pub(super) fn is_bounded(&self) -> bool {
        self.since.is_some() || self.until.is_some()
    }

    /// Whether something is before it.
    pub(super) fn begins(&self) -> bool {
        self.since.is_some()
    }

    /// Reads all that it is given, where what is before the window counts.
    pub(super) fn known(&self, collector: Collector) -> Collector {
        Collector { since: collector.since.filter(|_| !self.knows_before), ..collector }
    }

    pub(super) fn collector(&self, probe: &Probe, apart: bool) -> Collector {
        let moment = |m: Option<Moment>| m.map(|m| m.settled(self.last, probe.zone.unwrap_or_default()));
        Collector {
            zone: probe.zone,
            first_at: probe.first_at,
            since: moment(self.since),
            until: moment(self.until),
            apart,
            texts: self.texts.clone(),
        }
    }
}

pub(super) fn log(path: String, probe: Probe, mut list: RunList, capture: bool, mut notes: Vec<InputNote>) -> Log {
    list.info_lines |= probe.info_lines;
    let first = probe.first_at.or(list.span.map(|s| s.0));
    let last = list.ends.last().or(first);
    notes.extend(list.ends.outlier().map(InputNote::FarOff));
    if list.damage.nul_bytes > 0 {
        notes.push(InputNote::NulBytes(list.damage.nul_bytes));
    }
    if list.damage.invalid_utf8 > 0 {
        notes.push(InputNote::NotUtf8(list.damage.invalid_utf8));
    }
    if list.damage.long_lines > 0 {
        notes.push(InputNote::LongLines(list.damage.long_lines));
    }
    let input = Input {
        server: server_of(&path),
        evidence: None,
        path,
        probe,
        bytes: list.bytes,
        lines: list.lines,
        records: list.records,
        events: list.events,
        drifted: list.drift.iter().map(|d| d.count).sum(),
        span: first.zip(last),
        notes,
    };
    Log { id: 0, input, list, capture }
}

/// Whether a name is that of a server's standard output or error.
pub(crate) fn is_capture(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.split('.').next().unwrap_or(name);
    matches!(stem, "result" | "stdout" | "stderr" | "nohup") || name.rsplit_once('.').is_some_and(|(_, extension)| extension == "out")
}
