//! A finding that is open, from when it opens until it clears, and what is told about it.

use crate::pegasus::{Identity, LogTime, agree, closed_set};
use crate::report::{DuplicationEntry, Finding, Report, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

closed_set! {
    /// What became of a finding.
    ChangeKind, "change" {
        /// It is new.
        Opened = "opened",
        /// Its severity, its certainty or its cause is another one now.
        Updated = "updated",
        /// It does not hold any more.
        Cleared = "cleared",
    }
}

/// Something to tell.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Change {
    /// When, in the time of the logs.
    pub at: LogTime,
    /// What happened.
    pub change: ChangeKind,
    /// To which finding.
    pub incident: Incident,
    /// It may have been told already: the program was killed while it told it.
    pub again: bool,
}

/// A change as `dupdoctor watch --format ndjson` prints it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[non_exhaustive]
pub(crate) struct ChangeLine<'c> {
    /// When, in the time of the logs.
    pub at: Time,
    /// What happened.
    pub change: ChangeKind,
    /// To which finding: as the report has it; of one that cleared, as it was last, but `info` and not active.
    pub finding: &'c Finding,
    /// There only where true: it may have been told already, as the program was killed while it told it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub again: bool,
}

/// A finding that was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Incident {
    /// As it was last, under the fingerprint that it had when it opened.
    pub finding: Finding,
    /// The follower's cluster.
    pub remote_cluster: Option<String>,
    /// When it opened, in nanoseconds, in the time of the logs.
    pub opened_at: i64,
}

impl Incident {
    /// A finding of a report.
    pub(super) fn new(finding: &Finding, report: &Report, opened_at: LogTime) -> Self {
        let remote_cluster = report.duplication_of(finding).and_then(|entry| entry.identity.remote_cluster.clone());
        Self { finding: finding.clone(), remote_cluster, opened_at: opened_at.0 }
    }

    /// The duplication that it is about; nothing of it is known where it is about none.
    #[must_use]
    pub fn identity(&self) -> Identity {
        let about = self.finding.duplication.as_ref().map(Identity::from).unwrap_or_default();
        Identity { remote_cluster: self.remote_cluster.clone(), ..about }
    }

    /// What to do, each step with what to type in lines of its own.
    pub fn steps(&self) -> impl Iterator<Item = String> {
        self.finding.suggestions.iter().map(|step| {
            let typed = step.commands.iter().map(|c| format!("\n{}> {}", c.at.replace('-', " "), c.run));
            std::iter::once(step.text.to_string()).chain(typed).collect()
        })
    }

    /// Takes over what the finding says now, keeping by what it is known.
    pub(super) fn renew(&mut self, finding: &Finding, report: &Report) {
        let mut finding = finding.clone();
        finding.fingerprint.clone_from(&self.finding.fingerprint);
        *self = Self::new(&finding, report, LogTime(self.opened_at));
    }

    /// Whether a finding is this one. What is known about a duplication grows; what is not known does not differ.
    pub(super) fn matches(&self, finding: &Finding) -> bool {
        if self.finding.code != finding.code || self.finding.server != finding.server {
            return false;
        }
        let (mine, theirs) = match (&self.finding.duplication, &finding.duplication) {
            (Some(mine), Some(theirs)) => (mine, theirs),
            (mine, theirs) => return mine.is_none() && theirs.is_none(),
        };
        let ids_agree = agree(mine.app_id.as_ref(), theirs.app_id.as_ref()) && agree(mine.dup_id.as_ref(), theirs.dup_id.as_ref());
        let names_agree = agree(mine.app_name.as_ref(), theirs.app_name.as_ref());
        let same_ids = mine.dup_id.is_some() && mine.dup_id == theirs.dup_id;
        // Nothing in common is as little as a difference.
        let same_name = mine.app_name.is_some() && mine.app_name == theirs.app_name;
        ids_agree && (same_ids && names_agree || same_name)
    }

    /// Whether it is told in another way now.
    pub(super) fn differs(&self, finding: &Finding) -> bool {
        let told = |f: &Finding| (f.severity, f.confidence, f.caused_by.as_ref().map(|c| c.code.clone()));
        told(&self.finding) != told(finding)
    }

    /// Whether more is known now about whom it is about.
    pub(super) fn knows_less(&self, finding: &Finding) -> bool {
        let Some(about) = &finding.duplication else { return false };
        let known = self.identity();
        known.app_id.is_none() && about.app_id.is_some()
            || known.dup_id.is_none() && about.dup_id.is_some()
            || known.app_name.is_none() && about.app_name.is_some()
    }

    /// The duplication that it is about.
    pub(super) fn entry<'r>(&self, report: &'r Report) -> Option<&'r DuplicationEntry> {
        let about = self.finding.duplication.as_ref()?;
        report.duplications.iter().find(|d| match about.dup_id {
            Some(_) => d.identity.dup_id == about.dup_id && agree(d.identity.app_id.as_ref(), about.app_id.as_ref()),
            None => about.app_name.is_some() && d.identity.app_name == about.app_name,
        })
    }
}
