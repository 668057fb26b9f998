//! One file that is followed: how far it was read, and what became of it.

use super::super::SourceError;
use super::beginning::Beginning;
use super::{Followed, Sink};
use std::fs::File;
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};

/// Bytes read at a time.
const PIECE: usize = 1 << 20;

/// Looks without growth after which a file that has a successor is not read any more; a server may still flush into it.
const QUIET: u32 = 5;

/// Looks after which a file that is gone counts as deleted; a rotation takes less.
const MISSING: u32 = 3;

/// One file that is followed.
#[derive(Debug)]
pub struct Tracked {
    /// The log's number.
    pub key: usize,
    /// The name to open it by.
    pub path: PathBuf,
    /// The name as the user would write it.
    pub display: String,
    /// Where the reading began.
    pub from: u64,
    /// How far it was read.
    pub offset: u64,
    /// Its first bytes.
    pub beginning: Beginning,
    file: Option<File>,
    len: u64,
    quiet: u32,
    missing: u32,
    lost: bool,
}

/// What a look at a file showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Growth {
    Read,
    Truncated,
}

impl Tracked {
    pub(super) fn open(key: usize, path: PathBuf, from: u64) -> Result<Self, SourceError> {
        let failed = |cause| SourceError::from_io(&path, cause);
        let file = File::open(&path).map_err(failed)?;
        let beginning = Beginning::of(&file).map_err(failed)?;
        let display = display(&path);
        Ok(Self { key, path, display, from, offset: from, beginning, file: Some(file), len: 0, quiet: 0, missing: 0, lost: false })
    }

    /// Whether it is still looked at.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.file.is_some()
    }

    /// The open file and its length.
    #[must_use]
    pub fn file(&self) -> Option<(&File, u64)> {
        let file = self.file.as_ref()?;
        Some((file, file.metadata().ok()?.len()))
    }

    pub(super) fn is_deleted(&self) -> bool {
        self.missing > 0
    }

    pub(super) fn is_quiet(&self) -> bool {
        self.quiet >= QUIET
    }

    pub(super) fn behind(&self) -> u64 {
        self.file().map_or(0, |(_, len)| len.saturating_sub(self.offset))
    }

    /// Whether an ended log is still the file that it was.
    pub(super) fn is_as_it_was(&self, path: &Path, len: u64) -> bool {
        len == self.offset || (len > self.offset && len == self.len && self.began_like(path))
    }

    /// Whether the file of that name begins as this one did.
    pub(super) fn began_like(&self, path: &Path) -> bool {
        Beginning::of_path(path).is_ok_and(|other| !self.beginning.is_empty() && self.beginning.goes_on_as(&other))
    }

    pub(super) fn rename(&mut self, path: &Path, sink: &mut Sink<'_>) {
        if self.path != path {
            self.path = path.to_path_buf();
            self.display = display(path);
            sink(Followed::Renamed { key: self.key, display: &self.display });
        }
    }

    /// Notes whether a scan found the file.
    pub(super) fn seen(&mut self, there: bool, sink: &mut Sink<'_>) {
        if !self.is_open() {
            return;
        }
        self.quiet = self.quiet.saturating_add(1);
        if there {
            self.missing = 0;
            if self.lost && self.file().is_some() {
                self.lost = false;
                sink(Followed::Regained { key: self.key });
            }
            return;
        }
        self.missing = self.missing.saturating_add(1);
        let deleted = self.file.as_ref().and_then(|f| f.metadata().ok()).is_none_or(|meta| meta.nlink() == 0);
        if self.missing >= MISSING && !self.lost {
            self.lost = true;
            let reason = if deleted { "deleted" } else { "moved away" };
            sink(Followed::Lost { key: self.key, reason });
        }
    }

    /// Reads what was written since the last time.
    pub(super) fn read(&mut self, sink: &mut Sink<'_>) -> Growth {
        let Some(file) = &self.file else { return Growth::Read };
        let len = match file.metadata() {
            Ok(meta) => meta.len(),
            Err(error) => {
                self.fail(&error, sink);
                return Growth::Read;
            }
        };
        if len < self.offset || (len != self.len && self.was_rewritten()) {
            return Growth::Truncated;
        }
        if len > self.offset {
            self.quiet = 0;
        }
        self.len = len;
        self.copy_out(sink);
        Growth::Read
    }

    /// Whether other bytes stand at the beginning now.
    fn was_rewritten(&mut self) -> bool {
        let Some(now) = self.file.as_ref().and_then(|f| Beginning::of(f).ok()) else { return false };
        if !self.beginning.goes_on_as(&now) {
            return true;
        }
        if !self.beginning.is_complete() {
            self.beginning = now;
        }
        false
    }

    /// Hands over the bytes up to the end.
    fn copy_out(&mut self, sink: &mut Sink<'_>) {
        let mut buffer = Vec::new();
        while self.offset < self.len {
            let want = usize::try_from(self.len - self.offset).unwrap_or(PIECE).min(PIECE);
            buffer.resize(want.max(buffer.len()), 0);
            let Some(file) = &self.file else { return };
            match file.read_at(&mut buffer[..want], self.offset) {
                Ok(0) => return,
                Ok(n) => {
                    sink(Followed::Bytes { key: self.key, bytes: &buffer[..n] });
                    self.offset += n as u64;
                }
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return self.fail(&e, sink),
            }
        }
    }

    /// Goes on with a copy, from where the original was read to.
    pub(super) fn go_on_in(&mut self, copy: &Path, sink: &mut Sink<'_>) {
        let Ok(file) = File::open(copy) else { return };
        self.len = file.metadata().map_or(0, |m| m.len());
        self.file = Some(file);
        self.rename(copy, sink);
        self.copy_out(sink);
    }

    /// Nothing more is read of it.
    pub(super) fn end(&mut self, sink: &mut Sink<'_>) {
        if self.file.is_some() {
            self.copy_out(sink);
            self.file = None;
            sink(Followed::Ended { key: self.key });
        }
    }

    fn fail(&mut self, error: &io::Error, sink: &mut Sink<'_>) {
        if !self.lost {
            self.lost = true;
            sink(Followed::Lost { key: self.key, reason: &error.to_string() });
        }
        // A file handle of a network file system may be stale; the name may lead to the file again.
        if let Ok(file) = File::open(&self.path) {
            self.file = Some(file);
        }
    }
}

fn display(path: &Path) -> String {
    path.strip_prefix(".").unwrap_or(path).to_string_lossy().into_owned()
}
