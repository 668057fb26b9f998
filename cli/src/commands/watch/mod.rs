//! `dupdoctor watch`

mod alertmanager;
mod alerts;
mod args;
mod classic;
mod exec;
mod feed;
mod ledger;
mod metrics;
mod outbox;
mod outputs;
mod pipe;
mod server;
mod state_file;
mod stdout;
mod tui;

pub(super) use args::WatchArgs;

use crate::console::warn;
use crate::exit_status::ExitStatus;
use crate::options::{Criteria, LogArgs, RedactionKeyFile, now};
use crate::signals::stop_signals;
use anyhow::{Result, bail};
use args::Beginning;
use dupdoctor::internal::watch::{Untold, WatchState};
use dupdoctor::report::{Runbooks, Selection};
use dupdoctor::{Change, LogTime, Moment, Options, Settings, Severity, Watcher, WatcherOptions};
use feed::Feed;
use outputs::Outputs;
use pipe::Piece;
use std::fs::File;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

/// How often files are read.
const READ: Duration = Duration::from_millis(250);

/// How often directories are listed.
const SCAN: Duration = Duration::from_secs(1);

/// How often it is looked what has changed, at most, while lines come.
const LOOK: Duration = Duration::from_secs(1);

/// How often at most while none come.
const TICK: Duration = Duration::from_secs(2);

/// How often at least while old lines come without a pause.
const PATIENCE: Duration = Duration::from_secs(30);

/// How often the state is written though nothing was told.
const SAVE: Duration = Duration::from_secs(30);

/// So many bytes in a second are a history that is read, not a server that writes.
const FLOOD: u64 = 4 << 20;

impl WatchArgs {
    pub(super) fn run(&self) -> Result<ExitStatus> {
        let paths = self.logs.all_paths("kubectl logs -f meta-0 | dupdoctor watch -")?;
        let (pipes, files): (Vec<PathBuf>, Vec<PathBuf>) = paths.into_iter().partition(|p| pipe::is_pipe(p));
        let kept = self.state.as_deref().map(state_file::load).transpose()?.flatten();
        let since = match (&kept, self.from) {
            (Some(kept), _) => kept.since.map(LogTime),
            (None, Beginning::Ago(ago)) => Some(now() - ago),
            // A pipe has no end to begin at.
            (None, Beginning::End) if !pipes.is_empty() && files.is_empty() => Some(now()),
            (None, Beginning::Start | Beginning::End) => None,
        };
        self.logs.start_threads();
        if self.redact.redact.is_some() && self.state.is_some() && self.redact.redact_map.is_none() {
            bail!("--state with --redact needs --redact-map FILE: after a restart the same names must have the same aliases");
        }
        let stop = stop_signals(false)?;
        let key_file = RedactionKeyFile::open(&self.redact)?;
        let (settings, complete) = self.settings(since, &key_file)?;
        let least = if self.all { Severity::Info } else { Severity::Warning };
        let watcher = Watcher::new(settings, WatcherOptions { clock: self.clock.into(), least }, kept.as_ref());
        let mut feed = Feed::new(watcher, &files, self.logs.verbose);
        if !files.is_empty() && pipes.is_empty() && !feed.any_root() {
            let names: Vec<String> = files.iter().map(|p| p.display().to_string()).collect();
            bail!("{}: no such file or directory; name the log files or the directory that the server logs to", names.join(", "));
        }
        let begun = kept.clone().unwrap_or_else(|| WatchState { since: since.map(|s| s.0), ..WatchState::default() });
        // Whether it can be written shows now, not when it is needed; and what waits is told, and marked, from now on.
        let marks = self.state.as_deref().map(|path| state_file::save(path, &begun)).transpose()?;
        let outputs = Outputs::new(self, begun.untold, marks)?;
        let pieces = pipe::read(&pipes)?;
        feed.unread |= !complete;
        if !files.is_empty() {
            feed.begin(self.from, kept.as_ref());
        }
        let mut watch = Watch { args: self, feed, outputs, key_file, since, last_save: Instant::now(), to_save: false, begun: false };
        watch.outputs.repeat(watch.feed.watcher.open());
        let ended = watch.run(&pieces, pipes.len(), files.is_empty(), &stop);
        Ok(watch.end(ended))
    }

    fn settings(&self, since: Option<LogTime>, key_file: &RedactionKeyFile) -> Result<(Settings, bool)> {
        let LogArgs { source, target, verbose, .. } = &self.logs;
        let Criteria { catalogue, expectations, accepted, complete } = self.criteria.load(*verbose)?;
        let selection = Selection {
            only: self.filter.only(),
            accepted,
            today: Some(now()),
            lang: self.show.lang(),
            runbooks: Runbooks::LeftOut,
            generated_at: None,
            switch_over: None,
        };
        let options = Options { since: since.map(Moment::At), source: source.clone(), target: target.clone(), ..Options::default() };
        let settings =
            Settings { options, expectations, catalogue, selection, with_chapters: false, redaction: key_file.redaction.clone() };
        Ok((settings, complete))
    }
}

/// Why the watching ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    /// A signal asked for it.
    Asked,
    /// All pipes ended.
    Pipes,
    /// Nobody reads what is written.
    Unheard,
}

struct Watch<'a> {
    args: &'a WatchArgs,
    feed: Feed,
    outputs: Outputs,
    key_file: RedactionKeyFile,
    since: Option<LogTime>,
    last_save: Instant,
    to_save: bool,
    /// Something was read.
    begun: bool,
}

impl Watch<'_> {
    fn run(&mut self, pieces: &Receiver<Piece>, pipes: usize, only_pipes: bool, stop: &AtomicBool) -> Ended {
        let start = Instant::now();
        let (mut last_read, mut last_scan, mut last_look, mut cost) = (start, start, None::<Instant>, Duration::ZERO);
        let (mut open_pipes, mut flow) = (pipes, Flow { since: start, bytes: self.feed.bytes, last: 0, idle: true });
        loop {
            let quiet = match pieces.recv_timeout(Duration::from_millis(100)) {
                Ok(piece) => {
                    open_pipes -= usize::from(matches!(piece, Piece::End(_)));
                    self.feed.take(piece);
                    false
                }
                Err(error) => {
                    if error == RecvTimeoutError::Disconnected {
                        std::thread::sleep(Duration::from_millis(100));
                    }
                    true
                }
            };
            self.outputs.step();
            if stop.load(Ordering::SeqCst) || self.outputs.asked_to_stop() {
                return Ended::Asked;
            }
            if only_pipes && open_pipes == 0 {
                return Ended::Pipes;
            }
            if last_scan.elapsed() >= SCAN {
                if self.outputs.is_closed() {
                    return Ended::Unheard;
                }
                self.feed.scan();
                last_scan = Instant::now();
            }
            if last_read.elapsed() >= READ {
                self.feed.read();
                last_read = Instant::now();
            }
            flow.see(self.feed.bytes, quiet);
            let since_look = last_look.map_or(Duration::MAX, |l: Instant| l.elapsed());
            // Old lines are read first, as files are: what was once but is no more is no news.
            let caught_up = self.feed.watcher.is_live() || flow.idle || since_look.min(start.elapsed()) >= PATIENCE;
            let due = if self.feed.dirty { LOOK.max(cost * 10) } else { TICK.max(cost * 20) };
            let ticks = self.feed.dirty || self.feed.watcher.is_live();
            if since_look >= due && caught_up && ticks {
                let begin = Instant::now();
                self.look();
                cost = begin.elapsed();
                last_look = Some(Instant::now());
            }
            self.save_if_due();
        }
    }

    fn look(&mut self) {
        self.feed.dirty = false;
        let changes = self.feed.watcher.look(now());
        self.tell(&changes);
        if !self.begun && self.feed.watcher.report().is_some_and(|r| !r.inputs.is_empty()) {
            self.begun = true;
            if !self.args.logs.quiet {
                self.outputs.announce(&self.feed);
            }
        }
    }

    fn tell(&mut self, changes: &[Change]) {
        self.to_save |= !changes.is_empty();
        self.feed.unread |= !self.key_file.save();
        let Self { args, feed, outputs, since, .. } = self;
        outputs.send(changes, feed, |untold| save(args, feed, *since, untold));
    }

    /// Writes the state when all was told that it says is to be told, and from time to time.
    fn save_if_due(&mut self) {
        let due = self.to_save && self.outputs.ledger.is_empty() || self.last_save.elapsed() >= SAVE;
        if due && self.feed.watcher.report().is_some() {
            self.save();
        }
    }

    fn save(&mut self) {
        (self.to_save, self.last_save) = (false, Instant::now());
        self.outputs.ledger.record(&[], |untold| save(self.args, &self.feed, self.since, untold));
    }

    fn end(mut self, ended: Ended) -> ExitStatus {
        if ended == Ended::Pipes {
            let changes = self.feed.watcher.last_look(now());
            self.tell(&changes);
        }
        self.outputs.finish(self.args.state.is_some());
        if ended == Ended::Pipes {
            self.outputs.summary(&self.feed);
        }
        self.save();
        if self.outputs.has_failed() {
            return ExitStatus::of(false, false);
        }
        if ended != Ended::Pipes {
            return ExitStatus::Success;
        }
        let report = self.feed.watcher.report();
        let read = report.is_some_and(|r| !r.inputs.is_empty());
        let failing = report.is_some_and(|r| self.args.criteria.accept.fails(&r.findings));
        let cannot_tell = report.is_some_and(|r| self.args.criteria.accept.cannot_tell(r));
        ExitStatus::of(read && !self.feed.unread, failing).or_cannot_tell(cannot_tell)
    }
}

/// Writes the state; returns the file, to which marks are added.
fn save(args: &WatchArgs, feed: &Feed, since: Option<LogTime>, untold: Vec<Untold>) -> Option<File> {
    let kept = WatchState { untold, ..feed.kept(since) };
    state_file::save(args.state.as_deref()?, &kept).inspect_err(|error| warn(&format!("{error:#}"))).ok()
}

/// How fast bytes come.
struct Flow {
    since: Instant,
    bytes: u64,
    last: u64,
    /// So slowly that it is no history.
    idle: bool,
}

impl Flow {
    fn see(&mut self, bytes: u64, quiet: bool) {
        if quiet {
            self.idle = true;
        }
        if self.since.elapsed() >= Duration::from_secs(1) {
            self.last = bytes - self.bytes;
            (self.since, self.bytes) = (Instant::now(), bytes);
            self.idle = self.last < FLOOD;
        } else if bytes - self.bytes >= FLOOD {
            self.idle = false;
        }
    }
}
