//! What servers and shells answered when they were asked: typed, with the place in the text kept.
//!
//! An answer is no log line: it has no header, often no time, and was asked for by somebody. Reading one cannot fail; what
//! does not fit is left out or told as a [`ParseIssue`].

mod added;
mod advice;
mod called;
mod clean;
mod clock;
mod cluster;
mod command;
mod duplication;
pub mod http;
mod json;
mod lines;
mod listing;
mod metrics;
mod output;
mod prompt;
mod table;
mod transcript;
mod zookeeper;

pub(crate) use called::Called;
pub(crate) use clock::{When, moment};
pub(crate) use cluster::{ListedTable, Node, TableDetail, atomic_writes};
pub use command::AddDup;
pub(crate) use command::Tool;
pub use duplication::{DupState, Pending};
pub(crate) use duplication::{PartitionState, Seen};
pub(crate) use lines::{AnswerLine, Dated, lines};
pub(crate) use output::{Answer, Output, Transcript};

/// Something in an answer that could not be used; the rest could.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ParseIssue {
    /// The line in the input, from 1; 0 when an input has no lines, such as the body of an HTTP answer.
    pub line: u64,
    /// What is wrong, lower case, without full stop.
    pub what: String,
}
