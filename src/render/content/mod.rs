//! What is told, written once for all formats.

mod coverage;
mod explanation;
mod finding;
mod groups;
mod line;
mod runbook;
mod signature;
mod trouble;

pub(super) use coverage::{in_sight, unread, would_tell};
pub use explanation::Explanation;
pub(super) use finding::Content;
pub(super) use groups::{Groups, consequences};
pub(super) use line::{level_name, line, line_meaning};
pub use runbook::Runbook;
pub(super) use runbook::{runbook, steps};
pub(super) use signature::{by_heading, likeliest, open, signature};
pub(super) use trouble::{accepted_line, accepted_trouble, cause_elsewhere, causes, first_step, leading};
