//! The first bytes of a file, by which it is known under another name or another inode.

use crate::pegasus::stable_hash;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

/// A log's first line has nanoseconds in it: no two logs begin alike.
const LENGTH: usize = 256;

/// With fewer bytes two files are not called alike.
const ENOUGH: usize = 64;

/// The first bytes of a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Beginning(Vec<u8>);

impl Beginning {
    /// The first bytes of an open file.
    pub(super) fn of(file: &File) -> io::Result<Self> {
        let mut bytes = vec![0; LENGTH];
        let mut filled = 0;
        while filled < LENGTH {
            match file.read_at(&mut bytes[filled..], filled as u64) {
                Ok(0) => break,
                Ok(n) => filled += n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        bytes.truncate(filled);
        Ok(Self(bytes))
    }

    pub(super) fn of_path(path: &Path) -> io::Result<Self> {
        Self::of(&File::open(path)?)
    }

    /// Whether `later` is the same file, perhaps grown since.
    pub(super) fn goes_on_as(&self, later: &Self) -> bool {
        later.0.starts_with(&self.0)
    }

    /// Whether a file that begins like `other` has the same content.
    pub(super) fn is_of_copy(&self, other: &Self) -> bool {
        let both = self.0.len().min(other.0.len());
        both >= ENOUGH && self.0[..both] == other.0[..both]
    }

    /// All that will ever be known of it.
    pub(super) fn is_complete(&self) -> bool {
        self.0.len() == LENGTH
    }

    /// How many bytes are known.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether the file was empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A fingerprint of its first `len` bytes.
    pub fn fingerprint(&self, len: usize) -> u64 {
        stable_hash(self.0.get(..len).unwrap_or(&self.0))
    }
}
