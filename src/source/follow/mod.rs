//! Files that are written while they are read: across rotation, truncation and deletion, by looking again and again.
//!
//! Nothing here waits for notifications: network file systems have none, and a look costs a few system calls.

mod beginning;
mod root;
mod tracked;

pub(crate) use beginning::Beginning;
pub use tracked::Tracked;

use super::discovery::kind_of;
use super::order::{natural_cmp, path_cmp};
use super::{Item, Kind, SourceError};
use root::{Candidate, Root};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use tracked::Growth;

/// What makes two names one file: device and inode.
pub(super) type FileId = (u64, u64);

/// What is told about the files that are followed. `key` is the number of a log, given once.
#[derive(Debug)]
pub enum Followed<'a> {
    /// A log begins.
    Opened {
        /// The log.
        key: usize,
        /// The file's name as the user would write it.
        display: &'a str,
    },
    /// A log's file has another name now.
    Renamed {
        /// The log.
        key: usize,
        /// The new name.
        display: &'a str,
    },
    /// Something was written.
    Bytes {
        /// The log.
        key: usize,
        /// What.
        bytes: &'a [u8],
    },
    /// Another file took the log's place, or its file was truncated: nothing more comes.
    Ended {
        /// The log.
        key: usize,
    },
    /// The file was deleted or cannot be read any more, and none took its place.
    Lost {
        /// The log.
        key: usize,
        /// Why.
        reason: &'a str,
    },
    /// A lost log is followed again.
    Regained {
        /// The log.
        key: usize,
    },
    /// A compressed log or an archive, to be read once.
    Archive(&'a Item),
    /// Something cannot be read; told once.
    Failed(&'a SourceError),
}

/// Takes what is told.
pub type Sink<'a> = dyn FnMut(Followed<'_>) + 'a;

/// Follows files.
#[derive(Debug)]
pub struct Follower {
    roots: Vec<Root>,
    /// Open and ended logs by file.
    files: BTreeMap<FileId, Tracked>,
    /// Copies of logs: read only when their original was truncated.
    copies: BTreeMap<FileId, (FileId, PathBuf)>,
    /// What is neither a log nor a copy.
    passed_over: BTreeSet<FileId>,
    told: BTreeSet<String>,
    next_key: usize,
    looks: u64,
}

impl Follower {
    /// Follows the files of `paths`: files with those that follow them, directories, globs.
    #[must_use]
    pub fn new(paths: &[PathBuf]) -> Self {
        Self {
            roots: paths.iter().map(|p| Root::new(p)).collect(),
            files: BTreeMap::new(),
            copies: BTreeMap::new(),
            passed_over: BTreeSet::new(),
            told: BTreeSet::new(),
            next_key: 0,
            looks: 0,
        }
    }

    /// Looks which files are there.
    pub fn scan(&mut self, sink: &mut Sink<'_>) {
        self.looks += 1;
        let mut found: BTreeMap<FileId, Candidate> = BTreeMap::new();
        for root in &mut self.roots {
            let mut problems = Vec::new();
            for candidate in root.files(&mut problems) {
                // The real name before a link.
                let better = found.get(&candidate.id).is_none_or(|known| known.linked && !candidate.linked);
                if better {
                    found.insert(candidate.id, candidate);
                }
            }
            for problem in problems {
                tell(&mut self.told, &problem, sink);
            }
        }
        let mut found: Vec<Candidate> = found.into_values().collect();
        found.sort_by(|a, b| path_cmp(&a.path, &b.path));
        let there: BTreeSet<FileId> = found.iter().map(|c| c.id).collect();
        self.passed_over.retain(|id| there.contains(id));
        self.copies.retain(|id, _| there.contains(id));
        for candidate in found {
            self.consider(candidate, sink);
        }
        for (id, tracked) in &mut self.files {
            tracked.seen(there.contains(id), sink);
        }
        self.end_rotated(sink);
        self.files.retain(|id, tracked| tracked.is_open() || there.contains(id));
    }

    /// Reads what was written since.
    pub fn read(&mut self, sink: &mut Sink<'_>) {
        let mut restarted = Vec::new();
        // In the order in which they were written, as far as that is known.
        let mut open: Vec<(FileId, &mut Tracked)> = self.files.iter_mut().filter(|(_, t)| t.is_open()).map(|(id, t)| (*id, t)).collect();
        open.sort_by_key(|(_, tracked)| tracked.key);
        for (id, tracked) in open {
            if tracked.read(sink) == Growth::Truncated {
                restarted.push(id);
            }
        }
        for id in restarted {
            let Some(old) = self.files.remove(&id) else { continue };
            self.restart(id, old, sink);
        }
    }

    /// Logs of which nothing was read yet.
    pub fn unread(&self) -> impl Iterator<Item = &Tracked> {
        self.files.values().filter(|t| t.is_open() && t.offset == 0)
    }

    /// Notes that a log was read elsewhere from `from` up to `to`.
    pub fn read_elsewhere(&mut self, key: usize, from: u64, to: u64) {
        if let Some(tracked) = self.files.values_mut().find(|t| t.key == key) {
            (tracked.from, tracked.offset) = (from, to);
        }
    }

    /// Ends, in the order in which they were written, the logs that others follow.
    pub fn end_old(&mut self, sink: &mut Sink<'_>) {
        let newest = self.newest_of_groups();
        let mut old: Vec<&mut Tracked> = self.files.values_mut().filter(|t| t.is_open() && !newest.contains(&t.key)).collect();
        old.sort_by(|a, b| path_cmp(&a.path, &b.path));
        for tracked in old {
            tracked.end(sink);
        }
    }

    /// All files that were followed and are still there.
    pub fn files(&self) -> impl Iterator<Item = (&Tracked, u64, u64)> {
        self.files.iter().map(|(id, tracked)| (tracked, id.0, id.1))
    }

    /// Bytes that were written and not read yet.
    pub fn behind(&self) -> u64 {
        self.files.values().filter(|t| t.is_open()).map(Tracked::behind).sum()
    }

    /// Whether any of the roots is there.
    pub fn any_root(&self) -> bool {
        self.roots.iter().any(Root::exists)
    }

    fn consider(&mut self, candidate: Candidate, sink: &mut Sink<'_>) {
        if let Some(tracked) = self.files.get_mut(&candidate.id) {
            if tracked.is_open() || tracked.is_as_it_was(&candidate.path, candidate.len) {
                tracked.rename(&candidate.path, sink);
                return;
            }
            // An ended log goes on, or its inode was given to another file.
            let went_on = tracked.began_like(&candidate.path);
            let from = if went_on { tracked.offset } else { 0 };
            self.files.remove(&candidate.id);
            self.open(candidate, from, sink);
            return;
        }
        if self.copies.contains_key(&candidate.id) || self.passed_over.contains(&candidate.id) || candidate.len == 0 {
            return;
        }
        match kind_of(&candidate.path) {
            Ok(Kind::Plain) => {}
            Ok(kind) => {
                self.passed_over.insert(candidate.id);
                // One that appears later was made of what was read as it was written.
                if self.looks == 1 {
                    let display = candidate.path.to_string_lossy().into_owned();
                    sink(Followed::Archive(&Item { path: candidate.path, display, len: candidate.len, kind }));
                }
                return;
            }
            Err(error) => return tell(&mut self.told, &error, sink),
        }
        let beginning = Beginning::of_path(&candidate.path).unwrap_or_default();
        let original = self.files.iter().find(|(_, t)| t.beginning.is_of_copy(&beginning)).map(|(id, _)| *id);
        match original {
            Some(original) => {
                self.copies.insert(candidate.id, (original, candidate.path));
            }
            None => self.open(candidate, 0, sink),
        }
    }

    fn open(&mut self, candidate: Candidate, from: u64, sink: &mut Sink<'_>) {
        match Tracked::open(self.next_key, candidate.path, from) {
            Ok(tracked) => {
                self.next_key += 1;
                sink(Followed::Opened { key: tracked.key, display: &tracked.display });
                self.files.insert(candidate.id, tracked);
            }
            Err(error) => tell(&mut self.told, &error, sink),
        }
    }

    /// A file was truncated: what a copy of it has and we have not read comes first.
    fn restart(&mut self, id: FileId, mut old: Tracked, sink: &mut Sink<'_>) {
        let copy = self.copies.iter().find(|(_, (original, _))| *original == id).map(|(copy, (_, path))| (*copy, path.clone()));
        let copy = copy.or_else(|| {
            // The copy may be younger than the last look.
            let siblings = root::list(old.path.parent()?, &mut Vec::new());
            siblings.into_iter().find(|c| c.id != id && old.began_like(&c.path)).map(|c| (c.id, c.path))
        });
        let path = old.path.clone();
        if let Some((copy, copy_path)) = copy {
            self.copies.remove(&copy);
            old.go_on_in(&copy_path, sink);
            old.end(sink);
            self.files.insert(copy, old);
        } else {
            old.end(sink);
        }
        self.open(Candidate { path, id, len: 0, linked: false }, 0, sink);
        if let Some(tracked) = self.files.get_mut(&id) {
            tracked.read(sink);
        }
    }

    /// Ends logs that have a successor and have not grown for a while.
    fn end_rotated(&mut self, sink: &mut Sink<'_>) {
        let newest = self.newest_of_groups();
        let mut old: Vec<&mut Tracked> = self.files.values_mut().filter(|t| t.is_open() && !newest.contains(&t.key)).collect();
        old.sort_by(|a, b| path_cmp(&a.path, &b.path));
        for tracked in old.into_iter().filter(|t| t.is_quiet()) {
            tracked.end(sink);
        }
    }

    /// The last file of each series such as `log.1.txt`, `log.2.txt`, and what stands alone. A deleted file has a successor
    /// in any newer file of its directory.
    fn newest_of_groups(&self) -> BTreeSet<usize> {
        let mut newest: BTreeMap<(Option<&Path>, String), &Tracked> = BTreeMap::new();
        let mut last_of_directory: BTreeMap<Option<&Path>, usize> = BTreeMap::new();
        for tracked in self.files.values().filter(|t| t.is_open()) {
            let directory = tracked.path.parent();
            let last = last_of_directory.entry(directory).or_default();
            *last = (*last).max(tracked.key);
            let slot = newest.entry((directory, root::series(&tracked.display))).or_insert(tracked);
            let order = natural_cmp(&slot.display, &tracked.display).then(slot.key.cmp(&tracked.key));
            if order.is_lt() {
                *slot = tracked;
            }
        }
        let superseded = |t: &Tracked| t.is_deleted() && last_of_directory.get(&t.path.parent()).is_some_and(|&last| last > t.key);
        newest.into_values().filter(|t| !superseded(t)).map(|t| t.key).collect()
    }
}

/// Tells a problem once.
fn tell(told: &mut BTreeSet<String>, error: &SourceError, sink: &mut Sink<'_>) {
    if told.insert(error.to_string()) {
        sink(Followed::Failed(error));
    }
}

#[cfg(test)]
mod tests;
