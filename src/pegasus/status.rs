//! The status of a duplication and the transitions that Pegasus allows.

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

    /// Whether a meta server of v2.4 or later changes from `self` to `to`.
    ///
    /// Source: `duplication_info::is_valid_alteration()`. A change to the same status is how a
    /// new fail mode is stored.
    #[must_use]
    pub const fn may_become(self, to: Self) -> bool {
        match to {
            Self::DsRemoved => true,
            Self::DsPrepare => matches!(self, Self::DsInit | Self::DsPrepare),
            Self::DsApp => matches!(self, Self::DsPrepare | Self::DsApp),
            Self::DsLog => matches!(self, Self::DsPause | Self::DsApp | Self::DsInit | Self::DsLog),
            Self::DsPause => matches!(self, Self::DsLog | Self::DsPause | Self::DsStart),
            Self::DsStart => matches!(self, Self::DsInit | Self::DsPause | Self::DsStart),
            Self::DsInit => matches!(self, Self::DsInit),
        }
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

    #[test]
    fn pausing_is_only_possible_while_shipping() {
        assert!(DupStatus::DsLog.may_become(DupStatus::DsPause));
        assert!(!DupStatus::DsPrepare.may_become(DupStatus::DsPause));
        assert!(!DupStatus::DsApp.may_become(DupStatus::DsPause));
        assert!(DupStatus::DsApp.may_become(DupStatus::DsLog));
    }
}
