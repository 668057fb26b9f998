//! Finding the files behind what the user named: directories, globs, links; each file once.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs::{self, File, Metadata};
use std::io;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};

use super::copies::drop_copies;
use super::error::{InputError, SkippedCopy, SourceError};
use super::order::path_cmp;
use super::peek::{Contents, look_inside};
use super::stored::is_stored;
use super::{Item, Kind};

/// What was found.
#[derive(Debug, Default)]
pub struct Discovery {
    /// What is to be read: directory by directory, names in natural order, standard input last.
    pub items: Vec<Item>,
    /// What was named or found but cannot be read.
    pub problems: Vec<InputError>,
    /// What was left out because it is read under another name.
    pub notes: Vec<SkippedCopy>,
}

/// Finds the files behind `paths`: files, directories, globs, pipes, and `-` for standard input.
///
/// Neither the order of `paths` nor naming something twice makes a difference.
pub fn discover(paths: &[PathBuf]) -> Discovery {
    let mut roots: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
    roots.sort_by(|a, b| path_cmp(a, b));
    roots.dedup();
    let mut search = Search::default();
    for root in &roots {
        search.root(root);
    }
    // Real directories first, so that a file is known by its real name where it has one.
    while let Some(directory) = search.linked_directories.pop_front() {
        search.directory(directory, true);
    }
    search.finish()
}

/// What makes two names one file: device and inode.
type FileId = (u64, u64);

#[derive(Default)]
struct Search {
    stdin: bool,
    found: Vec<Found>,
    named_directories: Vec<PathBuf>,
    linked_directories: VecDeque<PathBuf>,
    visited: BTreeMap<FileId, PathBuf>,
    problems: Vec<InputError>,
    notes: Vec<SkippedCopy>,
}

struct Found {
    path: PathBuf,
    /// Whether the name leads through a symbolic link.
    linked: bool,
    id: FileId,
    len: u64,
    pipe: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    Named,
    Matched,
    Listed { linked: bool },
}

impl Search {
    fn root(&mut self, root: &Path) {
        if root == Path::new("-") {
            self.stdin = true;
            return;
        }
        match fs::symlink_metadata(root) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.glob(root),
            _ => self.visit(root.to_path_buf(), Origin::Named),
        }
    }

    fn glob(&mut self, root: &Path) {
        let path = root.to_path_buf();
        let Some(pattern) = root.to_str().filter(|pattern| pattern.contains(['*', '?', '['])) else {
            return self.problem(path.clone(), SourceError::NotFound { path });
        };
        let matches = match glob::glob(pattern) {
            Ok(matches) => matches,
            Err(cause) => {
                return self.problem(path.clone(), SourceError::BadGlob { pattern: path, cause });
            }
        };
        let mut any = false;
        for entry in matches {
            any = true;
            match entry {
                Ok(path) if is_stored(&path) => {}
                Ok(path) => self.visit(path, Origin::Matched),
                Err(error) => {
                    let path = error.path().to_path_buf();
                    let error = SourceError::from_io(&path, error.into());
                    self.problem(path, error);
                }
            }
        }
        if !any {
            self.problem(path.clone(), SourceError::GlobWithoutMatch { pattern: path });
        }
    }

    fn visit(&mut self, path: PathBuf, origin: Origin) {
        let (meta, is_link) = match metadata(&path) {
            Ok(found) => found,
            Err(error) => return self.unreadable(path, error, origin),
        };
        let linked = is_link || origin == Origin::Listed { linked: true };
        let file_type = meta.file_type();
        if file_type.is_dir() {
            if origin == Origin::Named {
                self.named_directories.push(path.clone());
            }
            if !linked {
                self.directory(path, false);
            } else if origin != Origin::Named && is_link && leads_upwards(&path) {
                self.notes.push(SkippedCopy::LinkLoop { path });
            } else {
                self.linked_directories.push_back(path);
            }
            return;
        }
        // What a glob or a directory brings along unasked must not block the run: opening a FIFO waits for its writer.
        let pipe = file_type.is_fifo() || file_type.is_char_device();
        if file_type.is_file() || (pipe && origin == Origin::Named) {
            let len = if pipe { 0 } else { meta.len() };
            self.found.push(Found { path, linked, id: (meta.dev(), meta.ino()), len, pipe });
        } else if origin == Origin::Named {
            self.problem(path.clone(), SourceError::NotAFile { path });
        }
    }

    fn unreadable(&mut self, path: PathBuf, error: SourceError, origin: Origin) {
        if let (SourceError::BrokenLink { target, .. }, false) = (&error, origin == Origin::Named) {
            // A collected `meta.log` points to where its target was on the server; here it is the file beside it.
            let beside = target.file_name().map(|name| path.with_file_name(name));
            if let Some(kept) = beside.filter(|beside| *beside != path && beside.is_file()) {
                self.notes.push(SkippedCopy::SameFile { dropped: path, kept });
                return;
            }
        }
        self.problem(path, error);
    }

    /// Walks `root` and all below it, not by recursion: how deep it goes is not ours to say.
    fn directory(&mut self, root: PathBuf, linked: bool) {
        let mut waiting = vec![root];
        while let Some(directory) = waiting.pop() {
            let (names, id) = match list(&directory) {
                Ok(listed) => listed,
                Err(cause) => {
                    let error = SourceError::from_io(&directory, cause);
                    self.problem(directory, error);
                    continue;
                }
            };
            if let Some(kept) = self.visited.get(&id) {
                if display(kept) != display(&directory) {
                    self.notes.push(SkippedCopy::SameFile { dropped: directory, kept: kept.clone() });
                }
                continue;
            }
            self.visited.insert(id, directory);
            for path in names.into_iter().filter(|path| !is_stored(path)) {
                let is_directory = fs::symlink_metadata(&path).is_ok_and(|meta| meta.is_dir());
                if is_directory {
                    waiting.push(path);
                } else {
                    self.visit(path, Origin::Listed { linked });
                }
            }
        }
    }

    fn problem(&mut self, path: PathBuf, error: SourceError) {
        self.problems.push(InputError { path, error });
    }

    fn finish(mut self) -> Discovery {
        self.report_empty_directories();
        self.drop_other_names();
        let mut items = Vec::with_capacity(self.found.len());
        for found in std::mem::take(&mut self.found) {
            match item(&found) {
                Ok(item) => items.push(item),
                Err(error) => self.problem(found.path, error),
            }
        }
        items.sort_by(|a, b| path_cmp(&a.path, &b.path));
        let mut items = drop_copies(items, &mut self.notes);
        if self.stdin {
            items.push(Item { path: "-".into(), display: "-".into(), len: 0, kind: Kind::Stdin });
        }
        self.problems.sort_by(|a, b| path_cmp(&a.path, &b.path));
        self.notes.sort_by(|a, b| path_cmp(a.dropped(), b.dropped()));
        let notes = self.notes.iter().map(|note| note.renamed(|path| display(path).into())).collect();
        Discovery { items, problems: self.problems, notes }
    }

    fn report_empty_directories(&mut self) {
        // A path sorts right before what is below it.
        let touched: BTreeSet<&Path> = (self.found.iter().map(|found| found.path.as_path()))
            .chain(self.problems.iter().map(|problem| problem.path.as_path()))
            .chain(self.notes.iter().map(SkippedCopy::dropped))
            .collect();
        let is_empty = |root: &PathBuf| !touched.range(root.as_path()..).next().is_some_and(|path| path.starts_with(root));
        let empty: Vec<PathBuf> = self.named_directories.iter().filter(|root| is_empty(root)).cloned().collect();
        for path in empty {
            self.problem(path.clone(), SourceError::EmptyDirectory { path });
        }
    }

    /// Leaves one name for each file: the real one before a link, then the first by name.
    fn drop_other_names(&mut self) {
        self.found.sort_by(|a, b| a.linked.cmp(&b.linked).then_with(|| a.path.cmp(&b.path)));
        let mut kept: BTreeMap<FileId, PathBuf> = BTreeMap::new();
        let notes = &mut self.notes;
        self.found.retain(|found| {
            let Some(kept) = kept.get(&found.id) else {
                kept.insert(found.id, found.path.clone());
                return true;
            };
            if display(kept) != display(&found.path) {
                notes.push(SkippedCopy::SameFile { dropped: found.path.clone(), kept: kept.clone() });
            }
            false
        });
    }
}

/// The metadata of what `path` leads to, and whether it is a link.
fn metadata(path: &Path) -> Result<(Metadata, bool), SourceError> {
    let meta = fs::symlink_metadata(path).map_err(|cause| SourceError::from_io(path, cause))?;
    if !meta.is_symlink() {
        return Ok((meta, false));
    }
    match fs::metadata(path) {
        Ok(meta) => Ok((meta, true)),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => {
            let path = path.to_path_buf();
            let target = fs::read_link(&path).unwrap_or_default();
            Err(SourceError::BrokenLink { path, target })
        }
        Err(cause) => Err(SourceError::from_io(path, cause)),
    }
}

fn leads_upwards(link: &Path) -> bool {
    let (Ok(target), Some(Ok(from))) = (link.canonicalize(), link.parent().map(Path::canonicalize)) else {
        return false;
    };
    from.starts_with(target)
}

fn list(directory: &Path) -> io::Result<(Vec<PathBuf>, FileId)> {
    let meta = fs::metadata(directory)?;
    let mut paths = fs::read_dir(directory)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok((paths, (meta.dev(), meta.ino())))
}

fn item(found: &Found) -> Result<Item, SourceError> {
    let kind = if found.pipe { Kind::Pipe } else { kind_of(&found.path)? };
    Ok(Item { path: found.path.clone(), display: display(&found.path), len: found.len, kind })
}

pub(super) fn kind_of(path: &Path) -> Result<Kind, SourceError> {
    let file = File::open(path).map_err(|cause| SourceError::from_io(path, cause))?;
    let (contents, mut opened) = look_inside(file);
    if let Some(cause) = opened.take_failure() {
        return Err(SourceError::from_io(path, cause));
    }
    match contents {
        Contents::File(None) => Ok(Kind::Plain),
        Contents::File(Some(compression)) => Ok(Kind::Compressed(compression)),
        Contents::Tar(compression) => Ok(Kind::Tar(compression)),
        Contents::Foreign(format) => Err(SourceError::Unsupported { path: path.to_path_buf(), format }),
    }
}

fn display(path: &Path) -> String {
    let path = path.strip_prefix(".").unwrap_or(path);
    path.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests;
