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
mod entry;
mod folding;
mod kept_lines;
mod line_counts;
mod links;
mod list;
mod progress;
mod sameness;
mod texts;
mod time_buckets;

pub use accumulator::RunAccumulator;
pub use block::{Block, Collector, OVERLAP};
pub use candidates::looks_ahead;
pub use entry::{DupEntry, PartitionDecrees};
pub use list::{ClockJump, Damage, Drift, Occurrence, Run, RunList, known_line};
pub use progress::{PartitionProgress, Progress};
pub use texts::{EXPRESSION, GROUPS, Texts};
pub use time_buckets::{Count, Decrees, TimeBuckets};
