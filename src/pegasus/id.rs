//! Identifiers: tables, partitions, duplications.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// A table's id within its cluster. Names can be given again, ids cannot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct AppId(pub i64);

/// A duplication's id: the unix second of its creation, unique per table only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct DupId(pub i64);

/// A duplication's full identity, printed by Pegasus as `[a{app_id}d{dup_id}]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DupKey {
    /// The source table.
    pub app_id: AppId,
    /// Its duplication.
    pub dup_id: DupId,
}

impl DupKey {
    /// The key, where both ids are known.
    #[must_use]
    pub fn of(app_id: Option<AppId>, dup_id: Option<DupId>) -> Option<Self> {
        Some(Self { app_id: app_id?, dup_id: dup_id? })
    }
}

impl fmt::Display for DupKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a{}d{}", self.app_id.0, self.dup_id.0)
    }
}

/// A partition: table id and index, printed as `3.0`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Gpid {
    /// The table.
    pub app_id: AppId,
    /// The partition's index, from 0.
    pub partition: i64,
}

/// A text that is not of the form `3.0`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not a partition such as 3.0")]
pub struct InvalidGpid;

impl FromStr for Gpid {
    type Err = InvalidGpid;

    fn from_str(text: &str) -> Result<Self, InvalidGpid> {
        let parts = text.split_once('.').and_then(|(app, partition)| Some((app.parse().ok()?, partition.parse().ok()?)));
        parts.map(|(app, partition)| Self { app_id: AppId(app), partition }).ok_or(InvalidGpid)
    }
}

impl fmt::Display for Gpid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.app_id.0, self.partition)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gpid_reads_back_as_it_is_printed() {
        let gpid: Result<Gpid, InvalidGpid> = "12.3".parse();
        assert_eq!(gpid.map(|g| g.to_string()), Ok("12.3".to_owned()));
        assert!("12".parse::<Gpid>().is_err());
        assert!("a.b".parse::<Gpid>().is_err());
    }
}
