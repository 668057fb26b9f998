//! Events of one input, with equal repeats folded into runs.
//!
//! What a piece of a log yields is a [`RunList`]; joining two neighbouring lists is associative, so
//! pieces can be read on any number of threads. Pieces that come one after the other are [`RunAccumulator`], which gives the same
//! and reads no line twice. Memory grows with distinct facts, not with lines.

mod accumulator;
mod block;
mod candidates;
mod collect;
mod compact;
mod correlation;
mod ends;
mod entry;
mod equality;
mod folding;
mod kept_lines;
mod line_counts;
mod list;
mod progress;
mod texts;
mod time_buckets;

pub(crate) use accumulator::RunAccumulator;
pub(crate) use block::OVERLAP;
pub use block::{Block, Collector};
pub(crate) use candidates::looks_ahead;
pub(crate) use ends::Ends;
pub(crate) use entry::DupEntry;
pub use list::RunList;
pub(crate) use list::{ClockJump, Drift, Occurrence, Run, known_line};
pub(crate) use progress::{PartitionProgress, Progress};
pub(crate) use texts::{EXPRESSION, GROUPS, Texts};
pub(crate) use time_buckets::{Count, Decrees, TimeBuckets};
