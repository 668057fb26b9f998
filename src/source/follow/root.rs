//! What the user named, and which files belong to it now.

use super::super::SourceError;
use super::super::order::natural_cmp;
use super::super::stored::is_stored;
use super::FileId;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// A file that is there.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub(super) path: PathBuf,
    pub(super) id: FileId,
    pub(super) len: u64,
    /// The name leads through a symbolic link.
    pub(super) linked: bool,
}

/// What the user named: a file, a directory or a glob; it need not be there yet.
#[derive(Debug)]
pub(super) struct Root {
    path: PathBuf,
    /// For a file: the first one of its series, whose successors belong to it, too.
    first: Option<PathBuf>,
}

impl Root {
    pub(super) fn new(path: &Path) -> Self {
        Self { path: path.to_path_buf(), first: None }
    }

    pub(super) fn exists(&self) -> bool {
        fs::symlink_metadata(&self.path).is_ok() || self.pattern().is_some_and(|p| glob::glob(p).is_ok_and(|mut m| m.next().is_some()))
    }

    fn pattern(&self) -> Option<&str> {
        self.path.to_str().filter(|p| p.contains(['*', '?', '[']))
    }

    /// The files that belong to it now.
    pub(super) fn files(&mut self, problems: &mut Vec<SourceError>) -> Vec<Candidate> {
        match fs::metadata(&self.path) {
            Ok(meta) if meta.is_dir() => tree(&self.path, problems),
            Ok(_) => self.series(problems),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => match self.pattern().map(glob::glob) {
                Some(Ok(matches)) => matches.filter_map(Result::ok).flat_map(|path| matched(&path, problems)).collect(),
                // A link may point nowhere in the middle of a rotation.
                _ => self.series(problems),
            },
            Err(cause) => {
                problems.push(SourceError::from_io(&self.path, cause));
                Vec::new()
            }
        }
    }

    /// A named file and what follows it in its directory: `log.4.txt` after `log.3.txt`.
    fn series(&mut self, problems: &mut Vec<SourceError>) -> Vec<Candidate> {
        let target = real_name(&self.path);
        let first = match (&self.first, fs::metadata(&target).is_ok()) {
            (Some(first), _) => first.clone(),
            (None, true) => self.first.insert(target.clone()).clone(),
            (None, false) => return Vec::new(),
        };
        let directory =
            first.parent().map_or_else(|| PathBuf::from("."), |d| if d.as_os_str().is_empty() { ".".into() } else { d.to_path_buf() });
        let name = |path: &Path| path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let (series_name, numbered) = (series(&name(&first)), name(&first).bytes().any(|b| b.is_ascii_digit()));
        let mut found: Vec<Candidate> = Vec::new();
        if numbered {
            let follows = |c: &Candidate| series(&name(&c.path)) == series_name && natural_cmp(&name(&c.path), &name(&first)).is_ge();
            found.extend(list(&directory, problems).into_iter().filter(follows));
        }
        if !found.iter().any(|c| c.path == target)
            && let Some(candidate) = candidate(&target)
        {
            found.push(candidate);
        }
        // Names as the user would write them.
        if first.parent().is_some_and(|d| d.as_os_str().is_empty()) {
            for c in &mut found {
                c.path = c.path.strip_prefix(".").map_or_else(|_| c.path.clone(), Path::to_path_buf);
            }
        }
        found
    }
}

/// What a link's name leads to, where that stands beside it; Pegasus's `meta.log` is such a link.
fn real_name(path: &Path) -> PathBuf {
    match fs::read_link(path) {
        Ok(target) if target.components().count() == 1 || target.parent() == path.parent() => {
            target.file_name().map_or_else(|| path.to_path_buf(), |name| path.with_file_name(name))
        }
        _ => path.to_path_buf(),
    }
}

/// A name with its numbers blotted out: the same for all files of a series.
pub(super) fn series(name: &str) -> String {
    let mut series = String::with_capacity(name.len());
    for c in name.rsplit('/').next().unwrap_or(name).chars() {
        if !c.is_ascii_digit() {
            series.push(c);
        } else if !series.ends_with('#') {
            series.push('#');
        }
    }
    series
}

fn candidate(path: &Path) -> Option<Candidate> {
    let linked = fs::symlink_metadata(path).ok()?.is_symlink();
    let meta = fs::metadata(path).ok()?;
    meta.is_file().then(|| Candidate { path: path.to_path_buf(), id: (meta.dev(), meta.ino()), len: meta.len(), linked })
}

fn matched(path: &Path, problems: &mut Vec<SourceError>) -> Vec<Candidate> {
    match path.is_dir() {
        _ if is_stored(path) => Vec::new(),
        true => tree(path, problems),
        false => candidate(path).into_iter().collect(),
    }
}

/// The files of a directory, links to files included.
pub(super) fn list(directory: &Path, problems: &mut Vec<SourceError>) -> Vec<Candidate> {
    match fs::read_dir(directory) {
        Ok(entries) => entries.filter_map(|e| candidate(&e.ok()?.path())).collect(),
        Err(cause) => {
            problems.push(SourceError::from_io(directory, cause));
            Vec::new()
        }
    }
}

/// The files of a directory and of those below it; links to directories are followed only where the user named one.
fn tree(root: &Path, problems: &mut Vec<SourceError>) -> Vec<Candidate> {
    let (mut waiting, mut found) = (vec![root.to_path_buf()], Vec::new());
    while let Some(directory) = waiting.pop() {
        let entries = match fs::read_dir(&directory) {
            Ok(entries) => entries,
            Err(cause) => {
                // A directory may be removed between two looks.
                if cause.kind() != io::ErrorKind::NotFound || directory == root {
                    problems.push(SourceError::from_io(&directory, cause));
                }
                continue;
            }
        };
        for entry in entries.filter_map(Result::ok).filter(|entry| !is_stored(&entry.path())) {
            if entry.file_type().is_ok_and(|t| t.is_dir()) {
                waiting.push(entry.path());
            } else {
                found.extend(candidate(&entry.path()));
            }
        }
    }
    found
}
