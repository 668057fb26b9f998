//! The status of a duplication.

use super::closed_set;

closed_set! {
    /// `duplication_status` of all releases: `DS_START` up to v2.3, the others since v2.4.
    DupStatus, "duplication status" {
        /// Created, nothing started.
        DsInit = "DS_INIT",
        /// Up to v2.3: logs are shipped.
        DsStart = "DS_START",
        /// Source replicas make checkpoints.
        DsPrepare = "DS_PREPARE",
        /// The follower's replicas copy the checkpoints.
        DsApp = "DS_APP",
        /// Logs are shipped.
        DsLog = "DS_LOG",
        /// Paused by an operator; private logs are kept.
        DsPause = "DS_PAUSE",
        /// Removed by an operator.
        DsRemoved = "DS_REMOVED",
    }
}

impl DupStatus {
    /// Whether mutations are shipped in this status.
    #[must_use]
    pub const fn ships(self) -> bool {
        matches!(self, Self::DsLog | Self::DsStart)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        for status in DupStatus::ALL {
            assert_eq!(status.name().parse(), Ok(*status));
        }
        assert!("DS_NEW".parse::<DupStatus>().is_err());
    }
}
