//! The catalogue of failures as data, and the small engine that matches it.
//!
//! A signature is a TOML file (format: `docs/signatures.md`). It is tried on subjects:
//! spans of a duplication's story, requests, servers, inputs. Conditions are comparisons over runs
//! of events and named facts; what no comparison can say is computed by [`crate::timeline`].

mod catalogue;
mod commands;
mod condition;
mod engine;
mod fault;
mod found;
mod index;
mod line;
mod model;
mod runbook;
mod say;
mod settle;
mod stacks;
mod step;
mod symptom;
mod text;

pub use catalogue::{Catalogue, CatalogueError};
pub use commands::command_complaint;
pub use engine::{Expectations, match_all};
pub(crate) use found::{Found, Subject};
pub use line::ask_line;
pub(crate) use line::{AskedLine, LineHeader, LinePart, LineUse, Stated, example_lines};
pub(crate) use model::{Condition, FixedBy, LogProof, OneOrMany, Seen, SignatureRole, Text, Threshold, VerdictOf};
pub use model::{Confidence, Scope, Severity, Signature};
pub use runbook::{RunbookCommand, RunbookStep, order_complaints, runbook};
pub(crate) use say::{entitle, say};
pub use step::Command;
pub(crate) use step::{FixStep, SERVER_HOST, StepCommand, StepKind, Words};
pub(crate) use text::{LIST, fill_command, translate_open};
pub use text::{Lang, Placeholders, fill};
