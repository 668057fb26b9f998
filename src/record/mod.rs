//! One log line, split into its parts: envelope, header, body.

mod envelope;
mod header;
mod kernel;
mod needles;
mod scan;
mod sweep;

pub(crate) use envelope::glued;
pub use envelope::{Envelope, Unwrapped, unwrap};
pub use header::{Header, find_header, header};
pub use scan::{CandidateLines, candidate_lines, line_count, looks_like_record};
pub use sweep::Sweep;
