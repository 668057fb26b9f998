//! What the user wants to see of a diagnosis.

use super::accepted::Acceptance;
use super::filter::DuplicationFilter;
use crate::pegasus::{LogTime, Release};
use crate::signature::Lang;

/// What the user wants to see.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Only these duplications.
    pub only: DuplicationFilter,
    /// What is known and accepted, left out; the first rule that fits counts.
    pub accepted: Vec<Acceptance>,
    /// Today, by which such rules expire; without it none does.
    pub today: Option<LogTime>,
    /// The language of the findings.
    pub lang: Lang,
    /// Whether findings carry their runbooks.
    pub runbooks: Runbooks,
    /// Now, if the caller wants it in the report.
    pub generated_at: Option<LogTime>,
    /// Whether it is asked if clients can be moved to the target; so many mutations may wait then.
    pub switch_over: Option<i64>,
}

/// Whether findings carry their runbooks, and for which release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Runbooks {
    /// They do not.
    #[default]
    LeftOut,
    /// For all releases, with what differs between them.
    All,
    /// For one.
    For(Release),
}
