//! What can go wrong with a source, and what is worth telling about one.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::format::{Compression, ForeignFormat};

/// An input that could not be used; the others were.
#[derive(Debug)]
pub struct InputError {
    /// What was asked for, or found below it.
    pub path: PathBuf,
    /// Why it could not be used; its message names the path.
    pub error: SourceError,
}

/// Why an input cannot be read. Each message names the path and gives the reason in full.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// Nothing has this name.
    #[error("{}: no such file or directory", path.display())]
    NotFound {
        /// The name given.
        path: PathBuf,
    },
    /// A symbolic link whose target is gone.
    #[error("{}: symbolic link to {}, which does not exist", path.display(), target.display())]
    BrokenLink {
        /// The link.
        path: PathBuf,
        /// What it points to.
        target: PathBuf,
    },
    /// The system denies access.
    #[error("{}: no permission to read it; run as the user the servers run as, or copy it", path.display())]
    PermissionDenied {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// Any other failure of the system.
    #[error("{}: cannot be read: {cause}", path.display())]
    Unreadable {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// A socket or block device.
    #[error("{}: neither a file nor a directory nor a pipe", path.display())]
    NotAFile {
        /// The name given.
        path: PathBuf,
    },
    /// A directory that was named, without a file anywhere below it.
    #[error("{}: no file in this directory", path.display())]
    EmptyDirectory {
        /// The directory.
        path: PathBuf,
    },
    /// A glob that nothing matches.
    #[error("{}: nothing matches this pattern", pattern.display())]
    GlobWithoutMatch {
        /// The pattern given.
        pattern: PathBuf,
    },
    /// Neither a file nor a pattern that can be understood.
    #[error("{}: no such file, and not a valid pattern: {cause}", pattern.display())]
    BadGlob {
        /// The pattern given.
        pattern: PathBuf,
        /// Where the pattern goes wrong.
        cause: glob::PatternError,
    },
    /// A format that is known but not opened here.
    #[error("{}: unsupported archive format ({format}), unpack it first", path.display())]
    Unsupported {
        /// The file.
        path: PathBuf,
        /// What it is.
        format: ForeignFormat,
    },
    /// One stream was asked of an archive, which holds many.
    #[error("{}: an archive, to be read member by member", path.display())]
    IsArchive {
        /// The archive.
        path: PathBuf,
    },
    /// An archive that cannot be followed to its end; the members before that were delivered.
    #[error("{}: archive is cut off or damaged: {cause}", path.display())]
    DamagedArchive {
        /// The archive.
        path: PathBuf,
        /// What failed.
        cause: io::Error,
    },
}

impl SourceError {
    pub(super) fn from_io(path: &Path, cause: io::Error) -> Self {
        let path = path.to_path_buf();
        if cause.kind() == io::ErrorKind::NotFound {
            Self::NotFound { path }
        } else if cause.kind() == io::ErrorKind::PermissionDenied {
            Self::PermissionDenied { path, cause }
        } else {
            Self::Unreadable { path, cause }
        }
    }
}

/// Damage met while a stream is read; travels inside an [`io::Error`] of kind `UnexpectedEof` or `InvalidData`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StreamError {
    /// The compressed data stops before its end.
    #[error("the {compression} data is cut off")]
    Truncated {
        /// How it is compressed.
        compression: Compression,
    },
    /// The compressed data cannot be decoded further.
    #[error("the {compression} data is damaged: {reason}")]
    Corrupt {
        /// How it is compressed.
        compression: Compression,
        /// What the decoder said.
        reason: String,
    },
    /// Something else follows the compressed data, all of which was delivered.
    #[error("what follows the end of the {compression} data is not {compression}")]
    TrailingBytes {
        /// How the part before is compressed.
        compression: Compression,
    },
    /// The archive ends inside a member.
    #[error("the archive is cut off in this member, {missing} bytes are missing")]
    TruncatedMember {
        /// How many bytes the archive promised beyond those delivered.
        missing: u64,
    },
    /// An archive in an archive in an archive.
    #[error("an archive nested too deep, unpack it first")]
    NestedTooDeep,
    /// A member in a format that is known but not opened here.
    #[error("unsupported archive format ({0}), unpack it first")]
    Unsupported(ForeignFormat),
}

impl From<StreamError> for io::Error {
    fn from(error: StreamError) -> Self {
        let kind = match error {
            StreamError::Truncated { .. } | StreamError::TruncatedMember { .. } => io::ErrorKind::UnexpectedEof,
            StreamError::Corrupt { .. } | StreamError::TrailingBytes { .. } | StreamError::NestedTooDeep | StreamError::Unsupported(_) => {
                io::ErrorKind::InvalidData
            }
        };
        Self::new(kind, error)
    }
}

/// Something left out on purpose, because it is read under another name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SkippedCopy {
    /// Two names of one file or directory: a symbolic or hard link.
    SameFile {
        /// The name left out.
        dropped: PathBuf,
        /// The name read.
        kept: PathBuf,
    },
    /// Two files with the same content, byte for byte.
    SameContent {
        /// The file left out.
        dropped: PathBuf,
        /// The file read.
        kept: PathBuf,
    },
    /// A symbolic link to a directory that contains it.
    LinkLoop {
        /// The link, not followed.
        path: PathBuf,
    },
}

impl SkippedCopy {
    /// The name that is not read.
    #[must_use]
    pub fn dropped(&self) -> &Path {
        match self {
            Self::SameFile { dropped, .. } | Self::SameContent { dropped, .. } => dropped,
            Self::LinkLoop { path } => path,
        }
    }

    /// The same with other names.
    #[must_use]
    pub fn renamed(&self, mut name: impl FnMut(&Path) -> PathBuf) -> Self {
        match self {
            Self::SameFile { dropped, kept } => Self::SameFile { dropped: name(dropped), kept: name(kept) },
            Self::SameContent { dropped, kept } => Self::SameContent { dropped: name(dropped), kept: name(kept) },
            Self::LinkLoop { path } => Self::LinkLoop { path: name(path) },
        }
    }
}

impl fmt::Display for SkippedCopy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SameFile { dropped, kept } => {
                write!(f, "{}: another name of {}, read once", dropped.display(), kept.display())
            }
            Self::SameContent { dropped, kept } => {
                write!(f, "{}: a copy of {}, read once", dropped.display(), kept.display())
            }
            Self::LinkLoop { path } => {
                write!(f, "{}: symbolic link to a directory above it, not followed", path.display())
            }
        }
    }
}
