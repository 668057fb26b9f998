//! How a command ended.

use std::process::ExitCode;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ExitStatus {
    /// Nothing at or above `--fail-on`.
    Success,
    /// Findings at or above it, or what a command has in their place.
    Findings,
    /// Something could not be read or written; the rest was used.
    Incomplete,
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
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        match status {
            ExitStatus::Success => Self::SUCCESS,
            ExitStatus::Findings => Self::from(1),
            ExitStatus::Incomplete => Self::from(2),
        }
    }
}
