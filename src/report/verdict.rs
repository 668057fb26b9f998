//! How a duplication is, from its status and its active findings.

use crate::pegasus::{DupStatus, closed_set};
use crate::signature::{Severity, VerdictOf};

closed_set! {
    /// The verdict on a duplication; in the order of urgency.
    Verdict, "verdict" {
        /// A server aborted over it, or data is lost.
        Failed = "failed",
        /// Will not move on by itself, or has not for longer than expected.
        Stuck = "stuck",
        /// Works now, and will break or lose data by itself.
        AtRisk = "at-risk",
        /// The logs do not say.
        Unknown = "unknown",
        /// Paused by an operator.
        Paused = "paused",
        /// On its way, within the expected time.
        InProgress = "in-progress",
        /// In `DS_LOG`, moving.
        Healthy = "healthy",
        /// Removed by an operator.
        Removed = "removed",
    }
}

impl Verdict {
    /// Whether somebody has to do something about it.
    #[must_use]
    pub fn needs_somebody(self) -> bool {
        matches!(self, Self::Failed | Self::Stuck | Self::AtRisk)
    }

    /// From the status and what the active findings make of it; a status of which nobody tells whether it still holds proves nothing.
    pub fn of(status: Option<DupStatus>, in_sight: bool, active: impl Iterator<Item = (VerdictOf, Severity)>) -> Self {
        if status == Some(DupStatus::DsRemoved) {
            return Self::Removed;
        }
        let grave = active.filter(|(_, severity)| *severity >= Severity::Error).map(|(verdict, _)| match verdict {
            VerdictOf::Failed => Self::Failed,
            VerdictOf::Stuck => Self::Stuck,
            VerdictOf::AtRisk => Self::AtRisk,
        });
        if let Some(worst) = grave.min() {
            return worst;
        }
        match status.filter(|_| in_sight) {
            Some(DupStatus::DsLog | DupStatus::DsStart) => Self::Healthy,
            Some(DupStatus::DsPause) => Self::Paused,
            Some(DupStatus::DsInit | DupStatus::DsPrepare | DupStatus::DsApp) => Self::InProgress,
            Some(DupStatus::DsRemoved) => Self::Removed,
            None => Self::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_active_finding_decides_unless_it_was_removed() {
        let stuck = [(VerdictOf::Stuck, Severity::Error)];
        assert_eq!(Verdict::of(Some(DupStatus::DsApp), true, stuck.into_iter()), Verdict::Stuck);
        assert_eq!(Verdict::of(Some(DupStatus::DsRemoved), false, stuck.into_iter()), Verdict::Removed);
        let both = [(VerdictOf::Stuck, Severity::Error), (VerdictOf::Failed, Severity::Critical)];
        assert_eq!(Verdict::of(Some(DupStatus::DsLog), false, both.into_iter()), Verdict::Failed);
        let at_risk = [(VerdictOf::AtRisk, Severity::Critical)];
        assert_eq!(Verdict::of(Some(DupStatus::DsLog), true, at_risk.into_iter()), Verdict::AtRisk);
        assert_eq!(Verdict::of(Some(DupStatus::DsLog), true, at_risk.into_iter().chain(stuck)), Verdict::Stuck);
        assert_eq!(Verdict::of(Some(DupStatus::DsPause), false, at_risk.into_iter()), Verdict::AtRisk);
        let overcome = [(VerdictOf::Stuck, Severity::Info)];
        assert_eq!(Verdict::of(Some(DupStatus::DsLog), true, overcome.into_iter()), Verdict::Healthy);
        assert_eq!(Verdict::of(Some(DupStatus::DsLog), false, overcome.into_iter()), Verdict::Unknown);
    }
}
