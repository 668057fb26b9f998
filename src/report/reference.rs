//! By what findings and duplications are named where they are not shown whole.

use super::Finding;
use crate::pegasus::{AppId, DupId, Identity};
use crate::signature::Severity;
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

impl From<&Identity> for DuplicationRef {
    fn from(known: &Identity) -> Self {
        Self { app_id: known.app_id, dup_id: known.dup_id, app_name: known.app_name.clone() }
    }
}

impl From<&DuplicationRef> for Identity {
    fn from(about: &DuplicationRef) -> Self {
        Self { app_id: about.app_id, dup_id: about.dup_id, app_name: about.app_name.clone(), ..Self::default() }
    }
}

impl DuplicationRef {
    /// Whether that is the duplication.
    #[must_use]
    pub fn is(&self, known: &Identity) -> bool {
        (self.app_id, self.dup_id, &self.app_name) == (known.app_id, known.dup_id, &known.app_name)
    }
}

impl Finding {
    /// Whether it is about that duplication.
    #[must_use]
    pub fn is_about(&self, known: &Identity) -> bool {
        self.duplication.as_ref().is_some_and(|about| about.is(known))
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
