//! The report as people and programs read it: text for a terminal, JSON, a page, histories, explanations.
//!
//! Renderers decide nothing about findings: severities, verdicts and wording come with the report.
//! Whatever comes from logs or paths passes [`plain`] on its way to a terminal.

mod accepted;
mod blocks;
mod checks;
mod clock;
mod comparison;
mod condition;
mod content;
mod escape;
mod explain_json;
mod github;
mod html;
mod jira;
mod json;
mod junit;
mod markdown;
mod prose;
mod schema;
mod simple;
mod style;
mod text;
mod ticket;
mod words;
mod zone;

use crate::report::Report;

pub use content::{Explanation, Runbook};
pub use escape::{json_escaped, plain};
pub use html::html;
pub use jira::jira;
pub use json::{json, ndjson, timeline_json, write_json};
pub use junit::junit;
pub use markdown::markdown;
pub use schema::{Schema, schema};
pub use style::Style;
pub use text::annotation::{annotation, harmless};
pub use text::change::{change_json, change_text};
pub use text::coverage_bar::coverage_bar;
pub use text::hyperlinks::Hyperlinks;
pub use text::signature_list::signature_list;
pub use text::status::{status_json, status_text};
pub use text::summary::summary;
pub use text::text;
pub use text::timeline::timeline;
pub use text::whois::{whois, whois_json};

/// A format of a report.
#[derive(Debug)]
#[non_exhaustive]
pub struct Format {
    /// Its name.
    pub name: &'static str,
    /// Other names, and extensions of files in this format.
    pub aliases: &'static [&'static str],
    /// What it is for.
    pub about: &'static str,
    /// The report in this format.
    pub render: fn(&Report, &Style) -> String,
    /// An explanation in this format, where it has them.
    #[doc(hidden)]
    pub explain: Option<fn(&Explanation<'_>, &Style) -> String>,
}

/// All formats: a new one is a file of its own and a line here.
#[rustfmt::skip]
pub static FORMATS: &[Format] = &[
    Format { name: "text", aliases: &[], about: "For people", render: text, explain: Some(text::explain::explain) },
    Format { name: "json", aliases: &[], about: "For programs, with every field", render: |report, _| json(report), explain: Some(explain_json::explain) },
    Format { name: "ndjson", aliases: &[], about: "One finding per line", render: |report, _| ndjson(report), explain: None },
    Format { name: "html", aliases: &[], about: "A page for a browser", render: html, explain: None },
    Format { name: "markdown", aliases: &["md"], about: "For an issue or a wiki on GitHub, GitLab or Jira", render: markdown, explain: Some(markdown::explain) },
    Format { name: "jira", aliases: &["adf"], about: "Atlassian Document Format, for Jira's REST API", render: jira, explain: None },
    Format { name: "github", aliases: &[], about: "Annotations of a GitHub workflow", render: github::github, explain: None },
    Format { name: "junit", aliases: &[], about: "For pipelines that show test reports", render: junit, explain: None },
];

#[cfg(test)]
mod golden;
#[cfg(test)]
mod golden_history;
#[cfg(test)]
mod samples;
