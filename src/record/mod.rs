//! One log line, split into its parts: envelope, header, body.

mod block_scan;
mod candidate_lines;
mod csv;
mod cut;
mod decode;
mod envelope;
mod header;
mod json;
mod kernel;
mod last_words;
mod needles;
mod origin;
mod pasted;
mod unpack;
mod unwrapped;
mod wrapped;

pub use block_scan::BlockScan;
pub(crate) use candidate_lines::{candidate_lines, line_count, looks_like_record};
pub(crate) use decode::is_encoded;
pub(crate) use envelope::{glued, unwrap, unwrap_all};
pub use header::header;
pub(crate) use header::{Header, find_header, place_in};
pub(crate) use last_words::{dated, is_last_words, may_hold_last_words};
pub(crate) use pasted::{message, trim_end};
pub(crate) use unpack::{Unpacked, is_marked_up, is_table, unpack};
pub(crate) use unwrapped::Unwrapped;
pub(crate) use wrapped::width as wrapped_at;
