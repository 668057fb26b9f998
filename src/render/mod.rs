//! The report as people and programs read it: text for a terminal, JSON, a page, histories, explanations.
//!
//! Renderers decide nothing about findings: severities, verdicts and wording come with the report.
//! Whatever comes from logs or paths passes [`plain`] on its way to a terminal.

mod accepted;
mod annotation;
mod blocks;
mod by_server;
mod change;
mod checks;
mod clock;
mod comparison;
mod condition;
mod content;
mod coverage;
mod coverage_bar;
mod cut;
mod escape;
mod explain;
mod explain_json;
mod finding;
mod flow;
mod headline;
mod html;
mod jira;
mod json;
mod junit;
mod links;
mod markdown;
mod page;
mod preflight;
mod prose;
mod rows;
mod schema;
mod signature_list;
mod simple;
mod status;
mod style;
mod summary;
mod text;
mod ticket;
mod timeline;
mod verdicts;
mod whois;
mod words;
mod zone;

pub use annotation::{annotation, harmless};
pub use by_server::timeline_by_server;
pub use change::{change_json, change_text};
pub use content::Runbook;
pub use coverage_bar::coverage_bar;
pub use escape::plain;
pub use explain::{explain, explain_line, explain_list, runbook_text};
pub use explain_json::{explain_line_json, runbook_json, signature_json, signatures_json};
pub use html::html;
pub use jira::jira;
pub use json::{json, ndjson, timeline_json, write_json};
pub use junit::junit;
pub use links::Links;
pub use markdown::{explain_line_markdown, explain_list_markdown, explain_markdown, markdown, runbook_markdown};
pub use schema::{Schema, schema};
pub use signature_list::signature_list;
pub use status::{status_json, status_text};
pub use style::Style;
pub use summary::summary;
pub use text::text;
pub use timeline::timeline;
pub use whois::{whois, whois_json};
pub use zone::Zone;

#[cfg(test)]
mod golden;
#[cfg(test)]
mod golden_history;
#[cfg(test)]
mod samples;
