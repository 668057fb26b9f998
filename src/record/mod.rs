//! One log line, split into its parts: envelope, header, body.

mod block_scan;
mod candidate_lines;
mod envelope;
mod header;
mod kernel;
mod needles;

pub use block_scan::BlockScan;
pub use candidate_lines::{CandidateLines, candidate_lines, line_count, looks_like_record};
pub(crate) use envelope::glued;
pub use envelope::{Envelope, Unwrapped, unwrap};
pub use header::{Header, find_header, header};
