//! A finding that is open, from when it opens until it clears, and what is told about it.

use crate::pegasus::{LogTime, closed_set};
use crate::report::{DuplicationEntry, Finding, Report, Time};
use crate::signature::{Confidence, Severity};
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
}

/// A change as `dupdoctor watch --format ndjson` prints it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct ChangeLine {
    /// When, in the time of the logs.
    pub at: Time,
    /// What happened.
    pub change: ChangeKind,
    /// To which finding: as the report has it; of one that cleared, as it was last.
    pub finding: Finding,
}

/// A finding that was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Incident {
    /// `DUP301`
    pub code: String,
    /// `follower-queried-by-source-name`
    pub name: String,
    /// How grave.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// The source table's id.
    pub app_id: Option<i64>,
    /// The duplication's id.
    pub dup_id: Option<i64>,
    /// The source table.
    pub app_name: Option<String>,
    /// The follower's cluster.
    pub remote_cluster: Option<String>,
    /// The server that it is about.
    pub server: Option<String>,
    /// The duplication's status.
    pub status: Option<String>,
    /// One line.
    pub title: String,
    /// What is going on.
    pub explanation: String,
    /// Why.
    pub cause: String,
    /// What to do, each step with what to type.
    pub steps: Vec<String>,
    /// The code of the finding that explains this one.
    pub caused_by: Option<String>,
    /// The same for as long as it is open.
    pub fingerprint: String,
    /// When it opened, in nanoseconds, in the time of the logs.
    pub opened_at: i64,
    /// The finding as the report has it.
    pub json: String,
}

impl Incident {
    /// A finding of a report.
    pub(super) fn new(finding: &Finding, report: &Report, opened_at: LogTime) -> Self {
        let entry = entry(finding, report);
        let about = finding.duplication.as_ref();
        let step = |s: &crate::report::Suggestion| {
            let typed = s.commands.iter().map(|c| format!("\n{}> {}", c.at.replace('-', " "), c.run));
            std::iter::once(s.text.to_string()).chain(typed).collect()
        };
        Self {
            code: finding.code.clone(),
            name: finding.name.clone(),
            severity: finding.severity,
            confidence: finding.confidence,
            app_id: about.and_then(|d| Some(d.app_id?.0)),
            dup_id: about.and_then(|d| Some(d.dup_id?.0)),
            app_name: about.and_then(|d| d.app_name.clone()),
            remote_cluster: entry.and_then(|e| e.remote_cluster.clone()),
            server: finding.server.clone(),
            status: finding.status.map(|s| s.name().to_owned()),
            title: finding.title.clone(),
            explanation: finding.explanation.clone(),
            cause: finding.cause.to_string(),
            steps: finding.suggestions.iter().map(step).collect(),
            caused_by: finding.caused_by.as_ref().map(|c| c.code.clone()),
            fingerprint: finding.fingerprint.clone(),
            opened_at: opened_at.0,
            json: json(finding),
        }
    }

    /// Takes over what the finding says now, keeping by what it is known.
    pub(super) fn renew(&mut self, finding: &Finding, report: &Report) {
        let mut finding = finding.clone();
        finding.fingerprint.clone_from(&self.fingerprint);
        *self = Self::new(&finding, report, LogTime(self.opened_at));
    }

    /// Says that it is over.
    pub(super) fn close(&mut self) {
        if let Ok(mut finding) = serde_json::from_str::<serde_json::Value>(&self.json) {
            finding["active"] = false.into();
            self.json = finding.to_string();
        }
    }

    /// Whether a finding is this one. What is known about a duplication grows; what is not known does not differ.
    pub(super) fn is(&self, finding: &Finding) -> bool {
        if self.code != finding.code || self.server != finding.server {
            return false;
        }
        let about = finding.duplication.as_ref();
        let differs = |mine: Option<i64>, theirs: Option<i64>| mine.zip(theirs).is_some_and(|(a, b)| a != b);
        let (app, dup) = (about.and_then(|d| Some(d.app_id?.0)), about.and_then(|d| Some(d.dup_id?.0)));
        if differs(self.app_id, app) || differs(self.dup_id, dup) {
            return false;
        }
        let same_ids = self.dup_id.is_some() && self.dup_id == dup;
        let name = about.and_then(|d| d.app_name.as_ref());
        let names_differ = self.app_name.as_ref().zip(name).is_some_and(|(a, b)| a != b);
        // Nothing in common is as little as a difference.
        let known = self.app_name.is_some() || self.dup_id.is_some();
        if known { same_ids && !names_differ || self.app_name.is_some() && self.app_name.as_ref() == name } else { about.is_none() }
    }

    /// Whether it is told in another way now.
    pub(super) fn differs(&self, finding: &Finding) -> bool {
        let cause = finding.caused_by.as_ref().map(|c| c.code.as_str());
        self.severity != finding.severity || self.confidence != finding.confidence || self.caused_by.as_deref() != cause
    }

    /// Whether more is known now about whom it is about.
    pub(super) fn knows_less(&self, finding: &Finding) -> bool {
        let Some(about) = &finding.duplication else { return false };
        self.app_id.is_none() && about.app_id.is_some()
            || self.dup_id.is_none() && about.dup_id.is_some()
            || self.app_name.is_none() && about.app_name.is_some()
    }

    /// The duplication that it is about.
    pub(super) fn entry<'r>(&self, report: &'r Report) -> Option<&'r DuplicationEntry> {
        report.duplications.iter().find(|d| match self.dup_id {
            Some(dup) => d.dup_id.is_some_and(|d| d.0 == dup) && self.app_id.is_none_or(|a| d.app_id.is_none_or(|d| d.0 == a)),
            None => self.app_name.is_some() && d.app_name == self.app_name,
        })
    }
}

fn entry<'r>(finding: &Finding, report: &'r Report) -> Option<&'r DuplicationEntry> {
    let about = finding.duplication.as_ref()?;
    report.duplications.iter().find(|d| (d.app_id, d.dup_id, &d.app_name) == (about.app_id, about.dup_id, &about.app_name))
}

fn json(finding: &Finding) -> String {
    // Plain data with string keys always serialises.
    serde_json::to_string(finding).unwrap_or_default()
}
