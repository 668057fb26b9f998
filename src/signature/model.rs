//! A signature file, as it is written.

use super::step::{FixStep, Words};
use super::text::Lang;
use crate::pegasus::{ServerGroup, closed_set};
use crate::timeline::FactName;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;

closed_set! {
    /// How grave a finding is.
    Severity, "severity" {
        /// Worth knowing.
        Info = "info",
        /// Slower or riskier than it should be.
        Warning = "warning",
        /// Something does not work.
        Error = "error",
        /// Nothing moves on by itself, or data is lost.
        Critical = "critical",
    }
}

closed_set! {
    /// How sure a finding is.
    Confidence, "confidence" {
        /// One of several explanations.
        Possible = "possible",
        /// The best explanation.
        Likely = "likely",
        /// Nothing else explains the lines.
        Certain = "certain",
    }
}

closed_set! {
    /// Whose logs or output show a failure.
    SignatureRole, "role" {
        /// The source's meta servers.
        SourceMeta = "source meta",
        /// The source's replica servers.
        SourceReplica = "source replica",
        /// The target's meta servers.
        TargetMeta = "target meta",
        /// The target's replica servers.
        TargetReplica = "target replica",
        /// An operator's shell.
        Shell = "shell",
    }
}

impl SignatureRole {
    /// The servers, unless it is a shell.
    pub fn servers(self) -> Option<ServerGroup> {
        self.name().parse().ok()
    }
}

closed_set! {
    /// What of a server's log, other than a line, proves a finding.
    LogProof, "proof" {
        /// A stretch of time between two files without any line.
        Gap = "gap",
        /// A clock that jumps, or puts lines in an order that cannot be.
        Clock = "clock",
        /// The silence after the last line.
        Silence = "silence",
    }
}

closed_set! {
    /// What a signature is tried on.
    #[derive(Default)]
    Scope, "scope" {
        /// Spans of a duplication.
        #[default]
        Duplication = "duplication",
        /// An operator's request without effect.
        Request = "request",
        /// One server's log.
        Server = "server",
        /// One input.
        Input = "input",
        /// Nothing: no log line can show it; it stands in `explain`.
        None = "none",
    }
}

closed_set! {
    /// What an active finding makes of its duplication.
    VerdictOf, "verdict" {
        /// It will not move on by itself, or has not for longer than expected.
        Stuck = "stuck",
        /// It works now, and will break or lose data by itself.
        AtRisk = "at-risk",
        /// A server aborted over it, or data is lost.
        Failed = "failed",
    }
}

/// One value or a list of which any fits.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum OneOrMany {
    /// Any of these. Stands first, because a list could be taken for the other two.
    Many(Vec<toml::Value>),
    /// For facts that are durations: at least so long, changeable with `--expect`.
    Length(Threshold),
    /// One value.
    One(toml::Value),
}

impl OneOrMany {
    /// The values.
    pub fn values(&self) -> &[toml::Value] {
        match self {
            Self::One(value) => std::slice::from_ref(value),
            Self::Many(values) => values,
            Self::Length(_) => &[],
        }
    }

    /// The threshold, if it is one.
    pub fn length(&self) -> Option<&Threshold> {
        match self {
            Self::Length(threshold) => Some(threshold),
            Self::One(_) | Self::Many(_) => None,
        }
    }
}

/// Names of events: one or any of several.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Events {
    /// One name.
    One(String),
    /// Any of these.
    Many(Vec<String>),
}

impl Default for Events {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

impl Events {
    /// The names.
    pub fn names(&self) -> &[String] {
        match self {
            Self::One(name) => std::slice::from_ref(name),
            Self::Many(names) => names,
        }
    }
}

/// A length of time, perhaps with a name by which `--expect` changes it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Threshold {
    /// The name, such as `prepare`.
    pub expect: Option<String>,
    /// The built-in length, such as `10m`.
    #[serde(alias = "at_most")]
    pub at_least: String,
}

/// Lines that must have been seen, or not.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seen {
    /// Names of events, any of which counts.
    #[serde(default)]
    pub event: Events,
    /// A regular expression on raw lines, where no event exists; its named groups are the fields.
    pub text: Option<String>,
    /// Fields and what they must be.
    #[serde(default)]
    pub fields: BTreeMap<String, OneOrMany>,
    /// At least so many lines.
    #[serde(default = "once")]
    pub times: u64,
    /// Only of `before`: at most so much earlier than a proving line; only such lines prove.
    pub within: Option<String>,
    /// Only of `without`: those after the last proving line; what was before is no matter.
    #[serde(default)]
    pub after: bool,
}

fn once() -> u64 {
    1
}

/// One alternative: all of it must hold.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// How sure the finding is when this alternative holds.
    pub confidence: Confidence,
    /// How grave the finding is when this alternative holds; left out: as grave as the signature says.
    pub severity: Option<Severity>,
    /// What it makes of the duplication when this alternative holds; left out: what the signature says.
    pub verdict: Option<VerdictOf>,
    /// The events whose lines prove it; none when only facts decide.
    #[serde(default)]
    pub event: Events,
    /// A regular expression on raw lines that prove it, where no event exists; its named groups are the fields.
    pub text: Option<String>,
    /// Fields of those lines and what they must be.
    #[serde(default)]
    pub fields: BTreeMap<String, OneOrMany>,
    /// At least so many such lines.
    #[serde(default = "once")]
    pub times: u64,
    /// The lines of each value of this field are looked at by themselves: those prove for which the lines, `lasts` and `without` fit.
    pub each: Option<String>,
    /// From the first to the last such line.
    pub lasts: Option<Threshold>,
    /// The last such line is at most so old; an older one means that it was overcome. For lines
    /// that have no counterpart when things go well again, such as shipping errors.
    pub fresh: Option<Threshold>,
    /// The span has lasted so long.
    pub status_for: Option<Threshold>,
    /// Named facts and what they must be.
    #[serde(default)]
    pub facts: BTreeMap<FactName, OneOrMany>,
    /// Also seen in the same span.
    #[serde(default)]
    pub with: Vec<Seen>,
    /// Seen before the first proving line.
    #[serde(default)]
    pub before: Vec<Seen>,
    /// Not seen in the span.
    #[serde(default)]
    pub without: Vec<Seen>,
    /// Its one line, where that of the signature does not fit this alternative.
    pub title: Option<Words>,
    /// What is going on, where other proof stands for it than the text of the signature speaks of.
    pub what: Option<Words>,
    /// Functions in a stack, the topmost first; nothing else is asked for then, and it proves by itself, whatever the signature is tried on.
    #[serde(default)]
    pub frames: Vec<String>,
    /// Codes of failures that all explain the lines: what would tell them apart is out of sight.
    #[serde(default)]
    pub alternatives: Vec<String>,
}

/// What people read, in one language.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// One line after the code.
    pub title: String,
    /// What is going on.
    pub what: String,
    /// The cause.
    pub why: String,
    /// Releases and builds that have it.
    pub affected: Option<String>,
}

/// How to tell it from another failure.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LookAlike {
    /// The other code.
    pub code: String,
    /// In English.
    pub en: String,
    /// In Chinese.
    pub zh: String,
}

/// What fixes the cause for good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FixedBy {
    /// Pull request of apache/incubator-pegasus (or XiaoMi/rdsn, see the references).
    pub pull_request: Option<u64>,
    /// Commit.
    pub commit: Option<String>,
    /// The repository of the commit, where only one has it: much of Pegasus was moved from XiaoMi/rdsn, and got new hashes.
    pub repository: Option<String>,
    /// The first release that has it; none has when it is missing.
    pub release: Option<String>,
}

/// As a signature file has it: a slip is told there, while a report may be of a later version, with more keys.
fn fixed_by<'de, D: Deserializer<'de>>(file: D) -> Result<Option<FixedBy>, D::Error> {
    #[derive(Deserialize)]
    #[serde(remote = "FixedBy", deny_unknown_fields)]
    struct InFile {
        pull_request: Option<u64>,
        commit: Option<String>,
        repository: Option<String>,
        release: Option<String>,
    }
    InFile::deserialize(file).map(Some)
}

/// One failure mode.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// `DUP301`
    pub code: String,
    /// `follower-queried-by-source-name`
    pub name: String,
    /// How grave an active finding is.
    pub severity: Severity,
    /// What it makes of the duplication.
    pub verdict: Option<VerdictOf>,
    /// What it is tried on.
    #[serde(default)]
    pub scope: Scope,
    /// Statuses of the spans it is tried on; none: the whole story.
    #[serde(default)]
    pub status: Vec<String>,
    /// Codes that it explains.
    #[serde(default)]
    pub supersedes: Vec<String>,
    /// Only when nothing at error or above was found for the span.
    #[serde(default)]
    pub fallback: bool,
    /// Named facts that say that it was overcome, when all of them are so.
    #[serde(default)]
    pub over: BTreeMap<FactName, OneOrMany>,
    /// Whose logs show it.
    #[serde(default)]
    pub roles: Vec<SignatureRole>,
    /// It is about the logs rather than about a cluster: what they do not show, the report cannot tell.
    #[serde(default)]
    pub about_logs: bool,
    /// What of a server's log shows it, where no line does; the incident begins with it.
    pub log_shows: Option<LogProof>,
    /// Links.
    #[serde(default)]
    pub references: Vec<String>,
    /// Alternatives, the surest first.
    #[serde(default)]
    pub when: Vec<Condition>,
    /// English.
    pub en: Text,
    /// Chinese.
    pub zh: Text,
    /// Look-alikes.
    #[serde(default)]
    pub look_alike: Vec<LookAlike>,
    /// Steps of the fix, in order.
    #[serde(default)]
    pub fix: Vec<FixStep>,
    /// What fixes it for good.
    #[serde(default, deserialize_with = "fixed_by")]
    pub fixed_by: Option<FixedBy>,
}

impl Signature {
    /// Codes of other signatures that it names.
    pub fn refers_to(&self) -> impl Iterator<Item = &String> {
        let alternatives = self.when.iter().flat_map(|when| &when.alternatives);
        self.supersedes.iter().chain(self.look_alike.iter().map(|l| &l.code)).chain(alternatives)
    }

    /// The name of its file, if it is a built-in one.
    pub(super) fn file_name(&self) -> String {
        format!("{}-{}.toml", self.code, self.name)
    }

    /// What people read, in their language.
    #[must_use]
    pub fn text(&self, lang: Lang) -> &Text {
        match lang {
            Lang::En => &self.en,
            Lang::Zh => &self.zh,
        }
    }

    /// The steps that stand among the suggestions of a report; the runbook has more.
    pub fn suggested(&self) -> impl Iterator<Item = &FixStep> {
        self.fix.iter().filter(|step| step.is_suggested())
    }
}
