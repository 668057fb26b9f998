//! Where bytes come from: finding files, seeing through compression and archives, naming the server that wrote them.
//!
//! [`discover`] turns what the user named into [`Item`]s. A [`Kind::Plain`] item is best read in chunks at offsets
//! ([`Item::open_plain`]); every other kind is a sequence of streams ([`Item::for_each_member`]). Formats are told by
//! content, never by name. Damage never costs what came before it: a stream yields all it could decode, then an error.

mod archive;
mod copies;
mod discovery;
mod error;
mod follow;
mod format;
mod open;
mod order;
mod peek;
mod stored;
mod unpack;
mod whole;

pub use discovery::{Discovery, discover};
pub(crate) use error::StreamError;
pub use error::{SkippedCopy, SourceError};
pub use follow::{Followed, Follower, Sink, Tracked};
pub(crate) use format::Compression;
pub use open::{StdinSource, open_stdin, sniff_stream};
pub use order::path_cmp;
pub(crate) use order::{natural_cmp, series_of, server_of};
pub(crate) use whole::Unpacker;

use std::path::PathBuf;

/// One thing to read: a file, a pipe or standard input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The name to open it by; `-` for standard input.
    pub path: PathBuf,
    /// The name as the user would write it; what is not UTF-8 in it is replaced.
    pub display: String,
    /// Bytes on disk (compressed, where it is), at the time of discovery; 0 for pipes and standard input.
    pub len: u64,
    /// What it is, judged by its first bytes.
    pub kind: Kind,
}

/// What an `Item` is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A file that can be read at any offset.
    Plain,
    /// One compressed file; it may consist of several members or frames.
    Compressed(Compression),
    /// A tar archive, itself compressed or not.
    Tar(Option<Compression>),
    /// A FIFO or character device that the user named; what it carries shows when it is opened.
    Pipe,
    /// Standard input; what it carries shows when it is opened.
    Stdin,
}
