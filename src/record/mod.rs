//! One log line, split into its parts: envelope, header, body.

mod block_scan;
mod candidate_lines;
mod envelope;
mod header;
mod kernel;
mod needles;

pub use block_scan::BlockScan;
pub(crate) use candidate_lines::{candidate_lines, line_count, looks_like_record};
pub(crate) use envelope::glued;
pub(crate) use envelope::unwrap;
pub use header::header;
pub(crate) use header::{Header, find_header};
