//! The catalogue of failures as data, and the small engine that matches it.
//!
//! A signature is a TOML file (format: `docs/signatures.md`). It is tried on subjects:
//! spans of a duplication's story, requests, servers, inputs. Conditions are comparisons over runs
//! of events and named facts; what no comparison can say is computed by [`crate::timeline`].

mod catalogue;
mod commands;
mod condition;
mod engine;
mod index;
mod line;
mod model;
mod runbook;
mod step;
mod text;

pub use catalogue::{Catalogue, CatalogueError};
pub use commands::command_complaint;
pub use engine::{Expectations, Found, Subject, match_all};
pub use line::{AskedLine, LineHeader, LinePart, LineUse, Stated, ask_line, example_lines};
pub use model::{
    Condition, Confidence, FixedBy, LogProof, LookAlike, OneOrMany, Scope, Seen, Severity, Signature, SignatureRole, Text, Threshold,
    VerdictOf,
};
pub use runbook::{RunbookCommand, RunbookStep, order_complaints, runbook};
pub use step::{Command, Danger, FixStep, StepCommand, StepKind, Words};
pub use text::{Lang, Placeholders, fill, filled};
