//! What is read from where: pipes and followed files feed the watcher.

use super::args::Beginning;
use super::pipe::Piece;
use crate::console::warn;
use dupdoctor::internal::source::{Followed, Follower, SourceError, Tracked};
use dupdoctor::internal::timeline::FollowState;
use dupdoctor::internal::watch::{FileCursor, WatchState};
use dupdoctor::{LogTime, Watcher};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What is read from where.
pub(super) struct Feed {
    pub(super) watcher: Watcher,
    follower: Follower,
    /// Logs of the watcher by those of the follower.
    logs: BTreeMap<usize, usize>,
    /// The log that a pipe's bytes belong to, by pipe.
    pipes: BTreeMap<usize, usize>,
    /// Something could not be read.
    pub(super) unread: bool,
    /// Bytes came since the last look.
    pub(super) dirty: bool,
    /// Bytes that came since the feed began.
    pub(super) bytes: u64,
    verbose: bool,
}

impl Feed {
    pub(super) fn new(watcher: Watcher, files: &[PathBuf], verbose: bool) -> Self {
        Self {
            watcher,
            follower: Follower::new(files),
            logs: BTreeMap::new(),
            pipes: BTreeMap::new(),
            unread: false,
            dirty: false,
            bytes: 0,
            verbose,
        }
    }

    /// Whether any of the files is there.
    pub(super) fn any_root(&self) -> bool {
        self.follower.any_root()
    }

    /// Finds the files that are there and reads them, on all threads.
    pub(super) fn begin(&mut self, from: Beginning, kept: Option<&WatchState>) {
        self.scan();
        let mut skipped = Vec::new();
        for tracked in self.follower.unread() {
            let Some((file, len)) = tracked.file() else { continue };
            let begun = kept.and_then(|k| k.files.iter().find(|f| is_kept(f, tracked))).map(|f| f.from);
            let to = match (begun, from) {
                (Some(begun), _) => begun,
                (None, Beginning::End) if kept.is_none() => len,
                (None, _) => 0,
            };
            let Some(&log) = self.logs.get(&tracked.key).filter(|_| to > 0) else { continue };
            match self.watcher.logs.skip(log, file, to.min(len)) {
                Ok(at) => skipped.push((tracked.key, at)),
                Err(error) => warn(&format!("{}: {error}", tracked.display)),
            }
        }
        for (key, at) in skipped {
            self.follower.read_elsewhere(key, at, at);
        }
        let read = {
            let whole: Vec<&Tracked> = self.follower.unread().collect();
            let files = whole.iter().filter_map(|t| {
                let (file, len) = t.file()?;
                Some((*self.logs.get(&t.key)?, file, len))
            });
            self.watcher.logs.read_all(&files.collect::<Vec<_>>())
        };
        let keys: BTreeMap<usize, usize> = self.logs.iter().map(|(key, log)| (*log, *key)).collect();
        for (log, to) in read {
            // What could not be read at once is read piece by piece, which tells why.
            if let (Ok(to), Some(&key)) = (to, keys.get(&log)) {
                self.follower.read_elsewhere(key, 0, to);
                self.bytes += to;
            }
        }
        self.read();
        self.follow(|follower, sink| follower.end_old(sink));
        if let Some(kept) = kept {
            self.warn_lost_parts(kept);
        }
        self.dirty = true;
    }

    /// Looks which files are there.
    pub(super) fn scan(&mut self) {
        self.follow(Follower::scan);
    }

    /// Reads what was written since.
    pub(super) fn read(&mut self) {
        self.follow(Follower::read);
    }

    /// Takes in what a pipe brought.
    pub(super) fn take(&mut self, piece: Piece) {
        self.dirty = true;
        match piece {
            Piece::Begin(pipe, name) => {
                let log = self.watcher.logs.open(&name);
                if let Some(before) = self.pipes.insert(pipe, log) {
                    self.watcher.logs.end(before);
                }
            }
            Piece::Bytes(pipe, bytes) => {
                self.bytes += bytes.len() as u64;
                if let Some(&log) = self.pipes.get(&pipe) {
                    self.watcher.logs.feed(log, &bytes);
                }
            }
            Piece::End(pipe) => {
                if let Some(log) = self.pipes.remove(&pipe) {
                    self.watcher.logs.end(log);
                }
            }
            Piece::Failed(error) => self.fail(&error),
        }
    }

    /// Bytes in files that were not read yet.
    pub(super) fn behind(&self) -> u64 {
        self.follower.behind()
    }

    /// What is to be kept over a restart.
    pub(super) fn kept(&self, since: Option<LogTime>) -> WatchState {
        let file = |(tracked, device, inode): (&Tracked, u64, u64)| FileCursor {
            path: tracked.path.to_string_lossy().into_owned(),
            device,
            inode,
            beginning: tracked.beginning.fingerprint(tracked.beginning.len()),
            beginning_len: tracked.beginning.len(),
            from: tracked.from,
            to: tracked.offset,
        };
        WatchState {
            told_until: self.watcher.told_until().0,
            since: since.map(|s| s.0),
            files: self.follower.files().map(file).collect(),
            open: self.watcher.open().cloned().collect(),
            untold: Vec::new(),
        }
    }

    fn fail(&mut self, error: &SourceError) {
        self.unread = true;
        warn(&error.to_string());
    }

    /// Passes on what the follower tells.
    fn follow(&mut self, look: impl FnOnce(&mut Follower, &mut dupdoctor::internal::source::Sink<'_>)) {
        let Self { watcher, follower, logs, unread, dirty, bytes, verbose, .. } = self;
        let mut sink = |event: Followed<'_>| {
            *dirty |= !matches!(event, Followed::Opened { .. } | Followed::Renamed { .. } | Followed::Failed(_));
            match event {
                Followed::Opened { key, display } => {
                    logs.insert(key, watcher.logs.open(display));
                    if *verbose {
                        warn(&format!("{display}: followed"));
                    }
                }
                Followed::Renamed { key, display } => logs.get(&key).into_iter().for_each(|&log| watcher.logs.rename(log, display)),
                Followed::Bytes { key, bytes: read } => {
                    *bytes += read.len() as u64;
                    logs.get(&key).into_iter().for_each(|&log| watcher.logs.feed(log, read));
                }
                Followed::Ended { key } => logs.remove(&key).into_iter().for_each(|log| watcher.logs.end(log)),
                Followed::Lost { key, reason } => {
                    if let Some(&log) = logs.get(&key) {
                        watcher.logs.set_following(log, FollowState::Lost);
                        warn(&format!("{}: no longer followed, {reason}", watcher.logs.name(log)));
                    }
                }
                Followed::Regained { key } => {
                    logs.get(&key).into_iter().for_each(|&log| watcher.logs.set_following(log, FollowState::Followed));
                }
                Followed::Archive(item) => {
                    for error in watcher.logs.read_item(item) {
                        *unread = true;
                        warn(&error.to_string());
                    }
                }
                Followed::Failed(error) => {
                    *unread = true;
                    warn(&error.to_string());
                }
            }
        };
        look(follower, &mut sink);
    }

    /// Says which files vanished while nobody looked.
    fn warn_lost_parts(&self, kept: &WatchState) {
        let gone = kept.files.iter().filter(|f| !self.follower.files().any(|(t, ..)| is_kept(f, t)));
        for file in gone {
            warn(&format!("{}: disappeared since the last run; what it had after byte {} was not read", file.path, file.to));
        }
    }
}

/// Whether a file is the one that was kept: an inode is used again, a beginning is not.
fn is_kept(kept: &FileCursor, tracked: &Tracked) -> bool {
    kept.beginning_len > 0
        && kept.beginning_len <= tracked.beginning.len()
        && kept.beginning == tracked.beginning.fingerprint(kept.beginning_len)
}
