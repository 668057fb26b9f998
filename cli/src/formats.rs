//! Values that options take from a closed list: formats, languages, when to fail.

use clap::ValueEnum;
use dupdoctor::signature::{Lang, Severity};

/// Formats of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// For people
    Text,
    /// The whole report
    Json,
    /// One finding a line
    Ndjson,
    /// A page for a browser
    Html,
    /// For an issue or a wiki of GitHub, GitLab, Jira
    #[value(alias = "md")]
    Markdown,
    /// Atlassian Document Format, for Jira's REST API
    #[value(alias = "adf")]
    Jira,
    /// For pipelines that show test reports
    Junit,
}

/// What has a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaOf {
    /// The report: diagnose --format json
    Report,
    /// A line of diagnose --format ndjson
    Finding,
    /// A line of events
    Event,
    /// A line of watch --format ndjson
    Change,
    /// The histories: timeline --format json
    Timeline,
}

/// Formats of an explanation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExplainFormat {
    /// For people
    Text,
    /// For a wiki or a ticket
    #[value(alias = "md")]
    Markdown,
    /// For programs, in both languages
    Json,
}

/// Formats of a timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PlainFormat {
    /// For people
    Text,
    /// For programs
    Json,
}

/// Formats of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum EventFormat {
    /// One object a line
    #[value(alias = "json")]
    Ndjson,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorWhen {
    /// On a terminal, unless the variable `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LangArg {
    /// English
    En,
    /// Chinese
    Zh,
}

impl From<LangArg> for Lang {
    fn from(lang: LangArg) -> Self {
        match lang {
            LangArg::En => Self::En,
            LangArg::Zh => Self::Zh,
        }
    }
}

/// `--fail-on`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    Info,
    Warning,
    Error,
    Critical,
    Never,
}

impl FailOn {
    /// Whether a finding of that severity fails the command.
    pub(crate) fn fails(self, severity: Severity) -> bool {
        match self {
            Self::Info => true,
            Self::Warning => severity >= Severity::Warning,
            Self::Error => severity >= Severity::Error,
            Self::Critical => severity >= Severity::Critical,
            Self::Never => false,
        }
    }
}
