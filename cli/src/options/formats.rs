//! Values that options take from a closed list.

use clap::ValueEnum;
use dupdoctor::render::{Style, html, jira, json, junit, markdown, ndjson, text};
use dupdoctor::report::Report;

/// Formats of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// For people
    Text,
    /// The whole report
    Json,
    /// One finding per line
    Ndjson,
    /// A page for a browser
    Html,
    /// For an issue or a wiki on GitHub, GitLab or Jira
    #[value(alias = "md")]
    Markdown,
    /// Atlassian Document Format, for Jira's REST API
    #[value(alias = "adf")]
    Jira,
    /// For pipelines that show test reports
    Junit,
}

impl ReportFormat {
    pub(crate) fn render(self, report: &Report, style: &Style) -> String {
        match self {
            Self::Text => text(report, style),
            Self::Json => json(report),
            Self::Ndjson => ndjson(report),
            Self::Html => html(report, style),
            Self::Markdown => markdown(report, style),
            Self::Jira => jira(report, style),
            Self::Junit => junit(report, style),
        }
    }
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

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TextOrJson {
    /// For people
    Text,
    /// For programs
    Json,
}

/// When to do something for whoever sits at a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    Auto,
    Always,
    Never,
}
