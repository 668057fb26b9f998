//! A finding with all that is needed to understand it alone, for NDJSON.

use super::{DuplicationEntry, DuplicationRef, Finding, Report, SCHEMA_VERSION, Time, Tool, Verdict, Window};
use crate::pegasus::{DupStatus, Identity};
use crate::timeline::Exactness;
use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::Serialize;

/// A finding, and beside it which program found it in which logs and how its duplication is.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[non_exhaustive]
pub(crate) struct FindingLine<'r> {
    /// The version of this JSON: raised when the meaning of a field changes.
    #[schemars(extend("const" = SCHEMA_VERSION))]
    pub schema_version: &'static str,
    /// The program.
    pub tool: &'r Tool,
    /// When it ran.
    pub generated_at: Option<Time>,
    /// First and last dated line of all inputs.
    pub window: Window,
    /// The finding, its fields on the level of this object.
    #[serde(flatten)]
    pub finding: &'r Finding,
    /// How the duplication is that it is about; `null` when it is about none that the report knows.
    pub duplication_state: Option<LineDuplication>,
}

/// Who a duplication is and how it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub(crate) struct LineDuplication {
    /// Which one it is, its fields on the level of this object.
    #[serde(flatten)]
    pub identity: Identity,
    /// Number of partitions.
    pub partition_count: Option<i64>,
    /// The current status; the finding's own `status` is that in which it happened.
    pub status: Option<DupStatus>,
    /// How it is.
    pub verdict: Verdict,
    /// Since when it has the status; the first sight of it when the change is not in the logs.
    pub status_since: Option<Time>,
    /// How long, in seconds.
    pub status_seconds: Option<i64>,
    /// Whether that is exact, or it has lasted at least or at most so long.
    pub status_seconds_are: Option<Exactness>,
}

/// The findings of a report, in its order.
pub(crate) fn finding_lines(report: &Report) -> impl Iterator<Item = FindingLine<'_>> {
    let by_name: FxHashMap<DuplicationRef, &DuplicationEntry> = report.duplications.iter().rev().map(|d| (d.reference(), d)).collect();
    report.findings.iter().map(move |finding| FindingLine {
        schema_version: SCHEMA_VERSION,
        tool: &report.tool,
        generated_at: report.generated_at,
        window: report.window,
        finding,
        duplication_state: finding.duplication.as_ref().and_then(|d| by_name.get(d)).map(|entry| state(entry)),
    })
}

fn state(entry: &DuplicationEntry) -> LineDuplication {
    LineDuplication {
        identity: entry.identity.clone(),
        partition_count: entry.partition_count,
        status: entry.status,
        verdict: entry.verdict,
        status_since: entry.status_since,
        status_seconds: entry.status_seconds,
        status_seconds_are: entry.status_seconds_are,
    }
}

impl Report {
    /// The duplication that a finding of this report is about.
    #[must_use]
    pub fn duplication_of(&self, finding: &Finding) -> Option<&DuplicationEntry> {
        let about = finding.duplication.as_ref()?;
        self.duplications.iter().find(|d| about.is(&d.identity))
    }
}
