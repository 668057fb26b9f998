//! What a duplication is known by: ids, and the names of its two tables.

use super::{AppId, DupId, DupKey};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is known of a duplication's identity. Names can be given again, ids cannot.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize, JsonSchema)]
pub struct Identity {
    /// The source table's id.
    pub app_id: Option<AppId>,
    /// The duplication's id: the unix second of its creation.
    pub dup_id: Option<DupId>,
    /// The source table.
    pub app_name: Option<String>,
    /// The follower's cluster.
    pub remote_cluster: Option<String>,
    /// The follower's table.
    pub remote_app_name: Option<String>,
}

impl Identity {
    /// The key, where both ids are known.
    #[must_use]
    pub fn key(&self) -> Option<DupKey> {
        DupKey::of(self.app_id, self.dup_id)
    }

    /// The follower's table, which has the source's name where no line says another one.
    #[must_use]
    pub fn follower_table(&self) -> Option<&str> {
        self.remote_app_name.as_deref().or(self.app_name.as_deref())
    }

    /// `a5d1716542517`, or `d1716542517` where only that is known.
    #[must_use]
    pub fn ids(&self) -> Option<String> {
        ids(self.app_id, self.dup_id)
    }
}

/// Whether two may be the same: what is not known does not differ.
pub(crate) fn agree<T: PartialEq>(mine: Option<&T>, theirs: Option<&T>) -> bool {
    mine.zip(theirs).is_none_or(|(mine, theirs)| mine == theirs)
}

/// `a5d1716542517`, or `d1716542517` where only that is known.
pub(crate) fn ids(app_id: Option<AppId>, dup_id: Option<DupId>) -> Option<String> {
    let dup_id = dup_id?;
    Some(app_id.map_or_else(|| format!("d{}", dup_id.0), |app_id| DupKey { app_id, dup_id }.to_string()))
}
