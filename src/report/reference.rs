//! By what findings and duplications are named where they are not shown whole.

use super::Finding;
use crate::pegasus::{AppId, DupId};
use crate::signature::Severity;
use crate::timeline::Story;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The duplication that a finding is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct DuplicationRef {
    /// The source table's id.
    pub app_id: Option<AppId>,
    /// The duplication's id.
    pub dup_id: Option<DupId>,
    /// The source table.
    pub app_name: Option<String>,
}

impl From<&Story> for DuplicationRef {
    fn from(story: &Story) -> Self {
        Self { app_id: story.app_id, dup_id: story.dup_id, app_name: story.app_name.clone() }
    }
}

/// A finding by its names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct ComparedFinding {
    /// `DUP301`
    pub code: String,
    /// `follower-queried-by-source-name`
    pub name: String,
    /// How grave; of what is gone, how grave it was.
    pub severity: Severity,
    /// It still holds at the end of the logs.
    pub active: bool,
    /// About which duplication; `null` when it is about a server or an input.
    pub duplication: Option<DuplicationRef>,
    /// The server, when it is about one.
    pub server: Option<String>,
    /// One line.
    pub title: String,
    /// The same for the same incident.
    pub fingerprint: String,
}

impl ComparedFinding {
    pub(super) fn of(finding: &Finding) -> Self {
        Self {
            code: finding.code.clone(),
            name: finding.name.clone(),
            severity: finding.severity,
            active: finding.active,
            duplication: finding.duplication.clone(),
            server: finding.server.clone(),
            title: finding.title.clone(),
            fingerprint: finding.fingerprint.clone(),
        }
    }
}
