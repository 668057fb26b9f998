//! The report: plain data with public fields. Its serialisation is the JSON contract, `schema_version` "1".
//!
//! Every key is always there; what is not known is `null`. Times are RFC 3339 in UTC. Renderers
//! decide nothing: filters, severities and wording are settled here.

pub(crate) mod accepted;
pub(crate) mod annotation;
mod build;
mod check;
mod compare;
mod context;
mod coverage;
mod detail;
mod disk;
mod duplication;
pub(crate) mod event_line;
mod filter;
mod finding;
mod finding_line;
pub(crate) mod fingerprint;
mod missing;
pub(crate) mod number;
mod ownership;
mod read;
pub(crate) mod reading;
mod redact;
mod reference;
mod selection;
mod series;
mod server;
mod shared;
pub(crate) mod status;
pub(crate) mod subject;
mod switch_over;
mod time;
mod timeline;
mod verdict;
pub(crate) mod whois;

pub use accepted::{Acceptance, AcceptedBy, AcceptedFinding, Day, ExpiredRule};
pub(crate) use annotation::Annotation;
pub(crate) use build::build;
pub use check::{CheckEntry, CheckState};
pub use compare::{ChangedDuplication, ChangedField, Comparison, Gone, GoneFinding, StillFinding, compare};
pub use coverage::{ClusterCoverage, GapCoverage, LeaderCoverage};
pub use detail::{LossEntry, PartitionLoss};
pub use disk::DiskEntry;
pub use duplication::{DuplicationEntry, Lag, PartitionEntry, Place, TransitionEntry};
pub use filter::{AppPattern, DupChoice, DuplicationFilter};
pub(crate) use finding_line::{FindingLine, finding_lines};
pub use read::ReadError;
pub(crate) use reading::input_note;
pub use redact::Redaction;
pub use reference::{ComparedFinding, DuplicationRef};
pub use selection::{Runbooks, Selection};
pub use series::{ErrorSeries, History, LeaderEntry, PartitionHistory, StateEntry};
pub use server::{RestartEntry, ServerEntry};
pub(crate) use status::{StatusDuplication, StatusPartition, StatusReport, StatusTable};
pub(crate) use subject::RunbookSubject;
pub use switch_over::{Known, MOST_WAITING, OpenCondition, Readiness, SwitchOver, SwitchOverCondition};
pub use time::Time;
pub(crate) use timeline::{Chapter, Happening, chapters};
pub use verdict::Verdict;
pub(crate) use whois::{ServerMentions, SourceLine, Whois, WhoisDuplication, WhoisServer};

use crate::ingest::InputKind;
use crate::pegasus::{DupStatus, ServerGroup};
use crate::signature::{Command, Confidence, FixedBy, RunbookStep, Severity};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The version of the JSON: raised when the meaning of a field changes.
pub const SCHEMA_VERSION: &str = "1";

/// What a diagnosis says.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Report {
    /// The version of this JSON: raised when the meaning of a field changes.
    #[schemars(extend("const" = SCHEMA_VERSION))]
    pub schema_version: Cow<'static, str>,
    /// The program.
    #[serde(default)]
    pub tool: Tool,
    /// When it ran.
    pub generated_at: Option<Time>,
    /// First and last dated line of all inputs.
    pub window: Window,
    /// What was read.
    #[serde(default)]
    pub inputs: Vec<InputEntry>,
    /// What was left out, and why.
    #[serde(default)]
    pub skipped: Vec<Skipped>,
    /// The servers that wrote it.
    #[serde(default)]
    pub servers: Vec<ServerEntry>,
    /// Changes of the meta servers' leader, by time.
    #[serde(default)]
    pub leader_changes: Vec<LeaderEntry>,
    /// What was in sight of each cluster.
    #[serde(default)]
    pub coverage: Vec<ClusterCoverage>,
    /// Logs that are not there and would tell what these do not: how duplications are, and whether quiet ones are idle or blocked.
    #[serde(default)]
    pub missing_logs: Vec<MissingLogs>,
    /// The duplications, those in trouble first.
    pub duplications: Vec<DuplicationEntry>,
    /// The findings, the worst first.
    pub findings: Vec<Finding>,
    /// Findings that are known and accepted, and therefore not among the others.
    #[serde(default)]
    pub accepted: Vec<AcceptedFinding>,
    /// Rules that leave nothing out any more, because their last day has passed.
    #[serde(default)]
    pub expired: Vec<ExpiredRule>,
    /// What is new, still there and gone since an earlier report; `null` when none was named.
    pub comparison: Option<Comparison>,
    /// Counts.
    #[serde(default)]
    pub summary: Summary,
    /// What was checked before a duplication is added; `null` unless `preflight` made the report.
    pub checks: Option<Vec<CheckEntry>>,
    /// The steps to take, in order; `null` unless `preflight` made the report.
    pub steps: Option<Vec<Suggestion>>,
}

impl Report {
    /// Whether these logs cannot tell how a duplication is, show none at all, or hold lines about some that were not understood.
    #[must_use]
    pub fn cannot_tell(&self) -> bool {
        let untold = || self.duplications.is_empty() || self.duplications.iter().any(DuplicationEntry::cannot_tell);
        self.checks.is_none() && (untold() || self.not_understood() > 0)
    }

    /// Whether all duplications are ready for a switch-over; `None` without any that was asked about.
    #[must_use]
    pub fn readiness(&self) -> Option<Readiness> {
        let asked = self.duplications.iter().filter_map(|d| d.switch_over.as_ref()).map(|switch_over| switch_over.answer);
        asked.map(|answer| if self.not_understood() > 0 { answer.min(Readiness::CannotTell) } else { answer }).min()
    }

    /// Lines about duplication that were not understood, unless that is accepted.
    #[must_use]
    pub fn not_understood(&self) -> u64 {
        let accepted = self.accepted.iter().any(|accepted| accepted.finding.code == NOT_UNDERSTOOD);
        if accepted { 0 } else { self.summary.drifted }
    }
}

/// The code of the finding about lines that were not understood.
const NOT_UNDERSTOOD: &str = "DUP904";

impl Finding {
    /// Whether it only says that something may be missing from what was found: no trouble of a cluster, but no all-clear either.
    #[must_use]
    pub fn is_doubt(&self) -> bool {
        self.code == NOT_UNDERSTOOD
    }
}

/// The program that wrote the report.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Tool {
    /// `dupdoctor`
    pub name: Cow<'static, str>,
    /// Its version.
    pub version: Cow<'static, str>,
}

impl Tool {
    /// This one.
    pub(crate) fn this() -> Self {
        Self { name: "dupdoctor".into(), version: env!("CARGO_PKG_VERSION").into() }
    }
}

/// A stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Window {
    /// Its first moment.
    pub first: Option<Time>,
    /// Its last moment.
    pub last: Option<Time>,
}

/// One input that was read.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct InputEntry {
    /// The name as the user would write it; members of archives behind the archive's name.
    pub path: String,
    /// What it is, as far as its lines tell.
    #[schemars(with = "String", extend("enum" = InputKind::ALL))]
    pub kind: InputKind,
    /// The server that wrote it.
    pub server: String,
    /// Decompressed bytes.
    pub bytes: u64,
    /// Lines.
    pub lines: u64,
    /// Lines that begin a record; the others continue one.
    pub records: u64,
    /// Recognised events.
    pub events: u64,
    /// Lines whose anchor is known but that do not parse.
    pub drifted: u64,
    /// First dated line.
    pub first: Option<Time>,
    /// Last dated line.
    pub last: Option<Time>,
    /// Offset of the server's clock text from UTC, in minutes.
    pub utc_offset_minutes: Option<i64>,
    /// What is worth knowing about how it was read.
    pub notes: Vec<String>,
}

/// Something that was not read.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Skipped {
    /// Its name.
    pub path: String,
    /// Why.
    pub reason: String,
    /// Nothing is missing by it: another name or a copy of what was read, or a server's standard output without lines of a log.
    #[serde(default)]
    pub harmless: bool,
}

impl Report {
    /// What was not read and may be missing.
    pub(crate) fn unread(&self) -> impl Iterator<Item = &Skipped> {
        self.skipped.iter().filter(|skipped| !skipped.harmless)
    }
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Finding {
    /// `DUP301`
    pub code: String,
    /// `follower-queried-by-source-name`
    pub name: String,
    /// How grave.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// About which duplication; `null` when it is about a server or an input.
    pub duplication: Option<DuplicationRef>,
    /// The server, when it is about one.
    pub server: Option<String>,
    /// The status in which it happened.
    pub status: Option<DupStatus>,
    /// One line.
    pub title: String,
    /// What is going on.
    pub explanation: String,
    /// The cause.
    pub cause: Arc<str>,
    /// What it comes to in numbers, a sentence each: what is lost, what waits, when disks are full.
    pub details: Vec<String>,
    /// Decrees that are lost, where the lines say how many.
    pub loss: Option<LossEntry>,
    /// Releases and builds that have it.
    pub affected: Option<String>,
    /// It still holds at the end of the logs.
    pub active: bool,
    /// First proving line.
    pub first_seen: Option<Time>,
    /// Last proving line.
    pub last_seen: Option<Time>,
    /// Number of proving lines.
    pub occurrences: u64,
    /// Proving lines, from both ends.
    pub evidence: Vec<Evidence>,
    /// What to do, in order.
    pub suggestions: Vec<Suggestion>,
    /// The whole runbook; `null` unless it was asked for.
    pub runbook: Option<Vec<RunbookStep>>,
    /// What fixes it for good.
    pub fixed_by: Option<FixedBy>,
    /// The finding of the same duplication that explains this one, which is then only its consequence.
    pub caused_by: Option<Cause>,
    /// Codes of the findings that this one explains.
    pub consequences: Vec<String>,
    /// Logs that are not there and would decide it, or show more.
    pub missing_logs: Vec<MissingLogs>,
    /// Failures that all explain the lines, where what would tell them apart is out of sight.
    #[serde(default)]
    pub alternatives: Vec<LookAlikeEntry>,
    /// Other failures that look like it, and how to tell them apart.
    pub look_alikes: Vec<LookAlikeEntry>,
    /// Links.
    pub references: Vec<String>,
    /// The same for the same incident, whatever files, machine or time zone.
    pub fingerprint: String,
    /// It is about the logs rather than about a cluster; known only of a report that was not read back.
    #[serde(skip)]
    pub about_logs: bool,
}

/// What explains a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Cause {
    /// Its code.
    pub code: String,
    /// Its fingerprint.
    pub fingerprint: String,
}

/// Logs that are not among the inputs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct MissingLogs {
    /// Whose logs: of the source or the target cluster, of its meta or its replica servers.
    #[schemars(with = "String", extend("enum" = ServerGroup::ALL))]
    pub role: ServerGroup,
    /// The cluster, if a line names it.
    pub cluster: Option<String>,
    /// The servers, if lines name them; all of the role otherwise.
    pub servers: Vec<String>,
    /// From when to when.
    pub window: Window,
    /// How to collect them on each server.
    pub command: Command,
}

/// One proving line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Evidence {
    /// The input.
    pub path: Arc<str>,
    /// The line, from 1; `null` where the lines before a window of time were not counted.
    pub line: Option<u64>,
    /// The header's time.
    pub at: Time,
    /// The line as it stands; very long ones are cut.
    pub text: Arc<str>,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Suggestion {
    /// What to do.
    pub text: Arc<str>,
    /// What to type.
    pub commands: Vec<Command>,
}

/// A look-alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct LookAlikeEntry {
    /// Its code.
    pub code: String,
    /// How to tell it apart.
    pub text: Arc<str>,
}

/// Counts.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Summary {
    /// Duplications.
    pub duplications: usize,
    /// Duplications by verdict; only verdicts that occur.
    #[schemars(extend("propertyNames" = {"$ref": "#/$defs/Verdict"}))]
    pub by_verdict: BTreeMap<Verdict, usize>,
    /// Findings by severity; only severities that occur.
    #[schemars(extend("propertyNames" = {"$ref": "#/$defs/Severity"}))]
    pub by_severity: BTreeMap<Severity, usize>,
    /// Servers.
    pub servers: usize,
    /// Inputs read.
    pub inputs: usize,
    /// Bytes read, decompressed.
    pub bytes: u64,
    /// Lines read.
    pub lines: u64,
    /// Recognised events.
    pub events: u64,
    /// Lines whose anchor is known but that do not parse.
    pub drifted: u64,
}
