//! What a duplication is known by: ids, and the names of its two tables.

use super::{AppId, DupId, DupKey};

/// What is known of a duplication's identity. Names can be given again, ids cannot.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Identity {
    /// The source table's id.
    pub app_id: Option<AppId>,
    /// The duplication's id.
    pub dup_id: Option<DupId>,
    /// The source table.
    pub app_name: Option<String>,
    /// The follower's cluster.
    pub remote_cluster: Option<String>,
    /// The follower's table.
    pub remote_app_name: Option<String>,
}

impl Identity {
    /// `a5d1716542517`, where both ids are known.
    #[must_use]
    pub fn key(&self) -> Option<DupKey> {
        Some(DupKey { app_id: self.app_id?, dup_id: self.dup_id? })
    }

    /// `a5d1716542517`, or `d1716542517` where only that is known.
    #[must_use]
    pub fn ids(&self) -> Option<String> {
        self.key().map(|key| key.to_string()).or_else(|| Some(format!("d{}", self.dup_id?.0)))
    }
}
