//! What a source replica does with a private log file it cannot read.

use schemars::JsonSchema;
use serde::Serialize;
use std::str::FromStr;

/// `duplication_fail_mode` of Pegasus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FailMode {
    /// Retry for ever (the default).
    FailSlow,
    /// Give the unreadable file up after ten rounds.
    FailSkip,
    /// Abort the replica server. The shells do not offer it.
    FailFast,
}

impl FailMode {
    /// The name as Pegasus prints it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::FailSlow => "FAIL_SLOW",
            Self::FailSkip => "FAIL_SKIP",
            Self::FailFast => "FAIL_FAST",
        }
    }
}

impl FromStr for FailMode {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "FAIL_SLOW" => Ok(Self::FailSlow),
            "FAIL_SKIP" => Ok(Self::FailSkip),
            "FAIL_FAST" => Ok(Self::FailFast),
            _ => Err(()),
        }
    }
}
