//! The status of a duplication and the transitions that Pegasus allows.

use schemars::JsonSchema;
use serde::Serialize;
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// `duplication_status` of all releases: `DS_START` up to v2.3, the others since v2.4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DupStatus {
    /// Created, nothing started.
    DsInit,
    /// Up to v2.3: logs are shipped.
    DsStart,
    /// Source replicas make checkpoints.
    DsPrepare,
    /// The follower's replicas copy the checkpoints.
    DsApp,
    /// Logs are shipped.
    DsLog,
    /// Paused by an operator; private logs are kept.
    DsPause,
    /// Removed by an operator.
    DsRemoved,
}

/// A status name that no release has.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("unknown duplication status {0:?}")]
pub struct UnknownStatus(pub String);

impl DupStatus {
    /// Every status, in the order in which a duplication goes through them.
    pub const ALL: [Self; 7] = [Self::DsInit, Self::DsStart, Self::DsPrepare, Self::DsApp, Self::DsLog, Self::DsPause, Self::DsRemoved];

    /// The name as Pegasus prints it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::DsInit => "DS_INIT",
            Self::DsStart => "DS_START",
            Self::DsPrepare => "DS_PREPARE",
            Self::DsApp => "DS_APP",
            Self::DsLog => "DS_LOG",
            Self::DsPause => "DS_PAUSE",
            Self::DsRemoved => "DS_REMOVED",
        }
    }

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

impl FromStr for DupStatus {
    type Err = UnknownStatus;

    fn from_str(text: &str) -> Result<Self, UnknownStatus> {
        Self::ALL.into_iter().find(|s| s.name() == text).ok_or_else(|| UnknownStatus(text.to_owned()))
    }
}

impl fmt::Display for DupStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        for status in DupStatus::ALL {
            assert_eq!(status.name().parse(), Ok(status));
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
