//! How a command ended.

use dupdoctor::report::Readiness;
use std::process::ExitCode;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ExitStatus {
    /// Nothing at or above `--fail-on`.
    Success,
    /// Findings at or above it, or what a command has in their place.
    Findings,
    /// Something could not be read or written; the rest was used.
    Incomplete,
    /// Nothing was found, but what was read does not reach far enough to say that all is well.
    CannotTell,
}

impl ExitStatus {
    /// What could not be read weighs more than what was found.
    pub(crate) fn of(complete: bool, findings: bool) -> Self {
        match (complete, findings) {
            (false, _) => Self::Incomplete,
            (true, true) => Self::Findings,
            (true, false) => Self::Success,
        }
    }

    /// Whether all that was asked about is ready; where there is nothing, nobody can tell.
    pub(crate) fn of_readiness(complete: bool, readiness: Option<Readiness>) -> Self {
        match readiness {
            _ if !complete => Self::Incomplete,
            Some(Readiness::Ready) => Self::Success,
            Some(Readiness::NotReady) => Self::Findings,
            Some(Readiness::CannotTell) | None => Self::CannotTell,
        }
    }

    /// What nobody can tell is no success.
    pub(crate) fn or_cannot_tell(self, cannot_tell: bool) -> Self {
        if self == Self::Success && cannot_tell { Self::CannotTell } else { self }
    }
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        match status {
            ExitStatus::Success => Self::SUCCESS,
            ExitStatus::Findings => Self::from(1),
            ExitStatus::Incomplete => Self::from(2),
            ExitStatus::CannotTell => Self::from(3),
        }
    }
}
