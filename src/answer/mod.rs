//! What servers and shells answered when they were asked: typed, with the place in the text kept.
//!
//! An answer is no log line: it has no header, often no time, and was asked for by somebody. Reading one cannot fail; what
//! does not fit is left out or told as a [`Blemish`].

mod duplication;
pub mod http;

pub use duplication::{CreateTime, DupState, PartitionState, Pending, Seen};

/// Something in an answer that could not be used; the rest could.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Blemish {
    /// The line in the input, from 1; 0 when an input has no lines, such as the body of an HTTP answer.
    pub line: u64,
    /// What is wrong, lower case, without full stop.
    pub what: String,
}
