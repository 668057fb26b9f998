//! How a duplication is, from its status and its active findings.

use crate::pegasus::DupStatus;
use crate::signature::{Severity, VerdictOf};
use schemars::JsonSchema;
use serde::Serialize;
use std::fmt;

/// The verdict on a duplication; in the order of urgency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// A server aborted over it, or data is lost.
    Failed,
    /// Will not move on by itself, or has not for longer than expected.
    Stuck,
    /// The logs do not say.
    Unknown,
    /// Paused by an operator.
    Paused,
    /// On its way, within the expected time.
    InProgress,
    /// In `DS_LOG`, moving.
    Healthy,
    /// Removed by an operator.
    Removed,
}

impl Verdict {
    /// From the status and what the active findings make of it.
    #[must_use]
    pub fn of(status: Option<DupStatus>, active: impl Iterator<Item = (VerdictOf, Severity)>) -> Self {
        if status == Some(DupStatus::DsRemoved) {
            return Self::Removed;
        }
        let grave = active.filter(|(_, severity)| *severity >= Severity::Error).map(|(verdict, _)| match verdict {
            VerdictOf::Failed => Self::Failed,
            VerdictOf::Stuck => Self::Stuck,
        });
        if let Some(worst) = grave.min() {
            return worst;
        }
        match status {
            Some(DupStatus::DsLog | DupStatus::DsStart) => Self::Healthy,
            Some(DupStatus::DsPause) => Self::Paused,
            Some(DupStatus::DsInit | DupStatus::DsPrepare | DupStatus::DsApp) => Self::InProgress,
            Some(DupStatus::DsRemoved) => Self::Removed,
            None => Self::Unknown,
        }
    }

    /// The name in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Stuck => "stuck",
            Self::Unknown => "unknown",
            Self::Paused => "paused",
            Self::InProgress => "in-progress",
            Self::Healthy => "healthy",
            Self::Removed => "removed",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_active_finding_decides_unless_it_was_removed() {
        let stuck = [(VerdictOf::Stuck, Severity::Error)];
        assert_eq!(Verdict::of(Some(DupStatus::DsApp), stuck.into_iter()), Verdict::Stuck);
        assert_eq!(Verdict::of(Some(DupStatus::DsRemoved), stuck.into_iter()), Verdict::Removed);
        let both = [(VerdictOf::Stuck, Severity::Error), (VerdictOf::Failed, Severity::Critical)];
        assert_eq!(Verdict::of(Some(DupStatus::DsLog), both.into_iter()), Verdict::Failed);
        let overcome = [(VerdictOf::Stuck, Severity::Info)];
        assert_eq!(Verdict::of(Some(DupStatus::DsLog), overcome.into_iter()), Verdict::Healthy);
    }
}
