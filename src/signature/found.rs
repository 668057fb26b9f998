//! A signature that holds, and for whom.

use super::model::{Confidence, Severity, Signature, VerdictOf};
use super::step::Words;
use crate::pegasus::{LogTime, TimeDelta};
use crate::timeline::Facts;
use std::sync::Arc;

/// What a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Subject {
    /// A story and the number of its span; without one, the whole story.
    Story(usize, Option<usize>),
    /// A request.
    Request(usize),
    /// A server.
    Server(usize),
    /// An input.
    Input(usize),
}

/// A signature that holds.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Found<'a> {
    /// The signature.
    pub signature: &'a Signature,
    /// About what.
    pub subject: Subject,
    /// What is known about it.
    pub(crate) facts: Arc<Facts>,
    /// How grave: `info` once it was overcome.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// It still holds at the end of the logs.
    pub active: bool,
    /// Runs that prove it, by time; the main ones first in `main`.
    pub main: Vec<usize>,
    /// Runs that were also asked for.
    pub context: Vec<usize>,
    /// First proving moment.
    pub first: LogTime,
    /// Last proving moment.
    pub last: LogTime,
    /// Number of proving lines.
    pub times: u64,
    /// What is going on, when the alternative that holds has a text of its own.
    pub what: Option<&'a Words>,
    /// Its one line, when the alternative that holds has one of its own.
    pub title: Option<&'a Words>,
    /// What it makes of the duplication.
    pub verdict: Option<VerdictOf>,
    /// Codes of failures that all explain the lines.
    pub(super) undecided: &'a [String],
    /// These failures.
    pub alternatives: Vec<&'a Signature>,
    /// An older last line would mean that it was overcome; where the signature says that.
    pub fresh: Option<TimeDelta>,
    /// The finding that explains this one.
    pub caused_by: Option<Leader<'a>>,
    /// How grave it would be alone, where a finding about a server explains it: the duplication is no better for that.
    pub alone: Option<Severity>,
}

/// The finding that explains another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leader<'a> {
    /// Its code.
    pub code: &'a str,
    /// The server that it is about; `None` where it is about the same duplication.
    pub server: Option<usize>,
}
